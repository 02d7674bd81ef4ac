"""Checks of the glossary's terms."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.pair import Check, Pair
from pipeline.model import Severity


def _glossary(pair: Pair) -> Iterator[str]:
    for violation in pair.violations:
        term = violation.term
        if violation.forbidden:
            yield f'"{term.source}" must not be "{violation.forbidden}" but "{term.target}"'
        elif not term.keep:
            yield f'"{term.source}" is not translated as "{term.target}"'


def _do_not_translate(pair: Pair) -> Iterator[str]:
    for violation in pair.violations:
        if violation.term.keep and not violation.forbidden:
            yield f'"{violation.term.source}" is missing in the translation'


CHECKS = (
    Check(
        "glossary",
        "terms",
        Severity.WARNING,
        "do not follow the glossary",
        _glossary,
        "Use the glossary's term, or change the glossary.",
    ),
    Check(
        "do-not-translate",
        "terms",
        Severity.ERROR,
        "translate a name that the glossary keeps",
        _do_not_translate,
        "Write the name as the glossary has it.",
    ),
)
