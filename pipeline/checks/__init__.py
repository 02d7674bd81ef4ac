"""Quality checks: what is wrong with a translation, as findings.

Adding a check is one function in its family's file; adding a family one file and one line in
``registry``. Every check is linear in the length of the texts.
"""

from __future__ import annotations

from pipeline.checks.pair import Check, Edit, Example, Guard, Option, Options, Pair, Rule
from pipeline.checks.registry import CHECKS, NAMES, RULES
from pipeline.checks.running import (
    catalog_pairs,
    check_catalog,
    check_document,
    check_pair,
    refusals,
)
from pipeline.checks.silencing import (
    configured,
    ignored,
    ignored_in_file,
    severity_of,
    silenced_in,
)

__all__ = [
    "CHECKS",
    "NAMES",
    "RULES",
    "Check",
    "Edit",
    "Example",
    "Guard",
    "Option",
    "Options",
    "Pair",
    "Rule",
    "catalog_pairs",
    "check_catalog",
    "check_document",
    "check_pair",
    "configured",
    "ignored",
    "ignored_in_file",
    "refusals",
    "severity_of",
    "silenced_in",
]
