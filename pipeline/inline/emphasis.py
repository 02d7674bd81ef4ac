"""Emphasis: which runs of ``*``, ``_`` and ``~`` are marks, and which of them pair."""

from __future__ import annotations

import sys
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from pipeline.inline.kramdown_emphasis import Emphasised, emphasised
from pipeline.inline.links import LINK_ENDS
from pipeline.inline.state import Delimiter, Scanner
from pipeline.model import Placeable, Profile

_EDGES = LINK_ENDS | {"open"}


def scan_delimiter(scanner: Scanner, start: int, run: str) -> int:
    text, end = scanner.text, start + len(run)
    before = text[start - 1 : start] or " "
    after = text[end : end + 1] or " "
    opens, closes = _flanks(before, after, run[0], scanner.profile)
    if opens or closes:
        scanner.delimiters.append(Delimiter(start, run[0], len(run), opens, closes))
    return end


def _flanks(before: str, after: str, char: str, profile: Profile) -> tuple[bool, bool]:
    """Tell whether a delimiter run can open and can close emphasis between two characters."""
    space_before, space_after = before.isspace(), after.isspace()
    if profile.kramdown:
        return char != "~" or not space_after, char != "~" or not space_before
    mark_before, mark_after = _is_mark(before), _is_mark(after)
    left = not space_after and (not mark_after or space_before or mark_before)
    right = not space_before and (not mark_before or space_after or mark_after)
    if char != "_":
        return left, right
    return left and (not right or mark_before), right and (not left or mark_after)


@lru_cache(maxsize=4096)
def _is_mark(character: str) -> bool:
    import unicodedata

    return unicodedata.category(character)[0] in "PS"


def emphasis(scanner: Scanner) -> Iterator[Placeable]:
    """Yield the marks of emphasis; what is open in a link's text ends with it."""
    runs = scanner.delimiters
    if scanner.profile.kramdown:
        yield from _kramdown_emphasis(scanner)
        runs = [run for run in runs if run.char == "~"]
    by_start = {run.start: run for run in runs}
    for _, inside in _stretches(scanner.found, list(by_start)):
        yield from _pair_emphasis(by_start[start] for start in inside)


def _pair_emphasis(delimiters: Iterable[Delimiter]) -> Iterable[Placeable]:
    """Yield the delimiter runs, or parts of runs, that pair up, innermost first.

    An opener that is looked over when a closer finds its partner behind it can never pair again
    and is dropped; a closer without a partner remembers where the search ended.
    """
    openers: list[Delimiter] = []
    floor: dict[tuple[str, bool, int], int] = {}
    for closer in delimiters:
        while closer.closes and closer.length:
            index = len(openers) - 1
            key = closer.char, closer.opens, closer.run % 3
            lowest = floor.get(key, 0)
            while index >= lowest and not _fit(openers[index], closer):
                index -= 1
            if index < lowest:
                floor[key] = len(openers)
                break
            opener = openers[index]
            size = 2 if min(opener.length, closer.length) >= 2 else 1
            if closer.char == "~" and size == 1:
                break
            opener.length -= size
            inner = opener.start + opener.length
            yield Placeable("emphasis", closer.char * size, inner, inner + size)
            yield Placeable("emphasis", closer.char * size, closer.start, closer.start + size)
            closer.start += size
            closer.length -= size
            del openers[index + (1 if opener.length else 0) :]
            floor = {key: min(bottom, len(openers)) for key, bottom in floor.items()}
        if closer.opens and closer.length:
            openers.append(closer)


def _fit(opener: Delimiter, closer: Delimiter) -> bool:
    """Tell whether two runs can pair: CommonMark's rule about multiples of three."""
    if opener.char != closer.char:
        return False
    odd = (opener.closes or closer.opens) and (opener.run + closer.run) % 3 == 0
    return not odd or (opener.run % 3 == 0 and closer.run % 3 == 0) or opener.char == "~"


def _kramdown_emphasis(scanner: Scanner) -> Iterator[Placeable]:
    """Yield the marks of emphasis in the text and, each on its own, in the texts of its links."""
    marks = [
        place
        for run in scanner.delimiters
        if run.char != "~"
        for place in range(run.start, run.start + run.length)
    ]
    stretches = _stretches(scanner.found, marks)
    around: dict[int, frozenset[int]] = {}
    for start, inside in stretches:
        found = emphasised(scanner.text, inside, around.get(start, frozenset()))
        for each in found:
            char = scanner.text[each.opener]
            for place in (each.opener, each.closer):
                yield Placeable("emphasis", char * each.size, place, place + each.size)
        _note_open(around, start, stretches, found)


def _note_open(
    around: dict[int, frozenset[int]],
    parent: int,
    stretches: Sequence[tuple[int, list[int]]],
    found: Sequence[Emphasised],
) -> None:
    """Note for the links inside each emphasis that it is open there."""
    starts = [start for start, _ in stretches]
    for each in found:
        for index in range(bisect_right(starts, each.opener), bisect_left(starts, each.closer)):
            known = around.get(starts[index], around.get(parent, frozenset()))
            around[starts[index]] = known | {each.size}


def _stretches(found: Iterable[Placeable], marks: Sequence[int]) -> list[tuple[int, list[int]]]:
    """Return where the text, and the text of each link with marks in it, starts, and its marks."""
    edges = sorted((token.start, token.kind) for token in found if token.kind in _EDGES)
    stretches: dict[int, list[int]] = {-1: []}
    opened = [-1]
    waiting = iter([*edges, (sys.maxsize, "")])
    place, kind = next(waiting)
    for mark in marks:
        while place < mark:
            opened.append(place) if kind == "open" else opened.pop()
            place, kind = next(waiting)
        stretches.setdefault(opened[-1], []).append(mark)
    return sorted(stretches.items())
