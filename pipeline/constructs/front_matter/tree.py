"""What every syntax of front matter is read as: scalars with their paths and places.

All positions are positions in the block's own text, not in the file.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pipeline.wording import NOTHING, Message

Path = tuple[str | int, ...]

MAX_NESTING = 100
"""So many mappings and lists may stand inside each other; real front matter has three or four."""


class BrokenError(Exception):
    """The block is not what its syntax asks for; ``what`` is a clause, ``index`` the place."""

    def __init__(self, what: Message, index: int, hint: Message = NOTHING) -> None:
        super().__init__(what)
        self.what = what
        self.index = index
        self.hint = hint


class NoMappingError(BrokenError):
    """The block can be read, but does not hold keys and values."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A scalar: where it stands, and what a parser of the syntax reads there.

    ``text`` is the string, or for what is no string (``is_text`` is false) the source text.
    """

    path: Path
    text: str
    start: int
    end: int
    is_text: bool
    is_flow: bool = False
    """It stands in YAML's braces or brackets, where fewer texts need no quotes."""
    anchors: tuple[int, ...] = ()
    """Which of YAML's anchored nodes it is a part of."""


@dataclass(frozen=True, slots=True)
class Copy:
    """An alias of a mapping or list: what stands at ``source`` is repeated at ``path``."""

    path: Path
    source: Path
    start: int


@dataclass(frozen=True, slots=True)
class Slot:
    """Where keys can be added, and what must stand before, between and after them."""

    at: int
    before: str
    between: str
    after: str = ""


@dataclass(frozen=True, slots=True)
class Tree:
    """A block that has been read: its scalars in order, its top-level keys, the place for more."""

    slot: Slot
    entries: tuple[Entry, ...] = ()
    keys: frozenset[str] = frozenset()
    repeats: Mapping[int, tuple[Path, ...]] = field(default_factory=dict)
    """Where aliases repeat an anchored node."""
    copies: tuple[Copy, ...] = ()


EMPTY = Tree(Slot(0, "", ""))


def dotted(path: Path) -> str:
    """Return a path as settings name it: keys joined by dots, positions in lists left out."""
    return ".".join(part for part in path if isinstance(part, str))
