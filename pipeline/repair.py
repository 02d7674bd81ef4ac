"""Repairing translations: the edits that checks call safe, applied where they change text alone.

A repaired text has the markup, code and links that it had, no check that guards posts has more to
say about it, and repairing it again changes nothing. Whose translation it is stays as it was.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline import catalog as catalogs
from pipeline.checks import (
    CHECKS,
    Check,
    Edit,
    Pair,
    catalog_pairs,
    ignored_in_file,
    refusals,
    severity_of,
    silenced_in,
)
from pipeline.files import Replacement
from pipeline.model import Catalog, Severity, State, Unit
from pipeline.project import Post, Project
from pipeline.workspace import load_catalog, read_source, target_locales

FIXABLE: tuple[Check, ...] = tuple(check for check in CHECKS if check.edits)
"""The checks that know how to repair what they find."""

_ROUNDS = 4
"""A repair may make another possible; a text that does not settle stays as it is."""
_NO_TEXT = frozenset((State.UNTRANSLATED, State.STALE))


@dataclass(frozen=True, slots=True)
class Repaired:
    """A catalog: how many entries were repaired, its new content, and the difference."""

    path: str
    entries: int
    new: Replacement | None = None
    diff: str = ""


def repair_post(only: Collection[str], project: Project, post: Post) -> list[Repaired]:
    """Return what becomes of every catalog of a post in which something can be repaired."""
    source = read_source(project, post)
    found = []
    for locale in target_locales(project, source, only):
        old = load_catalog(project, source, locale)
        pairs = catalog_pairs(source.document, old, source.locale, options=project.check_options)
        silenced = ignored_in_file(source.document, old)
        new = repaired_catalog(old, pairs, enabled(project.checks, silenced))
        entries = sum(a != b for a, b in zip(old.units, new.units, strict=True))
        if entries:
            data = catalogs.encoded(new)
            diff = "".join(_diff(catalogs.dumps(old), data.decode("utf-8"), str(old.path)))
            found.append(
                Repaired(str(old.path), entries, Replacement(old.path, data, old.digest), diff)
            )
    return found


def enabled(settings: Mapping[str, Severity | None], silenced: Collection[str] = ()) -> list[Check]:
    """Return the checks that can repair and are neither switched off nor silenced."""
    return [
        check
        for check in FIXABLE
        if severity_of(check, settings) is not None and not {check.id, check.family} & set(silenced)
    ]


def _diff(old: str, new: str, path: str) -> Iterator[str]:
    before, after = (text.splitlines(keepends=True) for text in (old, new))
    yield from difflib.unified_diff(before, after, f"a/{path}", f"b/{path}", n=2)


def repaired_catalog(catalog: Catalog, pairs: Iterable[Pair], checks: Sequence[Check]) -> Catalog:
    """Return the catalog with every pair's unit repaired as far as ``checks`` know how."""
    units = {pair.unit.key: _repaired_unit(pair, checks) for pair in pairs}
    return replace(
        catalog,
        units=tuple(unit if unit.obsolete else units.get(unit.key, unit) for unit in catalog.units),
    )


def _repaired_unit(pair: Pair, checks: Sequence[Check]) -> Unit:
    unit = pair.unit
    if unit.state in _NO_TEXT or unit.plural is not None or unit.msgstr == unit.msgid:
        return unit
    silenced = silenced_in(unit)
    wanted = [check for check in checks if not {check.id, check.family} & silenced]
    return replace(unit, msgstr=repaired(pair, wanted))


def repaired(pair: Pair, checks: Sequence[Check] = FIXABLE) -> str:
    """Return the target of ``pair`` with the edits of ``checks`` applied, each where it is safe."""
    old = pair
    for _ in range(_ROUNDS):
        before = pair.unit.msgstr
        for check in checks:
            pair = _with_edits(pair, check)
        if pair.unit.msgstr == before:
            return before
    return old.unit.msgstr


def _with_edits(pair: Pair, check: Check) -> Pair:
    edits = list(check.edits(pair)) if check.edits and check.concerns(pair) else []
    text = _applied(pair.unit.msgstr, edits)
    if text == pair.unit.msgstr:
        return pair
    new = replace(pair, unit=replace(pair.unit, msgstr=text))
    restores = check.family == "placeholders"
    same = restores or _markup(new) == _markup(pair)
    return new if same and _complaints(new) <= _complaints(pair) else pair


def _applied(text: str, edits: Iterable[Edit]) -> str:
    parts, position = [], 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        if edit.new is not None and edit.start >= position:
            parts += [text[position : edit.start], edit.new]
            position = edit.end
    return "".join([*parts, text[position:]])


def _markup(pair: Pair) -> list[tuple[str, str]]:
    return [(token.kind, token.text) for token in pair.target_tokens]


def _complaints(pair: Pair) -> int:
    unit = pair.unit
    languages = pair.profile, pair.source, pair.target
    return len(refusals(unit.msgid, unit.msgstr, *languages, pair.segment, candidate=True))
