"""The translation memory in projects: what translate takes from it, and its own commands."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import pipeline
from pipeline.cli import main
from pipeline.model import Origin, State, Unit, fingerprint
from pipeline.po import load

OLD = "The model learns to remove a little noise at every single step."
NEW = "The model learns to remove some noise at every single step."
OLD_ZH = "模型学习在每一步去除少量噪声。"


def diglot(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def ok(*arguments: str) -> str:
    result = diglot(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def post(name: str, text: str) -> None:
    Path("posts").mkdir(exist_ok=True)
    Path("posts", f"{name}.md").write_text(text + "\n", "utf-8")


def catalog(name: str) -> Path:
    return Path("locales/zh_CN/LC_MESSAGES", f"{name}.po")


def units(name: str) -> dict[str, Unit]:
    return {unit.msgid: unit for unit in load(catalog(name), "zh_CN").units}


def fill(name: str, msgid: str, msgstr: str) -> None:
    """Translate one text as a person does."""
    path = catalog(name)
    text = path.read_text("utf-8")
    empty = f'msgid "{msgid}"\nmsgstr ""'
    assert empty in text
    path.write_text(text.replace(empty, f'msgid "{msgid}"\nmsgstr "{msgstr}"'), "utf-8")


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project in the current folder, one post of which a person has translated."""
    monkeypatch.chdir(tmp_path)
    post("old", OLD)
    ok("extract")
    fill("old", OLD, OLD_ZH)
    return tmp_path


def test_a_similar_text_is_fuzzy_shows_what_differs_and_is_built_as_a_draft() -> None:
    post("new", f"---\nlayout: post\n---\n{NEW}\n\n{OLD}\n\nNothing of the kind.")
    ok("extract")
    out = ok("translate", "--engine", "none")
    assert "3 to do; 2 from memory, 1 of them for similar texts; 1 left" in out
    found = units("new")
    assert found[OLD].state is State.TRANSLATED
    assert found[NEW].msgstr == OLD_ZH
    assert found[NEW].state is State.MACHINE
    assert found[NEW].origin == Origin("memory", "91 %", fingerprint(NEW), True)
    assert found[NEW].comments == (
        "source differs: The model learns to remove [-a little-]{+some+} noise at every single "
        "step.",
    )
    ok("build")
    assert "published: false" in Path("site/zh-CN/new.md").read_text("utf-8")


def test_nothing_is_left_of_the_memory_once_a_person_has_decided() -> None:
    post("new", NEW)
    ok("extract")
    ok("translate", "--engine", "none")
    path = catalog("new")
    path.write_text(path.read_text("utf-8").replace("#, fuzzy\n", ""), "utf-8")
    ok("extract")
    found = units("new")[NEW]
    assert (found.state, found.origin, found.comments) == (State.TRANSLATED, None, ())


@pytest.mark.parametrize(
    ("setting", "state"),
    [
        ('similar = "first"', "memory"),
        ('similar = "last"', "machine"),
        ("threshold = 0.95", "machine"),
    ],
)
def test_settings_say_when_a_similar_text_is_taken(setting: str, state: str) -> None:
    Path("diglot.toml").write_text(f"[memory]\n{setting}\n", "utf-8")
    post("new", NEW)
    ok("extract")
    ok("translate", "--engine", "pseudo")
    origin = units("new")[NEW].origin
    assert origin is not None
    assert origin.kind == state


@pytest.mark.parametrize(
    "text",
    [
        "The model learns to remove a little noise at every [single](/x) step.",
        "The model learns to remove a little `noise` at every single step.",
    ],
)
def test_a_similar_text_whose_markup_does_not_fit_is_not_taken(text: str) -> None:
    post("new", text)
    ok("extract")
    assert "0 from memory" in ok("translate", "--engine", "none")


def test_what_an_engine_made_for_one_post_serves_the_next() -> None:
    post("one", "Words that two posts share.")
    post("two", "Words that two posts share.")
    ok("extract")
    out = ok("translate", "--engine", "pseudo")
    assert "1 from memory; 1 by the pseudo engine" in out


def test_what_is_kept_as_it_is_teaches_nothing() -> None:
    """Every post keeps such texts by itself; they must not stand among what people translated."""
    post("kept", f"---\nlang: en\n---\n这本书的名字是中文\n\n{NEW}")
    ok("extract")
    assert units("kept")["这本书的名字是中文"].state is State.TRANSLATED
    assert "这本书" not in ok("memory", "search", "这本书的名字是中文", "--to", "zh_CN")
    assert OLD_ZH in ok("memory", "search", OLD, "--to", "zh_CN")


def test_a_dry_run_writes_no_index() -> None:
    post("new", NEW)
    ok("extract")
    shutil.rmtree(".diglot")
    assert "1 from memory" in ok("translate", "--dry-run")
    assert not Path(".diglot").exists()


def test_search_shows_score_place_difference_and_translation() -> None:
    assert ok("memory", "search", NEW) == (
        " 91 %  zh_CN  locales/zh_CN/LC_MESSAGES/old.po:13\n"
        "       The model learns to remove [-a little-]{+some+} noise at every single step.\n"
        f"       {OLD_ZH}\n"
    )
    assert "Nothing similar" in ok("memory", "search", "完全无关的文字", "--to", "en")
    (row,) = json.loads(ok("memory", "search", OLD_ZH, "--to", "en", "--json"))
    assert row == {
        "score": 100,
        "text": OLD_ZH,
        "translation": OLD,
        "locale": "en",
        "file": "locales/zh_CN/LC_MESSAGES/old.po",
        "line": 13,
        "reviewed": True,
        "engine": None,
        "differences": OLD_ZH,
    }


def test_the_index_can_be_deleted_and_follows_the_files() -> None:
    before = ok("memory", "search", NEW)
    shutil.rmtree(".diglot")
    assert ok("memory", "search", NEW) == before
    Path("posts/old.md").unlink()  # its translations stay useful
    post("other", "Something else")
    assert ok("memory", "search", NEW) == before
    catalog("old").unlink()
    assert "Nothing similar" in ok("memory", "search", NEW)


def test_the_index_is_there_before_a_changed_post_needs_it() -> None:
    assert "0 to do" in ok("translate", "--engine", "none")
    index = Path(".diglot/memory.sqlite")
    made = index.stat().st_mtime_ns
    assert "0 to do" in ok("translate", "--engine", "none")
    assert index.stat().st_mtime_ns == made


def test_runs_at_the_same_time_do_not_disturb_each_other() -> None:
    command = [sys.executable, "-m", "pipeline", "memory", "search", OLD]
    root = Path(pipeline.__file__).parents[1]
    runs = [
        subprocess.Popen(command, env={"PYTHONPATH": str(root)}, stdout=-1, stderr=-1, text=True)
        for _ in range(4)
    ]
    for run in runs:
        out, complaint = run.communicate(timeout=60)
        assert (OLD_ZH in out, complaint, run.returncode) == (True, "", 0)


def test_an_export_is_a_memory_for_another_project(project: Path) -> None:
    post("old", f"{OLD}\n\nUntranslated.\n\nSee [it](/a) and [that](/b).")
    ok("extract")
    fill("old", "See [it]({1}) and [that]({2}).", "参见[那]({2})和[它]({1})。")
    assert "2 pairs" in ok("memory", "export", "all.tmx")
    assert "unchanged" in ok("memory", "export", "all.tmx")
    assert "0 pairs" in ok("memory", "export", "none.tmx", "--to", "en")
    other = project / "other"
    (other / "posts").mkdir(parents=True)
    (other / "posts" / "x.md").write_text(f"{OLD}\n\nSee [it](/c) and [that](/d).\n", "utf-8")
    out = ok("memory", "import", "all.tmx", "-C", str(other))
    assert re.search(r"wrote .*other/locales/memory/all\.tmx  \(2 pairs\)", out)
    assert "unchanged" in ok("memory", "import", "all.tmx", "-C", str(other))
    ok("extract", "-C", str(other))
    assert "2 to do; 2 from memory; 0 left" in ok("translate", "-e", "none", "-C", str(other))
    text = (other / "locales/zh_CN/LC_MESSAGES/x.po").read_text("utf-8")
    assert "fuzzy" not in text
    assert "参见[那]({2})和[它]({1})。" in text


TMX = '<tmx><header srclang="en"/><body><tu>{}</tu></body></tmx>'


def test_an_import_that_would_do_harm_writes_nothing() -> None:
    pair = '<tuv xml:lang="en"><seg>a</seg></tuv><tuv xml:lang="zh"><seg>{}</seg></tuv>'
    Path("good.tmx").write_text(TMX.format(pair.format("甲")), "utf-8")
    Path("bad.tmx").write_text("<tmx>\n<header>\n", "utf-8")
    Path("empty.tmx").write_text(TMX.format(""), "utf-8")
    for bad, what in (("bad.tmx", "bad.tmx:3: "), ("empty.tmx", "no pair"), ("no.tmx", "cannot")):
        result = diglot("memory", "import", "good.tmx", bad)
        assert (result.exit_code, what in result.output) == (2, True), result.output
    assert not Path("locales/memory").exists()
    ok("memory", "import", "good.tmx")
    Path("good.tmx").write_text(TMX.format(pair.format("乙")), "utf-8")
    result = diglot("memory", "import", "good.tmx")
    assert (result.exit_code, "--replace" in result.output) == (2, True)
    ok("memory", "import", "good.tmx", "--replace")
    assert "乙" in ok("memory", "search", "a")


def test_a_bad_file_in_the_project_is_named_with_its_line() -> None:
    Path("locales/memory").mkdir()
    Path("locales/memory/x.tmx").write_text("<tmx>\n<body>\n</tmx>", "utf-8")
    post("new", NEW)
    ok("extract")
    result = diglot("translate", "--engine", "none")
    assert result.exit_code == 2
    assert "locales/memory/x.tmx:3: this is not well-formed XML" in result.output
