"""What stands in place of markup: masks for engines, placeholders and doubled braces in msgids.

``restore(mask(msgid), text)`` is the msgid again, ``None`` for an answer in which a mask is lost
or repeated. ``substitute`` puts the pieces of a segment back for ``{1}``, ``{2}`` ….
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.engines.notation import MASK
from pipeline.inline import find
from pipeline.model import Profile


@dataclass(frozen=True, slots=True)
class Masked:
    """A msgid as an engine sees it: ``lead + unmask(text) + trail`` is the msgid again."""

    text: str
    pieces: tuple[str, ...]
    lead: str = ""
    trail: str = ""


def mask(msgid: str, profile: Profile) -> Masked:
    """Replace what an engine must not touch by ``<x1/>``, ``<x2/>`` …; neighbours become one.

    What stands before the first and after the last piece of prose is set aside in ``lead`` and
    ``trail``: an engine has nothing to say about it.
    """
    parts: list[str] = []
    pieces: list[str] = []
    position, glued = 0, False
    for placeable in find(msgid, profile, msgid=True):
        if placeable.start > position:
            parts.append(msgid[position : placeable.start])
            glued = False
        if glued:
            pieces[-1] += placeable.text
        else:
            pieces.append(placeable.text)
            parts.append(f"<x{len(pieces)}/>")
        position, glued = placeable.end, True
    if position < len(msgid):
        parts.append(msgid[position:])
    return _set_aside(parts, pieces)


def _set_aside(parts: list[str], pieces: list[str]) -> Masked:
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
    return _renumber(stripped, pieces, lead, trail)


def _renumber(text: str, pieces: Sequence[str], lead: str, trail: str) -> Masked:
    kept: list[str] = []

    def number(match: re.Match[str]) -> str:
        kept.append(pieces[int(match.group(1)) - 1])
        return f"<x{len(kept)}/>"

    return Masked(MASK.sub(number, text), tuple(kept), lead, trail)


def unmask(text: str, pieces: Sequence[str]) -> str | None:
    """Put the pieces back; ``None`` when a number does not exist."""
    try:
        return MASK.sub(lambda match: pieces[int(match.group(1)) - 1], text)
    except IndexError:
        return None


def restore(masked: Masked, answer: str) -> str | None:
    """Return the target that ``answer`` stands for; ``None`` unless every mask is in it once."""
    numbers = sorted(int(number) for number in MASK.findall(answer))
    if numbers != list(range(1, len(masked.pieces) + 1)):
        return None
    restored = unmask(answer.strip(), masked.pieces)
    return None if restored is None else masked.lead + restored + masked.trail


def split_masked(text: str) -> list[str]:
    """Split a masked text into its masks and the prose between them; joined they are the text."""
    return [part for part in re.split(r"(<x\d+/>)", text) if part]


def double_braces(text: str) -> str:
    """Return prose as it stands in a msgid."""
    return text.replace("{", "{{").replace("}", "}}")


_FORMAT = re.compile(r"\{\{|\}\}|\{(\d+)\}")


def substitute(msgstr: str, pieces: Sequence[str]) -> list[tuple[str, bool]]:
    """Split ``msgstr`` into ``(text, is_piece)``: braces halved, placeholders replaced by pieces.

    Raises:
        LookupError: a placeholder has no piece, its name is the argument.
    """
    parts: list[tuple[str, bool]] = []
    position = 0
    for match in _FORMAT.finditer(msgstr):
        parts.append((msgstr[position : match.start()], False))
        position = match.end()
        if match.group(1) is None:
            parts.append((match.group()[0], False))
        elif 1 <= int(match.group(1)) <= len(pieces):
            parts.append((pieces[int(match.group(1)) - 1], True))
        else:
            raise LookupError(match.group())
    parts.append((msgstr[position:], False))
    return [part for part in parts if part[0]]
