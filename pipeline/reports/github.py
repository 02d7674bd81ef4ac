"""GitHub annotations, the most severe first: GitHub shows only ten of a kind."""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.model import Finding, Severity
from pipeline.reports.safe import one_line

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}


def report(findings: Sequence[Finding]) -> str:
    """Return one ``::error file=…,line=…,title=…::message`` line a finding, nothing for none."""
    ordered = sorted(findings, key=lambda finding: (-finding.severity, finding.path, finding.line))
    return "".join(f"{line}\n" for line in dict.fromkeys(map(_command, ordered)))


def _command(finding: Finding) -> str:
    path, line = finding.path, finding.line
    if not path:
        path, line = finding.catalog, finding.catalog_line
    properties = {"file": path, "line": str(line or 1)} if path else {}
    properties["title"] = f"diglot: {finding.check}"
    listed = ",".join(f"{name}={_property(value)}" for name, value in properties.items())
    return f"::{_COMMANDS[finding.severity]} {listed}::{_data(_message(finding))}"


def _message(finding: Finding) -> str:
    lines = [one_line(finding.message), one_line(finding.hint)]
    if finding.path and finding.catalog:
        line = f":{finding.catalog_line}" if finding.catalog_line else ""
        lines.append(one_line(f"{finding.catalog}{line}"))
    return "\n".join(line for line in lines if line)


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(one_line(text)).replace(":", "%3A").replace(",", "%2C")
