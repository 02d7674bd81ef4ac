"""Tables: GFM's, with a delimiter row, and kramdown's, which need no header.

In kramdown a pipe inside a code span does not part cells; in GFM it does unless it is escaped.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from markdown_it.rules_block import StateBlock

from pipeline.constructs.lists import markdown_list
from pipeline.constructs.state import (
    Span,
    content_start,
    indented_as_code,
    leaves_container,
    line_text,
    marks_of,
    profile_of,
    push_text,
    trimmed,
)
from pipeline.patterns import lazy

_DELIMITER_ROW = lazy(r"[|:\-][ \t|:\-]*$")
_DELIMITER = lazy(r":?-+:?$")
_SEPARATOR = lazy(r"(?=[+|: \t]*[-=])[+|: \t\-=]*$")
_UNDERLINE = lazy(r"(?:-+|=+)[ \t]*$")
_PIPE_OR_CODE = lazy(r"\\.|`+|\||<code\b|\{[{%]|\[\[(?=[^\[\]|\n]+\|[^\[\]|\n]+\]\])", re.I)
_CODE_END = lazy("</code>", re.I)
_TEMPLATE_END = {"{{": re.compile(r"\}\}"), "{%": re.compile("%}")}


def table(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a GFM table, or in kramdown a block of lines that all hold a pipe."""
    if indented_as_code(state, start_line):
        return False
    start = content_start(state, start_line)
    if state.src.find("|", start, state.eMarks[start_line]) < 0 and not _SEPARATOR.match(
        state.src, start, state.eMarks[start_line]
    ):
        return False
    last = _gfm_extent(state, start_line, end_line)
    if not last and not silent and profile_of(state).kramdown:
        last = _kramdown_extent(state, start_line, end_line)
    if not last:
        return False
    if not silent:
        _push_table(state, start_line, last)
    return True


def _push_table(state: StateBlock, start_line: int, end_line: int) -> None:
    state.push("table_open", "table", 1).map = [start_line, end_line]
    has_header = _has_header(state, start_line, end_line)
    kind = "table header"
    for line in range(start_line, end_line):
        if _is_separator(state, line):
            state.push("verbatim", "table rule", 0).content = line_text(state, line).strip()
            kind = "table cell"
            continue
        state.push("tr_open", "tr", 1)
        row_kind = kind if has_header else "table cell"
        for start, end in _cells(state, line):
            state.push("td_open", "td", 1)
            if end > start:
                push_text(state, row_kind, [(start, end)], syntax="cell", first_line=line)
            state.push("td_close", "td", -1)
        state.push("tr_close", "tr", -1)
    state.push("table_close", "table", -1)
    state.line = end_line


def _has_header(state: StateBlock, start_line: int, end_line: int) -> bool:
    return start_line + 1 < end_line and _is_separator(state, start_line + 1)


def _is_separator(state: StateBlock, line: int) -> bool:
    text = line_text(state, line)
    return bool(_SEPARATOR.match(text)) and ("-" in text or "=" in text)


def _gfm_extent(state: StateBlock, start_line: int, end_line: int) -> int:
    """Return the line after a GFM table that starts here, or 0."""
    if start_line + 2 > end_line or "|" not in line_text(state, start_line):
        return 0
    second = start_line + 1
    if leaves_container(state, second) or indented_as_code(state, second):
        return 0
    row = line_text(state, second)
    if not _DELIMITER_ROW.match(row) or _UNDERLINE.match(row) or row[:2] in ("- ", "-\t"):
        return 0
    columns = [cell.strip() for cell in row.strip().strip("|").split("|")]
    if not all(_DELIMITER.match(column) for column in columns):
        return 0
    if len(list(_cells(state, start_line))) != len(columns):
        return 0
    return _rows_end(state, start_line + 2, end_line)


def _rows_end(state: StateBlock, line: int, end_line: int) -> int:
    terminators = state.md.block.ruler.getRules("blockquote")
    while line < end_line and not state.isEmpty(line):
        if leaves_container(state, line) or indented_as_code(state, line):
            break
        if any(rule(state, line, end_line, True) for rule in terminators):
            break
        line += 1
    return line


def _kramdown_extent(state: StateBlock, start_line: int, end_line: int) -> int:
    """Return the line after a kramdown table that starts here, or 0: every line needs a pipe."""
    if start_line + 1 < end_line and _UNDERLINE.match(line_text(state, start_line + 1)):
        return 0
    line, rows = start_line, 0
    while line < end_line and not state.isEmpty(line) and not leaves_container(state, line):
        if line_text(state, line).startswith(("{:", "^")):
            break
        if not _is_separator(state, line):
            if not _has_pipe(state, line):
                return 0
            rows += 1
        line += 1
    return line if rows and not _goes_on(state, line, end_line) else 0


def _goes_on(state: StateBlock, line: int, end_line: int) -> bool:
    """Tell whether a line without pipes is lazily part of the list item that ends before it."""
    return (
        line < end_line
        and leaves_container(state, line)
        and not markdown_list(state, line, end_line, True)
    )


def _has_pipe(state: StateBlock, line: int) -> bool:
    return any(True for _ in _pipes(state, line))


def _pipes(state: StateBlock, line: int) -> Iterator[int]:
    """Yield where the pipes stand that part cells: not in code, nor in what Liquid replaces."""
    src, position, end = state.src, content_start(state, line), state.eMarks[line]
    if src.find("|", position, end) < 0:
        return
    kramdown = profile_of(state).kramdown
    has_templates = profile_of(state).liquid or profile_of(state).shortcodes
    while match := _PIPE_OR_CODE.search(src, position, end):
        position = match.end()
        token = match.group()
        if token == "|":
            yield match.start()
        elif token == "[[" and kramdown and profile_of(state).wiki_links != "off":
            position = src.index("]]", position)
        elif token[0] == "`":
            # kramdown ends code at the next run that is as long or longer.
            closing_run = marks_of(state).find(token, position) if kramdown else -1
            position = closing_run + len(token) if 0 <= closing_run < end else position
        elif token in _TEMPLATE_END:
            closing = has_templates and marks_of(state).search(_TEMPLATE_END[token], position, end)
            position = closing.end() if closing else position
        elif token[0] == "<":
            closing = marks_of(state).search(_CODE_END, position, end)
            position = closing.end() if closing else position


def _cells(state: StateBlock, line: int) -> Iterator[Span]:
    """Yield the span of each cell's text, without the outer pipes."""
    src = state.src
    start, end = trimmed(src, content_start(state, line), state.eMarks[line])
    pipes = list(_pipes(state, line))
    if pipes and pipes[0] == start:
        start = pipes.pop(0) + 1
    if pipes and pipes[-1] == end - 1:
        end = pipes.pop()
    for pipe in pipes:
        yield trimmed(src, start, pipe)
        start = pipe + 1
    yield trimmed(src, start, end)
