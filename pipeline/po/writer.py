"""From a catalog to the text of a PO file, in the form of ``msgcat --no-wrap``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import polib

from pipeline.errors import ChangedMeanwhileError, PipelineError
from pipeline.files import Replacement, digest_of, holds, replace_all
from pipeline.model import Catalog, Unit
from pipeline.patterns import lazy
from pipeline.po.reader import has_charset, header_unit, load
from pipeline.wording import Message

_BREAK = lazy(r"\r\n|\r|\n")
_LITERAL = lazy(r"[^\n]*\n|[^\n]+")
_SPECIAL = lazy(r'[\0-\r\\"]')
_KEYWORDS = ("msgctxt", "msgid", "msgid_plural")
_NUMBERED = lazy(r"(.*?)((?::[0-9]+)?)", re.DOTALL)
_CONTENT = ("Content-Type", "text/plain; charset=UTF-8")
_TRIES = 200


def save(catalog: Catalog) -> bool:
    """Write the catalog to its path; tell whether anything was written.

    Nothing is written where the file already says the same.

    Raises:
        ChangedMeanwhileError: the file is not any more what the catalog was read from.
        PipelineError: it cannot be written, or not be read as PO: somebody may be editing it.
    """
    path = catalog.path
    return _saved(catalog, load(path, catalog.locale) if path.is_file() else None)


def _saved(catalog: Catalog, present: Catalog | None) -> bool:
    if present and present.source and present == catalog:
        return False
    data = encoded(catalog)
    if holds(catalog.path, data):
        return False
    replace_all([Replacement(catalog.path, data, catalog.digest)], durable=True)
    return True


def update(
    path: Path,
    locale: str,
    change: Callable[[Catalog], Catalog],
    known: Catalog | None = None,
) -> bool:
    """Save what ``change`` makes of the file as it is then; tell whether anything was written.

    As long as the file is what ``known`` was read from, it is not read again. Where somebody else
    is faster, ``change`` is asked again about what they have made of it. Raises ``PipelineError``,
    also where the file never comes to rest.
    """
    for _ in range(_TRIES):
        is_known = known is not None and known.digest == digest_of(path)
        present = known if known and is_known else load(path, locale)
        try:
            return _saved(change(present), present)
        except ChangedMeanwhileError as error:
            reason = error
    raise reason


def encoded(catalog: Catalog) -> bytes:
    """Return the content of the PO file; raise ``PipelineError`` if UTF-8 has no place for it."""
    text = dumps(catalog)
    if not text.isascii() and (announced := _with_charset(catalog)) is not catalog:
        text = dumps(announced)
    try:
        return text.encode("utf-8")
    except UnicodeEncodeError as error:
        raise PipelineError(
            Message("cannot write the file: a text holds half a character (a lone surrogate)"),
            path=catalog.path,
            hint=Message("Remove the character from the post or from the translation."),
        ) from error


def _with_charset(catalog: Catalog) -> Catalog:
    """Let the header say UTF-8: without it, other tools do not read what is not ASCII."""
    if has_charset(header_unit(catalog.header, ()).msgstr):
        return catalog
    others = [field for field in catalog.header if field[0] != _CONTENT[0]]
    return replace(catalog, header=(*others, _CONTENT))


def dumps(catalog: Catalog) -> str:
    """Return the text of the PO file; an entry that ``source`` knows keeps the lines it had."""
    entries = []
    if catalog.header or catalog.header_comments:
        header = header_unit(catalog.header, catalog.header_comments)
        entries.append(_lines_of(catalog, header) or _header_text(header))
    for unit in sorted(catalog.units, key=lambda unit: unit.obsolete):
        entries.append(_lines_of(catalog, unit) or _entry_text(unit))
    return "\n\n".join(entries) + "\n" if entries else ""


def _lines_of(catalog: Catalog, unit: Unit) -> str:
    """Return the lines that the very unit was read from; nothing where it is another one."""
    known, lines = catalog.source.get(unit.key, (None, ""))
    return lines if known == unit else ""


def _header_text(header: Unit) -> str:
    lines = list(_comments(header, ("#.", "#:", "#,", "#=")))
    return "\n".join([*lines, _strings(header)])


def _entry_text(unit: Unit) -> str:
    lines = list(_comments(unit, ("#=",)))
    lines += [_comment("#.", text) for note in unit.notes for text in _BREAK.split(note)]
    lines += [_comment("#:", _reference(reference)) for reference in unit.references]
    return "\n".join([*lines, _strings(unit)])


def _comments(unit: Unit, whole: tuple[str, ...]) -> Iterator[str]:
    """Yield the translator's comment lines; texts that start with one of ``whole`` are whole."""
    if unit.origin is not None:
        origin = unit.origin
        draft = " (draft)" if origin.draft else ""
        yield _comment("#", f"{origin.kind}: {origin.name}{draft} src={origin.src}")
    for comment in unit.comments:
        for text in _BREAK.split(comment):
            yield text if text.startswith(whole) else _comment("#", text)


def _comment(marker: str, text: str) -> str:
    # A NUL would make the file unreadable, and a comment has no escapes. To gettext, a backslash
    # at the end of any line joins it to the next one: a blank parts them (see reader._text).
    text = text.replace("\0", "\ufffd")
    guard = " " if text.rstrip(" ").endswith("\\") else ""
    return f"{marker} {text}{guard}" if text else marker


def _reference(reference: str) -> str:
    """Return the place as ``#:`` shows it: names with blanks stand between U+2068 and U+2069."""
    name, line = _NUMBERED.fullmatch(_BREAK.sub(" ", reference)).groups()  # type: ignore[union-attr]
    return f"\u2068{name}\u2069{line}" if " " in name or "\t" in name else f"{name}{line}"


def _strings(unit: Unit) -> str:
    """Return flags, previous strings and strings."""
    flags = ("fuzzy", *unit.flags) if unit.fuzzy else unit.flags
    lines = [f"#, {', '.join(flags)}"] if flags else []
    old, current = ("#~| ", "#~ ") if unit.obsolete else ("#| ", "")
    previous = unit.previous_context, unit.previous, unit.previous_plural
    for keyword, text in zip(_KEYWORDS, previous, strict=True):
        if text is not None:
            lines += _string(old, keyword, text)
    for keyword, text in zip(_KEYWORDS, (unit.context, unit.msgid, unit.plural), strict=True):
        if text is not None:
            lines += _string(current, keyword, text)
    if unit.plural is None:
        lines += _string(current, "msgstr", unit.msgstr)
    else:
        for index, text in enumerate(unit.plurals or ("",)):
            lines += _string(current, f"msgstr[{index}]", text)
    return "\n".join(lines)


def _string(mark: str, keyword: str, text: str) -> list[str]:
    """Return the lines of a string, broken where msgcat does: polib does so at U+2028 as well."""
    if "\n" not in text[:-1]:
        return [f'{mark}{keyword} "{_escape(text)}"']
    literals = [f'{mark}"{_escape(literal)}"' for literal in _LITERAL.findall(text)]
    return [f'{mark}{keyword} ""', *literals]


def _escape(text: str) -> str:
    if not _SPECIAL.search(text):
        return text
    # polib leaves \a as it is; a raw NUL would make the file unreadable.
    return polib.escape(text).replace("\a", r"\a").replace("\0", r"\000")
