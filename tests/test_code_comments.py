"""Comments in code: which are offered, and that a translation never leaves its comment."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.utils import read_fixture_file

from pipeline.markdown import parse, render
from pipeline.model import PROFILES, Document
from pipeline.outputs.post import differences

DATA = Path(__file__).parent / "data" / "code" / "comments.txt"
CASES = [
    pytest.param(source, expected, id=title)
    for _, title, source, expected in read_fixture_file(DATA)
]
JEKYLL = PROFILES["jekyll"]


def document(text: str, *, on: bool = True) -> Document:
    return parse("post.md", text, replace(JEKYLL, code_comments=on))


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_which_comments_are_offered(source: str, expected: str) -> None:
    lines = [
        f"{s.kind}: {s.msgid}" + "".join(f"    <{piece}>" for piece in s.pieces) + "\n"
        for s in document(source).segments
    ]
    assert "".join(lines) == expected


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_the_code_keeps_its_bytes(source: str, expected: str) -> None:
    post = document(source)
    built = render(post, {segment: f"{segment.msgid}記" for segment in post.segments})
    assert built.replace("記", "") == source
    assert built.count("記") == len(post.segments)
    assert differences(post, built, ()) == []


@pytest.mark.parametrize(("source", "expected"), CASES)
def test_no_comment_is_offered_unless_the_project_wants_it(source: str, expected: str) -> None:
    assert all(s.kind != "code comment" for s in document(source, on=False).segments)


@pytest.mark.parametrize(
    ("code", "target", "reason"),
    [
        ("c\nf(); /* words */", "甲 */ x", r"'\*/'"),
        ("html\n<!-- words -->", "甲 --> x", "'-->'"),
        ("haskell\n{- words -}", "甲 -} x", "'-}'"),
        ("c\n// words\nf();", "甲 \\", "could end"),
        ("js\n// words\nf();", "甲\u2028x", "could end"),
        ("c\n/*\nwords\n*/", "```甲", "fence"),
        ("python\n# words", "x = 1", "looks like code"),
        ("python\n# words", "noqa: 甲", "looks like code"),
        ("python\n# words", "## 甲", "marks of a comment"),
        ("python\n# words", "甲 {9}", r"\{9\}"),
    ],
)
def test_a_target_that_would_leave_its_comment_is_refused(
    code: str, target: str, reason: str
) -> None:
    post = document(f"```{code}\n```\n")
    (segment,) = post.segments
    with pytest.raises(ValueError, match=reason):
        render(post, {segment: target})


def all_but_text(post: Document) -> list[str]:
    """Return the blocks of a post with the very bytes of its code; a text may be code only."""
    return ["text" if entry.startswith(("kept ", "text ")) else entry for entry in post.shape]


@settings(max_examples=300, deadline=None)
@given(
    st.text(st.sampled_from("*/-#>]}[{=!<?\\'\"`~;:@% \n\r\u2028ab中"), min_size=1, max_size=12),
    st.sampled_from(
        ["c\n/* words */\nf();", "js\n//words\nf();", "python\n#words\nf()", "lua\n--words\nf()",
         "html\n<!--words--><p>", "php\nf(); // words", "julia\n#words\nf()", "c\n/*\nwords\n*/"]
    ),
)  # fmt: skip
def test_a_target_stays_in_its_comment_or_is_refused(target: str, code: str) -> None:
    post = document(f"```{code}\n```\n\nAfter it.\n")
    try:
        built = render(post, {post.segments[0]: target.replace("{", "{{").replace("}", "}}")})
    except ValueError:
        return
    start, end = post.segments[0].start, post.segments[0].end
    assert built.startswith(post.text[:start]) and built.endswith(post.text[end:])
    assert len(built.splitlines()) == len(post.text.splitlines())
    assert all_but_text(document(built)) == all_but_text(post)
