"""Catalogs of posts that were renamed or moved: which of them belongs to which post now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from pipeline import catalog as catalogs
from pipeline.errors import PipelineError
from pipeline.project import Post, Project, catalog_path, find_posts, inside, template_path
from pipeline.workspace import read_source, target_locales

_SHARE = 0.5
"""How many of an earlier catalog's texts a post must have, to be the post that it was made for."""

Keys = frozenset[tuple[str | None, str]]


def moved_catalogs(project: Project, posts: Sequence[Post]) -> dict[Path, Path]:
    """Return where the catalogs, and templates, of ``posts`` should be and where they are now.

    Only a post without any catalog can have been moved, and only a catalog whose post has gone is
    given to it: the one that shares most texts with it.
    """
    new = [post for post in posts if not any(_present(project, post))]
    orphans = dict(_orphans(project)) if new else {}
    if not orphans:
        return {}
    found: dict[Path, Path] = {}
    for _, post, locale, old in sorted(_candidates(project, new, orphans), key=lambda c: -c[0]):
        path = catalog_path(project, post, locale)
        if path not in found and old not in found.values():
            found[path] = old
            found |= _template(project, post, locale, old)
    return found


def _present(project: Project, post: Post) -> Iterator[bool]:
    return (catalog_path(project, post, locale).exists() for locale in project.locales)


def _orphans(project: Project) -> Iterator[tuple[tuple[str, Path], Keys]]:
    """Yield locale and path of every catalog that no post has, with the texts in use in it."""
    posts = find_posts(project)
    for locale in project.locales:
        owned = {catalog_path(project, post, locale) for post in posts}
        for path in sorted(_folder(project, locale).rglob("*.po")):
            if path not in owned and (keys := _keys(path, locale)):
                yield (locale, path), keys


def _keys(path: Path, locale: str) -> Keys:
    try:
        units = catalogs.load(path, locale).units
    except PipelineError:  # nobody's catalog is nobody's trouble
        return frozenset()
    return frozenset(unit.key for unit in units if not unit.obsolete)


def _candidates(
    project: Project, posts: Sequence[Post], orphans: Mapping[tuple[str, Path], Keys]
) -> Iterator[tuple[float, Post, str, Path]]:
    """Yield pairs of post and orphan, and which share of its texts the post has."""
    for post in posts:
        source = read_source(project, post)
        texts = {segment.key for segment in source.document.segments}
        for locale in target_locales(project, source):
            for (other, path), keys in orphans.items():
                share = len(keys & texts) / len(keys)
                if other == locale and share >= _SHARE:
                    yield share, post, locale, path


def _folder(project: Project, locale: str) -> Path:
    return inside(project.root, f"{project.catalogs}/{locale}/LC_MESSAGES")


def _template(project: Project, post: Post, locale: str, old: Path) -> dict[Path, Path]:
    stem = old.relative_to(_folder(project, locale)).with_suffix("").as_posix()
    path = inside(project.root, f"{project.catalogs}/templates/{stem}.pot")
    return {template_path(project, post): path} if project.templates and path.exists() else {}
