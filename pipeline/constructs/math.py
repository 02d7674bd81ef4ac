"""Display math that stands in a block of its own: ``$$``, ``\\[``, ``\\begin{…}``."""

from __future__ import annotations

import re
from bisect import bisect_left

from markdown_it.rules_block import StateBlock

from pipeline.constructs.state import (
    container_end,
    content_start,
    indented_as_code,
    line_at,
    marks_of,
    profile_of,
    push_verbatim,
)
from pipeline.patterns import lazy

_ATTRIBUTES = lazy(r"\{:[^{}]*\}")
_OPENING = lazy(r"\$\$|\\{1,2}\[|\\begin\{([A-Za-z]+\*?)\}")
_ENVIRONMENT_END = lazy(r"\\end\{[A-Za-z]+\*?\}")


def math(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match from an opening mark at a line's start to its closing mark at a line's end."""
    profile = profile_of(state)
    if profile.inline_math == "off" and not profile.kramdown:
        return False
    if indented_as_code(state, start_line):
        return False
    start = content_start(state, start_line)
    opening = _OPENING.match(state.src, start, state.eMarks[start_line])
    if not opening or (opening.group() != "$$" and profile.inline_math == "off"):
        return False
    closing = _closing(opening)
    line = _closing_line(state, opening.end(), closing, start_line, end_line)
    if line < 0:
        return False
    if not silent:
        push_verbatim(state, "math", start_line, line + 1)
    return True


def _closing(opening: re.Match[str]) -> str:
    if opening.group(1):
        return f"\\end{{{opening.group(1)}}}"
    return opening.group().replace("[", "]")


def _closing_line(state: StateBlock, position: int, closing: str, line: int, end_line: int) -> int:
    """Return the line that ends with ``closing``, or -1; text behind the mark means inline math."""
    found = _find_closing(state, closing, position)
    if not 0 <= found < state.eMarks[end_line - 1]:
        return -1
    closing_line = line_at(state, found, line, end_line)
    if closing_line >= container_end(state, line, end_line):
        return -1
    rest = state.src[found + len(closing) : state.eMarks[closing_line]].strip(" \t")
    return closing_line if not rest or _ATTRIBUTES.fullmatch(rest) else -1


def _find_closing(state: StateBlock, closing: str, position: int) -> int:
    if not closing.startswith("\\end"):
        return marks_of(state).find(closing, position)
    # There may be as many names as lines, so all environments' ends are sought at once.
    ends = state.env.get("environment ends")
    if ends is None:
        ends = state.env["environment ends"] = {}
        for match in _ENVIRONMENT_END.finditer(state.src):
            ends.setdefault(match.group(), []).append(match.start())
    positions = ends.get(closing, ())
    index = bisect_left(positions, position)
    return positions[index] if index < len(positions) else -1
