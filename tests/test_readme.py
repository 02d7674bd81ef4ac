"""The README is true: its examples are run, its excerpts are what stands in the files."""

from __future__ import annotations

import doctest
import re
import shlex
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.scaffold import settings_table

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text("utf-8")
EXAMPLES = re.findall(r"^```console\n(.*?)^```", README, re.M | re.S)
EXCERPT = re.compile(r"\(`([^`]+)`\):\n\n```\w+\n(.*?)```", re.S)


def test_every_example_prints_what_the_readme_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.copytree(ROOT / "posts", tmp_path / "posts")
    monkeypatch.chdir(tmp_path)
    checker = doctest.OutputChecker()
    for example in EXAMPLES:
        for command, expected in re.findall(r"^\$ diglot (.*)\n((?:(?!\$ ).*\n)*)", example, re.M):
            result = CliRunner().invoke(main, shlex.split(command))
            assert result.exit_code == 0, f"{command}: {result.output}"
            assert checker.check_output(expected, result.output, doctest.ELLIPSIS), (
                f"diglot {command} prints\n{result.output}"
            )


def test_every_command_has_an_example() -> None:
    documented = set(re.findall(r"^\$ diglot ([\w-]+)", "".join(EXAMPLES), re.M))
    assert documented == set(main.commands)


def test_excerpts_stand_in_the_sample_project(tmp_path: Path) -> None:
    for folder in ("posts", "locales"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    assert CliRunner().invoke(main, ["build", "-q", "-C", str(tmp_path)]).exit_code == 0
    excerpts = EXCERPT.findall(README)
    assert len(excerpts) == 3
    for name, text in excerpts:
        assert text in (tmp_path / name).read_text("utf-8"), name


def test_the_table_of_settings_is_complete() -> None:
    assert settings_table() in README


def test_the_sample_project_is_finished(tmp_path: Path) -> None:
    for folder in ("posts", "locales"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    for command in ("extract --dry-run", "check --fail-on info"):
        result = CliRunner().invoke(main, [*command.split(), "-C", str(tmp_path)])
        assert result.exit_code == 0, result.output
    assert (
        "0 of 3 catalogs changed"
        in CliRunner().invoke(main, ["extract", "-n", "-C", str(tmp_path)]).output
    )


def test_exactly_two_commands_set_a_machine_up() -> None:
    commands = re.findall(r"^```sh\n(.*?)^```", README, re.M | re.S)
    assert [command.strip().rpartition("&& ")[2] for command in commands] == [
        ".venv/bin/diglot run --project demo",
        ".venv/bin/pytest",
    ]
