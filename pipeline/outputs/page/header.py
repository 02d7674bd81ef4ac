"""The head of a page: what the front matter says of the post."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath

from pipeline.constructs import front_matter
from pipeline.constructs.blocks import Block
from pipeline.model import Document, Segment
from pipeline.outputs.page.bitext import Pair, Texts, filled
from pipeline.outputs.page.cells import Cells, Place
from pipeline.outputs.page.safe import escape
from pipeline.outputs.page.words import words
from pipeline.project import long_date

_LEADS = ("subtitle", "description", "excerpt", "summary")


def titles(texts: Texts) -> list[str]:
    """Return the post's title in both languages, or its file's name."""
    segment = _metadata(texts.bitext.document).get("title")
    if segment is None:
        return [_untranslated_title(texts.bitext.document)]
    target = texts.target(segment)
    found = [segment.msgid, target.text if target else ""]
    return list(dict.fromkeys(filled(segment, text) for text in found if text))


def repeated_title(texts: Texts, blocks: tuple[Block, ...]) -> Block | None:
    """Return the heading that a post starts with if it only says the title again."""
    first = next((block for block in blocks if block.kind != "attributes"), None)
    title = _metadata(texts.bitext.document).get("title")
    if first is None or title is None or first.kind != "heading" or not first.children:
        return None
    segment = texts.segment(first.children[0])
    return first if segment and segment.msgid == title.msgid else None


def header(texts: Texts, cells: Cells) -> Iterator[str]:
    """Yield title, subtitle, date, and what the marks of machine translation mean."""
    bitext = texts.bitext
    values = _metadata(bitext.document)
    yield '<header class="head">\n'
    if "title" in values:
        yield cells.element(texts.of_segment(values["title"]), "h1")
    else:
        yield cells.element(Pair(escape(_untranslated_title(bitext.document))), "h1")
    for key in _LEADS:
        if key in values:
            yield cells.row(texts.of_segment(values[key]), Place(), "lead")
    yield _date(texts, cells)
    if any(target.machine for target in bitext.targets.values()):
        notice = Pair(words(bitext.source)["notice"], words(bitext.target)["notice"])
        yield cells.row(notice, Place(), "notice")
    yield "</header>\n"


def _date(texts: Texts, cells: Cells) -> str:
    written = _fields(texts.bitext.document).get("date", "")
    here, there = (
        long_date(written, locale) for locale in (texts.bitext.source, texts.bitext.target)
    )
    if not here:
        return ""
    return cells.row(Pair(f"<time>{here}</time>", f"<time>{there}</time>"), Place(), "date")


def _metadata(document: Document) -> dict[str, Segment]:
    found: dict[str, Segment] = {}
    for segment in document.segments:
        if segment.is_metadata:
            found.setdefault(segment.kind, segment)
    return found


def _untranslated_title(document: Document) -> str:
    return _fields(document).get("title") or PurePosixPath(document.name).stem


def _fields(document: Document) -> dict[str, str]:
    return front_matter.read(document.name, document.text, document.profile).fields
