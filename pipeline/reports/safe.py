"""Keeps what posts and translations say from acting on a terminal or a CI log.

A message quotes text that anybody may have written. GitHub's runner obeys ``::command::`` at the
start of a line of any output, and ``##[command]`` anywhere in it; terminals obey escape sequences.
"""

from __future__ import annotations

import unicodedata


def one_line(text: str) -> str:
    """Return ``text`` as part of a line: what does not show is written as ``\\uXXXX``."""
    shown = text if text.isprintable() else "".join(map(_visible, text))
    return shown.replace("##[", "## [")


def whole_line(text: str) -> str:
    """Return ``text`` as a line of its own that no log takes for a command."""
    line = one_line(text)
    bare = line.lstrip()
    return line[: len(line) - len(bare)] + "\\" + bare if bare.startswith("::") else line


def _visible(character: str) -> str:
    if character.isprintable() or unicodedata.category(character) == "Zs":
        return character
    code = ord(character)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
