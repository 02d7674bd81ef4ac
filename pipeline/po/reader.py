"""From the entries of a PO file to a catalog."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.files import digest, read_text
from pipeline.model import Catalog, Origin, Unit
from pipeline.po.syntax import Entry, entries

_BREAK = re.compile(r"\r\n|\r|\n")
_CHARSET = re.compile(r"charset=([^\s;\\\"]+)", re.IGNORECASE)
_CHARSETS = ("UTF-8", "UTF8", "US-ASCII", "ASCII", "CHARSET")
"""The last one is what xgettext leaves for a person to fill in."""
_ORIGIN = re.compile(r"(machine|memory): (\S.*?)( \(draft\))? src=(\S+)")
_REFERENCE = re.compile("\u2068[^\u2068\u2069]*\u2069[^ \t]*|[^ \t]+")


def load(path: Path, locale: str) -> Catalog:
    """Read a PO file.

    A byte-order mark, CRLF and CR are read, but such a catalog gets no ``source``, so that the
    next write normalises it. Raises ``PipelineError`` with path and line for what ``msgfmt``
    refuses, for a charset other than UTF-8 and for a NUL byte.
    """
    text = read_text(path)
    body = _BREAK.sub("\n", text.removeprefix("\ufeff"))
    try:
        catalog = _parse(body, path, locale, keep_source=body == text)
    except PipelineError as error:
        error.path = path
        raise
    return replace(catalog, digest=digest(text.encode("utf-8")))


def header_unit(header: Iterable[tuple[str, str]], comments: Iterable[str]) -> Unit:
    """Return a catalog's header as the entry that it is in the file."""
    text = "".join(f"{name}: {value}\n" if name else f"{value}\n" for name, value in header)
    return Unit("", text, comments=tuple(comments))


def _parse(body: str, path: Path, locale: str, *, keep_source: bool) -> Catalog:
    if "\0" in body:
        line = body.count("\n", 0, body.index("\0")) + 1
        raise PipelineError("NUL byte", line=line, hint="Remove it, or restore the file.")
    lines = body.split("\n")
    units: dict[tuple[str | None, str], Unit] = {}
    source: dict[Unit, str] = {}
    header: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    for entry in entries(lines):
        unit = _unit(entry)
        if not entry.strings:
            remarks += _raw_comments(entry)
            continue
        _check_duplicate(unit, units)
        units[unit.key] = unit
        if _is_header(unit):
            _check_charset(entry, lines)
            header, remarks = tuple(_fields(unit.msgstr)), _raw_comments(entry)
            unit = header_unit(header, remarks)
        source[unit] = "\n".join(lines[entry.first - 1 : entry.last])
    active = [unit for unit in units.values() if not unit.obsolete and not _is_header(unit)]
    retired = [unit for unit in units.values() if unit.obsolete]
    return Catalog(
        path, locale, (*active, *retired), header, remarks, source if keep_source else {}
    )


def _is_header(unit: Unit) -> bool:
    return unit.key == (None, "") and not unit.obsolete


def _check_duplicate(unit: Unit, units: dict[tuple[str | None, str], Unit]) -> None:
    if unit.key in units:
        first = units[unit.key].line
        hint = f"It stands in line {first} already: keep one of the two."
        raise PipelineError("duplicate msgid", line=unit.line, hint=hint)


def _check_charset(entry: Entry, lines: list[str]) -> None:
    for number in range(entry.line, entry.last + 1):
        found = _CHARSET.search(lines[number - 1])
        if found and found[1].upper() not in _CHARSETS:
            hint = "Convert the file with msgconv -t UTF-8."
            raise PipelineError(f"charset {found[1]}, not UTF-8", line=number, hint=hint)


def _fields(text: str) -> Iterator[tuple[str, str]]:
    for line in text.removesuffix("\n").split("\n") if text else ():
        name, colon, value = line.partition(":")
        yield (name, value.strip(" \t")) if colon else ("", line)


def _unit(entry: Entry) -> Unit:
    strings = {name: "".join(pieces) for name, pieces in entry.strings.items()}
    previous = {name: "".join(pieces) for name, pieces in entry.previous.items()}
    plurals = tuple(text for name, text in strings.items() if name.endswith("]"))
    flags = _flags(entry)
    origin, comments = _split_origin(_texts(entry, "#"))
    return Unit(
        msgid=strings.get("msgid", ""),
        msgstr=plurals[0] if plurals else strings.get("msgstr", ""),
        context=strings.get("msgctxt"),
        fuzzy="fuzzy" in flags,
        origin=origin,
        previous=previous.get("msgid"),
        previous_context=previous.get("msgctxt"),
        comments=comments,
        notes=tuple(_texts(entry, "#.")),
        references=tuple(_references(entry)),
        flags=tuple(flag for flag in flags if flag != "fuzzy"),
        obsolete=bool(entry.obsolete),
        plural=strings.get("msgid_plural"),
        plurals=plurals,
        previous_plural=previous.get("msgid_plural"),
        line=entry.line,
    )


def _texts(entry: Entry, marker: str) -> Iterator[str]:
    for found, text in entry.comments:
        if found == marker:
            yield _text(text)
        elif found == "#=" and marker == "#":  # a kind that newer tools may know: kept whole
            yield found + text


def _text(text: str) -> str:
    """Return a comment's text without the blank before it, and the one that guards a backslash."""
    text = text.removeprefix(" ")
    return text.removesuffix(" ") if text.rstrip(" ").endswith("\\") else text


def _raw_comments(entry: Entry) -> tuple[str, ...]:
    """Return the header's comments; those of another kind than ``# …`` keep their marker."""
    return tuple(_text(text) if marker == "#" else marker + text for marker, text in entry.comments)


def _flags(entry: Entry) -> dict[str, None]:
    parts = ",".join(_texts(entry, "#,")).split(",")
    return dict.fromkeys(part.strip() for part in parts if part.strip())


def _split_origin(texts: Iterable[str]) -> tuple[Origin | None, tuple[str, ...]]:
    """Take the first origin out of the comments; a second one means nothing."""
    origin, comments = None, []
    for text in texts:
        found = _ORIGIN.fullmatch(text)
        if found is None:
            comments.append(text)
        elif origin is None:
            kind, name, draft, src = found.groups()
            origin = Origin(kind, name, src, bool(draft))
    return origin, tuple(comments)


def _references(entry: Entry) -> Iterator[str]:
    for text in _texts(entry, "#:"):
        for found in _REFERENCE.finditer(text):
            yield found[0].replace("\u2068", "").replace("\u2069", "")
