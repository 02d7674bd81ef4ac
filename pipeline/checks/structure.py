"""Checks that a translation keeps to its place: its paragraph, its line of front matter."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.pair import Guard, Pair, Rule, check
from pipeline.model import Segment, Severity
from pipeline.patterns import lazy
from pipeline.segments import write
from pipeline.wording import Message

_MARKER = lazy(r"#{1,6}(?=\s)|[-*+](?=\s)|>|`{3,}|~{3,}")
_DASHES = "-*+>#`~—–―•·・●○■□"


@check(
    "structure",
    Severity.ERROR,
    "Keep the blocks of the source: one paragraph with its line breaks, no list or heading marker.",
    Guard.POST,
)
def block_structure(pair: Pair) -> Iterator[Message]:
    r"""Find translations that are not the blocks of their source: headings, lists, tables, lines.

    In a catalog a text is one block and has the line breaks of its source; two files have the same
    headings, lists, tables and code blocks in the same order.

    Wrong: # A\n\n## B → # 甲\n\n# 乙
    Right: - a\n- b → - 甲\n- 乙
    """
    source, target = pair.unit.msgid, pair.unit.msgstr
    if pair.raw or (pair.segment and pair.segment.is_metadata):
        return
    before, after = source.strip().count("\n"), target.strip().count("\n")
    if before != after:
        yield Message(
            "the translation has {after} lines, the source has {before}",
            after=after + 1,
            before=before + 1,
        )
    marker = _MARKER.match(target)
    if marker and source[:1] not in _DASHES and not _starts_inline(pair):
        yield Message("the translation starts with {marker}, the source does not", marker=marker[0])
    if before == after and pair.source_numbers == pair.target_numbers:
        yield from _unwritable(pair)


def _starts_inline(pair: Pair) -> bool:
    return bool(pair.target_tokens) and pair.target_tokens[0].start == 0


def _unwritable(pair: Pair) -> Iterator[Message]:
    unit = pair.unit
    segment = pair.segment or Segment(
        unit.msgid, "paragraph", 0, 0, 0, pieces=("x",) * pair.source_numbers.total()
    )
    try:
        write(segment, unit.msgstr, unit.msgid, pair.profile)
    except ValueError as error:
        yield Message("the translation cannot stand in its place: {reason}", reason=error.args[0])


@check(
    "structure",
    Severity.ERROR,
    "Write the bare value on one line, without its key and quotes; build quotes it as needed.",
    Guard.POST,
)
def front_matter(pair: Pair) -> Iterator[Message]:
    r"""Find front matter that is broken, or has other values than the source where it must not.

    Site generators read dates, layouts and tags from it; a value that YAML cannot read stops the
    whole site. Only the configured keys are translated.

    Wrong: ---\ndate: 2024-03-05\n--- → ---\ndate: 2024年3月5日\n---
    Right: ---\ntitle: Hello\ntags: [a]\n--- → ---\ntitle: 你好\ntags: [a]\n---
    """
    if not pair.segment or not pair.segment.is_metadata:
        return
    source, target = pair.unit.msgid, pair.unit.msgstr
    if "\n" in target.strip() and "\n" not in source:
        yield Message("the translation of a front-matter value has more than one line")
    if target != target.strip():
        yield Message("the translation of a front-matter value starts or ends with white space")
    key = re.match(r"(?:---\s*)?([\w-]+):\s", target)
    if key and key[1] == pair.segment.kind and not source.startswith(key[1]):
        yield Message('the translation repeats the key "{key}"', key=pair.segment.kind)
    if _quoted(target) and not _quoted(source):
        yield Message("the translation is in quotes, the value is not")


def _quoted(text: str) -> bool:
    """Tell whether one pair of YAML's quotes stands around the whole text."""
    return (
        len(text) > 1
        and text[0] in "\"'"
        and text[-1] == text[0]
        and text[0] not in text[1:-1].replace("\\" + text[0], "")
    )


_DATA = lazy(r"[\d:T+\-/. Z]*\d[\d:T+\-/. Z]*|true|false", re.I)


def is_data(value: str) -> bool:
    """Tell whether a front-matter value is a date, a number or a truth value, not a text."""
    return bool(_DATA.fullmatch(value))


ALIGNMENT = Rule(
    "alignment",
    "structure",
    Severity.INFO,
    "Find places where diglot compare cannot tell which blocks of two files belong together.\n\n"
    "Headings, code and links are fixed points; a stretch between two of them that has other\n"
    "blocks in the translation is compared as a whole rather than guessed at.\n\n"
    "Wrong: three paragraphs between two headings, and two in the translation\n"
    "Right: three and three",
    Message("Give both files the same blocks."),
)
"""Not of one pair: it is found when two files are compared."""

CHECKS = (block_structure, front_matter)
