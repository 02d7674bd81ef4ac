"""Paragraphs and setext headings, with callout markers, task boxes and definition terms."""

from __future__ import annotations

from markdown_it.rules_block import StateBlock

from pipeline.constructs.headings import push_heading
from pipeline.constructs.state import (
    Span,
    after_boundary,
    content_start,
    indented_as_code,
    line_text,
    profile_of,
    push_text,
    trimmed,
)
from pipeline.patterns import lazy

_UNDERLINE = lazy(r"(?:=+|-+)[ \t]*$")
_CALLOUT = lazy(r"\[![A-Za-z]+\][+-]?[ \t]*$")
_TASK = lazy(r"\[[ xX]\][ \t]+")
DEFINITION = lazy(r":[ \t]")
_INTERRUPTING = frozenset("#>`~-+*_<|[{:!?$=^\\")


def paragraph(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Take every line up to the next block; a setext underline makes them a heading."""
    next_line, level = _extent(state, start_line)
    last = next_line - (1 if level else 0)
    lines = [(content_start(state, line), state.eMarks[line]) for line in range(start_line, last)]
    lines[0] = (_skip_markers(state, start_line, lines[0]), lines[0][1])
    lines[-1] = trimmed(state.src, *lines[-1])
    if level:
        push_heading(state, level, lines, start_line, syntax="setext")
    elif _is_term(state, next_line):
        for offset, (start, end) in enumerate(lines):
            push_text(
                state, "term", [trimmed(state.src, start, end)], first_line=start_line + offset
            )
        state.env["definition_at"] = _skip_blank(state, next_line)
    else:
        state.push("paragraph_open", "p", 1).map = [start_line, next_line]
        _push_body(state, lines, start_line)
        state.push("paragraph_close", "p", -1)
    state.line = next_line
    return True


def _push_body(state: StateBlock, lines: list[Span], start_line: int) -> None:
    """Push the text; the first line of a callout, ``[!NOTE]``, is a marker."""
    if state.parentType == "blockquote" and _CALLOUT.match(state.src, *lines[0]):
        state.push("verbatim", "callout", 0).content = state.src[slice(*lines[0])]
        lines, start_line = lines[1:], start_line + 1
    if lines:
        push_text(state, "paragraph", lines, first_line=start_line)


def _extent(state: StateBlock, start_line: int) -> tuple[int, int]:
    """Return the line after the paragraph, and its level if an underline makes it a heading."""
    terminators = state.md.block.ruler.getRules(_interruptions(state))
    underlined_until = _underlined_until(state, start_line)
    old_parent = state.parentType
    state.parentType = "paragraph"
    line, level = start_line + 1, 0
    while line < state.lineMax and not state.isEmpty(line):
        if line < underlined_until and _is_underline(state, line):
            level = 1 if state.src[content_start(state, line)] == "=" else 2
            line += 1
            break
        if state.sCount[line] - state.blkIndent > 3 or state.sCount[line] < 0:
            line += 1
            continue
        if _may_interrupt(state, line) and any(
            rule(state, line, state.lineMax, True) for rule in terminators
        ):
            break
        line += 1
    state.parentType = old_parent
    return line, level


def _interruptions(state: StateBlock) -> str:
    """Return the name of the rules that end a paragraph."""
    profile = profile_of(state)
    if not profile.kramdown:
        return "paragraph"
    return "kramdown gfm paragraph" if profile.gfm else "kramdown paragraph"


def _underlined_until(state: StateBlock, start_line: int) -> int:
    """Return the line before which an underline makes the paragraph a heading.

    In kramdown a heading has one line, behind a block boundary.
    """
    if not profile_of(state).kramdown:
        return state.lineMax
    return start_line + 2 if after_boundary(state, start_line) else start_line


def _is_underline(state: StateBlock, line: int) -> bool:
    """Tell whether a line underlines a heading; in kramdown it may stand left of its container."""
    indent = state.sCount[line] - state.blkIndent
    return (indent < 4 and (indent >= 0 or profile_of(state).kramdown)) and bool(
        _UNDERLINE.match(state.src, content_start(state, line), state.eMarks[line])
    )


def _may_interrupt(state: StateBlock, line: int) -> bool:
    """Tell by its first character whether a line can start a block: most lines can not."""
    first = state.src[content_start(state, line)]
    return (
        first in _INTERRUPTING
        or first.isdigit()
        or (profile_of(state).gfm and "|" in line_text(state, line))
    )


def _skip_markers(state: StateBlock, line: int, span: Span) -> int:
    if state.tokens and state.tokens[-1].type == "list_item_open":
        task = _TASK.match(state.src, *span)
        if task:
            return task.end()
    return span[0]


def _skip_blank(state: StateBlock, line: int) -> int:
    return line + 1 if line < state.lineMax and state.isEmpty(line) else line


def _is_lazy(state: StateBlock, line: int, next_line: int) -> bool:
    """Tell whether kramdown takes a line left of the container for a part of it."""
    return profile_of(state).kramdown and line == next_line


def _is_term(state: StateBlock, next_line: int) -> bool:
    """Tell whether a definition follows, at once or after one blank line."""
    line = _skip_blank(state, next_line)
    return (
        profile_of(state).definitions
        and line < state.lineMax
        and (state.sCount[line] >= state.blkIndent or _is_lazy(state, line, next_line))
        and not indented_as_code(state, line)
        and bool(DEFINITION.match(state.src, content_start(state, line), state.eMarks[line]))
    )
