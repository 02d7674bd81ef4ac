"""Filling a catalog: what is taken from memory and engines, and what never is."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalog import new
from pipeline.checks import refusals
from pipeline.engines import Answer, Engine, Request
from pipeline.errors import EngineError
from pipeline.glossary import Glossary
from pipeline.jobs import Job
from pipeline.markdown import parse
from pipeline.memory import Feed, Index, Memory, entries_of
from pipeline.model import PROFILES, Catalog, Origin, State, Term, Unit, fingerprint
from pipeline.pretranslate import Tally, pretranslate

JEKYLL = PROFILES["jekyll"]


class FakeEngine(Engine):
    """Answers each text with what ``answer`` makes of it, and remembers what it was asked."""

    name = "fake"

    def __init__(self, answer: Callable[[str], str | Answer]) -> None:
        self.answer = answer
        self.asked: list[str] = []

    def translate(self, requests: Sequence[Request], source: str, target: str) -> Iterator[Answer]:
        for request in requests:
            self.asked.append(request.text)
            answer = self.answer(request.text)
            yield answer if isinstance(answer, Answer) else Answer(answer)

    def close(self) -> None:
        pass


def job(engine: FakeEngine | None, *terms: Term, memory: Sequence[Unit] = ()) -> Job:
    feed = Feed("memory.po", "1", lambda: entries_of(memory, "en", "zh_CN"))
    known = Memory("en", "zh_CN", Index(feeds=lambda: [feed]))
    return Job("en", "zh_CN", JEKYLL, {}, known, Glossary(terms), engine)


def catalog(*units: Unit) -> Catalog:
    from dataclasses import replace

    return replace(new(Path("x.po"), "zh_CN", "en"), units=units)


def fill(todo: Job, *units: Unit) -> tuple[Unit, ...]:
    return pretranslate(catalog(*units), todo, Tally()).units


def chinese(text: str) -> str:
    """Translate by word: every Latin word becomes 字词, masks stay."""
    return re.sub(r"<x\d+/>|[A-Za-z]+", lambda m: m[0] if m[0][0] == "<" else "字词", text)


def test_machine_text_is_fuzzy_and_names_its_origin() -> None:
    engine = FakeEngine(chinese)
    (unit,) = fill(job(engine), Unit("See [the course]({1}) and `code` now."))
    assert unit.msgstr == "字词 [字词 字词]({1}) 字词 `code` 字词."
    assert unit.fuzzy
    assert unit.origin == Origin("machine", "fake", fingerprint(unit.msgid))
    assert unit.state is State.MACHINE
    assert engine.asked == ["See <x1/>the course<x2/> and <x3/> now."]


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
    assert unit.msgstr == "字词 **字词** 字词, 字词 {1}."


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


SOURCES = [
    segment.msgid
    for segment in parse(
        "post.md",
        "A [link](/a) and **bold _nested_ words** with `code`.\n\n"
        "![alt text](/i.png) says $x_1$\n\n"
        "Use {braces} and <b>tags</b> near https://a.b/c here[^1]\n\nLine one  \nline two\n",
        JEKYLL,
    ).segments
]
PARTS = st.sampled_from(
    ["<x1/>", "<x2/>", "<x3/>", "<x9/>", "字", "词。", " ", "**", "`", "[", "](", "{1}", "{", "\n",
     "# ", "|", "<b>", "https://x.y", "。"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(SOURCES), st.lists(PARTS, max_size=8).map("".join), st.booleans())
def test_whatever_an_engine_says_markup_survives(msgid: str, noise: str, whole: bool) -> None:
    """An accepted target passes the very checks that guard a build."""
    engine = FakeEngine(lambda text: chinese(text) + noise if whole else noise)
    (unit,) = fill(job(engine), Unit(msgid))
    if unit.msgstr:
        assert refusals(msgid, unit.msgstr, JEKYLL, "en", "zh_CN", candidate=True) == []
    else:
        assert unit.comments[-1].startswith("untranslated: fake: ")
