"""The translation memory: what it finds, how sure it is, and what becomes of its index."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.errors import PipelineError
from pipeline.memory import Entry, Feed, Hit, Index, Memory, entries_of
from pipeline.model import Origin, Unit, fingerprint


def feed(units: Sequence[Unit], name: str = "a.po", digest: str = "1") -> Feed:
    return Feed(name, digest, lambda: entries_of(units, "en", "zh_CN"))


def memory(*units: Unit, source: str = "en", target: str = "zh_CN") -> Memory:
    return Memory(source, target, Index(feeds=lambda: [feed(units)]))


def best(known: Memory, text: str, before: str = "", after: str = "") -> Hit | None:
    return next(known.similar(text, before, after), None)


def machine(text: str, translation: str) -> Unit:
    return Unit(text, translation, fuzzy=True, origin=Origin("machine", "g", fingerprint(text)))


SCORES = [
    # what is known, what is wanted, the score from … to …
    ("The same text", "The same text", 100, 100),
    ("The same text", "the  SAME text", 95, 99),
    ("你好，世界。", "你好, 世界.", 95, 99),
    ("Ｆｕｌｌ width！", "Full width!", 95, 99),
    ("See [the course]({1}) now", "See [the course]({2}) now", 95, 99),
    ("The cat sat on the old mat", "The cat sat on the new mat", 80, 94),
    ("扩散模型是一类生成模型，它逐步去除噪声", "扩散模型是一种生成模型，它逐步去除噪声", 80, 96),
    ("It takes 3 days to train the model", "It takes 5 days to train the model", 60, 92),
    ("这些参数需要更新", "这些参数不需要更新", 60, 89),
]


@pytest.mark.parametrize(("known", "wanted", "lowest", "highest"), SCORES)
def test_a_score_says_how_alike_two_texts_are(
    known: str, wanted: str, lowest: int, highest: int
) -> None:
    hit = best(memory(Unit(known, "译文 {1}" if "{1}" in known else "译文")), wanted)
    assert hit is not None
    assert lowest <= hit.score <= highest


@pytest.mark.parametrize(
    ("known", "wanted"),
    [
        ("Use it now", "Use it then"),
        ("这是好的", "这不是好的"),
        ("Version 2 of the tool", "Version 3 of the tool"),
    ],
)
def test_short_texts_and_other_claims_are_not_trusted(known: str, wanted: str) -> None:
    hit = best(memory(Unit(known, "译文")), wanted)
    assert hit is not None
    assert not hit.trusted


def test_placeholders_get_the_wanted_numbers_or_the_match_does_not_fit() -> None:
    known = memory(Unit("Compare {1} with {2} first", "先比较 {2} 与 {1}"))
    swapped = best(known, "Compare {2} with {1} first")
    assert swapped is not None
    assert (swapped.translation, swapped.fits) == ("先比较 {1} 与 {2}", True)
    fewer = best(known, "Compare {1} with it first")
    assert fewer is not None
    assert not fewer.fits


def test_a_person_comes_before_a_machine_and_then_the_context_decides() -> None:
    units = [
        Unit("Before one"),
        Unit("Start", "开始"),
        Unit("After one"),
        machine("Text", "机器"),
    ]
    others = [Unit("Before two"), Unit("Start", "启动"), Unit("After two"), Unit("Text", "人")]
    index = Index(feeds=lambda: [feed(units), feed(others, "b.po")])
    known = Memory("en", "zh_CN", index)
    for before, after, translation in (
        ("Before one", "After one", "开始"),
        ("Before two", "After two", "启动"),
        ("", "After two", "启动"),
    ):
        hit = known.find("Start", before, after)
        assert hit is not None
        assert hit.translation == translation
    text = known.find("Text")
    assert text is not None
    assert (text.translation, text.origin, text.file) == ("人", None, "b.po")


def test_what_machines_made_neither_counts_as_similar_nor_hides_what_people_did() -> None:
    by_machine = [machine(f"The quick fox jumps over dog number {n}", "机器") for n in range(400)]
    known = memory(*by_machine, Unit("A fox jumped over the dogs of number 7", "人"))
    wanted = "The quick fox jumps over dog number 401"
    assert {hit.translation for hit in known.similar(wanted)} == {"人"}
    assert {hit.translation for hit in known.similar(wanted, machines=True)} == {"人", "机器"}


def test_what_is_stale_unfinished_or_for_one_place_is_not_remembered() -> None:
    known = memory(
        Unit("One", "旧", fuzzy=True, previous="Won"),
        Unit("Two", "没写完", fuzzy=True),
        Unit("Three"),
        Unit("Four", "四", context="menu"),
        Unit("Five", "五", obsolete=True),
    )
    found = [known.find(text) is not None for text in ("One", "Two", "Three", "Four", "Five")]
    assert found == [False, False, False, False, True]


def test_it_works_backwards_where_the_placeholders_are_in_order() -> None:
    units = [
        Unit("See {1} and {2}", "见 {1} 和 {2}"),
        Unit("Not {1} {2}", "非 {2} {1}"),
        machine("Made", "机器做的"),
    ]
    known = memory(*units, source="zh_CN", target="en")
    hit = known.find("见 {1} 和 {2}")
    assert hit is not None
    assert hit.translation == "See {1} and {2}"
    assert known.find("非 {2} {1}") is None
    assert known.find("机器做的") is None


def test_differences_show_what_the_translation_was_not_made_for() -> None:
    known = memory(Unit("Read {1} for two weeks", "读 {1} 两周"))
    hit = best(known, "Read {2} for three long weeks")
    assert hit is not None
    changes = hit.changes("Read {2} for three long weeks")
    assert changes == "Read {2} for [-two-]{+three long+} weeks"


# The index


def texts(index: Index) -> set[tuple[str, str]]:
    return {(known.text, known.translation) for _, _, known in index.reviewed()}


def test_only_what_has_changed_is_read_again(tmp_path: Path) -> None:
    read: list[str] = []

    def counted(name: str, digest: str, *units: Unit) -> Feed:
        def entries() -> list[Entry]:
            read.append(name)
            return list(entries_of(units, "en", "zh_CN"))

        return Feed(name, digest, entries)

    path = tmp_path / ".diglot" / "memory.sqlite"
    one, two = Unit("One text", "一"), Unit("Two text", "二")
    first = [counted("a", "1", one), counted("b", "1", two)]
    Index(path, lambda: first).close()
    Index(path, lambda: first).close()
    assert read == ["a", "b"]
    second = [counted("b", "2", Unit("Two texts", "二"), one)]
    index = Index(path, lambda: second)
    assert read == ["a", "b", "b"]
    assert texts(index) == {("One text", "一"), ("Two texts", "二")}
    assert best(Memory("en", "zh_CN", index), "Two text") is not None
    assert Memory("en", "zh_CN", index).find("Two text") is None


DAMAGE = {
    "no database": lambda path: path.write_bytes(b"nothing of the kind" * 999),
    "cut short": lambda path: path.write_bytes(path.read_bytes()[:5000]),
    "overwritten": lambda path: path.write_bytes(path.read_bytes()[:4096] + b"\xff" * 200_000),
    "empty": lambda path: path.write_bytes(b""),
    "of another version": lambda path: sqlite3.connect(path).executescript(
        "PRAGMA user_version = 999"
    ),
    "without a table": lambda path: sqlite3.connect(path).executescript("DROP TABLE pairs"),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_index_is_made_anew(tmp_path: Path, damage: object) -> None:
    path = tmp_path / "memory.sqlite"
    units = [Unit(f"Text number {n} of many", f"第{n}段") for n in range(200)]
    Index(path, lambda: [feed(units)]).close()
    assert callable(damage)
    damage(path)
    index = Index(path, lambda: [feed(units)])
    known = Memory("en", "zh_CN", index)
    assert all(known.find(unit.msgid) for unit in units)
    assert best(known, "Text number 7 of so many") is not None


def test_damage_that_shows_while_searching_is_mended(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite"
    index = Index(path, lambda: [feed([Unit("Some text here", "文字")])])
    sqlite3.connect(path).executescript("DROP TABLE pairs")
    assert best(Memory("en", "zh_CN", index), "Some text there") is not None


def test_a_place_that_cannot_be_written_to_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / ".diglot").write_text("a file in the way", "utf-8")
    index = Index(tmp_path / ".diglot" / "memory.sqlite", lambda: [feed([Unit("Text", "文字")])])
    assert texts(index) == {("Text", "文字")}


def test_a_feed_that_cannot_be_read_leaves_the_index_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "memory.sqlite"
    good = feed([Unit("Text", "文字")])
    Index(path, lambda: [good]).close()

    def broken() -> list[Entry]:
        raise PipelineError("unreadable", path="b.po", line=3)

    with pytest.raises(PipelineError, match="unreadable"):
        Index(path, lambda: [good, Feed("b.po", "1", broken)])
    assert texts(Index(path, lambda: [good])) == {("Text", "文字")}


WORDS = st.sampled_from(
    ["模型", "噪声", "the", "cat", " ", "，", "{1}", "Ａ", "2", "不", "\U00020000"]
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.lists(WORDS, min_size=1, max_size=8).map("".join), min_size=1, max_size=12))
def test_whatever_is_known_is_found_again(sources: list[str]) -> None:
    units = [Unit(text, "译") for text in dict.fromkeys(sources) if text.strip()]
    known = memory(*units)
    for unit in units:
        exact = known.find(unit.msgid)
        assert exact is not None
        assert exact.score == 100
        similar = best(known, unit.msgid)
        assert similar is None or similar.score == 100
