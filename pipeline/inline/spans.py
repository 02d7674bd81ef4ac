"""What stands for itself: code, math, HTML, Liquid, attribute lists, URLs, emoji, entities."""

from __future__ import annotations

import re

from pipeline.inline.characters import CJK, has_cjk
from pipeline.inline.state import Scanner
from pipeline.patterns import lazy

_URL = lazy(rf"(?:https?://|ftp://|www\.[A-Za-z0-9-]+\.[A-Za-z])[^\s<>\"`\[\]{{}}“”‘’{CJK}]*", re.I)
_LOCAL_PART = lazy(r"[A-Za-z0-9.+\-]|(?<=[A-Za-z0-9])_(?=[A-Za-z0-9])")
_DOMAIN = lazy(r"@(?:[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?\.)+[A-Za-z]{2,}(?![A-Za-z0-9-])")
_AUTOLINK = lazy(r"<(?:[A-Za-z][A-Za-z0-9+.\-]{1,31}:[^\s<>]*|[\w.!#$%&'*+/=?^`{|}~-]+@[\w.-]+)>")
_KRAMDOWN_AUTOLINK = lazy(r"<(?:https?|ftps?|mailto):[^<>\n]+>")
_ATTRIBUTE = r"\s+[A-Za-z_:@][\w.:@\-]*(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?"
_TAG = lazy(rf"<(?:[A-Za-z][A-Za-z0-9\-]*(?:{_ATTRIBUTE})*\s*/?|/[A-Za-z][A-Za-z0-9\-]*\s*)>")
_TAG_NAME = lazy(r"</?([A-Za-z][A-Za-z0-9\-]*)")
_DECLARATIONS = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">"))
_VERBATIM_ELEMENTS = frozenset(("code", "kbd", "script", "style", "pre", "svg", "math", "textarea"))
_EMOJI = lazy(r":(?:[a-z][a-z0-9_+\-]*|[+\-]1|100|1234|8ball):")
_ENTITY = lazy(r"&(?:[A-Za-z][A-Za-z0-9]{1,31}|#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6});")
_ATTRIBUTES = lazy(r"\{:(?::?[^{}\n]*|/[a-z]*)\}|\{::[^{}\n]*/?\}")
_PLACEHOLDER = lazy(r"\{(\d+)\}")
_TEX = lazy(r"\\[A-Za-z]|[\^_={}]")
_WORD_RUN = lazy(r"[A-Za-z]{3,}")
_ASCII_SPACE = " \t\n\r\f\v"


def scan_escape(scanner: Scanner, start: int, run: str) -> int:
    text = scanner.text
    for opening, closing in (
        ("\\\\(", "\\\\)"),
        ("\\\\[", "\\\\]"),
        ("\\(", "\\)"),
        ("\\[", "\\]"),
    ):
        if scanner.profile.inline_math != "off" and text.startswith(opening, start):
            inside = start + len(opening)
            end = scanner.marks.find(closing, inside)
            if end >= 0 and scanner.marks.search(_TEX, inside, end):
                return scanner.add("math", start, end + len(closing))
    if scanner.msgid and text.startswith(("{{", "}}"), start + 1):
        scanner.add("brace", start + 1, start + 3)
        return start + 3
    return start + 2


def scan_backticks(scanner: Scanner, start: int, run: str) -> int:
    if scanner.profile.kramdown:
        return _scan_kramdown_code(scanner, start, run)
    if scanner.code_runs is None:
        scanner.code_runs = {}
        for match in re.finditer(r"`+", scanner.text):
            scanner.code_runs.setdefault(len(match.group()), []).append(match.start())
        for positions in scanner.code_runs.values():
            positions.reverse()
    positions = scanner.code_runs.get(len(run), [])
    while positions and positions[-1] <= start:
        positions.pop()
    if not positions:
        return start + len(run)
    return scanner.add("code", start, positions[-1] + len(run))


def _scan_kramdown_code(scanner: Scanner, start: int, run: str) -> int:
    """kramdown ends a code span at the next run that is as long or longer."""
    text, inside = scanner.text, start + len(run)
    lone = len(run) == 1 and (not start or text[start - 1] in _ASCII_SPACE)
    if lone and inside < len(text) and text[inside] in _ASCII_SPACE:
        return inside
    end = scanner.marks.find(run, inside)
    return scanner.add("code", start, end + len(run)) if end >= 0 else inside


def scan_dollars(scanner: Scanner, start: int, run: str) -> int:
    text, mode = scanner.text, scanner.profile.inline_math
    if mode == "off" and not scanner.profile.kramdown:
        return start + len(run)
    if len(run) >= 2:
        end = scanner.marks.find("$$", start + 2)
        return scanner.add("math", start, end + 2) if end > start + 2 else start + len(run)
    if mode == "off":
        return start + 1
    end = scanner.marks.find("$", start + 1)
    while end > 0 and text[end - 1] == "\\":
        end = scanner.marks.find("$", end + 1)
    if end < 0 or not _is_math(text[start + 1 : end], text[end + 1 : end + 2], mode):
        return start + 1
    return scanner.add("math", start, end + 1)


def _is_math(content: str, following: str, mode: str) -> bool:
    if not content or content[0].isspace() or content[-1].isspace() or following.isdigit():
        return False
    if mode == "on" or _TEX.search(content):
        return "\n\n" not in content
    return not _WORD_RUN.search(content) and not has_cjk(content) and not content.isdigit()


def scan_angle(scanner: Scanner, start: int, run: str) -> int:
    text = scanner.text
    match = _AUTOLINK.match(text, start)
    if not match and scanner.profile.kramdown:
        match = _KRAMDOWN_AUTOLINK.match(text, start)
    if match:
        return scanner.add("url", start, match.end())
    for opening, closing in _DECLARATIONS:
        if text.startswith(opening, start):
            inside = start + (
                2 if opening == "<!--" and not scanner.profile.kramdown else len(opening)
            )
            end = scanner.marks.find(closing, inside)
            if end < 0 or (opening == "<!" and not text[start + 2 : start + 3].isalpha()):
                return start + 2
            return scanner.add("comment", start, end + len(closing))
    match = _TAG.match(text, start)
    if not match:
        return start + 1
    name = _TAG_NAME.match(text, start)
    if name and name.group(1).lower() in _VERBATIM_ELEMENTS and text[start + 1] != "/":
        end = scanner.marks.find(f"</{name.group(1)}>", match.end())
        if end >= 0:
            return scanner.add("code", start, end + len(name.group(1)) + 3)
    return scanner.add("html", start, match.end())


def scan_brace(scanner: Scanner, start: int, run: str) -> int:
    text, profile = scanner.text, scanner.profile
    if scanner.msgid:
        if text.startswith("{{", start):
            return scanner.add("brace", start, start + 2)
        match = _PLACEHOLDER.match(text, start)
        return scanner.add("placeholder", start, match.end()) if match else start + 1
    if scanner.tags and text.startswith(("{{", "{%"), start):
        mark = "}}" if text[start + 1] == "{" else "%}"
        end = scanner.marks.find(mark, start + 2)
        if end >= 0:
            return scanner.add("liquid", start, end + 2)
    if profile.kramdown:
        attributes = _ATTRIBUTES.match(text, start)
        if attributes:
            return scanner.add("attributes", start, attributes.end())
    return start + 1


def scan_closing_brace(scanner: Scanner, start: int, run: str) -> int:
    return scanner.add("brace", start, start + 2) if scanner.msgid else start + 2


def scan_emoji(scanner: Scanner, start: int, run: str) -> int:
    match = _EMOJI.match(scanner.text, start)
    before = scanner.text[start - 1 : start]
    follows_another = before == ":" and scanner.found and scanner.found[-1].end == start
    in_a_name = before == ":" or (before.isascii() and before.isalnum())
    if not match or (in_a_name and not follows_another):
        return start + 1
    return scanner.add("emoji", start, match.end())


def scan_entity(scanner: Scanner, start: int, run: str) -> int:
    match = _ENTITY.match(scanner.text, start)
    return scanner.add("entity", start, match.end()) if match else start + 1


def scan_url(scanner: Scanner, start: int, run: str) -> int:
    text = scanner.text
    match = None
    if not (start and text[start - 1].isalnum() and text[start - 1].isascii()):
        match = _URL.match(text, start)
    if not match:
        return start + len(run)
    end = _trim_url(text, start, match.end())
    return scanner.add("url", start, end) if end > start + len(run) else start + len(run)


def scan_address(scanner: Scanner, at: int, run: str) -> int:
    """Add the bare e-mail address around ``@``; ``_`` may be emphasis but inside a word.

    ``@name@host`` is a name on a network, and ``ssh://name@host`` another kind of address.
    """
    text, found = scanner.text, scanner.found
    domain = _DOMAIN.match(text, at)
    if not domain:
        return at + 1
    start, floor = at, found[-1].end if found else 0
    while start > floor and _LOCAL_PART.match(text, start - 1):
        start -= 1
    while start < at and not text[start].isalnum():
        start += 1
    if start == at or text[start - 1 : start] in ("@", "/"):
        return at + 1
    return scanner.add("url", start, domain.end())


def is_mailbox(url: str) -> bool:
    """Tell whether a bare address, or one that stood in angle brackets, is that of an e-mail."""
    return "@" in url and "/" not in url and ":" not in url


def _trim_url(text: str, start: int, end: int) -> int:
    """Return where the URL ends without the punctuation of the sentence around it."""
    surplus = text.count(")", start, end) - text.count("(", start, end)
    while end > start:
        last = text[end - 1]
        if last == ")" and surplus > 0:
            surplus -= 1
        elif last not in ".,;:!?'*_~|\\$":
            break
        end -= 1
    return end
