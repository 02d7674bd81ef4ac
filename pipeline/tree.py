"""The built posts of a project as they stand on disk, and where links from one of them lead.

A link is followed as the site's generator will follow it: a path from the folder of the file that
holds it, ``{% post_url %}`` and ``{% link %}`` by the names below ``_posts``, Hugo's ``ref`` within
a language, an address by the front matter. What was built to be copied elsewhere, such as
``{% post_url %}`` outside of ``_posts``, is followed by the posts' names.
"""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote

from pipeline.links import (
    ADDRESS,
    LINK_TAG,
    POST_URL,
    PostNames,
    bare_address,
    post_url_name,
    reference,
)


@dataclass(frozen=True, slots=True)
class Content:
    """What a built post says, as far as links need it; all of it JSON can hold.

    ``anchors`` are those of ``anchors.places``, ``headings`` the lines of headings, ``links``
    (destination, line): only those that may lead to a post of the project, and those to an anchor
    of the post itself that it has not.
    """

    anchors: Mapping[str, int] = field(default_factory=dict)
    headings: Sequence[int] = ()
    links: Sequence[tuple[str, int]] = ()


@dataclass(frozen=True, slots=True)
class Version:
    """A built post: its path from the root, what it is a version of, and how it stands there."""

    name: str
    post: str
    locale: str
    is_source: bool
    catalog: str = ""
    """What it was translated by."""
    addresses: tuple[str, ...] = ()
    """Where it is on the site, and how posts may write that without a language, if known."""
    draft: bool = False
    missing: bool = False
    changed: bool = False
    """It does not hold what was built."""
    outdated: bool = False
    """The post or the catalog that it was made from has changed since."""
    content: Content | None = field(default=None, repr=False)
    """``None`` if it cannot be read."""

    @property
    def current(self) -> Content | None:
        """What is there to be judged: nothing if the next build will make it anew."""
        return None if self.outdated else self.content


@dataclass(frozen=True, slots=True)
class Target:
    """Where a link leads: to ``anchor`` in a version, or nowhere."""

    version: Version | None
    anchor: str = ""


class Tree:
    """All built posts of a project; ``posts`` are the names of its posts.

    ``language`` returns what Hugo calls a locale, ``exists`` whether there is a file at a path.
    """

    def __init__(
        self,
        versions: Sequence[Version],
        posts: PostNames,
        language: Callable[[str], str],
        exists: Callable[[str], bool],
    ) -> None:
        self.versions = versions
        self._posts = posts
        self._language = language
        self._exists = exists
        self._named = {version.name: version for version in versions}
        self._by_post: dict[str, list[Version]] = {}
        self._by_post_url: dict[str, list[Version]] = {}
        self._by_address: dict[str, list[Version]] = {}
        self._shortened: set[str] = set()
        for version in versions:
            self._by_post.setdefault(version.post, []).append(version)
            if known := post_url_name(version.name):
                self._by_post_url.setdefault(known, []).append(version)
            if version.addresses:
                bare = bare_address(version.addresses[0])
                self._by_address.setdefault(bare, []).append(version)
                self._shortened.update(map(bare_address, version.addresses[1:]))

    def source_of(self, post: str) -> Version | None:
        """Return the version of a post in its own language."""
        return next((v for v in self._by_post.get(post, ()) if v.is_source), None)

    def preferred(self, post: str, locale: str) -> Version | None:
        """Return the version that links in ``locale`` are to lead to: the source if need be."""
        published = (v for v in self._by_post.get(post, ()) if v.locale == locale and not v.draft)
        return next(published, None) or self.source_of(post)

    def post_of(self, dest: str, post: str) -> str | None:
        """Return the post that a link in another one means as its author wrote it.

        None is a post that is not there, "" what is not known.
        """
        return self._posts.resolve(dest, post)[0]

    def follow(self, dest: str, here: Version) -> Target | None:
        """Return where a link in a built post leads; None if that is not known."""
        if address := ADDRESS.match(dest):
            return self._at_address(bare_address(address["path"]), address["behind"] or "", here)
        if tag := POST_URL.match(dest):
            found = _nearest(self._by_post_url.get(tag[1].lstrip("/"), ()), here)
            return self._tagged(found, dest, (tag[2] or "")[1:], here)
        if tag := LINK_TAG.match(dest):
            found = self._named.get(posixpath.normpath(tag[1].lstrip("/")))
            return self._tagged(found, dest, (tag[2] or "")[1:], here)
        if ref := reference(dest):
            return self._referred(*ref, here)
        return self._at_path(dest, here)

    def _at_address(self, bare: str, behind: str, here: Version) -> Target | None:
        found = _nearest(self._by_address.get(bare, ()), here)
        if found is None:
            return Target(None) if bare in self._shortened else None
        return Target(found, unquote(behind.partition("#")[2]))

    def _tagged(
        self, found: Version | None, dest: str, anchor: str, here: Version
    ) -> Target | None:
        """Return the target of a tag of Jekyll, which finds nothing but what lies in its folder."""
        post = found.post if found else self._posts.resolve(dest, here.post)[0]
        if not post:
            return None
        if found is None and not post_url_name(here.name):
            found = self.preferred(post, here.locale)
        return Target(found, unquote(anchor))

    def _referred(self, page: str, anchor: str, language: str, here: Version) -> Target | None:
        """Return the target of a ``ref``, which Hugo looks for in one language."""
        if not page:
            return Target(here, unquote(anchor))
        post, _ = self._posts.resolve(f'{{{{< ref "{page}" >}}}}', here.post)
        if not post:
            return None
        wanted = language.lower() or self._language(here.locale)
        versions = self._by_post.get(post, ())
        found = next((v for v in versions if self._language(v.locale) == wanted), None)
        return Target(found, unquote(anchor))

    def _at_path(self, dest: str, here: Version) -> Target | None:
        path, _, anchor = dest.partition("#")
        path = unquote(path.partition("?")[0])
        name = posixpath.normpath(posixpath.join(posixpath.dirname(here.name), path))
        found = self._named.get(name) if path else here
        if found is None and self._exists(name):
            return None
        return Target(found, unquote(anchor))


def _nearest(versions: Sequence[Version], here: Version) -> Version | None:
    """Return of versions that a link cannot tell apart the one in its own language, or any."""
    own = (version for version in versions if version.locale == here.locale)
    return next(own, next(iter(versions), None))
