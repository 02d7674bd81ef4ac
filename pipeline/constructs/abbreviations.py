"""kramdown's abbreviation definitions: ``*[HTML]: HyperText Markup Language``."""

from __future__ import annotations

from markdown_it.rules_block import StateBlock

from pipeline.constructs.state import (
    content_start,
    indented_as_code,
    profile_of,
    push_text,
    trimmed,
)
from pipeline.patterns import lazy

_ABBREVIATION = lazy(r"\*\[([^\]\n]+)\]:[ \t]*")


def abbreviation(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a definition; its text is for translators, the abbreviation is not."""
    if not profile_of(state).kramdown or indented_as_code(state, start_line):
        return False
    start, end = content_start(state, start_line), state.eMarks[start_line]
    match = _ABBREVIATION.match(state.src, start, end)
    if not match:
        return False
    if silent:
        return True
    state.push("abbreviation_open", match.group(1), 1)
    span = trimmed(state.src, match.end(), end)
    if span[1] > span[0]:
        push_text(state, "abbreviation", [span], syntax="heading", first_line=start_line)
    state.push("abbreviation_close", match.group(1), -1)
    state.line = start_line + 1
    return True
