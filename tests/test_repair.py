"""Repairs: what ``check --fix`` changes, and that it changes nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from pipeline.checks import Pair
from pipeline.cli import main
from pipeline.inline import find
from pipeline.model import PROFILES, Segment, Unit
from pipeline.repair import repaired


def fixed(
    source: str, target: str, locales: tuple[str, str] = ("en", "zh_CN"), **more: object
) -> str:
    """What becomes of a target."""
    segment = Segment(source, "paragraph", 0, 0, 1, pieces=("/a", "/b"))
    pair = Pair(Unit(source, target), segment, PROFILES["jekyll"], *locales, **more)  # type: ignore[arg-type]
    return repaired(pair)


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("Why?", "为什么?", "为什么？"),
        ("Yes, but no.", "是, 但不.", "是，但不。"),
        ("Yes, but no.", "是， 但不。", "是，但不。"),
        ('the "Run" key', '"运行"键', "“运行”键"),
        ('the "Run" key', "“运行“键", "“运行”键"),
        ("Wait...", "等等...", "等等……"),
        ("Version 2", "版本２", "版本2"),
        ("see (below)", "见 （下文)。", "见 （下文）。"),
        ("See {1} and {2}.", "见 ｛1｝和 { 2 }。", "见 {1}和 {2}。"),
        ("Run `a, b` now", "运行 `甲, 乙` 吧", "运行 `甲, 乙` 吧"),
        ("[a, b]({1}), c", "[甲, 乙]({1}), 丙", "[甲，乙]({1})，丙"),
        ("Fast — really.", "快 - 真的。", "快 - 真的。"),
    ],
)
def test_what_is_repaired_in_chinese(source: str, target: str, expected: str) -> None:
    assert fixed(source, target) == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("Hello，world。", "Hello, world."),
        ("See（below）now", "See (below) now"),
        ("Hello , world .", "Hello, world."),
        ("fast——very fast", "fast—very fast"),
        ("Hello.Bye.", "Hello.Bye."),
    ],
)
def test_what_is_repaired_in_english(target: str, expected: str) -> None:
    assert fixed("一些文字", target, ("zh_CN", "en")) == expected


def test_spacing_follows_the_setting() -> None:
    options = {"zh-latin-spacing": {"style": "require"}}
    assert fixed("Use Git now", "现在使用Git吧", options=options) == "现在使用 Git 吧"
    options = {"zh-latin-spacing": {"style": "strip"}}
    assert fixed("Use Git now", "现在使用 Git 吧", options=options) == "现在使用Git吧"


TARGETS = st.lists(
    st.sampled_from(
        [*'甲乙ab1 ,.;:?!，。、“”"「」()（）…-—~*_`[]', "...", "`x`", "](", "{1}", "２", "**"]
    ),
    max_size=20,
).map("".join)


@given(TARGETS, st.sampled_from([("en", "zh_CN"), ("zh_CN", "en"), ("en", "zh_TW")]))
def test_a_repair_is_final_and_keeps_all_markup(target: str, locales: tuple[str, str]) -> None:
    once = fixed("Some {1} text", target, locales)
    assert fixed("Some {1} text", once, locales) == once
    before, after = (find(text, PROFILES["jekyll"], msgid=True) for text in (target, once))
    assert [(token.kind, token.text) for token in before] == [
        (token.kind, token.text) for token in after
    ] or "{1}" in once


PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"

#: posts/a.md
msgid "Why?"
msgstr "为什么?"

# machine: google src={src}
#: posts/a.md
#, fuzzy
msgid "Wait..."
msgstr "等等..."

# diglot: ignore zh-marks
#: posts/a.md
msgid "Really?"
msgstr "真的?"
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    from pipeline.model import fingerprint

    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "a.md").write_text("Why?\n\nWait...\n\nReally?\n", encoding="utf-8")
    catalog = tmp_path / "locales/zh_CN/LC_MESSAGES/a.po"
    catalog.parent.mkdir(parents=True)
    catalog.write_text(PO.format(src=fingerprint("Wait...")), encoding="utf-8")
    return tmp_path


def test_fix_changes_texts_and_nobody_s_ownership(root: Path) -> None:
    catalog = root / "locales/zh_CN/LC_MESSAGES/a.po"
    before = catalog.read_text("utf-8")
    result = CliRunner().invoke(main, ["check", "--fix", "-C", str(root)])
    assert "(2 entries)" in result.output
    expected = before.replace("为什么?", "为什么？").replace("等等...", "等等……")
    assert catalog.read_text("utf-8") == expected
    again = CliRunner().invoke(main, ["check", "--fix", "-C", str(root)])
    assert "fixed" not in again.output


def test_diff_shows_and_writes_nothing(root: Path) -> None:
    catalog = root / "locales/zh_CN/LC_MESSAGES/a.po"
    before = catalog.read_text("utf-8")
    result = CliRunner().invoke(main, ["check", "--diff", "-C", str(root)])
    assert result.exit_code == 0
    assert '-msgstr "为什么?"\n+msgstr "为什么？"' in result.output
    assert catalog.read_text("utf-8") == before
