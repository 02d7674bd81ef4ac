"""Merging two versions of a catalog: nothing wrong in silence, nothing of a person lost."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from merges import Repository, Verdict, judge, random_merge
from po_files import HEADER, catalog_of, needs_gettext, run

from pipeline.catalog import dumps, load, merge, save
from pipeline.cli import main
from pipeline.model import Catalog, Origin, State, Unit, fingerprint
from pipeline.threeway import merge_versions

FOLDER = Path("unused")
TEA = Unit("Tea", "茶")
MACHINE = Unit("Tea", "茶叶", fuzzy=True, origin=Origin("machine", "google", fingerprint("Tea")))
NEW = Unit("Tea")
DOUBTED = replace(TEA, fuzzy=True)
STALE = Unit("Teas", "茶", fuzzy=True, previous="Tea")

CASES = {
    # name: (base, ours, theirs, merged, number of undecided entries)
    "only they changed it": ([NEW], [NEW], [TEA], [TEA], 0),
    "only we changed it": ([NEW], [TEA], [NEW], [TEA], 0),
    "both changed it the same way": ([NEW], [TEA], [TEA], [TEA], 0),
    "a person before a machine": ([NEW], [MACHINE], [TEA], [TEA], 0),
    "a machine behind a person": ([NEW], [TEA], [MACHINE], [TEA], 0),
    "two machines": ([NEW], [MACHINE], [replace(MACHINE, msgstr="茗")], [MACHINE], 0),
    "confirmed and kept as it was": (
        [MACHINE],
        [replace(MACHINE, fuzzy=False, origin=None)],
        [MACHINE],
        [Unit("Tea", "茶叶")],
        0,
    ),
    "confirmed and doubted": (
        [MACHINE],
        [replace(MACHINE, fuzzy=False, origin=None)],
        [replace(MACHINE, origin=None)],
        [replace(MACHINE, origin=None)],
        0,
    ),
    "doubted and corrected": ([TEA], [DOUBTED], [Unit("Tea", "清茶")], [Unit("Tea", "清茶")], 0),
    "two people": (
        [NEW],
        [replace(TEA, comments=("mine",))],
        [Unit("Tea", "清\n茶", comments=("yours",))],
        [Unit("Tea", "茶", fuzzy=True, comments=("mine", "yours", r"other version: 清\n茶"))],
        1,
    ),
    "two people, long done": (
        [TEA],
        [Unit("Tea", "红茶")],
        [Unit("Tea", "绿茶")],
        [Unit("Tea", "红茶", fuzzy=True, comments=("other version: 绿茶",))],
        1,
    ),
    "removed and left alone": ([TEA], [], [TEA], [], 0),
    "removed and translated": ([NEW], [], [TEA], [TEA], 0),
    "translated and removed": ([NEW], [TEA], [], [TEA], 0),
    "retired and corrected": (
        [TEA],
        [replace(TEA, obsolete=True)],
        [Unit("Tea", "清茶")],
        [Unit("Tea", "清茶", obsolete=True)],
        0,
    ),
    "source changed, translation corrected": (
        [TEA],
        [STALE],
        [Unit("Tea", "清茶")],
        [replace(STALE, msgstr="清茶")],
        0,
    ),
    "comments, notes and flags": (
        [Unit("Tea", comments=("a", "b"), notes=("old",), flags=("x",))],
        [Unit("Tea", comments=("b", "c"), notes=("old",), flags=("x", "y"))],
        [Unit("Tea", comments=("a", "b", "d"), notes=("new",), flags=())],
        [Unit("Tea", comments=("b", "c", "d"), notes=("new",), flags=("y",))],
        0,
    ),
    "order": (
        [Unit("1"), Unit("4")],
        [Unit("1"), Unit("2"), Unit("4")],
        [Unit("0"), Unit("1"), Unit("3"), Unit("4"), Unit("5")],
        [Unit("0"), Unit("1"), Unit("3"), Unit("2"), Unit("4"), Unit("5")],
        0,
    ),
    "plural forms": (
        [Unit("cup", plural="cups")],
        [Unit("cup", "杯", plural="cups", plurals=("杯",))],
        [Unit("cup", "杯子", plural="cups", plurals=("杯子",))],
        [
            Unit(
                "cup",
                "杯",
                plural="cups",
                plurals=("杯",),
                fuzzy=True,
                comments=("other version: 杯子",),
            )
        ],
        1,
    ),
}


def versions(*sides: Sequence[Unit]) -> list[Catalog]:
    return [catalog_of(FOLDER, *units) for units in sides]


@pytest.mark.parametrize("name", CASES)
def test_an_entry_is_merged(name: str) -> None:
    base, ours, theirs, merged, undecided = CASES[name]
    found = merge_versions(*versions(base, ours, theirs))
    assert list(found.catalog.units) == merged
    assert len(found.undecided) == undecided


def test_header_fields_are_merged() -> None:
    old = {"Language": "zh_CN", "PO-Revision-Date": "2026-01-01 10:00+0000", "X-Old": "1"}
    mine = {**old, "PO-Revision-Date": "2026-03-01 10:00+0000", "Last-Translator": "A"}
    other = {**old, "PO-Revision-Date": "2026-02-01 10:00+0000", "X-New": "2"}
    del other["X-Old"]
    sides = [
        replace(catalog, header=tuple(fields.items()), header_comments=comments)
        for catalog, fields, comments in zip(
            versions([], [], []),
            (old, mine, other),
            (("a",), ("a", "b"), ("a", "c")),
            strict=True,
        )
    ]
    merged = merge_versions(*sides).catalog
    assert dict(merged.header) == {
        "Language": "zh_CN",
        "PO-Revision-Date": "2026-03-01 10:00+0000",
        "Last-Translator": "A",
        "X-New": "2",
    }
    assert merged.header_comments == ("a", "b", "c")


def test_a_decision_takes_the_other_version_away() -> None:
    (undecided,) = merge_versions(*versions(*CASES["two people"][:3])).undecided
    assert undecided.state is State.NEEDS_WORK
    decided = replace(undecided, fuzzy=False)
    assert merge(catalog_of(FOLDER, decided), [NEW]).units == (
        Unit("Tea", "茶", comments=("mine", "yours")),
    )
    kept = merge(catalog_of(FOLDER, undecided), [NEW]).units
    assert kept == (undecided,)


@needs_gettext
def test_both_texts_survive_other_tools(tmp_path: Path) -> None:
    merged = merge_versions(*versions(*CASES["two people"][:3])).catalog
    path = tmp_path / "post.po"
    save(replace(merged, path=path))
    for form in ("--no-wrap", "--width=40", "--sort-output"):
        path.write_bytes(run("msgcat", form, path).stdout.encode())
    assert load(path, "zh_CN").units == merged.units


@given(seed=st.integers(0, 10**9))
def test_a_random_merge_is_sound(seed: int) -> None:
    sides = random_merge(seed)
    merged = merge_versions(*sides).catalog
    assert judge(*sides, merged) == Verdict(wrong=0, lost=0)
    assert merge_versions(*sides[:2], sides[0]).catalog.units == sides[1].units
    assert merge_versions(sides[0], sides[0], sides[2]).catalog.units == sides[2].units


# The command, and Git


def files(folder: Path, *texts: str) -> list[str]:
    paths = [folder / name for name in ("base", "ours", "theirs")]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, "utf-8")
    return [str(path) for path in paths]


def test_the_command_writes_our_version(tmp_path: Path) -> None:
    texts = [dumps(catalog) for catalog in versions([NEW], [TEA], [Unit("Tea", "绿茶")])]
    names = files(tmp_path, *texts)
    done = CliRunner().invoke(main, ["merge-driver", *names, "locales/zh_CN/tea.po"])
    assert done.exit_code == 0
    assert "locales/zh_CN/tea.po: 1 entry translated in two ways" in done.stderr
    (unit,) = load(Path(names[1]), "zh_CN").units
    assert (unit.msgstr, unit.fuzzy, unit.comments) == ("茶", True, ("other version: 绿茶",))
    assert Path(names[0]).read_text("utf-8") == texts[0]


def test_an_entry_that_nobody_changed_keeps_its_lines(tmp_path: Path) -> None:
    wrapped = 'msgid ""\n"Green "\n"tea"\nmsgstr "绿茶"\n'
    tea, translated = 'msgid "Tea"\nmsgstr ""\n', 'msgid "Tea"\nmsgstr "茶"\n'
    names = files(
        tmp_path,
        f"{HEADER}{tea}\n{wrapped}",
        f"{HEADER}{tea}\n{wrapped}",
        f"{HEADER}{translated}\n{wrapped}",
    )
    assert CliRunner().invoke(main, ["merge-driver", *names]).exit_code == 0
    assert Path(names[1]).read_text("utf-8") == f"{HEADER}{translated}\n{wrapped}"


def test_a_file_that_both_added_has_an_empty_base(tmp_path: Path) -> None:
    mine, other = (dumps(catalog) for catalog in versions([TEA], [Unit("Milk", "奶")]))
    names = files(tmp_path, "", mine, other)
    assert CliRunner().invoke(main, ["merge-driver", *names]).exit_code == 0
    assert {unit.msgid for unit in load(Path(names[1]), "zh_CN").units} == {"Tea", "Milk"}


def test_a_version_that_cannot_be_read_leaves_a_conflict(tmp_path: Path) -> None:
    names = files(tmp_path, HEADER, HEADER, HEADER + "<<<<<<< x\n")
    done = CliRunner().invoke(main, ["merge-driver", *names, "tea.po"])
    assert done.exit_code == 2
    assert "tea.po (theirs):4: merge conflict marker" in done.stderr
    assert Path(names[1]).read_text("utf-8") == HEADER


@pytest.mark.skipif(shutil.which("git") is None, reason="needs git")
def test_git_merges_with_the_driver(tmp_path: Path) -> None:
    repository = Repository(tmp_path)
    for seed in range(2):
        sides = random_merge(seed)
        assert judge(*sides, repository.merged(*sides)) == Verdict(wrong=0, lost=0)
