"""Two versions of one post, block by block: which belong together, and where that is uncertain.

Headings, code blocks and links are fixed points: what lies between two of them and has the same
kinds of blocks on both sides is paired in order, all else is left as one region of each side.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pipeline.inline import find
from pipeline.model import Document, Profile, Segment


@dataclass(frozen=True, slots=True)
class Block:
    """A block with what it holds: text as it stands in the post, or code, or a line of markup."""

    kind: str
    text: str
    line: int
    segment: Segment | None = None

    @property
    def is_text(self) -> bool:
        """Whether the inline scanner can read it: all but code."""
        return not self.kind.endswith("code")


@dataclass(frozen=True, slots=True)
class Aligned:
    """Blocks that belong together: one of each side, or a whole region where that is unknown."""

    source: tuple[Block, ...]
    target: tuple[Block, ...]

    @property
    def certain(self) -> bool:
        """Whether it is one block and its translation."""
        return len(self.source) == 1 == len(self.target)


_VERBATIM = re.compile(r"(verbatim (?:table rule|[\w-]+)|kept|fence code|code_block code)(?: |$)")


def blocks(document: Document) -> list[Block]:
    """Return the blocks of a post's body in order."""
    body = iter(segment for segment in document.segments if not segment.is_metadata)
    found: list[Block] = []
    line = document.text.count("\n", 0, document.head) + 1
    for entry in document.shape:
        if entry.startswith("text "):
            segment = next(body)
            line = segment.line
            found.append(Block(segment.kind, _raw(document, segment), line, segment))
        elif match := _VERBATIM.match(entry):
            found.append(Block(match[1], entry[match.end() :], line))
    return found


def _raw(document: Document, segment: Segment) -> str:
    """Return a segment's text without what its container puts before its further lines."""
    first, *rest = document.text[segment.start : segment.end].split("\n")
    prefix = segment.prefix
    return "\n".join([first, *(line.removeprefix(prefix) for line in rest)])


def skeleton(document: Document) -> list[str]:
    """Return the structure of a post without what it says: headings, lists, tables, code."""
    found = []
    for entry in document.shape:
        if entry.startswith(("text ", "kept ")):
            found.append("text")
        elif match := _VERBATIM.match(entry):
            found.append(match[1])
        elif not entry.endswith("_close") and "_close " not in entry:
            found.append(entry)
    return found


def align(source: Sequence[Block], target: Sequence[Block], profile: Profile) -> Iterator[Aligned]:
    """Yield what belongs together, in order; every block of both sides is in one of them."""
    if [block.kind for block in source] == [block.kind for block in target]:
        yield from (Aligned((a,), (b,)) for a, b in zip(source, target, strict=True))
        return
    start, begin = 0, 0
    for row, column in [*_fixed_points(source, target, profile), (len(source), len(target))]:
        yield from _between(source[start:row], target[begin:column])
        if row < len(source):
            yield Aligned((source[row],), (target[column],))
        start, begin = row + 1, column + 1


def _between(source: Sequence[Block], target: Sequence[Block]) -> Iterator[Aligned]:
    if [block.kind for block in source] == [block.kind for block in target]:
        yield from (Aligned((a,), (b,)) for a, b in zip(source, target, strict=True))
    else:
        yield Aligned(tuple(source), tuple(target))


def _fixed_points(
    source: Sequence[Block], target: Sequence[Block], profile: Profile
) -> list[tuple[int, int]]:
    """Return pairs of indices of blocks that hold the same, once on each side, in rising order."""
    one, other = _keys(source, profile), _keys(target, profile)
    places = {key: index for index, key in enumerate(other)}
    counts, rivals = Counter(one), Counter(other)
    pairs = [
        (row, places[key])
        for row, key in enumerate(one)
        if key is not None and counts[key] == 1 == rivals[key]
    ]
    return _longest_rising(pairs)


def _keys(found: Sequence[Block], profile: Profile) -> list[object]:
    """Return what identifies each block in any language, None for one that nothing does."""
    levels = [block.kind for block in found if block.kind.startswith("heading")]
    keys: list[object] = []
    headings = 0
    for block in found:
        if block.kind.startswith("heading"):
            keys.append(("heading", tuple(levels), headings))
            headings += 1
        elif block.segment or block.kind == "kept":
            parts = tuple(sorted(_unchanging(block.text, profile)))
            keys.append((block.kind, parts) if parts else None)
        else:
            keys.append((block.kind, block.text) if len(block.text) > 8 else None)
    return keys


def _unchanging(text: str, profile: Profile) -> Iterator[str]:
    for token in find(text, profile):
        if token.kind in ("code", "math", "url", "liquid"):
            yield token.text
        elif token.dest:
            yield text[slice(*token.dest)]


def _longest_rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the longest part of ``pairs``, which rise in the first number, that does in both."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for index, (_, column) in enumerate(pairs):
        place = bisect_left(tails, column)
        before.append(ends[place - 1] if place else -1)
        tails[place : place + 1] = [column]
        ends[place : place + 1] = [index]
    chain: list[tuple[int, int]] = []
    index = ends[-1] if ends else -1
    while index >= 0:
        chain.append(pairs[index])
        index = before[index]
    return chain[::-1]
