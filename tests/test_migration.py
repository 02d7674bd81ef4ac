"""Catalogs that were made by other rules: what fits is taken over, no person's text is lost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from po_files import HEADER, catalog_of, po

from pipeline.catalog import load, merge, save, wanted
from pipeline.cli import main
from pipeline.markdown import parse
from pipeline.migration import Migrated, migrate
from pipeline.model import PROFILES, Catalog, Origin, State, Unit

FOLDER = Path("unused")

CASES = {
    # name: (post, foreign entries, msgid and msgstr of what is translated afterwards)
    "a link becomes a placeholder": (
        "See [the course](https://a.example/x) first.\n",
        [("See [the course](https://a.example/x) first.", "先看[课程](https://a.example/x)。")],
        [("See [the course]({1}) first.", "先看[课程]({1})。")],
    ),
    "links in another order": (
        "See [a](/a) and [b](/b).\n",
        [("See [a](/a) and [b](/b).", "见[乙](/b)和[甲](/a)。")],
        [("See [a]({1}) and [b]({2}).", "见[乙]({2})和[甲]({1})。")],
    ),
    "the same link twice": (
        "[a](/a) or [b](/a).\n",
        [("[a](/a) or [b](/a).", "[甲](/a)或[乙](/a)。")],
        [("[a]({1}) or [b]({2}).", "[甲]({1})或[乙]({2})。")],
    ),
    "braces are doubled": (
        "Write {name} here.\n",
        [("Write {name} here.", "在此写{name}。")],
        [("Write {{name}} here.", "在此写{{name}}。")],
    ),
    "wrapped lines are joined": (
        "One line\nand another.\n",
        [("One line\nand another.", "一行\n又一行。")],
        [("One line and another.", "一行又一行。")],
    ),
    "a heading with its mark": ("## Tea\n", [("## Tea", "## 茶")], [("Tea", "茶")]),
    "a list in one entry": (
        "- Tea\n- Milk\n",
        [("- Tea\n- Milk", "- 茶\n- 奶")],
        [("Tea", "茶"), ("Milk", "奶")],
    ),
    "a reference with its label": (
        "See [Tea].\n\n[Tea]: /tea\n",
        [("See [Tea].", "见[茶][Tea]。")],
        [("See [Tea][Tea].", "见[茶][Tea]。")],
    ),
    "a line that ended with a sentence": (
        "Tea is hot.\nSee [it](/x).  Wait.\n",
        [("Tea is hot.  See [it](/x). Wait.", "茶烫。见[它](/x)。等等。")],
        [("Tea is hot. See [it]({1}).  Wait.", "茶烫。见[它]({1})。等等。")],
    ),
    "an address that a machine has broken": (
        "See [it](/a/b?c&d) and {% asset x.png %}.\n",
        [
            (
                "See [it](/a/b?c&d) and {% asset x.png %}.",
                "见[它](/a /b?c&amp;d)和{%asset x.png %}。",
            )
        ],
        [("See [it]({1}) and {2}.", "见[它]({1})和{2}。")],
    ),
    "what has our form already": ("# Tea\n", [("Tea", "茶")], [("Tea", "茶")]),
}

OFFERED = {
    # name: (post, foreign entries, msgid and msgstr of what is offered afterwards)
    "a link of their own": (
        "See [the course](/en/x).\n",
        [("See [the course](/en/x).", "见[课程](/zh/x)。")],
        [("See [the course]({1}).", "见[课程](/zh/x)。")],
    ),
    "a link too few": (
        "See [the course](/x) first.\n",
        [("See [the course](/x) first.", "先看课程。")],
        [("See [the course]({1}) first.", "先看课程。")],
    ),
    "sentences that are one text now": (
        "Water boils now. Tea comes later.\n",
        [("Water boils now.", "水开了。"), ("Tea comes later.", "茶后来。")],
        [("Water boils now. Tea comes later.", "水开了。茶后来。")],
    ),
    "a text that is several now": (
        "- Water boils now.\n- Tea comes later.\n",
        [("Water boils now. Tea comes later.", "水开了。茶后来。")],
        [("Water boils now.", "水开了。"), ("Tea comes later.", "茶后来。")],
    ),
}


def migrated(post: str, units: Sequence[Unit], *, foreign: Sequence[Unit] = ()) -> Migrated:
    document = parse("posts/tea.md", post, PROFILES["jekyll"])
    asked = wanted(document.segments, document.name)
    return migrate(catalog_of(FOLDER, *units), asked, document, foreign)


def pairs(catalog: Catalog, *states: State) -> list[tuple[str, str]]:
    active = (unit for unit in catalog.units if not unit.obsolete)
    return [(unit.msgid, unit.msgstr) for unit in active if unit.state in states]


@pytest.mark.parametrize("name", CASES)
def test_what_fits_is_taken_over(name: str) -> None:
    post, entries, expected = CASES[name]
    units = [Unit(*entry, comments=("mine",)) for entry in entries]
    found = migrated(post, units)
    assert pairs(found.catalog, State.TRANSLATED) == expected
    assert (found.offered, found.left) == (0, 0)
    assert all(unit.comments == ("mine",) for unit in found.catalog.units)
    assert migrated(post, found.catalog.units).catalog == found.catalog
    assert pairs(migrated(post, [], foreign=units).catalog, State.TRANSLATED) == expected


@pytest.mark.parametrize("name", OFFERED)
def test_what_does_not_quite_fit_is_offered(name: str) -> None:
    post, entries, expected = OFFERED[name]
    found = migrated(post, [Unit(*entry) for entry in entries])
    assert pairs(found.catalog, State.STALE, State.NEEDS_WORK) == expected
    assert (found.taken, found.offered) == (0, len(expected))
    again = migrated(post, found.catalog.units).catalog
    assert again == found.catalog


@pytest.mark.parametrize("name", CASES)
def test_what_extract_has_made_stale_is_healed(name: str) -> None:
    post, entries, expected = CASES[name]
    document = parse("posts/tea.md", post, PROFILES["jekyll"])
    asked = wanted(document.segments, document.name)
    extracted = merge(catalog_of(FOLDER, *(Unit(*entry) for entry in entries)), asked)
    found = migrated(post, extracted.units)
    assert pairs(found.catalog, State.TRANSLATED) == expected


@pytest.mark.parametrize("name", OFFERED)
def test_what_is_offered_does_not_depend_on_an_earlier_extract(name: str) -> None:
    post, entries, expected = OFFERED[name]
    document = parse("posts/tea.md", post, PROFILES["jekyll"])
    extracted = wanted(document.segments, document.name)
    found = migrated(post, extracted, foreign=[Unit(*entry) for entry in entries])
    assert pairs(found.catalog, State.STALE, State.NEEDS_WORK) == expected
    noted = [replace(unit, comments=("not accepted: twice",)) for unit in extracted]
    assert [unit.comments for unit in migrated(post, noted).catalog.units] == [
        unit.comments for unit in noted
    ]


def test_a_persons_text_is_kept_where_two_contradict() -> None:
    post = "See [it](/x).\n"
    ours, theirs = Unit("See [it]({1}).", "见[它]({1})。"), Unit("See [it](/x).", "看[它](/x)。")
    found = migrated(post, [ours, theirs]).catalog
    assert pairs(found, State.TRANSLATED) == [(ours.msgid, ours.msgstr)]
    assert [(unit.msgstr, unit.obsolete) for unit in found.units[1:]] == [(theirs.msgstr, True)]
    kept = migrated(post, [ours], foreign=[theirs]).catalog
    assert [unit.msgstr for unit in kept.units] == [ours.msgstr]
    machine = replace(ours, fuzzy=True, origin=Origin("machine", "google", "0"))
    taken = migrated(post, [machine], foreign=[theirs])
    assert pairs(taken.catalog, State.TRANSLATED) == [("See [it]({1}).", "看[它]({1})。")]


def test_of_a_file_for_many_posts_only_what_is_of_use_is_taken() -> None:
    foreign = [
        Unit("Tea", "茶", references=("posts/other.md",)),
        Unit("Green teas", "绿茶", references=("build/posts/tea.md",)),
        Unit("Green tea!", "绿茶！", references=("posts/other.md",)),
        Unit("Nothing of this post", "无关", references=("build/posts/tea.md",)),
    ]
    found = migrated("# Tea\n\nGreen tea\n", [], foreign=foreign)
    assert pairs(found.catalog, State.TRANSLATED) == [("Tea", "茶")]
    assert pairs(found.catalog, State.STALE) == [("Green tea", "绿茶")]
    assert found.left == 0


# The command


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("posts").mkdir()
    Path("posts/tea.md").write_text("# Tea\n\nSee [it](/x).\n", "utf-8")
    return tmp_path


def normalize(*arguments: str) -> Result:
    return CliRunner().invoke(main, ["normalize", *arguments])


BODY = 'msgid "Tea"\nmsgstr "茶"\n\nmsgid "See [it](/x)."\nmsgstr "见[它](/x)。"\n'


def test_a_catalog_is_normalized_in_its_place(project: Path) -> None:
    path = Path("locales/zh_CN/LC_MESSAGES/tea.po")
    path.parent.mkdir(parents=True)
    path.write_text(HEADER + BODY, "utf-8")
    dry = normalize("--dry-run")
    assert (
        "would write  locales/zh_CN/LC_MESSAGES/tea.po  (1 taken over, 0 offered, 0" in dry.output
    )
    assert path.read_text("utf-8") == HEADER + BODY
    assert normalize().exit_code == 0
    assert [unit.msgstr for unit in load(path, "zh_CN").units] == ["茶", "见[它]({1})。"]
    assert normalize().output == "normalize: 0 of 1 catalogs changed\n"


def test_a_file_of_another_tool_stays_as_it_is(project: Path) -> None:
    foreign = po(project, HEADER.replace("Content", "Language: zh_Hans\\nContent") + BODY)
    before = foreign.read_bytes()
    done = normalize("--from", str(foreign))
    assert "wrote  locales/zh_CN/LC_MESSAGES/tea.po  (2 taken over, 0 offered" in done.output
    assert foreign.read_bytes() == before


def test_a_file_without_a_language_needs_one(project: Path) -> None:
    catalog = replace(catalog_of(project, Unit("Tea", "茶")), header=())
    save(catalog)
    done = normalize("--from", str(catalog.path))
    assert done.exit_code == 2
    assert "the header names no language of the project. Name it with --locale." in done.stderr
    assert normalize("--from", str(catalog.path), "--locale", "zh-CN").exit_code == 0
