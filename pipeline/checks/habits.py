"""How a Chinese text is written where there is more than one good way: counted over a file."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.inline import HAN
from pipeline.patterns import lazy

_TIGHT = lazy(f"(?<=[{HAN}])(?=[A-Za-z])|(?<=[A-Za-z])(?=[{HAN}])")
_SPACED = lazy(f"(?<=[{HAN}]) (?=[A-Za-z])|(?<=[A-Za-z]) (?=[{HAN}])")
_LOOSE = lazy(rf"(?<=[{HAN}][，。、；：？！]) +(?=[{HAN}A-Za-z])")
_DENSE = lazy(rf"(?<=[{HAN}][，。、；：？！])(?=[{HAN}A-Za-z])")
_ENOUGH = 5


@dataclass(frozen=True, slots=True)
class Habits:
    """How often each of two ways is taken; too few cases, or a mixture, tell nothing."""

    spaced: int = 0
    tight: int = 0
    curly: int = 0
    corner: int = 0
    wide: int = 0
    narrow: int = 0
    loose: int = 0
    dense: int = 0

    @classmethod
    def of(cls, views: Iterable[str]) -> Habits:
        """Count over texts in which only text is left."""
        counts = [0] * 8
        for view in views:
            found = (
                len(_SPACED.findall(view)),
                len(_TIGHT.findall(view)),
                view.count("“"),
                view.count("「"),
                view.count("（"),
                len(_NARROW.findall(view)),
                len(_LOOSE.findall(view)),
                len(_DENSE.findall(view)),
            )
            counts = [count + more for count, more in zip(counts, found, strict=True)]
        return cls(*counts)

    @property
    def spacing(self) -> str:
        """``require`` or ``strip`` for spaces between Chinese and Latin letters, or nothing."""
        return _majority(self.spaced, self.tight, "require", "strip")

    @property
    def is_loose(self) -> bool:
        """Whether a space after full-width marks is a habit: of every third of them, at least."""
        cases = self.loose + self.dense
        return cases >= _ENOUGH and self.loose * 3 >= cases

    @property
    def quotes(self) -> str:
        """``curly`` or ``corner``, or nothing."""
        return _majority(self.curly, self.corner, "curly", "corner")

    @property
    def brackets(self) -> str:
        """``wide`` or ``narrow`` brackets around Chinese text, or nothing."""
        return _majority(self.wide, self.narrow, "wide", "narrow")


_NARROW = lazy(rf"\((?=[{HAN}])")


def _majority(one: int, other: int, first: str, second: str) -> str:
    if one + other < _ENOUGH or 0.2 < one / (one + other) < 0.8:
        return ""
    return first if one > other else second
