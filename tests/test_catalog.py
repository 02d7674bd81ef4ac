"""Catalogs: what a post asks for, and merging."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from po_files import WRAPPED, catalog_of, po

from pipeline.catalog import KEPT, dumps, load, merge, save, wanted
from pipeline.model import Catalog, Origin, Segment, Unit, fingerprint


def by_id(catalog: Catalog) -> dict[str, Unit]:
    return {unit.msgid: unit for unit in catalog.units}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laws")


# What a post asks for


def segment(msgid: str, line: int = 1, kind: str = "paragraph", **fields: object) -> Segment:
    return Segment(msgid, kind, 0, 0, line, **fields)  # type: ignore[arg-type]


def test_wanted_shares_units_and_explains_them() -> None:
    units = wanted(
        [
            segment("Tea", kind="heading 1", note="short\nplease"),
            segment("[more]({1})", 3, pieces=("https://a.example",), path=("Tea", "Green\nleaf")),
            segment("[more]({1})", 5, pieces=("https://b.example/" + "x" * 300,), path=("Tea",)),
            segment("Tea", 7, context="menu"),
            *(segment("[more]({1})", 9, pieces=("https://a.example",)) for _ in range(3)),
        ],
        "posts/tea time.md",
        line_numbers=True,
    )
    long = "https://b.example/" + "x" * 300
    assert units == (
        Unit("Tea", notes=("heading 1", "note: short please"), references=("posts/tea time.md:1",)),
        Unit(
            "[more]({1})",
            notes=(
                "paragraph · Green leaf",
                "paragraph · Tea",
                "paragraph",
                "and 2 more",
                f"{{1}} = https://a.example | {long[:199]}…",
            ),
            references=("posts/tea time.md:3", "posts/tea time.md:5", "posts/tea time.md:9"),
            flags=("python-brace-format",),
        ),
        Unit("Tea", context="menu", notes=("paragraph",), references=("posts/tea time.md:7",)),
    )
    assert wanted([segment("a"), segment("a", 2)], "p.md")[0].references == ("p.md",)


# Merging

MACHINE = Origin("machine", "google", fingerprint("Tea"))


@pytest.mark.parametrize(
    ("old", "merged"),
    [
        (Unit("Tea", "茶"), Unit("Tea", "茶")),
        (
            Unit("Tea", "茶", fuzzy=True, origin=MACHINE, comments=("hm",), flags=("x", "y")),
            Unit("Tea", "茶", fuzzy=True, origin=MACHINE, comments=("hm",), flags=("x", "y")),
        ),
        (
            Unit("Tea", "茶", origin=MACHINE, previous="Te", previous_context="c"),
            Unit("Tea", "茶"),
        ),
        (
            Unit("Tea", "茶", fuzzy=True, origin=Origin("machine", "google", "00000000")),
            Unit("Tea", "茶", fuzzy=True, origin=Origin("machine", "google", "00000000")),
        ),
        (
            Unit("Tea", "茶", fuzzy=True, previous="Te"),
            Unit("Tea", "茶", fuzzy=True, previous="Te"),
        ),
        (Unit("Tea", fuzzy=True, origin=MACHINE, previous="Te"), Unit("Tea")),
        (
            Unit("Tea", "茶", comments=("kept: already en", "z"), flags=("python-brace-format",)),
            Unit("Tea", "茶", comments=("z",)),
        ),
        (
            Unit("Tea", "Tea", comments=("kept: already en",)),
            Unit("Tea", "Tea", comments=("kept: already en",)),
        ),
        (Unit("Tea", "茶", fuzzy=True, obsolete=True), Unit("Tea", "茶", fuzzy=True)),
        (
            Unit("Tea", "茶", plural="Teas", plurals=("茶",)),
            Unit("Tea", "茶", plural="Teas", plurals=("茶",)),
        ),
    ],
)
def test_a_known_unit_keeps_its_work(tmp_path: Path, old: Unit, merged: Unit) -> None:
    asked = Unit("Tea", notes=("heading 1",), references=("p.md",))
    old = replace(old, notes=("old",), references=("q.md",))
    units = merge(catalog_of(tmp_path, old), [asked]).units
    assert units == (replace(merged, notes=("heading 1",), references=("p.md",)),)


def test_order_and_flags_are_those_of_the_post(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, Unit("b", "乙"), Unit("{a}", "甲", flags=("x",)))
    asked = [Unit("{a}", flags=("python-brace-format",)), Unit("new"), Unit("b")]
    assert [(unit.msgid, unit.flags) for unit in merge(catalog, asked).units] == [
        ("{a}", ("x", "python-brace-format")),
        ("new", ()),
        ("b", ()),
    ]


LONG = "The kettle stands on the stove and sings its song until someone takes it away"
SENTENCE = "水壶放在炉子上，一直唱着它的歌，直到有人把它拿走，泡上一壶新茶。"


def test_each_old_unit_is_used_once_and_the_best_pair_wins(tmp_path: Path) -> None:
    old = Unit(LONG, "甲", context="c")
    nearest, farther = LONG + "!", LONG.replace("sings its song", "hums a song")
    merged = by_id(merge(catalog_of(tmp_path, old), [Unit(farther), Unit(nearest)]))
    assert merged[farther] == Unit(farther)
    assert merged[nearest] == Unit(nearest, "甲", fuzzy=True, previous=LONG, previous_context="c")
    assert LONG not in merged


def test_a_machines_text_is_not_handed_on_to_a_changed_source(tmp_path: Path) -> None:
    old = Unit(LONG, "甲", fuzzy=True, origin=MACHINE)
    merged = merge(catalog_of(tmp_path, old), [Unit(LONG + "!")])
    assert merged.units == (Unit(LONG + "!"), replace(old, obsolete=True))


def test_a_flag_that_babel_guesses_is_dropped(tmp_path: Path) -> None:
    old = Unit("100% of users", "所有用户", flags=("python-format", "no-wrap"))
    assert merge(catalog_of(tmp_path, old), [Unit("100% of users")]).units == (
        replace(old, flags=("no-wrap",)),
    )


def test_a_stale_text_that_changes_again_shows_what_was_translated(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, Unit(LONG, "甲"))
    for text in (LONG + "!", LONG + "!!"):
        catalog = merge(catalog, [Unit(text)])
    assert catalog.units == (Unit(LONG + "!!", "甲", fuzzy=True, previous=LONG),)


def test_what_has_gone_becomes_obsolete_and_comes_back(tmp_path: Path) -> None:
    work = Unit("Tea", "茶", fuzzy=True, origin=MACHINE, comments=("c",))
    catalog = catalog_of(
        tmp_path,
        replace(work, notes=("heading 1",), references=("p.md",)),
        Unit("Never translated"),
        Unit("中文", "中文", comments=("kept: already zh_CN",)),
        Unit("Gone before", "早没了", obsolete=True),
    )
    without = merge(catalog, [])
    assert without.units == (
        Unit("Gone before", "早没了", obsolete=True),
        replace(work, obsolete=True),
    )
    again = merge(without, [Unit("Tea", notes=("heading 2",))])
    assert again.units[0] == replace(work, notes=("heading 2",))


def test_a_catalog_without_header_gets_one(tmp_path: Path) -> None:
    catalog = merge(load(po(tmp_path, ""), "zh_CN"), [Unit("Tea")])
    assert ("Content-Type", "text/plain; charset=UTF-8") in catalog.header


WORD = st.sampled_from(["tea", "tea!", "no tea", LONG, LONG + "!", SENTENCE, "这是", "这不是"])
STATES = st.builds(
    Unit,
    msgid=WORD,
    msgstr=st.sampled_from(["", "茶", "tea"]),
    context=st.sampled_from([None, "c"]),
    fuzzy=st.booleans(),
    origin=st.sampled_from([None, MACHINE]),
    previous=st.sampled_from([None, "old", LONG]),
    comments=st.sampled_from([(), ("x",), ("kept: already en",)]),
    notes=st.sampled_from([(), ("old",)]),
    flags=st.sampled_from([(), ("python-brace-format", "x")]),
    obsolete=st.booleans(),
)
ASKED = st.lists(
    st.builds(Unit, WORD, context=st.sampled_from([None, "c"]), notes=st.just(("n",))),
    unique_by=lambda unit: unit.key,
    max_size=6,
)
OLD = st.lists(STATES, max_size=6, unique_by=lambda unit: unit.key).map(
    lambda units: tuple(sorted(units, key=lambda unit: unit.obsolete))
)


def held(units: Sequence[Unit]) -> Counter[str]:
    """Count the translations, but for copies of kept segments."""
    return Counter(
        unit.msgstr
        for unit in units
        if unit.msgstr and not (unit.msgstr == unit.msgid and KEPT + "en" in unit.comments)
    )


@given(units=OLD, asked=ASKED)
def test_merging_twice_changes_nothing(
    folder: Path, units: tuple[Unit, ...], asked: list[Unit]
) -> None:
    once = merge(catalog_of(folder, *units), asked)
    assert merge(once, asked) == once
    assert [unit.key for unit in once.units if not unit.obsolete] == [unit.key for unit in asked]
    assert held(once.units) == held(units)
    save(once)
    loaded = load(once.path, once.locale)
    assert dumps(merge(loaded, asked)) == dumps(loaded) == dumps(once)


def test_an_unchanged_unit_keeps_its_lines_through_a_merge(tmp_path: Path) -> None:
    catalog = load(po(tmp_path, WRAPPED.read_bytes()), "zh_CN")
    asked = [
        Unit(unit.msgid, notes=unit.notes, references=unit.references, flags=unit.flags[-1:])
        for unit in catalog.units
        if not unit.obsolete
    ]
    assert not save(merge(catalog, asked))
    changed = [replace(asked[0], notes=("heading 2",)), *asked[1:]]
    assert save(merge(catalog, changed))
    expected = WRAPPED.read_text("utf-8").replace("#. heading 1\n", "#. heading 2\n")
    assert catalog.path.read_text("utf-8") == expected
