"""What reports know besides the findings: the lines of files, and what fails a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.files import read_text
from pipeline.model import Finding, Severity
from pipeline.wording import Message

_NAMES = {
    Severity.ERROR: Message("error"),
    Severity.WARNING: Message("warning"),
    Severity.INFO: Message("info"),
}
_LONGEST = 10_000
"""Longer lines are not shown: a line may have very many findings, and each looks at all of it."""


class Lines:
    """The lines of files, of which the last one is kept: reports go through them in order."""

    def __init__(self) -> None:
        self._name = ""
        self._lines: Sequence[str] = ()

    def __call__(self, name: str, number: int) -> str:
        """Return a line, counted from 1, without its end; nothing for one that is far too long."""
        if name != self._name:
            self._name, self._lines = name, _lines(name)
        line = self._lines[number - 1] if 0 < number <= len(self._lines) else ""
        return line if len(line) <= _LONGEST else ""


@dataclass(frozen=True, slots=True)
class Context:
    """How a report is to be written."""

    fail_on: Severity = Severity.ERROR
    colour: bool = False
    line_of: Callable[[str, int], str] = field(default_factory=Lines)

    def line(self, finding: Finding) -> str:
        """Return the line that a finding is shown in, nothing if it is a whole file."""
        return self.line_of(*file_of(finding))


@dataclass(frozen=True, slots=True)
class Place:
    """Where in a line a finding is, in characters from 1; ``end`` is behind the last one."""

    start: int
    end: int


Report = Callable[[Sequence[Finding], Context], str]


def place_in(line: str, quote: str) -> Place:
    """Return where a line holds the quote; if it does not, where its text begins and ends."""
    start = line.find(quote) if quote else -1
    if start >= 0:
        return Place(start + 1, start + len(quote) + 1)
    text = line.strip()
    start = line.find(text)
    return Place(start + 1, start + max(len(text), 1) + 1)


def file_of(finding: Finding) -> tuple[str, int]:
    """Return the file that a finding is shown in, and the line: the post's, else the catalog's."""
    if finding.path:
        return finding.path, finding.line
    return finding.catalog, finding.catalog_line


def severity_name(severity: Severity) -> Message:
    """Return what people call a severity."""
    return _NAMES[severity]


def by_severity(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings, the most severe first, then by file and line."""
    return sorted(findings, key=lambda finding: (-finding.severity, *file_of(finding)))


def by_file(findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings by file, line and check."""
    return sorted(findings, key=lambda finding: (*file_of(finding), finding.check))


def _lines(name: str) -> Sequence[str]:
    try:
        text = read_text(Path(name))
    except PipelineError:
        return ()  # the finding itself stands, with or without the line
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
