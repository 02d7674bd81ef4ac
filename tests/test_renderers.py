"""The real renderers as judges of what a translation leaves as it was; see ``judge.py``."""

from __future__ import annotations

from pathlib import Path

from judge import judge, read_texts
from markdown_it.utils import read_fixture_file

from pipeline.model import Profile

ROOT = Path(__file__).parent
UNKNOWN_TO_RENDERERS = {"admonitions", "wiki"}
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


def test_a_marked_text_renders_to_the_same_page_but_for_its_words(
    rendered_dialect: Profile,
) -> None:
    assert judge(texts(rendered_dialect.name), rendered_dialect) == []
