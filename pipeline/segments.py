"""What a translator sees of a span of the post, and how a target is written back into it.

``read`` makes the msgid: inline Markdown on one line, destinations and Liquid as ``{1}``, literal
braces doubled, soft line breaks joined, hard ones kept as ``\\n``. ``write`` is its way back for a
target that differs from the msgid; where it does not, the span itself is the answer, so nothing
that ``read`` normalises is ever lost.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass

from pipeline.braces import double_braces, substitute
from pipeline.constructs.code_comments import why_no_comment
from pipeline.constructs.colons import LABEL_TEXT
from pipeline.constructs.front_matter import write_value
from pipeline.constructs.html import VOID_ELEMENTS, starts_html
from pipeline.inline import find, join_lines, prose, starts_with_letter
from pipeline.model import FRONT_MATTER, Placeable, Profile, Segment
from pipeline.patterns import lazy

_ALWAYS_PLACEHOLDERS = frozenset(("liquid", "attributes", "comment", "url", "embed", "image"))
_READABLE_WITHOUT_BRACES = frozenset(("code", "math", "html"))
_LINE_START = lazy(r"\n[ \t]+")
_CLOSING = frozenset(("close", "reference", "shortcut"))


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


_LINES_MATTER = lazy(r"<(?!(?:code|kbd)\b)|.*%", re.I | re.S)
"""What a line's end may matter to: raw elements of HTML, and TeX with a comment."""


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
        raise ValueError("it has an empty line, which would end the paragraph")
    if segment.syntax != "markdown":
        lines = [" ".join(lines)]
    if segment.syntax in _PARAGRAPHS and _holds_display_math("\n".join(lines), profile):
        raise ValueError("it has a formula on lines of its own, which would be another block")
    if segment.syntax == "html":
        _keep_open_tags(segment.msgid, target, profile)
    if "[[{" in target:
        lines = [_with_bare_links(line, segment.pieces, written) for line in lines]
    escape = _ESCAPES[segment.syntax]
    continued = "\n" + segment.prefix
    texts = [
        "".join(
            part.replace("\n", continued) if is_piece else part
            for part, is_piece in _substitute(segment, escape(line, profile))
        )
        for line in lines
    ]
    if profile.kramdown and segment.syntax == "markdown":
        texts = _unlike_table(texts, profile, continued)
    return (segment.hard_break + continued).join(texts)


_TAG_NAME = lazy(r"</?([A-Za-z][\w-]*)")


def _keep_open_tags(source: str, target: str, profile: Profile) -> None:
    """Raise ``ValueError`` if the target's tags leave open, or close, what the source's do not."""
    if _left_open(source, profile) != _left_open(target, profile):
        raise ValueError("it leaves an HTML tag open, or closes one of the text around it")


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
        raise ValueError(f"it has {error.args[0]}, which the source has not") from None


def _comment(segment: Segment, target: str) -> str:
    """Return ``target`` as the text of a comment in code, on one line that stays in it."""
    text, source = _plain(segment, target), _plain(segment, segment.msgid)
    problem = why_no_comment(text, source, spaced=bool(segment.prefix))
    if problem:
        raise ValueError(problem)
    return text


_WIKI = lazy(r"\[\[\{(\d+)\}\\?\|([^\[\]\n]*)\]\]")


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


_BLOCK_START = lazy(
    r"#|>|[-+*](?=[ \t]|$)|(?:=+|-+|[-*_](?:[ \t]*[-*_]){2,})[ \t]*$|:(?=[ \t:]|$)|\^[ \t]*$"
    r"|`{3,}(?=[^`]*$)|~{3,}|\*?\[[^\]]*\]:|\{\{|[|:-](?=[|: \t]*-)[|: \t-]*$|\|"
    r"|!{3}[ \t]*[A-Za-z]|={3}[!+]{0,2}[ \t]+\""
    r"|\[![A-Za-z]+\][+-]?[ \t]*$|\[[ xX]\](?=[ \t])"
)
_QUESTION_MARKS = lazy(r"\?{3}\+?[ \t]*[A-Za-z\"]")
_ORDERED = lazy(r"(\d{1,9})([.)])(?=[ \t]|$)")


_PARAGRAPHS = ("markdown", "setext")
_DISPLAY_MATH = lazy(r"^(?:\$\$|\\{1,2}\[|\\begin\{([A-Za-z]+\*?)\})", re.M)


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


def _unlike_table(lines: list[str], profile: Profile, continued: str) -> list[str]:
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
    raise ValueError("kramdown would take it for a table: put a space outside the formula")


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
        raise ValueError("its brackets or its last backslash would change where the label ends")
    return line


def _unescaped(line: str, profile: Profile) -> str:
    return line


_ESCAPES = {
    "markdown": _escape_line,
    "setext": _escape_line,
    "heading": _escape_heading,
    "title": _escape_title,
    "label": _escape_label,
    "cell": _escape_cell,
    "html": _unescaped,
}
