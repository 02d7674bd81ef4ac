"""What a page shows of an HTML block: its texts, tables, code, images and what it embeds.

None of its tags is copied. Tables are written anew, everything else is a row of texts.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.constructs.blocks import Block
from pipeline.outputs.page.bitext import Texts
from pipeline.outputs.page.cells import Cells, Place
from pipeline.outputs.page.safe import escape, opening_tag, safe_url

_MEDIA = ("img", "iframe", "video", "audio", "source", "embed")
_NO_TEXT = re.compile(
    r"<(script|style)\b.*?(?:</\1\s*>|\Z)|<!--.*?(?:-->|\Z)"
    r"|<(pre|td)\b[^<>]*\bclass=[\"'][^\"'<>]*(?:lineno|gutter)[^<>]*>.*?(?:</\2\s*>|\Z)",
    re.S | re.I,
)
"""Scripts, styles, comments, and the line numbers beside code."""
_PART = re.compile(
    r"<(?P<pre>pre|textarea)\b[^<>]*>(?P<text>.*?)(?:</(?P=pre)\s*>|\Z)"
    r"|<(?P<slash>/?)(?P<name>[A-Za-z][\w-]*)[^<>]*>",
    re.S | re.I,
)
_HEADING = re.compile(r"h[1-6]")


def preformatted(text: str, place: Place) -> str:
    """Return code, which stands there once."""
    attributes = f'class="{place.classes("one")}" tabindex="0" translate="no"'
    return f"<pre {attributes}><code>{escape(text.strip(chr(10)))}</code></pre>\n"


@dataclass(slots=True)
class HtmlBlock:
    """Writes one HTML block; ``tag`` is the last one that opened, ``cell`` that of a table."""

    texts: Texts
    cells: Cells
    place: Place
    tag: str = ""
    tables: int = 0
    cell: str = ""
    row: bool = False
    parts: list[str] = field(default_factory=list)

    def write(self, block: Block) -> str:
        """Return the block; what it leaves open is closed."""
        for child in block.children:
            raw = self.texts.raw(child) if child.kind == "text" else child.content
            if child.kind == "text" and (self.texts.segment(child) or "<pre" not in raw):
                self._text(child)
            else:
                self._tags(raw)
        while self.tables:
            self._close_table()
        return "".join(self.parts)

    def _text(self, block: Block) -> None:
        pair, place = self.texts.of_block(block), self.place
        if self.cell:
            self.parts.append(self.cells.spans(pair))
        elif _HEADING.fullmatch(self.tag):
            self.parts.append(self.cells.element(pair, self.tag))
        elif self.tag == "li":
            self.parts.append(self.cells.row(pair, Place(place.depth + 1, place.quoted, "•")))
        else:
            self.parts.append(self.cells.row(pair, place))

    def _tags(self, content: str) -> None:
        for part in _PART.finditer(_NO_TEXT.sub("", content)):
            if part["pre"]:
                code = html.unescape(re.sub(r"<[^<>]*>", "", part["text"]))
                self.parts.append(preformatted(code, self.place))
            elif part["slash"]:
                self._end(part["name"].lower())
            else:
                self.tag = part["name"].lower()
                self._start(part[0])

    def _start(self, written: str) -> None:
        name, attributes = opening_tag(written)
        if name == "table":
            self.tables += 1
            if self.tables == 1:
                kind = self.place.classes("one", "scroll")
                self.parts.append(f'<div class="{kind}" tabindex="0"><table>\n')
        elif name == "tr" and self.tables == 1:
            self._close_row()
            self.row = True
            self.parts.append("<tr>")
        elif name in ("td", "th") and self.row:
            self._close_cell()
            self.cell = name
            self.parts.append(f"<{name}>")
        elif name in _MEDIA and attributes.get("src"):
            self.parts.append(self._medium(name, attributes))

    def _end(self, name: str) -> None:
        if name == "table" and self.tables:
            self._close_table()
        elif name == "tr" and self.tables == 1:
            self._close_row()
        elif name == self.cell:
            self._close_cell()
        self.tag = ""

    def _close_cell(self) -> None:
        if self.cell:
            self.parts.append(f"</{self.cell}>")
            self.cell = ""

    def _close_row(self) -> None:
        self._close_cell()
        if self.row:
            self.parts.append("</tr>\n")
            self.row = False

    def _close_table(self) -> None:
        self.tables -= 1
        if not self.tables:
            self._close_row()
            self.parts.append("</table></div>\n")

    def _medium(self, name: str, attributes: dict[str, str]) -> str:
        source = attributes["src"]
        if name == "img":
            shown = self.texts.inline.image(source, attributes.get("alt", ""))
        else:
            url = safe_url(source)
            shown = escape(source)
            shown = f'<a class="media" href="{escape(url)}">{shown}</a>' if url else shown
        return f'<figure class="{self.place.classes("one")}">{shown}</figure>\n'


def html_block(block: Block, place: Place, texts: Texts, cells: Cells) -> Iterator[str]:
    """Yield what a page shows of an HTML block."""
    yield HtmlBlock(texts, cells, place).write(block)
