"""Translation Memory eXchange 1.4b: reading anybody's files as a stream, and writing our own.

Of inline elements, ``ph`` and ``it`` become placeholders, unless what they hold is markup that a
text shows to translators; ``bpt`` and ``ept`` are that markup or nothing, ``hi`` is transparent.
A placeholder is written as ``<ph x="1">{1}</ph>``, so that a reader that knows no inline elements
still gets the text of the PO file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from xml.sax.saxutils import quoteattr

from pipeline import __version__
from pipeline.memory.entries import Entry, both_ways
from pipeline.memory.texts import numbering, placeholders, renumbered, well_braced
from pipeline.xmlfile import Kind, escaped, read_xml

Localise = Callable[[str], str | None]
"""Turns a language tag into the project's name of it, ``None`` for other languages."""

_TMX = Kind("TMX", ("tmx",))
_LONGEST = 100_000
"""So many characters of a text are read; no segment of a post is as long."""
_ANY = "*all*"
_CODES = ("ph", "it", "bpt", "ept", "ut")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|[*_~`]{1,3}|\{[0-9]+\}")
_PLACEHOLDER = re.compile(r"(?<!\{)\{([0-9]+)\}")


@dataclass(slots=True)
class _Unit:
    """A ``tu`` while it is read: its texts by locale, in their order."""

    line: int
    source: str
    texts: dict[str, str] = field(default_factory=dict)


def read_tmx(path: Path, localise: Localise) -> Iterator[Entry]:
    """Yield the pairs of a TMX file in the languages that ``localise`` knows, both ways.

    A unit is a pair from its source language to each other one. Raises ``PipelineError`` with the
    line for what is no TMX, declares a DTD's contents or entities, or is too large or too deep.
    """
    reader = _Reader(localise)
    for _ in read_xml(path, _TMX, reader):
        yield from _entries(reader.take())


def _entries(units: Iterable[_Unit]) -> Iterator[Entry]:
    for unit in units:
        source = unit.source if unit.source in unit.texts else next(iter(unit.texts), "")
        for target, translation in unit.texts.items():
            if target != source and unit.texts[source].strip() and translation.strip():
                pair = _paired(unit.texts[source], translation)
                if pair:
                    yield from both_ways(Entry(source, target, *pair, line=unit.line))


def _paired(text: str, translation: str) -> tuple[str, str] | None:
    """Return the two with their placeholders numbered by the source; ``None`` if they differ."""
    numbers = placeholders(text)
    if sorted(numbers) != sorted(placeholders(translation)):
        # Some tools number the codes of each text for themselves.
        own = numbering(translation, text)
        if own is None:
            return None
        translation = renumbered(translation, own)
    if len(set(numbers)) < len(numbers):
        return None
    order = {number: place for place, number in enumerate(numbers, 1)}
    return renumbered(text, order), renumbered(translation, order)


class _Reader:
    """What a file says, gathered into units."""

    def __init__(self, localise: Localise) -> None:
        self._localise = localise
        self._open: list[str] = []
        self._header_source = _ANY
        self._unit: _Unit | None = None
        self._locale: str | None = None
        self._text: list[str] | None = None
        self._length = 0
        self._code: list[str] = []
        self._number = 0
        self._numbers: dict[str, int] = {}
        self._done: list[_Unit] = []

    def take(self) -> list[_Unit]:
        """Return the units that are complete, each once."""
        done, self._done = self._done, []
        return done

    def start(self, name: str, attributes: Mapping[str, str], line: int) -> None:
        """Take in a start tag."""
        self._open.append(name)
        if self._text is not None:
            self._start_inline(name, attributes)
        elif name == "header":
            self._header_source = attributes.get("srclang", _ANY)
        elif name == "tu":
            source = attributes.get("srclang", self._header_source)
            self._unit = _Unit(line, self._localise(source) or "")
            self._numbers = {}
        elif name == "tuv":
            tag = attributes.get("xml:lang") or attributes.get("lang", "")
            self._locale = self._localise(tag)
        elif name == "seg":
            self._text, self._length, self._number = [], 0, 0

    def _start_inline(self, name: str, attributes: Mapping[str, str]) -> None:
        if name in _CODES and not self._in_code(1):
            self._code = []
            self._place = attributes.get("x", "")

    def end(self, name: str) -> None:
        """Take in an end tag."""
        if self._text is not None and name in _CODES and not self._in_code(1):
            self._text.append(self._shown(name, "".join(self._code)))
        self._open.pop()
        if name == "seg" and self._text is not None:
            text, self._text = well_braced("".join(self._text)), None
            if self._unit and self._locale and self._length <= _LONGEST:
                self._unit.texts.setdefault(self._locale, text)
        elif name == "tu" and self._unit:
            self._done.append(self._unit)
            self._unit = None

    def text(self, text: str) -> None:
        """Take in some text."""
        if self._text is None:
            return
        self._length += len(text)
        if self._length > _LONGEST or "sub" in self._open:
            return
        (self._code if self._in_code() else self._text).append(text)

    def _in_code(self, above: int = 0) -> bool:
        """Tell whether the open element, or the one so many levels ``above``, is in a code."""
        return any(name in _CODES for name in self._open[: len(self._open) - above])

    def _shown(self, name: str, code: str) -> str:
        """Return what stands in a text for a code."""
        if _MARKUP.fullmatch(code.strip()):
            return code.strip()
        if name in ("ph", "it"):
            self._number += 1
            return f"{{{self._numbered(self._place)}}}"
        return ""

    def _numbered(self, place: str) -> int:
        """Return a placeholder's number, the same for the same ``x`` in all texts of a unit."""
        key = place or f"#{self._number}"
        return self._numbers.setdefault(key, len(self._numbers) + 1)


def tmx(entries: Iterable[Entry], tag: Callable[[str], str]) -> Iterator[str]:
    """Yield the parts of a TMX file with the entries; ``tag`` spells a locale as XML does.

    What XML cannot hold is for the caller to leave out, see ``pipeline.xmlfile.representable``.
    """
    yield _HEADER
    for entry in entries:
        yield f'<tu srclang={quoteattr(tag(entry.source))} datatype="plaintext">\n'
        yield _variant(tag(entry.source), entry.text)
        yield _variant(tag(entry.target), entry.translation)
        yield "</tu>\n"
    yield "</body>\n</tmx>\n"


_HEADER = f"""\
<?xml version="1.0" encoding="UTF-8"?>
<tmx version="1.4">
<header creationtool="Diglot" creationtoolversion="{__version__}" segtype="paragraph" \
o-tmf="PO" adminlang="en" srclang="{_ANY}" datatype="plaintext"/>
<body>
"""


def _variant(tag: str, text: str) -> str:
    # The parts with odd numbers are the placeholders.
    parts = _PLACEHOLDER.split(text)
    shown = (_place(part) if at % 2 else escaped(part) for at, part in enumerate(parts))
    return f"<tuv xml:lang={quoteattr(tag)}><seg>{''.join(shown)}</seg></tuv>\n"


def _place(number: str) -> str:
    return f'<ph x="{number}">{{{number}}}</ph>'
