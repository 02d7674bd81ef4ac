"""The scanner: which rule each character calls, and what callers ask of a text."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator, Sequence

from pipeline.inline.emphasis import emphasis, scan_delimiter
from pipeline.inline.links import LINK_ENDS, scan_close, scan_open
from pipeline.inline.spans import (
    scan_address,
    scan_angle,
    scan_backticks,
    scan_brace,
    scan_closing_brace,
    scan_dollars,
    scan_emoji,
    scan_entity,
    scan_escape,
    scan_url,
)
from pipeline.inline.state import SPECIAL, Rule, Scanner
from pipeline.model import Placeable, Profile
from pipeline.patterns import lazy

_LEADING_MARKS = lazy(r"(?:[*_~]+|!?\[(?![\[^]))*")
_RULES: dict[str, Rule] = {
    "\\": scan_escape,
    "`": scan_backticks,
    "$": scan_dollars,
    "<": scan_angle,
    "[": scan_open,
    "!": scan_open,
    "]": scan_close,
    "{": scan_brace,
    "}": scan_closing_brace,
    "*": scan_delimiter,
    "_": scan_delimiter,
    "~": scan_delimiter,
    "&": scan_entity,
    ":": scan_emoji,
    "@": scan_address,
    **dict.fromkeys("hfwHFW", scan_url),
}


def find(
    text: str, profile: Profile, labels: Container[str] | None = None, *, msgid: bool = False
) -> list[Placeable]:
    """Return everything in ``text`` that is not prose, in order, never overlapping.

    ``labels`` are the normalised reference labels that the post defines; with ``None`` every
    ``[text][label]`` counts as a link and no ``[text]`` does. With ``msgid`` the text is a
    catalog's: ``{1}`` is a placeholder and a doubled brace stands for one.
    """
    if not SPECIAL.search(text):
        return []
    found = _walked(Scanner(text, profile, labels, msgid, find))
    return found if profile.image_text or msgid else list(_whole_images(text, found))


def _walked(scanner: Scanner) -> list[Placeable]:
    text, position = scanner.text, 0
    while match := SPECIAL.search(text, position):
        start, run = match.start(), match.group()
        position = _RULES[run[0]](scanner, start, run)
    scanner.found.extend(list(emphasis(scanner)) if scanner.delimiters else ())
    scanner.found.sort(key=lambda placeable: placeable.start)
    return scanner.found


def _whole_images(text: str, found: Iterable[Placeable]) -> Iterator[Placeable]:
    """Yield ``found`` with each image as one."""
    depth, start = 0, 0
    for placeable in found:
        if not depth and placeable.text == "![":
            start = placeable.start
        elif not depth:
            yield placeable
            continue
        depth += (placeable.kind == "open") - (placeable.kind in LINK_ENDS)
        if not depth:
            yield Placeable("image", text[start : placeable.end], start, placeable.end)


def starts_with_letter(text: str) -> bool:
    """Tell at little cost whether a text has a letter before anything that may not be prose."""
    # A letter in emphasis or in the text of a link is prose as well.
    start = _LEADING_MARKS.match(text).end()  # type: ignore[union-attr]
    if text[start : start + 1].isalpha() and not SPECIAL.match(text, start):
        return True
    special = SPECIAL.search(text, start)
    return any(map(str.isalpha, text[start : special.start()] if special else text[start:]))


def prose(text: str, placeables: Sequence[Placeable]) -> str:
    """Return ``text`` with every placeable replaced by a space."""
    parts, position = [], 0
    for placeable in placeables:
        parts += [text[position : placeable.start], " "]
        position = placeable.end
    return "".join([*parts, text[position:]])
