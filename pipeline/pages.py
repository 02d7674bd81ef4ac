"""Pages that show a post together with its translation, as the project's policy publishes it.

There is one page for each language that a post is translated to: of HTML, on which what a machine
wrote is marked, so that it is no draft; or a post in both languages, which may be one.
"""

from __future__ import annotations

import base64
import posixpath
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import unquote

from pipeline.built import BuildOptions, Built
from pipeline.constructs import front_matter
from pipeline.errors import PipelineError
from pipeline.files import Replacement, digest, digest_of
from pipeline.markdown import parse
from pipeline.model import Catalog, Finding, Segment
from pipeline.outputs.bilingual import bilingual_faults, bilingual_post
from pipeline.outputs.notice import changes_by_notice, with_notice
from pipeline.outputs.page import Bitext, Target, parallel_page
from pipeline.policy import Shown, refused, shown
from pipeline.project import Post, Project, inside, page_path
from pipeline.publish import damage, draft_mark, notice_block
from pipeline.workspace import Source, existing_catalog, read_source, target_locales

_IMAGES = {
    ".avif": "avif",
    ".gif": "gif",
    ".jpeg": "jpeg",
    ".jpg": "jpeg",
    ".png": "png",
    ".svg": "svg+xml",
    ".webp": "webp",
}
_LARGEST, _LARGEST_ALL = 1 << 20, 8 << 20
"""Bytes of one image, and of all images, that a page may hold."""
_ROOTS = ("", "static", "source", "assets")
"""Folders of the project that generators serve as the site's root."""
_SITE = re.compile(r"\{\{-?\s*site\.(?:baseurl|url)\s*-?\}\}")
_FILTERED = re.compile(r"\{\{-?\s*[\"']([^\"']+)[\"']\s*\|\s*(?:relative|absolute)_url\s*-?\}\}")


@dataclass(frozen=True, slots=True)
class BuiltPage(Built):
    """What became of one page."""

    reads: tuple[tuple[str, str], ...] = ()
    """Files that went into it beside the post and its catalogs, with their digests."""


@dataclass(frozen=True, slots=True)
class _Translation:
    """A post's catalog in one locale, and what of it policy lets through."""

    project: Project
    source: Source
    locale: str
    catalog: Catalog
    shown: Shown

    @property
    def targets(self) -> dict[Segment, Target]:
        """The texts, each with whether a machine wrote it."""
        return {
            segment: Target(text, self.shown.is_machine(segment))
            for segment, text in self.shown.targets.items()
        }


Write = Callable[[BuildOptions, _Translation], BuiltPage]


def parallel_posts(options: BuildOptions, project: Project, post: Post) -> list[BuiltPage]:
    """Build the page of a post and each of its translations side by side.

    Raises:
        PipelineError: there is no catalog, or it cannot be read.
    """
    return _each_translation(_parallel, "parallel", ".html", options, project, post)


class RefusedError(Exception):
    """A post cannot be shown as it stands; ``findings`` say why."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        super().__init__("the post cannot be built")
        self.findings = findings


def preview_page(project: Project, post: Post, locale: str, script: str) -> str:
    """Return the parallel page of a post as it is now, running a ``script`` of ours.

    Raises:
        PipelineError: there is no catalog, or it cannot be read.
        RefusedError: a translation cannot be built.
    """
    source = read_source(project, post)
    found = _translation(project, source, locale)
    if not isinstance(found, _Translation):
        raise RefusedError(found)
    bitext = Bitext(source.document, source.locale, locale, found.targets)
    return parallel_page(bitext, Images(project, post).data_url, script=script)


def bilingual_posts(options: BuildOptions, project: Project, post: Post) -> list[BuiltPage]:
    """Build a post with each text followed by its translation, for each of its translations.

    Raises:
        PipelineError: there is no catalog, or it cannot be read.
    """
    return _each_translation(_bilingual, "bilingual-md", "", options, project, post)


def _each_translation(
    write: Write, kind: str, ending: str, options: BuildOptions, project: Project, post: Post
) -> list[BuiltPage]:
    source = read_source(project, post)
    results = []
    for locale in target_locales(project, source, options.locales):
        path = str(page_path(project, post, locale, kind, ending))
        found = _translation(project, source, locale)
        if isinstance(found, _Translation):
            built = replace(write(options, found), locale=locale, path=path)
        else:
            built = BuiltPage(locale, path, findings=found)
        results.append(_unless_it_stands(built))
    return results


def _translation(
    project: Project, source: Source, locale: str
) -> _Translation | tuple[Finding, ...]:
    """Return what may be shown of a translation, or why it may not be."""
    catalog = existing_catalog(project, source, locale)
    found = shown(project, source, locale, catalog)
    findings = tuple(refused(source, locale, catalog, found))
    return findings or _Translation(project, source, locale, catalog, found)


def _unless_it_stands(built: BuiltPage) -> BuiltPage:
    """Return the result without what to write where the file holds it already."""
    if not built.new:
        return built
    path, data = Path(built.path), built.new.data
    has = digest(data)
    new = None if digest_of(path) == has else Replacement(path, data)
    return replace(built, digest=has, new=new)


def _parallel(options: BuildOptions, translation: _Translation) -> BuiltPage:
    source, locale = translation.source, translation.locale
    images = Images(translation.project, source.post)
    bitext = Bitext(source.document, source.locale, locale, translation.targets)
    data = parallel_page(bitext, images.data_url).encode("utf-8", "replace")
    new = Replacement(source.post.path, data)
    return BuiltPage(locale, "", new=new, reads=tuple(images.seen.items()))


def _bilingual(options: BuildOptions, translation: _Translation) -> BuiltPage:
    source, document = translation.source, translation.source.document
    project = translation.project
    draft = translation.shown.is_draft(project.threshold) and not options.publish_drafts
    marked = bool(draft and options.added_keys and document.head)
    keep_ids = project.keep_heading_ids
    targets, locale = translation.targets, translation.locale
    text = bilingual_post(document, targets, locale, keep_ids=keep_ids)
    faults = [*bilingual_faults(document, text, keep_ids=keep_ids)]
    if options.added_keys and (block := notice_block(project, source, locale, translation.shown)):
        plain = parse(document.name, text, document.profile, ())
        text = with_notice(document, text, block)
        faults += changes_by_notice(text, plain, block)
    findings = tuple(damage(source, translation.catalog, fault) for fault in faults)
    if marked:
        mark = draft_mark(project)
        text = front_matter.with_fields(document.name, text, mark, document.profile)
    new = None if faults else Replacement(source.post.path, text.encode("utf-8"))
    return BuiltPage(locale, "", draft=draft, marked=marked, findings=findings, new=new)


@dataclass(slots=True)
class Images:
    """The images of the project that a post shows; ``seen`` holds their digests by path."""

    project: Project
    post: Post
    seen: dict[str, str] = field(default_factory=dict)
    left: int = _LARGEST_ALL

    def data_url(self, source: str) -> str | None:
        """Return an image as a ``data:`` URL; ``None`` where it is elsewhere, or too large."""
        name = _SITE.sub("", _FILTERED.sub(r"\1", source.strip()))
        kind = _IMAGES.get(posixpath.splitext(name.lower())[1])
        if kind is None or ":" in name or name.startswith("//") or "{" in name:
            return None
        for path in self._places(unquote(name)):
            data = self._content(path)
            if data is not None:
                return f"data:image/{kind};base64,{base64.b64encode(data).decode()}"
        return None

    def _places(self, name: str) -> Iterator[Path]:
        """Yield where in the project the image may lie; nothing outside of it."""
        folder = posixpath.dirname(self.post.name)
        bases = _ROOTS if name.startswith("/") else (folder, *_ROOTS)
        for base in bases:
            relative = posixpath.normpath(posixpath.join(base, name.lstrip("/")))
            if not relative.startswith(("../", "/")) and "\0" not in relative:
                try:
                    yield inside(self.project.root, relative)
                except PipelineError:
                    continue  # a link that leads out of the project: no image of ours

    def _content(self, path: Path) -> bytes | None:
        """Return a file that fits into the page, and note that the page depends on it."""
        try:
            if path.stat().st_size > min(_LARGEST, self.left):
                return None
            data = path.read_bytes()
        except OSError:
            self.seen[str(path)] = ""
            return None
        self.seen[str(path)] = digest(data)
        self.left -= len(data)
        return data
