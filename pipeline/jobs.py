"""What one catalog needs of memory and engine: which units, and what an engine may know of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.answers import Answers
from pipeline.asking import Allowance, Asker
from pipeline.catalog import wants
from pipeline.checks import Options, refusals
from pipeline.decisions import rejected_engines, rejected_texts
from pipeline.engines.base import Context, Engine, Pair
from pipeline.glossary import Glossary
from pipeline.masking import mask
from pipeline.memory import Memory, neighbours
from pipeline.model import Profile, Segment, Severity, State, Unit
from pipeline.passages import Interpreter, Passage
from pipeline.reuse import Reuse
from pipeline.wording import Message

UNTRANSLATED = "untranslated: "
"""How the comment starts that says why an engine's answer was not taken."""

_BEFORE, _AFTER = 2, 1
"""So many neighbours an engine is shown."""


@dataclass(frozen=True, slots=True)
class Job:
    """What there is to know about the units of one catalog, and what may be spent on them."""

    source: str
    target: str
    profile: Profile
    segments: Mapping[tuple[str | None, str], Segment]
    memory: Memory
    glossary: Glossary
    engine: Engine | None = None
    """``None``: memory only."""
    answers: Answers = field(default_factory=Answers.forgetful)
    allowance: Allowance = field(default_factory=Allowance)
    title: str = ""
    style: str = ""
    threshold: float = 1.0
    """How similar, as a fraction, a text in the memory must be; 1: the same."""
    similar_first: bool = True
    """Similar texts come before the engine, not only where it has no answer that can be taken."""
    only_new: bool = False
    """Leave what was refused before, and what has changed."""
    checks: Mapping[str, Severity | None] = field(default_factory=dict)
    """The severities of checks and families that the project sets; ``None``: off."""
    check_options: Options = field(default_factory=dict)
    fresh: bool = False
    """Ask the engine also where a person has rejected what it made."""

    def wants(self, unit: Unit) -> bool:
        """Tell whether the job is to fill the unit."""
        return wants(unit) and not (self.only_new and was_refused(unit))

    def asks(self, unit: Unit) -> bool:
        """Tell whether the engine is to be asked about the unit."""
        if self.engine is None or not self.wants(unit):
            return False
        return self.fresh or self.engine.name not in rejected_engines(unit)

    def refusals(self, unit: Unit, text: str, *, machine: bool = True) -> Sequence[str]:
        """Say why the text must not become the unit's translation."""
        if text in rejected_texts(unit):
            return [Message("a person has rejected this translation")]
        return refusals(
            unit.msgid,
            text,
            self.profile,
            self.source,
            self.target,
            self.segments.get(unit.key),
            candidate=machine and not (self.engine and self.engine.test),
        )

    def reuse(self, units: Sequence[Unit]) -> Reuse:
        """Return what the memory offers for the units of a catalog."""
        return Reuse(self.memory, self.threshold, neighbours(units))

    def interpreter(self, engine: Engine) -> Interpreter:
        """Return what puts the job's texts to the engine."""
        asker = Asker(engine, self.source, self.target, self.answers, self.allowance)
        return Interpreter(asker, self.glossary, self.profile, self.style)

    def passages(self, units: Sequence[Unit], wanted: Iterable[int]) -> Iterator[Passage]:
        """Yield the texts of the wanted ones among a catalog's units, as an engine sees them."""
        living = [index for index, unit in enumerate(units) if not unit.obsolete]
        places = {index: place for place, index in enumerate(living)}
        reuse = self.reuse(units)
        for index in wanted:
            place = places[index]
            yield self._passage(
                units[index],
                reuse,
                [units[i] for i in living[max(0, place - _BEFORE) : place]],
                [units[i] for i in living[place + 1 : place + 1 + _AFTER]],
            )

    def _passage(
        self, unit: Unit, reuse: Reuse, before: Sequence[Unit], after: Sequence[Unit]
    ) -> Passage:
        wants_examples = self.engine is not None and "examples" in self.engine.heeds
        segment = self.segments.get(unit.key)
        return Passage(
            mask(unit.msgid, self.profile),
            kind=segment.kind if segment else "",
            context=Context(
                self.title,
                segment.path if segment else (),
                tuple(map(_neighbour, before)),
                tuple(map(_neighbour, after)),
            ),
            examples=reuse.examples(unit, self.profile) if wants_examples else (),
        )


def was_refused(unit: Unit) -> bool:
    """Tell whether a comment says that an engine's answer was not taken."""
    return any(text.startswith(UNTRANSLATED) for text in unit.comments)


def _neighbour(unit: Unit) -> Pair:
    """Return a text and what a person made of it.

    A machine's text is left out: it is less use, and what an engine is asked would depend on how
    far the last run had come, so that stored answers would not serve again.
    """
    return Pair(unit.msgid, unit.msgstr if unit.state is State.TRANSLATED else "")
