"""Link reference definitions: ``[label]: destination "title"``, never offered for translation."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

from pipeline.constructs.state import (
    content_start,
    indented_as_code,
    line_text,
    profile_of,
    push_verbatim,
)
from pipeline.inline import normalize_label

_TITLE = r"(?:\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|\((?:\\.|[^()\\])*\))"
_LABEL = r"\[(?P<label>(?:\\.|[^\[\]\\]){1,999})\]:"
_DEFINITION = re.compile(rf"{_LABEL}[ \t]*(?:<[^<>]*>|\S+)(?P<title>[ \t]+{_TITLE})?[ \t]*$")
_KRAMDOWN_DEFINITION = re.compile(
    rf"{_LABEL}[ \t]*(?:<[^<>]*>|[^\s\"'][^ \t\"']*(?:[ \t]+[^ \t\"']+)*?)"
    rf"(?P<title>[ \t]+{_TITLE})?[ \t]*$"
)
_LABEL_ALONE = re.compile(rf"{_LABEL}[ \t]*$")
_DESTINATION_ALONE = re.compile(rf"(?:<[^<>]*>|\S+)(?:[ \t]+{_TITLE})?[ \t]*$")
_TITLE_ALONE = re.compile(rf"{_TITLE}[ \t]*$")


def reference(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a definition; destination and title may each stand on a line of their own."""
    if silent or indented_as_code(state, start_line):
        return False
    start, end = content_start(state, start_line), state.eMarks[start_line]
    if not state.src.startswith("[", start):
        return False
    profile = profile_of(state)
    if profile.footnotes and state.src.startswith("[^", start):
        return False
    definition = _KRAMDOWN_DEFINITION if profile.kramdown else _DEFINITION
    match, line = definition.match(state.src, start, end), start_line + 1
    if not match:
        match = _LABEL_ALONE.match(state.src, start, end)
        if not match or not _continues(state, line, end_line, _DESTINATION_ALONE):
            return False
        line += 1
    elif match.group("title") is None and _continues(state, line, end_line, _TITLE_ALONE):
        line += 1
    label = normalize_label(match.group("label"))
    if not label:
        return False
    state.env["references"].setdefault(label, start_line)
    push_verbatim(state, "definition", start_line, line)
    return True


def _continues(state: StateBlock, line: int, end_line: int, pattern: re.Pattern[str]) -> bool:
    return (
        line < end_line and not state.isEmpty(line) and bool(pattern.match(line_text(state, line)))
    )
