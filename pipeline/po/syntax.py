"""The syntax of PO files, as strict as ``msgfmt``'s: lines in, entries out.

One pass by our own rules, because polib loads unterminated strings and duplicates without a word
and takes U+2028 for a line end. One rule is stricter than ``msgfmt``'s: a keyword and its first
string share a line, and no line holds two strings. Errors carry a line; the caller adds the path.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from pipeline.errors import PipelineError
from pipeline.patterns import lazy
from pipeline.wording import Message, listed

_BLANKS = " \t\v\f"
_MARKERS = ("#.", "#:", "#,", "#|", "#=")
_CONFLICT = lazy(r"<{7}|={7}|>{7}|\|{7}")
_STATEMENT = lazy(
    r"""(?:(?P<keyword>[A-Za-z_]\w*+)[ \t]*+(?:\[[ \t]*+(?P<index>[0-9]++)[ \t]*+\])?+[ \t]*+)?+
        (?:"(?P<string>(?:[^"\\]|\\.)*+)"(?P<rest>.*))?+""",
    re.VERBOSE,
)
_TEXT = r'((?:"[^"\\\n]*+(?:\\[abfnrtv\\"][^"\\\n]*+)*+"(?:\n|\Z))++)'
_USUAL = lazy(rf"((?:#[.:,]? .*\n)*+)(?:msgctxt {_TEXT})?+msgid {_TEXT}msgstr {_TEXT}")
"""An entry as nearly all are: comments, then strings with plain escapes, nothing around them."""
_NUMERIC = r"(?:x[0-9A-Fa-f]+|[0-7]{1,3})"
_ESCAPE = lazy(rf'\\(?:([abfnrtv\\"])|({_NUMERIC}(?:\\{_NUMERIC})*)|(.))')
_NAMED = dict(zip('abfnrtv\\"', '\a\b\f\n\r\t\v\\"', strict=True))
_KEYWORDS = ("msgctxt", "msgid", "msgid_plural", "msgstr")
_FOLLOWERS = {
    "": ("msgctxt", "msgid"),
    "msgctxt": ("msgid",),
    "msgid": ("msgid_plural", "msgstr"),
    "msgid_plural": ("msgstr[]",),
    "msgstr": (),
    "msgstr[]": ("msgstr[]",),
}


@dataclass(frozen=True, slots=True)
class Statement:
    """A line's string, behind a keyword unless it continues the string before."""

    line: int
    string: str
    keyword: str = ""
    index: int | None = None


@dataclass(slots=True)
class Entry:
    """An entry while it is read; ``first`` and ``last`` are its lines, ``line`` its msgid's.

    ``comments`` are pairs of marker (``#``, ``#.`` …) and the text right behind it. The strings of
    ``previous`` (``#|``) and of the entry proper come in pieces, by keyword (``msgstr[0]`` …).
    """

    first: int = 0
    last: int = 0
    line: int = 0
    previous_line: int = 0
    obsolete: bool | None = None
    comments: list[tuple[str, str]] = field(default_factory=list)
    previous: dict[str, list[str]] = field(default_factory=dict)
    strings: dict[str, list[str]] = field(default_factory=dict)

    @property
    def complete(self) -> bool:
        """Whether a further comment or msgid belongs to the next entry."""
        return _latest(self.strings).startswith("msgstr")

    def add_comment(self, marker: str, text: str) -> None:
        """Take a comment line; it must stand before every string."""
        self.check_open()
        if self.previous:
            raise self._misplaced()
        self.comments.append((marker, text))

    def add_previous(self, found: Statement) -> None:
        """Take a ``#|`` line; it must stand between the comments and the strings."""
        self.check_open()
        self.previous_line = self.previous_line or found.line
        if found.keyword == "msgstr":
            raise self._misplaced()
        _add(self.previous, found)

    def add_string(self, found: Statement) -> None:
        """Take a line of the entry proper."""
        if found.keyword in ("msgctxt", "msgid"):
            if "msgid" in self.strings:
                raise self._unfinished()
            if self.previous and "msgid" not in self.previous:
                raise self._misplaced()
            self.line = found.line
        _add(self.strings, found)

    def check_open(self) -> None:
        """Raise if the entry has begun and is not complete."""
        if self.strings and not self.complete:
            raise self._unfinished()

    def check_end(self) -> None:
        """Raise if the file may not end here."""
        self.check_open()
        if self.previous and not self.strings:
            raise self._misplaced()

    def _unfinished(self) -> PipelineError:
        missing = "msgstr" if "msgid" in self.strings else "msgid"
        hint = Message("Complete the entry, or restore the file from version control.")
        return PipelineError(
            Message("missing {missing} in this entry", missing=missing), line=self.line, hint=hint
        )

    def _misplaced(self) -> PipelineError:
        hint = Message("Move the #| lines directly above the entry's msgctxt or msgid.")
        return PipelineError(Message("misplaced #|"), line=self.previous_line, hint=hint)


def entries(body: str) -> Iterator[Entry]:
    """Yield the entries; comments behind the last one come as an entry without strings."""
    entry, number = Entry(), 1
    for paragraph in body.split("\n\n"):
        usual = _usual(paragraph, number) if entry.complete or not entry.first else None
        if usual:
            if entry.first:
                yield entry
            entry = usual
        else:
            for at, line in enumerate(paragraph.split("\n"), number):
                following = _with_line(entry, at, line)
                if following is not entry:
                    yield entry
                    entry = following
        number += paragraph.count("\n") + 2
    entry.check_end()
    if entry.first:
        yield entry


def _usual(paragraph: str, number: int) -> Entry | None:
    """Return the entry of a paragraph that is written as most are; line by line takes longer."""
    match = _USUAL.fullmatch(paragraph)
    if not match:
        return None
    comments, context, msgid, msgstr = match.groups()
    strings = {} if context is None else {"msgctxt": [_text(context)]}
    strings["msgid"], strings["msgstr"] = [_text(msgid)], [_text(msgstr)]
    return Entry(
        number,
        number + paragraph.count("\n", 0, -1),
        number + paragraph.count("\n", 0, match.start(3)),
        obsolete=False,
        comments=[
            (line[:2].rstrip(" "), line[2 - (line[1] == " ") :])
            for line in comments.split("\n")[:-1]
        ],
        strings=strings,
    )


def _text(strings: str) -> str:
    """Return the text of strings that stand below each other."""
    text = strings.removesuffix("\n")[1:-1].replace('"\n"', "")
    return _ESCAPE.sub(lambda match: _NAMED[match[1]], text) if "\\" in text else text


def _with_line(entry: Entry, number: int, line: str) -> Entry:
    """Take in a line; return its entry: the one before, or a new one where that is complete."""
    marker, text, obsolete = _classify(line)
    if not text and marker in ("", "#|"):
        return entry
    found = _statement(number, text) if marker in ("", "#|") else None
    if entry.complete and (marker or (found and found.keyword in ("msgctxt", "msgid"))):
        entry = Entry()
    entry.first, entry.last = entry.first or number, number
    if found is None:
        entry.add_comment(marker, text)
        return entry
    _check_obsolete(entry, number, obsolete)
    if marker:
        entry.add_previous(found)
    else:
        entry.add_string(found)
    return entry


def _classify(line: str) -> tuple[str, str, bool]:
    """Return the line's comment marker, what stands behind it, and whether it is obsolete."""
    text = line.lstrip(_BLANKS)
    obsolete = text.startswith("#~")
    if text.startswith("#~|"):
        text = "#" + text[2:]
    elif obsolete:
        text = text[2:].lstrip(_BLANKS)
    if not text.startswith("#"):
        return "", text.strip(_BLANKS), obsolete
    marker = text[:2] if text.startswith(_MARKERS) else "#"
    text = text[len(marker) :]
    return marker, text.strip(_BLANKS) if marker == "#|" else text, obsolete


def _check_obsolete(entry: Entry, number: int, obsolete: bool) -> None:
    if entry.obsolete not in (None, obsolete):
        hint = Message("Start every line of an obsolete entry with #~, and no line of another one.")
        raise PipelineError(Message("inconsistent use of #~"), line=number, hint=hint)
    entry.obsolete = obsolete


def _statement(number: int, text: str) -> Statement:
    """Read ``keyword "string"`` or ``"string"``."""
    match = _STATEMENT.match(text)
    if match is None or match["string"] is None or match["rest"]:
        raise _syntax_error(number, text)
    keyword, index = match["keyword"] or "", match["index"]
    if keyword and keyword not in _KEYWORDS:
        raise _syntax_error(number, text)
    string = _unescape(number, match["string"])
    return Statement(number, string, keyword, None if index is None else int(index))


def _syntax_error(number: int, text: str) -> PipelineError:
    match = _STATEMENT.match(text)
    keyword = match["keyword"] if match else None
    behind = text[match.end() :] if match else text
    if _CONFLICT.match(text):
        what, hint = (
            Message("merge conflict marker"),
            Message("Resolve the conflict, then run again."),
        )
    elif keyword is not None and keyword not in _KEYWORDS:
        what, hint = (
            Message("unknown keyword {keyword}", keyword=keyword),
            Message("Known are {keywords}.", keywords=listed(_KEYWORDS)),
        )
    elif match and match["rest"]:
        what, hint = (
            Message("text after the closing quote"),
            Message(r"Write a quote inside the text as \"."),
        )
    elif behind.startswith('"'):
        what, hint = Message("unterminated string"), Message('Close it with ".')
    elif keyword is not None:
        what, hint = (
            Message("{keyword} without a string", keyword=keyword),
            Message("Write its text behind it, in straight quotes."),
        )
    else:
        what, hint = (
            Message("unexpected text {text}", text=repr(behind[:20])),
            Message("Put texts into straight quotes."),
        )
    return PipelineError(what, line=number, hint=hint)


def _unescape(number: int, string: str) -> str:
    if "\\" not in string:
        return string

    def replacement(match: re.Match[str]) -> str:
        named, numeric, unknown = match.groups()
        if unknown:
            hint = Message("Write a backslash as \\\\.")
            raise PipelineError(
                Message("unknown escape \\{unknown}", unknown=unknown), line=number, hint=hint
            )
        return _NAMED[named] if named else _decode(number, numeric)

    return _ESCAPE.sub(replacement, string)


def _decode(number: int, numeric: str) -> str:
    r"""Decode ``xE4\xB8\xAD``: numeric escapes stand for bytes, not for characters."""
    codes = [
        int(code[1:], 16) if code.startswith("x") else int(code, 8) for code in numeric.split("\\")
    ]
    try:
        return bytes(code & 0xFF for code in codes).decode("utf-8")
    except UnicodeDecodeError as error:
        hint = Message("Write the characters themselves.")
        raise PipelineError(
            Message("escapes that are not UTF-8"), line=number, hint=hint
        ) from error


def _latest(section: dict[str, list[str]]) -> str:
    return next(reversed(section), "")


def _add(section: dict[str, list[str]], found: Statement) -> None:
    latest = _latest(section)
    if found.keyword:
        _check_order(section, latest, found)
        name = found.keyword if found.index is None else f"{found.keyword}[{found.index}]"
        section[name] = [found.string]
    elif latest:
        section[latest].append(found.string)
    else:
        hint = Message("Write msgid or msgstr before it.")
        raise PipelineError(Message("a string without a keyword"), line=found.line, hint=hint)


def _check_order(section: dict[str, list[str]], latest: str, found: Statement) -> None:
    kind = found.keyword if found.index is None else f"{found.keyword}[]"
    if kind not in _FOLLOWERS["msgstr[]" if latest.endswith("]") else latest]:
        hint = Message("The order is msgctxt, msgid, msgid_plural, msgstr; each stands once.")
        raise PipelineError(
            Message("{kind} cannot stand here", kind=kind), line=found.line, hint=hint
        )
    if found.index is not None and found.index != len(section.keys() - set(_KEYWORDS)):
        hint = Message("Number the plural forms 0, 1, 2 without a gap.")
        raise PipelineError(Message("plural form with a wrong number"), line=found.line, hint=hint)
