"""Texts with placeholders as XML: ``{1}`` is an empty inline element, a doubled brace a brace."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from xml.etree.ElementTree import Element

from pipeline.braces import double_braces
from pipeline.xmlfile import escaped

_FORMAT = re.compile(r"\{\{|\}\}|\{(\d+)\}")


def written(text: str, place: Callable[[int], str]) -> str:
    """Return a msgid or msgstr as the content of an element; ``place`` writes a placeholder."""
    parts: list[str] = []
    position = 0
    for found in _FORMAT.finditer(text):
        parts.append(escaped(text[position : found.start()]))
        parts.append(place(int(found[1])) if found[1] else found[0][0])
        position = found.end()
    return "".join([*parts, escaped(text[position:])])


def read_text(element: Element, places: Collection[str], dropped: Collection[str]) -> str:
    """Return the content of an element as a msgid or msgstr.

    Elements named in ``places`` are placeholders by their number, those in ``dropped`` go with all
    that is in them; of others the content stays.
    """
    parts = [double_braces(element.text or "")]
    for child in element:
        if child.tag in places:
            parts.append(_placeholder(child))
        elif child.tag not in dropped:
            parts.append(read_text(child, places, dropped))
        parts.append(double_braces(child.tail or ""))
    return "".join(parts)


def _placeholder(element: Element) -> str:
    number = re.search(r"\d+", element.get("id", ""))
    return f"{{{number[0]}}}" if number else double_braces("".join(element.itertext()))


def shown_pieces(notes: Collection[str]) -> dict[int, str]:
    """Return what stands behind each placeholder, as the notes of an entry say it."""
    found = (re.fullmatch(r"\{(\d+)\} = (.*)", note, re.S) for note in notes)
    return {int(match[1]): match[2] for match in found if match}
