"""Text in columns of a terminal, in which a Chinese character takes two."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import zip_longest

from pipeline.widths import char_width, width

_GAP = "  "
_NO_START = frozenset("、。，．：；！？）」』】》〉”’…—·％,.:;!?)]}%")
"""Marks that no line starts with."""
_UNIT = re.compile(r"\s+|[^\W\u2e80-\U0003ffff]+|.", re.DOTALL)


def table(rows: Sequence[Sequence[str]], *, left: int = 1_000) -> list[str]:
    """Return the rows as lines with aligned columns, the first ``left`` of them to the left."""
    widths = [max(map(width, column)) for column in zip(*rows, strict=True)]
    return [_GAP.join(_padded(row, widths, left)).rstrip() for row in rows]


def wrap(text: str, columns: int) -> list[str]:
    """Return a text as lines of at most ``columns`` (two at least); its own line ends stay.

    A line ends at a space or next to a Chinese character, and only inside a word that is too long.
    """
    return [line for part in text.split("\n") for line in _wrapped(part, max(columns, 2))]


def side_by_side(one: str, other: str, columns: int) -> list[str]:
    """Return two texts as two columns, ``columns`` wide together."""
    half = max((columns - len(_GAP)) // 2, 2)
    pairs = zip_longest(wrap(one, half), wrap(other, half), fillvalue="")
    return [f"{a}{' ' * (half - width(a))}{_GAP}{b}".rstrip() for a, b in pairs]


def _padded(row: Sequence[str], widths: Sequence[int], left: int) -> Iterator[str]:
    for index, (cell, wanted) in enumerate(zip(row, widths, strict=True)):
        space = " " * (wanted - width(cell))
        yield cell + space if index < left else space + cell


def _wrapped(text: str, columns: int) -> Iterator[str]:
    line, used = "", 0
    for piece in _pieces(text, columns):
        size = width(piece)
        if used + size > columns and line:
            yield line.rstrip()
            line, used = "", 0
            if piece.isspace():
                continue
        line, used = line + piece, used + size
    yield line.rstrip()


def _pieces(text: str, columns: int) -> Iterator[str]:
    """Yield what stays together: words and Chinese characters, each with the marks behind it."""
    held = ""
    for piece in _UNIT.findall(text):
        if held and piece[0] in _NO_START and width(held + piece) <= columns:
            held += piece
            continue
        yield from _cut(held, columns)
        held = piece
    yield from _cut(held, columns)


def _cut(piece: str, columns: int) -> Iterator[str]:
    while width(piece) > columns:
        size, used = 0, 0
        while used + char_width(piece[size]) <= columns:
            used += char_width(piece[size])
            size += 1
        yield piece[:size]
        piece = piece[size:]
    if piece:
        yield piece
