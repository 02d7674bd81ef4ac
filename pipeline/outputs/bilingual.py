"""A post with each text followed by its translation, still Markdown of the same dialect.

Every byte of the source stays, but for front matter and images; what is added stands behind the
text that it translates: as a paragraph of its own below a paragraph, on a line of its own within an
item, a definition or a cell, and behind a dot in headings, terms, footnotes, front matter and the
texts of images. Code, formulas and everything else that is no text stand there once.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from pipeline.errors import PipelineError
from pipeline.markdown import parse
from pipeline.model import Document, Profile, Segment
from pipeline.outputs.page import Target
from pipeline.outputs.pictures import lone_image_text
from pipeline.patterns import lazy
from pipeline.pins import lost_ids, pins
from pipeline.project import bcp47
from pipeline.segments import write
from pipeline.wording import Message

_JOINED = " · "
_BREAK = "<br>"
_LINES = frozenset(("list item", "definition"))
_INSIDE = _LINES | {"footnote", "term"}
"""Kinds of texts in which another paragraph would change how their container looks."""
_ONE_LANGUAGE = frozenset(("code", "label"))
"""Where a translation would have to take the place of the text: there the source stays."""
_ATTRIBUTES = lazy(r"(?:\r\n|\r|\n)[ \t>]*(\{:(?!:|/)[^{}\r\n]*\})[ \t]*(?=[\r\n]|\Z)")


def bilingual_post(
    document: Document, targets: Mapping[Segment, Target], locale: str, *, keep_ids: bool = True
) -> str:
    """Return the post with ``targets``, texts in ``locale``, behind their segments.

    With ``keep_ids``, headings get the ids that they have without them.

    Raises:
        ValueError: a target cannot stand in its place.
    """
    shown = {
        segment: target
        for segment, target in targets.items()
        if target.text != segment.msgid and segment.syntax not in _ONE_LANGUAGE
    }
    edits = [
        (segment.start, segment.end, _both(document, segment, target, bcp47(locale)))
        for segment, target in shown.items()
    ]
    if keep_ids:
        joined = {segment: _joined(segment, target) for segment, target in shown.items()}
        edits += [(pin.at, pin.at, pin.text) for pin in pins(document, joined)]
    parts, position = [], 0
    for start, end, text in sorted(edits):
        parts += [document.text[position:start], text]
        position = end
    return "".join([*parts, document.text[position:]])


def _joined(segment: Segment, target: Target) -> str:
    return f"{segment.msgid}{_JOINED}{target.text}"


def _both(document: Document, segment: Segment, target: Target, lang: str) -> str:
    """Return the source text of a segment and its translation."""
    written = document.text[segment.start : segment.end]
    profile = document.profile
    alt, other = lone_image_text(segment.msgid), lone_image_text(target.text)
    if alt is not None:
        joined = segment.msgid.replace(f"![{alt}]", f"![{alt}{_JOINED}{other}]", 1)
        return write(segment, joined, written, profile) if other else written
    if segment.is_metadata:
        return write(segment, _joined(segment, target), written, profile)
    if segment.syntax == "markdown" and segment.kind not in _INSIDE:
        return _paragraphs(document, segment, target, lang)
    return written + _behind(segment, profile) + _on_one_line(segment, target, written, profile)


def _behind(segment: Segment, profile: Profile) -> str:
    """Return what parts a text and its translation.

    A second line of a footnote would draw the next footnote into it in kramdown; Hugo leaves tags
    out.
    """
    if segment.syntax == "markdown" and segment.kind in _LINES:
        return f"{segment.hard_break or '  '}\n{segment.prefix}"
    return _BREAK if segment.syntax in ("cell", "html") and not profile.shortcodes else _JOINED


def _on_one_line(segment: Segment, target: Target, written: str, profile: Profile) -> str:
    return write(segment, " ".join(target.text.split("\n")), written, profile)


def _paragraphs(document: Document, segment: Segment, target: Target, lang: str) -> str:
    """Return a paragraph and its translation; attributes below it hold for both.

    kramdown takes the language of the translation in an attribute list, too.
    """
    written, profile = document.text[segment.start : segment.end], document.profile
    translation = write(segment, target.text, written, profile)
    line, empty = f"\n{segment.prefix}", f"\n{segment.prefix.rstrip()}"
    if not profile.kramdown:
        return f"{written}{empty}{line}{translation}"
    below = _ATTRIBUTES.match(document.text, segment.end)
    own = f"{line}{below[1]}" if below and "#" not in below[1] and "id=" not in below[1] else ""
    kind = " .machine" if target.machine else ""
    return f'{written}{own}{empty}{line}{translation}{line}{{: lang="{lang}"{kind}}}'


def bilingual_faults(source: Document, text: str, *, keep_ids: bool = True) -> Iterator[Message]:
    """Say in what ``text``, a bilingual version of ``source``, is not whole.

    Everything that is no text must be there once, every paragraph as it was, and with ``keep_ids``
    every heading under its id.
    """
    keys = {segment.kind for segment in source.segments if segment.is_metadata}
    try:
        built = parse(source.name, text, source.profile, keys)
    except PipelineError as error:
        yield error.what
        return
    before, after = _verbatim(source), _verbatim(built)
    yield from (Message("{text} is lost", text=repr(entry)) for entry in before - after)
    yield from (Message("{text} is new", text=repr(entry)) for entry in after - before)
    if keep_ids:
        yield from lost_ids(source, built)
    lost = _paragraph_texts(source) - _paragraph_texts(built)
    yield from (Message("the paragraph {text} is not the same", text=repr(entry)) for entry in lost)


def _verbatim(document: Document) -> Counter[str]:
    """Return all blocks but texts, their paragraphs and attribute lists."""
    texts = ("text ", "kept ", "paragraph_", "verbatim attributes")
    return Counter(entry for entry in document.shape if not entry.startswith(texts))


def _paragraph_texts(document: Document) -> Counter[str]:
    return Counter(
        segment.msgid
        for segment in document.segments
        if segment.syntax == "markdown"
        and segment.kind not in _INSIDE
        and lone_image_text(segment.msgid) is None
    )
