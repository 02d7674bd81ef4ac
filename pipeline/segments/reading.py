"""What a translator sees of a span: the msgid, and what its placeholders stand for."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from pipeline.braces import double_braces
from pipeline.inline import find, join_lines, prose, starts_with_letter
from pipeline.model import FRONT_MATTER, Placeable, Profile
from pipeline.patterns import lazy

_ALWAYS_PLACEHOLDERS = frozenset(("liquid", "attributes", "comment", "url", "embed", "image"))
_READABLE_WITHOUT_BRACES = frozenset(("code", "math", "html"))
_LINE_START = lazy(r"\n[ \t]+")
_CLOSING = frozenset(("close", "reference", "shortcut"))
_LINES_MATTER = lazy(r"<(?!(?:code|kbd)\b)|.*%", re.I | re.S)
"""What a line's end may matter to: raw elements of HTML, and TeX with a comment."""


def read(
    raw: str, profile: Profile, labels: Container[str], *, syntax: str = "markdown"
) -> tuple[str, tuple[str, ...], str]:
    """Return msgid, pieces and the style of the first hard break (``""`` if there is none).

    ``raw`` is the span with its lines joined by ``\\n`` and without their prefixes.
    """
    if syntax in FRONT_MATTER or syntax == "code":
        return _read_plain(raw, profile)
    parts: list[str] = []
    pieces: list[str] = []
    opened: list[int] = []
    label: list[str] = []
    position = 0
    for placeable in find(raw, profile, labels):
        parts.append(double_braces(raw[position : placeable.start]))
        if placeable.kind in _CLOSING:
            label = parts[opened.pop() :]
        parts.append(_show(raw, placeable, pieces, label))
        if placeable.kind == "open":
            opened.append(len(parts))
        position = placeable.end
    parts.append(double_braces(raw[position:]))
    text, style = _join_breaks("".join(parts), profile, hard=syntax == "markdown")
    return text.strip(), tuple(pieces), style


@dataclass(frozen=True, slots=True)
class Reading:
    """What a span is read as; ``style`` is that of its first hard break, ``""`` for none."""

    msgid: str
    pieces: tuple[str, ...]
    style: str
    has_text: bool
    """Whether there is anything to translate in it."""


class Readings:
    """What the texts of a post and of its versions are read as: each text is scanned once."""

    def __init__(self) -> None:
        self._conditions: tuple[Profile, frozenset[str]] | None = None
        self._known: dict[tuple[str, str], Reading] = {}

    def begin(self, profile: Profile, labels: Iterable[str]) -> None:
        """Read with these ``labels`` from now on; others could give a text another meaning."""
        conditions = profile, frozenset(labels)
        if conditions != self._conditions:
            self._conditions = conditions
            self._known.clear()

    def read(self, raw: str, syntax: str) -> Reading:
        """Return what ``raw`` is read as, see ``read``."""
        known = self._known.get((raw, syntax))
        if known is None:
            assert self._conditions is not None  # a post has begun
            profile, labels = self._conditions
            msgid, pieces, style = read(raw, profile, labels, syntax=syntax)
            known = Reading(msgid, pieces, style, has_text(msgid, profile))
            self._known[raw, syntax] = known
        return known


def _read_plain(raw: str, profile: Profile) -> tuple[str, tuple[str, ...], str]:
    """Front matter and comments in code are not Markdown; Liquid and URLs are hidden in them."""
    parts: list[str] = []
    pieces: list[str] = []
    position = 0
    for placeable in find(raw, profile):
        if placeable.kind in ("liquid", "url"):
            parts.append(double_braces(raw[position : placeable.start]))
            pieces.append(placeable.text)
            parts.append(f"{{{len(pieces)}}}")
            position = placeable.end
    parts.append(double_braces(raw[position:]))
    return "".join(parts).strip(), tuple(pieces), ""


def _show(raw: str, placeable: Placeable, pieces: list[str], label: Sequence[str]) -> str:
    """Return how a placeable stands in the msgid; what is hidden goes to ``pieces``.

    ``label`` is what the brackets hold that the placeable closes.
    """
    text, kind = _on_one_line(placeable), placeable.kind
    hides = "{" in text or "}" in text or "\n" in text
    if kind in _ALWAYS_PLACEHOLDERS or (kind in _READABLE_WITHOUT_BRACES and hides):
        pieces.append(placeable.text)
        return f"{{{len(pieces)}}}"
    if kind == "close" and placeable.dest:
        start, end = placeable.dest
        if start == end:
            return double_braces(text)
        pieces.append(raw[start:end])
        before = double_braces(raw[placeable.start : start])
        after = double_braces(raw[end : placeable.end])
        return f"{before.rstrip()}{{{len(pieces)}}}{after}"
    if kind == "wiki" and placeable.dest:
        pieces.append(raw[slice(*placeable.dest)])
        behind = double_braces(raw[placeable.dest[1] : placeable.end])
        return (
            f"[[{{{len(pieces)}}}"
            + (f"|{double_braces(pieces[-1])}" if "]" in text else "")
            + behind
        )
    if kind == "reference":
        return double_braces("][" + text[1:].lstrip()[1:])
    if kind == "shortcut":
        return "][" + re.sub(r"\s+", " ", "".join(label)) + "]"
    return double_braces(text)


def _on_one_line(placeable: Placeable) -> str:
    """Return code, math or a tag with spaces for its line breaks, which show as such."""
    text, kind = placeable.text, placeable.kind
    if "\n" not in text or kind not in _READABLE_WITHOUT_BRACES:
        return text
    if kind != "html" and _LINES_MATTER.match(text):
        return text
    return re.sub(r"[ \t]*\n[ \t]*", " ", text)


def _join_breaks(text: str, profile: Profile, *, hard: bool) -> tuple[str, str]:
    """Join soft line breaks; make hard ones ``\\n`` and say how the first was written."""
    line, *others = _LINE_START.sub("\n", text).split("\n")
    parts: list[str] = []
    styles: list[str] = []
    for following in others:
        line, mark = _without_mark(line)
        if hard and _is_hard(mark, profile):
            styles.append(mark)
            parts += [line, "\n"]
        else:
            line += mark.strip()
            parts += [line, join_lines(line, following)]
        line = following
    return "".join([*parts, line]), styles[0] if styles else ""


def _without_mark(line: str) -> tuple[str, str]:
    """Return the line without the blanks at its end, and its mark of a hard break."""
    bare = line.rstrip(" \t")
    if bare.endswith("\\"):
        mark = "\\\\" if bare.endswith("\\\\") else "\\"
        return bare.removesuffix(mark), mark
    return bare, "  " if line.startswith("  ", len(bare)) else ""


def _is_hard(mark: str, profile: Profile) -> bool:
    if profile.hard_wrap or mark.startswith(" "):
        return True
    if mark == "\\\\":
        return profile.kramdown
    return mark == "\\" and (profile.gfm or not profile.kramdown)


def has_text(msgid: str, profile: Profile) -> bool:
    """Tell whether a msgid holds a letter that is not part of a placeable."""
    if starts_with_letter(msgid):
        return True
    return any(map(str.isalpha, prose(msgid, find(msgid, profile, msgid=True))))
