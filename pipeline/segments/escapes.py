"""Keeping a target's line from being another block, or from leaving the one it stands in."""

from __future__ import annotations

import re
from collections.abc import Iterable

from pipeline.constructs.colons import LABEL_TEXT
from pipeline.constructs.html import starts_html
from pipeline.inline import find
from pipeline.model import Placeable, Profile
from pipeline.patterns import lazy
from pipeline.wording import Message

_BLOCK_START = lazy(
    r"#|>|[-+*](?=[ \t]|$)|(?:=+|-+|[-*_](?:[ \t]*[-*_]){2,})[ \t]*$|:(?=[ \t:]|$)|\^[ \t]*$"
    r"|`{3,}(?=[^`]*$)|~{3,}|\*?\[[^\]]*\]:|\{\{|[|:-](?=[|: \t]*-)[|: \t-]*$|\|"
    r"|!{3}[ \t]*[A-Za-z]|={3}[!+]{0,2}[ \t]+\""
    r"|\[![A-Za-z]+\][+-]?[ \t]*$|\[[ xX]\](?=[ \t])"
)
_QUESTION_MARKS = lazy(r"\?{3}\+?[ \t]*[A-Za-z\"]")
_ORDERED = lazy(r"(\d{1,9})([.)])(?=[ \t]|$)")


def _escape_line(line: str, profile: Profile) -> str:
    """Escape what would start another block at the beginning of a paragraph's line."""
    ordered = _ORDERED.match(line)
    if ordered:
        return f"{ordered.group(1)}\\{line[ordered.end(1) :]}"
    if profile.kramdown and "|" in line:
        line = _escape_pipes(line, profile)
    if profile.admonitions and _QUESTION_MARKS.match(line):
        return "&#63;" + line[1:]  # kramdown would show a backslash
    starts_block = _BLOCK_START.match(line) and not _keeps(line, profile)
    return "\\" + line if starts_block or starts_html(line, profile) else line


def _keeps(line: str, profile: Profile) -> bool:
    """Tell whether the line starts with an inline construct rather than a block marker."""
    found = find(line[:400], profile, msgid=True)
    return bool(found) and found[0].start == 0 and found[0].kind in ("code", "emphasis")


def _escape_pipes(line: str, profile: Profile) -> str:
    """Escape each bare pipe in prose: a paragraph with pipes is a table in kramdown."""
    return _escape_prose(line, profile, "|")


def _escape_prose(line: str, profile: Profile, marks: str) -> str:
    """Escape each of ``marks`` where it is prose."""
    bare = re.compile(rf"(\\.)|([{re.escape(marks)}])")
    parts, position = [], 0
    for placeable in [*find(line, profile, msgid=True), None]:
        end = placeable.start if placeable else len(line)
        parts.append(bare.sub(lambda m: m.group(1) or "\\" + m.group(2), line[position:end]))
        if placeable:
            parts.append(placeable.text)
            position = placeable.end
    return "".join(parts)


def _escape_cell(line: str, profile: Profile) -> str:
    if "|" not in line:
        return line
    if profile.kramdown:
        return re.sub(r"(\[\[\{\d+\})\|", r"\1\\|", _escape_pipes(line, profile))
    return re.sub(r"(\\.)|\|", lambda match: match.group(1) or "\\|", line)


def _escape_heading(line: str, profile: Profile) -> str:
    """Escape what would be a heading's closing marks or its id."""
    line = re.sub(r"(^|[ \t])(#+)$", r"\1\\\2", line)
    return re.sub(r"(?<!\\)\{\{(?=[#:][^{}]*\}\}$)", r"\\{{", line)


def _escape_title(line: str, profile: Profile) -> str:
    """Escape what would be the attributes behind a title."""
    return line[:-2] + "\\}}" if line.endswith("}}") else line


def _escape_label(line: str, profile: Profile) -> str:
    """Escape the brackets that would end a label, or leave it open.

    Raises:
        ValueError: one of them stands where it cannot be escaped.
    """
    line = _escape_prose(line, profile, "[]")
    if not LABEL_TEXT.fullmatch(line):
        raise ValueError(
            Message("its brackets or its last backslash would change where the label ends")
        )
    return line


def _unescaped(line: str, profile: Profile) -> str:
    return line


ESCAPES = {
    "markdown": _escape_line,
    "setext": _escape_line,
    "heading": _escape_heading,
    "title": _escape_title,
    "label": _escape_label,
    "cell": _escape_cell,
    "html": _unescaped,
}


def unlike_table(lines: list[str], profile: Profile, continued: str) -> list[str]:
    """Break a line, if need be, so that not every line of the paragraph holds a pipe.

    A formula with pipes makes a one-line paragraph a table in kramdown; two lines, one without a
    pipe, it leaves alone.

    Raises:
        ValueError: there is no place to break at.
    """
    if not all(_bare_pipes(line, profile) for line in lines):
        return lines
    first, pipes = lines[0], _bare_pipes(lines[0], profile)
    gaps = list(re.finditer(" +", first))
    inside = _covered([gap.start() for gap in gaps], find(first, profile))
    for gap in gaps:
        parts_pipes = gap.start() <= pipes[0] or gap.end() > pipes[-1]
        if parts_pipes and gap.start() not in inside and not _starts_block(first, gap.end()):
            return [first[: gap.start()] + continued + first[gap.end() :], *lines[1:]]
    raise ValueError(Message("kramdown would take it for a table: put a space outside the formula"))


def _bare_pipes(line: str, profile: Profile) -> list[int]:
    """Return where kramdown sees cell borders: pipes that are neither escaped nor in code."""
    if "|" not in line:
        return []
    code = [found for found in find(line, profile) if found.kind in ("code", "wiki", "embed")]
    found = [match.end() - 1 for match in re.finditer(r"\\.|\|", line) if match.group() == "|"]
    inside = _covered(found, code)
    return [at for at in found if at not in inside]


def _covered(positions: Iterable[int], placeables: Iterable[Placeable]) -> set[int]:
    """Return those of the rising ``positions`` that lie in a placeable."""
    inside: set[int] = set()
    rest = iter(placeables)
    placeable = next(rest, None)
    for position in positions:
        while placeable and placeable.end <= position:
            placeable = next(rest, None)
        if placeable and placeable.start <= position:
            inside.add(position)
    return inside


def _starts_block(text: str, start: int) -> bool:
    return bool(_BLOCK_START.match(text, start) or _ORDERED.match(text, start))
