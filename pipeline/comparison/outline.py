"""Where the structures of two posts part, in the words of a reader."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.alignment import skeleton
from pipeline.model import Document
from pipeline.wording import Message, as_message


def difference(source: Document, target: Document) -> tuple[Message, int] | None:
    """Say what stands first in ``target`` that is not the block of ``source``, and in which line.

    None where both have the same blocks. How list items are numbered does not show.
    """
    before, after = _outline(source), _outline(target)
    if before == after:
        return None
    index = _first_difference(before, after)
    here, there = (
        _named(entries[index]) if index < len(entries) else Message("the end")
        for entries in (before, after)
    )
    message = Message(
        "{there} stands where the source has {here}",
        there=there,
        here=here,
    )
    return message, _line_at(target, index)


def _outline(document: Document) -> list[str]:
    """Return the document's skeleton without the numbers of its list items."""
    entries = skeleton(document)
    return ["list_item_open" if e.startswith("list_item_open") else e for e in entries]


def _first_difference(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


_NAMES = {
    "bullet_list_open": Message("a list"),
    "ordered_list_open": Message("a numbered list"),
    "list_item_open": Message("a list item"),
    "blockquote_open": Message("a quote"),
    "paragraph_open": Message("a paragraph"),
    "table_open": Message("a table"),
    "tr_open": Message("a table row"),
    "td_open": Message("a table cell"),
    "footnote_open": Message("a footnote"),
    "html_open": Message("an HTML block"),
    "fence": Message("a code block"),
    "code_block": Message("a code block"),
    "hr": Message("a rule"),
}


def _named(entry: str) -> Message:
    """Return what a reader calls an entry of a skeleton."""
    kind, _, rest = entry.partition(" ")
    if kind == "heading_open":
        return Message("a heading of level {level}", level=rest[-1:])
    shown = entry.removeprefix("verbatim ").replace("_open", "").replace("_", " ")
    return _NAMES.get(kind) or as_message(shown)


def _line_at(document: Document, index: int) -> int:
    """Return the line of the text nearest to an entry of the document's skeleton."""
    texts = sum(1 for entry in skeleton(document)[: index + 1] if entry == "text")
    body = [segment.line for segment in document.segments if not segment.is_metadata]
    return body[min(texts, len(body)) - 1] if texts and body else 1
