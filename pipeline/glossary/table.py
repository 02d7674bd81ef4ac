"""Glossary tables: CSV of our own, CSV and TSV of others; one row a term.

In a cell ``|`` parts texts, and ``\\|`` is one. A cell that a spreadsheet would take for a formula
begins with an apostrophe, which is no part of it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import PipelineError, did_you_mean
from pipeline.glossary.entries import FLAGS, KEEP, PARTS_OF_SPEECH, Entry, Table, locale_key
from pipeline.glossary.matching import HAN
from pipeline.patterns import lazy
from pipeline.wording import Message, listed

POS, NOTE, FLAGS_COLUMN = "pos", "note", "flags"
FORBIDDEN = "forbidden:"
"""A column ``forbidden:zh_CN`` lists renderings that are not to be used in that language."""

_PLAIN_COLUMNS = (POS, NOTE, FLAGS_COLUMN)
_LOCALE = lazy(r"[a-z]{2,3}(_[a-z]{4})?(_([a-z]{2}|[0-9]{3}))?")
_HEADER_HINT = Message("The first line names the columns, such as: en,zh_CN,note,flags.")
_FLAG_GAP = lazy(rf"\s*;\s*|\s+(?=(?:{'|'.join(FLAGS)})\b|{FORBIDDEN})")
_FORMULA = lazy("'*[=+\\-@\t\r\n]")
_CELL = lazy(r"\\([\\|])|(\|)|([^\\|]+|\\)")
_QUOTED = lazy('"(.*)"', re.S)
_HAN_LETTER = lazy(f"[{HAN}]")


def read_table(path: Path, text: str, *, foreign: bool = False) -> Table:
    """Read a glossary; what is wrong with single rows is listed in its ``problems``.

    In a ``foreign`` table commas, semicolons or tabs part the cells, and columns that are not
    known are passed over. Raises ``PipelineError`` with the line for what is no table.
    """
    lines = _rows(path, text.removeprefix("\ufeff"), _delimiter(text) if foreign else ",")
    line, header = next(lines, (1, []))
    columns = [_column(name) for name in header]
    ignored = [name for name, column in zip(header, columns, strict=True) if not _is_known(column)]
    if ignored and not foreign:
        hint = did_you_mean(ignored[0], _PLAIN_COLUMNS) or _HEADER_HINT
        raise PipelineError(
            Message('unknown column "{name}"', name=ignored[0]),
            path=path,
            line=line,
            hint=hint,
        )
    for name, column in zip(header, columns, strict=True):
        if name not in ignored and columns.count(column) > 1:
            raise PipelineError(
                Message('two columns "{name}"', name=name), path=path, line=line, hint=_HEADER_HINT
            )
    locales = tuple(column for column in columns if _LOCALE.fullmatch(column) and column != POS)
    reader = _RowReader(path, columns, locales)
    entries = [entry for place, row in lines if (entry := reader.entry(place, row))]
    return Table(
        path,
        tuple(header),
        locales,
        tuple(entries),
        tuple(reader.problems),
        tuple(ignored),
        line,
    )


def _delimiter(text: str) -> str:
    header = text.lstrip("\ufeff\r\n").partition("\n")[0]
    return max("\t;,", key=header.count)


def _rows(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line where each row that is not blank begins, and its cells without outer space."""
    # Most programs that write tabs between cells put nothing in quotes.
    tabs = delimiter == "\t"
    lines = io.StringIO(text, newline="")
    reader = csv.reader(
        lines,
        delimiter=delimiter,
        quoting=csv.QUOTE_NONE if tabs else csv.QUOTE_MINIMAL,
        strict=True,
    )
    line = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if tabs:
                cells = [_unquoted(cell) for cell in cells]
            if any(cells):
                yield line, [_unguarded(cell) for cell in cells]
            line = reader.line_num + 1
    except csv.Error as error:
        hint = Message("Close every quote, and double one inside a quoted cell.")
        raise PipelineError(
            Message("not CSV: {error}", error=error), path=path, line=line, hint=hint
        ) from error


def _unquoted(cell: str) -> str:
    quoted = _QUOTED.fullmatch(cell)
    inner = quoted[1].replace('""', "") if quoted else '"'
    return cell if '"' in inner else cell[1:-1].replace('""', '"')


def _column(name: str) -> str:
    """Return a column's name so that two spellings of it are equal."""
    prefix, colon, locale = name.partition(":")
    return prefix.strip().lower() + colon + locale_key(locale) if colon else locale_key(name)


def _is_known(column: str) -> bool:
    return column in _PLAIN_COLUMNS or bool(_LOCALE.fullmatch(column.removeprefix(FORBIDDEN)))


def split_cell(cell: str) -> tuple[str, ...]:
    """Return the texts in a cell, with their inner spaces evened out; empty ones are kept."""
    texts = [""]
    for escaped, bar, plain in _CELL.findall(cell):
        if bar:
            texts.append("")
        else:
            texts[-1] += escaped or plain
    return tuple(" ".join(text.split()) for text in texts)


@dataclass(slots=True)
class _RowReader:
    """Turns rows into entries and gathers what is wrong with them."""

    path: Path
    columns: Sequence[str]
    locales: Sequence[str]
    problems: list[PipelineError] = field(default_factory=list)

    def entry(self, line: int, row: Sequence[str]) -> Entry | None:
        """Return the row as an entry, None where it says nothing or something wrong."""
        try:
            return self._entry(line, row)
        except PipelineError as error:
            error.path, error.line = self.path, line
            self.problems.append(error)
            return None

    def _entry(self, line: int, row: Sequence[str]) -> Entry | None:
        if len(row) > len(self.columns):
            hint = Message('Put a cell that holds a comma between quotes: "one, two".')
            raise PipelineError(Message("more cells than columns"), hint=hint)
        cells = dict(zip(self.columns, row, strict=False))
        texts = self._texts(cells, "")
        if not texts:
            return None
        flags, everywhere = _flags(cells.get(FLAGS_COLUMN, ""))
        if KEEP in flags:
            _require_one_name(list(texts.values()))
        return Entry(
            texts,
            self._forbidden(self._texts(cells, FORBIDDEN), everywhere),
            cells.get(NOTE, ""),
            _part_of_speech(cells.get(POS, "")),
            flags,
            self.path,
            line,
        )

    def _texts(self, cells: Mapping[str, str], prefix: str) -> dict[str, tuple[str, ...]]:
        texts = {}
        for locale in self.locales:
            cell = cells.get(prefix + locale, "")
            if len(cell.splitlines()) > 1:
                raise PipelineError(Message("a term must not hold a line break"))
            if cell:
                texts[locale] = split_cell(cell)
                if not all(texts[locale]):
                    raise PipelineError(
                        Message('"{cell}" has an empty part', cell=cell),
                        hint=Message("Write one|another."),
                    )
        return texts

    def _forbidden(
        self, texts: Mapping[str, tuple[str, ...]], everywhere: Sequence[str]
    ) -> dict[str, tuple[str, ...]]:
        """Add what the flag ``forbidden:`` lists to the languages in whose script it is written."""
        found = dict(texts)
        for text in everywhere:
            chinese = bool(_HAN_LETTER.search(text))
            fitting = [name for name in self.locales if name.startswith(("zh", "ja")) == chinese]
            for locale in fitting or self.locales:
                found[locale] = (*found.get(locale, ()), text)
        return found


def _require_one_name(names: Sequence[tuple[str, ...]]) -> None:
    for other in names[1:]:
        if other != names[0]:
            what = Message(
                '"keep" contradicts the translation "{target}" of "{source}"',
                target=other[0],
                source=names[0][0],
            )
            raise PipelineError(what, hint=Message("Leave one of them out."))


def _part_of_speech(cell: str) -> str:
    name = re.sub("(?<=[a-z])(?=[A-Z])", " ", cell).lower()
    if name and name not in PARTS_OF_SPEECH:
        hint = did_you_mean(name, PARTS_OF_SPEECH) or Message(
            "There are {names}.", names=listed(PARTS_OF_SPEECH)
        )
        raise PipelineError(Message('unknown part of speech "{cell}"', cell=cell), hint=hint)
    return name


def _flags(cell: str) -> tuple[frozenset[str], tuple[str, ...]]:
    """Return the flags of a row, and the renderings after ``forbidden:``."""
    flags: set[str] = set()
    forbidden: tuple[str, ...] = ()
    for flag in filter(None, _FLAG_GAP.split(cell.strip())):
        name, colon, value = flag.partition(":")
        if name + colon == FORBIDDEN:
            forbidden += split_cell(value)
            if not all(forbidden):
                hint = Message("Write forbidden:one|another.")
                raise PipelineError(Message('"{flag}" lists nothing', flag=flag), hint=hint)
        elif flag in FLAGS:
            flags.add(flag)
        else:
            hint = did_you_mean(name, (*FLAGS, "forbidden"))
            hint = hint or Message(
                "The flags are {flags} and forbidden:one|another.", flags=listed(FLAGS)
            )
            raise PipelineError(Message('unknown flag "{flag}"', flag=flag), hint=hint)
    return frozenset(flags), forbidden


# --- writing ----------------------------------------------------------------------------------


def written(entries: Iterable[Entry], locales: Sequence[str]) -> str:
    """Return a glossary with all that the entries say in ``locales``; lines end in LF."""
    entries = list(entries)
    columns = columns_for(entries, locales)
    return _lines([columns]) + rows(entries, columns)


def rows(entries: Iterable[Entry], columns: Sequence[str]) -> str:
    """Return the entries as lines below a header with these columns."""
    return _lines(_row(entry, columns) for entry in entries)


def appended(text: str, table: Table, entries: Sequence[Entry], locales: Sequence[str]) -> str:
    """Return the file ``text``, which ``table`` was read from, with entries below it.

    What stands there keeps its bytes, but the header gets the columns that it lacks.
    """
    if not table.columns:
        return written(entries, locales)
    newline = "\r\n" if "\r\n" in text else "\n"
    known = {_column(name) for name in table.columns}
    new = [name for name in _needed(entries, locales) if _column(name) not in known]
    lines = text.splitlines(keepends=True)
    if new:
        index = table.header_line - 1
        header = lines[index].rstrip("\r\n")
        lines[index] = header + "".join(f",{name}" for name in new) + newline
    body = "".join(lines)
    if not body.endswith(("\n", "\r")):
        body += newline
    return body + rows(entries, [*table.columns, *new]).replace("\n", newline)


def columns_for(entries: Iterable[Entry], locales: Sequence[str]) -> list[str]:
    """Return the columns of a new file: those of every glossary, and what the entries need."""
    needed = _needed(entries, locales)
    last = [NOTE, FLAGS_COLUMN]
    return [*locales, *(name for name in needed if name not in (*locales, *last)), *last]


def _needed(entries: Iterable[Entry], locales: Sequence[str]) -> list[str]:
    entries = list(entries)
    forbidden = {key for entry in entries for key in entry.forbidden}
    return [
        *(name for name in locales if any(locale_key(name) in entry.texts for entry in entries)),
        *(FORBIDDEN + name for name in locales if locale_key(name) in forbidden),
        *((POS,) if any(entry.part_of_speech for entry in entries) else ()),
        *((NOTE,) if any(entry.note for entry in entries) else ()),
        *((FLAGS_COLUMN,) if any(entry.flags for entry in entries) else ()),
    ]


def _row(entry: Entry, columns: Sequence[str]) -> list[str]:
    plain = {
        POS: entry.part_of_speech,
        NOTE: entry.note,
        FLAGS_COLUMN: " ".join(flag for flag in FLAGS if flag in entry.flags),
    }
    return [_cell(entry, _column(name), plain) for name in columns]


def _cell(entry: Entry, column: str, plain: Mapping[str, str]) -> str:
    if column in plain:
        return plain[column]
    texts = entry.forbidden if column.startswith(FORBIDDEN) else entry.texts
    return "|".join(map(_escaped, texts.get(column.removeprefix(FORBIDDEN), ())))


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|")


def _lines(cells: Iterable[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows([map(_guarded, row) for row in cells])
    return file.getvalue()


def _guarded(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _unguarded(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
