"""What the memory offers for a unit: an exact match, or a similar text with what differs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice

from pipeline.catalog import DIFFERENCE
from pipeline.engines.base import Pair
from pipeline.engines.notation import MASK
from pipeline.masking import mask
from pipeline.memory import Hit, Memory
from pipeline.model import Origin, Profile, Unit, fingerprint

_LONGEST_REMARK = 400
_EXAMPLES = 3
_EXAMPLE = 50.0
"""How like a text, in percent, an example for it must be."""

Accept = Callable[[str], bool]
"""Whether a text may stand in the catalog as a translation that no person has seen."""


@dataclass(frozen=True, slots=True)
class Reused:
    """A translation from memory; without ``origin`` it is final, ``remark`` is for the reader."""

    text: str
    origin: Origin | None = None
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Reuse:
    """The memory for one catalog, and from which score on, as a fraction, similar texts count.

    ``places`` says which texts stand before and after each unit.
    """

    memory: Memory
    threshold: float
    places: dict[tuple[str | None, str], tuple[str, str]]

    def exact(self, unit: Unit) -> Reused | None:
        """Return the translation of exactly this text: a person's is final."""
        hit = self.memory.find(unit.msgid, *self.places[unit.key]) if not unit.context else None
        return Reused(hit.translation, hit.origin) if hit else None

    def similar(self, unit: Unit, accept: Accept) -> Reused | None:
        """Return the first acceptable translation by a person of a similar enough text."""
        for hit in self._similar(unit):
            if accept(hit.translation):
                # What says something else than its source must not go live unread.
                origin = Origin(
                    "memory", f"{hit.score} %", fingerprint(unit.msgid), not hit.same_words
                )
                return Reused(hit.translation, origin, _remark(hit, unit.msgid))
        return None

    def examples(self, unit: Unit, profile: Profile) -> tuple[Pair, ...]:
        """Return the nearest pairs by people, masked, for an engine to learn from."""
        hits = self.memory.similar(unit.msgid, *self.places[unit.key], lowest=_EXAMPLE)
        pairs = (_masked(hit, profile) for hit in hits if _is_translated(hit))
        return tuple(islice(filter(None, pairs), _EXAMPLES))

    def _similar(self, unit: Unit) -> Iterator[Hit]:
        lowest = 100 * self.threshold
        if lowest < 100:
            for hit in self.memory.similar(unit.msgid, *self.places[unit.key], lowest=lowest):
                if hit.fits and hit.trusted and _is_translated(hit):
                    yield hit


def _is_translated(hit: Hit) -> bool:
    return hit.translation != hit.text


def _masked(hit: Hit, profile: Profile) -> Pair | None:
    """Return the pair, the same markup under the same masks; ``None`` where they differ in it."""
    text, translation = mask(hit.text, profile), mask(hit.translation, profile)
    if sorted(text.pieces) != sorted(translation.pieces):
        return None
    left = list(text.pieces)
    numbers = []
    for piece in translation.pieces:
        numbers.append(left.index(piece) + 1)
        left[numbers[-1] - 1] = ""
    target = MASK.sub(lambda found: f"<x{numbers[int(found[1]) - 1]}/>", translation.text)
    return Pair(text.text, target)


def _remark(hit: Hit, wanted: str) -> str:
    text = " ".join(hit.changes(wanted).split())
    says_something = text and text != " ".join(wanted.split())
    return DIFFERENCE + text if says_something and len(text) <= _LONGEST_REMARK else ""
