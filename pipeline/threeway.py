"""Merging two versions of a catalog that come from a third, entry by entry.

What one side changed is taken from it. Where both changed an entry's translation, a person's goes
before a machine's; where both are a person's, nothing is decided: the entry becomes fuzzy, with our
text in it and theirs in a comment. So no text ends up, confirmed, beside a source beside which it
did not stand, confirmed, on one of the sides; and no text of a person is lost.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from pipeline.catalog import OTHER_VERSION
from pipeline.decisions import escaped
from pipeline.model import Catalog, State, Unit

Key = tuple[str | None, str]
T = TypeVar("T")

_BY_PEOPLE = (State.TRANSLATED, State.NEEDS_WORK, State.STALE)


@dataclass(frozen=True, slots=True)
class Merged:
    """The merged catalog, and the entries in it that a person has to decide."""

    catalog: Catalog
    undecided: tuple[Unit, ...]


def merge_versions(base: Catalog, ours: Catalog, theirs: Catalog) -> Merged:
    """Return ``ours`` with what ``theirs`` changed since ``base``; all three are left alone."""
    before, mine, other = _by_key(base), _by_key(ours), _by_key(theirs)
    moved = [*mine] != [*before]
    order = _in_order([*mine], [*other]) if moved else _in_order([*other], [*mine])
    found = {key: _unit(before.get(key), mine.get(key), other.get(key)) for key in order}
    units = _with_later_edits([unit for unit in found.values() if unit], before, mine, other)
    known = {*ours.units, *theirs.units}
    catalog = replace(
        ours,
        units=tuple(sorted(units, key=lambda unit: unit.obsolete)),
        header=_header(base, ours, theirs),
        header_comments=_lines(base.header_comments, ours.header_comments, theirs.header_comments),
        source=_source(units, ours, theirs),
    )
    undecided = (unit for unit in units if unit not in known and _is_undecided(unit))
    return Merged(catalog, tuple(undecided))


def _by_key(catalog: Catalog) -> dict[Key, Unit]:
    return {unit.key: unit for unit in catalog.units}


def _in_order(first: Sequence[Key], second: Sequence[Key]) -> list[Key]:
    """Return all keys as in ``first``; each of only ``second`` behind the one it follows there."""
    known = set(first)
    following: dict[Key | None, list[Key]] = {}
    last = None
    for key in second:
        if key in known:
            last = key
        else:
            following.setdefault(last, []).append(key)
    order = following.pop(None, [])
    for key in first:
        order += [key, *following.get(key, ())]
    return order


def _source(
    units: Sequence[Unit], ours: Catalog, theirs: Catalog
) -> Mapping[Key, tuple[Unit, str]]:
    """Return the lines that each unit has on the side that it comes from, ours first."""
    found = dict(ours.source)
    for unit in units:
        known = theirs.source.get(unit.key)
        if known and found.get(unit.key, (None,))[0] != unit:
            found[unit.key] = known
    return found


# One entry


def _unit(base: Unit | None, ours: Unit | None, theirs: Unit | None) -> Unit | None:
    if ours == theirs or theirs == base:
        return ours
    if ours == base:
        return theirs
    if ours is None or theirs is None:
        return ours or theirs  # one side has no use for what the other one worked on
    old = base or Unit(ours.msgid, context=ours.context)
    chosen = _work(old, ours, theirs)
    comments = _lines(old.comments, ours.comments, theirs.comments)
    if chosen is None:
        chosen = replace(ours, fuzzy=True, origin=None)
        comments = (*comments, _as_comment(theirs))
    return replace(
        chosen,
        comments=comments,
        notes=_either(old.notes, ours.notes, theirs.notes),
        references=_either(old.references, ours.references, theirs.references),
        flags=_lines(old.flags, ours.flags, theirs.flags),
        obsolete=_either(old.obsolete, ours.obsolete, theirs.obsolete),
    )


def _work(base: Unit, ours: Unit, theirs: Unit) -> Unit | None:
    """Return the side whose translation holds; nothing where a person has to decide."""
    if _translation(theirs) in (_translation(base), _translation(ours)):
        return ours
    if _translation(ours) == _translation(base):
        return theirs
    if _text(ours) == _text(theirs):
        return _more_careful(ours, theirs)
    by_people = [side for side in (ours, theirs) if _is_by_a_person(side)]
    if len(by_people) < 2:
        return next(iter(by_people), None) or (ours if ours.msgstr else theirs)
    edited = [side for side in by_people if _text(side) != _text(base)]
    return edited[0] if len(edited) == 1 else None


def _translation(unit: Unit) -> tuple[object, ...]:
    made_for = unit.previous, unit.previous_context, unit.previous_plural
    return (*_text(unit), unit.fuzzy, unit.origin, *made_for)


def _text(unit: Unit) -> tuple[object, ...]:
    return unit.msgstr, unit.plural, unit.plurals


def _is_by_a_person(unit: Unit) -> bool:
    return unit.state in _BY_PEOPLE and not (unit.fuzzy and unit.origin)


def _more_careful(ours: Unit, theirs: Unit) -> Unit:
    """Choose between two that say the same: doubted by a person, confirmed, anything else."""
    for state in (State.NEEDS_WORK, State.TRANSLATED):
        for side in (ours, theirs):
            if side.state is state:
                return side
    return ours


def _as_comment(unit: Unit) -> str:
    return OTHER_VERSION + " | ".join(map(escaped, unit.plurals or (unit.msgstr,)))


def _is_undecided(unit: Unit) -> bool:
    return any(text.startswith(OTHER_VERSION) for text in unit.comments)


def _with_later_edits(
    units: Sequence[Unit],
    base: Mapping[Key, Unit],
    ours: Mapping[Key, Unit],
    theirs: Mapping[Key, Unit],
) -> list[Unit]:
    """Give what a person made of a text on one side to what the text has become on the other."""
    edited = {
        unit.key: unit
        for unit in units
        if (unit.key in ours) != (unit.key in theirs)
        and unit.key in base
        and unit.state is State.TRANSLATED
    }
    followed: set[Key] = set()
    result = []
    for unit in units:
        key = (unit.previous_context, unit.previous or "")
        follows = unit.previous and key in edited and _text(unit) == _text(base[key])
        if follows:
            followed.add(key)
        later = edited[key] if follows else unit
        result.append(replace(unit, msgstr=later.msgstr, plurals=later.plurals))
    return [unit for unit in result if unit.key not in followed]


# Parts


def _either(base: T, ours: T, theirs: T) -> T:
    """Return what changed; ours, where both did."""
    return theirs if ours == base else ours


def _lines(
    base: Collection[str], ours: Collection[str], theirs: Collection[str]
) -> tuple[str, ...]:
    """Return our lines without those that they removed, and with those that they added."""
    kept = [line for line in ours if line in theirs or line not in base]
    return (*kept, *(line for line in theirs if line not in base and line not in ours))


def _header(base: Catalog, ours: Catalog, theirs: Catalog) -> tuple[tuple[str, str], ...]:
    old, mine, other = (dict(catalog.header) for catalog in (base, ours, theirs))
    fields = []
    for name in dict.fromkeys([*mine, *other]):
        a, b = mine.get(name), other.get(name)
        value = _either(old.get(name), a, b)
        if a and b and name.endswith("-Date") and old.get(name) not in (a, b):
            value = max(a, b)
        if value is not None:
            fields.append((name, value))
    return tuple(fields)
