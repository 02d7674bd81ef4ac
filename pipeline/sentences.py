"""Sentence boundaries of Chinese and English text, by the rules in ``sentences.srx``.

SRX is what translation tools share; of it this reads one list of break and no-break rules, which
is all that two languages in one sentence need.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path
from xml.etree import ElementTree

_RULES = Path(__file__).with_name("sentences.srx")
_NAMESPACE = {"srx": "http://www.lisa.org/srx20"}


def split(text: str) -> list[str]:
    """Split ``text`` into sentences; joined, they are ``text`` again.

    White space stays with the sentence before it. Masked parts (``<x1/>``) are never cut.
    """
    decided: dict[int, bool] = {}
    for breaks, pattern in _rules():
        for match in pattern.finditer(text):
            decided.setdefault(match.end(), breaks)
    inner = (position for position, breaks in decided.items() if breaks)
    ends = [*sorted(position for position in inner if 0 < position < len(text)), len(text)]
    return [text[start:end] for start, end in zip([0, *ends], ends, strict=False) if text]


@functools.cache
def _rules() -> tuple[tuple[bool, re.Pattern[str]], ...]:
    """Return each rule as (whether it breaks, what ends at the position in question)."""
    rules = ElementTree.parse(_RULES).iterfind(".//srx:rule", _NAMESPACE)
    return tuple((rule.get("break") != "no", _pattern(rule)) for rule in rules)


def _pattern(rule: ElementTree.Element) -> re.Pattern[str]:
    before = rule.findtext("srx:beforebreak", "", _NAMESPACE)
    after = rule.findtext("srx:afterbreak", "", _NAMESPACE)
    return re.compile(f"(?:{before})(?={after})")
