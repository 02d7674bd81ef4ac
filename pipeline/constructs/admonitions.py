"""Admonitions, collapsible ones and content tabs: a marked line and an indented body.

``!!! note "Title"``, ``??? tip``, ``???+ tip`` and ``=== "Tab"`` are Python-Markdown's and MkDocs';
Hexo's plugin takes a title without quotes.
"""

from __future__ import annotations

from markdown_it.rules_block import StateBlock

from pipeline.constructs.containers import push_marked_line
from pipeline.constructs.state import (
    Span,
    content_start,
    indented_as_code,
    profile_of,
    trimmed,
)
from pipeline.model import Profile
from pipeline.patterns import lazy

_MARKER = lazy(
    r"(?:!!!|\?{3}\+?)[ \t]*[A-Za-z][A-Za-z0-9_-]*|(?:\?{3}\+?|={3}[!+]{0,2})(?=[ \t]+\")"
)
_QUOTED = lazy(r"(?:[ \t]+[A-Za-z][A-Za-z0-9_-]*)*[ \t]+\"(?P<title>.*)\"[ \t]*$")
_CLASSES = lazy(r"(?:[ \t]+[A-Za-z][A-Za-z0-9_-]*)*[ \t]*$")
_BODY_INDENT = 4


def admonition(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a marked line with an indented body or a quoted title."""
    profile = profile_of(state)
    if not profile.admonitions or indented_as_code(state, start_line):
        return False
    start, end = content_start(state, start_line), state.eMarks[start_line]
    marker = _MARKER.match(state.src, start, end)
    title = _title(state.src, marker.end(), end, profile) if marker else None
    if title is None:
        return False
    quoted = state.src.startswith('"', title[1])
    if not (quoted or _has_body(state, start_line, end_line)):
        return False
    if not silent:
        _push_admonition(state, title, start_line, end_line)
    return True


def _title(src: str, start: int, end: int, profile: Profile) -> Span | None:
    """Return the span of the title, empty if there is none; None if the line is no marker."""
    quoted = _QUOTED.match(src, start, end)
    if quoted:
        return quoted.span("title")
    if profile.liquid and not profile.kramdown:
        return trimmed(src, start, end)
    return (end, end) if _CLASSES.match(src, start, end) else None


def _has_body(state: StateBlock, start_line: int, end_line: int) -> bool:
    line = state.skipEmptyLines(start_line + 1)
    return line < end_line and _in_body(state, line)


def _in_body(state: StateBlock, line: int) -> bool:
    return state.sCount[line] - state.blkIndent >= _BODY_INDENT


def _push_admonition(state: StateBlock, title: Span, start_line: int, end_line: int) -> None:
    last = _body_end(state, start_line + 1, end_line)
    state.push("admonition_open", "", 1).map = [start_line, last]
    push_marked_line(state, start_line, title, syntax="title")
    old = state.blkIndent, state.parentType, state.tight, state.lineMax
    state.blkIndent, state.parentType, state.lineMax = old[0] + _BODY_INDENT, "admonition", last
    state.md.block.tokenize(state, start_line + 1, last)
    state.blkIndent, state.parentType, state.tight, state.lineMax = old
    state.push("admonition_close", "", -1)
    state.line = last


def _body_end(state: StateBlock, line: int, end_line: int) -> int:
    """Return the line after the last indented one."""
    last = line
    while line < end_line and (state.isEmpty(line) or _in_body(state, line)):
        line += 1
        last = last if state.isEmpty(line - 1) else line
    return last
