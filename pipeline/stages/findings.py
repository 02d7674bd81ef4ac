"""Findings as JSON holds them: rows of numbers, and the texts that these stand for, each once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any

from pipeline.model import Finding, Severity
from pipeline.wording import packed_text, unpacked_text

_NAMES = [field.name for field in fields(Finding)]
_NUMBERS = frozenset(("severity", "line", "catalog_line"))
_values = attrgetter(*_NAMES)


def packed(findings: Iterable[Finding]) -> tuple[list[object], list[list[int]]]:
    """Return the texts of the findings, and one row a finding.

    Messages stay such, so that they can be told in another language later.
    """
    texts: dict[tuple[type, str], int] = {}
    rows = [
        [
            int(value) if name in _NUMBERS else texts.setdefault((type(value), value), len(texts))
            for name, value in zip(_NAMES, _values(finding), strict=True)
        ]
        for finding in findings
    ]
    return [packed_text(text) for _, text in texts], rows


def unpacked(kept: Sequence[Any]) -> list[Finding]:
    """Return the findings that ``packed`` made rows of."""
    texts, rows = [unpacked_text(text) for text in kept[0]], kept[1]
    return [_finding(texts, row) for row in rows]


def _finding(texts: Sequence[str], row: Sequence[int]) -> Finding:
    values: list[Any] = [
        value if name in _NUMBERS else texts[value] for name, value in zip(_NAMES, row, strict=True)
    ]
    check, level, *rest = values
    return Finding(check, Severity(level), *rest)
