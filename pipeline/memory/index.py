"""The index of the memory: a database that can be made anew from its feeds at any time."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from typing import Any, TypeVar

from pipeline.errors import PipelineError
from pipeline.files import write_atomically
from pipeline.memory import words
from pipeline.memory.database import connected, is_damage, transaction
from pipeline.memory.entries import Entry, Feed
from pipeline.memory.texts import normalised
from pipeline.memory.words import Changes
from pipeline.model import Origin, fingerprint

R = TypeVar("R")

Texts = dict[int, str]
"""Texts by their number in the index."""

_CANDIDATES = 300
_PORTION = 10_000


@dataclass(frozen=True, slots=True)
class Known:
    """A translation of ``text`` as the index holds it; ``before`` and ``after`` are hashes."""

    text: str
    translation: str
    origin: Origin | None
    file: str
    line: int
    before: int
    after: int


class Index:
    """All that the feeds hold, ready for look-up.

    Without a ``path``, or where it cannot be used, the index lives as long as the object. A damaged
    file is made anew from ``feeds``. Several processes may use one file.
    """

    def __init__(
        self, path: Path | None = None, feeds: Callable[[], Iterable[Feed]] = lambda: ()
    ) -> None:
        self._path = path
        self._feeds = feeds
        self._was_damaged = False
        self._db = self._opened()
        self.refresh()

    def close(self) -> None:
        """Close the database."""
        self._db.close()

    def refresh(self) -> None:
        """Read the feeds that have changed since they were last read, and forget those gone."""
        feeds = list(self._feeds())
        self._attempt(lambda: self._synchronise(feeds))

    def learn(self, feed: Feed) -> None:
        """Read one feed again, if it has changed."""
        self._attempt(lambda: self._write([feed]))

    def exact(self, source: str, target: str, text: str) -> list[Known]:
        """Return the translations of this very text."""
        return self._attempt(lambda: self._exact(source, target, text))

    def same_words(self, source: str, target: str, text: str, *, by_people: bool) -> Texts:
        """Return the texts of the same words that people have translated, or that machines have."""
        return self._attempt(lambda: self._same_words(source, target, by_people, text))

    def likely(self, source: str, target: str, text: str) -> Texts:
        """Return texts that people have translated and that may be like ``text``."""
        return self._attempt(lambda: self._likely(source, target, text))

    def by_machines(self, source: str, target: str) -> Iterator[Texts]:
        """Yield, in portions, all texts that machines have translated.

        Only who searches by hand looks for similar ones among them: that is rarer than their words
        would have to be indexed.
        """
        rows = self._db.execute(_BY_MACHINES, (source, target))
        while portion := rows.fetchmany(_PORTION):
            yield dict(portion)

    def translations(self, number: int) -> list[Known]:
        """Return the translations of the text with this number."""
        return self._attempt(lambda: list(self._known("texts.id = ?", number)))

    def reviewed(self) -> Iterator[tuple[str, str, Known]]:
        """Yield source, target and translation of all that people wrote, file by file."""
        for source, target, *row in self._db.execute(_REVIEWED):
            yield source, target, _known(row)

    # Opening, and starting anew

    def _opened(self) -> sqlite3.Connection:
        while self._path is not None:
            try:
                self._path.parent.mkdir(parents=True, exist_ok=True)
                write_atomically(self._path.parent / ".gitignore", b"*\n")
                return connected(str(self._path))
            except (sqlite3.Error, OSError, PipelineError) as error:
                self._give_up(error)
        return connected(":memory:")

    def _give_up(self, error: Exception) -> None:
        """Remove a damaged file, once; do without one if that does not help, or is no remedy."""
        assert self._path is not None
        if is_damage(error) and not self._was_damaged:
            self._was_damaged = True
            with suppress(OSError):
                self._path.unlink(missing_ok=True)
        else:
            self._path = None

    def _attempt(self, work: Callable[[], R]) -> R:
        """Do the work; where the file fails, make it anew, or do without one, and try again."""
        try:
            return work()
        except sqlite3.DatabaseError as error:
            if self._path is None:
                raise
            self._db.close()
            self._give_up(error)
        self._db = self._opened()
        self.refresh()
        return self._attempt(work)

    # Writing

    def _synchronise(self, feeds: Sequence[Feed]) -> None:
        stored = dict(self._db.execute("SELECT name, digest FROM files"))
        changed = [feed for feed in feeds if stored.get(feed.name) != feed.digest]
        gone = stored.keys() - {feed.name for feed in feeds}
        if changed or gone:
            self._write(changed, gone)

    def _stored(self, name: str) -> str:
        query = "SELECT digest FROM files WHERE name = ?"
        found = self._db.execute(query, (name,)).fetchone()
        return str(found[0]) if found else ""

    def _write(self, feeds: Iterable[Feed], gone: Iterable[str] = ()) -> None:
        with transaction(self._db):
            changes = words.new_changes()
            for feed in feeds:
                if self._stored(feed.name) != feed.digest:  # another run may have been faster
                    self._learn(feed, changes)
            for name in gone:
                self._learn(Feed(name, "", tuple), changes)
                self._db.execute("DELETE FROM files WHERE name = ?", (name,))
            words.count(self._db, changes)

    def _learn(self, feed: Feed, changes: Changes) -> None:
        """Put what the feed holds in the place of what it held before."""
        ((file,),) = self._db.execute(
            "INSERT INTO files (name, digest) VALUES (?, ?) "
            "ON CONFLICT (name) DO UPDATE SET digest = excluded.digest RETURNING id",
            (feed.name, feed.digest),
        ).fetchall()
        old = {number for (number,) in self._db.execute(_TEXTS_OF_FILE, (file,))}
        self._db.execute("DELETE FROM pairs WHERE file = ?", (file,))
        for entry in feed.read():
            origin = entry.origin
            self._db.execute(
                "INSERT INTO pairs VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    self._number(entry, changes),
                    file,
                    entry.line,
                    entry.translation,
                    origin and origin.kind,
                    origin and origin.name,
                    origin and origin.draft,
                    hash_of(entry.before),
                    hash_of(entry.after),
                    entry.backward,
                ),
            )
        for number in old:
            self._forget_unused(number, changes)

    def _number(self, entry: Entry, changes: Changes) -> int:
        """Return the number of the entry's text, which gets one if it is new."""
        ways = entry.source, entry.target, entry.origin is None
        direction = self._direction(*ways) or self._new_direction(*ways)
        exact = hash_of(f"{entry.source}\0{entry.target}\0{entry.text}")
        for number, text in self._db.execute(
            "SELECT id, text FROM texts WHERE exact = ? AND direction = ?", (exact, direction)
        ):
            if text == entry.text:
                return int(number)
        normal = normalised(entry.text)
        (last,) = self._db.execute("SELECT coalesce(max(id), 0) FROM texts").fetchone()
        number = words.numbered(words.serial_of(last) + 1, entry.text)
        self._db.execute(
            "INSERT INTO texts (id, direction, text, exact, normal) VALUES (?, ?, ?, ?, ?)",
            (number, direction, entry.text, exact, hash_of(f"{direction}\0{normal}")),
        )
        if entry.origin is None:
            words.insert(self._db, direction, number, normal, changes)
            self._resize(direction, 1)
        return number

    def _forget_unused(self, number: int, changes: Changes) -> None:
        if self._db.execute("SELECT 1 FROM pairs WHERE text = ?", (number,)).fetchone():
            return
        direction, text = self._db.execute(
            "SELECT direction, text FROM texts WHERE id = ?", (number,)
        ).fetchone()
        self._db.execute("DELETE FROM texts WHERE id = ?", (number,))
        if self._is_by_people(direction):
            words.remove(self._db, direction, number, normalised(text), changes)
            self._resize(direction, -1)

    def _is_by_people(self, direction: int) -> bool:
        query = "SELECT by_people FROM directions WHERE id = ?"
        return bool(self._db.execute(query, (direction,)).fetchone()[0])

    def _resize(self, direction: int, by: int) -> None:
        self._db.execute("UPDATE directions SET texts = texts + ? WHERE id = ?", (by, direction))

    def _direction(self, source: str, target: str, by_people: bool) -> int | None:
        found = self._db.execute(f"SELECT id {_DIRECTION}", (source, target, by_people)).fetchone()
        return found and int(found[0])

    def _new_direction(self, source: str, target: str, by_people: bool) -> int:
        ((number,),) = self._db.execute(
            "INSERT INTO directions (source, target, by_people) VALUES (?, ?, ?) RETURNING id",
            (source, target, by_people),
        ).fetchall()
        if by_people:
            words.create(self._db, number)
        return int(number)

    # Reading

    def _known(self, condition: str, value: int) -> Iterator[Known]:
        for row in self._db.execute(f"{_KNOWN} WHERE {condition}", (value,)):
            yield _known(row)

    def _exact(self, source: str, target: str, text: str) -> list[Known]:
        found = self._known("texts.exact = ?", hash_of(f"{source}\0{target}\0{text}"))
        return [known for known in found if known.text == text]

    def _same_words(self, source: str, target: str, by_people: bool, text: str) -> Texts:
        direction = self._direction(source, target, by_people)
        return self._texts("normal = ?", [hash_of(f"{direction}\0{normalised(text)}")])

    def _likely(self, source: str, target: str, text: str) -> Texts:
        query = f"SELECT id, texts {_DIRECTION}"
        row = self._db.execute(query, (source, target, True)).fetchone()
        if row is None:
            return {}
        direction, size = row
        numbers = words.likely(self._db, direction, size, text, _CANDIDATES)
        return self._texts(f"id IN ({','.join('?' * len(numbers))})", numbers)

    def _texts(self, condition: str, values: Sequence[int]) -> Texts:
        return dict(self._db.execute(f"SELECT id, text FROM texts WHERE {condition}", values))


_BY_MACHINES = (
    "SELECT texts.id, text FROM texts JOIN directions ON directions.id = direction "
    "WHERE source = ? AND target = ? AND NOT by_people"
)
_DIRECTION = "FROM directions WHERE source = ? AND target = ? AND by_people = ?"
_TEXTS_OF_FILE = "SELECT DISTINCT text FROM pairs WHERE file = ?"
_COLUMNS = (
    "texts.text, translation, kind, pairs.name, draft, files.name, line, before, after "
    "FROM pairs JOIN texts ON texts.id = pairs.text JOIN files ON files.id = pairs.file"
)
_KNOWN = f"SELECT {_COLUMNS}"
_REVIEWED = (
    f"SELECT source, target, {_COLUMNS} JOIN directions ON directions.id = direction "
    "WHERE kind IS NULL AND NOT backward ORDER BY files.name, pairs.rowid"
)


def hash_of(text: str) -> int:
    """Return a number of 64 bits that stands for the text; 0 for none."""
    data = blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(data, signed=True) if text else 0


def _known(row: Sequence[Any]) -> Known:
    text, translation, kind, name, draft, file, line, before, after = row
    origin = kind and Origin(kind, name, fingerprint(text), bool(draft))
    return Known(text, translation, origin, file, line, before, after)
