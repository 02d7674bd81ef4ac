"""TOML front matter: where its scalars stand, and how a string is written.

``tomllib`` says what the values are, but not where; the scan here says where, and takes the text
to be valid. The tests hold it against ``tomllib``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from typing import Any

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

_SPACE = lazy(r"[ \t]*+")
_BLANK = lazy(r"(?:[ \t\r\n]++|#[^\r\n]*+)*+")
_LINE_END = lazy(r"\r\n|\r|\n")
_LONE_CR = lazy(r"\r(?!\n)")
_HEADER = lazy(r"\[\[?[ \t]*")
_BARE_KEY = lazy(r"[A-Za-z0-9_-]+")
_STRING = lazy(
    r'"""(?:[^"\\]++|\\.|"{1,2}(?!"))*+"{3,5}'
    r"|'''(?:[^']++|'{1,2}(?!'))*+'{3,5}"
    r'|"(?:[^"\\\r\n]++|\\.)*+"'
    r"|'[^'\r\n]*+'",
    re.S,
)
_OTHER = lazy(r"\d{4}-\d\d-\d\d [\d:.Z+-]+|[^\s,\[\]{}#\"'=]+")
_WHERE = lazy(r" \(at (?:line (\d+), column (\d+)|end of document)\)\Z")


def scan(source: str) -> Tree:
    """Read a TOML document.

    Raises:
        BrokenError: it is not valid, a key that is there twice included.
    """
    source = _LONE_CR.sub("\n", source)
    scanner = _Scanner(source)
    try:
        scanner.document()
    except _UnexpectedError as unexpected:
        _load(source)  # says better what is wrong
        raise BrokenError(Message("is not valid TOML"), unexpected.index) from None
    data = _load(source)
    entries = tuple(_entry(data, source, *place) for place in scanner.places)
    return Tree(scanner.slot(), entries, frozenset(data))


def _load(source: str) -> dict[str, Any]:
    try:
        return tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        match = _WHERE.search(str(error))
        what = str(error)[: match.start()] if match else str(error)
        index = _index(source, match) if match else 0
        raise BrokenError(Message("is not valid TOML: {what}", what=what), index) from None
    except (ValueError, RecursionError):  # a number or date that does not exist
        raise BrokenError(
            Message("is not valid TOML: it has a value that is out of range"), 0
        ) from None


def _index(source: str, where: re.Match[str]) -> int:
    if not where[1]:
        return len(source)
    return sum(len(line) + 1 for line in source.split("\n")[: int(where[1]) - 1])


def _entry(data: dict[str, Any], source: str, path: Path, start: int, end: int) -> Entry:
    value: Any = data
    for part in path:
        value = value[part]
    is_text = isinstance(value, str)
    return Entry(path, value if is_text else source[start:end], start, end, is_text)


class _UnexpectedError(Exception):
    def __init__(self, index: int) -> None:
        super().__init__(index)
        self.index = index


class _Scanner:
    """A scan of TOML from its start to its end; ``position`` is where it stands."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.position = 0
        self.places: list[tuple[Path, int, int]] = []
        self.lengths: dict[Path, int] = {}
        """How many tables an array of tables has so far."""
        self.root_end = 0
        """Where the last value outside of all tables ends."""
        self.has_tables = False

    def document(self) -> None:
        """Scan it all."""
        table: Path = ()
        while True:
            self._skip(_BLANK)
            if self.position == len(self.source):
                return
            if self.source[self.position] == "[":
                table = self._header()
                self.has_tables = True
            else:
                self._pair(table)
                if not self.has_tables:
                    self.root_end = self.position

    def slot(self) -> Slot:
        """Return the place for more top-level keys: after those that are there."""
        newline = _LINE_END.search(self.source)
        between = newline.group() if newline else "\n"
        at = len(self.source)
        if self.has_tables:
            rest = _LINE_END.search(self.source, self.root_end) if self.root_end else None
            at = rest.end() if rest else 0
        return Slot(at, "", between, between)

    def _header(self) -> Path:
        """Scan ``[a.b]`` or ``[[a.b]]``; return the path of the table, lists resolved."""
        is_list = self.source.startswith("[[", self.position)
        self._take(_HEADER)
        path: Path = ()
        keys = self._key()
        for key in keys[:-1]:
            path = self._inside((*path, key))
        path = (*path, keys[-1])
        self._expect("]]" if is_list else "]")
        if is_list:
            self.lengths[path] = self.lengths.get(path, 0) + 1
            path = self._inside(path)
        return path

    def _inside(self, path: Path) -> Path:
        return (*path, self.lengths[path] - 1) if path in self.lengths else path

    def _pair(self, table: Path) -> None:
        path = (*table, *self._key())
        self._expect("=")
        self._skip(_SPACE)
        self._value(path)

    def _key(self) -> tuple[str, ...]:
        keys: list[str] = []
        while True:
            self._skip(_SPACE)
            keys.append(self._key_part())
            if len(keys) > MAX_NESTING:
                raise BrokenError(Message("is not valid TOML: nested too deeply"), self.position)
            self._skip(_SPACE)
            if not self.source.startswith(".", self.position):
                return tuple(keys)
            self.position += 1

    def _key_part(self) -> str:
        if self.source[self.position : self.position + 1] not in ("'", '"'):
            return self._take(_BARE_KEY)
        start = self.position
        token = self._take(_STRING)
        try:
            return decode(token)
        except tomllib.TOMLDecodeError:
            raise _UnexpectedError(start) from None

    def _value(self, path: Path) -> None:
        start, first = self.position, self.source[self.position : self.position + 1]
        if len(path) > MAX_NESTING:
            raise BrokenError(Message("is not valid TOML: nested too deeply"), start)
        if first == "[":
            self._sequence(path)
        elif first == "{":
            self._mapping(path)
        else:
            self._take(_STRING if first in ('"', "'") else _OTHER)
            self.places.append((path, start, self.position))

    def _sequence(self, path: Path) -> None:
        for index in self._items("]"):
            self._value((*path, index))

    def _mapping(self, path: Path) -> None:
        for _ in self._items("}"):
            self._pair(path)

    def _items(self, closing: str) -> Iterator[int]:
        """Stop at the start of each item of a list or inline table, and after its end."""
        index = 0
        self.position += 1
        self._skip(_BLANK)
        while not self.source.startswith(closing, self.position):
            yield index
            index += 1
            self._skip(_BLANK)
            if not self.source.startswith(closing, self.position):
                self._expect(",")
            self._skip(_BLANK)
        self.position += len(closing)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        match = pattern.match(self.source, self.position)
        self.position = match.end() if match else self.position

    def _take(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self.source, self.position)
        if not match:
            raise _UnexpectedError(self.position)
        self.position = match.end()
        return match.group()

    def _expect(self, mark: str) -> None:
        if not self.source.startswith(mark, self.position):
            raise _UnexpectedError(self.position)
        self.position += len(mark)


def decode(token: str) -> str:
    """Return the string that ``token`` is; raise ``TOMLDecodeError`` if it is not one."""
    value = tomllib.loads(f"value = {token}")["value"]
    assert isinstance(value, str)
    return value


def write(written: str, value: str) -> str:
    """Return ``value`` as a string of the kind of ``written``, or else a basic one."""
    quotes = written[:3] if written[:3] in ('"""', "'''") else written[:1]
    candidates = []
    if quotes == "'":
        candidates.append(f"'{value}'")
    elif len(quotes) == 3:
        candidates += _multi_line(written, value)
    return next((token for token in candidates if _reads_as(token, value)), _basic(value))


def field(key: str, literal: str) -> str:
    """Return a line with a value that is written already."""
    return f"{key} = {literal}"


def _reads_as(token: str, value: str) -> bool:
    try:
        return decode(token).removesuffix("\n") == value.removesuffix("\n")
    except tomllib.TOMLDecodeError:
        return False


_ESCAPED = lazy(r'[\x00-\x08\x0a-\x1f\x7f"\\]')
_ESCAPED_IN_LINES = lazy(r'[\x00-\x08\x0b-\x1f\x7f\\]|"(?=""|\Z)')
_NAMES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r"}


def _escape(match: re.Match[str]) -> str:
    return _NAMES.get(match.group()) or f"\\u{ord(match.group()):04x}"


def _basic(value: str) -> str:
    return f'"{_ESCAPED.sub(_escape, value)}"'


def _multi_line(written: str, value: str) -> Iterator[str]:
    """Yield ``value`` between the delimiters of ``written``, with its first and last line end."""
    newline = _LINE_END.search(written)
    line_end = newline.group() if newline else "\n"
    start = line_end if _LINE_END.match(written, 3) else ""
    text = value.removesuffix("\n") + ("\n" if decode(written).endswith("\n") else "")
    if written.startswith("'"):
        yield "'''" + start + text.replace("\n", line_end) + "'''"
    escaped = _ESCAPED_IN_LINES.sub(_escape, text)
    yield '"""' + start + escaped.replace("\n", line_end) + '"""'
