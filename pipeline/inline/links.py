"""Links, images, references, wiki links and footnotes: what stands in brackets."""

from __future__ import annotations

import re

from pipeline.inline.state import Bracket, Scanner
from pipeline.patterns import lazy

_FOOTNOTE = lazy(r"\[\^[^\[\]\s]{1,200}\]")
_LABEL = lazy(r"\[((?:\\.|[^\[\]\\]){0,999})\]", re.S)
_WIKI = lazy(
    r"!?\[\[(?P<page>(?!\s|\^|\d+\])[^\[\]|\n\\]{1,300})(?<!\s)"
    r"(?:\\?\|(?P<text>[^\[\]\n]{1,500}))?\]\](?!\(|\[(?!\[))"
)
_WIKI_MSGID = lazy(r"\[\[(?P<page>\{\d+\})\\?\|(?P<text>[^\[\]\n]{1,500})\]\]")
_TITLE = lazy(r"\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*'|\((?:\\.|[^()\\])*\)", re.S)
_BRACKETED = lazy(r"<(?:\\.|[^<>\\\n])*>")
_DESTINATION_STEP = lazy(r"\\.|\(|\)|\{\{|\{%|\s|[^\\(){\s]+|\{", re.S)
LINK_ENDS = frozenset(("close", "reference", "shortcut"))


def normalize_label(label: str) -> str:
    """Return a reference label as it is compared: case folded, white space collapsed."""
    return " ".join(label.split()).casefold()


def scan_open(scanner: Scanner, start: int, run: str) -> int:
    if scanner.text.startswith("[", start + len(run)) and scanner.profile.wiki_links != "off":
        end = _scan_wiki(scanner, start)
        if end:
            return end
    if scanner.profile.footnotes and scanner.text.startswith("[^", start + len(run) - 1):
        match = _FOOTNOTE.match(scanner.text, start + len(run) - 1)
        if match and (run == "[" or not scanner.text.startswith("(", match.end())):
            return scanner.add("footnote", match.start(), match.end())
    scanner.brackets.append(Bracket(start, image=run == "!["))
    return start + len(run)


def _scan_wiki(scanner: Scanner, start: int) -> int:
    """Add the parts of the wiki link at ``start``; return its end, or 0 if there is none."""
    match = (_WIKI_MSGID if scanner.msgid else _WIKI).match(scanner.text, start)
    if not match or (not match["text"] and _is_reference(scanner, match["page"])):
        return 0
    end, (text_start, text_end) = match.end(), match.span("text")
    bare_stays = scanner.profile.kramdown and scanner.profile.wiki_links == "auto"
    if match.group().startswith("!") or (text_start < 0 and bare_stays):
        return scanner.add("embed", start, end)
    if text_start < 0:
        return scanner.add("wiki", start, end, match.span("page"))
    scanner.add("wiki", start, text_start, match.span("page"))
    for found in scanner.find(match["text"], scanner.profile, scanner.labels, msgid=scanner.msgid):
        scanner.add(found.kind, text_start + found.start, text_start + found.end)
    return scanner.add("wiki", text_end, end)


def _is_reference(scanner: Scanner, page: str) -> bool:
    return scanner.labels is not None and normalize_label(page) in scanner.labels


def scan_close(scanner: Scanner, start: int, run: str) -> int:
    if not scanner.brackets:
        return start + 1
    bracket = scanner.brackets.pop()
    inside = len(scanner.brackets) < scanner.linked
    scanner.linked = min(scanner.linked, len(scanner.brackets))
    if inside and not bracket.image:
        return start + 1
    kind, end, dest = _link_end(scanner, bracket, start)
    if not kind:
        return start + 1
    scanner.add("open", bracket.start, bracket.start + (2 if bracket.image else 1))
    scanner.add(kind, start, end, dest)
    if not bracket.image:
        scanner.linked = len(scanner.brackets)
    return end


def _link_end(
    scanner: Scanner, bracket: Bracket, close: int
) -> tuple[str, int, tuple[int, int] | None]:
    """Return kind, end and destination of what ends a link at ``]``; the kind is "" for none."""
    text = scanner.text
    if text.startswith("(", close + 1):
        parsed = _link_tail(scanner, close + 1)
        if parsed:
            return "close", parsed[0], parsed[1]
    opened = bracket.start + (2 if bracket.image else 1)
    own = normalize_label(text[opened:close]) if close - opened < 1000 else ""
    behind = close + 1
    if scanner.profile.kramdown and not scanner.msgid:
        behind = _skip_space(text, behind)
    match = _LABEL.match(text, behind) if text.startswith("[", behind) else None
    if match and match.group(1).strip():
        if _knows(scanner, match.group(1)):
            return "reference", match.end(), None
    elif scanner.labels is not None and own and own in scanner.labels:
        return "shortcut", match.end() if match else close + 1, None
    return "", close, None


def _knows(scanner: Scanner, label: str) -> bool:
    return scanner.labels is None or normalize_label(label) in scanner.labels


def _link_tail(scanner: Scanner, start: int) -> tuple[int, tuple[int, int]] | None:
    """Parse ``(dest "title")`` at ``start``; return its end and the destination's span."""
    text = scanner.text
    position = _skip_space(text, start + 1)
    bracketed = _BRACKETED.match(text, position)
    if bracketed:
        dest_end = bracketed.end()
    elif text.startswith("<", position) and not scanner.profile.kramdown:
        return None
    else:
        dest_end = _destination_end(scanner, position)
        if dest_end < 0:
            return None
    after = _skip_space(text, dest_end)
    if not text.startswith(")", after) and after > dest_end:
        title = _TITLE.match(text, after)
        after = _skip_space(text, title.end()) if title else after
    if not text.startswith(")", after):
        return None
    return after + 1, (position, dest_end)


def _destination_end(scanner: Scanner, start: int) -> int:
    """Return where an unbracketed destination ends, or -1.

    White space belongs to a destination in kramdown, until a title follows, and there brackets need
    not pair before a title; Liquid is skipped.
    """
    text, position, depth = scanner.text, start, 0
    while match := _DESTINATION_STEP.match(text, position):
        step = match.group()
        if step in ("{{", "{%") and scanner.tags:
            closing = scanner.marks.find("}}" if step == "{{" else "%}", position)
            if closing >= 0:
                position = closing + 2
                continue
        elif step == ")":
            if not depth:
                return position
            depth -= 1
        elif step == "(":
            depth += 1
            if depth > 32:
                return -1
        elif step.isspace() and not _space_continues(scanner, position, start):
            return position if scanner.profile.kramdown or not depth else -1
        position = match.end()
    return -1


def _space_continues(scanner: Scanner, position: int, start: int) -> bool:
    following = scanner.text[position + 1 : position + 2]
    return scanner.profile.kramdown and position > start and following not in ("", '"', "'", ")")


def _skip_space(text: str, position: int) -> int:
    while position < len(text) and text[position].isspace():
        position += 1
    return position
