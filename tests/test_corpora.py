"""Posts that other people wrote, where a checkout of them lies beside this one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.markdown import TEXT_KEYS, parse, render
from pipeline.model import PROFILES, Document
from pipeline.outputs.post import differences

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
