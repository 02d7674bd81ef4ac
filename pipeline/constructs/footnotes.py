"""Footnote definitions: ``[^1]: text`` and the indented blocks below it."""

from __future__ import annotations

from markdown_it.rules_block import StateBlock

from pipeline.constructs.code import indented_end
from pipeline.constructs.containers import tokenize_inside
from pipeline.constructs.state import content_start, indented_as_code, profile_of
from pipeline.patterns import lazy

_DEFINITION = lazy(r"\[\^([^\[\]\s]+)\]:[ \t]*")


def footnote(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a definition; its further blocks are indented by four columns."""
    if not profile_of(state).footnotes or indented_as_code(state, start_line):
        return False
    start = content_start(state, start_line)
    match = _DEFINITION.match(state.src, start, state.eMarks[start_line])
    if not match:
        return False
    if silent:
        return True
    if profile_of(state).kramdown:
        end_line = _kramdown_end(state, start_line + 1, end_line)
    state.push("footnote_open", match.group(1), 1).map = [start_line, start_line + 1]
    tokenize_inside(state, "footnote", start_line, end_line, match.end(), state.blkIndent + 4)
    state.push("footnote_close", match.group(1), -1)
    return True


def _kramdown_end(state: StateBlock, line: int, end_line: int) -> int:
    """Return the line after the definition: without indentation the next line is another block."""
    following = state.skipEmptyLines(line)
    if following < end_line and indented_as_code(state, following):
        return indented_end(state, following, end_line)
    return line
