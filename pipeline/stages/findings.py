"""Findings as rows that JSON holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import astuple
from typing import Any

from pipeline.model import Finding, Severity


def packed(findings: Iterable[Finding]) -> list[tuple[object, ...]]:
    """Return one row a finding."""
    return [astuple(finding) for finding in findings]


def unpacked(rows: Iterable[Sequence[Any]]) -> list[Finding]:
    """Return the findings that ``packed`` made rows of."""
    return [Finding(check, Severity(level), *rest) for check, level, *rest in rows]
