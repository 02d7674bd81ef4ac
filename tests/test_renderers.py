"""The real renderers as judges of what a translation leaves as it was; see ``judge.py``."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

from judge import judge, pages, read_texts
from markdown_it.utils import read_fixture_file

from pipeline.inline import find
from pipeline.model import Profile

ROOT = Path(__file__).parent
UNKNOWN_TO_RENDERERS = {"admonitions", "toc", "wiki"}
"""Fixtures of constructs that only plugins of a renderer know."""


def texts(profile: str) -> list[tuple[str, str]]:
    """Return the fixtures of a dialect, and the sample posts, which are Jekyll's."""
    found = [*read_texts(ROOT.parent / "posts")] if profile == "jekyll" else []
    for file in sorted((ROOT / "data" / "markdown").glob("*.txt")):
        if file.stem not in UNKNOWN_TO_RENDERERS:
            found += [
                (f"{file.name}:{line}", source)
                for line, title, source, _ in read_fixture_file(file)
                if title.split(":")[0] == profile
            ]
    return found


PARTS = [
    "**",
    "*",
    "_",
    "__",
    "***",
    "甲",
    "乙",
    "a",
    "b",
    " ",
    "，",
    "（",
    "）",
    "“",
    "”",
    "1",
    "。",
    "-",
]
PARTS += ["[甲](/x)", "[a**b**](/x)", "`c`", "\\*"]


def test_emphasis_is_what_the_renderer_emphasises(rendered_dialect: Profile) -> None:
    choose = random.Random(3)
    inner = ("".join(choose.choices(PARTS, k=choose.randint(4, 14))) for _ in range(2000))
    texts = [f"x{text}x" for text in inner]
    for text, page in zip(texts, pages(texts, rendered_dialect), strict=True):
        marks = [t.text for t in find(text, rendered_dialect) if t.kind == "emphasis"]
        found = Counter("strong" if len(mark) == 2 else "em" for mark in marks)
        shown = Counter(re.findall(r"</?(em|strong)\b", page or ""))
        assert found == shown, (text, page)


def test_a_marked_text_renders_to_the_same_page_but_for_its_words(
    rendered_dialect: Profile,
) -> None:
    assert judge(texts(rendered_dialect.name), rendered_dialect) == []
