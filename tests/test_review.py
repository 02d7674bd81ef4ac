"""Reviewing: what accept and reject make of entries, in bulk and key by key."""

from __future__ import annotations

import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from terminal import typed

from pipeline.cli import main
from pipeline.cli.columns import side_by_side, wrap
from pipeline.decisions import escaped, rejected, rejected_texts
from pipeline.model import Origin, Unit, fingerprint
from pipeline.po import load, save
from pipeline.widths import width

POST = Path("posts/walk.md")
CATALOG = Path("locales/zh_CN/LC_MESSAGES/walk.po")
TEXTS = {
    "A walk": ("散步", "google"),
    "I walked to [the lake]({1}).": ("我走到[湖]({1})边。", "google"),
    "It was cold.": ("天很冷。", "deepl"),
    "Nobody came.": ("没有人来。", "92 %"),
    "I came back at five.": ("我六点回来。", ""),
    "It was so cold.": ("天真冷。", "reviewed"),
    "I slept like a stone until the morning.": ("我像石头一样睡到早上。", "reviewed"),
    "The `end`.": ("完。", "google"),
}
"""A post's texts, each with its translation and who made it; nobody: a person who doubts it."""


def diglot(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def ok(*arguments: str) -> str:
    result = diglot(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def unit(known: Unit, translation: str, made_by: str) -> Unit:
    kind = "memory" if made_by.endswith("%") else "machine"
    origin = Origin(kind, made_by, fingerprint(known.msgid))
    return replace(
        known,
        msgstr=translation,
        fuzzy=made_by != "reviewed",
        origin=origin if made_by not in ("", "reviewed") else None,
    )


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A post with translations of every kind, in the current folder."""
    monkeypatch.chdir(tmp_path)
    POST.parent.mkdir()
    texts = [text.replace("{1}", "/lake") for text in TEXTS]
    POST.write_text("# " + "\n\n".join(texts) + "\n", "utf-8")
    ok("extract")
    catalog = load(CATALOG, "zh_CN")
    units = (unit(known, *TEXTS[known.msgid]) for known in catalog.units)
    save(replace(catalog, units=tuple(units)))
    return tmp_path


def standing() -> dict[str, tuple[str, str]]:
    """Every text's translation, and what its entry says besides."""
    return {
        u.msgid: (
            u.msgstr,
            " ".join(["fuzzy"] * u.fuzzy + [u.origin.name if u.origin else "", *u.comments]),
        )
        for u in load(CATALOG, "zh_CN").units
    }


def changed(before: dict[str, tuple[str, str]]) -> set[str]:
    return {text for text, said in standing().items() if said != before[text]}


# In bulk


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["posts/walk.md"], {"A walk", "I walked to", "It was cold.", "Nobody came."}),
        (["--all"], {"A walk", "I walked to", "It was cold.", "Nobody came."}),
        (["--engine", "google"], {"A walk", "I walked to"}),
        (["--engine", "memory"], {"Nobody came."}),
        (["--match", "WALK"], {"A walk", "I walked to"}),
        (["--match", "walk*lake"], {"I walked to"}),
        (["--match", "很冷"], {"It was cold."}),
        (["--locale", "zh-CN", "--match", "五"], set()),
        (["--engine", "google", "--match", "cold"], set()),
    ],
)
def test_which_entries_are_accepted(words: list[str], expected: set[str]) -> None:
    before = standing()
    result = diglot("accept", *words)
    assert result.exit_code == ("1 with errors left" in result.output)
    assert {text.partition(" [")[0] for text in changed(before)} == expected
    for text in changed(before):
        assert standing()[text] == (before[text][0], "")


def test_what_has_errors_is_left_and_shown() -> None:
    result = diglot("accept", "--engine", "google", "--match", "end")
    assert result.exit_code == 1
    assert "posts/walk.md:15: error [code-span]" in result.output
    assert "accept: 0 accepted, 1 with errors left" in result.output


def test_a_rejected_translation_is_kept_in_a_comment_and_not_taken_again() -> None:
    before = standing()
    ok("translate", "--engine", "copy")
    assert standing() == before
    ok("reject", "--engine", "google", "posts")
    assert standing()["A walk"] == ("", " rejected: google: 散步")
    assert changed(before) == {text for text, (_, made_by) in TEXTS.items() if made_by == "google"}
    translator = Path("translator.py")
    translator.write_text(
        "import json, sys\n"
        "for line in sys.stdin:\n"
        "    request = json.loads(line)\n"
        "    print(json.dumps({'id': request['id'], 'text': '散步'}), flush=True)\n",
        "utf-8",
    )
    command = f"[engines.command]\ncommand = [{sys.executable!r}, 'translator.py']\n"
    Path("diglot.toml").write_text(command, "utf-8")
    ok("translate", "--engine", "command")
    assert standing()["A walk"][0] == ""
    assert "a person has rejected this translation" in standing()["A walk"][1]


def test_the_engine_whose_work_was_rejected_is_asked_again_only_afresh() -> None:
    ok("reject", "--all")
    ok("translate", "--engine", "pseudo")
    ok("reject", "--match", "came.")
    assert "1 x a person has rejected what pseudo made" in ok("translate", "--engine", "pseudo")
    assert standing()["Nobody came."][0] == ""
    ok("translate", "--engine", "copy")
    assert standing()["Nobody came."][0] == "Nobody came."


def test_a_dry_run_writes_nothing() -> None:
    before = CATALOG.read_bytes(), CATALOG.stat().st_mtime_ns
    assert "would accept  locales" in ok("accept", "-n", "--engine", "deepl")
    assert "would reject  locales" in ok("reject", "-n", "--all")
    assert (CATALOG.read_bytes(), CATALOG.stat().st_mtime_ns) == before


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["accept"], "There is no terminal to ask you in. Say what to accept"),
        (["reject", "-i", "--all"], "--interactive needs a terminal"),
        (["accept", "-n"], "--dry-run needs a choice"),
        (["accept", "posts/none.md"], "This is no post of the project"),
        (["accept", "-e", "gogle"], 'no entry is by an engine "gogle". Did you mean "google"?'),
        (["accept", "-l", "fr", "--all"], "is none of the project's languages"),
    ],
)
def test_without_a_terminal_or_a_choice(words: list[str], complaint: str) -> None:
    before = standing()
    result = diglot(*words)
    assert (result.exit_code, complaint in result.output) == (2, True), result.output
    assert standing() == before


# Key by key


def editor(folder: Path, script: str) -> dict[str, str]:
    """The environment in which the editor is a script that is given the file as ``name``."""
    path = folder / "editor.py"
    path.write_text(f"import sys, pathlib\nname = pathlib.Path(sys.argv[1])\n{script}\n", "utf-8")
    return {"EDITOR": f"{sys.executable} {path}"}


def test_keys_accept_reject_undo_and_quit(project: Path) -> None:
    before = standing()
    code, screen = typed(["accept", "posts", "-i"], "asrurq", folder=project)
    assert (code, changed(before)) == (0, {"A walk", "It was cold."})
    assert standing()["A walk"] == ("散步", "")
    assert standing()["It was cold."] == ("", " rejected: deepl: 天很冷。")
    assert screen.count("posts/walk.md:5 →") == 2
    assert "accept: 1 accepted, 1 rejected, 1 skipped" in screen
    assert "I walked to [the lake]({1}).             我走到[湖]({1})边。" in screen


def test_a_person_s_work_is_not_rejected_but_can_be_accepted(project: Path) -> None:
    before = standing()
    keys = ["r", "1", "t", "x", "a"]
    _, screen = typed(["reject", "-i", "-m", "back"], keys, folder=project)
    for said in ("This is a person's work", "no such translation", "no suggestion", "undo the"):
        assert said in screen
    assert changed(before) == {"I came back at five."}
    assert standing()["I came back at five."] == ("我六点回来。", "")


def test_what_is_written_in_the_editor_is_accepted_unless_it_has_errors(project: Path) -> None:
    script = "name.write_text('湖边。' if '湖' in name.read_text('utf-8') else '冷。', 'utf-8')"
    environment = editor(project, script)
    _, screen = typed(["accept"], "seseq", folder=project, environment=environment)
    assert "Saved as needing work." in screen
    assert standing()["I walked to [the lake]({1})."] == ("湖边。", "fuzzy ")
    assert standing()["It was cold."] == ("冷。", "")


def test_an_entry_that_somebody_changes_meanwhile_is_never_overwritten(project: Path) -> None:
    environment = editor(
        project,
        f"catalog = pathlib.Path('{CATALOG}')\n"
        "catalog.write_text(catalog.read_text('utf-8').replace('散步', '走走'), 'utf-8')\n"
        "name.write_text('漫步', 'utf-8')",
    )
    _, screen = typed(
        ["accept", "-i", "-m", "A walk"], "eq", folder=project, environment=environment
    )
    assert "Somebody has changed this entry meanwhile; nothing was written." in screen
    assert standing()["A walk"] == ("走走", "fuzzy google")


def test_memory_differences_and_suggestions_are_shown_and_can_be_taken(project: Path) -> None:
    new = "I slept like a stone until the late morning."
    POST.write_text(POST.read_text("utf-8").replace("the morning", "the late morning"), "utf-8")
    ok("extract")
    catalog = load(CATALOG, "zh_CN")
    offer = f"suggestion: google src={fingerprint(new)}: 我像石头一样睡到\\\\晌午。"
    units = (replace(u, comments=(offer,)) if u.previous else u for u in catalog.units)
    save(replace(catalog, units=tuple(units)))
    code, screen = typed(["accept", "-i", "-m", "stone"], "t", folder=project, columns=120)
    assert (code, standing()[new]) == (0, ("我像石头一样睡到\\晌午。", ""))
    assert "source differs: I slept like a stone until the {+late +}morning." in screen

    code, screen = typed(["accept", "-i", "-m", "天很冷"], "1", folder=project)
    assert (code, standing()["It was cold."]) == (0, ("天真冷。", ""))
    assert re.search(rf"  1: \d\d %  {CATALOG}:\d+\n", screen)
    assert "It was [-so -]cold.\n  天真冷。" in screen


def test_a_narrow_terminal_stacks_the_texts(project: Path) -> None:
    _, screen = typed(["accept", "-i", "-m", "lake"], "q", folder=project, columns=30)
    shown = re.search(r"I walked.*?(?=\n  )", screen, re.S)
    assert shown
    assert max(map(width, shown[0].split("\n"))) <= 30
    assert "↓" in shown[0]


# What this rests on

TEXT = st.text(
    st.sampled_from("ab,. 中文，。「」（）é\u0301\U0001f600\n") | st.characters(), max_size=60
)


@given(TEXT, st.integers(2, 30))
def test_wrapped_lines_fit_and_lose_nothing_but_spaces(text: str, columns: int) -> None:
    lines = wrap(text, columns)
    assert max(map(width, lines), default=0) <= columns
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert max(map(width, side_by_side(text, text, columns + 4))) <= columns + 4


@given(TEXT, TEXT)
def test_a_rejected_text_is_read_back(one: str, other: str) -> None:
    entry = Unit("A", one or "x", fuzzy=True, origin=Origin("machine", "google", "0"))
    again = replace(rejected(entry), msgstr=other, fuzzy=True, origin=entry.origin)
    assert rejected_texts(rejected(again)) == {one or "x", other}
    assert "\n" not in escaped(one)
