"""The SQLite file of the memory: its tables, and what is done when it is damaged or in use."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

_VERSION = 3
"""To be raised whenever the tables, or what stands in them, change."""
_PATIENCE = 60.0
"""Seconds to wait for another run that writes."""
_CACHE = 64 << 10
"""Kibibytes; with less, entries in random order are written to the disk again and again."""
_SCHEMA = """
CREATE TABLE files (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, digest TEXT NOT NULL);
CREATE TABLE directions (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, target TEXT NOT NULL,
    by_people INTEGER NOT NULL, texts INTEGER NOT NULL DEFAULT 0,
    UNIQUE (source, target, by_people));
CREATE TABLE texts (
    id INTEGER PRIMARY KEY, direction INTEGER NOT NULL, text TEXT NOT NULL,
    exact INTEGER NOT NULL, normal INTEGER NOT NULL);
CREATE INDEX texts_exact ON texts (exact);
CREATE INDEX texts_normal ON texts (normal);
CREATE TABLE pairs (
    text INTEGER NOT NULL, file INTEGER NOT NULL, line INTEGER NOT NULL, translation TEXT NOT NULL,
    kind TEXT, name TEXT, draft INTEGER, before INTEGER NOT NULL, after INTEGER NOT NULL,
    backward INTEGER NOT NULL);
CREATE INDEX pairs_text ON pairs (text);
CREATE INDEX pairs_file ON pairs (file);
CREATE TABLE frequencies (
    direction INTEGER NOT NULL, word TEXT NOT NULL, texts INTEGER NOT NULL,
    PRIMARY KEY (direction, word)) WITHOUT ROWID;
"""


def connected(path: str) -> sqlite3.Connection:
    """Open the database; make the tables where there are none yet."""
    db = sqlite3.connect(path, timeout=_PATIENCE, isolation_level=None)
    try:
        # What a power cut ruins is made anew.
        db.execute("PRAGMA synchronous = OFF")
        db.execute(f"PRAGMA cache_size = -{_CACHE}")
        if _version(db) != _VERSION:
            with transaction(db):
                _make_tables(db)
    except BaseException:
        db.close()
        raise
    return db


def is_damage(error: Exception) -> bool:
    """Tell whether the file itself is at fault, rather than its place or another run."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    return code in (sqlite3.SQLITE_ERROR, sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Write all that is done inside, or nothing."""
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
    except BaseException:
        if db.in_transaction:  # SQLite ends it by itself when the disk is full
            db.execute("ROLLBACK")
        raise
    db.execute("COMMIT")


def _version(db: sqlite3.Connection) -> int:
    return int(db.execute("PRAGMA user_version").fetchone()[0])


def _make_tables(db: sqlite3.Connection) -> None:
    if _version(db) == _VERSION:  # another run was faster
        return
    # That of another version has tables already: an error, and a reason to start anew.
    for statement in _SCHEMA.split(";\n"):
        db.execute(statement)
    db.execute(f"PRAGMA user_version = {_VERSION}")
