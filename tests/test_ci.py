"""What a team's CI sees: which findings fail a run, and where they are written."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from pipeline.cli import main

CATALOGS = Path("locales/zh_CN/LC_MESSAGES")
BASELINE = "known.json"


def diglot(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def checks(result: Result) -> list[str]:
    """The checks of the findings in JSON lines."""
    return [json.loads(line)["check"] for line in result.stdout.splitlines()]


def git(*arguments: str) -> None:
    identity = ["-c", "user.name=A", "-c", "user.email=a@example.org"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


def write_post(name: str, text: str, translation: str) -> None:
    """Write a post of one paragraph that a person has translated."""
    Path("posts").mkdir(exist_ok=True)
    Path("posts", f"{name}.md").write_text(f"{text}\n", "utf-8")
    assert diglot("extract").exit_code == 0
    catalog = CATALOGS / f"{name}.po"
    entry = re.compile(rf'(msgid "{re.escape(text)}"\nmsgstr ").*"')
    content = entry.sub(rf'\g<1>{translation}"', catalog.read_text("utf-8"))
    catalog.write_text(content, "utf-8")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project below the root of a repository: an error in one post, a warning in another."""
    monkeypatch.chdir(tmp_path)
    git("init", "-q", "-b", "main")
    Path("blog").mkdir()
    monkeypatch.chdir(tmp_path / "blog")
    Path(".gitignore").write_text(".diglot/\n")
    write_post("a", "Run `make` now.", "现在运行。")
    write_post("b", "Why not, though?", "为什么不呢?")
    git("add", ".")
    git("commit", "-qm", "Begin")
    return tmp_path / "blog"


@pytest.mark.parametrize(
    ("words", "code"),
    [([], 1), (["posts/b.md"], 0), (["posts/b.md", "--fail-on", "warning"], 1)],
)
def test_what_fails_the_run(words: list[str], code: int) -> None:
    assert diglot("check", *words).exit_code == code


# Files


def test_several_reports_are_written_in_the_formats_of_their_names() -> None:
    names = ["r.sarif", "r.xml", "r.json", "r.jsonl", "r.html", "r.txt"]
    outputs = [word for name in names for word in ("-o", f"out/{name}")]
    result = diglot("check", "-q", *outputs)
    assert result.exit_code == 1
    starts = [Path("out", name).read_text("utf-8")[:9].split("\n")[0] for name in names]
    assert starts == ["{", "<?xml ver", "[", '{"check":', "<!doctype", "posts/a.m"]
    assert "zh-halfwidth-punct" not in result.stdout
    assert "zh-halfwidth-punct" in Path("out/r.txt").read_text("utf-8")
    assert "\x1b" not in Path("out/r.txt").read_text("utf-8")


def test_only_a_terminal_that_wants_colours_gets_them(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "\x1b[31m" in CliRunner().invoke(main, ["check"], color=True).output
    assert "\x1b" not in diglot("check").output
    monkeypatch.setenv("NO_COLOR", "1")
    assert "\x1b" not in CliRunner().invoke(main, ["check"], color=True).output


def test_an_unknown_ending_is_told() -> None:
    result = diglot("check", "-o", "out.pdf")
    assert result.exit_code == 2
    assert "out.pdf: no format of a report has this ending. Use one of .txt," in result.output


def test_all_findings_are_added_to_the_summary_of_a_step(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path / "summary.md"))
    (tmp_path / "summary.md").write_text("Before.\n")
    for _ in range(2):
        assert diglot("check", "-f", "github").exit_code == 1
    text = (tmp_path / "summary.md").read_text("utf-8")
    assert text.startswith("Before.\n### Diglot")
    assert text.count("| error |") == text.count("| warning |") == 2
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(tmp_path))
    assert diglot("check", "-f", "github").exit_code == 2


# A baseline


def test_only_new_findings_fail_and_moved_lines_are_not_new() -> None:
    assert diglot("check", "--baseline", BASELINE).exit_code == 2
    assert "(2 findings)" in diglot("check", "--baseline", BASELINE, "--update-baseline").output
    Path("posts/a.md").write_text("New text.\n\nRun `make` now.\n", "utf-8")
    diglot("extract")
    result = diglot("check", "--baseline", BASELINE, "-f", "jsonl")
    assert (result.exit_code, checks(result)) == (0, ["untranslated"])

    write_post("c", "Use `git`.", "使用它。")
    result = diglot("check", "--baseline", BASELINE, "-f", "jsonl")
    assert (result.exit_code, checks(result)) == (1, ["untranslated", "code-span"])


def test_what_the_baseline_knows_in_vain_is_told_by_a_check_of_all_posts() -> None:
    diglot("check", "--baseline", BASELINE, "--update-baseline")
    write_post("b", "Why not, though?", "为什么不呢？")
    result = diglot("check", "--baseline", BASELINE, "-v")
    assert result.exit_code == 0
    assert "known.json: 1 known findings do not occur any more" in result.stderr
    assert "posts/b.md: [zh-halfwidth-punct]" in result.stderr
    assert not diglot("check", "--baseline", BASELINE, "posts/a.md").stderr
    diglot("check", "--baseline", BASELINE, "--update-baseline")
    assert not diglot("check", "--baseline", BASELINE).stderr


@pytest.mark.parametrize("text", ["", "[]", '{"format": "x"}', "[" * 100_000, "\x00"])
def test_a_bad_baseline_is_told(text: str) -> None:
    Path(BASELINE).write_text(text, "utf-8")
    result = diglot("check", "--baseline", BASELINE)
    assert result.exit_code == 2
    assert "known.json: this is no baseline of Diglot." in result.output


def test_a_baseline_is_written_of_all_findings_only() -> None:
    for words in (["--update-baseline"], ["--baseline", "x", "--update-baseline", "posts/a.md"]):
        result = diglot("check", *words)
        assert result.exit_code == 2
        assert "--update-baseline needs" in result.output


# What has changed


def test_only_findings_in_changed_files_are_reported(project: Path) -> None:
    since = ["check", "-f", "jsonl", "--changed-since"]
    assert checks(diglot(*since, "HEAD")) == []
    git("checkout", "-qb", "branch")
    write_post("c", "Use `git`.", "使用它。")
    assert checks(diglot(*since, "HEAD")) == ["code-span"]
    git("add", ".")
    git("commit", "-qm", "Add c")
    assert checks(diglot(*since, "HEAD")) == []
    assert checks(diglot(*since, "main")) == ["code-span"]

    git("checkout", "-q", "main")
    write_post("b", "Why not, though?", "为什么 不呢?")
    git("commit", "-qam", "Go on elsewhere")
    git("checkout", "-q", "branch")
    result = diglot(*since, "main", "-C", str(project))
    assert (result.exit_code, checks(result)) == (1, ["code-span"])


def test_a_changed_catalog_counts_as_its_post_does() -> None:
    catalog = CATALOGS / "b.po"
    catalog.write_text(catalog.read_text("utf-8").replace("为什么不", "为何不"), "utf-8")
    result = diglot("check", "-f", "jsonl", "--changed-since", "HEAD")
    assert (result.exit_code, checks(result)) == (0, ["zh-halfwidth-punct"])


@pytest.mark.parametrize("revision", ["nowhere", "--help", "-1", "--output=stolen", "", "a\x00b"])
def test_an_unknown_revision_is_told_and_never_an_option(revision: str, project: Path) -> None:
    before = sorted(project.rglob("*"))
    result = diglot("check", f"--changed-since={revision}")
    assert result.exit_code == 2
    assert "Git knows no revision" in result.output
    assert [p for p in sorted(project.rglob("*")) if ".diglot" not in str(p)] == [
        p for p in before if ".diglot" not in str(p)
    ]


def test_outside_of_git_there_is_no_since(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    (tmp_path / ".git").rename(tmp_path / "git")
    result = diglot("check", "--changed-since", "HEAD")
    assert result.exit_code == 2
    assert "this is no Git work tree" in result.output


def test_histories_that_share_nothing_are_told() -> None:
    git("checkout", "-q", "--orphan", "other")
    git("commit", "-qm", "Begin again")
    result = diglot("check", "--changed-since", "main")
    assert result.exit_code == 2
    assert '"main" shares no history with what is checked out' in result.output


# Hooks, the action and the workflow

ROOT = Path(__file__).parent.parent
ACTION = ".github/actions/diglot-check/action.yml"
WORKFLOW = ".github/workflows/diglot.yml"


def steps(name: str) -> list[dict[str, Any]]:
    """The steps of the action or of the workflow that ``diglot init`` has written."""
    content = yaml.safe_load(Path(name).read_text("utf-8"))
    if name == ACTION:
        return list(content["runs"]["steps"])
    return [step for job in content["jobs"].values() for step in job["steps"]]


@pytest.fixture
def written() -> None:
    assert diglot("init").exit_code == 0


def judge(name: str, *arguments: str) -> None:
    """Let a tool that is installed beside our own say whether files are valid."""
    tool = shutil.which(name, path=str(Path(sys.executable).parent))
    if tool is None and not os.environ.get("CI"):
        pytest.skip(f"{name} is not installed")
    done = subprocess.run([tool or name, *arguments], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_hooks_are_valid_and_name_commands_that_exist() -> None:
    judge("pre-commit", "validate-manifest", str(ROOT / ".pre-commit-hooks.yaml"))
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    for hook in hooks:
        program, *words = hook["entry"].split()
        assert program == "diglot"
        assert diglot(*words, "--help").exit_code == 0


@pytest.mark.parametrize(("name", "schema"), [(ACTION, "actions"), (WORKFLOW, "workflows")])
def test_the_action_and_the_workflow_are_valid(written: None, name: str, schema: str) -> None:
    judge("check-jsonschema", "--builtin-schema", f"vendor.github-{schema}", name)


def test_this_repository_uses_the_action_that_init_writes(written: None) -> None:
    assert Path(ACTION).read_bytes() == (ROOT / ACTION).read_bytes()


def test_the_workflow_only_checks_and_may_only_read(written: None) -> None:
    workflow = yaml.safe_load(Path(WORKFLOW).read_text("utf-8"))
    assert workflow["permissions"] == {"contents": "read"}
    uses = [step["uses"] for step in steps(WORKFLOW)]
    assert uses == ["actions/checkout@v4", f"./{Path(ACTION).parent.as_posix()}"]
    assert [step["run"].split()[0] for step in steps(ACTION)[1:-1]] == ["python"]
    assert steps(ACTION)[-1]["run"].splitlines()[-1] == 'diglot check "${options[@]}"'


def test_no_input_of_the_action_becomes_a_command(written: None, tmp_path: Path) -> None:
    assert not [step for step in steps(ACTION) if "${{" in step.get("run", "")]
    recorder = tmp_path / "bin" / "diglot"
    recorder.parent.mkdir()
    recorder.write_text(f"#!{sys.executable}\nimport json, sys\nprint(json.dumps(sys.argv[2:]))\n")
    recorder.chmod(0o755)
    step = steps(ACTION)[-1]
    hostile = {name: f"-x $(touch {name}) `id`; '\"" for name in step["env"]}
    environment = {"PATH": f"{recorder.parent}:{os.environ['PATH']}"}
    for given in ({}, hostile):
        done = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            env={**environment, **given},
            capture_output=True,
            text=True,
            check=True,
        )
        expected = ["--format=github", f"--project={given.get('PROJECT', '.')}"]
        options = ("fail-on", "baseline", "changed-since", "output")
        variables = ("FAIL_ON", "BASELINE", "CHANGED_SINCE", "SARIF")
        pairs = zip(options, variables, strict=True)
        expected += [f"--{option}={given[name]}" for option, name in pairs if name in given]
        assert json.loads(done.stdout) == expected
    assert not [name for name in hostile if Path(name).exists()]


def test_the_action_s_command_fails_where_check_does(written: None) -> None:
    script = steps(ACTION)[-1]["run"].replace("diglot", f"{sys.executable} -m pipeline")
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "SARIF": "found.sarif"}
    command = ["bash", "-eo", "pipefail", "-c", script]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert done.stdout.startswith("::error file=posts/a.md,line=1,")
    assert json.loads(Path("found.sarif").read_text("utf-8"))["runs"]
