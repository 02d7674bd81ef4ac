"""Links between built posts: each leads to the version in its own language, if that is published.

That is known only when all posts are built, so links are changed last, and only in posts that have
links to others. A post that was built earlier is built again where what it links to has changed.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from urllib.parse import unquote

from pipeline.built import Built
from pipeline.files import Replacement, digest
from pipeline.links import (
    ADDRESS,
    LINK_TAG,
    POST_URL,
    REF,
    Change,
    PostNames,
    bare_address,
    changed_wrongly,
    host_of,
    post_url_name,
    with_links,
)
from pipeline.markdown import parse
from pipeline.model import Finding, Severity
from pipeline.project import Project, bcp47
from pipeline.wording import Message


class Site:
    """All versions of all posts, to look up where a link from one version is to lead."""

    def __init__(self, project: Project, versions: Iterable[Built]) -> None:
        self._project = project
        self._versions: dict[str, dict[str, Built]] = {}
        self._addresses: dict[str, str] = {}
        for built in versions:
            self._versions.setdefault(built.post, {})[built.locale] = built
            for address in built.addresses:
                self._addresses.setdefault(bare_address(address), built.post)
        self._names = PostNames(self._versions)

    def changes(self, here: Built) -> dict[str, Change]:
        """Return what becomes of the links of a version; those that stay are left out."""
        found = {dest: self._change(dest, here) for dest in here.links}
        return {dest: change for dest, change in found.items() if change and change.dest != dest}

    def _change(self, dest: str, here: Built) -> Change | None:
        if host := host_of(dest):
            return None if here.is_source else self._on_host(dest, host, here.locale)
        address = ADDRESS.match(dest)
        if address:
            post = self._addresses.get(bare_address(address["path"]))
        else:
            post, _ = self._names.resolve(dest, here.post)
        there = here if post == here.post else self._version(post or "", here.locale)
        if there is None:
            return None
        language = "" if there.locale == here.locale else bcp47(there.locale)
        new = self._written(dest, address, here, there)
        return Change(new, language) if new else None

    def _version(self, post: str, locale: str) -> Built | None:
        """Return the version in ``locale`` if it is published, else the source."""
        versions = self._versions.get(post, {})
        wanted = versions.get(locale)
        if wanted and wanted.digest and not wanted.draft:
            return wanted
        return next((built for built in versions.values() if built.is_source), None)

    def _written(
        self, dest: str, address: re.Match[str] | None, here: Built, there: Built
    ) -> str | None:
        name = self._name(there)
        if address:
            if "{lang}" not in self._project.permalink:
                return None
            return f"{address['before']}{there.addresses[0]}{address['behind'] or ''}"
        if tag := POST_URL.match(dest):
            known = post_url_name(name)
            return _put(dest, tag, known) if known else None
        if tag := LINK_TAG.match(dest):
            return _put(dest, tag, name) if f"/{name}".count("/_posts/") else None
        if tag := REF.match(dest):
            return None if there.locale == here.locale else _ref(dest, tag, there)
        path, mark, rest = dest.partition("#")
        path = posixpath.relpath(name, posixpath.dirname(self._name(here)) or ".")
        old = posixpath.normpath(unquote(dest.partition("#")[0]))
        return dest if path == old else path.replace(" ", "%20") + mark + rest

    def _name(self, built: Built) -> str:
        return Path(built.path).relative_to(self._project.root).as_posix()

    def _on_host(self, dest: str, host: str, locale: str) -> Change | None:
        for hosts in self._project.hosts:
            if host in hosts.values() and locale in hosts and hosts[locale] != host:
                return Change(re.sub(re.escape(host), hosts[locale], dest, count=1, flags=re.I))
        return None


def _put(dest: str, tag: re.Match[str], name: str) -> str:
    return dest[: tag.start(1)] + name + dest[tag.end(1) :]


def _ref(dest: str, tag: re.Match[str], there: Built) -> str:
    """Return a ``ref`` of Hugo that names the language."""
    opening, closing = dest[: dest.index("ref") + 3], dest[-3:] if not tag[3] else ""
    page = f'path="{tag[1]}{tag[2] or ""}" lang="{bcp47(there.locale).lower()}"'
    behind = dest[tag.start(3) :] if tag[3] else ""
    mark = closing or dest[: tag.start(3)][-3:]
    return f"{opening} {page} {mark}{behind}"


def relink(project: Project, built: Built, changes: Mapping[str, Change]) -> Built:
    """Return a version with its links changed; what was built of it must still be in memory."""
    if built.new is None or not changes:
        return built
    text = built.new.data.decode("utf-8")
    document = parse(built.post, text, project.profile, project.front_matter)
    new = with_links(document, changes)
    after = parse(built.post, new, project.profile, project.front_matter)
    if changed_wrongly(document, after, changes):
        finding = Finding(
            "build",
            Severity.ERROR,
            Message("the links to other posts cannot be changed here without changing more"),
            path=built.post,
            line=1,
            hint=Message("Look for a link in code, or one with unusual marks."),
        )
        return replace(built, digest="", new=None, findings=(finding,))
    data = new.encode("utf-8")
    return replace(
        built,
        digest=digest(data),
        new=Replacement(Path(built.path), data),
        relinked=packed_changes(changes),
    )


def packed_changes(changes: Mapping[str, Change]) -> tuple[tuple[str, str, str], ...]:
    """Return changes in a form that can be stored and compared."""
    return tuple((dest, change.dest, change.language) for dest, change in sorted(changes.items()))


def is_settled(site: Site, versions: Sequence[Built]) -> bool:
    """Tell whether the links of all versions of a post are what they are to be."""
    return all(
        built.findings or packed_changes(site.changes(built)) == built.relinked
        for built in versions
    )
