"""A project's translation memory: which files feed it, and where its index lies.

All catalogs do, also those of posts that have gone, and the TMX files below ``locales/memory``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

from pipeline import catalog as catalogs
from pipeline.files import digest_of
from pipeline.memo import memory_file
from pipeline.memory import Entry, Feed, Index, entries_of
from pipeline.memory.tmx import read_tmx
from pipeline.project import Project, catalog_path, find_posts, inside, match_locale
from pipeline.workspace import read_source


def open_index(project: Project, *, keep: bool = True) -> Index:
    """Open the project's memory, brought up to date; raise ``PipelineError`` if a file is bad.

    Without ``keep`` nothing is written.
    """
    name = memory_file(project.root).relative_to(project.root).as_posix()
    return Index(inside(project.root, name) if keep else None, partial(feeds, project))


def tmx_folder(project: Project) -> Path:
    """Return the folder of the TMX files that the memory reads, which need not exist."""
    return inside(project.root, f"{project.catalogs}/memory")


def feeds(project: Project) -> list[Feed]:
    """Return all files that feed the memory."""
    found = []
    for locale in project.locales:
        folder = inside(project.root, f"{project.catalogs}/{locale}/LC_MESSAGES")
        found += [catalog_feed(project, path, locale) for path in sorted(folder.rglob("*.po"))]
    for path in sorted(tmx_folder(project).glob("*.tmx")):
        found.append(_feed(project, path, partial(tmx_entries, project, path)))
    return found


def catalog_feed(project: Project, path: Path, locale: str) -> Feed:
    """Return the feed of a catalog to ``locale``."""
    return _feed(project, path, lambda: _catalog_entries(project, path, locale))


def tmx_entries(project: Project, path: Path) -> Iterator[Entry]:
    """Yield what a TMX file holds in the project's languages; raise ``PipelineError``."""
    return read_tmx(path, lambda tag: match_locale(tag, project.locales))


def _feed(project: Project, path: Path, read: Callable[[], Iterable[Entry]]) -> Feed:
    name = path.relative_to(project.root).as_posix()
    inside(project.root, name)  # or raise
    return Feed(name, f"{digest_of(path)} {' '.join(project.locales)}", read)


def _catalog_entries(project: Project, path: Path, locale: str) -> Iterator[Entry]:
    catalog = catalogs.load(path, locale)
    source = dict(catalog.header).get("X-Source-Language", "")
    if source not in project.locales:
        source = _source_of_post(project, path, locale)
    if source and source != locale:
        # Every post keeps such texts by itself; as translations they would be in the way of others.
        kept = {unit.msgid for unit in catalog.units if catalogs.is_kept(unit)}
        for entry in entries_of(catalog.units, source, locale):
            if entry.text not in kept:
                yield entry


def _source_of_post(project: Project, path: Path, locale: str) -> str:
    """Return the locale of the post that a catalog belongs to, nothing if that has gone."""
    posts = (p for p in find_posts(project) if catalog_path(project, p, locale) == path)
    return next((read_source(project, post).locale for post in posts), "")
