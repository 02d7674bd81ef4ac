"""The text of a segment as HTML: what the one inline scanner finds in it, written anew.

So a page shows emphasis, links and code exactly where Diglot sees them, and nothing else of the
post gets into it.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.inline import find, is_mailbox, normalize_label
from pipeline.model import Placeable, Profile
from pipeline.outputs.page.formulas import Formulas
from pipeline.outputs.page.safe import INLINE_TAGS, escape, opening_tag, plain, safe_url

Picture = Callable[[str], str | None]
"""Returns the ``data:`` URL of an image of the project, ``None`` for any other."""

_MOST_OPEN = 50
"""Deeper in each other, tags are left out: an end is looked for among those that are open."""
_CLOSES_LINK = frozenset(("close", "reference", "shortcut"))
_EMPHASIS = {"*": "em", "_": "em", "**": "strong", "__": "strong", "~~": "del"}
_BREAKS = re.compile(r" *\n")
_DASHES = {"---": "—", "--": "–", "...": "…"}
_CODE_ELEMENT = re.compile(r"<(code|kbd|pre)\b[^>]*>(.*)</\1>", re.S | re.I)
_TITLE = re.compile(r"\s+(?:\"(.*)\"|'(.*)'|\((.*)\))\s*$", re.S)


@dataclass(frozen=True, slots=True)
class InlineWriter:
    """Writes texts of one post; ``references`` holds the destinations of its link labels."""

    profile: Profile
    references: Mapping[str, str] = field(default_factory=dict)
    formulas: Formulas = field(default_factory=Formulas)
    picture: Picture = lambda source: None
    note_id: Callable[[str], str] = lambda label: ""

    def html(self, text: str) -> str:
        """Return inline Markdown as HTML; a line break of the text is one of the page."""
        return _Writing(self, text).run()

    def image(self, source: str, alt: str, *, linked: bool = False) -> str:
        """Return an image of the project, or a link to one that lies elsewhere.

        ``linked`` says that it stands inside another link.
        """
        data = self.picture(source)
        if data:
            return f'<img src="{escape(data)}" alt="{escape(alt)}">'
        url = safe_url(source)
        name = escape(alt or plain(source).rpartition("/")[2] or source)
        if url is None or linked:
            return f'<span class="picture">{name}</span>'
        return f'<a class="picture" href="{escape(url)}">{name}</a>'


class _Writing:
    """One text on its way: the parts so far, and the elements that are open."""

    def __init__(self, writer: InlineWriter, text: str) -> None:
        self.writer = writer
        self.text = text
        # Images are links to look at here, whatever translators are shown of them.
        profile = replace(writer.profile, image_text=True)
        self.found = find(text, profile, writer.references)
        self.partners = _partners(self.found)
        self.parts: list[str] = []
        self.open: list[tuple[str, str]] = []
        self.cut: list[tuple[str, str]] = []
        """What ended with an element around it; its own end is still to come."""

    def run(self) -> str:
        position, index = 0, 0
        while index < len(self.found):
            placeable = self.found[index]
            self.prose(self.text[position : placeable.start])
            if placeable.text == "![" and placeable.kind == "open":
                index = self.partners.get(index, index)
                self.image(placeable, self.found[index])
            else:
                self.placeable(index, placeable)
            position = self.found[index].end
            index += 1
        self.prose(self.text[position:])
        self.close_down_to(0)
        return "".join(self.parts)

    def prose(self, text: str) -> None:
        text = plain(text)
        if self.writer.profile.kramdown:
            text = re.sub(r"-{2,3}|\.\.\.", lambda match: _DASHES[match[0]], text)
        self.parts.append(_BREAKS.sub("<br>", escape(text)))

    def placeable(self, index: int, placeable: Placeable) -> None:
        kind, text = placeable.kind, placeable.text
        if kind == "emphasis":
            self.toggle(_EMPHASIS.get(text, "em"), text)
        elif kind == "open":
            self.open_link(self.destination(index))
        elif kind in _CLOSES_LINK:
            self.close("a", "[")
        elif kind == "html":
            self.tag(text)
        elif kind not in ("comment", "attributes"):
            self.parts.append(_SIMPLE.get(kind, _as_text)(self.writer, text))

    def image(self, opening: Placeable, closing: Placeable) -> None:
        alt = self.text[opening.end : closing.start]
        self.picture(self.target(closing, alt), plain(alt))

    def picture(self, source: str, alt: str) -> None:
        linked = any(name == "a" for name, _ in self.open)
        self.parts.append(self.writer.image(source, alt, linked=linked))

    def destination(self, index: int) -> str:
        closing = self.found[self.partners[index]]
        return self.target(closing, self.text[self.found[index].end : closing.start])

    def target(self, closing: Placeable, inner: str) -> str:
        if closing.dest:
            return self.text[slice(*closing.dest)]
        label = closing.text[2:-1] if closing.kind == "reference" else inner
        return self.writer.references.get(normalize_label(label), "")

    def open_link(self, destination: str) -> None:
        url = safe_url(destination)
        if url is None or ("a", "[") in self.open:
            self.start("span", "[", f' class="nowhere" title="{escape(destination)}"')
        else:
            self.start("a", "[", f' href="{escape(url)}"')

    def tag(self, text: str) -> None:
        if text.startswith("</"):
            self.close(text[2:-1].strip().lower(), "<")
            return
        name, attributes = opening_tag(text)
        if name in ("br", "wbr"):
            self.parts.append(f"<{name}>")
        elif name == "img":
            self.picture(attributes.get("src", ""), attributes.get("alt", ""))
        elif name == "a" and attributes.get("href") and not any(n == "a" for n, _ in self.open):
            url = safe_url(attributes["href"])
            self.start("a", "<", f' href="{escape(url)}"' if url else "")
        elif name in INLINE_TAGS and not text.endswith("/>") and len(self.open) < _MOST_OPEN:
            self.start(name, "<")

    def start(self, name: str, mark: str, attributes: str = "") -> None:
        self.open.append((name, mark))
        self.parts.append(f"<{name}{attributes}>")

    def toggle(self, name: str, mark: str) -> None:
        if (name, mark) in self.open:
            self.close(name, mark)
        elif (name, mark) in self.cut:
            self.cut.remove((name, mark))
        else:
            self.start(name, mark)

    def close(self, name: str, mark: str) -> None:
        """Close what was opened by ``mark``, and what is open inside; pass over a stray end."""
        names = (name, "span") if mark == "[" else (name,)
        for index in range(len(self.open) - 1, -1, -1):
            if self.open[index][1] == mark and self.open[index][0] in names:
                self.cut += [each for each in self.open[index + 1 :] if each[1] not in "[<"]
                self.close_down_to(index)
                return

    def close_down_to(self, index: int) -> None:
        while len(self.open) > index:
            self.parts.append(f"</{self.open.pop()[0]}>")


def _partners(found: Sequence[Placeable]) -> dict[int, int]:
    """Return for the index of each ``[`` that of what closes it."""
    opened: list[int] = []
    partners = {}
    for index, placeable in enumerate(found):
        if placeable.kind == "open":
            opened.append(index)
        elif placeable.kind in _CLOSES_LINK and opened:
            partners[opened.pop()] = index
    return partners


def _as_text(writer: InlineWriter, text: str) -> str:
    return escape(html.unescape(text))


def _code(writer: InlineWriter, text: str) -> str:
    element = _CODE_ELEMENT.fullmatch(text)
    if element:
        inner = html.unescape(re.sub(r"<[^<>]*>", "", element[2]))
        name = "kbd" if element[1].lower() == "kbd" else "code"
        return f"<{name}>{escape(inner)}</{name}>"
    if text.startswith("<"):
        return ""
    run = len(text) - len(text.lstrip("`"))
    inner = text[run:-run]
    if inner.strip() and inner.startswith(" ") and inner.endswith(" "):
        inner = inner[1:-1]
    return f"<code>{escape(inner)}</code>"


def _math(writer: InlineWriter, text: str) -> str:
    return writer.formulas.html(text)


def _url(writer: InlineWriter, text: str) -> str:
    shown = text[1:-1] if text.startswith("<") else text
    url = f"mailto:{shown}" if is_mailbox(shown) else shown
    url = f"http://{url}" if url.lower().startswith("www.") else url
    safe = safe_url(url)
    if safe is None:
        return escape(shown)
    return f'<a class="url" href="{escape(safe)}">{escape(shown)}</a>'


def _liquid(writer: InlineWriter, text: str) -> str:
    return f'<code class="liquid">{escape(text)}</code>'


def _footnote(writer: InlineWriter, text: str) -> str:
    label = text[2:-1]
    target = writer.note_id(label)
    shown = escape(label)
    return f'<sup><a href="#{escape(target)}">{shown}</a></sup>' if target else escape(text)


def _wiki(writer: InlineWriter, text: str) -> str:
    """Return a bare ``[[Page]]`` as its text; the parts of a longer one are no text."""
    page = re.fullmatch(r"\[\[([^|\]]*)\]\]", text)
    return escape(page[1]) if page else ""


_SIMPLE: Mapping[str, Callable[[InlineWriter, str], str]] = {
    "code": _code,
    "math": _math,
    "url": _url,
    "liquid": _liquid,
    "footnote": _footnote,
    "wiki": _wiki,
}
