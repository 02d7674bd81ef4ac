"""Watching: wait until files of a project have been saved.

With the package ``watchfiles`` (extra ``watch``) the system tells what changes; without it, or
where the system does not know (network drives), files are looked at twice a second.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from threading import Event

from pipeline.errors import PipelineError
from pipeline.project import catalog_folder, glossary_path, load_project, posts_folder

_INTERVAL = 0.5
"""Seconds between two looks."""
_QUIET = 300
"""Milliseconds of rest after which a burst of changes is over."""
_SETTINGS = ("diglot.toml", "pyproject.toml")

Stamps = Mapping[str, tuple[int, int]]


def bursts(root: Path, stop: Event, *, poll: bool = False) -> Iterator[frozenset[str]]:
    """Return the paths that change from now on, whenever they have come to rest, until ``stop``.

    Looked at is what the built posts of the project in ``root`` are made from, be it there yet or
    not, and what its settings name once they are changed.
    """
    look = _looked_for if poll or find_spec("watchfiles") is None else _told
    paths = _watched(root, ())
    return look(root, paths, stop, _stamps(paths))


def _watched(root: Path, known: Sequence[Path]) -> Sequence[Path]:
    """Return the files and folders to look at, the ``known`` ones while settings are wrong."""
    settings = [root / name for name in _SETTINGS]
    try:
        project = load_project(root)
        glossary = glossary_path(project)
        folders = [posts_folder(project), catalog_folder(project), glossary.with_suffix("")]
    except PipelineError:
        return known or settings
    return [*folders, glossary, *settings]


def _told(
    root: Path, paths: Sequence[Path], stop: Event, before: Stamps
) -> Iterator[frozenset[str]]:
    """Let the system tell of the folders; look for files, which it loses when they are replaced."""
    from watchfiles import watch

    while not stop.is_set():
        folders = [path for path in paths if path.is_dir()]
        looked = paths  # the system tells nothing of what was earlier
        for changes in watch(
            *folders,
            stop_event=stop,
            debounce=10 * _QUIET,
            step=_QUIET,
            rust_timeout=_QUIET,
            yield_on_timeout=True,
        ):
            now = _stamps(looked)
            names = {name for _, name in changes if not _is_hidden(name, paths)}
            names |= _differing(before, now)
            before = now
            if names:
                paths = _watched(root, paths)
                before = _stamps(paths)
                yield frozenset(names)
                if folders != [path for path in paths if path.is_dir()]:
                    break
            looked = [path for path in paths if path not in folders]
            before = {name: before[name] for name in map(str, looked) if name in before}


def _looked_for(
    root: Path, paths: Sequence[Path], stop: Event, before: Stamps
) -> Iterator[frozenset[str]]:
    seen = before
    while not stop.wait(_INTERVAL):
        now = _stamps(paths)
        if now == seen != before:
            yield _differing(before, now)
            before = now
            paths = _watched(root, paths)
        seen = now


def _differing(before: Stamps, now: Stamps) -> frozenset[str]:
    return frozenset(name for name, _ in before.items() ^ now.items())


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
