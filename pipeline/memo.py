"""What a stage found out about each post, kept under ``.diglot/`` from one run to the next.

A value holds as long as the digest of everything that it was made from. The files are JSON lines:
a key, then for each post a line that says what it is about and one with the value, which stays text
until somebody asks for it. They are bound to their program, their folder and the settings; one that
cannot be used is passed over, and deleting the folder costs nothing but time.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import pipeline
from pipeline.errors import PipelineError
from pipeline.files import digest, write_atomically

FOLDER = ".diglot"


@dataclass(slots=True)
class Memo:
    """The values of one stage by the name of their post; a value is anything that JSON holds."""

    path: Path
    key: str
    _entries: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    _changed: bool = False

    @classmethod
    def open(cls, root: Path, stage: str, *conditions: str) -> Memo:
        """Read what the last run of ``stage`` left, unless program or ``conditions`` differ."""
        key = digest(
            "\0".join((_program(), place_of(root), *conditions)).encode("utf-8", "replace")
        )
        memo = cls(root / FOLDER / f"{stage}.jsonl", key)
        try:
            with memo.path.open("rb") as lines:
                if json.loads(next(lines, b"")) == key:
                    for about, value in zip(lines, lines, strict=True):
                        name, seen = json.loads(about)
                        memo._entries[name] = seen, value.rstrip()
        except (OSError, ValueError, TypeError, RecursionError):
            memo._entries = {}
        return memo

    def get(self, name: str, seen: str) -> Any | None:
        """Return the value for ``name`` if it was made from what has the digest ``seen``."""
        known, value = self._entries.get(name, ("", b""))
        return json.loads(value) if known == seen and value else None

    def put(self, name: str, seen: str, value: Any) -> None:
        """Keep ``value``, made from what has the digest ``seen``; forget it if that is empty."""
        entry = seen, _encoded(value)
        if seen and self._entries.get(name) != entry:
            self._entries[name] = entry
            self._changed = True
        elif not seen:
            self._changed |= self._entries.pop(name, None) is not None

    def amend(self, name: str, value: Any) -> None:
        """Replace the value for ``name`` by one that was made from the same."""
        if name in self._entries:
            self.put(name, self._entries[name][0], value)

    def values(self) -> Iterator[Any]:
        """Yield the values of all posts, whether or not they still hold."""
        for _, value in self._entries.values():
            yield json.loads(value)

    def keep_only(self, names: Iterable[str]) -> None:
        """Forget the posts that are not among ``names``."""
        for name in self._entries.keys() - set(names):
            del self._entries[name]
            self._changed = True

    def save(self) -> None:
        """Write what has changed; a place that cannot be written to only costs time."""
        if not self._changed:
            return
        lines = [_encoded(self.key)]
        for name, (seen, value) in self._entries.items():
            lines += (_encoded([name, seen]), value)
        with suppress(PipelineError):
            private_folder(self.path.parent)
            write_atomically(self.path, b"\n".join([*lines, b""]))


def _encoded(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")


def memory_file(root: Path) -> Path:
    """Return the file of the translation memory's index, which need not exist."""
    return root / FOLDER / "memory.sqlite"


def private_folder(folder: Path) -> Path:
    """Make the folder of caches if need be, and keep it out of Git."""
    write_atomically(folder / ".gitignore", b"*\n")
    return folder


def place_of(root: Path) -> str:
    """Return what tells this folder from a copy: a memo is worth nothing to anybody else."""
    found = root.stat()
    return f"{root.absolute()}\0{found.st_dev}\0{found.st_ino}"


@cache
def _program() -> str:
    """Return what changes whenever the program does."""
    stamps = sorted(_stamps(Path(pipeline.__file__).parent))
    return f"{pipeline.__version__}\0{stamps}"


def _stamps(folder: Path) -> Iterator[tuple[str, int, int]]:
    for entry in os.scandir(folder):
        if entry.is_dir() and not entry.name.startswith("__"):
            yield from _stamps(Path(entry.path))
        elif entry.name.endswith((".py", ".mo")):
            found = entry.stat()
            yield entry.name, found.st_size, found.st_mtime_ns
