"""What stands in place of markup where an engine reads a text: masks.

``mask`` sets them, ``pipeline.restoring`` reads what an engine makes of them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.braces import double_braces
from pipeline.engines.notation import MASK
from pipeline.glossary import Glossary
from pipeline.inline import find
from pipeline.model import Profile


@dataclass(frozen=True, slots=True)
class Masked:
    """A msgid as an engine sees it: ``lead + unmask(text) + trail`` is the msgid again.

    ``sides`` says of each piece on which side of it lies what it emphasises: 1 behind it, -1
    before it, 0 where it does not emphasise.
    """

    text: str
    pieces: tuple[str, ...]
    sides: tuple[int, ...]
    lead: str = ""
    trail: str = ""


def mask(msgid: str, profile: Profile) -> Masked:
    """Replace what an engine must not touch by ``<x1/>``, ``<x2/>`` …; neighbours become one.

    What stands before the first and after the last piece of prose is set aside in ``lead`` and
    ``trail``: an engine has nothing to say about it.
    """
    parts: list[str] = []
    pieces: list[str] = []
    sides: list[int] = []
    opened: list[str] = []
    position, glued = 0, False
    for placeable in find(msgid, profile, msgid=True):
        if placeable.start > position:
            parts.append(msgid[position : placeable.start])
            glued = False
        if glued:
            pieces[-1] += placeable.text
        else:
            pieces.append(placeable.text)
            sides.append(0)
            parts.append(f"<x{len(pieces)}/>")
        if placeable.kind == "emphasis":
            sides[-1] = _side(placeable.text, opened)
        position, glued = placeable.end, True
    if position < len(msgid):
        parts.append(msgid[position:])
    return _set_aside(parts, pieces, sides)


def _side(mark: str, opened: list[str]) -> int:
    """Return 1 for a mark that opens emphasis, -1 for one that closes what is ``opened``."""
    if mark not in opened:
        opened.append(mark)
        return 1
    while opened.pop() != mark:
        continue
    return -1


def _set_aside(parts: list[str], pieces: list[str], sides: list[int]) -> Masked:
    def plain(part: str) -> str:
        return unmask(part, pieces) or ""

    first, last = 0, len(parts)
    while first < last and not any(c.isalnum() for c in MASK.sub("", parts[first])):
        first += 1
    while last > first and not any(c.isalnum() for c in MASK.sub("", parts[last - 1])):
        last -= 1
    core = "".join(parts[first:last])
    stripped = core.strip()
    lead = "".join(map(plain, parts[:first])) + core[: len(core) - len(core.lstrip())]
    trail = core[len(core.rstrip()) :] + "".join(map(plain, parts[last:]))
    kept: list[int] = []

    def number(match: re.Match[str]) -> str:
        kept.append(int(match.group(1)) - 1)
        return f"<x{len(kept)}/>"

    text = MASK.sub(number, stripped)
    return Masked(text, tuple(pieces[i] for i in kept), tuple(sides[i] for i in kept), lead, trail)


def mask_terms(masked: Masked, glossary: Glossary, *, keep_only: bool = False) -> Masked:
    """Mask the terms, too, with their translations behind the masks."""
    parts: list[str] = []
    pieces, sides = list(masked.pieces), list(masked.sides)
    for part in split_masked(masked.text):
        position = 0
        for match in () if MASK.fullmatch(part) else glossary.find(part):
            if keep_only and not match.term.keep:
                continue
            pieces.append(double_braces(match.term.target))
            sides.append(0)
            parts += [part[position : match.start], f"<x{len(pieces)}/>"]
            position = match.end
        parts.append(part[position:])
    return replace(masked, text="".join(parts), pieces=tuple(pieces), sides=tuple(sides))


def unmask(text: str, pieces: Sequence[str]) -> str | None:
    """Put the pieces back; ``None`` when a number does not exist."""
    try:
        return MASK.sub(lambda match: pieces[int(match.group(1)) - 1], text)
    except IndexError:
        return None


def split_masked(text: str) -> list[str]:
    """Split a masked text into its masks and the prose between them; joined they are the text."""
    return [part for part in re.split(r"(<x\d+/>)", text) if part]
