"""Filling a catalog: what is taken from memory and engines, and what never is."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from engines_for_tests import FakeEngine, chinese
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline.catalog import merge, new
from pipeline.checks import refusals
from pipeline.engines import Answer, Request
from pipeline.engines.base import Context, Heed, Pair
from pipeline.engines.notation import XML
from pipeline.errors import EngineError
from pipeline.glossary import Glossary
from pipeline.inline import find
from pipeline.jobs import Job
from pipeline.markdown import parse
from pipeline.masking import mask
from pipeline.memory import Feed, Index, Memory, entries_of
from pipeline.model import PROFILES, Catalog, Origin, Profile, State, Term, Unit, fingerprint
from pipeline.plans import Tally
from pipeline.pretranslate import pretranslate
from pipeline.restoring import restore

JEKYLL = PROFILES["jekyll"]


def job(engine: FakeEngine | None, *terms: Term, memory: Sequence[Unit] = ()) -> Job:
    feed = Feed("memory.po", "1", lambda: entries_of(memory, "en", "zh_CN"))
    known = Memory("en", "zh_CN", Index(feeds=lambda: [feed]))
    return Job("en", "zh_CN", JEKYLL, {}, known, Glossary(terms), engine)


def catalog(*units: Unit) -> Catalog:
    return replace(new(Path("x.po"), "zh_CN", "en"), units=units)


def fill(todo: Job, *units: Unit) -> tuple[Unit, ...]:
    return pretranslate(catalog(*units), todo, Tally()).units


def test_machine_text_is_fuzzy_and_names_its_origin() -> None:
    engine = FakeEngine(chinese)
    (unit,) = fill(job(engine), Unit("See [the course]({1}) and `code` now."))
    assert unit.msgstr == "字词 [字词 字词]({1}) 字词 `code` 字词。"
    assert unit.fuzzy
    assert unit.origin == Origin("machine", "fake", fingerprint(unit.msgid))
    assert unit.state is State.MACHINE
    assert engine.asked == ["See <x1/>the course<x2/> and <x3/> now."]


def test_what_a_machine_wrote_is_repaired_where_that_is_safe() -> None:
    todo = job(FakeEngine(lambda text: text.replace("Link", "链接").replace("Why", "为何")))
    texts = "Link: {1}", "Why?"
    assert [unit.msgstr for unit in fill(todo, *map(Unit, texts))] == ["链接：{1}", "为何？"]
    todo = replace(todo, checks={"zh-marks": None, "zh-spacing": None})
    assert [unit.msgstr for unit in fill(todo, *map(Unit, texts))] == ["链接: {1}", "为何?"]


@pytest.mark.parametrize(
    "kept",
    [
        Unit("Words here", "一个人的"),
        Unit("Words here", "没写完", fuzzy=True),
        Unit("Words here", "旧的", fuzzy=True, previous="Word here"),
        Unit("Words here", "旧的", fuzzy=True, origin=Origin("machine", "old", "00000000")),
        Unit("Words here", "", obsolete=True),
    ],
)
def test_what_anybody_wrote_is_never_touched(kept: Unit) -> None:
    engine = FakeEngine(chinese)
    assert fill(job(engine), kept) == (kept,)
    assert engine.asked == []


def test_memory_comes_before_the_engine() -> None:
    reviewed = Unit("One text", "一段文字")
    machine = Unit(
        "Two text", "两段", fuzzy=True, origin=Origin("machine", "g", fingerprint("Two text"))
    )
    engine = FakeEngine(chinese)
    found = fill(
        job(engine, memory=[reviewed, machine]), Unit("One text"), Unit("Two text"), Unit("New")
    )
    assert [unit.state for unit in found] == [State.TRANSLATED, State.MACHINE, State.MACHINE]
    assert [unit.msgstr for unit in found] == ["一段文字", "两段", "字词"]
    assert engine.asked == ["New"]


def test_lost_markup_is_mended_piece_by_piece() -> None:
    engine = FakeEngine(lambda text: chinese(re.sub(r"<x\d+/>", "", text)))
    (unit,) = fill(job(engine), Unit("A **bold** word, see {1}."))
    assert unit.msgstr == "字词 **字词** 字词，字词 {1}."


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ("not Chinese at all, my friend", "Chinese"),
        (Answer(error="quota used up"), "quota used up"),
        ("", "empty"),
    ],
)
def test_a_refused_answer_leaves_the_unit_untranslated_and_says_why(
    answer: str | Answer, reason: str
) -> None:
    unit = Unit("Some plain words here", comments=("mine", "untranslated: old: reason"))
    (left,) = fill(job(FakeEngine(lambda text: answer)), unit)
    assert left.state is State.UNTRANSLATED
    assert left.comments[0] == "mine"
    (comment,) = left.comments[1:]
    assert comment.startswith("untranslated: fake: ")
    assert reason in comment
    (filled,) = fill(job(FakeEngine(chinese)), left)
    assert filled.comments == ("mine",)


def test_a_term_that_the_plain_answer_misses_is_put_in_place() -> None:
    engine = FakeEngine(chinese)
    terms = (Term("diffusion model", "扩散模型"), Term("GitHub", "GitHub", keep=True))
    (unit,) = fill(job(engine, *terms), Unit("Diffusion models on **GitHub** are fun"))
    assert unit.msgstr == "扩散模型 字词 **GitHub** 字词 字词"
    assert len(engine.asked) == 2


def test_a_term_that_the_plain_answer_has_costs_no_second_call() -> None:
    engine = FakeEngine(lambda text: "扩散模型很有趣")
    fill(job(engine, Term("diffusion model", "扩散模型")), Unit("Diffusion models are fun"))
    assert len(engine.asked) == 1


def test_each_distinct_text_is_asked_for_once() -> None:
    engine = FakeEngine(chinese)
    fill(job(engine), Unit("Same words"), Unit("Same words", context="other"))
    assert engine.asked == ["Same words"]


def test_an_engine_that_gives_up_leaves_what_it_finished() -> None:
    def answer(text: str) -> str:
        if text.startswith("Third"):
            raise EngineError("The network is down")
        return chinese(text)

    saved: list[Catalog] = []
    units = [Unit("First words"), Unit("Second words"), Unit("Third words"), Unit("Fourth words")]
    with pytest.raises(EngineError, match="network"):
        pretranslate(
            catalog(*units),
            job(FakeEngine(answer)),
            Tally(),
            lambda catalog, done: saved.append(catalog),
        )
    assert [unit.msgstr for unit in saved[-1].units] == ["字词 字词", "字词 字词", "", ""]
    assert saved[-1].units[2:] == tuple(units[2:])


POST = (
    "A [link](/a) and **bold _nested_ words** with `code`.\n\n"
    "![alt text](/i.png) says $x_1$\n\n"
    "Use {braces} and <b>tags</b> near https://a.b/c here[^1]\n\nLine one  \nline two\n\n"
    '**Note:** read *this* and ~~not~~ [**that**: one](/b "title") &nbsp; :smile: now.\n\n'
    "See [one](/1), [two](/2) and ![three](/3) in [the _fourth_ place](/4).\n\n"
    "[^1]: A note with words.\n"
)
SOURCES = [
    (name, segment.msgid)
    for name in ("jekyll", "commonmark", "hugo")
    for segment in parse("post.md", POST, PROFILES[name]).segments
]
PARTS = st.sampled_from(
    ["<x1/>", "<x2/>", "<x3/>", "<x9/>", "字", "词。", " ", "**", "`", "[", "](", "{1}", "{", "\n",
     "# ", "|", "<b>", "https://x.y", "。", "：", "“", "”"]
)  # fmt: skip


def masks(text: str) -> list[str]:
    return re.findall(r"<x\d+/>", text)


def renumbered(text: str, numbers: Sequence[int]) -> str:
    left = iter(numbers)
    return re.sub(r"<x\d+/>", lambda match: f"<x{next(left)}/>", text)


MALICE: dict[str, Callable[[str], str]] = {
    "swapped": lambda text: renumbered(text, range(len(masks(text)), 0, -1)),
    "rotated": lambda text: renumbered(text, [*range(2, len(masks(text)) + 1), 1]),
    "duplicated": lambda text: text + "".join(masks(text)),
    "lost": lambda text: re.sub(r"<x\d+/>", "", text),
    "mangled": lambda text: text.replace("/>", ">").replace("<x", "< X "),
    "in other words": lambda text: "字词" + "字".join(masks(text)[::-1]),
    "punctuation next to every mask": lambda text: re.sub(r"\s*(<x\d+/>)\s*", r"：\1“", text),
    "no spaces": lambda text: text.replace(" ", ""),
    "a link": lambda text: text + "，见[这里](https://evil.example)",
    "a bare link": lambda text: "https://evil.example " + text,
    "an image": lambda text: text + "![](https://evil.example/i.png)",
    "HTML": lambda text: f"<script>alert(1)</script>{text}<img onerror=x>",
    "Liquid": lambda text: text + "{{ site.secret }}{% include x %}",
    "emphasis": lambda text: f"**{text}**",
    "code": lambda text: f"`{text}`",
    "a heading": lambda text: f"# {text}",
    "blocks": lambda text: f"{text}\n\n> 引用\n\n- 列表\n\n```\n代码\n```",
    "a rule": lambda text: f"{text}\n---",
    "a table": lambda text: f"| {text} | 字 |",
    "an attribute list": lambda text: f"{text}{{: .evil}}",
    "another language": lambda text: "This is not what you have asked for, my friend.",
    "chatter": lambda text: f"好的，以下是翻译：{text}",
    "a fence": lambda text: f"```markdown\n{text}\n```",
    "a refusal": lambda text: "很抱歉，我无法翻译这段文字。",
    "silence": lambda text: "",
    "placeholders": lambda text: f"{{1}}{text}{{2}}",
    "itself": lambda text: text,
}


def guarded(profile: str, msgid: str, answer: Callable[[str], str], **traits: Any) -> None:
    """Assert that what is taken of an engine's answers has the markup of its source."""
    engine = FakeEngine(answer, **traits)
    dialect = PROFILES[profile]
    (unit,) = fill(replace(job(engine), profile=dialect), Unit(msgid))
    if unit.msgstr:
        assert refusals(msgid, unit.msgstr, dialect, "en", "zh_CN", candidate=True) == []
        assert content(unit.msgstr, dialect) == content(msgid, dialect)
    else:
        assert unit.comments[-1].startswith("untranslated: fake: ")


def content(text: str, profile: Profile) -> Counter[tuple[str, str]]:
    return Counter((found.kind, found.text) for found in find(text, profile, msgid=True))


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SOURCES), st.lists(PARTS, max_size=8).map("".join), st.booleans())
def test_whatever_an_engine_says_markup_survives(
    source: tuple[str, str], noise: str, whole: bool
) -> None:
    """An accepted target passes the very checks that guard a build."""
    guarded(*source, lambda text: chinese(text) + noise if whole else noise)


@settings(max_examples=500, deadline=None)
@given(
    st.sampled_from(SOURCES),
    st.lists(st.sampled_from(sorted(MALICE)), min_size=1, max_size=3),
    st.booleans(),
    st.booleans(),
)
def test_whatever_an_engine_is_up_to_markup_survives(
    source: tuple[str, str], names: list[str], reads_reasons: bool, sentences: bool
) -> None:
    turn = iter(range(10**6))

    def answer(text: str) -> str:
        return MALICE[names[next(turn) % len(names)]](chinese(text))

    heeds = frozenset(("reason",) if reads_reasons else ())
    guarded(*source, answer, heeds=heeds, sentences=sentences)


@pytest.mark.parametrize("name", sorted(MALICE))
def test_one_bad_answer_costs_no_text(name: str) -> None:
    """An engine that does better when it is told why gets every text through."""
    for profile, msgid in SOURCES:
        engine = ListeningEngine(lambda text: MALICE[name](chinese(text)))
        (unit,) = fill(replace(job(engine), profile=PROFILES[profile]), Unit(msgid))
        assert unit.msgstr, unit


class ListeningEngine(FakeEngine):
    """Answers badly until it is told what was wrong."""

    heeds: frozenset[Heed] = frozenset(("reason",))

    def translate(self, requests: Sequence[Request], source: str, target: str) -> Iterator[Answer]:
        for request in requests:
            if request.reason:
                yield Answer(chinese(request.text))
            else:
                yield from super().translate([request], source, target)


EMPHASIS = [
    ("commonmark", "**Note:** more", "<x1/>注意：<x2/>后文", "**注意**：后文"),
    ("commonmark", "say **“hi”** now", "说<x1/>“好”<x2/>现在", "说 **“好”** 现在"),
    ("commonmark", "a **b** c", "甲<x1/> 乙 <x2/>丙", "甲 **乙** 丙"),
    ("commonmark", "a _b_ c", "甲<x1/>乙<x2/>丙", "甲 _乙_ 丙"),
    ("commonmark", "a **[b](/c)** d", "甲<x1/>乙<x2/>丙", "甲 **[乙](/c)** 丙"),
    ("jekyll", "a **b:** c", "甲<x1/>乙：<x2/>丙", "甲**乙：**丙"),
    ("gfm", "a ~~b.~~ c", "甲<x1/>乙。<x2/>丙", "甲~~乙~~。丙"),
]


@pytest.mark.parametrize(("profile", "msgid", "answer", "target"), EMPHASIS)
def test_emphasis_next_to_chinese_is_mended(
    profile: str, msgid: str, answer: str, target: str
) -> None:
    masked = mask(msgid, PROFILES[profile])
    if masked.lead:  # the first mark stands outside of what an engine sees
        answer = answer.removeprefix("<x1/>").replace("<x2/>", "<x1/>")
    assert restore(masked, answer, PROFILES[profile]) == target
    if profile == "commonmark":  # as another reader of Markdown sees it
        shape = [re.findall("</?[a-z]+", MarkdownIt().render(text)) for text in (msgid, target)]
        assert shape[0] == shape[1]


# What an engine is told


def test_an_engine_is_told_what_it_heeds_and_nothing_else() -> None:
    heeds: frozenset[Heed] = frozenset(("context", "style", "kind"))
    deaf, keen = FakeEngine(), FakeEngine(heeds=heeds)
    units = [
        Unit("One.", "一。"),
        Unit("Two.", "二。", fuzzy=True, origin=Origin("machine", "x", fingerprint("Two."))),
        Unit("Gone.", "没。", obsolete=True),
        Unit("Three words here."),
        Unit("Four."),
    ]
    for engine in (deaf, keen):
        fill(replace(job(engine, Term("word", "词")), title="A Post", style="Use 您."), *units)
    assert deaf.requests[0] == Request("Three words here.")
    assert keen.requests[0] == Request(
        "Three words here.",
        context=Context("A Post", (), (Pair("One.", "一。"), Pair("Two.")), (Pair("Four."),)),
        style="Use 您.",
    )


def test_an_engine_sees_masks_in_the_notation_it_keeps_best() -> None:
    def translate(text: str) -> str:
        return text.replace("See", "见").replace("&amp;", "和").replace("now", "现在")

    engine = FakeEngine(translate, notation=XML)
    (unit,) = fill(job(engine), Unit("See {1} & `a<b` now"))
    assert engine.asked == ['See <x id="1"/> &amp; <x id="2"/> now']
    assert unit.msgstr == "见 {1} 和 `a<b` 现在"


def test_the_reason_for_a_second_try_is_told_with_the_refused_answer() -> None:
    engine = FakeEngine(lambda text: "没有链接", heeds=frozenset(("reason",)))
    (unit,) = fill(job(engine), Unit("See [the course]({1})"))
    first, second, *pieces = engine.requests
    assert (first.reason, first.rejected) == ("", "")
    assert "markup was lost" in second.reason and second.rejected == "没有链接"
    assert [request.text for request in pieces] == ["See", "the course"]
    assert unit.msgstr == "没有链接 [没有链接]({1})"


def test_a_missing_term_is_asked_for_before_it_is_put_in_place() -> None:
    answers = {"": "一些字词", '"diffusion model" must be translated as "扩散模型"': "扩散模型"}
    engine = FakeEngine(heeds=frozenset(("terms", "reason")))
    engine.answer = lambda text: answers[engine.requests[-1].reason]
    term = Term("diffusion model", "扩散模型")
    (unit,) = fill(job(engine, term), Unit("Diffusion models"))
    assert unit.msgstr == "扩散模型"
    assert [request.terms for request in engine.requests] == [(term,), (term,)]


def test_terms_that_are_kept_are_masked_from_the_start() -> None:
    engine = FakeEngine()
    term = Term("GitHub", "GitHub", keep=True)
    (unit,) = fill(job(engine, term), Unit("Look at GitHub now"))
    assert (engine.asked, unit.msgstr) == (["Look at <x1/> now"], "字词 字词 GitHub 字词")


def test_only_the_sentence_that_failed_is_asked_for_again() -> None:
    def answer(text: str) -> str:
        return "没了。" if "<x1/>" in text else chinese(text)

    engine = FakeEngine(answer, sentences=True)
    (unit,) = fill(job(engine), Unit("First one. See {1} here. Last one."))
    assert unit.msgstr == "字词 字词。字词 {1} 字词。字词 字词。"
    assert engine.asked == ["First one.", "See <x1/> here.", "Last one.", "See", "here."]


# Changed texts


OLD = "One stays. Two is {1} here. Three stays."
NEW = "One stays. Two was {1} there. Three stays."
STALE = Unit(NEW, "一留下。二是 {1}。三留下。", fuzzy=True, previous=OLD, comments=("mine",))


def test_a_changed_text_keeps_the_sentences_that_a_person_translated() -> None:
    engine = FakeEngine(lambda text: "二曾是 <x1/>。")
    (unit,) = fill(job(engine), STALE)
    mark = f"suggestion: fake src={fingerprint(NEW)}: "
    assert unit == replace(STALE, comments=("mine", f"{mark}一留下。二曾是 {{1}}。三留下。"))
    assert unit.state is State.STALE
    assert engine.asked == ["Two was <x1/> there."]
    assert fill(job(engine), unit) == (unit,)
    assert len(engine.asked) == 1


def test_a_suggestion_for_an_older_text_is_replaced() -> None:
    old = replace(STALE, comments=("suggestion: fake src=00000000: 旧的",))
    (unit,) = fill(job(FakeEngine(lambda text: "二曾是 <x1/>。")), old)
    (comment,) = unit.comments
    assert "旧的" not in comment and fingerprint(NEW) in comment


@pytest.mark.parametrize(
    "unit",
    [
        pytest.param(replace(STALE, msgstr="一二三。"), id="not as many sentences"),
        pytest.param(replace(STALE, msgid="All. Is. New."), id="nothing is left"),
        pytest.param(replace(STALE, previous=None), id="nobody knows what it was"),
        pytest.param(replace(STALE, obsolete=True), id="obsolete"),
    ],
)
def test_what_keeps_no_sentence_is_left_to_a_person(unit: Unit) -> None:
    engine = FakeEngine()
    assert fill(job(engine), unit) == (unit,)
    assert engine.asked == []


def test_a_suggestion_that_would_break_the_text_is_not_made() -> None:
    assert fill(job(FakeEngine(lambda text: "[恶](https://evil.example) <x1/>。")), STALE) == (
        STALE,
    )


def test_accepting_a_changed_text_ends_its_suggestion() -> None:
    (unit,) = fill(job(FakeEngine(lambda text: "二曾是 <x1/>。")), STALE)
    accepted = catalog(replace(unit, fuzzy=False))
    assert merge(accepted, [Unit(NEW)]).units[0].comments == ("mine",)


def test_a_text_that_fails_in_every_way_costs_each_way_once() -> None:
    engine = FakeEngine(lambda text: "一行\n两行", heeds=frozenset(("reason",)))
    (unit,) = fill(job(engine), Unit("See {1} now"))
    assert unit.comments == ("untranslated: fake: it has more than one line",)
    assert engine.asked == ["See <x1/> now", "See <x1/> now", "See", "now"]
