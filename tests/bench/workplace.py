"""Projects to measure on: made-up posts, or a copy of somebody's, in a folder of their own."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .measure import CommandError, diglot

USAGE_ERROR = 2


@dataclass(frozen=True, slots=True)
class Workplace:
    """A project that can be taken back to its beginnings."""

    root: Path
    label: str

    @property
    def posts(self) -> list[Path]:
        """The files of all posts."""
        return sorted(path for path in (self.root / "posts").rglob("*") if path.is_file())

    @property
    def size(self) -> int:
        """The bytes of all posts."""
        return sum(path.stat().st_size for path in self.posts)

    def forget(self, *folders: str) -> None:
        """Remove folders of the project, as far as they exist."""
        for folder in folders:
            shutil.rmtree(self.root / folder, ignore_errors=True)


def workplace(
    root: Path, posts: Iterable[tuple[str, bytes]], profile: str, label: str = ""
) -> Workplace:
    """Write posts, given by name, and the settings of their project into a new folder."""
    root.mkdir(parents=True)
    (root / "diglot.toml").write_text(f'profile = "{profile}"\n', "utf-8")
    for name, text in posts:
        path = root / "posts" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text)
    made = Workplace(root, label)
    return made if label else Workplace(root, f"{len(made.posts):,} posts")


def markdown_below(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the names and bytes of all Markdown files below a folder.

    Raises:
        CommandError: there are none.
    """
    paths = sorted(path for path in folder.rglob("*") if path.suffix in (".md", ".markdown"))
    files = [path for path in paths if path.is_file()]
    if not files:
        raise CommandError(f"There is no Markdown file below {folder}")
    for path in files:
        yield path.relative_to(folder).as_posix(), path.read_bytes()


def drop_refused(place: Workplace) -> dict[str, str]:
    """Remove the posts that Diglot refuses to read; return their names and what it said.

    Raises:
        CommandError: it refuses something else.
    """
    refused: dict[str, str] = {}
    named = re.compile(rf"{re.escape(str(place.root / 'posts'))}/(.+?\.(?:md|markdown))\b")
    while True:
        tried = diglot(
            "extract", "--dry-run", "-q", "-C", str(place.root), allowed=(0, USAGE_ERROR)
        )
        if tried.code == 0:
            return refused
        found = named.search(tried.errors)
        if not found or found[1] in refused:
            raise CommandError(tried.errors.strip())
        refused[found[1]] = tried.errors.strip()
        (place.root / "posts" / found[1]).unlink()
