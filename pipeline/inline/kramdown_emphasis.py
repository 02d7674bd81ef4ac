"""kramdown's emphasis: which marks pair, as its parser decides it, in linear time.

kramdown descends into emphasis at every mark and goes back where it finds no end, so its own work
can grow with the square of the text. What it decides depends only on the place and on the (at most
two) emphases that are open there: that is computed once for each place, from the end to the start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

Frame = tuple[str, int]
"""An open emphasis: its character, and 1 for ``em`` or 2 for ``strong``."""
Open = tuple[Frame, ...]

_SPACE = frozenset(" \t\r\n\f\v")


@dataclass(frozen=True, slots=True)
class Emphasised:
    """One emphasis: where its marks start, and how long each of them is."""

    opener: int
    closer: int
    size: int


def emphasised(text: str, marks: Sequence[int], outer: frozenset[int]) -> list[Emphasised]:
    """Return what is emphasised in one stretch of ``text``, whose ``marks`` are ``*`` and ``_``.

    ``outer`` are the sizes of the emphases that are open around the stretch: none of them can open
    again.
    """
    if len(marks) < 2:
        return []
    parser = _Parser(text, marks, outer)
    parser.prepare()
    return list(parser.walk(0, (), len(marks)))


@dataclass(slots=True)
class _Parser:
    text: str
    marks: Sequence[int]
    outer: frozenset[int]
    ends: dict[Open, list[int]] = field(default_factory=dict)
    """Where the innermost open emphasis ends, as an index of ``marks``, -1 for nowhere."""

    def prepare(self) -> None:
        """Find the end of every emphasis that could be open at every mark, the last one first."""
        present = {self.text[mark] for mark in self.marks}
        single = [((char, size),) for char in present for size in (1, 2)]
        double = [(*a, *b) for a in single for b in single if a[0][1] != b[0][1]]
        states: list[Open] = [*single, *double]
        self.ends = {state: [-1] * (len(self.marks) + 1) for state in states}
        for index in range(len(self.marks) - 1, -1, -1):
            # The longer states first: the shorter ones open them.
            for state in reversed(states):
                self.ends[state][index] = self._end(index, state, fresh=False)

    def _end(self, index: int, state: Open, *, fresh: bool) -> int:
        if index >= len(self.marks):
            return -1
        if not fresh and self._stops(index, state[-1]):
            return index
        following, _ = self._step(index, state)
        return self.ends[state][following]

    def _step(self, index: int, state: Open) -> tuple[int, tuple[int, int] | None]:
        """Return where to go on behind a mark, and closer and size if it opens an emphasis."""
        place = self.marks[index]
        char = self.text[place]
        size = 2 if self.text.startswith(char, place + 1) else 1
        if self._opens(place, size, state):
            closer = self._closer(index + size, (*state, (char, size)), place + size)
            if closer >= 0:
                return closer + size, (closer, size)
            if size == 2 and (not state or state[-1][1] != 1):
                closer = self._closer(index + 1, (*state, (char, 1)), place + 1)
                if closer >= 0:
                    return closer + 1, (closer, 1)
        return index + size, None

    def _opens(self, place: int, size: int, state: Open) -> bool:
        text = self.text
        if size in self.outer or any(size == frame[1] for frame in state):
            return False
        if text[place + size : place + size + 1] in _SPACE:
            return False
        if text[place] == "*" or not place:
            return True
        before = text[place - 1]
        return not (before.isalpha() or (before == "-" and text[place - 2 : place - 1].isalpha()))

    def _closer(self, index: int, state: Open, inside: int) -> int:
        """Return where an emphasis ends whose content starts at ``inside``, never right there."""
        if index >= len(self.marks):
            return -1
        if self.marks[index] == inside:
            return self._end(index, state, fresh=True)
        return self.ends[state][index]

    def _stops(self, index: int, frame: Frame) -> bool:
        place, (char, size), text = self.marks[index], frame, self.text
        if not text.startswith(char * size, place) or text[place - 1 : place] in _SPACE:
            return False
        if size == 1 and text.startswith(char * 2, place) and not text.startswith(char, place + 2):
            return False
        return char != "_" or not text[place + size : place + size + 1].isalnum()

    def walk(self, index: int, state: Open, end: int) -> Iterator[Emphasised]:
        """Yield the emphases between two marks where those in ``state`` are open."""
        while index < end:
            following, found = self._step(index, state)
            if found:
                closer, size = found
                opener = self.marks[index]
                yield Emphasised(opener, self.marks[closer], size)
                inner = (*state, (self.text[opener], size))
                yield from self.walk(index + size, inner, closer)
            index = following
