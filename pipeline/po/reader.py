"""From the entries of a PO file to a catalog."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.files import digest, read_text
from pipeline.model import Catalog, Origin, Unit
from pipeline.patterns import lazy
from pipeline.po.syntax import Entry, entries
from pipeline.wording import Message

_BREAK = lazy(r"\r\n|\r|\n")
_CHARSET = lazy(r"charset=([^\s;\\\"]+)", re.IGNORECASE)
_UTF8 = ("UTF-8", "UTF8")
_NO_CHARSETS = ("", "US-ASCII", "ASCII", "CHARSET")
"""What says nothing of other characters; the last one xgettext leaves for a person to fill in."""
_NOT_ASCII = lazy(r"[^\x00-\x7f]")
_ORIGIN = lazy(r"(machine|memory|derived): (\S.*?)( \(draft\))? src=(\S+)")
_REFERENCE = lazy("\u2068[^\u2068\u2069]*\u2069[^ \t]*|[^ \t]+")


def load(path: Path, locale: str) -> Catalog:
    """Read a PO file.

    A byte-order mark, CRLF and CR are read, but such a catalog gets no ``source``, so that the
    next write normalises it, and ``oddities`` that name them. Raises ``PipelineError`` with path
    and line for what ``msgfmt`` or ``msgcat`` refuses, for a charset other than UTF-8 and for NUL.
    """
    text = read_text(path)
    body = _BREAK.sub("\n", text.removeprefix("\ufeff"))
    try:
        catalog = _parse(body, path, locale, keep_source=body == text)
    except PipelineError as error:
        error.path = path
        raise
    return replace(catalog, digest=digest(text.encode("utf-8")), oddities=tuple(_oddities(text)))


def _oddities(text: str) -> Iterator[Message]:
    if text.startswith("\ufeff"):
        yield Message("a byte-order mark")
    if "\r\n" in text:
        yield Message("CRLF line ends")
    if re.search(r"\r(?!\n)", text):
        yield Message("CR line ends")


def has_charset(text: str) -> bool:
    """Tell whether the header's text says that the file is UTF-8."""
    found = _CHARSET.search(text)
    return bool(found) and found[1].upper() in _UTF8  # type: ignore[index]


def header_unit(header: Iterable[tuple[str, str]], comments: Iterable[str]) -> Unit:
    """Return a catalog's header as the entry that it is in the file."""
    text = "".join(f"{name}: {value}\n" if name else f"{value}\n" for name, value in header)
    return Unit("", text, comments=tuple(comments))


def _parse(body: str, path: Path, locale: str, *, keep_source: bool) -> Catalog:
    _check_bytes(body)
    lines = body.split("\n")
    declared = 0, ""
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
        _check_separator(unit)
        if _is_header(unit):
            declared = _charset(entry, lines)
            header, remarks = tuple(_fields(unit.msgstr)), _raw_comments(entry)
            unit = header_unit(header, remarks)
        source[unit.key] = unit, "\n".join(lines[entry.first - 1 : entry.last])
    _check_charset(*declared, body)
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
        hint = Message("It stands in line {first} already: keep one of the two.", first=first)
        raise PipelineError(Message("duplicate msgid"), line=unit.line, hint=hint)


def _check_bytes(body: str) -> None:
    if "\0" in body:
        hint = Message("Remove it, or restore the file.")
        raise PipelineError(Message("NUL byte"), line=_line_of(body, body.index("\0")), hint=hint)


def _check_separator(unit: Unit) -> None:
    if unit.context and "\4" in unit.context:
        hint = Message("Remove it: it parts context and text in compiled catalogs.")
        raise PipelineError(Message("U+0004 in a context"), line=unit.line, hint=hint)


def _charset(entry: Entry, lines: list[str]) -> tuple[int, str]:
    """Return the line and the name of the charset that the header declares, or its own line."""
    for number in range(entry.line, entry.last + 1):
        if found := _CHARSET.search(lines[number - 1]):
            return number, found[1]
    return entry.line, ""


def _check_charset(line: int, charset: str, body: str) -> None:
    if charset.upper() in _NO_CHARSETS:
        found = _NOT_ASCII.search(body)
        if found:
            what = (
                Message("charset {charset}", charset=charset) if charset else Message("no charset")
            )
            hint = Message('Write "Content-Type: text/plain; charset=UTF-8\\n" into the header.')
            at = line or _line_of(body, found.start())
            raise PipelineError(
                Message("{what}, but text that is not ASCII", what=what), line=at, hint=hint
            )
    elif charset.upper() not in _UTF8:
        hint = Message("Convert the file with msgconv -t UTF-8.")
        raise PipelineError(
            Message("charset {charset}, not UTF-8", charset=charset), line=line, hint=hint
        )


def _line_of(body: str, position: int) -> int:
    return body.count("\n", 0, position) + 1


def _fields(text: str) -> Iterator[tuple[str, str]]:
    for line in text.removesuffix("\n").split("\n") if text else ():
        name, colon, value = line.partition(":")
        yield (name, value.strip(" \t")) if colon else ("", line)


def _unit(entry: Entry) -> Unit:
    strings, previous = _joined(entry.strings), _joined(entry.previous)
    comments = _comments(entry)
    flags = _flags(",".join(comments["#,"])) if "#," in comments else ()
    origin, remarks = _split_origin(comments["#"]) if "#" in comments else (None, ())
    numbered = () if "msgstr" in strings else [name for name in strings if name.endswith("]")]
    plurals = tuple([strings[name] for name in numbered])
    return Unit(
        msgid=strings.get("msgid", ""),
        msgstr=plurals[0] if plurals else strings.get("msgstr", ""),
        context=strings.get("msgctxt"),
        fuzzy="fuzzy" in flags,
        origin=origin,
        previous=previous.get("msgid"),
        previous_context=previous.get("msgctxt"),
        comments=remarks,
        notes=tuple(comments.get("#.", ())),
        references=tuple([name for text in comments.get("#:", ()) for name in _references(text)]),
        flags=tuple([flag for flag in flags if flag != "fuzzy"]),
        obsolete=bool(entry.obsolete),
        plural=strings.get("msgid_plural"),
        plurals=plurals,
        previous_plural=previous.get("msgid_plural"),
        line=entry.line,
    )


def _joined(strings: Mapping[str, Sequence[str]]) -> dict[str, str]:
    return {name: "".join(parts) for name, parts in strings.items()} if strings else {}


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


# Most entries of a file have the same flags, and the same references, as others have.


@lru_cache(maxsize=64)
def _flags(text: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(part.strip() for part in text.split(",") if part.strip()))


@lru_cache(maxsize=64)
def _references(text: str) -> tuple[str, ...]:
    found = _REFERENCE.findall(text)
    return tuple(name.replace("\u2068", "").replace("\u2069", "") for name in found)


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
