"""A project on disk: its posts as documents, its catalogs, and which belongs to which."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from pipeline import catalog as catalogs
from pipeline.errors import PipelineError, did_you_mean
from pipeline.files import read_text
from pipeline.markdown import parse
from pipeline.model import Catalog, Document
from pipeline.project import Post, Project, catalog_path, find_posts, source_locale
from pipeline.segments import Readings
from pipeline.wording import Message


@dataclass(frozen=True, slots=True)
class Source:
    """A post that has been read: its document and the locale it is written in."""

    post: Post
    document: Document
    locale: str
    readings: Readings = field(default_factory=Readings, compare=False, repr=False)


def select_posts(project: Project, names: Collection[str] = ()) -> list[Post]:
    """Return the project's posts, or only those with the given ``names``.

    A name is that of a post (``posts/x.md``) or of a folder with posts (``posts/2026``).

    Raises:
        PipelineError: a name is neither.
    """
    posts = find_posts(project)
    if not names:
        return posts
    found = {post: _covering(post, names) for post in posts}
    unknown = set(names).difference(*found.values())
    if unknown:
        name = min(unknown)
        near = did_you_mean(name, [post.name for post in posts])
        hint = near or Message('The posts are the files in "{posts}".', posts=project.posts)
        raise PipelineError(Message("This is no post of the project"), path=name, hint=hint)
    return [post for post in posts if found[post]]


def _covering(post: Post, names: Collection[str]) -> frozenset[str]:
    """Return those of ``names`` that mean the post."""
    parents = map(str, PurePosixPath(post.name).parents)
    return frozenset((post.name, *parents)).intersection(names)


def read_sources(project: Project, names: Collection[str] = ()) -> list[Source]:
    """Read the posts that ``select_posts`` returns; raise ``PipelineError`` if one cannot be."""
    return [read_source(project, post) for post in select_posts(project, names)]


def read_source(project: Project, post: Post) -> Source:
    """Read a post; raise ``PipelineError`` if it cannot be."""
    text, readings = read_text(post.path), Readings()
    try:
        document = parse(post.name, text, project.profile, project.front_matter, readings)
    except PipelineError as error:
        error.path = post.path
        raise
    locale = source_locale(project, post, document.lang, document.text)
    return Source(post, document, locale, readings)


def target_locales(project: Project, source: Source, only: Collection[str] = ()) -> Iterator[str]:
    """Yield the locales that a post is translated to, or those of them in ``only``."""
    for locale in project.locales:
        if locale != source.locale and (not only or locale in only):
            yield locale


def load_catalog(project: Project, source: Source, locale: str) -> Catalog:
    """Return a post's catalog as it is on disk, or a new one."""
    path = catalog_path(project, source.post, locale)
    if path.exists():
        return catalogs.load(path, locale)
    return replace(catalogs.new(path, locale, source.locale), digest="")


def existing_catalog(project: Project, source: Source, locale: str) -> Catalog:
    """Return a post's catalog; raise ``PipelineError`` where there is none yet."""
    path = catalog_path(project, source.post, locale)
    if not path.exists():
        raise PipelineError(
            Message("There is no catalog for this post"),
            path=path,
            hint=Message("Run `diglot extract` first."),
        )
    return load_catalog(project, source, locale)
