"""The report for people: by file and line, each hint once, and how much there is of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.model import Finding, Severity
from pipeline.reports.safe import whole_line


def report(findings: Sequence[Finding]) -> str:
    """Return ``path:line: severity [check] message (catalog:line)`` lines and a summary."""
    if not findings:
        return "No problems found.\n"
    ordered = sorted(findings, key=lambda finding: (_file(finding), finding.line, finding.check))
    return "\n".join([*_lines(ordered), _summary(ordered), ""])


def _lines(findings: Sequence[Finding]) -> Iterator[str]:
    explained: set[str] = set()
    file = _file(findings[0])
    for finding in findings:
        if _file(finding) != file:
            file = _file(finding)
            yield ""
        yield whole_line(f"{_place(finding)} {_what(finding)}".lstrip())
        if finding.hint and finding.hint not in explained:
            explained.add(finding.hint)
            yield whole_line(f"    {finding.hint}")
    yield ""


def _file(finding: Finding) -> str:
    return finding.path or finding.catalog


def _place(finding: Finding) -> str:
    line = finding.line if finding.path else finding.catalog_line
    return "".join(f"{part}:" for part in (_file(finding), line) if part)


def _what(finding: Finding) -> str:
    what = f"{finding.severity.name.lower()} [{finding.check}] {finding.message}"
    if not (finding.path and finding.catalog):
        return what
    line = f":{finding.catalog_line}" if finding.catalog_line else ""
    return f"{what} ({finding.catalog}{line})"


def _summary(findings: Sequence[Finding]) -> str:
    counts = Counter(finding.severity for finding in findings)
    parts = [
        _count(counts[severity], severity.name.lower() if severity > Severity.INFO else "note")
        for severity in sorted(counts, reverse=True)
    ]
    return f"{', '.join(parts)} in {_count(len({_file(finding) for finding in findings}), 'file')}."


def _count(number: int, what: str) -> str:
    return f"{number} {what}" + ("s" if number != 1 else "")
