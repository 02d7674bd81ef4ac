"""From the entries of a PO file to a catalog."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.files import digest, read_text
from pipeline.model import Catalog, Origin, Unit
from pipeline.patterns import lazy
from pipeline.po.syntax import Entry, entries

_BREAK = lazy(r"\r\n|\r|\n")
_CHARSET = lazy(r"charset=([^\s;\\\"]+)", re.IGNORECASE)
_CHARSETS = ("UTF-8", "UTF8", "US-ASCII", "ASCII", "CHARSET")
"""The last one is what xgettext leaves for a person to fill in."""
_ORIGIN = lazy(r"(machine|memory|derived): (\S.*?)( \(draft\))? src=(\S+)")
_REFERENCE = lazy("\u2068[^\u2068\u2069]*\u2069[^ \t]*|[^ \t]+")


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
    source: dict[tuple[str | None, str], tuple[Unit, str]] = {}
    header: tuple[tuple[str, str], ...] = ()
    remarks: tuple[str, ...] = ()
    for entry in entries(body):
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
        source[unit.key] = unit, "\n".join(lines[entry.first - 1 : entry.last])
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
    strings, previous = entry.strings, entry.previous
    comments = _comments(entry)
    flags = _flags(comments["#,"]) if "#," in comments else ()
    origin, remarks = _split_origin(comments["#"]) if "#" in comments else (None, ())
    plurals = tuple(["".join(strings[name]) for name in strings if name.endswith("]")])
    return Unit(
        msgid=_joined(strings, "msgid") or "",
        msgstr=plurals[0] if plurals else _joined(strings, "msgstr") or "",
        context=_joined(strings, "msgctxt"),
        fuzzy="fuzzy" in flags,
        origin=origin,
        previous=_joined(previous, "msgid"),
        previous_context=_joined(previous, "msgctxt"),
        comments=remarks,
        notes=tuple(comments.get("#.", ())),
        references=tuple(_references(comments["#:"])) if "#:" in comments else (),
        flags=tuple([flag for flag in flags if flag != "fuzzy"]),
        obsolete=bool(entry.obsolete),
        plural=_joined(strings, "msgid_plural"),
        plurals=plurals,
        previous_plural=_joined(previous, "msgid_plural"),
        line=entry.line,
    )


def _joined(strings: Mapping[str, Sequence[str]], name: str) -> str | None:
    return "".join(strings[name]) if name in strings else None


def _comments(entry: Entry) -> dict[str, list[str]]:
    """Return the texts of the comments by their marker."""
    texts: dict[str, list[str]] = {}
    for marker, text in entry.comments:
        if marker == "#=":  # a kind that newer tools may know: kept whole
            texts.setdefault("#", []).append(marker + text)
        else:
            texts.setdefault(marker, []).append(_text(text))
    return texts


def _text(text: str) -> str:
    """Return a comment's text without the blank before it, and the one that guards a backslash."""
    text = text.removeprefix(" ")
    return text.removesuffix(" ") if "\\" in text and text.rstrip(" ").endswith("\\") else text


def _raw_comments(entry: Entry) -> tuple[str, ...]:
    """Return the header's comments; those of another kind than ``# …`` keep their marker."""
    return tuple(_text(text) if marker == "#" else marker + text for marker, text in entry.comments)


def _flags(texts: Iterable[str]) -> Iterable[str]:
    parts = ",".join(texts).split(",")
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


def _references(texts: Iterable[str]) -> list[str]:
    found = [reference for text in texts for reference in _REFERENCE.findall(text)]
    return [text.replace("\u2068", "").replace("\u2069", "") for text in found]
