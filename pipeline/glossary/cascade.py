"""Several glossary files, from that of the project to the one nearest to a post.

The nearest says how a term is translated; a row with the flag ``off`` says that it is none there.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.files import read_text
from pipeline.glossary.entries import Entry, Table, locale_key
from pipeline.glossary.matching import fold
from pipeline.glossary.table import read_table
from pipeline.glossary.termbase import Glossary
from pipeline.model import Term
from pipeline.wording import Message


def load_glossary(paths: Sequence[Path], source: str, target: str) -> Glossary:
    """Read the terms from ``source`` to ``target``, two gettext locales, from files.

    ``paths`` go from the outermost file to the nearest; those that do not exist say nothing. Nor
    does a row that lacks a cell of either locale. Raises ``PipelineError`` with the line of
    whatever a file does not say clearly.
    """
    texts = tuple((path, read_text(path)) for path in paths if path.exists())
    return _loaded(texts, source, target)


@lru_cache(maxsize=64)
def _loaded(texts: tuple[tuple[Path, str], ...], source: str, target: str) -> Glossary:
    """Read the terms in ``texts``: one glossary serves all the posts of a folder."""
    tables = [_sound(_table(path, text), (source, target)) for path, text in texts]
    return Glossary(cascaded([table.entries for table in tables], source, target))


@lru_cache(maxsize=64)
def _table(path: Path, text: str) -> Table:
    return read_table(path, text)


def _sound(table: Table, locales: Sequence[str]) -> Table:
    """Return the table; raise ``PipelineError`` if it cannot be used for ``locales``."""
    missing = [name for name in locales if locale_key(name) not in table.locales]
    if table.columns and missing:
        raise no_column(table, missing[0])
    if table.problems:
        raise table.problems[0]
    return table


def no_column(table: Table, locale: str) -> PipelineError:
    """Return the complaint that a table lacks a language."""
    hint = Message('Add "{locale}" to the first line.', locale=locale)
    what = Message('there is no column "{locale}"', locale=locale)
    return PipelineError(what, path=table.path, line=table.header_line, hint=hint)


def cascaded(files: Sequence[Sequence[Entry]], source: str, target: str) -> tuple[Term, ...]:
    """Return the terms that hold below all of the files, the outermost of which is the first.

    A term replaces those of outer files with the same source; one that minds its case and one
    that does not stand side by side, unless they are spelled alike.
    """
    held: list[tuple[Entry, Term]] = []
    for file in files:
        new = [(entry, term) for entry in file for term in entry.terms(source, target)]
        exact = {term.source for _, term in new}
        folded = {fold(term.source) for _, term in new if not term.case_sensitive}
        off = OffRows(file)
        held = [
            (entry, term)
            for entry, term in held
            if term.source not in exact
            and (term.case_sensitive or fold(term.source) not in folded)
            and not off.covers(entry)
        ] + new
    return tuple(dict.fromkeys(term for _, term in held))


class OffRows:
    """The rows of a file that switch terms of outer files off: those with all of their texts."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self._rows: dict[tuple[str, str], list[set[tuple[str, str]]]] = {}
        for entry in entries:
            if entry.is_off:
                row = names(entry)
                self._rows.setdefault(row[0], []).append(set(row))

    def covers(self, entry: Entry) -> bool:
        """Tell whether a row switches the entry off."""
        held = names(entry) if self._rows else []
        return any(row.issubset(held) for name in held for row in self._rows.get(name, ()))


def names(entry: Entry) -> list[tuple[str, str]]:
    """Return the texts of an entry with their locales, as they are compared."""
    return [(locale, fold(text)) for locale, texts in entry.texts.items() for text in texts]
