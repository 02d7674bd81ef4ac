"""JSON front matter: where its scalars stand, and how a string is written."""

from __future__ import annotations

import json
from dataclasses import replace

from pipeline.constructs.front_matter.tree import (
    MAX_NESTING,
    BrokenError,
    Entry,
    Path,
    Slot,
    Tree,
)
from pipeline.patterns import lazy
from pipeline.wording import Message

_SPACE = lazy(r"[ \t\r\n]*")
_LINE_END = lazy(r"\r\n|\r|\n")
_SURROGATE = lazy(r"[\ud800-\udfff]")
_INDENT = lazy(r"(?:\r\n|\r|\n)[ \t]*\Z")
_decoder = json.JSONDecoder(parse_int=str, parse_float=str, parse_constant=str)


def end_of_value(text: str, start: int) -> int:
    """Return where the value that starts at ``start`` ends.

    Raises:
        BrokenError: it is not valid.
    """
    try:
        return _decoder.raw_decode(text, start)[1]
    except json.JSONDecodeError as error:
        raise BrokenError(Message("is not valid JSON: {msg}", msg=error.msg), error.pos) from None
    except RecursionError:
        raise BrokenError(Message("is not valid JSON: nested too deeply"), start) from None


def scan(source: str) -> Tree:
    """Read a JSON object.

    Raises:
        BrokenError: it is not valid, or has a key twice.
    """
    end = end_of_value(source, 0)
    walk = _Walk(source)
    walk.value(0, ())
    if _skip(source, end) != len(source):
        raise BrokenError(Message("is not valid JSON: Extra data"), end)
    return Tree(walk.slot(), tuple(walk.entries), frozenset(walk.keys))


def scan_members(source: str) -> Tree:
    """Read the members of a JSON object that stands without its braces."""
    try:
        tree = scan(f"{{{source}}}")
    except BrokenError as error:
        error.index = min(max(error.index - 1, 0), len(source))
        raise
    entries = (replace(entry, start=entry.start - 1, end=entry.end - 1) for entry in tree.entries)
    line_end = _LINE_END.search(source)
    between = "," + (line_end.group() if line_end else " ")
    return replace(
        tree,
        entries=tuple(entries),
        slot=Slot(tree.slot.at - 1, between if tree.keys else "", between),
    )


def write(written: str, value: str) -> str:
    """Return ``value`` as a string; characters stay escaped where all of ``written`` is."""
    is_escaped = written.isascii() and "\\u" in written
    return json.dumps(value, ensure_ascii=is_escaped)


def field(key: str, literal: str) -> str:
    """Return a member with a value that is written already."""
    return f'"{key}": {literal}'


def _skip(source: str, position: int) -> int:
    match = _SPACE.match(source, position)
    return match.end() if match else position


class _Walk:
    """A walk over valid JSON that notes where scalars stand; the methods return where they end."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.entries: list[Entry] = []
        self.keys: dict[str, int] = {}
        """The top-level keys and where they start."""
        self.members_end = 1

    def value(self, position: int, path: Path) -> int:
        first = self.source[position]
        if first == "{":
            return self.mapping(position + 1, path)
        if first == "[":
            return self.sequence(position + 1, path)
        value, end = _decoder.raw_decode(self.source, position)
        is_text = first == '"'
        text = value if is_text else self.source[position:end]
        if _SURROGATE.search(text):
            raise BrokenError(Message("is not valid JSON: it holds half of a character"), position)
        self.entries.append(Entry(path, text, position, end, is_text))
        return end

    def mapping(self, position: int, path: Path) -> int:
        keys = self.keys if not path else {}
        position = self._enter(position, path)
        while self.source[position] != "}":
            key, end = _decoder.raw_decode(self.source, position)
            if key in keys:
                raise BrokenError(
                    Message('has the key "{key}" twice', key=key),
                    position,
                    Message("Delete one of the two."),
                )
            keys[key] = position
            colon = _skip(self.source, end)
            end = self.value(_skip(self.source, colon + 1), (*path, key))
            if not path:
                self.members_end = end
            position = self._next(end)
        return position + 1

    def sequence(self, position: int, path: Path) -> int:
        position = self._enter(position, path)
        index = 0
        while self.source[position] != "]":
            position = self._next(self.value(position, (*path, index)))
            index += 1
        return position + 1

    def _enter(self, position: int, path: Path) -> int:
        if len(path) > MAX_NESTING:
            raise BrokenError(Message("is not valid JSON: nested too deeply"), position)
        return _skip(self.source, position)

    def _next(self, position: int) -> int:
        position = _skip(self.source, position)
        return _skip(self.source, position + 1) if self.source[position] == "," else position

    def slot(self) -> Slot:
        if not self.keys:
            return Slot(self.members_end, "", ", ")
        indent = _INDENT.search(self.source, 0, list(self.keys.values())[-1])
        between = "," + (indent.group() if indent else " ")
        return Slot(self.members_end, between, between)
