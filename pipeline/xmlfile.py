"""XML files from elsewhere, read as a stream and without trust.

No DTD is read and no entity is expanded but XML's own five; size, depth and the length of a text
have limits, and every complaint names the line.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat
from xml.sax.saxutils import escape

from pipeline.errors import PipelineError, reason
from pipeline.wording import Message

_CHUNK = 1 << 16
_MOST_BYTES = 1 << 29
_DEEPEST = 50
_LONGEST = 1 << 20
"""So many characters of one element are read."""
_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


class Handler(Protocol):
    """What is told of a file; names come without their prefixes, but for those of attributes."""

    def start(self, name: str, attributes: Mapping[str, str], line: int) -> None:
        """Take in a start tag."""

    def end(self, name: str) -> None:
        """Take in an end tag."""

    def text(self, text: str) -> None:
        """Take in some text."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A format: what people call it, and the elements that its files may be."""

    name: str
    roots: Collection[str]


def read_xml(path: Path, kind: Kind, handler: Handler) -> Iterator[None]:
    """Tell ``handler`` of a file, and yield whenever some of it has been read.

    Raises ``PipelineError`` with the line for what is not XML of this kind, declares contents of
    a DTD or entities, or is too large or too deep.
    """
    parser = _Parser(kind, handler)
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                if file.tell() > _MOST_BYTES:
                    what = Message("larger than {size} MiB", size=_MOST_BYTES >> 20)
                    raise PipelineError(what, hint=Message("Split the file."))
                parser.feed(chunk)
                yield
            parser.feed(b"", last=True)
            yield
    except OSError as error:
        what = Message("cannot read the file: {reason}", reason=reason(error))
        raise PipelineError(what, path=path, hint=Message("Check the path.")) from error
    except PipelineError as error:
        error.path, error.line = path, error.line or parser.line
        raise


class _Parser:
    """What expat reports, made safe."""

    def __init__(self, kind: Kind, handler: Handler) -> None:
        self._kind = kind
        self._handler = handler
        self._depth = 0
        self._parser = expat.ParserCreate()
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = handler.text
        self._parser.StartDoctypeDeclHandler = self._doctype
        self._parser.SkippedEntityHandler = self._refuse_entity

    @property
    def line(self) -> int:
        """The line that is being read."""
        return self._parser.CurrentLineNumber

    def feed(self, data: bytes, *, last: bool = False) -> None:
        """Read on."""
        try:
            self._parser.Parse(data, last)
        except (expat.ExpatError, ValueError, LookupError) as error:
            # The latter two stand for encodings that expat does not know.
            reason = expat.ErrorString(error.code) if hasattr(error, "code") else str(error)
            what = Message("this is not well-formed XML: {reason}", reason=reason)
            raise PipelineError(what, hint=Message("Export the file again.")) from error

    def _doctype(self, name: str, system: str | None, public: str | None, internal: int) -> None:
        # Some formats ask for this line; the file that it names is never read.
        if internal:
            hint = Message("Remove the part in brackets.")
            raise PipelineError(Message("declarations in a DTD are not read"), hint=hint)

    def _refuse_entity(self, name: str, is_parameter: bool) -> None:
        raise PipelineError(
            Message("unknown entity &{name};", name=name),
            hint=Message("Write the character itself."),
        )

    def _start(self, name: str, attributes: Mapping[str, str]) -> None:
        name = name.rpartition(":")[2]
        kind = self._kind
        if not self._depth and name not in kind.roots:
            what = Message("this is no {kind} file but <{name}>", kind=kind.name, name=name)
            raise PipelineError(
                what, hint=Message("Name a file of the kind {kind}.", kind=kind.name)
            )
        self._depth += 1
        if self._depth > _DEEPEST:
            raise PipelineError(
                Message("nested more than {count} levels deep", count=_DEEPEST),
                hint=Message("Export it again."),
            )
        self._handler.start(name, attributes, self.line)

    def _end(self, name: str) -> None:
        self._depth -= 1
        self._handler.end(name.rpartition(":")[2])


@dataclass(frozen=True, slots=True)
class Found:
    """An element with all that is in it, its line, and the attributes of those around it."""

    element: Element
    line: int
    around: Mapping[str, Mapping[str, str]]
    """The attributes of each enclosing element by its name."""


def elements(path: Path, kind: Kind, wanted: Collection[str]) -> Iterator[Found]:
    """Yield the elements of a file that have a ``wanted`` name, each when it is complete.

    Raises ``PipelineError`` as ``read_xml`` does.
    """
    builder = _Builder(wanted)
    for _ in read_xml(path, kind, builder):
        yield from builder.take()


@dataclass(slots=True)
class _Builder:
    """Builds the wanted elements, and remembers what is open around them."""

    wanted: Collection[str]
    around: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)
    building: TreeBuilder | None = None
    depth: int = 0
    size: int = 0
    line: int = 0
    done: list[Found] = field(default_factory=list)

    def take(self) -> list[Found]:
        """Return the elements that are complete, each once."""
        done, self.done = self.done, []
        return done

    def start(self, name: str, attributes: Mapping[str, str], line: int) -> None:
        if self.building is None and name in self.wanted:
            self.building, self.depth, self.size, self.line = TreeBuilder(), 0, 0, line
        if self.building is None:
            self.around.append((name, attributes))
        else:
            self.depth += 1
            self.building.start(name, dict(attributes))

    def end(self, name: str) -> None:
        if self.building is None:
            self.around.pop()
            return
        self.building.end(name)
        self.depth -= 1
        if not self.depth:
            self.done.append(Found(self.building.close(), self.line, dict(self.around)))
            self.building = None

    def text(self, text: str) -> None:
        if self.building is not None:
            self.size += len(text)
            if self.size > _LONGEST:
                raise PipelineError(
                    Message("an entry is too long"), hint=Message("Split the file.")
                )
            self.building.data(text)


def representable(*texts: str) -> bool:
    """Tell whether XML can hold the texts: it has no place for control characters."""
    return not any(map(_ILLEGAL.search, texts))


def escaped(text: str) -> str:
    """Return a text as the content of an element."""
    # A bare carriage return would be read as a line feed.
    return escape(text, {"\r": "&#13;"})
