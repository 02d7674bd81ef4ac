"""Checks that a translation keeps to its place: its paragraph, its line of front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.pair import Check, Guard, Pair
from pipeline.model import Segment, Severity
from pipeline.segments import write

_MARKER = re.compile(r"#{1,6}(?=\s)|[-*+](?=\s)|>|`{3,}|~{3,}")
_DASHES = "-*+>#`~—–―•·・●○■□"


def _block_structure(pair: Pair) -> Iterator[str]:
    source, target = pair.unit.msgid, pair.unit.msgstr
    if pair.segment and pair.segment.is_metadata:
        return
    before, after = source.strip().count("\n"), target.strip().count("\n")
    if before != after:
        yield f"the translation has {after + 1} lines, the source has {before + 1}"
    marker = _MARKER.match(target)
    if marker and source[:1] not in _DASHES and not _starts_inline(pair):
        yield f"the translation starts with {marker[0]}, the source does not"
    if before == after and pair.source_numbers == pair.target_numbers:
        yield from _unwritable(pair)


def _starts_inline(pair: Pair) -> bool:
    return bool(pair.target_tokens) and pair.target_tokens[0].start == 0


def _unwritable(pair: Pair) -> Iterator[str]:
    unit = pair.unit
    segment = pair.segment or Segment(
        unit.msgid, "paragraph", 0, 0, 0, pieces=("x",) * pair.source_numbers.total()
    )
    try:
        write(segment, unit.msgstr, unit.msgid, pair.profile)
    except ValueError as error:
        yield f"the translation cannot stand in its place: {error}"


def _front_matter(pair: Pair) -> Iterator[str]:
    if not pair.segment or not pair.segment.is_metadata:
        return
    source, target = pair.unit.msgid, pair.unit.msgstr
    if "\n" in target.strip() and "\n" not in source:
        yield "the translation of a front-matter value has more than one line"
    if target != target.strip():
        yield "the translation of a front-matter value starts or ends with white space"
    key = re.match(r"(?:---\s*)?([\w-]+):\s", target)
    if key and key[1] == pair.segment.kind and not source.startswith(key[1]):
        yield f'the translation repeats the key "{pair.segment.kind}"'
    if _quoted(target) and not _quoted(source):
        yield "the translation is in quotes, the value is not"


def _quoted(text: str) -> bool:
    """Tell whether one pair of YAML's quotes stands around the whole text."""
    return (
        len(text) > 1
        and text[0] in "\"'"
        and text[-1] == text[0]
        and text[0] not in text[1:-1].replace("\\" + text[0], "")
    )


CHECKS = (
    Check(
        "block-structure",
        "structure",
        Severity.ERROR,
        "would not stay one block, or have other line breaks than the source",
        _block_structure,
        "Keep it one paragraph with the line breaks of the source and no list or heading marker.",
        Guard.POST,
    ),
    Check(
        "front-matter",
        "structure",
        Severity.ERROR,
        "do not fit into their line of front matter",
        _front_matter,
        "Write the bare value on one line, without its key and quotes; build quotes it as needed.",
        Guard.POST,
    ),
)
