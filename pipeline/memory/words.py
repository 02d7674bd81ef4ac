"""Finding the texts that share rare words with another.

The words of each direction lie in a contentless FTS5 table of its own. They are ours (see
``texts.tokens``): FTS5's trigrams cannot find two Chinese characters, and its ranking reads too
much. How many texts have a word is counted beside it, so that a search need not look.
"""

from __future__ import annotations

import math
import sqlite3
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from heapq import nlargest

from pipeline.memory.texts import normalised, shape, tokens

_MOST_WORDS = 32
_FEWEST_WORDS = 2
_POSTINGS = 6000
"""So many places of words a search looks at before it leaves out the more frequent words."""

_LENGTH_BITS = 10
_LONGEST = (1 << _LENGTH_BITS) - 1
"""Longer texts count as of this length."""

Changes = dict[int, Counter[str]]
"""By direction, in how many more texts each word stands."""


def new_changes() -> Changes:
    """Return the changes when nothing has changed yet."""
    return defaultdict(Counter)


def create(db: sqlite3.Connection, direction: int) -> None:
    """Make the table for a direction."""
    db.execute(
        f"CREATE VIRTUAL TABLE words_{direction} USING fts5 "
        "(words, content='', tokenize='ascii', detail=none, columnsize=0)"
    )


def insert(
    db: sqlite3.Connection, direction: int, number: int, normal: str, changes: Changes
) -> None:
    """Take in the words of the text with this number, which is given as ``normalised`` does."""
    words = tokens(normal)
    changes[direction].update(set(words))
    db.execute(
        f"INSERT INTO words_{direction} (rowid, words) VALUES (?, ?)", (number, " ".join(words))
    )


def remove(
    db: sqlite3.Connection, direction: int, number: int, normal: str, changes: Changes
) -> None:
    """Forget the words of the text with this number, which is given as ``normalised`` does."""
    words = tokens(normal)
    changes[direction].subtract(set(words))
    db.execute(
        f"INSERT INTO words_{direction} (words_{direction}, rowid, words) VALUES ('delete', ?, ?)",
        (number, " ".join(words)),
    )


def count(db: sqlite3.Connection, changes: Changes) -> None:
    """Bring the frequencies up to date."""
    for direction, counts in changes.items():
        db.executemany(
            "INSERT INTO frequencies VALUES (?, ?, ?) "
            "ON CONFLICT (direction, word) DO UPDATE SET texts = texts + excluded.texts",
            ((direction, word, more) for word, more in sorted(counts.items()) if more),
        )
        db.execute("DELETE FROM frequencies WHERE direction = ? AND texts <= 0", (direction,))


def numbered(serial: int, text: str) -> int:
    """Return the number of a text, from which its length can be told without a look at it."""
    return serial << _LENGTH_BITS | min(len(shape(text)), _LONGEST)


def serial_of(number: int) -> int:
    """Return the ``serial`` that the number was made from."""
    return number >> _LENGTH_BITS


def likely(db: sqlite3.Connection, direction: int, size: int, text: str, limit: int) -> list[int]:
    """Return the numbers of texts that share rare words with ``text``, the likeliest first.

    ``size`` is the number of texts in this direction.
    """
    words = tokens(normalised(text))
    length = min(len(shape(text)), _LONGEST)
    counts = _frequencies(db, direction, words)
    weights: defaultdict[int, float] = defaultdict(float)
    query = f"SELECT rowid FROM words_{direction} WHERE words_{direction} MATCH ?"
    for word in _telling(counts):
        weight = math.log(1 + size / counts[word])
        for (number,) in db.execute(query, (f'"{word}"',)).fetchall():
            weights[number] += weight
    if not weights:
        return []
    # More of two texts cannot be alike than the shorter one is long.
    likeness = [min(length, other) / (length + other or 1) for other in range(_LONGEST + 1)]
    promises = [
        (weight * likeness[number & _LONGEST], number) for number, weight in weights.items()
    ]
    return [number for _, number in nlargest(limit, promises)]


def _telling(counts: Mapping[str, int]) -> list[str]:
    """Return the rarest words, as many as a search can afford."""
    chosen: list[str] = []
    spent = 0
    for word in sorted(counts, key=counts.__getitem__)[:_MOST_WORDS]:
        spent += counts[word]
        if spent > _POSTINGS and len(chosen) >= _FEWEST_WORDS:
            break
        chosen.append(word)
    return chosen


def _frequencies(db: sqlite3.Connection, direction: int, words: Sequence[str]) -> dict[str, int]:
    """Return in how many texts those of the words stand that stand in any."""
    query = "SELECT texts FROM frequencies WHERE direction = ? AND word = ?"
    found = {}
    for word in dict.fromkeys(words):
        row = db.execute(query, (direction, word)).fetchone()
        if row:
            found[word] = int(row[0])
    return found
