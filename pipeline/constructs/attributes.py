"""Attribute lists on lines of their own, and kramdown's extensions and end-of-block marks."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

from pipeline.constructs.state import (
    content_start,
    indented_as_code,
    line_at,
    marks_of,
    profile_of,
    push_verbatim,
)
from pipeline.patterns import lazy

_ATTRIBUTES = lazy(r"\{:(?!:|/).*\}[ \t]*$")
_GOLDMARK_ATTRIBUTES = lazy(r"\{[.#][^{}]*\}[ \t]*$")
_EXTENSION = lazy(r"\{::(?:/|([a-z]+))(?:[^{}]*?(/?))\}")
_END_OF_BLOCK = lazy(r"\^[ \t]*$")


def attributes(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match ``{: .class}``, ``{:name: …}``, ``{:toc}``, ``^`` and ``{::comment}`` … ``{:/}``.

    Hugo knows ``{.class}`` alone.
    """
    profile = profile_of(state)
    if not (profile.kramdown or profile.shortcodes) or indented_as_code(state, start_line):
        return False
    start, end = content_start(state, start_line), state.eMarks[start_line]
    if not profile.kramdown:
        last_line = start_line if _GOLDMARK_ATTRIBUTES.match(state.src, start, end) else -1
        return _matched(state, start_line, last_line, silent)
    if state.src.startswith("{:", start):
        last_line = _attributes_end(state, start, start_line, end_line)
    else:
        last_line = start_line if _END_OF_BLOCK.match(state.src, start, end) else -1
    return _matched(state, start_line, last_line, silent)


def _matched(state: StateBlock, start_line: int, last_line: int, silent: bool) -> bool:
    if last_line < 0:
        return False
    if not silent:
        push_verbatim(state, "attributes", start_line, last_line + 1)
    return True


def _attributes_end(state: StateBlock, start: int, start_line: int, end_line: int) -> int:
    end = state.eMarks[start_line]
    if _ATTRIBUTES.match(state.src, start, end) or state.src.startswith("{:/", start):
        return start_line
    extension = _EXTENSION.match(state.src, start, end)
    if not extension:
        return -1
    name, closed = extension.groups()
    if name == "options" and "parse_block_html" in extension.group():
        state.env["markdown_in_html"] = "true" in extension.group()
    if closed or name not in ("comment", "nomarkdown"):
        return start_line
    closing = re.compile(rf"\{{:/(?:{name})?\}}")
    match = marks_of(state).search(closing, start, state.eMarks[end_line - 1])
    return line_at(state, match.start(), start_line, end_line) if match else start_line
