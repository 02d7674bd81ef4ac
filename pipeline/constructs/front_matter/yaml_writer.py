"""YAML front matter: how a text is written so that every YAML parser reads just this text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from pipeline.constructs.front_matter.tree import BrokenError
from pipeline.constructs.front_matter.yaml_syntax import scan
from pipeline.patterns import lazy

_LINE_END = lazy(r"\r\n|\r|\n")
_ESCAPED = lazy(r'[\x00-\x1f"\\\x7f-\x9f\xad\u2028\u2029\ufeff\ufffe\uffff]')
_NAMES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_TYPED = lazy(
    r"[-+.]?\d[\d:.,_eETZxob +-]*|[-+]?0[xob][\da-f_]+|[-+]?\.(?:inf|nan)"
    r"|y|n|yes|no|on|off|true|false|null|~|:.*",
    re.I | re.S,
)
"""What Ruby, Go or JavaScript read as a number, date, boolean, null or symbol, even where PyYAML
does not: ``1,000``, ``2024-3-5``, ``1e3``, ``0o17``, ``yEs``, ``:symbol``."""


def write(written: str, value: str, *, is_flow: bool = False) -> str:
    """Return ``value`` in the style of ``written``, the source text of the value it replaces.

    ``is_flow`` says that it stands in brackets or braces. A text that the style cannot hold is
    put in double quotes.
    """
    candidates = (
        token for token in _candidates(written, value, is_flow) if _reads_as(token, value, is_flow)
    )
    line_end = written[len(written.rstrip("\r\n")) :] if written[:1] in ("|", ">") else ""
    return next(candidates, None) or _double_quoted(value) + line_end


def field(key: str, literal: str) -> str:
    """Return a pair with a value that is written already."""
    return f"{key}: {literal}"


def _candidates(written: str, value: str, is_flow: bool) -> Iterator[str]:
    style = written[:1]
    if style in ("|", ">"):
        yield _block(written, value)
    elif style == "'":
        yield "'" + value.replace("'", "''") + "'"
    elif style != '"' and not _TYPED.fullmatch(value) and not _misread(value, is_flow):
        yield value


def _misread(value: str, is_flow: bool) -> bool:
    """Tell whether PyYAML's own scanner, unlike libyaml's, ends a plain scalar too early."""
    return "\t" in value or (is_flow and "?" in value)


_PLACES = {
    False: ("k:\n- {0}\n- {0} # c\nl: {0}\nm: {0} # c\n", (("k", 0), ("k", 1), ("l",), ("m",))),
    True: (
        "k: [{0}, {0} , {0}]\nl: {{m: {0}, n: {0} }}\n",
        (("k", 0), ("k", 1), ("k", 2), ("l", "m"), ("l", "n")),
    ),
}
"""A block with every kind of place that a value can have outside and inside of brackets."""


@lru_cache(maxsize=512)  # languages, tags and the like stand in many posts
def _reads_as(token: str, value: str, is_flow: bool) -> bool:
    """Tell whether the parser reads ``value`` wherever ``token`` may stand."""
    try:
        if token[:1] in ("|", ">"):
            entries = scan(f"k: {token}").entries
            return [entry.text.rstrip("\n") for entry in entries] == [value.rstrip("\n")]
        block, paths = _PLACES[is_flow]
        entries = scan(block.format(token)).entries
    except BrokenError:
        return False
    found = [(entry.path, entry.text, entry.is_text) for entry in entries]
    return found == [(path, value, True) for path in paths]


def _double_quoted(value: str) -> str:
    return f'"{_ESCAPED.sub(_escape, value)}"'


def _escape(match: re.Match[str]) -> str:
    return _NAMES.get(match.group()) or f"\\u{ord(match.group()):04x}"


def _block(written: str, value: str) -> str:
    """Put ``value`` into a ``|`` or ``>`` scalar: its header, indentation and blank end stay.

    The header loses its indentation indicator, which only a text that starts with a space needs.
    """
    lines = _LINE_END.split(written)
    newline = (_LINE_END.search(written) or _LINE_END.match("\n")).group()  # type: ignore[union-attr]
    first = next((line for line in lines[1:] if line.strip()), "  ")
    indent = first[: len(first) - len(first.lstrip(" "))] or " "
    header = (
        re.sub(r"[1-9]", "", lines[0], count=1) if re.match(r".[-+]?[1-9]", lines[0]) else lines[0]
    )
    paragraphs = value.rstrip("\n").split("\n")
    glue = newline if written[0] == "|" else newline + newline
    text = glue.join(indent + paragraph if paragraph else "" for paragraph in paragraphs)
    return header + newline + text + _blank_end(written)


def _blank_end(written: str) -> str:
    """Return the last line end of a block scalar, and the empty lines that it keeps."""
    body = written.rstrip(" \t\r\n")
    match = _LINE_END.search(written, len(body))
    return written[match.start() :] if match else ""
