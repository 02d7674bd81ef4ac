"""The blocks of a post on the page, each kind by a method of its own."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from pipeline.anchors import headings
from pipeline.constructs.blocks import Block
from pipeline.model import Segment
from pipeline.outputs.page.bitext import Pair, Texts, of_kind
from pipeline.outputs.page.cells import Cells, Place
from pipeline.outputs.page.html_blocks import html_block, preformatted
from pipeline.outputs.page.safe import escape, plain
from pipeline.outputs.pictures import lone_image_text

_TASK = re.compile(r"\[([ xX])\][ \t]+$")
_HIGHLIGHT = re.compile(r"\{%-?\s*(?:highlight|codeblock|code)\b[^%]*%\}\n?(.*?)\{%-?\s*end", re.S)
_SILENT_LIQUID = re.compile(r"(?:\{%-?\s*(?:end)?(?:raw|comment)\b.*?%\}\s*)+", re.S)
_MARKER = re.compile(r"[!?:=]+[+!]?\s*\{?([A-Za-z][\w-]*)")
_CODE = frozenset(("fence", "code_block", "code", "too deep", "container"))


class BlockWriter:
    """Writes the blocks of one post; ``omitted`` is a heading that the page has at its top."""

    def __init__(
        self, texts: Texts, cells: Cells, omitted: Block | None, notes: Mapping[str, str]
    ) -> None:
        self.texts = texts
        self.cells = cells
        self.omitted = omitted
        self.notes = notes
        self.ids = iter([heading.id for heading in headings(texts.bitext.document)])

    def body(self, blocks: Sequence[Block]) -> Iterator[str]:
        """Yield the post, and its footnotes below it."""
        yield from self.sequence(blocks, Place())
        notes = list(of_kind(blocks, "footnote"))
        if notes:
            yield '<hr class="one">\n'
        for note in notes:
            place = Place(1, marker=escape(note.name))
            inner = "".join(self.sequence(note.children, place))
            yield f'<section id="{self.notes[note.name]}">\n{inner}</section>\n'

    def sequence(self, blocks: Sequence[Block], place: Place) -> Iterator[str]:
        """Yield blocks that follow each other; a marker belongs to the first of them."""
        for index, block in enumerate(blocks):
            following = blocks[index + 1] if index + 1 < len(blocks) else None
            if following and following.kind == "attributes" and "toc" in following.content:
                continue  # a table of contents takes the place of this list
            written = "".join(self.block(block, place))
            place = place.unmarked() if written else place
            yield written

    def block(self, block: Block, place: Place) -> Iterator[str]:
        write = _WRITERS.get(block.kind)
        if write:
            yield from write(self, block, place)
        elif block.kind in _CODE and not re.fullmatch(r":+\s*", block.content):
            yield preformatted(_code(block), place)

    def inner(self, block: Block, place: Place) -> Iterator[str]:
        yield from self.sequence(block.children, place)

    def paragraph(self, block: Block, place: Place) -> Iterator[str]:
        segment = self.texts.segment(block)
        alt = lone_image_text(segment.msgid) if segment else None
        if segment and alt is not None:
            yield self.figure(segment, alt, place)
            return
        before = self.texts.bitext.document.text[max(block.start - 8, 0) : block.start]
        task = _TASK.search(before)
        if task and place.marker:
            place = Place(place.depth, place.quoted, "☐" if task[1] == " " else "☑")
        names = ("term",) if block.name in ("term", "admonition title") else ()
        yield self.cells.row(self.texts.of_block(block), place, *names)

    def figure(self, segment: Segment, alt: str, place: Place) -> str:
        """Return an image that stands alone: once, with its text in both languages below."""
        target, inline = self.texts.target(segment), self.texts.inline
        other = lone_image_text(target.text) if target else None
        caption = Pair(inline.html(alt), missing=target is None)
        if target and other and other != alt:
            caption = Pair(caption.source, inline.html(other), target.machine)
        image = inline.image(segment.pieces[0], plain(alt))
        below = self.cells.element(caption, "figcaption")
        return f'<figure class="{place.classes("one")}">{image}\n{below}</figure>\n'

    def heading(self, block: Block, place: Place) -> Iterator[str]:
        if not block.children:
            return
        own = next(self.ids, "")
        attributes = f' id="{escape(own)}"' if own else ""
        if block is self.omitted:
            yield f"<a{attributes}></a>\n"
        else:
            pair = self.texts.of_block(block.children[0])
            yield self.cells.element(pair, block.name, attributes)

    def list(self, block: Block, place: Place) -> Iterator[str]:
        tag = "ol" if block.kind == "ordered_list" else "ul"
        items = []
        for item in block.children:
            marker = escape(item.info) if tag == "ol" else "•"
            inner = Place(place.depth + 1, place.quoted, marker)
            items.append(f"<li>\n{''.join(self.sequence(item.children, inner))}</li>\n")
        yield f'<{tag} role="list">\n{"".join(items)}</{tag}>\n'

    def quote(self, block: Block, place: Place) -> Iterator[str]:
        tag = "blockquote" if block.kind == "blockquote" else "aside"
        place = Place(place.depth, quoted=True)
        yield f"<{tag}>\n"
        marker = next((b.content for b in block.children if b.kind == "marker"), "")
        kind = _MARKER.match(marker)
        if kind and not any(child.kind == "text" for child in block.children):
            yield _label(kind[1], place)
        yield from self.sequence(block.children, place)
        yield f"</{tag}>\n"

    def callout(self, block: Block, place: Place) -> Iterator[str]:
        yield _label(block.content.strip("[]!+- \t"), place)

    def definition(self, block: Block, place: Place) -> Iterator[str]:
        yield from self.sequence(block.children, Place(place.depth + 1, place.quoted))

    def table(self, block: Block, place: Place) -> Iterator[str]:
        rules = [_alignments(row.content) for row in block.children if row.kind == "table rule"]
        sides = rules[0] if rules else []
        yield f'<div class="{place.classes("one", "scroll")}" tabindex="0"><table>\n'
        for row in block.children:
            if row.kind == "tr":
                columns = [*sides, *[""] * len(row.children)]
                written = map(self.cell, row.children, columns)
                yield f"<tr>{''.join(written)}</tr>\n"
        yield "</table></div>\n"

    def cell(self, cell: Block, side: str) -> str:
        attributes = f' data-align="{side}"' if side else ""
        if not cell.children:
            return f"<td{attributes}></td>"
        tag = "th" if cell.children[0].name == "table header" else "td"
        return self.cells.element(self.texts.of_block(cell.children[0]), tag, attributes)

    def html(self, block: Block, place: Place) -> Iterator[str]:
        yield from html_block(block, place, self.texts, self.cells)

    def rule(self, block: Block, place: Place) -> Iterator[str]:
        yield '<hr class="one">\n'

    def math(self, block: Block, place: Place) -> Iterator[str]:
        formula = self.texts.inline.formulas.html(block.content, display=True)
        yield f'<div class="{place.classes("one", "math")}" tabindex="0">{formula}</div>\n'

    def liquid(self, block: Block, place: Place) -> Iterator[str]:
        """Yield highlighted code as code, and any other tag as it is written."""
        highlighted = _HIGHLIGHT.match(block.content)
        if highlighted:
            yield preformatted(highlighted[1], place)
        elif not _SILENT_LIQUID.fullmatch(block.content):
            written = self.texts.inline.html(block.content)
            yield f'<p class="{place.classes("one")}">{written}</p>\n'


_WRITERS: Mapping[str, Callable[[BlockWriter, Block, Place], Iterator[str]]] = {
    "text": BlockWriter.paragraph,
    "paragraph": BlockWriter.inner,
    "heading": BlockWriter.heading,
    "bullet_list": BlockWriter.list,
    "ordered_list": BlockWriter.list,
    "blockquote": BlockWriter.quote,
    "callout": BlockWriter.callout,
    "admonition": BlockWriter.quote,
    "dd": BlockWriter.definition,
    "table": BlockWriter.table,
    "html": BlockWriter.html,
    "hr": BlockWriter.rule,
    "math": BlockWriter.math,
    "liquid": BlockWriter.liquid,
}
"""How each kind of block is written; what is neither here nor code is no text."""


def _label(name: str, place: Place) -> str:
    return f'<p class="{place.classes("one", "term")}">{escape(name.capitalize())}</p>\n'


def _code(block: Block) -> str:
    if block.kind in ("fence", "container"):
        return block.content
    return re.sub(r"^(?: {1,4}|\t)", "", block.content, flags=re.M)


def _alignments(rule: str) -> list[str]:
    columns = [column.strip() for column in rule.strip().strip("|").split("|")]
    sides = {(True, True): "center", (False, True): "end"}
    return [sides.get((column.startswith(":"), column.endswith(":")), "") for column in columns]
