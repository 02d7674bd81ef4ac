"""Bilingual posts: each text followed by its translation, in Markdown that renders as such."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from judge import pages
from markdown_it.utils import read_fixture_file

from pipeline.cli import main
from pipeline.markdown import parse
from pipeline.model import PROFILES, Document, Profile
from pipeline.outputs.bilingual import bilingual_faults, bilingual_post
from pipeline.outputs.page import Target

DATA = Path(__file__).parent / "data"
CASES = read_fixture_file(DATA / "bilingual.txt")


def translated(post: Document) -> str:
    """Return the bilingual post in which every translation is its text with 译 in front."""
    targets = {
        segment: Target(re.sub(r"^(!\[)?", r"\1译", segment.msgid)) for segment in post.segments
    }
    return bilingual_post(post, targets, "zh_CN")


@pytest.mark.parametrize(("title", "source", "expected"), [row[1:] for row in CASES])
def test_a_translation_follows_its_text(title: str, source: str, expected: str) -> None:
    post = parse("x.md", source, PROFILES["jekyll"])
    built = translated(post)
    assert built == expected
    assert list(bilingual_faults(post, built)) == []


@pytest.mark.parametrize("profile", PROFILES)
def test_a_post_stays_whole_in_every_dialect(profile: str) -> None:
    text = (DATA / "posts" / "resources.md").read_text("utf-8")
    post = parse("x.md", text, PROFILES[profile])
    assert list(bilingual_faults(post, translated(post))) == []


def test_what_breaks_is_noticed() -> None:
    post = parse("x.md", "Words.\n\n```\ncode\n```\n", PROFILES["jekyll"])
    assert list(bilingual_faults(post, "Words.\n\n```\ncode\n```\n\n```\ncode\n```\n"))
    assert list(bilingual_faults(post, "Words.\n"))
    assert list(bilingual_faults(post, "Other words.\n\n```\ncode\n```\n"))


def test_the_real_renderer_shows_both_texts_of_each_case(rendered_dialect: Profile) -> None:
    posts = [parse("x.md", source, rendered_dialect) for _, _, source, _ in CASES]
    shown = pages([translated(post)[post.head :] for post in posts], rendered_dialect)
    for post, page in zip(posts, shown, strict=True):
        texts = [s.msgid for s in post.segments if not s.is_metadata and s.msgid.isalpha()]
        for text in texts:
            assert page is not None and page.count(f"译{text}") >= 1, text
        assert not (rendered_dialect.kramdown and page and "{:" in page)


def test_a_machines_text_says_so_and_a_draft_stays_one(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "x.md").write_text("---\nlayout: post\n---\nSome words.\n", "utf-8")
    for command in ("extract -q", "translate --engine pseudo -q", "build --format bilingual-md"):
        result = CliRunner().invoke(main, [*command.split(), "-C", str(tmp_path)])
        assert result.exit_code == 0, result.output
    assert "build: 1 page, 1 marked as a draft until it is reviewed" in result.output
    built = (tmp_path / "site" / "bilingual-md" / "zh-CN" / "x.md").read_text("utf-8")
    assert built.startswith("---\nlayout: post\npublished: false\n---\nSome words.\n\n")
    assert built.endswith('\n{: lang="zh-CN" .machine}\n')
