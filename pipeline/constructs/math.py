"""Display math that stands in a block of its own: ``$$``, ``\\[``, ``\\begin{…}``."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

from pipeline.constructs.state import (
    content_start,
    indented_as_code,
    leaves_container,
    profile_of,
    push_verbatim,
)

_ATTRIBUTES = re.compile(r"\{:[^{}]*\}")
_OPENING = re.compile(r"\$\$|\\{1,2}\[|\\begin\{([A-Za-z]+\*?)\}")


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
    if (closing, end_line) in state.env["absent"]:
        return -1
    while line < end_line and not leaves_container(state, line):
        found = state.src.find(closing, position, state.eMarks[line])
        if found >= 0:
            rest = state.src[found + len(closing) : state.eMarks[line]].strip(" \t")
            return line if not rest or _ATTRIBUTES.fullmatch(rest) else -1
        line += 1
        position = state.bMarks[line]
    if line >= end_line:
        state.env["absent"].add((closing, end_line))
    return -1
