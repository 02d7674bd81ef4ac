"""TermBase eXchange: TBX-Basic as ISO 30042:2008 (``martif``) and ISO 30042:2019 (``tbx``).

Files are read as a stream, whichever of the two and of its styles they are in. What CSV says in
flags has no place in TBX-Basic: it stands in a note that begins with ``diglot:``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element
from xml.sax.saxutils import quoteattr

from pipeline.errors import PipelineError
from pipeline.glossary.entries import FLAGS, PARTS_OF_SPEECH, Entry, Texts
from pipeline.wording import Message
from pipeline.xmlfile import Kind, elements, escaped, representable

_TBX = Kind("TBX", ("martif", "tbx", "TBX"))
_ENTRIES = ("termEntry", "conceptEntry")
_LANGUAGES = ("langSet", "langSec")
_TERMS = ("tig", "ntig", "termSec")
_FLAG_NOTE = "diglot:"
_STATUS = "administrativeStatus"
_DEPRECATED, _ADMITTED = "deprecatedTerm-admn-sts", "admittedTerm-admn-sts"


def read_tbx(path: Path) -> Iterator[Entry]:
    """Yield the entries of a TBX file, their locales as the file spells them.

    Raises ``PipelineError`` with the line for what is no TBX, declares entities or anything else
    of a DTD, or is too large or too deep.
    """
    for found in elements(path, _TBX, _ENTRIES):
        yield _entry(path, found.line, found.element)


def _entry(path: Path, line: int, element: Element) -> Entry:
    texts: dict[str, tuple[str, ...]] = {}
    forbidden: dict[str, tuple[str, ...]] = {}
    speech = ""
    for language in element.iter():
        if language.tag not in _LANGUAGES:
            continue
        tag = language.get("xml:lang") or language.get("lang") or ""
        for term in (part for part in language.iter() if part.tag in _TERMS):
            text, status = _text(term.find(".//term")), _category(term, _STATUS)
            wrong = status.startswith(("deprecated", "superseded"))
            speech = speech or _part_of_speech(_category(term, "partOfSpeech"))
            listed = forbidden if wrong else texts
            if text:
                known = listed.get(tag, ())
                first = status.startswith("preferred")
                listed[tag] = tuple(dict.fromkeys((text, *known) if first else (*known, text)))
    note, flags = _notes(element)
    return Entry(texts, forbidden, note, speech, flags, path, line)


def _text(element: Element | None) -> str:
    return "" if element is None else " ".join("".join(element.itertext()).split())


def _category(element: Element, name: str) -> str:
    """Return a data category, written as an attribute (DCA) or as an element's name (DCT)."""
    for part in element.iter():
        if part.tag == name or part.get("type") == name:
            return _text(part)
    return ""


def _part_of_speech(value: str) -> str:
    name = re.sub("(?<=[a-z])(?=[A-Z])", " ", value).lower()
    return name if name in PARTS_OF_SPEECH else ""


def _notes(element: Element) -> tuple[str, frozenset[str]]:
    """Return the notes and definitions of an entry, and the flags in a note of our own."""
    notes, flags = [], set()
    for part in element.iter():
        text = "".join(part.itertext()).strip()
        if part.tag == "note" and text.startswith(_FLAG_NOTE):
            flags = set(text.removeprefix(_FLAG_NOTE).split()) & set(FLAGS)
        elif part.tag in ("note", "definition") or part.get("type") == "definition":
            notes.append(text)
    return "\n".join(dict.fromkeys(filter(None, notes))), frozenset(flags)


# --- writing ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Names:
    """What the two standards call the same things."""

    head: str
    entry: str
    language: str
    term: str
    foot: str


_VERSIONS = {
    2: _Names(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">\n'
        '<martif type="TBX-Basic" xml:lang="en">\n'
        "<martifHeader><fileDesc><sourceDesc><p>Diglot</p></sourceDesc></fileDesc>"
        '<encodingDesc><p type="XCSURI">TBXBasicXCSV02.xcs</p></encodingDesc></martifHeader>\n'
        "<text><body>\n",
        "termEntry",
        "langSet",
        "tig",
        "</body></text>\n</martif>\n",
    ),
    3: _Names(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<tbx style="dca" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2">\n'
        "<tbxHeader><fileDesc><sourceDesc><p>Diglot</p></sourceDesc></fileDesc></tbxHeader>\n"
        "<text><body>\n",
        "conceptEntry",
        "langSec",
        "termSec",
        "</body></text>\n</tbx>\n",
    ),
}


def tbx(entries: Iterable[Entry], version: int, tag: Callable[[str], str]) -> Iterator[str]:
    """Yield the parts of a TBX file; ``version`` is 2 or 3, ``tag`` spells a locale as XML does.

    Raises ``PipelineError`` with the row of a text that XML cannot hold.
    """
    names = _VERSIONS[version]
    yield names.head
    for number, entry in enumerate(entries, 1):
        text = _written_entry(entry, number, names, tag)
        if not representable(text):
            what = Message("a control character has no place in XML")
            raise PipelineError(what, path=entry.path, line=entry.line, hint=Message("Remove it."))
        yield text
    yield names.foot


def _written_entry(entry: Entry, number: int, names: _Names, tag: Callable[[str], str]) -> str:
    flags = " ".join(flag for flag in FLAGS if flag in entry.flags)
    notes = [entry.note, f"{_FLAG_NOTE} {flags}" if flags else ""]
    parts = [f'<{names.entry} id="c{number}">']
    parts += [f"<note>{escaped(note)}</note>" for note in notes if note]
    for locale in dict.fromkeys((*entry.texts, *entry.forbidden)):
        parts.append(f"<{names.language} xml:lang={quoteattr(tag(locale))}>")
        parts += _written_terms(entry, entry.texts, locale, ("", _ADMITTED), names)
        parts += _written_terms(entry, entry.forbidden, locale, (_DEPRECATED,) * 2, names)
        parts.append(f"</{names.language}>")
    return "".join([*parts, f"</{names.entry}>\n"])


def _written_terms(
    entry: Entry, texts: Texts, locale: str, statuses: tuple[str, str], names: _Names
) -> Iterator[str]:
    for index, text in enumerate(texts.get(locale, ())):
        status = statuses[min(index, 1)]
        yield f"<{names.term}><term>{escaped(text)}</term>"
        if entry.part_of_speech:
            words = entry.part_of_speech.split()
            speech = words[0] + "".join(word.title() for word in words[1:])
            yield f'<termNote type="partOfSpeech">{speech}</termNote>'
        if status:
            yield f'<termNote type="{_STATUS}">{status}</termNote>'
        yield f"</{names.term}>"
