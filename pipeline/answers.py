"""What engines have answered, kept under ``.diglot/`` as it arrives, so that nothing is paid twice.

The store is SQLite in write-ahead mode: whatever kills the process, an answer that was put in is
there in the next run. An answer whose text was refused in the end is asked for again by a later
run, but not more than ``TRIES`` times in all: an engine that cannot do better costs no more.
"""

from __future__ import annotations

import contextlib
import secrets
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.engines.base import Answer
from pipeline.errors import PipelineError
from pipeline.memo import FOLDER, private_folder
from pipeline.wording import Message

TRIES = 3

_FILE = "answers.sqlite3"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS answers (
    key TEXT PRIMARY KEY, text TEXT NOT NULL, run TEXT NOT NULL,
    refused INTEGER NOT NULL DEFAULT 0, reason TEXT NOT NULL DEFAULT ''
) WITHOUT ROWID
"""


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers by the key of what was asked; ``fresh``: those of earlier runs do not count."""

    database: sqlite3.Connection
    fresh: bool = False
    _run: str = field(default_factory=lambda: secrets.token_hex(8))

    @classmethod
    def open(cls, root: Path, *, fresh: bool = False, writes: bool = True) -> Answers:
        """Open the project's store; where none can be written, one that this run forgets.

        Without ``writes`` none is made.
        """
        path = root / FOLDER / _FILE
        if not writes and not path.exists():
            return cls.forgetful()
        try:
            private_folder(path.parent)
        except PipelineError:
            return cls.forgetful()
        try:
            return cls(_connected(path), fresh)
        except sqlite3.OperationalError:
            return cls.forgetful()
        except sqlite3.DatabaseError:  # it is damaged: answers cost time, not translations
            for suffix in ("", "-wal", "-shm"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
            return cls(_connected(path), fresh)

    @classmethod
    def forgetful(cls) -> Answers:
        """Return a store that is gone with the process."""
        return cls(_connected(":memory:"))

    def get(self, key: str) -> Answer | None:
        """Return what is known: a text, an error after too many refusals, or nothing."""
        row = self.database.execute(
            "SELECT text, run, refused, reason FROM answers WHERE key = ?", (key,)
        ).fetchone()
        if row is None:
            return None
        text, run, refused, reason = row
        if self.fresh and run != self._run:
            return None
        if not reason:
            return Answer(text)
        if refused < TRIES:
            return None
        return Answer(
            error=Message(
                "refused {count} times (--fresh asks again): {reason}", count=refused, reason=reason
            )
        )

    def put(self, key: str, text: str) -> None:
        """Keep an answer.

        Raises:
            PipelineError: the disk takes no more.
        """
        self._write(
            "INSERT INTO answers (key, text, run) VALUES (?, ?, ?) ON CONFLICT (key) DO UPDATE "
            "SET text = excluded.text, run = excluded.run, reason = ''",
            [(key, text.encode("utf-8", "replace").decode(), self._run)],
        )

    def refuse(self, keys: Collection[str], reason: str) -> None:
        """Remember that what came of these answers was refused."""
        self._write(
            "UPDATE answers SET refused = refused + 1, reason = ? WHERE key = ?",
            [(reason, key) for key in dict.fromkeys(keys)],
        )

    def close(self) -> None:
        """Close the file; what was put in is safe without it."""
        self.database.close()

    def _write(self, statement: str, rows: Collection[tuple[str, ...]]) -> None:
        try:
            with self.database:
                self.database.executemany(statement, rows)
        except sqlite3.Error as error:
            raise PipelineError(
                Message("cannot keep the engine's answers: {error}", error=error),
                path=Path(FOLDER) / _FILE,
                hint=Message("Free some space, or delete the file: it costs only calls."),
            ) from error


def _connected(path: Path | str) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=30)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        with database:
            database.execute(_SCHEMA)
            database.execute("SELECT count(*) FROM answers").fetchone()
    except sqlite3.Error:
        with contextlib.suppress(sqlite3.Error):
            database.close()
        raise
    return database
