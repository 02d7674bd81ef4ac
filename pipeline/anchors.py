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
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from pipeline.inline import find
from pipeline.model import Document, Placeable, Profile, Segment
from pipeline.patterns import lazy


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
        explicit = _explicit(document, start, end)
        own = ids.take(explicit) if explicit else ids.next(source_of_id(document, start, end))
        level = int(document.shape[entry - 1][-1])
        segment = segments.get(start)
        found.append(Heading(own, level, bool(explicit), segment, entry, start, end))
    return found


def anchors(document: Document) -> frozenset[str]:
    """Return all that ``#…`` can lead to in a post: ids of headings, of HTML and of attributes."""
    return frozenset(places(document))


def places(document: Document) -> dict[str, int]:
    """Return the ``anchors`` of a post, with how many headings start before the first of each.

    A browser goes to the first. The post and a translation of it have the same number of headings,
    so an anchor that is at another number there leads to another place.
    """
    own = {heading.entry: heading.id for heading in headings(document)}
    texts = (document.text[s.start : s.end] for s in document.segments if not s.is_metadata)
    notes = _Notes(document.profile)
    found: dict[str, int] = {}
    section = 0
    for index, entry in enumerate(document.shape):
        notes.see(entry)
        if index in own:
            section += 1
            found.setdefault(own[index], section)
        below = own.get(index + 2)  # attributes may stand above their heading
        for anchor in _anchors_in(entry, texts, notes, section):
            found.setdefault(anchor, section + (anchor == below))
        if own and entry.startswith("verbatim toc") and document.profile.kramdown:
            listed = (f"markdown-toc-{anchor}" for anchor in own.values())
            found = dict.fromkeys(("markdown-toc", *listed), section) | found
    for anchor, at in notes.anchors(section):
        found.setdefault(anchor, at)
    found.pop("", None)
    return found


_NO_ANCHORS = (
    "fence",
    "code_block",
    "text code comment",
    "verbatim code",
    "verbatim math",
    "verbatim comment",
    "verbatim definition",
)
"""How entries of a document's shape begin that show what they hold, or nothing."""


def _anchors_in(entry: str, texts: Iterator[str], notes: _Notes, section: int) -> Iterator[str]:
    """Yield the anchors in what an entry of the shape stands for."""
    if entry.startswith("text "):
        text = next(texts, "")
        if not entry.startswith(_NO_ANCHORS):
            yield from _inline_anchors(text, notes, section)
    elif entry.startswith("kept "):
        yield from _inline_anchors(entry.removeprefix("kept "), notes, section)
    elif entry.startswith("verbatim liquid"):
        yield from _given(entry.partition("\n")[0])  # what it fences off is code
    elif not entry.startswith(_NO_ANCHORS):
        yield from _given(entry)


def _inline_anchors(text: str, notes: _Notes, section: int) -> Iterator[str]:
    if not _MAY_GIVE.search(text):
        return
    position = 0
    for token in find(text, notes.profile):
        # Behind mere text kramdown shows an attribute list.
        stray = token.kind == "attributes" and position < token.start
        position = token.end
        if token.kind == "footnote":
            notes.refer(token.text[2:-1], section)
        elif token.kind == "code":
            if token.text.startswith("<"):
                yield from _given(token.text.partition(">")[0] + ">")
        elif token.kind in ("html", "attributes", "liquid") and not stray:
            yield from _given(token.text)


def _given(markup: str) -> Iterator[str]:
    """Yield the ids that tags and attribute lists give, and the names of ``<a>``."""
    markup = _without_comments(markup)
    for pattern in (_HTML_ID, _ANCHOR_NAME):
        for match in pattern.finditer(markup):
            yield html.unescape(next(filter(None, match.groups())))
    if "<" not in markup:
        for match in _ATTRIBUTE_ID.finditer(markup):
            yield match[1]


def _without_comments(markup: str) -> str:
    before, opening, behind = markup.partition("<!--")
    parts = [before]
    while opening:
        _, closing, behind = behind.partition("-->")
        before, opening, behind = behind.partition("<!--") if closing else ("", "", "")
        parts.append(before)
    return "".join(parts)


_MAY_GIVE = lazy(r"\[\^|\b(?:id|name)\s*=|\{:?[^{}\n]{0,200}#", re.I)
_VALUE = r"\s*=\s*(?:\"([^\"<>]{1,200})\"|'([^'<>]{1,200})'|([^\s\"'=<>`{}]{1,200}))"
_HTML_ID = lazy(rf"(?<![\w-])id{_VALUE}", re.I)
_ANCHOR_NAME = lazy(rf"<a(?=\s)[^<>]{{0,500}}?\sname{_VALUE}", re.I)
_ATTRIBUTE_ID = lazy(r"\{:?[^{}\n#]{0,200}#([^\s{}#.]{1,200})[^{}\n]{0,200}\}")


class _Notes:
    """The footnotes of a post, to which renderers lead by ids of their own."""

    def __init__(self, profile: Profile) -> None:
        self.profile = profile
        self._references: dict[str, list[tuple[str, int]]] = {"": []}
        """By the note that they stand in: name and section."""
        self._note = ""

    def see(self, entry: str) -> None:
        """Note where a footnote begins or ends in the shape of the post."""
        if entry.startswith("footnote_open "):
            self._note = entry.removeprefix("footnote_open ")
            self._references.setdefault(self._note, [])
        elif entry.startswith("footnote_close"):
            self._note = ""

    def refer(self, name: str, section: int) -> None:
        """Note a reference."""
        self._references[self._note].append((name, section))

    def anchors(self, last: int) -> Iterator[tuple[str, int]]:
        """Yield the ids of references and notes; the notes stand in the ``last`` section."""
        numbers: dict[str, int] = {}
        counts: Counter[str] = Counter()
        waiting = deque(self._references[""])
        while waiting:
            name, section = waiting.popleft()
            if name not in self._references:
                continue
            if name not in numbers:
                numbers[name] = len(numbers) + 1
                waiting += ((inner, last) for inner, _ in self._references[name])
            note, reference = self._ids(name, numbers[name], counts[name])
            counts[name] += 1
            yield from ((note, last), (reference, section))

    def _ids(self, name: str, number: int, count: int) -> tuple[str, str]:
        """Return the ids of a note and of the reference to it that comes after ``count`` others."""
        if self.profile.shortcodes:
            return f"fn:{number}", f"fnref{count or ''}:{number}"
        if self.profile.name == "gfm":
            behind = f"-{count + 1}" if count else ""
            return f"user-content-fn-{name}", f"user-content-fnref-{name}{behind}"
        return f"fn:{name}", f"fnref:{name}" + (f":{count}" if count else "")


_KRAMDOWN_ID = lazy(
    r"(?:[ \t]+\{#[^{}\r\n]*\})?[ \t]*#*[ \t]+\{#([A-Za-z][A-Za-z0-9_:-]*)\}[ \t]*(?=[\r\n]|\Z)"
)
"""What looks like an id and is none may stand before it."""
_NO_KRAMDOWN_ID = lazy(r"[ \t]+\{#[^{}\r\n]*\}(?=[ \t]*(?:[\r\n]|\Z))")
_GOLDMARK_ID = lazy(
    r"[ \t]*#*[ \t]*\{(?:[^{}\r\n]*?[ \t])??(?:#([^\s{}]+)|id=\"([^\"]+)\")[^{}\r\n]*\}"
)
_NEXT_LINE = lazy(r"[^\r\n]*(?:\r\n|\n|\r)(?:[ \t>]*(?:=+|-+)[ \t]*(?:\r\n|\n|\r))?[ \t>]*")
_ATTRIBUTES_ID = lazy(r"\{:(?![:/])[^{}\r\n]*?(?:#([^\s{}]+)|\bid=\"([^\"]+)\")[^{}\r\n]*\}")


def _explicit(document: Document, start: int, end: int) -> str:
    """Return the id that is written behind a heading's text, or on a line of its own beside it."""
    text, profile = document.text, document.profile
    match = None
    if profile.kramdown:
        own = _KRAMDOWN_ID.match(text, end)
        below = None if own else _NEXT_LINE.match(text, end)
        match = _ATTRIBUTES_ID.match(text, below.end()) if below else None
        match = match or _above(document, start) or own
    elif profile.shortcodes:
        match = _GOLDMARK_ID.match(text, end)
    return next((group for group in match.groups() if group), "") if match else ""


def _above(document: Document, start: int) -> re.Match[str] | None:
    """Return the attributes in the line above a heading, if that line is not below a block."""
    text = document.text
    line = text.rfind("\n", 0, start) + 1
    above = text.rfind("\n", 0, max(line - 1, 0)) + 1
    if above < document.head or above == line:
        return None
    before = text[text.rfind("\n", 0, max(above - 1, 0)) + 1 : above]
    if above > document.head and before.strip(" \t\r\n>"):
        return None
    return _ATTRIBUTES_ID.match(text, _end_of_marks(text, above), line)


def _end_of_marks(text: str, position: int) -> int:
    while text[position] in " \t>":
        position += 1
    return position


def source_of_id(document: Document, start: int, end: int, written: str | None = None) -> str:
    """Return that of which a heading's id is made: its text, or what is ``written`` instead.

    What looks like an id but is none for kramdown, ``{#2024-review}``, is text for it.
    """
    text = document.text[start:end] if written is None else written
    behind = _NO_KRAMDOWN_ID.match(document.text, end) if document.profile.kramdown else None
    return text + behind.group() if behind else text


_ESCAPE = lazy(r"\\([\\.*_+`<>()\[\]{}#!:|\"'$~=&/;,?@%^-])")
_TYPOGRAPHIC = lazy(r"-{2,3}|\.\.\.|<<|>>")


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


_ESCAPED = lazy(r"\\([!-/:-@\[-`{-~])")
_SIGNS = (
    (lazy("---"), "—"),
    (lazy("--"), "–"),
    (lazy(r"(^|[-—/(\[{\"\s])'"), r"\1‘"),
    (lazy("'"), "’"),
    (lazy(r'(^|[-—/(\[{‘\s])"'), r"\1“"),
    (lazy('"'), "”"),
    (lazy(r"\.{3}"), "…"),
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


_CONTROL = lazy("[\x00-\x1f]")
_TAG = lazy(r"<[^\s>][^>]*>?")
_SEPARATORS = lazy(r"[\s~`!@#$%^&*()\-_+=\[\]{}|\\;:\"'<>,.?/]+")
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
