"""Other people's tools on our files, and our files after them: nothing is lost on the way."""

from __future__ import annotations

import re
import shutil
import sys
import tomllib
from collections.abc import Callable
from dataclasses import replace
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from click.testing import CliRunner
from po_files import needs_gettext, run

from pipeline.babel_extractor import extract
from pipeline.catalog import dumps, load, update
from pipeline.cli import main
from pipeline.model import Catalog, Origin, State, Unit, fingerprint

ROOT = Path(__file__).parents[1]
POST = """\
---
title: Tea for {two}
---

# Green *tea*

About 100% of users read [the course](/course) and https://example.org first.

<!-- i18n:context: verb -->

Boil

The kettle stands on the stove and sings its song until someone takes it away.

Machines wrote the translation of this sentence about leaves, nobody has read it.
"""
PO = Path("locales/zh_CN/LC_MESSAGES/tea.po")
POT = Path("locales/templates/tea.pot")
CHINESE = {
    "Tea for {{two}}": "{{两}}人的茶",
    "Green *tea*": "绿*茶*",
    "About 100% of users read [the course]({1}) and {2} first.": "人人先读[课程]({1})和{2}。",
    "Boil": "煮",
    "The kettle stands on the stove and sings its song until someone takes it away.": "壶在唱歌。",
}
MACHINES = "Machines wrote the translation of this sentence about leaves, nobody has read it."


def ok(*arguments: str) -> None:
    done = CliRunner().invoke(main, arguments)
    assert done.exit_code == 0, done.output


def translated(unit: Unit) -> Unit:
    if unit.msgid == MACHINES:
        origin = Origin("machine", "google", fingerprint(MACHINES))
        return replace(unit, msgstr="机器写的。", fuzzy=True, origin=origin, comments=("a remark",))
    return replace(unit, msgstr=CHINESE[unit.msgid])


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("posts").mkdir()
    Path("posts/tea.md").write_text(POST, "utf-8")
    Path("diglot.toml").write_text("templates = true\n", "utf-8")
    ok("extract")
    update(PO, "zh_CN", lambda old: replace(old, units=tuple(map(translated, old.units))))


def catalog() -> Catalog:
    return load(PO, "zh_CN")


def edit_post(old: str, new: str) -> None:
    Path("posts/tea.md").write_text(POST.replace(old, new), "utf-8")


@needs_gettext
def test_gettext_accepts_what_we_write() -> None:
    for path in (PO, POT):
        done = run("msgfmt", "-c", "-o", "out.mo", path)
        assert done.returncode == 0, done.stderr
        assert run("msgcat", "--no-wrap", path).stdout == path.read_text("utf-8")
    assert "python-format" not in PO.read_text("utf-8") + POT.read_text("utf-8")


@needs_gettext
@pytest.mark.parametrize(
    ("options", "kept"),
    [
        (("--translated", "--no-fuzzy"), lambda unit: unit.state is State.TRANSLATED),
        (("--only-fuzzy",), lambda unit: unit.fuzzy),
        (("--untranslated",), lambda unit: not unit.msgstr),
        (("--no-obsolete",), lambda unit: True),
    ],
)
def test_msgattrib_picks_what_we_mean(
    options: tuple[str, ...], kept: Callable[[Unit], bool]
) -> None:
    Path("picked.po").write_text(run("msgattrib", *options, PO).stdout, "utf-8")
    assert load(Path("picked.po"), "zh_CN").units == tuple(filter(kept, catalog().units))


@needs_gettext
def test_what_poedit_saves_loses_nothing() -> None:
    before = catalog().units
    wrapped = run("msgcat", "--width=40", PO).stdout
    lines = '"X-Generator: Poedit 3.4\\\\n"\n"X-Poedit-Basepath: ../../..\\\\n"\n'
    wrapped = re.sub(r'"X-Generator: .*\n', lines, wrapped)
    PO.write_text(wrapped, "utf-8")
    assert catalog().units == before
    ok("extract")
    assert PO.read_text("utf-8") == wrapped
    edit_post("Green *tea*", "Green *teas*")
    ok("extract")
    after = PO.read_text("utf-8")
    kept = [entry for entry in wrapped.split("\n\n") if "Green" not in entry]
    assert [entry for entry in after.strip().split("\n\n") if "Green" not in entry] == [
        entry.strip() for entry in kept
    ]


@needs_gettext
def test_what_weblate_saves_loses_nothing() -> None:
    edit_post("takes it away", "carries it away")
    (changed,) = re.findall(r"The kettle .*", Path("posts/tea.md").read_text("utf-8"))
    before = catalog()
    ok("extract")
    ours = catalog()
    PO.write_text(dumps(before), "utf-8")
    merged = run("msgmerge", "--previous", "--no-wrap", "--quiet", PO, POT)
    assert merged.returncode == 0, merged.stderr
    PO.write_text(merged.stdout, "utf-8")
    theirs = {unit.msgid: unit for unit in catalog().units}
    assert theirs[changed].state is State.STALE
    ok("extract")
    assert {unit.key: unit for unit in catalog().units} == {unit.key: unit for unit in ours.units}


@needs_gettext
def test_a_machines_text_that_msgmerge_gives_to_a_changed_source_is_stale() -> None:
    edit_post("nobody has read it", "somebody has read it")
    before = PO.read_text("utf-8")
    ok("extract")
    PO.write_text(before, "utf-8")
    PO.write_text(run("msgmerge", "--no-wrap", "--quiet", PO, POT).stdout, "utf-8")
    (unit,) = (unit for unit in catalog().units if unit.msgid.startswith("Machines"))
    assert (unit.msgid, unit.msgstr) == (MACHINES.replace("nobody", "somebody"), "机器写的。")
    assert unit.state is State.STALE
    assert unit.previous is None
    done = CliRunner().invoke(main, ["check"])
    assert "the source has changed since it was translated" in done.output
    ok("build", "--quiet")
    built = Path("site/zh-CN/tea.md").read_text("utf-8")
    assert "壶在唱歌" in built
    assert "机器写的" not in built


def test_pofilter_finds_nothing_wrong_with_braces() -> None:
    pytest.importorskip("translate.filters.pofilter")
    assert pofilter_finds(PO) == ""
    broken = PO.read_text("utf-8").replace("[课程]({1})", "[课程]({3})")
    Path("broken.po").write_text(broken, "utf-8")
    assert "pythonbraceformat" in pofilter_finds(Path("broken.po"))


def pofilter_finds(path: Path) -> str:
    found = Path("found.po")
    found.unlink(missing_ok=True)
    program = (sys.executable, "-m", "translate.filters.pofilter")
    run(*program, "--progress=none", "-t", "pythonbraceformat", path, found)
    return found.read_text("utf-8") if found.exists() else ""


# Babel


def pybabel(mapping: str) -> list[tuple[str | None, str]]:
    """Return context and text of what ``pybabel extract`` lists, in order."""
    Path("babel.cfg").write_text(mapping, "utf-8")
    command = ["pybabel", "-q", "extract", "-F", "babel.cfg", "-o", "posts.pot", "."]
    assert not CommandLineInterface().run(command)
    with Path("posts.pot").open("rb") as file:
        return [(message.context, str(message.id)) for message in read_po(file) if message.id]


def test_pybabel_lists_the_texts_of_posts() -> None:
    (section,) = re.findall(
        r"^```ini\n(.*?)^```", (ROOT / "README.md").read_text("utf-8"), re.M | re.S
    )
    method = "[extractors]\ndiglot = pipeline.babel_extractor:extract\n"
    assert pybabel(method + section) == [unit.key for unit in catalog().units]
    pot = Path("posts.pot").read_text("utf-8")
    assert "#. {1} = /course" in pot
    assert "python-format" in pot  # what Babel guesses; we do not take it over
    if shutil.which("msgmerge"):
        PO.write_text(run("msgmerge", "--no-wrap", "--quiet", PO, "posts.pot").stdout, "utf-8")
        assert "python-format" in PO.read_text("utf-8")
        ok("extract")
        assert "python-format" not in PO.read_text("utf-8")
        assert {unit.msgstr for unit in catalog().units} >= set(CHINESE.values())


def test_the_extraction_method_is_declared() -> None:
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]
    ((name, value),) = groups["babel.extractors"].items()
    assert EntryPoint(name, value, "babel.extractors").load() is extract
