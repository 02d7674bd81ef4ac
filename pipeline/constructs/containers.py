"""What a container that starts with a marker on its first line has to do."""

from __future__ import annotations

from markdown_it.rules_block import StateBlock

from pipeline.constructs.state import Span, content_start, push_text, trimmed


def tokenize_inside(
    state: StateBlock, name: str, start_line: int, end_line: int, content: int, indent: int
) -> None:
    """Parse the blocks of a container whose text starts at position ``content`` of its first line.

    Further lines belong to it when they are indented by at least ``indent`` columns, or continue
    a paragraph.
    """
    old = (
        state.tShift[start_line],
        state.sCount[start_line],
        state.blkIndent,
        state.parentType,
        state.tight,
        state.lineMax,
    )
    state.lineMax = end_line
    state.tShift[start_line] = content - state.bMarks[start_line]
    state.sCount[start_line] = indent
    state.blkIndent = indent
    state.parentType = name
    state.line = start_line
    if content < state.eMarks[start_line]:
        state.md.block.tokenize(state, start_line, end_line)
    else:
        state.line = start_line + 1
        state.md.block.tokenize(state, start_line + 1, end_line)
    (
        state.tShift[start_line],
        state.sCount[start_line],
        state.blkIndent,
        state.parentType,
        state.tight,
        state.lineMax,
    ) = old


def push_marked_line(state: StateBlock, line: int, title: Span, *, syntax: str) -> None:
    """Report a container's first line: its marker, the text at ``title``, what follows that.

    The title may be empty; ``syntax`` is that of ``Segment``.
    """
    title = trimmed(state.src, *title)
    content, end = content_start(state, line), state.eMarks[line]
    state.push("verbatim", "marker", 0).content = state.src[content : title[0]].rstrip()
    if title[1] > title[0]:
        push_text(state, "admonition title", [title], syntax=syntax, first_line=line)
    state.push("verbatim", "marker", 0).content = state.src[title[1] : end].strip()
    state.line = line + 1
