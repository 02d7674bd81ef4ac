"""Definition lists: ``: text`` below the terms that the paragraph rule reported."""

from __future__ import annotations

from markdown_it.rules_block import StateBlock

from pipeline.constructs.containers import tokenize_inside
from pipeline.constructs.paragraphs import DEFINITION
from pipeline.constructs.state import content_start, indented_as_code, profile_of
from pipeline.patterns import lazy

_MARKER = lazy(r":[ \t]*")


def definition(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a definition that follows a term or another definition."""
    if not profile_of(state).definitions or indented_as_code(state, start_line):
        return False
    start, end = content_start(state, start_line), state.eMarks[start_line]
    if not DEFINITION.match(state.src, start, end):
        return False
    if silent:
        return True
    if state.env.get("definition_at") != start_line:
        return False
    marker = _MARKER.match(state.src, start, end)
    assert marker is not None  # it starts like DEFINITION
    state.push("dd_open", "dd", 1).map = [start_line, start_line + 1]
    indent = state.sCount[start_line] + marker.end() - start
    tokenize_inside(state, "definition", start_line, end_line, marker.end(), indent)
    state.push("dd_close", "dd", -1)
    following = state.skipEmptyLines(state.line)
    if following - state.line <= 1:
        state.env["definition_at"] = following
    return True
