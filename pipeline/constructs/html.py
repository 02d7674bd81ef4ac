"""HTML blocks: the tags stay, the text between them is for translators.

Where a block ends depends on the dialect: at a blank line in CommonMark, at the closing tag in
kramdown. ``markdown="1"`` (or kramdown's option ``parse_block_html``) makes its body Markdown.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter

from markdown_it.common.html_blocks import block_names
from markdown_it.rules_block import StateBlock

from pipeline.constructs.state import (
    Span,
    container_end,
    content_start,
    indented_as_code,
    leaves_container,
    line_at,
    marks_of,
    profile_of,
    push_text,
    push_verbatim,
    trimmed,
)
from pipeline.model import Profile
from pipeline.patterns import lazy

SPAN_ELEMENTS = frozenset(
    (
        "a abbr acronym b bdi bdo big br button cite code data del dfn em font i img "
        "input ins kbd label mark meter option output picture progress q rb rp rt rtc "
        "ruby s samp select small span strike strong sub sup time tt u var wbr"
    ).split()
)
_KRAMDOWN_SPANS = SPAN_ELEMENTS - frozenset(
    "bdi data font meter output picture progress s strike time wbr".split()
)
"""Elements that kramdown takes for text at the start of a line."""
_BLOCK_MODEL = frozenset(
    (
        "address applet article aside blockquote body dd details div dl fieldset figure "
        "figcaption footer form header hgroup iframe li main map menu nav noscript object section "
        "summary td"
    ).split()
)
"""Elements whose body kramdown reads as blocks of Markdown where ``markdown="1"`` asks for it."""
VOID_ELEMENTS = frozenset(
    ("area base br col embed hr img input link meta param source track wbr").split()
)
_BLOCK_NAMES = frozenset(block_names)
_RAW = lazy(r"<(script|pre|style|textarea|svg|math)(?=[ \t>]|$)", re.I)
_RAW_TAG = lazy(r"<(script|pre|style|textarea)(?=[ \t>]|$)", re.I | re.M)
_RAW_ENDS = {
    name: re.compile(f"</{name}>", re.I) for name in ("script", "pre", "style", "textarea")
}
_DECLARATIONS = (("<!--", "-->"), ("<?", "?>"), ("<![CDATA[", "]]>"), ("<!", ">"))
_TAG_START = lazy(r"<(/?)([A-Za-z][\w:.\-]*)(?=[\s/>]|$)")
_ATTRIBUTE = r"\s+[A-Za-z_:@][\w.:@\-]*(?:\s*=\s*(?:[^\s\"'=<>`]+|'[^']*'|\"[^\"]*\"))?"
_WHOLE_TAG = lazy(rf"<(?:[A-Za-z][\w\-]*(?:{_ATTRIBUTE})*\s*/?|/[A-Za-z][\w\-]*\s*)>[ \t]*$")
_OPEN_TAG = lazy(rf"<[A-Za-z][\w:.\-]*((?:{_ATTRIBUTE})*)\s*(/?)>")
_MARKDOWN = lazy(r"\smarkdown\s*=\s*[\"']?(\w+)")
_VERBATIM_NAMES = frozenset(
    ("script style pre textarea svg math code kbd iframe object title d-code d-math gist").split()
)
_MARKUP = lazy(
    r"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)|<!\[CDATA\[.*?(?:\]\]>|\Z)"
    rf"|<(?P<slash>/?)(?P<name>[A-Za-z][\w:.\-]*)(?:{_ATTRIBUTE})*\s*(?P<empty>/?)>"
    r"|\{\{|\{%"
    r"|^[ \t]*(?P<fence>`{3,}|~{3,})[^`\n]*\n(?:.*?^[ \t]*(?P=fence)[`~]*[ \t\r]*$|.*\Z)",
    re.S | re.M,
)
_TAG_OR_COMMENT = lazy(
    r"<!--|<(?P<slash>/?)(?P<name>[A-Za-z][\w:.\-]*)(?=[\s/>])[^<>]*?(?P<empty>/?)>"
)
_BLANK_LINE = lazy(r"(?:\r\n|\r|\n)[ \t]*(?:\r\n|\r|\n)\s*")
_INLINE_VERBATIM = frozenset(("code", "kbd"))


def html(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a block of HTML."""
    if indented_as_code(state, start_line):
        return False
    start, end = content_start(state, start_line), state.eMarks[start_line]
    if state.src[start : start + 1] != "<":
        return False
    last_line = _last_line(state, start, end, start_line, end_line, silent)
    if last_line < 0:
        return False
    if not silent:
        _push_html(state, start, start_line, last_line + 1)
    return True


def starts_html(line: str, profile: Profile) -> bool:
    """Tell whether a line of text would start a block of HTML."""
    if line.startswith(("<!", "<?")):
        return True
    tag = _TAG_START.match(line)
    if not tag:
        return False
    name = tag.group(2).lower()
    if profile.kramdown:
        return name not in _KRAMDOWN_SPANS
    return name in _BLOCK_NAMES or bool(_RAW.match(line) or _WHOLE_TAG.match(line))


def _last_line(
    state: StateBlock, start: int, end: int, start_line: int, end_line: int, silent: bool
) -> int:
    """Return the block's last line, or -1 when the line starts no HTML block."""
    kramdown = profile_of(state).kramdown
    raw = _RAW.match(state.src, start, end)
    if raw:
        return _line_with(state, f"</{raw.group(1).lower()}", start, start_line, end_line)
    for opening, closing in _DECLARATIONS:
        if state.src.startswith(opening, start):
            # CommonMark's shortest comment is ``<!-->``.
            inside = start + (2 if opening == "<!--" and not kramdown else len(opening))
            return _line_with(state, closing, inside, start_line, end_line)
    tag = _TAG_START.match(state.src, start, end)
    if not tag:
        return -1
    closing_tag, name = bool(tag.group(1)), tag.group(2).lower()
    if name not in _BLOCK_NAMES:
        if kramdown and (name in _KRAMDOWN_SPANS or not _opens(state, start, start_line, end_line)):
            return -1
        if not kramdown and (silent or not _WHOLE_TAG.match(state.src, start, end)):
            return -1
    if kramdown:
        return _kramdown_last_line(state, start, name, closing_tag, start_line, end_line)
    last = _before_blank(state, start_line, end_line)
    return _behind_raw(state, start, last, start_line, end_line)


def _behind_raw(state: StateBlock, start: int, last: int, line: int, end_line: int) -> int:
    """Return the last line of a block that ends at ``last``, or goes on in its ``<pre>``.

    CommonMark ends the block at a blank line even there, but what follows shows as code.
    """
    while raw := _RAW_TAG.search(state.src, start, state.eMarks[last]):
        start = raw.end()
        closing = marks_of(state).search(_RAW_ENDS[raw[1].lower()], start, len(state.src))
        if closing and closing.end() > state.eMarks[last]:
            line = line_at(state, closing.start(), line, end_line)
            if line >= container_end(state, last + 1, end_line):
                break
            last = _before_blank(state, line, end_line)
        start = closing.end() if closing else start
    return last


def _line_with(state: StateBlock, mark: str, position: int, start_line: int, end_line: int) -> int:
    """Return the line that holds ``mark``, or the container's last line."""
    line = start_line
    while line < end_line and not leaves_container(state, line):
        if (mark, end_line) in state.env["absent"]:
            break
        if mark in state.src[position : state.eMarks[line]].lower():
            return line
        line += 1
        position = state.bMarks[line]
    else:
        if line >= end_line:
            state.env["absent"].add((mark, end_line))
        return line - 1
    return _before_blank(state, start_line, end_line)


def _before_blank(state: StateBlock, line: int, end_line: int) -> int:
    while line + 1 < end_line and not state.isEmpty(line + 1):
        if leaves_container(state, line + 1):
            break
        line += 1
    return line


def _kramdown_last_line(
    state: StateBlock, start: int, name: str, closing_tag: bool, start_line: int, end_line: int
) -> int:
    limit = _container_limit(state, start_line, end_line)
    opening = _OPEN_TAG.match(state.src, start, limit)
    if closing_tag or not opening:
        return start_line
    first = line_at(state, opening.end() - 1, start_line, end_line)
    if name in VOID_ELEMENTS or opening.group(2):
        return first
    if _holds_blocks(state, name, opening.group(1)):
        return first
    end = _matching_close(state, name, opening.end(), limit)
    if end < 0:
        return max(first, _before_blank(state, start_line, end_line))
    return line_at(state, end - 1, start_line, end_line)


def _holds_blocks(state: StateBlock, name: str, attributes: str) -> bool:
    """Tell whether the body of an element is blocks of Markdown."""
    asked = _MARKDOWN.search(attributes)
    if asked and asked.group(1) != "1":
        return asked.group(1) == "block"
    return bool(asked or state.env.get("markdown_in_html")) and name in _BLOCK_MODEL


def _opens(state: StateBlock, start: int, start_line: int, end_line: int) -> bool:
    limit = _container_limit(state, start_line, end_line)
    return bool(_OPEN_TAG.match(state.src, start, limit) or state.src.startswith("</", start))


def _container_limit(state: StateBlock, line: int, end_line: int) -> int:
    if not state.blkIndent:
        return state.eMarks[end_line - 1]
    return state.eMarks[container_end(state, line + 1, end_line) - 1]


def _matching_close(state: StateBlock, name: str, position: int, limit: int) -> int:
    """Return where the tag's partner ends, or -1; an unclosed tag is looked for only once."""
    if (name, limit) in state.env["absent"]:
        return -1
    depth, tags = 1, _tags(state).get(name, ())
    for tag in tags[bisect_left(tags, position, key=_START) :]:
        if tag.end > limit:
            break
        if tag.comment < position:  # not commented out, unless the element is so, too
            depth += tag.depth
            if not depth:
                return tag.end
    state.env["absent"].add((name, limit))
    return -1


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag: ``depth`` is 1 if it opens, -1 if it closes; ``comment`` starts around it, or -1."""

    start: int
    end: int
    depth: int
    comment: int


_START = attrgetter("start")


def _tags(state: StateBlock) -> dict[str, list[_Tag]]:
    """Return all tags of the post by their name: there may be as many names as tags."""
    tags: dict[str, list[_Tag]] | None = state.env.get("tags")
    if tags is None:
        tags = state.env["tags"] = {}
        comment = comment_end = -1
        for match in _TAG_OR_COMMENT.finditer(state.src):
            start, end = match.span()
            if match["name"] is None:
                closing = marks_of(state).find("-->", end)
                if start >= comment_end and closing >= 0:
                    comment, comment_end = start, closing + 3
            elif not match["empty"]:
                inside = comment if start < comment_end else -1
                tag = _Tag(start, end, -1 if match["slash"] else 1, inside)
                tags.setdefault(match["name"].lower(), []).append(tag)
    return tags


def _push_html(state: StateBlock, start: int, start_line: int, end_line: int) -> None:
    """Push the tags as verbatim tokens and the text between them as text tokens."""
    position, end = start, state.eMarks[end_line - 1]
    if state.src.startswith("<!--", start) and state.src.find("-->", start, end) in (-1, end - 3):
        push_verbatim(state, "comment", start_line, end_line)
        return
    line = start_line
    state.push("html_open", "html", 1).map = [start_line, end_line]
    for run_start, run_end in _text_runs(state.src, _broken_tag_end(state.src, start, end), end):
        line = line_at(state, run_start, line, end_line)
        position = _push_run(state, position, (run_start, run_end), line)
    _push_tags(state, position, end)
    state.push("html_close", "html", -1)
    state.line = end_line


def _broken_tag_end(src: str, start: int, end: int) -> int:
    """Return where the tag at ``start`` ends for a browser if it is not well formed."""
    if not _TAG_START.match(src, start, end) or _MARKUP.match(src, start, end):
        return start
    return src.find(">", start, end) + 1 or end


def _push_tags(state: StateBlock, start: int, end: int) -> None:
    tags = state.src[start:end].strip()
    if tags:
        token = state.push("verbatim", "html", 0)
        token.content, token.meta = tags, {"span": (start, end)}


def _push_run(state: StateBlock, position: int, run: Span, line: int) -> int:
    """Push one run of text, without the lines at its ends that hold only tags; return its end.

    What stands between ``position`` and the text is pushed before it. The lines keep their
    indentation, which a code element may need.
    """
    spans, first_line, (start, end) = [], line, run
    prefix = state.src[_physical_start(state, line) : state.bMarks[line]]
    while start < end:
        spans.append((start, min(end, state.eMarks[line])))
        line += 1
        start = max(start, state.bMarks[line])
    first, last = 0, len(spans) - 1
    while first < last and _only_tags(state.src, spans[first]):
        first += 1
    while last > first and _only_tags(state.src, spans[last]):
        last -= 1
    first_line, spans = first_line + first, spans[first : last + 1]
    spans[0] = (trimmed(state.src, *spans[0])[0], spans[0][1])
    spans[-1] = (spans[-1][0], trimmed(state.src, *spans[-1])[1])
    _push_tags(state, position, spans[0][0])
    push_text(state, "html text", spans, syntax="html", first_line=first_line, prefix=prefix)
    return spans[-1][1]


def _only_tags(src: str, span: Span) -> bool:
    """Tell whether a line holds nothing but span-level tags, none of a verbatim element."""
    position, end = span
    closings = _last_closings(src, *span)
    while found := _next_markup(src, position, end, closings):
        match, behind = found
        if src[position : match.start()].strip():
            return False
        if (match["name"] or "").lower() not in SPAN_ELEMENTS - _INLINE_VERBATIM:
            return False
        position = behind
    return not src[position:end].strip()


def _physical_start(state: StateBlock, line: int) -> int:
    """Return where a line starts in the file, before the marks of its quotes."""
    position = state.bMarks[line]
    floor = state.eMarks[line - 1] if line else 0
    while position > floor and state.src[position - 1] in "> \t":
        position -= 1
    return position


def _markup(src: str, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
    """Yield start and end of all that is no text, and whether a line of text may hold it."""
    closings = _last_closings(src, start, end)
    while found := _next_markup(src, start, end, closings):
        match, start = found
        name = (match["name"] or "").lower()
        if name in _VERBATIM_NAMES and not match["slash"] and not match["empty"]:
            start = _element_end(src, name, match.end(), end)
            blank = _BLANK_LINE.search(src, match.end(), start)
            yield match.start(), start, name in _INLINE_VERBATIM and not blank
        else:
            yield match.start(), start, name in SPAN_ELEMENTS or match.group()[0] == "{"


def _last_closings(src: str, start: int, end: int) -> dict[str, tuple[str, int]]:
    """Return what closes each Liquid mark, and where it last does so: no use to look behind it."""
    return {
        opening: (closing, src.rfind(closing, start, end))
        for opening, closing in (("{{", "}}"), ("{%", "%}"))
    }


def _next_markup(
    src: str, start: int, end: int, closings: dict[str, tuple[str, int]]
) -> tuple[re.Match[str], int] | None:
    """Return the match of the next comment, tag or Liquid mark, and where what it opens ends."""
    while match := _MARKUP.search(src, start, end):
        closing, last = closings.get(match.group(), ("", -1))
        if not closing:
            return match, match.end()
        if match.end() <= last:
            return match, src.index(closing, match.end()) + len(closing)
        start = match.start() + 1
    return None


def _element_end(src: str, name: str, start: int, end: int) -> int:
    """Return where the element whose opening tag ends at ``start`` is closed, or ``end``."""
    depth = 1
    for match in re.compile(rf"<(/?){name}(?=[\s/>])[^<>]*>", re.I).finditer(src, start, end):
        depth += -1 if match.group(1) else 1
        if not depth:
            return match.end()
    return end


def _text_runs(src: str, start: int, end: int) -> Iterator[Span]:
    """Yield the spans of text between block-level tags; span-level tags belong to the text."""
    run = start
    for tag_start, tag_end, inline in _markup(src, start, end):
        if not inline:
            yield from _paragraphs(src, run, tag_start)
            run = tag_end
    yield from _paragraphs(src, run, end)


def _paragraphs(src: str, start: int, end: int) -> Iterator[Span]:
    """Yield the parts of a text between blank lines, without the white space around them."""
    for stop, resume in [m.span() for m in _BLANK_LINE.finditer(src, start, end)] + [(end, end)]:
        left, right = start, stop
        while left < right and src[left].isspace():
            left += 1
        while right > left and src[right - 1].isspace():
            right -= 1
        if right > left:
            yield left, right
        start = resume
