"""`diglot extract` on a project: what it would do, and catalogs that follow their posts."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from pipeline.catalog import load, update
from pipeline.cli import main
from pipeline.model import Catalog, Unit

POST = "# Green tea\n\nIt comes from the hills.\n\nBoil the water first.\n\nThen wait.\n"
FOLDER = Path("locales/zh_CN/LC_MESSAGES")


def diglot(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def ok(*arguments: str) -> str:
    done = diglot(*arguments)
    assert done.exit_code == 0, done.output
    return done.output


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    Path("posts").mkdir()
    Path("posts/tea.md").write_text(POST, "utf-8")
    Path("diglot.toml").write_text("templates = true\n", "utf-8")
    ok("extract")
    translate("tea")


def translate(name: str) -> None:
    def done(catalog: Catalog) -> Catalog:
        units = (replace(unit, msgstr=f"译{n}") for n, unit in enumerate(catalog.units))
        return replace(catalog, units=tuple(units))

    update(FOLDER / f"{name}.po", "zh_CN", done)


def units(name: str) -> tuple[Unit, ...]:
    return load(FOLDER / f"{name}.po", "zh_CN").units


def snapshot() -> dict[Path, bytes]:
    return {
        p: p.read_bytes() for p in Path().rglob("*") if p.is_file() and ".diglot" not in p.parts
    }


def test_check_says_what_would_change_and_fails() -> None:
    assert ok("extract", "--check") == "extract: 0 of 2 catalogs changed\n"
    Path("posts/tea.md").write_text(POST.replace("Then wait", "Then wait a little"), "utf-8")
    before = snapshot()
    done = diglot("extract", "--check")
    assert done.exit_code == 1
    assert "would write  locales/zh_CN/LC_MESSAGES/tea.po  (4 texts, 1 new, 1 gone" in done.output
    assert snapshot() == before
    ok("extract")
    ok("extract", "--check")


@pytest.mark.parametrize("mark", ["\ufeff", ""])
@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_what_is_odd_about_a_file_is_said_by_extract_and_check(mark: str, newline: str) -> None:
    path = FOLDER / "tea.po"
    text = path.read_text("utf-8")
    path.write_text(mark + text, "utf-8", newline=newline)
    names = [
        *(["a byte-order mark"] if mark else []),
        *(["CRLF line ends"] if "\r" in newline else []),
    ]
    said = [f"the file has {name}" for name in names]
    assert [line for line in said if line in diglot("check", "--fail-on", "info").output] == said
    output = ok("extract")
    assert [name for name in names if f"without {name}" in output] == names
    assert path.read_text("utf-8", "strict") == text


@pytest.mark.parametrize("new", ["green-tea", "drinks/2026/tea"])
def test_a_post_that_moves_takes_its_catalog_and_template_along(new: str) -> None:
    before = units("tea")
    Path(f"posts/{new}.md").parent.mkdir(parents=True, exist_ok=True)
    Path("posts/tea.md").rename(f"posts/{new}.md")
    dry = diglot("extract", "--check")
    assert dry.exit_code == 1
    assert f"{new}.po  (was locales/zh_CN/LC_MESSAGES/tea.po, 4 texts)" in dry.output
    assert ok("extract").replace("wrote", "would write") == dry.output
    assert units(new) == tuple(replace(u, references=(f"posts/{new}.md",)) for u in before)
    catalogs = {path.as_posix() for path in Path("locales").rglob("*.po*")}
    assert catalogs == {f"locales/templates/{new}.pot", f"{FOLDER.as_posix()}/{new}.po"}
    assert ok("extract") == "extract: 0 of 2 catalogs changed\n"


def test_a_post_that_moves_and_changes_is_known_by_half_of_its_texts() -> None:
    Path("posts/tea.md").unlink()
    Path("posts/new.md").write_text(POST.replace("Boil the water first.", "Cold."), "utf-8")
    ok("extract")
    assert [unit.msgstr for unit in units("new")] == ["译0", "译1", "", "译3", "译2"]
    assert units("new")[-1].obsolete


def test_a_copied_and_an_unlike_post_take_no_catalog() -> None:
    Path("posts/copy.md").write_text(POST, "utf-8")
    ok("extract")
    assert [unit.msgstr for unit in units("copy")] == [""] * 4
    Path("posts/tea.md").unlink()
    Path("posts/other.md").write_text("# Green tea\n\nAll of this is new.\n", "utf-8")
    ok("extract")
    assert (FOLDER / "tea.po").exists()
    assert [unit.msgstr for unit in units("other")] == ["", ""]


def test_of_two_catalogs_without_a_post_the_likest_is_taken() -> None:
    Path("posts/more.md").write_text(POST + "\nPour it over the leaves.\n", "utf-8")
    ok("extract")
    translate("more")
    Path("posts/more.md").rename("posts/pouring.md")
    Path("posts/tea.md").rename("posts/waiting.md")
    (FOLDER / "broken.po").write_text("<<<<<<<\n", "utf-8")
    ok("extract")
    assert [unit.msgstr for unit in units("pouring")] == [f"译{n}" for n in range(5)]
    assert [unit.msgstr for unit in units("waiting")] == [f"译{n}" for n in range(4)]


def test_a_text_that_moves_to_another_post_is_known_from_memory() -> None:
    Path("posts/tea.md").write_text(POST.replace("\n\nThen wait.", ""), "utf-8")
    Path("posts/waiting.md").write_text("# Waiting\n\nThen wait.\n", "utf-8")
    ok("extract")
    ok("translate", "--engine", "none")
    assert [unit.msgstr for unit in units("waiting")] == ["", "译3"]
