"""Posts that other people wrote, where a checkout of them lies beside this one."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from judge import judge, read_texts

from pipeline.checks import Pair
from pipeline.checks.pair import File
from pipeline.errors import PipelineError
from pipeline.markdown import TEXT_KEYS, parse, render
from pipeline.model import PROFILES, Document, Profile, Segment, State
from pipeline.outputs.post import differences
from pipeline.po import load
from pipeline.repair import repaired

SHARED = Path(__file__).parents[2] / "shared"
POSTS = [*sorted(SHARED.glob("corpora/posts40/*.md")), *sorted(SHARED.glob("seed/*.txt"))]
LEAKS = {
    "code fence": re.compile(r"^\s*(```|~~~)"),
    "front matter": re.compile(r"^---$", re.M),
    "bare URL": re.compile(r"https?://\S+$"),
    "only placeholders": re.compile(r"(\{\d+\}|[\W\d_])*$"),
    "Liquid": re.compile(r"\{%"),
    "table row": re.compile(r"\|.*\|$"),
}

pytestmark = pytest.mark.skipif(not POSTS, reason="no other people's posts here")


def read(path: Path, profile: str) -> Document:
    return parse(path.name, path.read_bytes().decode("utf-8"), PROFILES[profile])


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("path", POSTS, ids=lambda path: path.name[:12])
def test_a_real_post_stays_whole(path: Path, profile: str) -> None:
    post = read(path, profile)
    assert render(post, {}) == post.text
    assert render(post, {segment: segment.msgid for segment in post.segments}) == post.text
    built = render(post, {segment: f"{segment.msgid}記" for segment in post.segments})
    assert built.count("記") == post.text.count("記") + len(post.segments)
    assert differences(post, built, TEXT_KEYS) == []


@pytest.mark.parametrize("path", POSTS, ids=lambda path: path.name[:12])
def test_no_msgid_of_a_real_post_holds_what_is_no_text(path: Path) -> None:
    for segment in read(path, "jekyll").segments:
        for leak, pattern in LEAKS.items():
            assert not pattern.match(segment.msgid), f"{leak}: {segment.msgid}"


CORPORA = SHARED / "corpora"
FLAVOURS = {"jekyll": "jekyll", "jekyll TeXt": "jekyll", "hexo md": "hexo"}
"""The dialects of pairs by what their list calls them; all others but Hugo's are GFM."""
EXPECTED = {
    # A fence with several words behind its language, which kramdown does not take for code.
    "jekyll": {"coverage": 5, "skeleton": 1},
    # A list of other pages, which the plug-in for containers shows as text.
    "gfm": {"coverage": 1},
    "hugo": {},
    "hexo": {},
}
"""How often a page of the real renderer differs, in which way, and why that is meant."""


@cache
def posts_by_dialect() -> dict[str, list[Path]]:
    """Return the posts as what their authors wrote them for."""
    posts: dict[str, list[Path]] = defaultdict(list)
    for row in json.loads((CORPORA / "pairs" / "manifest.json").read_bytes()):
        dialect = "hugo" if "hugo" in row["flavour"] else FLAVOURS.get(row["flavour"], "gfm")
        posts[dialect] += [CORPORA / "pairs" / row[side]["file"] for side in ("en", "zh")]
    for row in json.loads((CORPORA / "posts40" / "manifest.json").read_bytes()):
        dialect = {"content": "hugo", "exampleSite": "hugo", "pages": "gfm"}.get(
            row["path"].split("/")[0], "jekyll"
        )
        posts[dialect].append(CORPORA / "posts40" / row["file"])
    posts["jekyll"] += sorted((CORPORA / "po" / "fdroid" / "_posts").glob("*.md"))[::8]
    posts["gfm"] += sorted((CORPORA / "po" / "vllm-ascend").rglob("feature_guide/*.md"))
    return {
        dialect: [path for path in paths if path.suffix == ".md" and path.exists()]
        for dialect, paths in posts.items()
    }


@pytest.mark.parametrize("rendered_dialect", EXPECTED, indirect=True)
def test_a_marked_post_renders_to_the_same_page_but_for_its_words(
    rendered_dialect: Profile,
) -> None:
    posts = posts_by_dialect()[rendered_dialect.name]
    failures = judge([text for path in posts for text in read_texts(path)], rendered_dialect)
    counts = Counter(failure.category for failure in failures)
    assert counts == EXPECTED[rendered_dialect.name], failures


def human_pairs() -> list[Pair]:
    """What people have translated in the PO files of other projects."""
    pairs = []
    for path in sorted(SHARED.glob("corpora/po/**/*.po")):
        try:
            units = load(path, "zh_CN").units
        except PipelineError:
            continue
        file = File()
        for unit in units:
            if unit.state is State.TRANSLATED and not unit.obsolete and unit.plural is None:
                place = Segment(unit.msgid, "paragraph", 0, 0, 1)
                file.pairs.append(
                    Pair(unit, place, PROFILES["gfm"], "en", "zh_CN", file=file, raw=True)
                )
        pairs += file.pairs
    return pairs


def test_repairing_what_people_wrote_is_final_and_keeps_all_markup() -> None:
    changed = 0
    for pair in human_pairs()[::10]:
        once = replace(pair, unit=replace(pair.unit, msgstr=repaired(pair)))
        changed += once.unit.msgstr != pair.unit.msgstr
        assert repaired(once) == once.unit.msgstr
        before, after = ([(t.kind, t.text) for t in p.target_tokens] for p in (pair, once))
        assert before == after
    assert changed
