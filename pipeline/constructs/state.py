"""The block state that all constructs work on, and how they report what they found.

markdown-it wants its input with ``\\n`` line ends and forgets columns. ``LineState`` keeps the
text as it is, whatever its line ends, so that every span is a span of the file.

Constructs push two kinds of leaf tokens of their own: ``text`` (a span for translators, one
``(start, end)`` a line) and ``verbatim`` (a span that nobody touches).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal

from markdown_it.rules_block import StateBlock
from markdown_it.token import Token

from pipeline.patterns import lazy

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

    from pipeline.marks import Marks
    from pipeline.model import Profile

Span = tuple[int, int]

_LINE = lazy(r"([ \t]*)([^\r\n]*)(?:\r\n|\n|\r)?")
_NO_QUOTE_MARK = lazy(r"[^>\s]")


class BlockToken(Token):
    """A token that is made quickly: making markdown-it's own took a tenth of all parsing.

    What is not set is read from the class.
    """

    attrs: dict[str, str | int | float] = MappingProxyType({})  # type: ignore[assignment]
    meta: dict[Any, Any] = MappingProxyType({})  # type: ignore[assignment]
    map = None
    children = None
    content = markup = info = ""
    block = True
    hidden = False

    def __init__(self, type: str, tag: str, nesting: Literal[-1, 0, 1], level: int) -> None:
        self.type, self.tag, self.nesting, self.level = type, tag, nesting, level


class LineState(StateBlock):
    """A block state over ``src[offset:]`` whose marks are positions in ``src``."""

    def __init__(
        self, src: str, md: MarkdownIt, env: dict[str, Any], tokens: list[Token], offset: int
    ) -> None:
        super().__init__("", md, env, tokens)
        self.src = src
        # At the end an empty match follows: markdown-it looks one line past the last one.
        lines = [(*match.span(1), match.end(2)) for match in _LINE.finditer(src, offset)]
        self.lineMax = len(lines) - 1
        self.bMarks = [start for start, _, _ in lines]
        self.eMarks = [end for _, _, end in lines]
        self.tShift = [text - start for start, text, _ in lines]
        self.sCount = [
            text - start if src.find("\t", start, text) < 0 else _columns(src[start:text])
            for start, text, _ in lines
        ]
        self.bsCount = [0] * len(lines)
        env["line starts"] = tuple(self.bMarks)

    def push(self, ttype: str, tag: str, nesting: Literal[-1, 0, 1]) -> Token:
        """Append a token, and count the level."""
        if nesting < 0:
            self.level -= 1
        token = BlockToken(ttype, tag, nesting, self.level)
        if nesting > 0:
            self.level += 1
        self.tokens.append(token)
        return token

    def getLines(self, begin: int, end: int, indent: int, keepLastLF: bool) -> str:  # noqa: N802, N803
        """Return lines without ``indent`` columns of indentation, joined by ``\\n``."""
        lines = [self._outdented(line, indent) for line in range(begin, end)]
        return "\n".join(lines) + ("\n" if keepLastLF and lines else "")

    def _outdented(self, line: int, indent: int) -> str:
        position, columns = self.bMarks[line], self.bsCount[line]
        start = columns
        while position < self.eMarks[line] and columns - start < indent:
            character = self.src[position]
            if character == "\t":
                columns += 4 - columns % 4
            elif character == " " or position < self.bMarks[line] + self.tShift[line]:
                columns += 1
            else:
                break
            position += 1
        return " " * (columns - start - indent) + self.src[position : self.eMarks[line]]


def _columns(indent: str) -> int:
    return len(indent.expandtabs(4))


def profile_of(state: StateBlock) -> Profile:
    """Return the dialect that is being parsed."""
    profile: Profile = state.env["profile"]
    return profile


def marks_of(state: StateBlock) -> Marks:
    """Return what finds marks in the post."""
    marks: Marks = state.env["marks"]
    return marks


def content_start(state: StateBlock, line: int) -> int:
    """Return where a line's text starts, after the markers of its containers and indentation."""
    return state.bMarks[line] + state.tShift[line]


def line_text(state: StateBlock, line: int) -> str:
    """Return a line's text without what stands before it."""
    return state.src[content_start(state, line) : state.eMarks[line]]


def indented_as_code(state: StateBlock, line: int) -> bool:
    """Tell whether a line is indented so far that it is code (or a paragraph's continuation)."""
    return state.sCount[line] - state.blkIndent >= 4


def leaves_container(state: StateBlock, line: int) -> bool:
    """Tell whether a non-blank line stands left of the container that is being parsed."""
    return state.sCount[line] < state.blkIndent and not state.isEmpty(line)


def after_boundary(state: StateBlock, line: int) -> bool:
    """Tell whether kramdown sees a block boundary before a line: a blank line, or no text yet."""
    if line == 0 or state.isEmpty(line - 1) or not state.tokens:
        return True
    before = state.tokens[-1]
    return before.nesting == 1 or (before.type == "verbatim" and before.tag == "attributes")


def container_end(state: StateBlock, line: int, end_line: int) -> int:
    """Return the first line from ``line`` on that leaves the container, at most ``end_line``.

    The answer for one line holds for those that follow; without memory, every block of a long
    list item would look for the item's end.
    """
    ends: dict[tuple[int, int, int], Span] = state.env["container ends"]
    key = state.level, state.blkIndent, end_line
    first, end = ends.get(key, (0, -1))
    if not first <= line <= end:
        end = line
        while end < end_line and not leaves_container(state, end):
            end += 1
        ends[key] = line, end
    return end


def line_at(state: StateBlock, position: int, line: int, end_line: int) -> int:
    """Return the line from ``line`` on that holds the character at ``position``."""
    return bisect_right(state.eMarks, position, line, end_line - 1)


def line_before(state: StateBlock, position: int, line: int, end_line: int) -> int:
    """Return the line from ``line`` on that holds the character before ``position``."""
    return bisect_left(state.eMarks, position, line, end_line - 1)


def push_text(
    state: StateBlock,
    kind: str,
    lines: list[Span],
    *,
    first_line: int,
    syntax: str = "markdown",
    prefix: str = "",
) -> None:
    """Report text for translators.

    ``lines`` holds one span a line, ``first_line`` is 0-based, ``syntax`` and ``prefix`` are those
    of ``Segment``; a paragraph's prefix follows from its first line: quote marks are repeated,
    list markers become spaces.
    """
    if syntax == "markdown":
        before = state.src[state.env["line starts"][first_line] : lines[0][0]]
        prefix = _NO_QUOTE_MARK.sub(" ", before) if before else ""
    token = state.push("text", kind, 0)
    token.meta = {"lines": lines, "syntax": syntax, "prefix": prefix}
    token.map = [first_line, first_line + len(lines)]


def push_verbatim(state: StateBlock, name: str, start_line: int, end_line: int) -> None:
    """Report lines that must stay as they are, and go on behind them."""
    token = state.push("verbatim", name, 0)
    token.map = [start_line, end_line]
    token.content = state.getLines(start_line, end_line, state.blkIndent, False)
    state.line = end_line


def skip_blanks(src: str, position: int) -> int:
    """Return the position behind the spaces and tabs that stand at ``position``."""
    while src.startswith((" ", "\t"), position):
        position += 1
    return position


def trimmed(src: str, start: int, end: int) -> Span:
    """Return ``(start, end)`` without the spaces and tabs at its ends."""
    while start < end and src[start] in " \t":
        start += 1
    while end > start and src[end - 1] in " \t":
        end -= 1
    return start, end
