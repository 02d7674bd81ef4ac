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
from xml.parsers import expat
from xml.sax.saxutils import escape, quoteattr

from pipeline import __version__
from pipeline.errors import PipelineError
from pipeline.memory.entries import Entry, both_ways
from pipeline.memory.texts import numbering, placeholders, renumbered, well_braced

Localise = Callable[[str], str | None]
"""Turns a language tag into the project's name of it, ``None`` for other languages."""

_CHUNK = 1 << 16
_MOST_BYTES = 1 << 29
_DEEPEST = 50
_LONGEST = 100_000
"""So many characters of a text are read; no segment of a post is as long."""
_ANY = "*all*"
_CODES = ("ph", "it", "bpt", "ept", "ut")
_MARKUP = re.compile(r"</?[A-Za-z][^<>]*>|[*_~`]{1,3}|\{[0-9]+\}")
_PLACEHOLDER = re.compile(r"(?<!\{)\{([0-9]+)\}")
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


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
    try:
        with path.open("rb") as file:
            read = 0
            while chunk := file.read(_CHUNK):
                read += len(chunk)
                if read > _MOST_BYTES:
                    raise PipelineError(
                        f"larger than {_MOST_BYTES >> 20} MiB", hint="Split the file."
                    )
                yield from _entries(reader.feed(chunk))
            yield from _entries(reader.feed(b"", last=True))
    except OSError as error:
        reason = error.strerror or str(error)
        what = f"cannot read the file: {reason[:1].lower()}{reason[1:]}"
        raise PipelineError(what, path=path, hint="Check the path.") from error
    except PipelineError as error:
        error.path, error.line = path, error.line or reader.line
        raise


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
    """What expat reports, gathered into units."""

    def __init__(self, localise: Localise) -> None:
        self._localise = localise
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._characters
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.SkippedEntityHandler = self._refuse_entity
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

    @property
    def line(self) -> int:
        """The line that is being read."""
        return self._parser.CurrentLineNumber

    def feed(self, data: bytes, *, last: bool = False) -> list[_Unit]:
        """Read on; return the units that are complete."""
        try:
            self._parser.Parse(data, last)
        except (expat.ExpatError, ValueError, LookupError) as error:
            # The latter two stand for encodings that expat does not know.
            reason = expat.ErrorString(error.code) if hasattr(error, "code") else str(error)
            what = f"this is not well-formed XML: {reason}"
            raise PipelineError(what, line=self.line, hint="Export the file again.") from error
        done, self._done = self._done, []
        return done

    # What expat calls

    def _doctype(self, name: str, system: str | None, public: str | None, internal: int) -> None:
        # TMX asks for this line; the file that it names is never read.
        if internal:
            raise PipelineError(
                "declarations in a DTD are not read", hint="Remove the part in brackets."
            )

    def _refuse_entity(self, name: str, is_parameter: bool) -> None:
        raise PipelineError(f"unknown entity &{name};", hint="Write the character itself.")

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        self._open.append(name)
        if len(self._open) > _DEEPEST:
            raise PipelineError(f"nested more than {_DEEPEST} levels deep", hint="Export it again.")
        if len(self._open) == 1 and name != "tmx":
            raise PipelineError(f"this is no TMX file but <{name}>", hint="Name a TMX file.")
        if self._text is not None:
            self._start_inline(name, attributes)
        elif name == "header":
            self._header_source = attributes.get("srclang", _ANY)
        elif name == "tu":
            source = attributes.get("srclang", self._header_source)
            self._unit = _Unit(self.line, self._localise(source) or "")
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

    def _end(self, name: str) -> None:
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

    def _characters(self, text: str) -> None:
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

    What XML cannot hold is for the caller to leave out, see ``representable``.
    """
    yield _HEADER
    for entry in entries:
        yield f'<tu srclang={quoteattr(tag(entry.source))} datatype="plaintext">\n'
        yield _variant(tag(entry.source), entry.text)
        yield _variant(tag(entry.target), entry.translation)
        yield "</tu>\n"
    yield "</body>\n</tmx>\n"


def representable(entry: Entry) -> bool:
    """Tell whether XML can hold the entry: it has no place for control characters."""
    return not _ILLEGAL.search(entry.text + entry.translation)


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
    shown = (_place(part) if at % 2 else _escaped(part) for at, part in enumerate(parts))
    return f"<tuv xml:lang={quoteattr(tag)}><seg>{''.join(shown)}</seg></tuv>\n"


def _place(number: str) -> str:
    return f'<ph x="{number}">{{{number}}}</ph>'


def _escaped(text: str) -> str:
    # A bare carriage return would be read as a line feed.
    return escape(text, {"\r": "&#13;"})
