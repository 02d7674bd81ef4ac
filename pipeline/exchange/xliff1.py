"""XLIFF 1.2, as most translators' tools read and write it.

What a person has confirmed is approved; what a machine wrote waits for a review.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

from pipeline import __version__
from pipeline.exchange.entries import Incoming, Outgoing, entry_id
from pipeline.exchange.inline import read_text, shown_pieces, written
from pipeline.model import State, Unit, fingerprint
from pipeline.xmlfile import Found, escaped

XLIFF_1 = "1.2"

_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<xliff version="1.2" xmlns="urn:oasis:names:tc:xliff:document:1.2">
"""
_STATES = {
    State.MACHINE: 'state="needs-review-translation" state-qualifier="mt-suggestion"',
    State.STALE: 'state="needs-adaptation"',
    State.NEEDS_WORK: 'state="needs-review-translation"',
    State.TRANSLATED: 'state="translated"',
}
_FINISHED = ("translated", "signed-off", "final")
_PLACES = ("x", "ph", "it", "bx", "ex")
_DROPPED = ("bpt", "ept", "sub")


def xliff1(files: Iterable[Outgoing]) -> Iterator[str]:
    """Yield the parts of an XLIFF 1.2 file; what XML cannot hold is for the caller to leave out."""
    yield _HEAD
    for file in files:
        yield (
            f"<file original={quoteattr(file.post)} source-language={quoteattr(file.source)}"
            f' target-language={quoteattr(file.target)} datatype="x-markdown">\n'
            f'<header><tool tool-id="diglot" tool-name="Diglot" tool-version="{__version__}"/>'
            "</header>\n<body>\n"
        )
        yield from map(_unit, file.units)
        yield "</body>\n</file>\n"
    yield "</xliff>\n"


def _unit(unit: Unit) -> str:
    pieces = shown_pieces(unit.notes)

    def place(number: int) -> str:
        return f'<x id="{number}" equiv-text={quoteattr(pieces.get(number, ""))}/>'

    approved = ' approved="yes"' if unit.state is State.TRANSLATED else ""
    parts = [f'<trans-unit id="{entry_id(unit)}"{approved} xml:space="preserve">\n']
    parts.append(f"<source>{written(unit.msgid, place)}</source>\n")
    if unit.msgstr:
        parts.append(f"<target {_STATES[unit.state]}>{written(unit.msgstr, place)}</target>\n")
    if unit.context is not None:
        context = f'<context context-type="x-msgctxt">{escaped(unit.context)}</context>'
        parts.append(f"<context-group>{context}</context-group>\n")
    parts += [f'<note from="developer">{escaped(note)}</note>\n' for note in unit.notes]
    if unit.previous:
        parts.append(f'<note from="diglot">was: {escaped(unit.previous)}</note>\n')
    parts.append(f'<note from="diglot">made from {fingerprint(unit.msgstr)}</note>\n')
    return "".join([*parts, "</trans-unit>\n"])


def read_unit(found: Found) -> Iterator[Incoming]:
    """Yield the translation of a ``trans-unit``, if it has one."""
    file, unit = found.around.get("file", {}), found.element
    source, target = unit.find("source"), unit.find("target")
    if source is None or target is None or unit.get("translate") == "no":
        return
    yield Incoming(
        post=file.get("original", ""),
        source=file.get("source-language", ""),
        target=target.get("xml:lang") or file.get("target-language", ""),
        msgid=read_text(source, _PLACES, _DROPPED),
        msgstr=read_text(target, _PLACES, _DROPPED),
        context=_context(unit),
        finished=_finished(unit, target),
        made_from=_made_from(unit),
        line=found.line,
    )


def _finished(unit: Element, target: Element) -> bool:
    """Tell whether a person is done; tools that know no states say nothing."""
    if unit.get("approved") == "no":
        return False
    return unit.get("approved") == "yes" or target.get("state", "translated") in _FINISHED


def _context(unit: Element) -> str | None:
    for context in unit.iter("context"):
        if context.get("context-type") == "x-msgctxt":
            return context.text or ""
    return None


def _made_from(unit: Element) -> str | None:
    for note in unit.findall("note"):
        if note.get("from") == "diglot" and (note.text or "").startswith("made from "):
            return (note.text or "").removeprefix("made from ")
    return None
