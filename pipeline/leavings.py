"""Which files a build wrote, so that the next one can remove those that are no longer built.

Only a file that still holds what was written is removed: what somebody has changed is theirs. The
record lies under ``.diglot/`` and is bound to its folder; without it nothing is removed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import PipelineError
from pipeline.files import digest, digest_of, write_atomically
from pipeline.memo import FOLDER, place_of, private_folder
from pipeline.wording import Message


class Written(NamedTuple):
    """What is known of a file that a build wrote; of other things than posts only the digest.

    ``made_from`` stands for the post and the catalog that it was made from. A ``draft`` must not
    go live, whether or not that stands in it; ``is_source`` is a post in its own language.
    ``addresses`` are those of ``publish.Built``.
    """

    digest: str
    made_from: str = ""
    draft: bool = False
    is_source: bool = False
    addresses: tuple[str, ...] = ()


@dataclass(slots=True)
class Leavings:
    """The files that one kind of build wrote in ``root``, by their paths from there."""

    root: Path
    path: Path
    files: dict[str, Written]

    @classmethod
    def open(cls, root: Path, kind: str) -> Leavings:
        """Read the record of earlier builds; one that cannot be used is passed over."""
        path = root / FOLDER / f"written-{kind}.json"
        files: dict[str, Written] = {}
        try:
            stored = json.loads(path.read_bytes())
            if stored["place"] == digest(place_of(root).encode("utf-8", "replace")):
                files = {str(name): _written(*row) for name, row in stored["files"].items()}
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
            files = {}
        return cls(root, path, files)

    def add(self, written: Mapping[Path, Written]) -> None:
        """Note files before they are written: nothing is forgotten then."""
        new = {path.relative_to(self.root).as_posix(): has for path, has in written.items()}
        if not new.items() <= self.files.items():
            self.files |= new
            self._save()

    def gone(self, kept: Collection[Path]) -> list[Path]:
        """Return the files that are not among ``kept`` and still hold what was written."""
        names = {path.relative_to(self.root).as_posix() for path in kept}
        return [
            self.root / name
            for name, has in self.files.items()
            if name not in names and self._is_own(name, has.digest)
        ]

    def _is_own(self, name: str, has: str) -> bool:
        path = self.root / name
        inside = path.resolve().is_relative_to(self.root.resolve())
        return inside and not path.is_symlink() and digest_of(path) == has

    def remove(self, gone: Collection[Path], kept: Collection[Path]) -> None:
        """Remove the files that are ``gone`` and the folders that this empties; forget the rest.

        Raises:
            PipelineError: a file cannot be removed.
        """
        for path in gone:
            try:
                path.unlink(missing_ok=True)
                _prune(path.parent, self.root)
            except OSError as error:
                hint = Message("Check the permissions of its folder.")
                raise PipelineError(
                    Message("cannot remove the file"), path=path, hint=hint
                ) from error
        names = {path.relative_to(self.root).as_posix() for path in kept}
        if self.files.keys() - names:
            self.files = {name: has for name, has in self.files.items() if name in names}
            self._save()

    def _save(self) -> None:
        place = digest(place_of(self.root).encode("utf-8", "replace"))
        data = json.dumps({"place": place, "files": self.files}, separators=(",", ":"))
        try:
            private_folder(self.path.parent)
            write_atomically(self.path, data.encode("utf-8"))
        except (PipelineError, UnicodeEncodeError):  # then nothing is removed next time
            return


def _written(
    digest: str, made_from: str, draft: bool, is_source: bool, addresses: Sequence[str]
) -> Written:
    return Written(digest, made_from, draft, is_source, tuple(addresses))


def _prune(folder: Path, root: Path) -> None:
    """Remove folders that hold nothing, up to ``root``."""
    while folder != root and not any(folder.iterdir()):
        folder.rmdir()
        folder = folder.parent
