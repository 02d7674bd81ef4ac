"""Bullet and ordered lists: markdown-it's rule, with kramdown's markers and interruptions."""

from __future__ import annotations

from markdown_it.rules_block import StateBlock, list_block

from pipeline.constructs.state import content_start, indented_as_code, profile_of
from pipeline.patterns import lazy

_KRAMDOWN_MARKER = lazy(r"(?:[-+*]|[0-9]+\.)[ \t]")


def markdown_list(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a list.

    In kramdown ``1)`` marks no item, and with GFM input any number may follow a paragraph at once;
    without it only a list inside an item may.
    """
    profile = profile_of(state)
    if not profile.kramdown:
        return list_block(state, start_line, end_line, silent)
    if indented_as_code(state, start_line):
        return False
    start, end = content_start(state, start_line), state.eMarks[start_line]
    if not _KRAMDOWN_MARKER.match(state.src, start, end):
        return False
    if silent and state.parentType == "paragraph":
        return profile.gfm or state.listIndent >= 0
    return list_block(state, start_line, end_line, silent)
