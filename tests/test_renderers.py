"""The real renderers as judges of what a translation leaves as it was; see ``judge.py``."""

from __future__ import annotations

import random
import re
from collections import Counter
from pathlib import Path

from judge import judge, pages, read_texts
from markdown_it.utils import read_fixture_file

from pipeline.checks import Pair, check_pair
from pipeline.inline import find
from pipeline.model import Profile, Segment, Unit

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


LINKS = [
    "[",
    "]",
    "(",
    ")",
    "[甲](/x)",
    "[乙](</a b>)",
    '[丙](/y "题")',
    "[丁](/a(b))",
    "![图](/i.png)",
    "[戊] (/x)",
    "[己]（/x）",
    "[庚](/x y)",
]
LINKS += ["](", "甲", "a", "，", "（", "）", "】", " ", "\\[", "`[a](/x)`", "！", "<b>", "/z"]


def made_up(parts: list[str], seed: int) -> list[str]:
    """Two thousand neighbourhoods of ``parts``, between two letters."""
    choose = random.Random(seed)
    inner = ("".join(choose.choices(parts, k=choose.randint(4, 14))) for _ in range(2000))
    return [f"x{text}x" for text in inner]


def emphasised(page: str | None) -> Counter[str]:
    """How often a page emphasises, twice for start and end."""
    return Counter(re.findall(r"</?(em|strong)\b", page or ""))


def test_emphasis_is_what_the_renderer_emphasises(rendered_dialect: Profile) -> None:
    texts = made_up(PARTS, 3)
    for text, page in zip(texts, pages(texts, rendered_dialect), strict=True):
        marks = [t.text for t in find(text, rendered_dialect) if t.kind == "emphasis"]
        found = Counter("strong" if len(mark) == 2 else "em" for mark in marks)
        assert found == emphasised(page), (text, page)


def test_checks_of_emphasis_say_what_the_pages_show(rendered_dialect: Profile) -> None:
    sources, targets = made_up(PARTS, 4), made_up(PARTS, 5)
    shown = (map(emphasised, pages(texts, rendered_dialect)) for texts in (sources, targets))
    for source, target, before, after in zip(sources, targets, *shown, strict=True):
        place = Segment(source, "paragraph", 0, 0, 1)
        pair = Pair(Unit(source, target), place, rendered_dialect, "en", "zh_CN", raw=True)
        found = {finding.check for finding in check_pair(pair, {})}
        assert bool(found & {"emphasis-leak", "markup-count"}) == (before != after), (
            source,
            target,
        )


def test_links_and_images_are_what_the_renderer_makes_of_them(rendered_dialect: Profile) -> None:
    inside_each_other = ("[", "](") if rendered_dialect.kramdown else ()  # it reads the outer one
    texts = made_up([part for part in LINKS if part not in inside_each_other], 6)
    for text, page in zip(texts, pages(texts, rendered_dialect), strict=True):
        tokens = find(text, rendered_dialect, labels=())
        opened = Counter(t.text for t in tokens if t.kind == "open")
        shown = Counter(re.findall(r"<(?:a href|img)", page or ""))
        images = opened["!["]
        assert (opened["["], images) == (shown["<a href"], shown["<img"]), (text, page)


def test_a_marked_text_renders_to_the_same_page_but_for_its_words(
    rendered_dialect: Profile,
) -> None:
    assert judge(texts(rendered_dialect.name), rendered_dialect) == []
