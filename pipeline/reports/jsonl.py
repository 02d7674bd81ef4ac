"""JSON lines: one object a finding, for programs."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pipeline.model import Finding
from pipeline.reports.context import Context, by_file, place_in
from pipeline.reports.safe import one_line


def report(findings: Sequence[Finding], context: Context) -> str:
    """Return one line a finding; ``column`` counts characters from 1, 0 is what is not known."""
    rows = (_row(finding, context) for finding in by_file(findings))
    return "".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows)


def _row(finding: Finding, context: Context) -> dict[str, object]:
    line = context.line(finding)
    place = place_in(line, finding.quote) if line.strip() else None
    return {
        "check": finding.check,
        "severity": finding.severity.name.lower(),
        "file": one_line(finding.path),
        "line": finding.line,
        "column": place.start if place else 0,
        "end_column": place.end if place else 0,
        "catalog": one_line(finding.catalog),
        "catalog_line": finding.catalog_line,
        "message": one_line(finding.message),
        "hint": one_line(finding.hint),
        "fingerprint": finding.fingerprint,
    }
