"""What a page shows: the texts of a post, each as HTML in both languages."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from pipeline.braces import substitute
from pipeline.constructs.blocks import Block
from pipeline.inline import normalize_label
from pipeline.model import Document, Segment
from pipeline.outputs.page.inline import InlineWriter
from pipeline.outputs.page.safe import escape
from pipeline.segments import read

_DEFINITION = re.compile(r"\[((?:\\.|[^\]\\])+)\]:\s*(<[^<>]*>|\S+)", re.S)


@dataclass(frozen=True, slots=True)
class Target:
    """The translation of a segment, and whether it is a machine's that nobody has read."""

    text: str
    machine: bool = False


@dataclass(frozen=True, slots=True)
class Bitext:
    """A post in the locale ``source``, and what of its translation may be shown."""

    document: Document
    source: str
    target: str
    targets: Mapping[Segment, Target]


@dataclass(frozen=True, slots=True)
class Pair:
    """A text in both languages as HTML; ``target`` is empty where one is enough."""

    source: str
    target: str = ""
    machine: bool = False
    missing: bool = False
    """There is no translation yet."""


class Texts:
    """Gives the texts of one post as HTML."""

    def __init__(self, bitext: Bitext, inline: InlineWriter) -> None:
        self.bitext = bitext
        self.inline = inline
        self._segments = {segment.start: segment for segment in bitext.document.segments}

    def segment(self, block: Block) -> Segment | None:
        """Return the segment of a text block, ``None`` where it is not offered."""
        return self._segments.get(block.start)

    def target(self, segment: Segment) -> Target | None:
        """Return the translation that may be shown."""
        return self.bitext.targets.get(segment)

    def of_segment(self, segment: Segment) -> Pair:
        """Return a segment in both languages."""
        source, target = self._html(segment, segment.msgid), self.target(segment)
        if target is None or target.text == segment.msgid:
            return Pair(source, missing=target is None)
        return Pair(source, self._html(segment, target.text), target.machine)

    def of_block(self, block: Block) -> Pair:
        """Return a text block in both languages; one that is not offered is the same in both."""
        segment = self.segment(block)
        if segment:
            return self.of_segment(segment)
        profile, labels = self.bitext.document.profile, self.inline.references
        msgid, pieces, _ = read(self.raw(block), profile, labels, syntax=block.syntax)
        return Pair(self.inline.html("".join(part for part, _ in substitute(msgid, pieces))))

    def raw(self, block: Block) -> str:
        """Return a text block as it is written, without the marks of its containers."""
        return "\n".join(self.bitext.document.text[start:end] for start, end in block.lines)

    def _html(self, segment: Segment, text: str) -> str:
        shown = filled(segment, text)
        return escape(shown) if segment.is_metadata else self.inline.html(shown)


def filled(segment: Segment, text: str) -> str:
    """Return a msgid or msgstr as it would stand in the post, its placeholders filled."""
    return "".join(part for part, _ in substitute(text, segment.pieces))


def of_kind(blocks: Iterable[Block], kind: str) -> Iterator[Block]:
    """Yield the blocks of a kind, wherever they stand."""
    for block in blocks:
        if block.kind == kind:
            yield block
        yield from of_kind(block.children, kind)


def references(blocks: Iterable[Block]) -> dict[str, str]:
    """Return the destinations of the labels that a post defines; the first definition counts."""
    found: dict[str, str] = {}
    for block in of_kind(blocks, "definition"):
        definition = _DEFINITION.match(block.content)
        if definition:
            found.setdefault(normalize_label(definition[1]), definition[2])
    return found
