"""Pinned headings: a translation keeps the ids that the real renderer gives to its source."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from blog.renderers import heading_ids, pages_with_ids
from markdown_it.utils import read_fixture_file
from test_anchors import made_up

from pipeline.anchors import anchors, headings
from pipeline.markdown import TEXT_KEYS, parse
from pipeline.model import PROFILES, Document, Profile
from pipeline.outputs.post import build_post, differences
from pipeline.pins import pins

SHARED = Path(__file__).parents[2] / "shared"
POSTS = [*sorted(SHARED.glob("corpora/posts40/*.md")), *sorted(SHARED.glob("seed/*.txt"))]
FIXTURE = Path(__file__).parent / "data" / "pins.txt"


def built(document: Document, translated: dict[str, str]) -> str:
    """Return the post with its texts translated as far as ``translated`` knows them, and pins."""
    targets = {
        s: translated[s.msgid]
        for s in document.segments
        if s.msgid in translated and s.context != "stays"
    }
    pinned = pins(document, targets)
    text = build_post(document, targets, {}, pinned)
    assert differences(document, text, TEXT_KEYS, (), pinned) == []
    return text


@pytest.mark.parametrize(
    ("line", "title", "source", "expected"), read_fixture_file(FIXTURE), ids=lambda value: None
)
def test_where_a_pin_stands(line: int, title: str, source: str, expected: str) -> None:
    document = parse("a.md", source, PROFILES[title.split(":")[0]])
    words = {s.msgid: f"译{s.msgid}" for s in document.segments if "stays" not in s.msgid}
    assert built(document, words) == expected


def made_up_pair(choose: random.Random, profile: Profile) -> tuple[str, str]:
    """Return a post, and the same with some of its headings translated."""
    wrap = choose.choice(["{}", "{}", "Text.\n\n{}", "> {}", "- {}"])
    prefix = {">": "> ", "-": "  "}.get(wrap[0], "")
    post = wrap.format(made_up(choose).replace("\n", f"\n{prefix}")) + "\n"
    document = parse("a.md", post, profile)
    words = ["评审{}", "{}概览", "Overview {}", "2024 {}", "A & {}", "{}{{#}}"]
    return post, built(
        document,
        {
            s.msgid: choose.choice(words).replace("{}", s.msgid)
            for s in document.segments
            if choose.random() < 0.6
        },
    )


def test_pinned_headings_have_their_ids_in_the_real_renderer(rendered_dialect: Profile) -> None:
    choose = random.Random(2)
    pairs = [made_up_pair(choose, rendered_dialect) for _ in range(300)]
    texts = [text for pair in pairs for text in pair]
    pages = pages_with_ids(texts, rendered_dialect)
    for (source, text), before, after in zip(pairs, pages[::2], pages[1::2], strict=True):
        ids = zip(heading_ids(before), heading_ids(after), strict=True)
        assert [pair for pair in ids if pair[0] not in ("", pair[1])] == [], (source, text)


@pytest.mark.parametrize("name", ["gfm", "commonmark", "hexo"])
def test_every_fragment_of_the_source_leads_somewhere_in_the_translation(name: str) -> None:
    choose = random.Random(3)
    for _ in range(100):
        source, text = made_up_pair(choose, PROFILES[name])
        before, after = (parse("a.md", post, PROFILES[name]) for post in (source, text))
        assert anchors(before) <= anchors(after)


@pytest.mark.skipif(not POSTS, reason="no other people's posts here")
@pytest.mark.parametrize("path", POSTS, ids=lambda path: path.name[:12])
def test_real_posts_stay_whole_with_pins(path: Path) -> None:
    for profile in PROFILES.values():
        document = parse(path.name, path.read_text("utf-8"), profile)
        built(document, {s.msgid: f"{s.msgid}記" for s in document.segments})


def test_only_the_pins_are_accepted() -> None:
    document = parse("a.md", "## One\n\n{: .x}\nText\n\n## 2 is two\n", PROFILES["jekyll"])
    targets = {s: f"译{s.msgid}" for s in document.segments}
    pinned = pins(document, targets)
    text = build_post(document, targets, {}, pinned)
    assert differences(document, text, (), (), pinned) == []
    for old, new in [
        ("{#one}", "{#two}"),
        (" {#one}", ""),
        ('id="2-is-two"', 'id="2"'),
        ('{: id="2-is-two"}\n', ""),
        ("{: .x}", "{: .y}"),
        ("Text", "Text\n\n{: .z}"),
    ]:
        assert old in text
        assert differences(document, text.replace(old, new), (), (), pinned), new


def test_nothing_is_pinned_where_nothing_changes() -> None:
    for profile in PROFILES.values():
        document = parse("a.md", "# A\n\n## B {#b}\n\n## A\n\nText\n", profile)
        assert pins(document, {s: s.msgid for s in document.segments}) == []
        assert pins(document, {s: "新" for s in document.segments if s.msgid == "Text"}) == []
        assert len(headings(document)) == 3
