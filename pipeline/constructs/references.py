"""Link reference definitions: ``[label]: destination "title"``, never offered for translation."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

from pipeline.constructs.state import (
    content_start,
    indented_as_code,
    leaves_container,
    line_text,
    profile_of,
    push_verbatim,
)
from pipeline.inline import normalize_label
from pipeline.patterns import lazy

_KRAMDOWN_DEFINITION = lazy(
    r"\[(?P<label>[^\]\n]+)\]:[ \t]*(?:<[^<>]*>|[^\s\"'][^ \t\"']*(?:[ \t]+[^ \t\"']+)*?)"
    r"(?P<title>[ \t]+(?:\".+?\"|'.+?'))?[ \t]*$"
)
_KRAMDOWN_TITLE = lazy(r"(?:\".+?\"|'.+?')[ \t]*$")
_LABEL = lazy(r"\[(?P<label>(?:\\.|[^\[\]\\]){1,999})\]:[ \t]*", re.S)
_OPEN_LABEL = lazy(r"\[(?:\\.|[^\[\]\\]){0,999}\\?\Z", re.S)
_DESTINATION = lazy(r"(?:<(?:\\.|[^<>\\])*>|[^\s<]\S*)(?=[ \t]|$)[ \t]*")
_TITLE_ENDS = {
    quote: re.compile(rf"(?:\\.|[^\\{close}{quote}])*?(?:(?P<end>\{close})|\\)?[ \t]*$")
    for quote, close in ('""', "''", "()")
}


def reference(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a definition; label and title may go on below, the destination may stand there.

    In kramdown only the title may.
    """
    if silent or indented_as_code(state, start_line):
        return False
    if not state.src.startswith("[", content_start(state, start_line)):
        return False
    profile = profile_of(state)
    if profile.footnotes and line_text(state, start_line).startswith("[^"):
        return False
    read = _read_kramdown if profile.kramdown else _read
    label, line = read(state, start_line, end_line)
    if not normalize_label(label):
        return False
    state.env["references"].setdefault(normalize_label(label), start_line)
    push_verbatim(state, "definition", start_line, line)
    return True


def _read_kramdown(state: StateBlock, line: int, end_line: int) -> tuple[str, int]:
    """Return the label of the definition on ``line``, empty if there is none, and its end."""
    match = _KRAMDOWN_DEFINITION.match(line_text(state, line))
    if not match:
        return "", line
    titled = match["title"] is None and _goes_on(state, line + 1, end_line)
    if titled and _KRAMDOWN_TITLE.match(line_text(state, line + 1)):
        line += 1
    return match["label"], line + 1


def _read(state: StateBlock, line: int, end_line: int) -> tuple[str, int]:
    """Return the label of the definition at ``line``, empty if there is none, and its end."""
    text = line_text(state, line)
    while _OPEN_LABEL.match(text) and _goes_on(state, line + 1, end_line):
        line += 1
        text += "\n" + line_text(state, line)
    label = _LABEL.match(text)
    if not label:
        return "", line
    rest = text[label.end() :]
    if not rest and _goes_on(state, line + 1, end_line):
        line += 1
        rest = line_text(state, line)
    destination = _DESTINATION.match(rest)
    if not destination:
        return "", line
    title = rest[destination.end() :]
    if title:
        end = _title_end(state, title, line, end_line)
    elif _goes_on(state, line + 1, end_line):
        end = _title_end(state, line_text(state, line + 1), line + 1, end_line) or line + 1
    else:
        end = line + 1
    return (label["label"], end) if end else ("", line)


def _title_end(state: StateBlock, text: str, line: int, end_line: int) -> int:
    """Return the line after the title that starts with ``text`` on ``line``, or 0."""
    pattern = _TITLE_ENDS.get(text[:1])
    if not pattern:
        return 0
    text = text[1:]
    while match := pattern.match(text):
        if match["end"]:
            return line + 1
        line += 1
        if not _goes_on(state, line, end_line):
            return 0
        text = line_text(state, line)
    return 0


def _goes_on(state: StateBlock, line: int, end_line: int) -> bool:
    """Tell whether a line can belong to a definition that started above it."""
    if line >= end_line or state.isEmpty(line) or leaves_container(state, line):
        return False
    if indented_as_code(state, line):
        return True
    rules = state.md.block.ruler.getRules("reference")
    return not any(rule(state, line, end_line, True) for rule in rules)
