"""Watching: wait until files of a project have been saved.

With the package ``watchfiles`` (extra ``watch``) the system tells what changes; without it, or
where the system does not know (network drives), files are looked at twice a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Event

from pipeline.project import Project, catalog_folder, glossary_path, posts_folder

_INTERVAL = 0.5
"""Seconds between two looks."""
_QUIET = 300
"""Milliseconds of rest after which a burst of changes is over."""
_SETTINGS = ("diglot.toml", "pyproject.toml")

Stamps = Mapping[str, tuple[int, int]]


def watched(project: Project) -> list[Path]:
    """Return the files and folders of a project that its built posts are made from."""
    folders = [posts_folder(project), catalog_folder(project), glossary_path(project)]
    return [
        path for path in (*folders, *(project.root / name for name in _SETTINGS)) if path.exists()
    ]


def bursts(paths: Sequence[Path], stop: Event, *, poll: bool = False) -> Iterator[frozenset[str]]:
    """Return the paths that change from now on, whenever they have come to rest, until ``stop``."""
    look = _looked_for if poll or find_spec("watchfiles") is None else _told
    return look(paths, stop, _stamps(paths))


def _told(paths: Sequence[Path], stop: Event, before: Stamps) -> Iterator[frozenset[str]]:
    from watchfiles import watch

    begun = False
    for changes in watch(
        *paths,
        stop_event=stop,
        debounce=10 * _QUIET,
        step=_QUIET,
        rust_timeout=_QUIET,
        yield_on_timeout=True,
    ):
        names = {name for _, name in changes if not _is_hidden(name, paths)}
        if not begun:  # the system tells nothing of what was earlier
            names |= {name for name, _ in before.items() ^ _stamps(paths).items()}
            begun = True
        if names:
            yield frozenset(names)


def _looked_for(paths: Sequence[Path], stop: Event, before: Stamps) -> Iterator[frozenset[str]]:
    seen = before
    while not stop.wait(_INTERVAL):
        now = _stamps(paths)
        if now == seen != before:
            yield frozenset(name for name, _ in before.items() ^ now.items())
            before = now
        seen = now


def _stamps(paths: Sequence[Path]) -> Stamps:
    """Return time and size of every file that is not hidden."""
    return dict(stamp for path in paths for stamp in _stamps_below(path))


def _stamps_below(path: Path) -> Iterator[tuple[str, tuple[int, int]]]:
    try:
        if path.is_dir():
            for entry in path.iterdir():
                if not entry.name.startswith("."):
                    yield from _stamps_below(entry)
        else:
            found = path.stat()
            yield str(path), (found.st_mtime_ns, found.st_size)
    except OSError:
        return  # it has gone between two looks


def _is_hidden(name: str, paths: Sequence[Path]) -> bool:
    """Tell whether a file, or a folder on the way to it, is hidden: editors' and our own work."""
    for path in paths:
        if Path(name).is_relative_to(path.absolute()):
            return any(p.startswith(".") for p in Path(name).relative_to(path.absolute()).parts)
    return False
