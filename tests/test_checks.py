"""The checks: what each says about pairs in ``data/checks``, and what may stand in a post."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from pipeline.catalog import new, wanted
from pipeline.checks import (
    CHECKS,
    NAMES,
    RULES,
    Check,
    Pair,
    check_catalog,
    check_document,
    check_pair,
    ignored,
    refusals,
)
from pipeline.cli import main
from pipeline.comparison import compare_record
from pipeline.glossary import Glossary
from pipeline.markdown import parse
from pipeline.masking import mask, split_masked
from pipeline.model import (
    PROFILES,
    Catalog,
    Document,
    Origin,
    Segment,
    Severity,
    Term,
    Unit,
    fingerprint,
)
from pipeline.restoring import restore
from pipeline.segments import read

DATA = Path(__file__).parent / "data" / "checks"
POSTS = Path(__file__).parent.parent / "posts"
JEKYLL = PROFILES["jekyll"]
GLOSSARY = Glossary(
    (
        Term("diffusion model", "扩散模型"),
        Term("noise", "噪声", forbidden=("噪音",)),
        Term("PyTorch", "PyTorch", keep=True),
    )
)

Case = dict[str, object]


def read_cases() -> Iterator[tuple[str, Case]]:
    """Yield every case of the data files with its check."""
    for path in sorted(DATA.glob("*.toml")):
        for check, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
            yield from ((check, case) for case in table)


CASES = list(read_cases())


def pair(
    source: str,
    target: str,
    *,
    locales: tuple[str, str] = ("en", "zh_CN"),
    profile: str = "jekyll",
    syntax: str = "markdown",
    kind: str = "paragraph",
    pieces: tuple[str, ...] = (),
    previous: str | None = None,
    machine: str | None = None,
    fuzzy: bool = False,
    publish: str = "machine",
) -> Pair:
    """A pair as a case describes it; ``machine`` is the text that a machine translated."""
    unit = Unit(
        source,
        target,
        fuzzy=fuzzy or previous is not None or machine is not None,
        previous=previous,
        origin=None if machine is None else Origin("machine", "copy", fingerprint(machine)),
    )
    segment = Segment(source, kind, 0, 0, 7, pieces=tuple(pieces) or ("x",) * 3, syntax=syntax)
    return Pair(unit, segment, PROFILES[profile], *locales, glossary=GLOSSARY, publish=publish)


@pytest.mark.parametrize(
    ("check", "case"),
    CASES,
    ids=[f"{check}: {case.get('name', case['source'])}" for check, case in CASES],
)
def test_what_a_check_says(check: str, case: Case) -> None:
    facts = {name: value for name, value in case.items() if name not in ("name", "says")}
    findings = list(check_pair(pair(**facts), {}))  # type: ignore[arg-type]
    if "says" in case:
        assert [found.message for found in findings if found.check == check] == case["says"]
    else:
        assert findings == []


FILES = {
    path.name: [json.loads(line) for line in path.read_text("utf-8").splitlines()]
    for path in sorted(DATA.glob("*.jsonl"))
}
"""Pairs of two texts with what is expected of one check; those that need a project say so."""
PAIRS = [case for cases in FILES.values() for case in cases]


@cache
def compared(name: str) -> list[dict[str, str]]:
    """What ``diglot compare --jsonl`` says about the pairs of a file, in order."""
    result = CliRunner().invoke(main, ["compare", "--jsonl", str(DATA / name)])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.output.splitlines()]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        pytest.param(name, number, id=f"{case['check']}: {case['source']!r} → {case['target']!r}")
        for name, cases in FILES.items()
        for number, case in enumerate(cases)
        if "needs" not in case
    ],
)
def test_a_pair_of_two_texts(name: str, number: int) -> None:
    case, findings = FILES[name][number], compared(name)[number]["findings"]
    found = [finding for finding in findings if finding["check"] == case["check"]]
    assert bool(found) == (case["expect"] == "fire"), findings


def test_every_check_has_a_case_that_it_finds_and_one_that_it_does_not() -> None:
    ids = {check.id for check in CHECKS}
    fire = {c for c, case in CASES if "says" in case}
    ok = {c for c, case in CASES if "says" not in case} | {"untranslated"}
    fire |= {case["check"] for case in PAIRS if case["expect"] == "fire"}
    ok |= {case["check"] for case in PAIRS if case["expect"] == "ok"}
    assert ids <= fire & ok
    assert {case["check"] for case in PAIRS} <= {rule.id for rule in RULES}


EXAMPLE = re.compile(r"^(Wrong|Right)(?: \((.*)\))?: (.*) → (.*)$", re.M)
EXAMPLES = [
    pytest.param(check, *match.groups(), id=f"{check.id}: {match[1]}")
    for check in CHECKS
    for match in EXAMPLE.finditer(check.doc)
    if check.family != "terms"
]


@pytest.mark.parametrize(("check", "kind", "setting", "source", "target"), EXAMPLES)
def test_the_examples_in_the_explanation_of_a_check(
    check: Check, kind: str, setting: str | None, source: str, target: str
) -> None:
    found = {finding.check for finding in compare_record(example(setting, source, target))}
    assert (check.id in found) == (kind == "Wrong")


def example(setting: str | None, source: str, target: str) -> Case:
    """The record that an example in an explanation stands for."""
    record: Case = {
        "source": source.encode("raw_unicode_escape").decode("unicode_escape"),
        "target": target.encode("raw_unicode_escape").decode("unicode_escape"),
        "dir": "zh>en" if any("一" <= character <= "鿿" for character in source) else "en>zh",
    }
    if setting and "=" in setting:
        record["options"] = dict([setting.split("=")])
    elif setting:
        record["profile" if setting in PROFILES else "locale"] = setting
    return record


WRONG = {param.values[0].id: param for param in EXAMPLES if param.values[1] == "Wrong"}


@pytest.mark.parametrize(("check", "kind", "setting", "source", "target"), WRONG.values())
def test_every_check_has_a_severity_can_be_off_and_be_silenced_in_a_file(
    check: Check, kind: str, setting: str | None, source: str, target: str
) -> None:
    record = example(setting, source, target)

    def severities(options: object, note: str = "") -> set[Severity]:
        given = {**record.get("options", {}), **options}  # type: ignore[dict-item]
        changed = {**record, "options": given, "source": record["source"] + note}
        return {f.severity for f in compare_record(changed) if f.check == check.id}

    style = record.get("options", {}).get(check.id)
    as_note = {"severity": "info"} | ({"style": style} if style else {})
    assert severities({})
    assert severities({check.id: as_note}) == severities({check.family: "info"}) == {Severity.INFO}
    assert severities({check.id: "off"}) == severities({check.family: "off"}) == set()
    for name in (check.id, check.family):
        assert not severities({}, f"\n\n<!-- diglot: ignore {name} -->\n")


def test_every_check_is_explained_with_a_right_and_a_wrong_example() -> None:
    for rule in RULES:
        assert rule.doc.startswith("Find ")
        assert "\nWrong" in rule.doc
        assert "\nRight" in rule.doc


def test_ids_and_families_are_distinct_names() -> None:
    ids = [check.id for check in CHECKS]
    families = {check.family for check in CHECKS}
    assert len(set(ids)) == len(ids)
    assert not families & (set(ids) - {"glossary"})
    assert {*ids, *families} <= set(NAMES)


# --- settings and states ------------------------------------------------------------------------

BROKEN = "参见[课程]（{1}），用“fit”。"
SOURCE = "See [the course]({1}), call `fit`."


def found(unit: Unit, **settings: Severity | None) -> dict[str, Severity]:
    """The checks that find something in ``unit``, and how bad it is."""
    names = {name.replace("_", "-"): level for name, level in settings.items()}
    segment = Segment(unit.msgid, "paragraph", 0, 0, 12, pieces=("/c",))
    of_unit = Pair(unit, segment, JEKYLL, "en", "zh_CN")
    return {finding.check: finding.severity for finding in check_pair(of_unit, names)}


def test_a_finding_says_where_and_what_to_do() -> None:
    segment = Segment(SOURCE, "paragraph", 0, 0, 12, pieces=("/c",))
    unit = Unit(SOURCE, BROKEN, line=34)
    of_post = Pair(unit, segment, JEKYLL, "en", "zh_CN", path="posts/a.md", catalog="a.po")
    first, second = check_pair(of_post, {})
    assert (first.check, first.path, first.line) == ("link-syntax", "posts/a.md", 12)
    assert (second.check, second.catalog, second.catalog_line) == ("code-span", "a.po", 34)
    assert "[text]({1})" in first.hint


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, {"link-syntax": Severity.ERROR, "code-span": Severity.ERROR}),
        ({"link_syntax": None}, {"code-span": Severity.ERROR}),
        ({"links": None}, {"code-span": Severity.ERROR}),
        (
            {"links": None, "link_syntax": Severity.INFO},
            {"link-syntax": Severity.INFO, "code-span": Severity.ERROR},
        ),
        ({"markup": Severity.WARNING, "links": None}, {"code-span": Severity.WARNING}),
    ],
)
def test_settings_name_checks_or_families_the_check_wins(
    settings: dict[str, Severity | None], expected: dict[str, Severity]
) -> None:
    assert found(Unit(SOURCE, BROKEN), **settings) == expected


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("diglot: ignore link-syntax", {"code-span"}),
        ("diglot: ignore link-syntax, code-span", set()),
        ("diglot: ignore links markup", set()),
        ("diglot: ignore", {"link-syntax", "code-span"}),
        ("please ignore link-syntax", {"link-syntax", "code-span"}),
    ],
)
def test_an_entry_silences_checks(comment: str, expected: set[str]) -> None:
    unit = Unit(SOURCE, BROKEN, comments=(comment,))
    assert set(found(unit)) == expected
    silenced = refusals(SOURCE, BROKEN, JEKYLL, "en", "zh_CN", ignore=ignored(unit))
    assert len(silenced) == len(expected)


@pytest.mark.parametrize(
    ("unit", "expected"),
    [
        (Unit(SOURCE, BROKEN, fuzzy=True, previous="See."), {"stale"}),
        (Unit(SOURCE), {"untranslated"}),
        (Unit(SOURCE, BROKEN, obsolete=True), set()),
        (Unit("论文精读", "论文精读", comments=("kept: already zh_CN",)), set()),
        (Unit(SOURCE, BROKEN, comments=("kept: already zh_CN",)), {"link-syntax", "code-span"}),
    ],
)
def test_what_is_checked_depends_on_the_state(unit: Unit, expected: set[str]) -> None:
    assert set(found(unit)) == expected


# --- whole catalogs -----------------------------------------------------------------------------

POST = "# Notes\n\nThe first text.\n\nThe second text.\n\nThe first text.\n"
TARGETS = {"Notes": "笔记", "The first text.": "第一段。", "The second text.": "第二段。"}


def translated(document: Document, targets: dict[str, str]) -> Catalog:
    """The catalog of a post with ``targets`` as its translations."""
    units = wanted(document.segments, document.name)
    lines = enumerate(units, 1)
    filled = tuple(
        replace(u, msgstr=targets[u.msgid], line=n) for n, u in lines if u.msgid in targets
    )
    return replace(new(Path("locales/a.po"), "zh_CN", "en"), units=filled)


def said(document: Document, catalog: Catalog) -> list[tuple[str, int, int, str]]:
    """Check, line in the post, line in the catalog and message of what is found."""
    findings = check_catalog(document, catalog, "en", {})
    return [(f.check, f.line, f.catalog_line, f.message) for f in findings]


def test_a_complete_catalog_is_clean() -> None:
    document = parse("posts/a.md", POST, JEKYLL)
    assert said(document, translated(document, TARGETS)) == []


def test_a_catalog_that_lacks_texts_is_stale_once() -> None:
    document = parse("posts/a.md", POST, JEKYLL)
    catalog = translated(document, {"Notes": "笔记"})
    assert said(document, catalog) == [("stale", 3, 0, "2 of 3 texts missing from the catalog")]


def test_a_catalog_with_texts_that_are_gone_is_stale_once() -> None:
    catalog = translated(parse("posts/a.md", POST, JEKYLL), TARGETS)
    shorter = parse("posts/a.md", "# Notes\n\nThe first text.\n", JEKYLL)
    message = "1 of 3 entries no longer in the post"
    assert said(shorter, catalog) == [("stale", 0, 3, message)]


def test_a_shared_unit_is_reported_where_it_first_stands() -> None:
    document = parse("posts/a.md", POST, JEKYLL)
    catalog = translated(document, {**TARGETS, "The first text.": "第一段 `x`。"})
    assert said(document, catalog) == [("code-span", 3, 2, "the translation adds the code `x`")]


def test_what_was_not_parsed_is_reported_for_the_post() -> None:
    document = replace(parse("posts/a.md", POST, JEKYLL), limits=((5, "too deep"),))
    (finding,) = check_document(document, {})
    assert (finding.path, finding.line, finding.message) == ("posts/a.md", 5, "too deep")
    assert not list(check_document(document, {"nesting-limit": None}))


def test_what_is_wrong_in_a_post_is_as_severe_as_configured() -> None:
    document = parse("posts/a.md", "<!-- i18n:skip-start -->\n\nText.\n", JEKYLL)
    assert [f.severity for f in check_document(document, {})] == [Severity.WARNING]
    (finding,) = check_document(document, {"directive": Severity.ERROR})
    assert finding.severity is Severity.ERROR
    assert not list(check_document(document, {"directive": None}))


# --- what may stand in a post -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("msgid", "msgstr", "in_post", "as_candidate"),
    [
        (SOURCE, "参见[课程]({1})，调用 `fit`。", True, True),
        (SOURCE, BROKEN, False, False),
        (SOURCE, "", False, False),
        (SOURCE, SOURCE, True, False),
        ("The dog ran across the yard.", "The dog ran across the yard.", True, False),
        ("Theory and Mathematical Background", "Theory and Mathematical Background", True, False),
        ("A **bold** word", "一个** 加粗**的词", True, False),
        ("A short note.", "以下是翻译：一则笔记。", True, False),
        ("A short note.", "好", True, True),
    ],
)
def test_refusals(msgid: str, msgstr: str, in_post: bool, as_candidate: bool) -> None:
    def accepted(*, candidate: bool) -> bool:
        return not refusals(msgid, msgstr, JEKYLL, "en", "zh_CN", candidate=candidate)

    assert (accepted(candidate=False), accepted(candidate=True)) == (in_post, as_candidate)


def segments() -> list[object]:
    """The segments of this repository's own posts that hold something to keep."""
    found = []
    for path in sorted(POSTS.glob("*.md")):
        document = parse(path.name, path.read_text(encoding="utf-8"), JEKYLL)
        for segment in document.segments:
            if mask(segment.msgid, JEKYLL).pieces:
                found.append(pytest.param(segment, id=f"{path.stem[:10]}:{segment.line}"))
    assert len(found) > 10
    return found


@pytest.mark.parametrize("segment", segments())
def test_other_words_around_the_same_markup_are_accepted(segment: Segment) -> None:
    masked = mask(segment.msgid, JEKYLL)
    parts = split_masked(masked.text)
    words = (
        part if part.startswith("<x") else part.swapcase().replace("的", "之") for part in parts
    )
    target = restore(masked, "".join(words), JEKYLL)
    assert target is not None
    assert refusals(segment.msgid, target, JEKYLL, "en", "en", segment) == []


FRAGMENTS = (
    "[课程]({%})",
    "![图]({%})",
    "{%}",
    "`code`",
    "$$x_1$$",
    "<b>粗</b>",
    "[文][label]",
    "[^1]",
)


def text_of(fragments: list[tuple[int, str]]) -> str:
    return "文字" + " 文字 ".join(text.replace("%", str(number)) for number, text in fragments)


@given(st.permutations(list(enumerate(FRAGMENTS, 1))), st.integers(0, len(FRAGMENTS) - 1))
def test_any_order_of_what_must_stay_is_accepted_and_any_loss_refused(
    fragments: list[tuple[int, str]], lost: int
) -> None:
    msgid = text_of(list(enumerate(FRAGMENTS, 1)))
    assert refusals(msgid, text_of(fragments), JEKYLL, "zh_CN", "zh_TW") == []
    del fragments[lost]
    assert refusals(msgid, text_of(fragments), JEKYLL, "zh_CN", "zh_TW")


MARKUP = st.lists(
    st.sampled_from(
        [
            *"[](){}<>`*_$!^#-|\\\"'\n ，。（）：甲a1",
            "{1}",
            "{{",
            "}}",
            "**",
            "](",
            "![",
            "http://a",
            "<b>",
        ]
    ),
    max_size=25,
).map("".join)


AMOUNTS = st.lists(
    st.sampled_from(
        [
            *"0123459.,:-/ ％%$¥年月日点分时半倍折第一二两十百千万亿双VvkMB٣２",
            *(" million", "世纪", "年代", "下午", " PM", "a.m.", "May ", "ms", "GB", "Python "),
            "a third",
        ]
    ),
    max_size=12,
).map("".join)


@given(AMOUNTS, AMOUNTS, st.sampled_from([("en", "zh_CN"), ("zh_CN", "en")]))
def test_no_number_makes_a_check_fail(msgid: str, msgstr: str, locales: tuple[str, str]) -> None:
    findings = list(check_pair(pair(msgid, msgstr, locales=locales), {}))
    assert all(finding.message.isprintable() for finding in findings)


@given(MARKUP, MARKUP, st.sampled_from(sorted(PROFILES)), st.sampled_from(["markdown", "yaml"]))
def test_no_text_makes_a_check_fail(msgid: str, msgstr: str, profile: str, syntax: str) -> None:
    findings = list(check_pair(pair(msgid, msgstr, profile=profile, syntax=syntax), {}))
    assert all(finding.message.isprintable() for finding in findings)


@given(MARKUP, st.sampled_from(sorted(PROFILES)))
def test_a_word_more_breaks_no_markup(text: str, profile: str) -> None:
    msgid, pieces, _ = read(text, PROFILES[profile], ())
    target = msgid + " 甲"
    markup = {check.id for check in CHECKS if check.family in ("links", "placeholders", "markup")}
    findings = check_pair(pair(msgid, target, profile=profile, pieces=pieces), {})
    assert not markup & {finding.check for finding in findings}
