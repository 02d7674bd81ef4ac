"""Running the checks: on a unit, on a text that is to become one, on a catalog, on a post."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache

from pipeline.catalog import KEPT
from pipeline.checks import posts, state
from pipeline.checks.pair import Check, File, Guard, Mild, Options, Pair, Quoting
from pipeline.checks.registry import CHECKS
from pipeline.checks.silencing import (
    Settings,
    configured,
    family_of,
    ignored_in_file,
    severity_of,
    silenced_in,
)
from pipeline.glossary import Glossary
from pipeline.model import Catalog, Document, Finding, Profile, Segment, Severity, State, Unit
from pipeline.wording import Message

_AROUND = 24
"""So many characters of a translation are shown on either side of a quote."""
_GUARDS = {
    Guard.POST: tuple(check for check in CHECKS if check.guard is Guard.POST),
    Guard.CATALOG: tuple(check for check in CHECKS if check.guard is not Guard.NOTHING),
}


def check_pair(pair: Pair, settings: Settings, ignore: Collection[str] = ()) -> Iterator[Finding]:
    """Yield what is wrong with one unit; of an empty or stale one only that it is so.

    ``ignore`` names checks and families that are silenced for the whole file.
    """
    unit = pair.unit
    if unit.obsolete or unit.plural is not None or _is_kept(unit):
        return
    unfit = not unit.msgstr.strip() or unit.state is State.STALE
    silenced = silenced_in(unit).union(ignore)
    for check in state.CHECKS if unfit else _for_language(pair.target.partition("_")[0]):
        severity = severity_of(check, settings) if settings else check.severity
        if severity is None or not check.concerns(pair):
            continue
        if silenced and not silenced.isdisjoint((check.id, check.family)):
            continue
        for message in check.run(pair):
            yield Finding(
                check.id,
                min(severity, message.level) if isinstance(message, Mild) else severity,
                message,
                path=pair.path,
                line=pair.segment.line if pair.segment else 0,
                catalog=pair.catalog,
                catalog_line=unit.line,
                hint=check.hint,
                unit=unit.id,
                **_quoted(message, unit.msgstr),
            )


@cache
def _for_language(language: str) -> tuple[Check, ...]:
    """Return the checks that can find anything in targets of a language."""
    return tuple(check for check in CHECKS if check.language in ("", language))


def _quoted(message: str, target: str) -> dict[str, str]:
    """Return what a message quotes, and the part of the target in which that stands."""
    quote = message.quote if isinstance(message, Quoting) else ""
    place = target.find(quote) if quote else -1
    part = "" if place < 0 else target[max(place - _AROUND, 0) : place + len(quote) + _AROUND]
    return {"quote": quote, "target": part}


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
) -> list[Message]:
    """Say why ``msgstr`` must not stand in a post; nothing if it may.

    For a ``candidate``, which no person has seen, also why it must not stand in a catalog: it is
    in the wrong language, a copy of its source, or shows its markup. ``ignore`` names checks that
    a person has silenced, see ``ignored``.
    """
    if not msgstr.strip():
        return [Message("the translation is empty")]
    if msgstr == msgid and not candidate:
        return []
    pair = Pair(Unit(msgid, msgstr), segment, profile, source, target)
    return [
        message
        for check in _GUARDS[Guard.CATALOG if candidate else Guard.POST]
        if check.id not in ignore and check.family not in ignore and check.concerns(pair)
        for message in check.run(pair)
        if not isinstance(message, Mild) or (candidate and message.level >= Severity.WARNING)
    ]


def check_catalog(
    document: Document,
    catalog: Catalog,
    source: str,
    settings: Settings,
    *,
    options: Options | None = None,
    glossary: Glossary | None = None,
    publish: str = "",
    catalog_name: str = "",
) -> Iterator[Finding]:
    """Yield what is wrong with a post's catalog: its units, and whether they are the post's.

    ``source`` is the post's locale, ``publish`` the project's policy, ``catalog_name`` how
    findings name the catalog (by default its path).
    """
    name = catalog_name or str(catalog.path)
    ignore = ignored_in_file(document, catalog)
    segments = _segments(document)
    units = [unit for unit in catalog.units if not unit.obsolete]
    if ignore.isdisjoint(("stale", "state")):
        yield from _outdated(document.name, name, segments, units, settings)
    yield from _odd_form(document.name, name, catalog, ignore, settings)
    for pair in catalog_pairs(
        document,
        catalog,
        source,
        options=options,
        glossary=glossary,
        publish=publish,
        catalog_name=name,
    ):
        yield from check_pair(pair, settings, ignore)


def catalog_pairs(
    document: Document,
    catalog: Catalog,
    source: str,
    *,
    options: Options | None = None,
    glossary: Glossary | None = None,
    publish: str = "",
    catalog_name: str = "",
) -> list[Pair]:
    """Return the catalog's units that the post uses, as what checks look at."""
    segments, file = _segments(document), File()
    file.pairs.extend(
        Pair(
            unit,
            segments[unit.key],
            document.profile,
            source,
            catalog.locale,
            glossary=glossary,
            path=document.name,
            catalog=catalog_name,
            publish=publish,
            options=options or {},
            file=file,
        )
        for unit in catalog.units
        if not unit.obsolete and unit.key in segments
    )
    return file.pairs


def check_document(document: Document, settings: Settings) -> Iterator[Finding]:
    """Yield what is wrong with the post itself, whatever its translations are."""
    silenced = ignored_in_file(document)
    found = [
        *(
            Finding("nesting-limit", Severity.WARNING, message, path=document.name, line=line)
            for line, message in document.limits
        ),
        *document.findings,
    ]
    for finding in configured(found, settings):
        if silenced.isdisjoint((finding.check, family_of(finding.check))):
            yield finding


def _segments(document: Document) -> dict[tuple[str | None, str], Segment]:
    segments: dict[tuple[str | None, str], Segment] = {}
    for segment in document.segments:
        segments.setdefault(segment.key, segment)
    return segments


def _is_kept(unit: Unit) -> bool:
    return unit.msgstr == unit.msgid and any(text.startswith(KEPT) for text in unit.comments)


def _outdated(
    post: str,
    catalog: str,
    segments: Mapping[tuple[str | None, str], Segment],
    units: Sequence[Unit],
    settings: Settings,
) -> Iterator[Finding]:
    severity = severity_of(state.stale, settings)
    if severity is None:
        return
    known = {unit.key for unit in units}
    new = [segment for key, segment in segments.items() if key not in known]
    gone = [unit for unit in units if unit.key not in segments]
    hint = Message("Run diglot extract.")
    if new:
        message = Message(
            "{count} of {total} texts missing from the catalog",
            count=len(new),
            total=len(segments),
        )
        yield Finding("stale", severity, message, post, new[0].line, catalog, 0, hint)
    if gone:
        message = Message(
            "{count} of {total} entries no longer in the post", count=len(gone), total=len(units)
        )
        yield Finding("stale", severity, message, post, 0, catalog, gone[0].line, hint)


def _odd_form(
    post: str, name: str, catalog: Catalog, ignore: Collection[str], settings: Settings
) -> Iterator[Finding]:
    rule = posts.CATALOG_FORM
    severity = severity_of(rule, settings)
    if severity is not None and not {rule.id, rule.family} & set(ignore):
        for oddity in catalog.oddities:
            message = Message("the file has {oddity}", oddity=oddity)
            yield Finding(rule.id, severity, message, post, 0, name, 1, rule.hint)
