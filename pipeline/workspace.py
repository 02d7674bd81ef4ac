"""A project on disk: its posts as documents, its catalogs, and which belongs to which."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from pipeline import catalog as catalogs
from pipeline.errors import PipelineError
from pipeline.files import read_text
from pipeline.markdown import parse
from pipeline.model import Catalog, Document
from pipeline.project import Post, Project, catalog_path, find_posts, source_locale


@dataclass(frozen=True, slots=True)
class Source:
    """A post that has been read: its document and the locale it is written in."""

    post: Post
    document: Document
    locale: str


def read_sources(project: Project, names: Collection[str] = ()) -> list[Source]:
    """Read the project's posts, or only those with the given ``names`` (``posts/x.md``).

    Raises:
        PipelineError: a post cannot be read, or a name is no post of the project.
    """
    posts = find_posts(project)
    unknown = set(names) - {post.name for post in posts}
    if unknown:
        hint = f'The posts are the files in "{project.posts}".'
        raise PipelineError("This is no post of the project", path=min(unknown), hint=hint)
    return [_read_source(project, post) for post in posts if not names or post.name in names]


def _read_source(project: Project, post: Post) -> Source:
    document = parse(post.name, read_text(post.path), project.profile, project.front_matter)
    return Source(post, document, source_locale(project, post, document.lang, document.text))


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
    return catalogs.new(path, locale, source.locale)


def existing_catalog(project: Project, source: Source, locale: str) -> Catalog:
    """Return a post's catalog; raise ``PipelineError`` where there is none yet."""
    path = catalog_path(project, source.post, locale)
    if not path.exists():
        raise PipelineError(
            "There is no catalog for this post", path=path, hint="Run `diglot extract` first."
        )
    return load_catalog(project, source, locale)
