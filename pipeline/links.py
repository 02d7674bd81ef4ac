"""Links from post to post: how each generator writes them, and where they stand in a post.

Known are paths to Markdown files, Jekyll's ``{% post_url %}`` and ``{% link %}``, Hugo's ``ref``
and ``relref``, and addresses on the site itself, which start with a slash.
"""

from __future__ import annotations

import posixpath
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote, urlsplit

from pipeline.inline import find, is_mailbox
from pipeline.model import Document
from pipeline.patterns import lazy

POST_URL = lazy(r"\{%-?\s*post_url\s+(\S+?)\s*-?%\}(#\S*)?\Z")
LINK_TAG = lazy(r"(?:\{\{\s*site\.baseurl\s*\}\})?\{%-?\s*link\s+(\S+?)\s*-?%\}(#\S*)?\Z")
REF = lazy(
    r"\{\{[<%]\s*(?:rel)?ref\s+[\"'`]?([^\"'`\s#=]*)(#[^\"'`\s]*)?[\"'`]?\s*[%>]\}\}(#\S*)?\Z"
)
ADDRESS = lazy(
    r"(?P<before>(?:\{\{\s*site\.(?:baseurl|url)\s*\}\})*|\{\{\s*['\"])(?P<path>/(?!/)[^\s#?'\"{}<>]*)"
    r"(?P<behind>['\"]\s*\|\s*(?:relative|absolute)_url\s*\}\}(?:#\S*)?|[#?]\S*)?\Z"
)
_REF_IN_LANGUAGE = lazy(
    r"\{\{[<%]\s*(?:rel)?ref\s+path=\"([^\"#]*)(#[^\"]*)?\"\s+lang=\"([^\"]*)\"\s*[%>]\}\}(#\S*)?\Z"
)
_SCHEME = lazy(r"[A-Za-z][A-Za-z0-9+.\-]*:|//")
_IN_LANGUAGE = lazy(r"\.[a-z]{2,3}(?:-[A-Za-z0-9]{2,8})*(?=\.[^./]+\Z)")
_DATE = lazy(r"\d{4}-\d{1,2}-\d{1,2}-")
_DEFINITION = lazy(r"^[ \t>]*(\[[^\]^\n]+\]:[ \t]*<?)([^\s<>]+)", re.M)


class PostNames:
    """The names of a project's posts (their paths from its root), and what links mean of them."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = frozenset(names)
        self._named: dict[str, list[str]] = {}
        self._stems: dict[str, str] = {}
        for name in sorted(self._names):
            base = posixpath.basename(name)
            self._named.setdefault(base, []).append(name)
            self._stems.setdefault(posixpath.splitext(base)[0], name)

    def resolve(self, dest: str, here: str) -> tuple[str | None, str]:
        """Return the post that a link means, None for one that is missing, and the anchor in it.

        ``here`` is the post with the link. The post is "" where the link means something that the
        project does not know.
        """
        if tag := POST_URL.match(dest):
            name = posixpath.basename(tag[1])
            return (self._stems.get(name) if _DATE.match(name) else ""), (tag[2] or "")[1:]
        if tag := LINK_TAG.match(dest) or REF.match(dest):
            path, anchor = tag[1], next((group for group in tag.groups()[1:] if group), "")[1:]
            if not path:
                return here, anchor
            known = self._file(path.lstrip("/"), here) or self._file(path, here)
            if not known and LINK_TAG.match(dest):
                return self._stems.get(posixpath.splitext(posixpath.basename(path))[0], ""), anchor
            if not known and REF.match(dest):
                known = self._named_in_hugo(path.lstrip("/"), here)
            return (None if known is None and _is_markdown(path) else known or ""), anchor
        if _SCHEME.match(dest) or dest.startswith(("/", "{", "<")) or not dest:
            return "", ""
        path, _, anchor = dest.partition("#")
        path, anchor = unquote(path.partition("?")[0]), unquote(anchor)
        if not path:
            return here, anchor
        return (self._file(path, here), anchor) if _is_markdown(path) else ("", "")

    def _named_in_hugo(self, path: str, here: str) -> str | None:
        """Return the post that Hugo finds by its name alone, or without the language in its name.

        Hugo finds a name in any folder, and asks for more where there are several.
        """
        if alike := self._named.get(path):
            return alike[0] if len(alike) == 1 else ""
        if not self._bare_names:
            return None
        found = self._bare._file(path, here) or self._bare._named_in_hugo(path, here)
        return self._bare_names.get(found, found) if found else found

    @cached_property
    def _bare(self) -> PostNames:
        return PostNames(self._bare_names)

    @cached_property
    def _bare_names(self) -> Mapping[str, str]:
        """The posts with a language in their names, by these without it."""
        bare = {_IN_LANGUAGE.sub("", name): name for name in self._names}
        return {short: name for short, name in bare.items() if short != name}

    def _file(self, path: str, here: str) -> str | None:
        """Return the post at ``path`` from the folder of another post, or from the top."""
        near = posixpath.normpath(posixpath.join(posixpath.dirname(here), path))
        for name in (near, posixpath.normpath(path)):
            if name in self._names:
                return name
        tail = "/" + posixpath.normpath(path)
        alike = self._named.get(posixpath.basename(tail), ()) if "/" in path else ()
        return next((name for name in alike if name.endswith(tail)), None)


def _is_markdown(path: str) -> bool:
    return path.endswith((".md", ".markdown"))


def host_of(dest: str) -> str:
    """Return the host that an address on the web names, in lower case; else nothing."""
    if not dest.startswith(("http://", "https://")):
        return ""
    try:
        return (urlsplit(dest).hostname or "").lower()
    except ValueError:
        return ""


def bare_address(address: str) -> str:
    """Return the address of a page without the parts that servers let one leave out."""
    page = address.removesuffix("/").removesuffix(".html").removesuffix(".htm")
    return page.removesuffix("index") or "/"


def reference(dest: str) -> tuple[str, str, str] | None:
    """Return page, anchor and language of a ``ref`` of Hugo, None for another link."""
    if tag := _REF_IN_LANGUAGE.match(dest):
        return tag[1], (tag[2] or tag[4] or "")[1:], tag[3]
    if tag := REF.match(dest):
        return tag[1], (tag[2] or tag[3] or "")[1:], ""
    return None


def leads_to_a_post(dest: str) -> bool:
    """Tell whether a destination may be that of another post on the same site."""
    if POST_URL.match(dest) or LINK_TAG.match(dest) or REF.match(dest) or ADDRESS.match(dest):
        return True
    path = dest.partition("#")[0].partition("?")[0]
    return _is_markdown(path) and not _SCHEME.match(dest) and not path.startswith(("/", "{"))


def post_url_name(name: str) -> str:
    """Return how ``{% post_url %}`` names the file of a built post; "" outside of ``_posts``."""
    _, folder, below = f"/{name}".partition("/_posts/")
    return posixpath.splitext(below)[0] if folder else ""


def destinations(document: Document) -> Iterator[str]:
    """Yield what the links of a post, and its link definitions, lead to; some more than once."""
    text = document.text
    for segment in document.segments:
        yield from segment.pieces
        yield from (link.dest for link in _html_links(text, segment.start, segment.end))
    for start, end in document.kept:
        yield from (link.dest for link in _links_in_text(document, start, end))
    for start, end in document.html:
        yield from (link.dest for link in _html_links(text, start, end))
    for entry in document.shape:
        if entry.startswith("verbatim definition "):
            match = _DEFINITION.match(entry.removeprefix("verbatim definition "))
            if match:
                yield match[2]


@dataclass(frozen=True, slots=True)
class Link:
    """Where a destination stands in a post, and where attributes of the link can, if it has any.

    ``is_tag`` tells an ``<a href="…">`` from a link of Markdown.
    """

    dest: str
    start: int
    end: int
    behind: int | None = None
    is_tag: bool = False


def links(document: Document) -> list[Link]:
    """Return the links of a post that have a destination of their own, and the definitions."""
    texts = [
        (segment.start, segment.end)
        for segment in document.segments
        if not (segment.is_metadata or segment.syntax == "code")
    ]
    found = [link for span in (*texts, *document.kept) for link in _links_in_text(document, *span)]
    found += (link for span in document.html for link in _html_links(document.text, *span))
    return sorted([*found, *_definitions(document)], key=lambda link: link.start)


def links_with_lines(document: Document) -> Iterator[tuple[str, int]]:
    """Yield the destinations of the links of a post, each with its line."""
    line, position = 1, 0
    for link in links(document):
        line += document.text.count("\n", position, link.start)
        position = link.start
        yield link.dest, line


_MAY_LINK = lazy(r"\]\(|://|www\.|<a\s", re.I)


def _links_in_text(document: Document, begin: int, stop: int) -> Iterator[Link]:
    if not _MAY_LINK.search(document.text, begin, stop):
        return
    raw = document.text[begin:stop]
    opened: list[str] = []
    for token in find(raw, document.profile):
        if token.kind == "open":
            opened.append(token.text)
        elif token.kind == "html":
            yield from _html_links(document.text, begin + token.start, begin + token.end)
        elif token.kind == "url":
            start = begin + token.start + token.text.startswith("<")
            dest = token.text.strip("<>")
            if not is_mailbox(dest):  # me@example.md is no file
                yield Link(dest, start, start + len(dest))
        elif token.kind in ("close", "reference", "shortcut"):
            is_image = opened.pop() == "![" if opened else True
            if token.dest and not is_image:
                written = raw[slice(*token.dest)]
                dest = written.strip("<>") if written.startswith("<") else written
                start = begin + token.dest[0] + written.startswith("<")
                yield Link(dest, start, start + len(dest), begin + token.end)


_ANCHOR = lazy(r"<!--|<(?P<raw>script|style|textarea)(?=[\s>])|<a(?P<attributes>\s[^<>]*)>", re.I)
_HREF = lazy(r"(?<=\s)href\s*=\s*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)')", re.I)


def _html_links(text: str, start: int, end: int) -> Iterator[Link]:
    """Yield the links of the tags in a stretch of HTML, but for comments, scripts and styles."""
    while tag := _ANCHOR.search(text, start, end):
        start = tag.end()
        if tag["attributes"]:
            if href := _HREF.search(text, *tag.span("attributes")):
                span = href.span("double" if href["single"] is None else "single")
                yield Link(text[slice(*span)], *span, span[1] + 1, is_tag=True)
            continue
        start = _closed(text, tag["raw"], start, end)


def _closed(text: str, element: str | None, start: int, end: int) -> int:
    """Return where the element, or the comment if it is none, is closed."""
    closing = re.compile(f"</{element}" if element else "-->", re.I).search(text, start, end)
    return closing.end() if closing else end


def _definitions(document: Document) -> Iterator[Link]:
    """Yield the link definitions; one whose line also stands in code is left out."""
    known = Counter(
        line.strip()
        for entry in document.shape
        if entry.startswith("verbatim definition ")
        for line in entry.removeprefix("verbatim definition ").splitlines()[:1]
    )
    matches: dict[str, list[re.Match[str]]] = {}
    if known:
        for match in _DEFINITION.finditer(document.text, document.head):
            end = document.text.find("\n", match.end())
            line = document.text[match.start(1) : end if end >= 0 else None].strip()
            matches.setdefault(line, []).append(match)
    for line, found in matches.items():
        if len(found) == known[line]:
            yield from (Link(match[2], *match.span(2)) for match in found)


@dataclass(frozen=True, slots=True)
class Change:
    """What a destination becomes; ``language`` where it leads to a text in another one."""

    dest: str
    language: str = ""


_ATTRIBUTES = lazy(r"\{:(?![:/])[^{}\n]*(?=\})")
_HREFLANG = lazy(r"[^<>]*\shreflang\s*=", re.I)


def with_links(document: Document, changes: Mapping[str, Change]) -> str:
    """Return the post with the links whose destination is in ``changes`` changed.

    A link to another language says so where there is a way to: in kramdown
    ``{: hreflang="en"}``, in HTML the attribute.
    """
    text = document.text
    edits: list[tuple[int, int, str]] = []
    for link in links(document):
        change = changes.get(link.dest)
        if change:
            edits.append((link.start, link.end, change.dest))
            edits += _language_marks(document, link, change.language)
    parts, position = [], 0
    for start, end, new in sorted(edits):
        parts += [text[position:start], new]
        position = end
    return "".join([*parts, text[position:]])


def _language_marks(
    document: Document, link: Link, language: str
) -> Iterator[tuple[int, int, str]]:
    """Yield what is to be written, and where, to say in which language a link's target is."""
    if not (language and link.behind):
        return
    attribute = f'hreflang="{language}"'
    if link.is_tag:
        if not _HREFLANG.match(document.text, link.behind):
            yield link.behind, link.behind, f" {attribute}"
    elif document.profile.kramdown:
        there = _ATTRIBUTES.match(document.text, link.behind)
        at = there.end() if there else link.behind
        yield at, at, f" {attribute}" if there else f"{{: {attribute}}}"


def changed_wrongly(before: Document, after: Document, changes: Mapping[str, Change]) -> bool:
    """Tell whether anything but the destinations in ``changes`` differs between two posts."""
    expected = [
        changes[link.dest].dest if link.dest in changes else link.dest for link in links(before)
    ]
    return (
        [link.dest for link in links(after)] != expected
        or len(before.segments) != len(after.segments)
        or _without_links(before.shape) != _without_links(after.shape)
    )


def _without_links(shape: Collection[str]) -> list[str]:
    """Return the shape of a post without what a change of its links changes."""
    return [_without_link(e) for e in shape if not e.startswith("verbatim definition ")]


def _without_link(entry: str) -> str:
    if entry.startswith("verbatim html "):
        return _ANCHOR.sub("<a>", entry)
    return "kept" if entry.startswith("kept ") and _MAY_LINK.search(entry) else entry
