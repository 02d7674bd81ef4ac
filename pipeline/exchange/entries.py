"""What is exchanged: the entries of a catalog on their way out, and what comes back of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.model import Unit, fingerprint


@dataclass(frozen=True, slots=True)
class Outgoing:
    """The entries of one post in one direction; languages are spelled as in BCP 47."""

    post: str
    source: str
    target: str
    units: Sequence[Unit]


@dataclass(frozen=True, slots=True)
class Incoming:
    """One translation from a file; ``post`` is empty where the file does not name it.

    ``finished`` is what the file says of its state. ``made_from`` is the fingerprint of the
    translation that the catalog held when the file was written, ``None`` where that is not known.
    """

    post: str
    source: str
    target: str
    msgid: str
    msgstr: str
    context: str | None = None
    finished: bool = True
    made_from: str | None = None
    line: int = 0


def entry_id(unit: Unit) -> str:
    """Return what names an entry within its file: the same for the same text and context."""
    return "t" + fingerprint(f"{unit.context or ''}\x04{unit.msgid}")
