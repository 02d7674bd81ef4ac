"""Fill a catalog: exact memory first, then an engine, every candidate through the checks.

A person's words are never touched. What an engine says is data from outside: it is taken only
when every placeable came back once and no check refuses it; otherwise the text is translated
piece by piece between its placeables, and if that fails too it stays untranslated with a comment
that says why. Machine output is always fuzzy and names its origin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.asking import LOST, NOT_ASKED, Asker
from pipeline.catalog import wants
from pipeline.checks import refusals
from pipeline.engines.base import Answer, Engine
from pipeline.glossary import Glossary
from pipeline.inline import find, prose
from pipeline.masking import mask
from pipeline.memory import Memory
from pipeline.model import Catalog, Origin, Profile, Segment, Unit, fingerprint

UNTRANSLATED = "untranslated: "
"""How the comment starts that says why an engine's answer was not taken."""

_BATCH = 16
"""So many units are translated between two chances to save."""

Verdict = tuple[str | None, str]
"""The text that can be taken, or ``None`` and the reason why there is none."""


@dataclass(frozen=True, slots=True)
class Job:
    """What one catalog needs: the units to fill, and what there is to know about them."""

    source: str
    target: str
    profile: Profile
    segments: Mapping[tuple[str | None, str], Segment]
    memory: Memory
    glossary: Glossary
    engine: Engine | None = None
    """``None``: memory only."""


@dataclass(slots=True)
class Tally:
    """How many units came from where; ``refused`` counts those that stay untranslated."""

    memory: int = 0
    machine: int = 0
    refused: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def refuse(self, reason: str) -> None:
        self.refused += 1
        self.reasons[reason] = self.reasons.get(reason, 0) + 1


def pretranslate(
    catalog: Catalog,
    job: Job,
    tally: Tally,
    on_progress: Callable[[Catalog, int], None] = lambda catalog, done: None,
) -> Catalog:
    """Return the catalog with its empty units filled as far as memory and engine can.

    ``on_progress`` is called with the catalog so far and the number of units dealt with since the
    last call, often enough to save finished work.

    Raises:
        EngineError, KeyboardInterrupt: the engine gave up, or was interrupted; what was done before
            has been reported.
    """
    units = list(catalog.units)
    wanted = [index for index, unit in enumerate(units) if wants(unit)]
    left = []
    for index in wanted:
        found = _from_memory(units[index], job)
        if found:
            units[index] = found
            tally.memory += 1
        else:
            left.append(index)
    catalog = replace(catalog, units=tuple(units))
    on_progress(catalog, len(wanted) - len(left))
    if job.engine is None:
        return catalog
    asker = Asker(job.engine, job.source, job.target, job.glossary)
    for start in range(0, len(left), _BATCH):
        batch = left[start : start + _BATCH]
        for index, unit in zip(
            batch, _translate([units[i] for i in batch], job, asker, tally), strict=True
        ):
            units[index] = unit
        catalog = replace(catalog, units=tuple(units))
        on_progress(catalog, len(batch))
        if asker.stopped:
            raise asker.stopped
    return catalog


def _from_memory(unit: Unit, job: Job) -> Unit | None:
    """Return the unit with an exact match: a person's is final, a machine's stays fuzzy."""
    if unit.context is not None:
        return None
    match = job.memory.find(unit.msgid)
    if match is None or _refusals(unit, match.msgstr, job, machine=False):
        return None
    return _filled(unit, match.msgstr, match.origin if match.fuzzy else None)


def _refusals(unit: Unit, msgstr: str, job: Job, *, machine: bool) -> list[str]:
    return refusals(
        unit.msgid,
        msgstr,
        job.profile,
        job.source,
        job.target,
        job.segments.get(unit.key),
        candidate=machine and job.engine is not None and not job.engine.test,
    )


def _filled(unit: Unit, msgstr: str, origin: Origin | None) -> Unit:
    comments = tuple(line for line in unit.comments if not line.startswith(UNTRANSLATED))
    return replace(
        unit,
        msgstr=msgstr,
        origin=origin,
        fuzzy=origin is not None,
        comments=comments,
        previous=None,
        previous_context=None,
        previous_plural=None,
    )


def _translate(units: Sequence[Unit], job: Job, asker: Asker, tally: Tally) -> Iterator[Unit]:
    """Yield each unit with the engine's translation, or with the reason why it has none."""
    engine = asker.engine
    texts = [mask(unit.msgid, job.profile) for unit in units]
    answers = asker.whole(texts)
    found = _judged(units, answers, job)
    broken = [
        index
        for index, (text, _) in enumerate(found)
        if text is None and texts[index].pieces and answers[index].error in ("", LOST)
    ]
    _improve(found, broken, units, asker.piecewise([texts[i] for i in broken]), job)
    if not ("terms" in engine.heeds or engine.test):
        lacking = [i for i, (text, _) in enumerate(found) if _lacks_terms(units[i], text, job)]
        forced = [asker.with_terms(texts[i]) for i in lacking]
        _improve(found, lacking, units, asker.whole(forced), job)
    for unit, (text, reason) in zip(units, found, strict=True):
        if text is not None:
            tally.machine += 1
            origin = Origin("machine", engine.name, fingerprint(unit.msgid), engine.draft)
            yield _filled(unit, text, origin)
        elif reason == NOT_ASKED:
            yield unit
        else:
            tally.refuse(reason)
            yield _refused(unit, engine.name, reason)


def _improve(
    found: list[Verdict],
    indices: Sequence[int],
    units: Sequence[Unit],
    answers: Sequence[Answer],
    job: Job,
) -> None:
    """Put those of the new answers into ``found`` that can be taken."""
    verdicts = _judged([units[index] for index in indices], answers, job)
    for index, verdict in zip(indices, verdicts, strict=True):
        if verdict[0] is not None:
            found[index] = verdict


def _lacks_terms(unit: Unit, text: str | None, job: Job) -> bool:
    return text is not None and bool(
        job.glossary.missing(_prose(unit.msgid, job), _prose(text, job))
    )


def _prose(text: str, job: Job) -> str:
    return prose(text, find(text, job.profile, msgid=True))


def _refused(unit: Unit, engine: str, reason: str) -> Unit:
    comment = f"{UNTRANSLATED}{engine}: {reason}"
    kept = (line for line in unit.comments if not line.startswith(UNTRANSLATED))
    return replace(unit, comments=(*kept, comment))


def _judged(units: Sequence[Unit], answers: Sequence[Answer], job: Job) -> list[Verdict]:
    return [_judge(unit, answer, job) for unit, answer in zip(units, answers, strict=True)]


def _judge(unit: Unit, answer: Answer, job: Job) -> Verdict:
    """Return the text if it can be taken, else the reason why not."""
    if answer.error:
        return None, answer.error
    reasons = _refusals(unit, answer.text, job, machine=True)
    return (None, reasons[0]) if reasons else (answer.text, "")
