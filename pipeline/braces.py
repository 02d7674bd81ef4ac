"""Braces in msgids: ``{1}``, ``{2}`` … for the pieces of a segment, and doubled ones for braces."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.patterns import lazy

_FORMAT = lazy(r"\{\{|\}\}|\{(\d+)\}")


def double_braces(text: str) -> str:
    """Return prose as it stands in a msgid."""
    return text.replace("{", "{{").replace("}", "}}")


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
