"""XLIFF 2.1, in which one file has one pair of languages.

What a person has confirmed is reviewed; everything else is at its beginning, and a sub-state says
what Diglot knows of it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

from pipeline.exchange.entries import Incoming, Outgoing, entry_id
from pipeline.exchange.inline import read_text, shown_pieces, written
from pipeline.model import State, Unit, fingerprint
from pipeline.xmlfile import Found, escaped

XLIFF_2 = "2.1"

_STATES = {
    State.UNTRANSLATED: 'state="initial"',
    State.MACHINE: 'state="initial" subState="diglot:machine"',
    State.STALE: 'state="initial" subState="diglot:stale"',
    State.NEEDS_WORK: 'state="initial" subState="diglot:needs-work"',
    State.TRANSLATED: 'state="reviewed"',
}
_FINISHED = ("translated", "reviewed", "final")
_PLACES = ("ph", "sc", "ec")


def xliff2(files: Iterable[Outgoing]) -> Iterator[str]:
    """Yield the parts of an XLIFF 2.1 file; all of ``files`` must be in the same two languages.

    What XML cannot hold is for the caller to leave out.
    """
    opened = False
    for number, file in enumerate(files, 1):
        if not opened:
            yield (
                '<?xml version="1.0" encoding="UTF-8"?>\n<xliff version="2.1"'
                ' xmlns="urn:oasis:names:tc:xliff:document:2.0"'
                f" srcLang={quoteattr(file.source)} trgLang={quoteattr(file.target)}>\n"
            )
            opened = True
        yield f'<file id="f{number}" original={quoteattr(file.post)}>\n'
        yield from map(_unit, file.units)
        yield "</file>\n"
    yield "</xliff>\n"


def _unit(unit: Unit) -> str:
    pieces = shown_pieces(unit.notes)

    def place(number: int) -> str:
        shown = f" equiv={quoteattr(pieces[number])}" if number in pieces else ""
        return f'<ph id="{number}"{shown}/>'

    notes = [f'<note category="developer">{escaped(note)}</note>\n' for note in unit.notes]
    if unit.context is not None:
        notes.append(f'<note category="msgctxt">{escaped(unit.context)}</note>\n')
    if unit.previous:
        notes.append(f'<note category="was">{escaped(unit.previous)}</note>\n')
    notes.append(f'<note category="made-from">{fingerprint(unit.msgstr)}</note>\n')
    parts = [f'<unit id="{entry_id(unit)}" xml:space="preserve">\n<notes>\n', *notes, "</notes>\n"]
    parts.append(f"<segment {_STATES[unit.state]}>\n")
    parts.append(f"<source>{written(unit.msgid, place)}</source>\n")
    if unit.msgstr:
        parts.append(f"<target>{written(unit.msgstr, place)}</target>\n")
    return "".join([*parts, "</segment>\n</unit>\n"])


def read_unit(found: Found) -> Iterator[Incoming]:
    """Yield the translation of a ``unit``, if all of it is translated; segments are joined."""
    root, file, unit = found.around.get("xliff", {}), found.around.get("file", {}), found.element
    segments = [part for part in unit.iter() if part.tag in ("segment", "ignorable")]
    sources, targets = [], []
    for part in segments:
        source, target = part.find("source"), part.find("target")
        if source is None or (target is None and part.tag == "segment"):
            return
        sources.append(read_text(source, _PLACES, ()))
        targets.append(sources[-1] if target is None else read_text(target, _PLACES, ()))
    if not segments or unit.get("translate") == "no":
        return
    yield Incoming(
        post=file.get("original", ""),
        source=root.get("srcLang", ""),
        target=root.get("trgLang", ""),
        msgid="".join(sources),
        msgstr="".join(targets),
        context=_note(unit, "msgctxt"),
        finished=all(s.get("state") in _FINISHED for s in segments if s.tag == "segment"),
        made_from=_note(unit, "made-from"),
        line=found.line,
    )


def _note(unit: Element, category: str) -> str | None:
    for note in unit.iter("note"):
        if note.get("category") == category:
            return note.text or ""
    return None
