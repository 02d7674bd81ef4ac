"""The real kramdown, with Jekyll's options, as judge of what a translation leaves as it was."""

from __future__ import annotations

import json
import os
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it.utils import read_fixture_file

from pipeline.markdown import parse, render
from pipeline.model import PROFILES

ROOT = Path(__file__).parent
FILES = [
    *sorted((ROOT / "data" / "markdown").glob("*.txt")),
    *sorted((ROOT.parent / "posts").glob("*.md")),
]
RENDER = """
require 'json'; require 'kramdown'; require 'kramdown-parser-gfm'
options = {input: 'GFM', hard_wrap: false, syntax_highlighter: nil, auto_ids: false}
texts = JSON.parse($stdin.read)
puts JSON.generate(texts.map { |text| Kramdown::Document.new(text, options).to_html })
"""


def kramdown(texts: list[str]) -> list[str]:
    """Render texts to HTML, all in one Ruby process."""
    done = subprocess.run(
        ["ruby", "-e", RENDER],
        input=json.dumps(texts),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode and not os.environ.get("CI"):
        pytest.skip("kramdown is not installed")
    assert done.returncode == 0, done.stderr
    pages: list[str] = json.loads(done.stdout)
    return pages


class Skeleton(HTMLParser):
    """Tags with the attributes that are no text, and the content of code."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.parts: list[object] = []
        self.in_code = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.parts.append((tag, sorted(a for a in attrs if a[0] not in ("alt", "title"))))
        self.in_code += tag in ("code", "pre")

    def handle_endtag(self, tag: str) -> None:
        self.parts.append(f"/{tag}")
        self.in_code -= tag in ("code", "pre")

    def handle_data(self, data: str) -> None:
        if self.in_code:
            self.parts.append(data)


def sources() -> list[str]:
    """Return the jekyll fixtures and the sample posts without their front matter."""
    texts = []
    for file in FILES:
        if file.suffix == ".md":
            text = file.read_text("utf-8")
            texts.append(text[parse(file.name, text, PROFILES["jekyll"]).head :])
        else:
            rows = read_fixture_file(file)
            texts += [row[2] for row in rows if row[1].startswith("jekyll")]
    return texts


def test_a_translated_post_renders_to_the_same_page_but_for_its_words() -> None:
    before = sources()
    posts = [parse("post.md", text, PROFILES["jekyll"]) for text in before]
    after = [
        render(post, {segment: f"{segment.msgid} 译" for segment in post.segments})
        for post in posts
    ]
    pages = kramdown(before + after)
    for source, old, new in zip(before, pages[: len(before)], pages[len(before) :], strict=True):
        assert Skeleton(old).parts == Skeleton(new).parts, source
