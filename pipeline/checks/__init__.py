"""Quality checks: what is wrong with a translation, as findings.

Adding a check is one row in its family's file; adding a family one file and one line in ``CHECKS``.
Every check is linear in the length of the texts.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.catalog import KEPT
from pipeline.checks import language, links, markup, placeholders, state, structure, terms
from pipeline.checks.pair import Check, Guard, Pair
from pipeline.engines import test_engines
from pipeline.glossary import Glossary
from pipeline.model import Catalog, Document, Finding, Profile, Segment, Severity, State, Unit

__all__ = [
    "CHECKS",
    "NAMES",
    "Check",
    "Guard",
    "Pair",
    "check_catalog",
    "check_document",
    "check_pair",
    "ignored",
    "refusals",
]

CHECKS: tuple[Check, ...] = (
    *state.CHECKS,
    *placeholders.CHECKS,
    *links.CHECKS,
    *markup.CHECKS,
    *structure.CHECKS,
    *language.CHECKS,
    *terms.CHECKS,
)

_LIMIT = "nesting-limit"
_PARSE_CHECKS = (_LIMIT, "alias", "directive", "mdx")
NAMES: tuple[str, ...] = (
    *dict.fromkeys([*(c.id for c in CHECKS), *_PARSE_CHECKS, *(c.family for c in CHECKS)]),
)
"""What settings and ``# diglot: ignore`` may name: checks, and families of them."""

Settings = Mapping[str, Severity | None]
"""The severity of checks and families that differ from their own; None for off."""

_IGNORE = "diglot: ignore"
_GUARDS = {
    Guard.POST: tuple(check for check in CHECKS if check.guard is Guard.POST),
    Guard.CATALOG: tuple(check for check in CHECKS if check.guard is not Guard.NOTHING),
}


def check_pair(pair: Pair, settings: Settings) -> Iterator[Finding]:
    """Yield what is wrong with one unit; of an empty or stale one only that it is so."""
    unit = pair.unit
    if unit.obsolete or unit.plural is not None or _is_kept(unit):
        return
    unfit = not unit.msgstr.strip() or unit.state is State.STALE
    silenced = ignored(unit) | _no_translation(unit)
    for check in state.CHECKS if unfit else CHECKS:
        severity = _severity(check, settings)
        if severity is None or not silenced.isdisjoint((check.id, check.family)):
            continue
        for message in check.run(pair):
            yield Finding(
                check.id,
                severity,
                message,
                path=pair.path,
                line=pair.segment.line if pair.segment else 0,
                catalog=pair.catalog,
                catalog_line=unit.line,
                hint=check.hint,
            )


def refusals(
    msgid: str,
    msgstr: str,
    profile: Profile,
    source: str,
    target: str,
    segment: Segment | None = None,
    *,
    candidate: bool = False,
    ignore: Collection[str] = (),
) -> list[str]:
    """Say why ``msgstr`` must not stand in a post; nothing if it may.

    For a ``candidate``, which no person has seen, also why it must not stand in a catalog: it is
    in the wrong language, a copy of its source, or shows its markup. ``ignore`` names checks that
    a person has silenced, see ``ignored``.
    """
    if not msgstr.strip():
        return ["the translation is empty"]
    if msgstr == msgid and not candidate:
        return []
    pair = Pair(Unit(msgid, msgstr), segment, profile, source, target)
    return [
        message
        for check in _GUARDS[Guard.CATALOG if candidate else Guard.POST]
        if check.id not in ignore and check.family not in ignore
        for message in check.run(pair)
    ]


def check_catalog(
    document: Document,
    catalog: Catalog,
    source: str,
    settings: Settings,
    *,
    glossary: Glossary | None = None,
    publish: str = "",
    catalog_name: str = "",
) -> Iterator[Finding]:
    """Yield what is wrong with a post's catalog: its units, and whether they are the post's.

    ``source`` is the post's locale, ``publish`` the project's policy, ``catalog_name`` how
    findings name the catalog (by default its path).
    """
    name = catalog_name or str(catalog.path)
    segments: dict[tuple[str | None, str], Segment] = {}
    for segment in document.segments:
        segments.setdefault(segment.key, segment)
    units = [unit for unit in catalog.units if not unit.obsolete]
    yield from _outdated(document.name, name, segments, units, settings)
    for unit in units:
        place = segments.get(unit.key)
        if place is not None:
            pair = Pair(
                unit,
                place,
                document.profile,
                source,
                catalog.locale,
                glossary=glossary,
                path=document.name,
                catalog=name,
                publish=publish,
            )
            yield from check_pair(pair, settings)


def check_document(document: Document, settings: Settings) -> Iterator[Finding]:
    """Yield what is wrong with the post itself, whatever its translations are."""
    severity = settings.get(_LIMIT, Severity.WARNING)
    if severity is not None:
        for line, message in document.limits:
            yield Finding(_LIMIT, severity, message, path=document.name, line=line)
    for finding in document.findings:
        severity = settings.get(finding.check, finding.severity)
        if severity is not None:
            yield replace(finding, severity=severity)


def ignored(unit: Unit) -> frozenset[str]:
    """Return the checks and families that the unit's ``# diglot: ignore`` comments name."""
    comments = (comment.strip() for comment in unit.comments)
    lists = (text[len(_IGNORE) :] for text in comments if text.startswith(_IGNORE))
    return frozenset(name for names in lists for name in names.replace(",", " ").split())


def _is_kept(unit: Unit) -> bool:
    return unit.msgstr == unit.msgid and any(text.startswith(KEPT) for text in unit.comments)


def _no_translation(unit: Unit) -> frozenset[str]:
    """Return the families that mean nothing for the text of a test engine."""
    made_by = unit.origin.name if unit.state is State.MACHINE and unit.origin else ""
    return frozenset(("language", "terms")) if made_by in test_engines() else frozenset()


def _severity(check: Check, settings: Settings) -> Severity | None:
    return settings.get(check.id, settings.get(check.family, check.severity))


def _outdated(
    post: str,
    catalog: str,
    segments: Mapping[tuple[str | None, str], Segment],
    units: Sequence[Unit],
    settings: Settings,
) -> Iterator[Finding]:
    stale = next(check for check in CHECKS if check.id == "stale")
    severity = _severity(stale, settings)
    if severity is None:
        return
    known = {unit.key for unit in units}
    new = [segment for key, segment in segments.items() if key not in known]
    gone = [unit for unit in units if unit.key not in segments]
    hint = "Run diglot extract."
    if new:
        message = f"{len(new)} of {len(segments)} texts missing from the catalog"
        yield Finding(stale.id, severity, message, post, new[0].line, catalog, 0, hint)
    if gone:
        message = f"{len(gone)} of {len(units)} entries no longer in the post"
        yield Finding(stale.id, severity, message, post, 0, catalog, gone[0].line, hint)
