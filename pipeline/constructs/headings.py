"""ATX headings, open and closed, with an id or an attribute list at their end."""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

from pipeline.constructs.state import (
    Span,
    content_start,
    indented_as_code,
    profile_of,
    push_text,
    trimmed,
)
from pipeline.model import Profile
from pipeline.patterns import lazy

_OPENING = lazy(r"(#{1,6})(?=[ \t]|$)")
_OPENING_KRAMDOWN = lazy(r"(#{1,6})")
_CLOSING = lazy(r"(?:^|[ \t])#+[ \t]*$")
_ID = lazy(r"[ \t]\{#[^{}]*\}[ \t]*$")
_GOLDMARK = lazy(r"[ \t]\{(?:[.#][^{}]*|[\w-]+=[^{}]*)\}[ \t]*$")


def heading(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match ``## text ## {#id}``; the id is not part of the text."""
    if indented_as_code(state, start_line):
        return False
    profile = profile_of(state)
    opening = _OPENING_KRAMDOWN if profile.kramdown and not profile.gfm else _OPENING
    start, end = content_start(state, start_line), state.eMarks[start_line]
    match = opening.match(state.src, start, end)
    if not match:
        return False
    if silent:
        return True
    span = trimmed(state.src, match.end(), end)
    span = _without_attributes(profile, state.src, span)
    span = _without(_CLOSING, state.src, span)
    push_heading(state, len(match.group(1)), [span], start_line, syntax="heading")
    state.line = start_line + 1
    return True


def push_heading(
    state: StateBlock, level: int, lines: list[Span], start_line: int, *, syntax: str
) -> None:
    """Report a heading of ``level`` whose text lies on ``lines``."""
    lines = [*lines[:-1], _without_attributes(profile_of(state), state.src, lines[-1])]
    state.push("heading_open", f"h{level}", 1)
    push_text(state, f"heading {level}", lines, syntax=syntax, first_line=start_line)
    state.push("heading_close", f"h{level}", -1)


def _without_attributes(profile: Profile, src: str, span: Span) -> Span:
    """Return ``span`` without ``{#id}`` or, in Hugo, any attribute list at its end."""
    if profile.kramdown:
        return _without(_ID, src, span)
    return _without(_GOLDMARK, src, span) if profile.shortcodes else span


def _without(pattern: re.Pattern[str], src: str, span: Span) -> Span:
    """Return ``span`` without what ``pattern`` matches at its end."""
    match = pattern.search(src[slice(*span)])
    return trimmed(src, span[0], span[0] + match.start()) if match else span
