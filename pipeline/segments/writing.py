"""How a target is written into the post in place of a span, or why it cannot be."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from pipeline.braces import double_braces, substitute
from pipeline.constructs.code_comments import why_no_comment
from pipeline.constructs.front_matter import write_value
from pipeline.constructs.html import VOID_ELEMENTS
from pipeline.inline import find
from pipeline.model import Profile, Segment
from pipeline.patterns import lazy
from pipeline.segments.escapes import ESCAPES, unlike_table
from pipeline.wording import Message

_PARAGRAPHS = ("markdown", "setext")
_DISPLAY_MATH = lazy(r"^(?:\$\$|\\{1,2}\[|\\begin\{([A-Za-z]+\*?)\})", re.M)
_TAG_NAME = lazy(r"</?([A-Za-z][\w-]*)")
_WIKI = lazy(r"\[\[\{(\d+)\}\\?\|([^\[\]\n]*)\]\]")


def write(segment: Segment, target: str, written: str, profile: Profile) -> str:
    """Return ``target`` as it stands in the post in place of ``written``, the segment's span.

    Raises:
        ValueError: the target cannot stand there; the argument says why, as a clause.
    """
    if target == segment.msgid:
        return written
    if segment.is_metadata:
        return write_value(segment.syntax, written, _plain(segment, target))
    if segment.syntax == "code":
        return _comment(segment, " ".join(target.split("\n")).strip())
    lines = [line.strip(" \t") for line in target.strip().split("\n")]
    if not all(lines):
        raise ValueError(Message("it has an empty line, which would end the paragraph"))
    if segment.syntax != "markdown":
        lines = [" ".join(lines)]
    if segment.syntax in _PARAGRAPHS and _holds_display_math("\n".join(lines), profile):
        raise ValueError(
            Message("it has a formula on lines of its own, which would be another block")
        )
    if segment.syntax == "html":
        _keep_open_tags(segment.msgid, target, profile)
    if "[[{" in target:
        lines = [_with_bare_links(line, segment.pieces, written) for line in lines]
    escape = ESCAPES[segment.syntax]
    continued = "\n" + segment.prefix
    texts = [
        "".join(
            part.replace("\n", continued) if is_piece else part
            for part, is_piece in _substitute(segment, escape(line, profile))
        )
        for line in lines
    ]
    if profile.kramdown and segment.syntax == "markdown":
        texts = unlike_table(texts, profile, continued)
    return (segment.hard_break + continued).join(texts)


def _holds_display_math(text: str, profile: Profile) -> bool:
    """Tell whether a formula stands alone on its lines."""
    if profile.inline_math == "off" and not profile.kramdown:
        return False
    for opening in _DISPLAY_MATH.finditer(text):
        name = opening.group(1)
        closing = f"\\end{{{name}}}" if name else opening.group().replace("[", "]")
        end = text.find(closing, opening.end())
        if end >= 0 and text[end + len(closing) :].lstrip(" \t")[:1] in ("", "\n"):
            return True
    return False


def _keep_open_tags(source: str, target: str, profile: Profile) -> None:
    """Raise ``ValueError`` if the target's tags leave open, or close, what the source's do not."""
    if _left_open(source, profile) != _left_open(target, profile):
        raise ValueError(Message("it leaves an HTML tag open, or closes one of the text around it"))


def _left_open(text: str, profile: Profile) -> Counter[str]:
    """Return how many more tags of each element ``text`` opens than closes."""
    surplus: Counter[str] = Counter()
    for found in find(text, profile, msgid=True):
        name = _TAG_NAME.match(found.text) if found.kind == "html" else None
        if name and name[1].lower() not in VOID_ELEMENTS and not found.text.endswith("/>"):
            surplus[name[1].lower()] += -1 if found.text.startswith("</") else 1
    return surplus


def _substitute(segment: Segment, target: str) -> list[tuple[str, bool]]:
    try:
        return substitute(target, segment.pieces)
    except LookupError as error:
        raise ValueError(
            Message("it has {placeholder}, which the source has not", placeholder=error.args[0])
        ) from None


def _comment(segment: Segment, target: str) -> str:
    """Return ``target`` as the text of a comment in code, on one line that stays in it."""
    text, source = _plain(segment, target), _plain(segment, segment.msgid)
    problem = why_no_comment(text, source, spaced=bool(segment.prefix))
    if problem:
        raise ValueError(problem)
    return text


def _with_bare_links(line: str, pieces: Sequence[str], written: str) -> str:
    """Write ``[[{1}|Page]]`` as ``[[{1}]]`` again where the source has ``[[Page]]``."""

    def bare(match: re.Match[str]) -> str:
        number = int(match[1])
        page = pieces[number - 1] if 1 <= number <= len(pieces) else ""
        same = double_braces(page) == match[2] and f"[[{page}]]" in written
        return f"[[{{{number}}}]]" if same else match[0]

    return _WIKI.sub(bare, line)


def _plain(segment: Segment, target: str) -> str:
    return "".join(part for part, _ in _substitute(segment, target))
