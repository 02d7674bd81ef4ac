"""What is remembered between runs, and work on several cores: neither may ever show."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import parallel
from pipeline.cli import main
from pipeline.errors import PipelineError

POSTS = {
    "posts/a.md": "# One title\n\nSome words of a diffusion model.\n",
    "posts/b.md": "# Another title\n\nMore words.\n",
    "posts/c.md": "# 标题\n\n一段话。\n",
}


def diglot(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == code, result.output
    return result.output


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project on which every command has run."""
    monkeypatch.chdir(tmp_path)
    Path("posts").mkdir()
    for name, text in POSTS.items():
        Path(name).write_text(text, encoding="utf-8")
    diglot("run", "-e", "pseudo")
    diglot("status")
    return tmp_path


def entries(stage: str) -> dict[str, str]:
    """Return the digests that a stage remembers, by post."""
    _, *lines = Path(f".diglot/{stage}.jsonl").read_text().splitlines()
    return dict(map(json.loads, lines[::2]))


def edit(name: str, old: str, new: str) -> None:
    path = Path(name)
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_every_stage_remembers_every_post(project: Path) -> None:
    for stage in ("extract", "translate", "build", "check", "status"):
        assert list(entries(stage)) == sorted(POSTS), stage
    assert Path(".diglot/.gitignore").read_text() == "*\n"


def test_a_changed_post_is_done_again_and_no_other(project: Path) -> None:
    diglot("extract")  # the catalogs were filled since
    before = entries("extract")
    edit("posts/b.md", "More words.", "Many more words.")
    assert "1 of 3 catalogs changed" in diglot("extract")
    after = entries("extract")
    assert [name for name in after if after[name] != before[name]] == ["posts/b.md"]


def test_an_edited_catalog_is_built_and_counted_again(project: Path) -> None:
    po = "locales/zh_CN/LC_MESSAGES/b.po"
    page = Path("site/zh-CN/b.md")
    assert "人写" not in page.read_text("utf-8")
    edit(po, "〖Ｍｏｒｅ", "〖人写Ｍｏｒｅ")
    assert "wrote  site/zh-CN/b.md" in diglot("build")
    assert "人写" in page.read_text("utf-8")
    edit(po, '#, fuzzy\nmsgid "More', 'msgid "More')
    assert '"reviewed": 1' in diglot("status", "--json")


def test_a_run_builds_and_checks_what_it_has_just_translated(project: Path) -> None:
    for folder in ("locales", "site", ".diglot"):
        shutil.rmtree(folder)
    for _ in range(2):  # the second time extract has nothing to do
        diglot("run", "-e", "none")
    page = Path("site/zh-CN/b.md")
    assert "〖" not in page.read_text("utf-8")
    diglot("run", "-e", "pseudo")
    assert "〖" in page.read_text("utf-8")
    before = entries("build"), entries("check")
    diglot("build")
    diglot("check")
    assert (entries("build"), entries("check")) == before


@pytest.mark.parametrize("harm", ["delete", "change"])
def test_a_built_file_that_is_not_as_it_was_is_built_again(project: Path, harm: str) -> None:
    page = Path("site/en/c.md")
    built = page.read_bytes()
    if harm == "delete":
        page.unlink()
    else:
        page.write_bytes(built + b"!")
    assert diglot("build").startswith("wrote  site/en/c.md\nbuild: 6 posts")
    assert page.read_bytes() == built


def test_settings_and_glossary_count(project: Path) -> None:
    assert diglot("check") == "No problems found.\n"
    edit("locales/zh_CN/LC_MESSAGES/a.po", "# machine: pseudo", "# machine: google")
    diglot("extract")
    Path("locales/glossary.csv").write_text("en,zh_CN\ndiffusion model,扩散模型\n", "utf-8")
    assert "扩散模型" in diglot("check")
    Path("diglot.toml").write_text('[checks]\nglossary = "off"\n', "utf-8")
    assert "扩散模型" not in diglot("check")


def test_findings_are_the_same_when_remembered(project: Path) -> None:
    edit(
        "locales/zh_CN/LC_MESSAGES/a.po",
        'msgid "One title"\nmsgstr "',
        'msgid "One title"\nmsgstr "{9}',
    )
    first = diglot("check", code=1)
    assert "{9}" in first
    assert diglot("check", code=1) == first
    refused = diglot("build", code=1)
    assert diglot("build", code=1) == refused


def test_what_is_remembered_for_another_folder_or_not_readable_is_not_used(project: Path) -> None:
    shutil.copytree(project, project / "copy")
    os.chdir("copy")
    memo = Path(".diglot/check.jsonl")
    key, *lines = memo.read_text().splitlines()
    lines[1::2] = ["made up"] * len(POSTS)
    memo.write_text("\n".join([key, *lines, ""]))
    assert diglot("check") == "No problems found.\n"
    key = memo.read_text().partition("\n")[0]
    about = json.dumps(["posts/a.md", "x"])
    for junk in ("", "[]", "[" * 100_000, f"{key}\n1\n2", f"{key}\n{about}", "\0", "\xff"):
        memo.write_text(junk)
        assert diglot("check") == "No problems found.\n"


def test_a_post_that_has_gone_is_forgotten(project: Path) -> None:
    Path("posts/b.md").unlink()
    for command in ("extract", "build"):
        diglot(command)
        assert list(entries(command)) == ["posts/a.md", "posts/c.md"]
    edit("posts/a.md", "Some", "Some more")
    diglot("extract", "posts/a.md")
    assert list(entries("extract")) == ["posts/a.md", "posts/c.md"]


def test_nothing_is_kept_without_the_folder(project: Path) -> None:
    shutil.rmtree(".diglot")
    Path(".diglot").write_text("in the way")
    assert diglot("check") == "No problems found.\n"
    assert Path(".diglot").read_text() == "in the way"


@pytest.mark.skipif(not hasattr(os, "fork"), reason="starting processes takes longer here")
def test_several_processes_do_the_same_as_one(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def outcome() -> tuple[list[str], dict[str, bytes]]:
        for folder in ("locales", "site", ".diglot"):
            shutil.rmtree(folder, ignore_errors=True)
        said = [
            diglot(*c.split())
            for c in ("extract", "translate -e pseudo", "build", "check", "status")
        ]
        paths = [p for d in ("locales", "site") for p in Path(d).rglob("*") if p.is_file()]
        return said, {str(path): path.read_bytes() for path in paths}

    alone = outcome()
    monkeypatch.setattr(parallel, "_PAYS", 0)
    monkeypatch.setattr(parallel, "_cores", lambda: 3)
    assert outcome() == alone
    Path("posts/b.md").write_bytes(b"\xff")
    assert "posts/b.md:1: not UTF-8" in diglot("extract", code=2)


def fails_at_three(number: int) -> int:
    if number == 3:
        raise PipelineError("three", path="x", line=3, hint="Do.")
    return number * 2


def test_results_come_in_order_and_errors_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parallel, "_cores", lambda: 2)
    assert list(parallel.in_order(fails_at_three, range(4, 40), 10**9)) == list(range(8, 80, 2))
    results = []
    with pytest.raises(PipelineError, match="three") as caught:
        results.extend(parallel.in_order(fails_at_three, range(40), 10**9))
    assert str(caught.value) == "x:3: three. Do."


def leave_a_trace(path: Path) -> str:
    path.touch()
    return path.name


def test_what_nobody_has_asked_for_yet_is_not_all_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else the results of ten thousand posts would wait in memory at once."""
    monkeypatch.setattr(parallel, "_cores", lambda: 2)
    paths = [tmp_path / str(number) for number in range(2000)]
    results = parallel.in_order(leave_a_trace, paths, 10**9)
    assert next(results) == "0"
    results.close()  # type: ignore[attr-defined]
    assert len(list(tmp_path.iterdir())) <= 200
