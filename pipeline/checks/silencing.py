"""How severe findings are, and what is not to be said: by project, post, catalog and entry."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace

from pipeline.checks.pair import Rule
from pipeline.checks.registry import RULES
from pipeline.engines import test_engines
from pipeline.model import Catalog, Document, Finding, Severity, State, Unit
from pipeline.patterns import lazy

Settings = Mapping[str, Severity | None]
"""The severity of checks and families that differ from their own; None for off."""

_IGNORE = "diglot: ignore"
_IGNORE_IN_POST = lazy(r"diglot: ignore ([\w ,-]{1,500}?)\s*(?:-->|\{:/)")
_FAMILIES = {rule.id: rule.family for rule in RULES}
_OF_WORDS = frozenset(
    ("language", "terms", "values", "zh-marks", "zh-spacing", "english", "style", "untranslated")
)


def severity_of(rule: Rule, settings: Settings) -> Severity | None:
    """Return how severe a check's findings are, None if it is off."""
    return settings.get(rule.id, settings.get(rule.family, rule.severity))


def configured(findings: Iterable[Finding], settings: Settings) -> Iterator[Finding]:
    """Yield the findings as severe as the settings say, and none of a check that is off."""
    for finding in findings:
        family = family_of(finding.check)
        severity = settings.get(finding.check, settings.get(family, finding.severity))
        if severity is not None:
            yield replace(finding, severity=severity)


def family_of(check: str) -> str:
    """Return the family of a check."""
    return _FAMILIES[check]


def ignored(unit: Unit) -> frozenset[str]:
    """Return the checks and families that the unit's ``# diglot: ignore`` comments name."""
    return _named(unit.comments)


def silenced_in(unit: Unit) -> frozenset[str]:
    """Return what is not asked about a unit: what it ignores, and its words if they are none."""
    return ignored(unit) | _no_translation(unit)


def ignored_in_file(document: Document, catalog: Catalog | None = None) -> frozenset[str]:
    """Return the checks and families that a post, or the header of its catalog, silences.

    In a post ``<!-- diglot: ignore link-dest -->`` stands on a line of its own.
    """
    comments = (entry for entry in document.shape if entry.startswith("verbatim "))
    found = (match for entry in comments for match in _IGNORE_IN_POST.finditer(entry))
    lists = [f"{_IGNORE} {match[1]}" for match in found]
    return _named([*lists, *(catalog.header_comments if catalog else ())])


def _named(comments: Collection[str]) -> frozenset[str]:
    stripped = (comment.strip() for comment in comments)
    lists = (text[len(_IGNORE) :] for text in stripped if text.startswith(_IGNORE))
    return frozenset(name for names in lists for name in names.replace(",", " ").split())


def _no_translation(unit: Unit) -> frozenset[str]:
    """Return the checks that mean nothing for the text of a test engine."""
    made_by = unit.origin.name if unit.state is State.MACHINE and unit.origin else ""
    return _OF_WORDS if made_by in test_engines() else frozenset()
