"""Comparing two files: what is aligned, what is said where that is uncertain, and the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.alignment import align, blocks
from pipeline.cli import main
from pipeline.comparison import Terms, Text, compare
from pipeline.markdown import parse
from pipeline.model import PROFILES

JEKYLL = PROFILES["jekyll"]


def found(source: str, target: str, profile: str = "jekyll") -> list[tuple[str, str, int]]:
    """Check, severity and line of what is found, from English to Chinese."""
    findings = compare(
        Text("en.md", source, "en"), Text("zh.md", target, "zh_CN"), Terms(PROFILES[profile])
    )
    return [(f.check, f.severity.name.lower(), f.line) for f in findings]


def aligned(source: str, target: str) -> list[tuple[int, int]]:
    """How many blocks of each side belong together."""
    one, other = (blocks(parse("a.md", text, JEKYLL)) for text in (source, target))
    return [(len(part.source), len(part.target)) for part in align(one, other, JEKYLL)]


def test_equal_structures_are_paired_block_by_block() -> None:
    assert aligned("# A\n\nOne.\n\n- b\n- c\n", "# 甲\n\n一。\n\n- 乙\n- 丙\n") == [(1, 1)] * 4


def test_links_and_code_are_fixed_points() -> None:
    source = "One.\n\nTwo `x`.\n\nThree.\n\nFour [a](/b).\n"
    target = "一。\n\n又一。\n\n二 `x`。\n\n三。\n\n四 [甲](/b)。\n"
    assert aligned(source, target) == [(1, 2), (1, 1), (1, 1), (1, 1)]


def test_headings_are_fixed_points_where_they_are_the_same() -> None:
    source, target = "# A\n\nOne.\n\n# B\n\nTwo.\n", "# 甲\n\n一。\n\n二。\n\n# 乙\n\n三。\n"
    assert aligned(source, target) == [(1, 1), (1, 2), (1, 1), (1, 1)]


def test_an_uncertain_stretch_is_said_to_be_one_and_compared_as_a_whole() -> None:
    source = "# A\n\nSee [x](/a).\n\nThe `code` here.\n"
    target = "# 甲\n\n见[甲](/b)。这里的代码。\n"
    assert set(found(source, target)) >= {
        ("block-structure", "error", 3),
        ("alignment", "info", 3),
        ("link-dest", "error", 3),
        ("code-span", "error", 3),
    }


def test_brackets_are_references_where_a_file_defines_them() -> None:
    source, target, definition = "A novel [French].\n", "小说 [法]。\n", "\n[French]: /fr\n"
    assert found(source, target) == []
    assert found(source + definition, target + definition) == [("ref-link", "error", 1)]


def test_two_good_files_are_clean() -> None:
    source = "---\ntitle: Hello\ndate: 2024-01-01\n---\n\n# Hello\n\nSee [x](#hello).\n"
    target = "---\ntitle: 你好\ndate: 2024-01-01\n---\n\n# 你好\n\n见[甲](#你好)。\n"
    assert found(source, target) == []


def test_front_matter_is_compared() -> None:
    source = "---\ntitle: Hello\ndate: 2024-01-01\nauthor: me\n---\nText.\n"
    target = "---\ntitle: 你好\ndate: 2024-01-02\n---\n文字。\n"
    assert found(source, target) == [("front-matter", "error", 1), ("front-matter", "warning", 1)]


def test_dead_anchors_and_changed_code() -> None:
    source = "## A\n\nSee [x](#a).\n\n```py\nx = 1\n```\n"
    target = "## 甲\n\n见[x](#a)。\n\n```py\nx = 2\n```\n"
    assert found(source, target) == [
        ("block-structure", "warning", 3),
        ("link-missing-file", "error", 3),
    ]


def test_of_mdx_only_the_front_matter_is_compared() -> None:
    statement = "import {Card} from '../card'\n\n# Words\n\n<Card>\n"
    source, target = (f"---\ntitle: {title}\n---\n{statement}" for title in ("Version 2", "版本 3"))
    assert found(source, target, "gfm") == [("mdx", "warning", 4), ("numbers", "warning", 2)]


def test_a_comment_silences_a_check_in_a_file() -> None:
    assert found("Why?\n", "为什么?\n") == [("zh-halfwidth-punct", "warning", 1)]
    comment = "\n<!-- diglot: ignore zh-halfwidth-punct, alignment, block-structure -->\n"
    assert found("Why?\n", "为什么?\n" + comment) == []


@pytest.fixture
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.md").write_text("# Noise\n\nSee [x](/a).\n", encoding="utf-8")
    (tmp_path / "b.md").write_text("# 噪音\n\n见[甲](/b)。\n", encoding="utf-8")
    (tmp_path / "terms.csv").write_text("en,zh_CN,note,flags\nnoise,噪声,,\n", encoding="utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ("a.md b.md", 1, "b.md:3: error [link-dest]"),
        ("a.md b.md --glossary terms.csv", 1, '"noise" is not translated as "噪声"'),
        ("a.md b.md --to zh-TW", 1, "[link-dest]"),
        ("a.md b.md -f github", 1, "::error file=b.md,line=3"),
        ("a.md a.md --to en", 0, "No problems found."),
        ("a.md", 2, "Give a SOURCE and a TARGET"),
        ("a.md b.md --to klingon", 2, '"klingon" is no locale that Babel knows'),
        ("a.md c.md", 2, "c.md: cannot read the file"),
        ("a.md b.md --glossary no.csv", 2, "There is no such glossary"),
    ],
)
def test_the_command(files: Path, arguments: str, code: int, said: str) -> None:
    result = CliRunner().invoke(main, ["compare", *arguments.split()])
    assert result.exit_code == code, result.output
    assert said in result.output


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("no", "this is not JSON"),
        ("[]", "a pair is an object"),
        ('{"source": "a", "dir": "en>zh"}', '"target" must be a string'),
        ('{"source": "a", "target": "b"}', '"dir" must be'),
        ('{"source": "a", "target": "b", "dir": "en>zh", "profile": "x"}', '"profile" must be one'),
        ('{"source": "a", "target": "b", "dir": "en>zh", "locale": "fr"}', '"locale" must be'),
        ('{"source": "a", "target": "b", "dir": "en>zh", "terms": {}}', '"terms" must be'),
        (
            '{"source": "a", "target": "b", "dir": "en>zh", "options": {"zh-quotes": "odd"}}',
            'zh-quotes style cannot be "odd"',
        ),
        (
            '{"source": "a", "target": "b", "dir": "en>zh", "options": {"zh-qutes": "off"}}',
            'names an unknown check "zh-qutes"',
        ),
    ],
)
def test_a_line_that_is_no_pair_is_named(files: Path, line: str, said: str) -> None:
    good = json.dumps({"source": "Hi", "target": "你好", "dir": "en>zh"})
    (files / "p.jsonl").write_text(f"{good}\n\n{line}\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["compare", "--jsonl", "p.jsonl"])
    assert result.exit_code == 2
    assert '{"findings": []}' in result.output
    assert f"p.jsonl:3: {said}" in result.output or f'p.jsonl:3: "options" {said}' in result.output


def test_list_and_explain(files: Path) -> None:
    listed = CliRunner().invoke(main, ["check", "--list"])
    assert listed.exit_code == 0
    assert "  link-dest           error    Find translations that change" in listed.output
    told = CliRunner().invoke(main, ["check", "--explain", "zh-latin-spacing"])
    assert "Wrong" in told.output
    assert 'Option style = "majority"' in told.output
    wrong = CliRunner().invoke(main, ["check", "--explain", "zh-latin-spacng"])
    assert wrong.exit_code == 2
    assert 'Did you mean "zh-latin-spacing"?' in wrong.output
