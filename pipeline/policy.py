"""What of a catalog a built post shows: the publish policy, what is stale, the guard."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pipeline.checks import ignored, ignored_in_file, refusals
from pipeline.model import Catalog, Finding, Segment, Severity, State, Unit
from pipeline.project import Project
from pipeline.wording import Message
from pipeline.workspace import Source

Key = tuple[str | None, str]

_PUBLISHED_STATES = {
    "reviewed": {State.TRANSLATED},
    "machine": {State.TRANSLATED, State.MACHINE},
    "all": {State.TRANSLATED, State.MACHINE, State.NEEDS_WORK},
}


@dataclass(frozen=True, slots=True)
class Shown:
    """What a post shows in one locale: the ``targets`` of its segments, elsewhere its own text.

    ``states`` counts all segments; ``units`` are the entries of the targets.
    """

    targets: Mapping[Segment, str]
    states: Counter[State]
    units: Mapping[Key, Unit]

    @property
    def total(self) -> int:
        """How many segments there are."""
        return self.states.total()

    @property
    def reviewed(self) -> int:
        """How many segments have a translation that a person has read."""
        return self.states[State.TRANSLATED]

    @property
    def machine(self) -> int:
        """How many segments show text that a machine wrote and nobody has read."""
        return sum(map(self.is_machine, self.targets))

    def is_machine(self, segment: Segment) -> bool:
        """Tell whether the target of a segment is such text."""
        return _is_machine(self.units[segment.key])

    @property
    def mark(self) -> str:
        """What the front matter says about the translation."""
        if self.reviewed == self.total:
            return "reviewed"
        if not self.targets:
            return "none"
        if any(self.units[segment.key].state is State.STALE for segment in self.targets):
            return "stale"
        return "machine" if self.states[State.MACHINE] and not self.reviewed else "mixed"

    def is_draft(self, threshold: float) -> bool:
        """Tell whether it must not go live unread: rough drafts in it, or too little is done."""
        if any(_is_rough(self.units[segment.key]) for segment in self.targets):
            return True
        done = len(self.targets)
        return bool(self.total) and (not done or done < threshold * self.total)


NOTHING = Shown({}, Counter(), {})
"""What a post shows in its own language: its text."""


def shown(project: Project, source: Source, locale: str, catalog: Catalog) -> Shown:
    """Return what policy lets through of a catalog, and of stale translations what still fits."""
    units = {unit.key: unit for unit in catalog.units if not unit.obsolete}
    silenced = ignored_in_file(source.document, catalog)
    allowed = _PUBLISHED_STATES[project.publish]
    targets: dict[Segment, str] = {}
    states: Counter[State] = Counter()
    for segment in source.document.segments:
        unit = units.get(segment.key)
        state = unit.state if unit else State.UNTRANSLATED
        states[state] += 1
        if unit and (
            state in allowed
            or (
                state is State.STALE
                and _is_kept(project, unit)
                and not _reasons(source, locale, segment, unit, silenced)
            )
        ):
            targets[segment] = unit.msgstr
    return Shown(targets, states, {key: units[key] for key in {s.key for s in targets}})


def _is_kept(project: Project, unit: Unit) -> bool:
    return project.stale == "keep" and (project.publish != "reviewed" or not _is_machine(unit))


def _is_machine(unit: Unit) -> bool:
    return unit.fuzzy and unit.origin is not None


def _is_rough(unit: Unit) -> bool:
    return unit.fuzzy and unit.origin is not None and unit.origin.draft


def refused(source: Source, locale: str, catalog: Catalog, found: Shown) -> Iterator[Finding]:
    """Yield why single targets must not be built."""
    seen = set()
    silenced = ignored_in_file(source.document, catalog)
    for segment, msgstr in found.targets.items():
        if (segment.key, msgstr) in seen:
            continue
        seen.add((segment.key, msgstr))
        unit = found.units[segment.key]
        for reason in _reasons(source, locale, segment, unit, silenced):
            yield Finding(
                "build",
                Severity.ERROR,
                Message("the translation cannot be built: {reason}", reason=reason),
                path=source.post.name,
                line=segment.line,
                catalog=str(catalog.path),
                catalog_line=unit.line,
                hint=Message("Correct the msgstr, then build again."),
            )


def _reasons(
    source: Source, locale: str, segment: Segment, unit: Unit, silenced: frozenset[str]
) -> list[Message]:
    return refusals(
        segment.msgid,
        unit.msgstr,
        source.document.profile,
        source.locale,
        locale,
        segment,
        ignore=ignored(unit) | silenced,
    )
