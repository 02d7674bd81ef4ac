"""The ids that a renderer gives to headings, and all else in a post that ``#…`` can lead to.

Each dialect's ids are those of its usual renderer:

==============  ===================================================================================
``jekyll``      kramdown with GFM input: letters, marks, digits, ``_`` and ``-`` of the rendered
                text in lower case, each space a hyphen; the second of two equal ones gets ``-1``
``kramdown``    ASCII letters, digits and hyphens from the first letter on, else ``section``
``gfm``         GitHub's: as ``jekyll``; ``commonmark`` has none of its own and is read so too
``hugo``        goldmark's ``github`` ids: as GitHub, but marks go and outer space is dropped
``hexo``        each run of ASCII punctuation and spaces a hyphen; case is kept
==============  ===================================================================================
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.inline import find
from pipeline.model import Document, Placeable, Profile, Segment


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with the id that it gets; ``explicit`` where its author wrote the id."""

    id: str
    """Empty where nothing of the text can be in an id."""
    level: int
    explicit: bool
    segment: Segment | None
    """None for one that holds nothing to translate."""


def headings(document: Document) -> list[Heading]:
    """Return the headings of a post with their ids as its renderer numbers them."""
    numbered = _Counter(document.profile)
    found = []
    for level, text, explicit, segment in _headings(document):
        own = explicit or numbered.next(_slug(text, document.profile))
        if explicit:
            numbered.take(explicit)
        found.append(Heading(own, level, bool(explicit), segment))
    return found


def anchors(document: Document) -> frozenset[str]:
    """Return all that ``#…`` can lead to in a post: ids of headings, of HTML and of attributes."""
    found = {heading.id for heading in headings(document) if heading.id}
    found.update(match[1] for match in _HTML_ID.finditer(document.text))
    found.update(match[1] for match in _ATTRIBUTE_ID.finditer(document.text))
    return frozenset(found)


_HTML_ID = re.compile(r"\b(?:id|name)\s?=\s?[\"']([^\"'\n]{1,200})[\"']", re.I)
_ATTRIBUTE_ID = re.compile(r"\{:?[^{}\n#]{0,200}#([^\s{}#.]{1,200})[^{}\n]{0,200}\}")
_LINE_ID = re.compile(
    r"[ \t]*#{0,9}[ \t]*\{(?:#([^\s{}]+)|:?[^{}\n]*?(?:#([^\s{}]+)|id=\"([^\"]+)\")[^{}\n]*)\}"
)
_NEXT_LINE_ID = re.compile(r"[ \t#]*\n\{:[^{}\n]*?(?:#([^\s{}]+)|id=\"([^\"]+)\")[^{}\n]*\}")


def _headings(document: Document) -> Iterator[tuple[int, str, str, Segment | None]]:
    """Yield level, raw text, explicit id and segment of each heading."""
    body = iter(segment for segment in document.segments if not segment.is_metadata)
    level, place = 0, document.head
    for entry in document.shape:
        offered = next(body) if entry.startswith("text ") else None
        if offered:
            raw, place = document.text[offered.start : offered.end], offered.end
        elif level and entry.startswith("kept "):
            raw = entry[5:]
            place = max(document.text.find(raw, place), place) + len(raw)
        else:
            raw = ""
        if level and (offered or raw):
            yield level, raw, _explicit(document, place), offered
        level = int(entry[-1]) if entry.startswith("heading_open h") else 0


def _explicit(document: Document, end: int) -> str:
    """Return the id that is written behind, or on the line below, a text that ends at ``end``."""
    if not (document.profile.kramdown or document.profile.shortcodes):
        return ""
    match = _LINE_ID.match(document.text, end)
    if not match and document.profile.kramdown:
        match = _NEXT_LINE_ID.match(document.text, end)
    return next((group for group in match.groups() if group), "") if match else ""


_ESCAPE = re.compile(r"\\([\\.*_+`<>()\[\]{}#!:|\"'$~=&/;,?@%^-])")
_TYPOGRAPHIC = re.compile(r"-{2,3}|\.\.\.|<<|>>")


def _shown(raw: str, profile: Profile) -> str:
    """Return the text of a heading as it is rendered."""
    parts, position, images = [], 0, 0
    for token in find(raw, profile):
        if not images:
            parts.append(_unescaped(raw[position : token.start], profile))
            parts.append(_text_of(token))
        images += (token.text == "![") - (images > 0 and token.kind in ("close", "reference"))
        position = token.end
    return "".join([*parts, _unescaped(raw[position:], profile)])


def _unescaped(text: str, profile: Profile) -> str:
    text = _ESCAPE.sub(r"\1", text)
    return _TYPOGRAPHIC.sub("…", text) if profile.kramdown else text


def _text_of(token: Placeable) -> str:
    if token.kind == "code":
        return re.sub(r"^`+ ?| ?`+$|<[^<>]*>", "", token.text)
    if token.kind == "math":
        return token.text.strip("$")
    return html.unescape(token.text) if token.kind in ("entity", "url", "emoji") else ""


def _slug(raw: str, profile: Profile) -> str:
    """Return the id before it is numbered; plain kramdown alone makes it of the source."""
    text = raw if profile.name == "kramdown" else _shown(raw, profile)
    return _SLUGS.get(profile.name, _github)(text)


def _github(text: str) -> str:
    kept = (c for c in text.lower() if c in "- \t" or _is_word(c))
    return "".join("-" if c in " \t" else c for c in kept)


def _is_word(character: str) -> bool:
    category = unicodedata.category(character)
    return category[0] in "LM" or category in ("Nd", "Pc")


def _kramdown(text: str) -> str:
    text = re.sub(r"[^a-zA-Z0-9 \-]", "", re.sub(r"^[^a-zA-Z]+", "", text))
    return text.replace(" ", "-").lower() or "section"


def _goldmark(text: str) -> str:
    kept = (
        c for c in text.strip() if c in "-_ " or unicodedata.category(c)[0] == "L" or c.isdecimal()
    )
    return "".join("-" if c == " " else c.lower() for c in kept)


_HEXO = re.compile(r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'<>,.?/\x00-\x1f]+")


def _hexo(text: str) -> str:
    plain = unicodedata.normalize("NFD", text)
    plain = "".join(c for c in plain if not "\u0300" <= c <= "\u036f")
    return _HEXO.sub("-", unicodedata.normalize("NFC", plain)).strip("-")


_SLUGS: dict[str, Callable[[str], str]] = {
    "kramdown": _kramdown,
    "hugo": _goldmark,
    "hexo": _hexo,
}


class _Counter:
    """Numbers equal ids as the dialect's renderer does."""

    def __init__(self, profile: Profile) -> None:
        self._seen: dict[str, int] = {}
        self._taken: set[str] = set()
        self._avoids_taken = profile.name in ("hugo", "gfm", "commonmark")
        self._empty = "heading" if profile.name == "hugo" else ""

    def take(self, own: str) -> None:
        """Note an explicit id; only some renderers keep clear of it."""
        self._taken.add(own)

    def next(self, slug: str) -> str:
        """Return the id of the next heading whose text gives ``slug``."""
        slug = slug or self._empty
        count = self._seen.get(slug, 0)
        own = f"{slug}-{count}" if count else slug
        while self._avoids_taken and own in self._taken:
            count += 1
            own = f"{slug}-{count}"
        self._seen[slug] = count + 1
        self._taken.add(own)
        return own
