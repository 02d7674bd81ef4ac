"""GitHub annotations, and the summary that a workflow's step shows.

GitHub shows ten annotations of a kind for a step: the most severe come first, the others are plain
lines of the log, and all of them stand in the summary.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from pipeline.model import Finding, Severity
from pipeline.reports.context import Context, by_severity, file_of, severity_name
from pipeline.reports.safe import one_line
from pipeline.reports.text import headline, summary
from pipeline.wording import _, told

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_SHOWN = 10
_LARGEST_SUMMARY = 2**20 - 2**10
"""In bytes: GitHub drops a summary of more than 1 MiB as a whole."""
_ACTIVE = re.compile(r"[^\w\s,;()\u0080-\U0010ffff]|_")


def report(findings: Sequence[Finding], context: Context) -> str:
    """Return ``::error file=…,line=…,title=…::message`` lines, plain ones for what is too much."""
    seen: Counter[Severity] = Counter()
    commands, others = [], []
    for command, finding in {_command(f): f for f in by_severity(findings)}.items():
        seen[finding.severity] += 1
        if seen[finding.severity] <= _SHOWN:
            commands.append(command)
        else:
            others.append(headline(finding))
    if others:
        others.append(summary(findings))
    return "".join(f"{line}\n" for line in (*commands, *others))


def step_summary(findings: Sequence[Finding]) -> str:
    """Return all findings in Markdown for ``$GITHUB_STEP_SUMMARY``, as many as GitHub takes."""
    if not findings:
        nothing = _("No problems found.")
        return f"### Diglot\n\n{nothing}\n"
    columns = _("| | check | where | what |") + "\n|---|---|---|---|\n"
    head = f"### Diglot\n\n{summary(findings)}\n\n{columns}"
    parts, size = [head], len(head.encode())
    rows = list(_rows(findings))
    for number, row in enumerate(rows):
        size += len(row.encode("utf-8", "replace"))
        if size > _LARGEST_SUMMARY:
            said = _("… and {count} more.").format(count=len(rows) - number)
            parts.append(f"\n{said}\n")
            break
        parts.append(row)
    return "".join(parts)


def _command(finding: Finding) -> str:
    path, line = file_of(finding)
    properties = {"file": path, "line": str(line or 1)} if path else {}
    properties["title"] = f"diglot: {finding.check}"
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(_message(finding))}"


def _message(finding: Finding) -> str:
    lines = [one_line(told(finding.message)), one_line(told(finding.hint))]
    if finding.path and finding.catalog:
        line = f":{finding.catalog_line}" if finding.catalog_line else ""
        lines.append(one_line(f"{finding.catalog}{line}"))
    return "\n".join(line for line in lines if line)


def _rows(findings: Sequence[Finding]) -> Iterator[str]:
    for finding in by_severity(findings):
        path, line = file_of(finding)
        severity, message = told(severity_name(finding.severity)), told(finding.message)
        cells = (severity, finding.check, f"{path}:{line}", message)
        yield f"| {' | '.join(map(_inert, cells))} |\n"


def _inert(text: str) -> str:
    """Return a text that Markdown shows as it stands: all that could mean something is coded."""
    return _ACTIVE.sub(lambda found: f"&#{ord(found[0])};", one_line(text))


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")
