"""The ids that the real renderers give to headings."""

from __future__ import annotations

import html
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from pipeline.model import Profile

RUBY = """
require 'json'; require 'kramdown'; require 'kramdown-parser-gfm'
job = JSON.parse($stdin.read)
puts JSON.generate(job['texts'].map { |text|
  Kramdown::Document.new(text, {input: job['input'], syntax_highlighter: nil}).to_html })
"""
_HUGO_SETTINGS = """
disableKinds = ["taxonomy", "term", "RSS", "sitemap", "home"]
markup.goldmark.renderer.unsafe = true
"""
_HEADING_ID = re.compile(r"<h[1-6](?=[ >])(?:[^<>]*? id=\"([^\"]*)\")?")


def heading_ids(page: str) -> list[str]:
    """Return the ids of the headings of an HTML page, nothing for one that has none."""
    return [html.unescape(found) for found in _HEADING_ID.findall(page)]


def pages_with_ids(texts: Sequence[str], profile: Profile) -> list[str]:
    """Return the page that the real renderer makes of each text; skip the test without it."""
    if profile.kramdown:
        return kramdown(texts, profile)
    if not profile.shortcodes:
        pytest.skip("no renderer here that gives ids")
    if not shutil.which("hugo"):
        pytest.skip("Hugo is not installed")
    return hugo(texts)


def kramdown(texts: Sequence[str], profile: Profile) -> list[str]:
    """Return the page that kramdown makes of each text, with the options of Jekyll."""
    job = {"input": "GFM" if profile.gfm else "kramdown", "texts": texts}
    done = subprocess.run(
        ["ruby", "-e", RUBY], input=json.dumps(job), capture_output=True, text=True, check=True
    )
    pages: list[str] = json.loads(done.stdout)
    return pages


def hugo(texts: Sequence[str]) -> list[str]:
    """Return the page that Hugo makes of each text."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        for name, text in [
            ("config.toml", _HUGO_SETTINGS),
            ("layouts/_default/single.html", "{{ .Content }}"),
            *((f"content/p/x{n}.md", f"---\n---\n{text}") for n, text in enumerate(texts)),
        ]:
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, "utf-8")
        done = subprocess.run(["hugo", "-s", folder], capture_output=True, text=True, check=False)
        if done.returncode:
            raise RuntimeError(done.stdout + done.stderr)
        pages = (root / "public" / "p" / f"x{n}" / "index.html" for n in range(len(texts)))
        return [page.read_text("utf-8") for page in pages]
