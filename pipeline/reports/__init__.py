"""Findings in the formats that people and machines read.

A report is a function from findings to text; adding one is one file and one line in ``REPORTS``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType

from pipeline.model import Finding
from pipeline.reports import github, text

__all__ = ["REPORTS", "Report"]

Report = Callable[[Sequence[Finding]], str]

REPORTS: Mapping[str, Report] = MappingProxyType({"text": text.report, "github": github.report})
