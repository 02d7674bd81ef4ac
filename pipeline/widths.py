"""How many columns of a terminal a text takes: Chinese characters take two."""

from __future__ import annotations

from unicodedata import category, east_asian_width


def width(text: str) -> int:
    """Return how many terminal columns a text takes."""
    return len(text) if text.isascii() else sum(map(char_width, text))


def char_width(character: str) -> int:
    """Return how many terminal columns a character takes."""
    if east_asian_width(character) in "WF":
        return 2
    return 0 if category(character) in ("Mn", "Me", "Cf") else 1
