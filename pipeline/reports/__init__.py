"""Findings in the formats that people and machines read.

A report is a function from findings and a context to text; adding one is one file and one line in
``REPORTS``. Those that people read are in the language of the user; those that programs read and
compare (SARIF, JUnit, GitLab's, JSON lines) are in English, whatever that is.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from types import MappingProxyType

from pipeline.reports import github, gitlab, html, jsonl, junit, sarif, text
from pipeline.reports.context import Context, Report
from pipeline.reports.github import step_summary

__all__ = ["REPORTS", "Context", "Report", "format_of", "step_summary"]

REPORTS: Mapping[str, Report] = MappingProxyType(
    {
        "text": text.report,
        "github": github.report,
        "sarif": sarif.report,
        "junit": junit.report,
        "jsonl": jsonl.report,
        "gitlab": gitlab.report,
        "html": html.report,
    }
)

ENDINGS: Mapping[str, str] = MappingProxyType(
    {
        ".txt": "text",
        ".sarif": "sarif",
        ".xml": "junit",
        ".jsonl": "jsonl",
        ".json": "gitlab",
        ".html": "html",
    }
)
"""The format of a file that a report is written to, by the ending of its name."""


def format_of(name: str) -> str | None:
    """Return the format that the ending of a file's name stands for, if it is one."""
    return ENDINGS.get(PurePath(name).suffix.lower())
