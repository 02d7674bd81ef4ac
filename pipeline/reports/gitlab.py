"""GitLab's Code Quality report, which merge requests show: a list of issues in JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence

from pipeline.model import Finding, Severity
from pipeline.reports.context import Context, by_severity, file_of
from pipeline.reports.safe import one_line

_SEVERITIES = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.INFO: "info"}


def report(findings: Sequence[Finding], context: Context) -> str:
    """Return the issues, the most severe first; each has a fingerprint of its own."""
    issues = [_issue(finding) for finding in by_severity(findings)]
    return json.dumps(issues, ensure_ascii=False, indent=1) + "\n"


def _issue(finding: Finding) -> dict[str, object]:
    path, line = file_of(finding)
    return {
        "description": one_line(f"{finding.check}: {finding.message}"),
        "check_name": finding.check,
        "fingerprint": finding.fingerprint,
        "severity": _SEVERITIES[finding.severity],
        "location": {"path": one_line(path), "lines": {"begin": max(line, 1)}},
    }
