"""The ids that a renderer gives to headings, and all else in a post that ``#…`` can lead to.

Each dialect's ids are those of its usual renderer:

==============  ===================================================================================
``jekyll``      kramdown with GFM input: letters, marks, digits, ``_`` and ``-`` of the rendered
                text in lower case, each space a hyphen; the second of two equal ones gets ``-1``
``kramdown``    ASCII letters, digits and hyphens from the first letter on, else ``section``
``gfm``         GitHub's: as ``jekyll``; ``commonmark`` has none of its own and is read so too
``hugo``        goldmark's ``github`` ids, of the source of the heading's last line: letters,
                digits, ``_`` and ``-``
``hexo``        of the text with its quotes and dashes set: Latin letters without their marks, each
                run of ASCII punctuation and spaces a hyphen; case is kept
==============  ===================================================================================
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field

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
    entry: int = field(compare=False)
    """Where its text stands in the shape of the document."""
    start: int = field(compare=False)
    end: int = field(compare=False)
    """Where its text stands in the text of the document."""


def headings(document: Document) -> list[Heading]:
    """Return the headings of a post with their ids as its renderer numbers them."""
    ids = Ids(document.profile)
    segments = {segment.start: segment for segment in document.segments}
    found = []
    for entry, start, end in document.headings:
        explicit = _explicit(document, end)
        own = ids.take(explicit) if explicit else ids.next(source_of_id(document, start, end))
        level = int(document.shape[entry - 1][-1])
        segment = segments.get(start)
        found.append(Heading(own, level, bool(explicit), segment, entry, start, end))
    return found


def anchors(document: Document) -> frozenset[str]:
    """Return all that ``#…`` can lead to in a post: ids of headings, of HTML and of attributes."""
    found = {heading.id for heading in headings(document) if heading.id}
    found.update(match[1] for match in _HTML_ID.finditer(document.text))
    found.update(match[1] for match in _ATTRIBUTE_ID.finditer(document.text))
    return frozenset(found)


_HTML_ID = re.compile(r"\b(?:id|name)\s?=\s?[\"']([^\"'\n]{1,200})[\"']", re.I)
_ATTRIBUTE_ID = re.compile(r"\{:?[^{}\n#]{0,200}#([^\s{}#.]{1,200})[^{}\n]{0,200}\}")
_KRAMDOWN_ID = re.compile(r"[ \t]*#*[ \t]+\{#([A-Za-z][A-Za-z0-9_:-]*)\}[ \t]*(?=[\r\n]|\Z)")
_NO_KRAMDOWN_ID = re.compile(r"[ \t]+\{#[^{}\r\n]*\}(?=[ \t]*(?:[\r\n]|\Z))")
_GOLDMARK_ID = re.compile(
    r"[ \t]*#*[ \t]*\{(?:[^{}\r\n]*?[ \t])??(?:#([^\s{}]+)|id=\"([^\"]+)\")[^{}\r\n]*\}"
)
_NEXT_LINE = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)(?:[ \t>]*(?:=+|-+)[ \t]*(?:\r\n|\n|\r))?[ \t>]*")
_ATTRIBUTES_ID = re.compile(r"\{:(?![:/])[^{}\r\n]*?(?:#([^\s{}]+)|\bid=\"([^\"]+)\")[^{}\r\n]*\}")


def _explicit(document: Document, end: int) -> str:
    """Return the id that is written behind, or on the line below, a text that ends at ``end``."""
    text, profile = document.text, document.profile
    match = None
    if profile.kramdown:
        match = _KRAMDOWN_ID.match(text, end)
        below = None if match else _NEXT_LINE.match(text, end)
        match = _ATTRIBUTES_ID.match(text, below.end()) if below else match
    elif profile.shortcodes:
        match = _GOLDMARK_ID.match(text, end)
    return next((group for group in match.groups() if group), "") if match else ""


def source_of_id(document: Document, start: int, end: int, written: str | None = None) -> str:
    """Return that of which a heading's id is made: its text, or what is ``written`` instead.

    What looks like an id but is none for kramdown, ``{#2024-review}``, is text for it.
    """
    text = document.text[start:end] if written is None else written
    behind = _NO_KRAMDOWN_ID.match(document.text, end) if document.profile.kramdown else None
    return text + behind.group() if behind else text


_ESCAPE = re.compile(r"\\([\\.*_+`<>()\[\]{}#!:|\"'$~=&/;,?@%^-])")
_TYPOGRAPHIC = re.compile(r"-{2,3}|\.\.\.|<<|>>")


def _shown(raw: str, profile: Profile) -> str:
    """Return the text of a heading as it is rendered."""
    parts, position, images = [], 0, 0
    for token in find(raw, profile):
        if profile.name == "hexo" and token.kind in ("math", "entity"):
            continue  # text like all other for its renderer
        if not images:
            parts.append(_unescaped(raw[position : token.start], profile))
            # kramdown shows an attribute list that stands behind mere text.
            stray = token.kind == "attributes" and profile.kramdown and position < token.start
            parts.append(token.text if stray else _text_of(token))
        images += (token.text == "![") - (images > 0 and token.kind in ("close", "reference"))
        position = token.end
    return "".join([*parts, _unescaped(raw[position:], profile)])


def _unescaped(text: str, profile: Profile) -> str:
    if profile.name == "hexo":
        parts = _ESCAPED.split(text)
        return "".join(
            part if i % 2 else html.unescape(_typeset(part)) for i, part in enumerate(parts)
        )
    text = _ESCAPE.sub(r"\1", text)
    return _TYPOGRAPHIC.sub("…", text) if profile.kramdown else text


_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_SIGNS = (
    (re.compile("---"), "—"),
    (re.compile("--"), "–"),
    (re.compile(r"(^|[-—/(\[{\"\s])'"), r"\1‘"),
    (re.compile("'"), "’"),
    (re.compile(r'(^|[-—/(\[{‘\s])"'), r"\1“"),
    (re.compile('"'), "”"),
    (re.compile(r"\.{3}"), "…"),
)


def _typeset(text: str) -> str:
    """Return text with the quotes and dashes that Hexo's renderer makes of typewriter ones."""
    for pattern, sign in _SIGNS:
        text = pattern.sub(sign, text)
    return text


def _text_of(token: Placeable) -> str:
    if token.kind == "code" and token.text.startswith("<"):
        return re.sub(r"<[^<>]*>", "", token.text)
    if token.kind == "code":
        return re.sub(r"^`+ ?| ?`+$", "", token.text)
    if token.kind == "math":
        return token.text.strip("$")
    return html.unescape(token.text) if token.kind in _SHOWN else ""


_SHOWN = frozenset(("entity", "url", "emoji", "wiki", "embed"))
"""What shows as it is written, where no plug-in knows it."""


def _slug(raw: str, profile: Profile) -> str:
    """Return the id before it is numbered; some make it of the source, others of what shows."""
    text = raw if profile.name in ("kramdown", "hugo") else _shown(raw, profile)
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
        c
        for c in text.rpartition("\n")[2].strip()
        if c in "-_ " or unicodedata.category(c)[0] == "L" or c.isdecimal()
    )
    return "".join("-" if c == " " else c.lower()[0] for c in kept)


_CONTROL = re.compile("[\x00-\x1f]")
_TAG = re.compile(r"<[^\s>][^>]*>?")
_SEPARATORS = re.compile(r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'<>,.?/]+")
_PLAIN_LETTERS = str.maketrans(
    dict(
        zip(
            "ÆæØøßĐđĦħıŁłŒœŦŧ",
            "AE ae O o s D d H h i L l OE oe T t".split(),
            strict=True,
        )
    )
)
"""The letters of European languages that are not made of a plain one and a mark."""


def _hexo(text: str) -> str:
    plain = "".join(map(_plain_letter, _TAG.sub("", text).strip())).translate(_PLAIN_LETTERS)
    return _SEPARATORS.sub("-", _CONTROL.sub("", plain)).strip("-")


def _plain_letter(character: str) -> str:
    """Return the plain Latin letters of one with a mark, or of full width, or in a circle."""
    if character.isascii():
        return character
    styled = "Ａ" <= character <= "ｚ" or "Ⓐ" <= character <= "ⓩ"
    parts = unicodedata.normalize("NFKD" if styled else "NFD", character)
    letter = "".join(c for c in parts if not unicodedata.combining(c))
    return letter if letter.isascii() and letter.isalpha() else character


_SLUGS: dict[str, Callable[[str], str]] = {
    "kramdown": _kramdown,
    "hugo": _goldmark,
    "hexo": _hexo,
}


class Ids:
    """Numbers equal ids as the dialect's renderer does."""

    def __init__(self, profile: Profile) -> None:
        self._profile = profile
        self._seen: dict[str, int] = {}
        self._taken: set[str] = set()
        self._avoids_taken = profile.name in ("hugo", "gfm", "commonmark")

    def take(self, own: str) -> str:
        """Note an explicit id, and return it; only some renderers keep clear of it."""
        self._taken.add(own)
        return own

    def peek(self, raw: str) -> str:
        """Return the id that the next heading would get if its text were ``raw``."""
        return self._numbered(self._slug(raw))[0]

    def next(self, raw: str) -> str:
        """Return the id of the next heading, whose text is ``raw``."""
        slug = self._slug(raw)
        own, self._seen[slug] = self._numbered(slug)
        return self.take(own)

    def _slug(self, raw: str) -> str:
        return _slug(raw, self._profile) or ("heading" if self._profile.name == "hugo" else "")

    def _numbered(self, slug: str) -> tuple[str, int]:
        """Return the id for a slug, and how often the slug has been met then."""
        count = self._seen.get(slug, 0)
        own = f"{slug}-{count}" if count else slug
        while self._avoids_taken and own in self._taken:
            count += 1
            own = f"{slug}-{count}"
        return own, count + 1
