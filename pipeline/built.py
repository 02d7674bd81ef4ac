"""What a build can be told, and what it says became of each post.

It is apart from what does the work, so that a run in which nothing has changed need not load that.
"""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.files import Replacement
from pipeline.model import Finding


@dataclass(frozen=True, slots=True)
class Built:
    """What became of one post in one locale.

    ``digest`` is that of the built file, nothing when the post was refused; ``findings`` say why.
    ``new`` is what to write where the file does not hold it already, and always where there are
    ``links``, which may still change. A ``draft`` must not go live
    unread; it is ``marked`` where that stands in its front matter.
    """

    locale: str
    path: str
    digest: str = ""
    draft: bool = False
    marked: bool = False
    findings: tuple[Finding, ...] = ()
    new: Replacement | None = None
    gone: bool = False
    """It is a file of an earlier build that has no post any more."""
    post: str = ""
    """The name of the post."""
    is_source: bool = False
    """The post is written in this locale."""
    addresses: tuple[str, ...] = ()
    """Where it will be on the site, if the project says so; the second one is without language."""
    links: tuple[str, ...] = ()
    """The destinations of the post that may have to change: other posts, and mapped hosts."""
    relinked: tuple[tuple[str, str, str], ...] = ()
    """Those that did: the old one, the new one, the language of what it leads to."""


@dataclass(frozen=True, slots=True)
class BuildOptions:
    """What a build can be told beyond the project's configuration."""

    added_keys: bool = True
    publish_drafts: bool = False
    dry_run: bool = False
    locales: frozenset[str] = frozenset()


DEFAULT_OPTIONS = BuildOptions()
