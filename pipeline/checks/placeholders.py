"""Checks of placeholders and braces: every ``{1}`` once, every other brace doubled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.pair import Check, Guard, Pair, braces, compare
from pipeline.inline import find
from pipeline.model import Severity


def _placeholder(pair: Pair) -> Iterator[str]:
    source, target = pair.source_numbers, pair.target_numbers
    repeated = [number for number in target - source if number in source]
    if repeated:
        yield f"the translation repeats {', '.join(repeated)}"
    added = (number for number in target if number not in source)
    yield from compare(source, [*(number for number in source if number in target), *added])
    if any(len(brace) == 1 for brace in braces(pair.unit.msgstr)):
        yield "the translation has a single brace"


_LEAK = re.compile(
    r"[<＜]/?(?:[xg]|bx|ex|ph|bpt|ept|it)(?:\s*\d+|\s[^<>＜＞]{0,80})?\s*/?[>＞]"
    r"|[⟦〚]\s*\d+\s*[⟧〛]"
    r"|\{(?:\s+\d+\s*|\d+\s+)\}|[{｛]\s*\d+\s*｝|｛\s*\d+\s*\}"
    r"|__?PH_?\d+__?",
    re.I,
)


def _placeholder_leak(pair: Pair) -> Iterator[str]:
    present = set(_LEAK.findall(pair.unit.msgid))
    found = _LEAK.findall(pair.unit.msgstr)
    yield from compare((), (text for text in found if text not in present))


def _liquid(pair: Pair) -> Iterator[str]:
    """Find template code in what the post will say: its own is hidden behind placeholders."""
    if "{{" in pair.unit.msgstr:
        source, target = _template_code(pair, pair.unit.msgid), pair.unit.msgstr
        yield from compare(source, _template_code(pair, target), lost=False)


def _template_code(pair: Pair, text: str) -> list[str]:
    written = re.sub(r"\{\{|\}\}|\{\d+\}", lambda m: "x" if len(m[0]) > 2 else m[0][0], text)
    found = find(written, pair.profile)
    return [token.text for token in found if token.kind in ("liquid", "attributes")]


CHECKS = (
    Check(
        "placeholder",
        "placeholders",
        Severity.ERROR,
        "do not hold every placeholder of the source exactly once",
        _placeholder,
        "Each {1}, {2} … of the source stands once; a brace that is text is doubled: {{ or }}.",
        Guard.POST,
    ),
    Check(
        "placeholder-leak",
        "placeholders",
        Severity.ERROR,
        "hold what a translation engine left behind, such as <x1/> or ｛1｝",
        _placeholder_leak,
        "Write the placeholder of the source, such as {1}.",
        Guard.POST,
    ),
    Check(
        "liquid",
        "placeholders",
        Severity.ERROR,
        "add template code or an attribute list",
        _liquid,
        "Liquid and attribute lists of the source are placeholders; write no others.",
        Guard.POST,
    ),
)
