"""Reading front matter: its values, and which of them are texts for translators."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache

from pipeline.constructs.front_matter import fences, json_syntax, toml_syntax, yaml_syntax
from pipeline.constructs.front_matter.tree import (
    EMPTY,
    BrokenError,
    Entry,
    NoMappingError,
    Tree,
    dotted,
)
from pipeline.errors import PipelineError
from pipeline.model import Profile
from pipeline.patterns import lazy
from pipeline.wording import Message

MAX_SIZE = 1 << 16
"""So many characters may front matter have; the parsers' work grows faster than their input."""

_SCANNERS: Mapping[str, Callable[[str], Tree]] = {
    "yaml": yaml_syntax.scan,
    "toml": toml_syntax.scan,
    "json": json_syntax.scan,
    "members": json_syntax.scan_members,
}
_STRICT = frozenset(("jekyll", "kramdown", "hugo"))
"""For them, a block between two lines of dashes is front matter, whatever it holds."""
_LINE_END = lazy(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Value:
    """A text for translators: its key (``image.alt`` for one inside another), and its place."""

    key: str
    text: str
    start: int
    end: int
    syntax: str
    """How it is written: ``yaml``, ``yaml-flow``, ``toml`` or ``json``."""


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a post starts with: ``[0, end)`` is its span, its content starts at ``start``.

    ``syntax`` is ``yaml``, ``toml``, ``json``, or empty where there is none.
    """

    end: int = 0
    syntax: str = ""
    start: int = 0
    tree: Tree = EMPTY

    @property
    def keys(self) -> frozenset[str]:
        """All top-level keys."""
        return self.tree.keys

    @property
    def fields(self) -> dict[str, str]:
        """The top-level keys that have one value, as written or as a parser reads it."""
        return {str(e.path[0]): e.text for e in self.tree.entries if len(e.path) == 1}

    def other_values(self, keys: Collection[str]) -> dict[tuple[str | int, ...], str]:
        """Return the values of all but ``keys``, which are dotted or top-level, by their path."""
        return {
            entry.path: entry.text
            for entry in self.tree.entries
            if dotted(entry.path) not in keys and entry.path[0] not in keys
        }


def read(name: str, text: str, profile: Profile) -> FrontMatter:
    """Find and read the front matter of ``text``.

    Raises:
        PipelineError: it is too large, not valid, no mapping, or has a key twice.
    """
    none = FrontMatter(end=int(text.startswith("\ufeff")))
    try:
        block = fences.find(text, profile)
    except BrokenError as error:
        raise _complaint(name, text, error, error.index) from None
    if block is None:
        return none
    try:
        tree = _scan(text, block)
    except BrokenError as error:
        lenient = isinstance(error, NoMappingError) and profile.name not in _STRICT
        if block.guess or lenient:
            return none
        raise _complaint(name, text, error, block.start + error.index) from None
    syntax = "json" if block.syntax == "members" else block.syntax
    return FrontMatter(block.end, syntax, block.start, tree)


def _scan(text: str, block: fences.Fenced) -> Tree:
    if block.stop - block.start > MAX_SIZE:
        raise BrokenError(
            Message("is larger than {count} characters", count=MAX_SIZE),
            0,
            Message("Move text to the body."),
        )
    return _tree(block.syntax, text[block.start : block.stop])


@lru_cache(maxsize=8)
def _tree(syntax: str, source: str) -> Tree:
    """Read the inside of a block; whoever builds the versions of a post asks for it many times."""
    return _SCANNERS[syntax](source)


def _complaint(name: str, text: str, error: BrokenError, index: int) -> PipelineError:
    line = line_of(text, index)
    return PipelineError(
        Message("the front matter {what}", what=error.what),
        path=name,
        line=line,
        hint=error.hint,
    )


def line_of(text: str, index: int) -> int:
    """Return the number of the line that ``text[index]`` stands in, counted from 1."""
    return sum(1 for _ in _LINE_END.finditer(text, 0, index)) + 1


def select(
    head: FrontMatter, wanted: Collection[str]
) -> tuple[list[Value], list[tuple[int, Message]]]:
    """Return the texts under the ``wanted`` keys, and what is left as it is: where, and why.

    A text that a YAML alias repeats under a key that is not wanted cannot change.
    """
    tree = head.tree
    fixed = {
        anchor
        for anchor, paths in tree.repeats.items()
        if not all(dotted(path) in wanted for path in paths)
    }
    values, kept = [], []
    for entry in tree.entries:
        key, start = dotted(entry.path), head.start + entry.start
        if key not in wanted or not entry.is_text or not entry.text.strip():
            continue
        if fixed.intersection(entry.anchors):
            what = Message(
                '"{key}" is left as it is: an alias repeats it where it is not translated', key=key
            )
            kept.append((start, what))
        else:
            values.append(
                Value(key, entry.text, start, head.start + entry.end, style_of(head, entry))
            )
    for copy in tree.copies:
        if dotted(copy.path) in wanted and dotted(copy.source) not in wanted:
            what = Message(
                '"{path}" is left as it is: it repeats what stands elsewhere',
                path=dotted(copy.path),
            )
            kept.append((head.start + copy.start, what))
    return values, kept


def style_of(head: FrontMatter, entry: Entry) -> str:
    """Return how an entry is written, as in ``Value.syntax``."""
    return "yaml-flow" if entry.is_flow else head.syntax
