"""Indented code: markdown-it's rule, and kramdown's, in which it goes on up to a blank line."""

from __future__ import annotations

from markdown_it.rules_block import StateBlock, code

from pipeline.constructs.state import (
    content_start,
    indented_as_code,
    leaves_container,
    profile_of,
    push_verbatim,
)


def indented_code(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match lines that are indented by four columns or more."""
    if not profile_of(state).kramdown:
        return code(state, start_line, end_line, silent)
    if not indented_as_code(state, start_line):
        return False
    if state.tokens and state.tokens[-1].type == "list_item_open":
        # In kramdown the text of a list item starts at its first letter, however far away.
        state.blkIndent = state.sCount[start_line]
        return False
    push_verbatim(state, "code", start_line, indented_end(state, start_line, end_line))
    return True


def indented_end(state: StateBlock, line: int, end_line: int) -> int:
    """Return the line after kramdown's indented lines from ``line`` on.

    Lines without indentation belong to them until a blank one.
    """
    last = line
    while line < end_line and not leaves_container(state, line):
        if state.isEmpty(line):
            line = state.skipEmptyLines(line)
            if line >= end_line or not indented_as_code(state, line):
                break
        elif not indented_as_code(state, line) and not _goes_on(state, line):
            break
        line += 1
        last = line
    return last


def _goes_on(state: StateBlock, line: int) -> bool:
    start = content_start(state, line)
    return not state.src.startswith(("{:", "^", "<"), start)
