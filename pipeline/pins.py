"""Pins: what keeps the ids of a post's headings in its translation, where ``#…`` leads to them.

A heading whose words change gets another id, and one that does not change may be numbered anew
because another one did. ``pins`` says what has to stand in the translation besides its words:

========================  =========================================================================
``jekyll``, ``kramdown``  ``{#id}`` behind the heading where kramdown takes it (an ASCII letter
                          first, then ASCII letters, digits and ``_:-``), else ``{: id="…"}`` on
                          the next line, or within the attributes that stand there already
``hugo``                  ``{#id}``, or ``#id`` within the attributes of the heading
``gfm``, ``commonmark``,  ``<a id="…"></a>`` before the text: they have no way to name an id
``hexo``
========================  =========================================================================
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.anchors import Heading, Ids, headings, source_of_id
from pipeline.inline import find
from pipeline.model import Document, Profile, Segment
from pipeline.patterns import lazy
from pipeline.segments import write
from pipeline.wording import Message


@dataclass(frozen=True, slots=True)
class Pin:
    """What is inserted into a post to pin one heading: ``text``, at ``at`` in the source.

    ``shape[entry : entry + replaced]`` of the source becomes ``shown`` in the built post.
    """

    at: int
    text: str
    entry: int = 0
    replaced: int = 0
    shown: tuple[str, ...] = ()


def pins(document: Document, targets: Mapping[Segment, str]) -> list[Pin]:
    """Return what keeps the ids of all headings when ``targets`` are in the post.

    Raises:
        ValueError: a target cannot stand in its place.
    """
    texts = _new_texts(document, targets)
    if not texts:
        return []
    profile, found = document.profile, []
    ids = Ids(profile)
    for heading in headings(document):
        if heading.explicit:
            ids.take(heading.id)
            continue
        raw = source_of_id(document, heading.start, heading.end, texts.get(heading.start))
        if ids.peek(raw) == heading.id or not _can_be_pinned(document, heading):
            ids.next(raw)
        elif _has_attributes(profile):
            ids.take(heading.id)
            found.append(_attribute_pin(document, heading))
        else:
            ids.next(raw)
            found.append(_alias_pin(document, heading))
    return found


def _new_texts(document: Document, targets: Mapping[Segment, str]) -> dict[int, str]:
    """Return what is written for the headings whose words change, by where they start."""
    texts = {}
    segments = {segment.start: segment for segment in document.segments}
    for _, start, end in document.headings:
        segment = segments.get(start)
        target = targets.get(segment) if segment else None
        if segment and target and target != segment.msgid:
            texts[start] = write(segment, target, document.text[start:end], document.profile)
    return texts


def _has_attributes(profile: Profile) -> bool:
    return profile.kramdown or profile.shortcodes


def _can_be_pinned(document: Document, heading: Heading) -> bool:
    """Tell whether the id is known: not before Liquid or shortcodes are expanded."""
    tokens = find(document.text[heading.start : heading.end], document.profile)
    return bool(heading.id) and all(token.kind != "liquid" for token in tokens)


_LINE_REST = lazy(r"[^\r\n]*")
_LINE_END = lazy(r"\r\n|\n|\r")
_HASHES = lazy(r"(?P<prefix>.*?)#{1,6}[ \t]*\Z")
_KRAMDOWN_ID = lazy(r"[A-Za-z][A-Za-z0-9_:-]*")
_GOLDMARK_ATTRIBUTES = lazy(r"[^\r\n{}]*\{[^\r\n{}]*(?=\})")
_ATTRIBUTES_BELOW = lazy(r"(?:\r\n|\n|\r)[ \t>]*(?P<list>\{:(?![:/])[^{}\r\n]*?)[ \t]*\}")


def _attribute_pin(document: Document, heading: Heading) -> Pin:
    text = document.text
    line_end = _end(_LINE_REST, text, heading.end)
    rest_end = heading.end + len(text[heading.end : line_end].rstrip(" \t"))
    if not document.profile.kramdown:
        inside = _GOLDMARK_ATTRIBUTES.match(text, heading.end)
        return Pin(inside.end(), f" #{heading.id}") if inside else _id_pin(rest_end, heading)
    if _KRAMDOWN_ID.fullmatch(heading.id):
        return _id_pin(rest_end, heading)
    return _line_pin(document, heading, line_end)


def _id_pin(at: int, heading: Heading) -> Pin:
    return Pin(at, f" {{#{heading.id}}}")


def _line_pin(document: Document, heading: Heading, line_end: int) -> Pin:
    """Return ``{: id="…"}`` on the line below the heading, or in the attributes there."""
    text = document.text
    line_start = text.rfind("\n", 0, heading.start) + 1
    line_start = text.rfind("\r", line_start, heading.start) + 1 or line_start
    before = text[line_start : heading.start]
    marked = _HASHES.fullmatch(before)
    if not marked:  # underlined: the line with the dashes comes first
        line_end = _end(_LINE_REST, text, _end(_LINE_END, text, line_end))
    attribute, behind = f'id="{heading.id}"', heading.entry + 2
    if below := _ATTRIBUTES_BELOW.match(text, line_end):
        blank = text[below.end("list") : below.end()]
        shown = f"verbatim attributes {below['list']} {attribute}{blank}"
        return Pin(below.end("list"), f" {attribute}", behind, 1, (shown,))
    newline = _LINE_END.search(text)
    prefix = re.sub(r"[^>\s]", " ", marked["prefix"] if marked else before)
    line = f"{{: {attribute}}}"
    return Pin(
        line_end,
        (newline.group() if newline else "\n") + prefix + line,
        behind,
        0,
        (f"verbatim attributes {line}",),
    )


def _alias_pin(document: Document, heading: Heading) -> Pin:
    text = f'<a id="{html.escape(heading.id)}"></a>'
    entry = document.shape[heading.entry]
    if entry.startswith("text "):
        return Pin(heading.start, text)
    return Pin(heading.start, text, heading.entry, 1, (entry.replace("kept ", f"kept {text}", 1),))


def _end(pattern: re.Pattern[str], text: str, position: int) -> int:
    match = pattern.match(text, position)
    return match.end() if match else position


def pinned_shape(document: Document, pinned: Sequence[Pin]) -> tuple[str, ...]:
    """Return the shape of a built post in which nothing but ``pinned`` is new."""
    shape = list(document.shape)
    for pin in reversed(pinned):
        shape[pin.entry : pin.entry + pin.replaced] = pin.shown
    return tuple(shape)


def lost_ids(source: Document, built: Document) -> Iterator[Message]:
    """Say which headings of a built post cannot be reached as they were in the source."""
    aliases = not _has_attributes(source.profile)
    for before, after in zip(headings(source), headings(built), strict=False):
        alias = f'id="{html.escape(before.id)}"'
        reached = before.id == after.id or (
            aliases and alias in built.text[after.start : after.end]
        )
        if not reached and _can_be_pinned(source, before):
            yield Message(
                'the heading "#{before}" would be "#{after}"', before=before.id, after=after.id
            )
