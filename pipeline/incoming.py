"""What comes back from translators' tools, put into a catalog: no person's work is overwritten.

A finished translation of an entry that is empty, or that a machine filled, is taken. Where a person
has been at work in the catalog, one that differs becomes a suggestion, unless it was made from just
what stands there and that was not confirmed yet. A translation of a text that has changed since is
given to the most similar new text as stale, as it is when the post changes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum

from pipeline.catalog import merge, wants
from pipeline.checks import ignored, refusals
from pipeline.decisions import accepted, escaped, rewritten
from pipeline.exchange import Incoming
from pipeline.model import Catalog, Segment, State, Unit, fingerprint
from pipeline.revision import suggested
from pipeline.wording import Message
from pipeline.workspace import Source

OFFERED = "imported: "
"""How the comment starts that shows another translation of what a person has confirmed."""


class Outcome(Enum):
    """What became of an incoming translation."""

    TAKEN = Message("{count} taken")
    NEEDS_WORK = Message("{count} taken, needs work")
    SUGGESTED = Message("{count} suggested beside a person's")
    CHANGED = Message("{count} for texts that have changed")
    UNCHANGED = Message("{count} already there")


@dataclass(slots=True)
class Arrival:
    """Puts translations from one file into the catalogs of posts; ``outcomes`` counts them."""

    source: Source
    name: str
    """The file's, for comments."""
    replaces: bool = False
    """Finished translations take the place of what people have confirmed."""
    outcomes: Counter[Outcome] = field(default_factory=Counter)

    def into(self, catalog: Catalog, found: Iterable[Incoming]) -> Catalog:
        """Return the catalog with the translations that were ``found`` for it."""
        self.outcomes.clear()
        incoming = {(each.context, each.msgid): each for each in found if each.msgstr.strip()}
        segments = {segment.key: segment for segment in self.source.document.segments}
        units = tuple(
            self._arrived(unit, incoming.pop(unit.key), segments.get(unit.key), catalog.locale)
            if unit.key in incoming and not unit.obsolete and unit.plural is None
            else unit
            for unit in catalog.units
        )
        return self._late(replace(catalog, units=units), incoming)

    def _arrived(self, unit: Unit, found: Incoming, segment: Segment | None, locale: str) -> Unit:
        finished = found.finished and not self._refused(unit, found, segment, locale)
        if found.msgstr == unit.msgstr:
            return self._confirmed(unit, finished)
        if unit.state in (State.UNTRANSLATED, State.MACHINE):
            return self._taken(unit, found, finished)
        if finished and (self.replaces or _goes_on(unit, found)):
            return self._taken(unit, found, finished)
        return self._suggested(unit, found)

    def _confirmed(self, unit: Unit, finished: bool) -> Unit:
        confirms = finished and unit.fuzzy
        self.outcomes[Outcome.TAKEN if confirms else Outcome.UNCHANGED] += 1
        return accepted(unit) if confirms else unit

    def _taken(self, unit: Unit, found: Incoming, finished: bool) -> Unit:
        self.outcomes[Outcome.TAKEN if finished else Outcome.NEEDS_WORK] += 1
        said = f": {escaped(found.msgstr)}"  # what was offered, and is taken now
        others = (c for c in unit.comments if not (c.startswith(OFFERED) and c.endswith(said)))
        return rewritten(replace(unit, comments=tuple(others)), found.msgstr, finished=finished)

    def _suggested(self, unit: Unit, found: Incoming) -> Unit:
        if unit.state is State.TRANSLATED:
            comment = f"{OFFERED}{self.name}: {escaped(found.msgstr)}"
            new = replace(unit, comments=tuple(dict.fromkeys((*unit.comments, comment))))
        else:
            new = suggested(unit, found.msgstr, self.name)
        self.outcomes[Outcome.UNCHANGED if new == unit else Outcome.SUGGESTED] += 1
        return new

    def _refused(
        self, unit: Unit, found: Incoming, segment: Segment | None, locale: str
    ) -> Sequence[str]:
        profile = self.source.document.profile
        names = ignored(unit)
        return refusals(
            unit.msgid,
            found.msgstr,
            profile,
            self.source.locale,
            locale,
            segment,
            ignore=names,
        )

    def _late(self, catalog: Catalog, found: Mapping[tuple[str | None, str], Incoming]) -> Catalog:
        """Merge what was translated from texts that the post does not hold any more."""
        known = {unit.key for unit in catalog.units}
        late = [
            Unit(each.msgid, each.msgstr, context=each.context)
            for key, each in found.items()
            if each.finished and key not in known
        ]
        if not late:
            return catalog
        self.outcomes[Outcome.CHANGED] += len(late)
        wanted = [unit for unit in catalog.units if not unit.obsolete]
        kept = [unit for unit in catalog.units if not wants(unit)]
        return merge(replace(catalog, units=(*kept, *late)), wanted)


def _goes_on(unit: Unit, found: Incoming) -> bool:
    """Tell whether a translation was made from what the catalog holds, still unconfirmed."""
    return unit.state is not State.TRANSLATED and found.made_from == fingerprint(unit.msgstr)
