"""Fill a catalog: exact memory first, then an engine, every candidate through the checks.

A person's words are never touched. What an engine says is data from outside: it is taken only
when every placeable came back once and no check refuses it; otherwise the text is translated
piece by piece between its placeables, and if that fails too it stays untranslated with a comment
that says why. Machine output is always fuzzy and names its origin.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from pipeline.checks import refusals
from pipeline.engines.base import Answer, Engine, Request
from pipeline.errors import EngineError
from pipeline.glossary import Glossary
from pipeline.inline import join_lines
from pipeline.masking import Masked, mask, restore, split_masked
from pipeline.memory import Memory
from pipeline.model import Catalog, Origin, Profile, Segment, State, Term, Unit, fingerprint
from pipeline.sentences import split

UNTRANSLATED = "untranslated: "
"""How the comment starts that says why an engine's answer was not taken."""

_BATCH = 16
"""So many units are translated between two chances to save."""

_NOT_ASKED = "the engine had given up"


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
    stopped: EngineError | None = None
    """Why the engine gave up, once it has."""

    def refuse(self, reason: str) -> None:
        self.refused += 1
        self.reasons[reason] = self.reasons.get(reason, 0) + 1


def wants(unit: Unit) -> bool:
    """Tell whether a unit is to be filled: only what nobody has translated is."""
    return not unit.obsolete and unit.plural is None and unit.state is State.UNTRANSLATED


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
        EngineError: the engine gave up; what was done before has been reported.
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
    for start in range(0, len(left), _BATCH):
        batch = left[start : start + _BATCH]
        for index, unit in zip(
            batch, _translate([units[i] for i in batch], job, tally), strict=True
        ):
            units[index] = unit
        catalog = replace(catalog, units=tuple(units))
        on_progress(catalog, len(batch))
        if tally.stopped:
            raise tally.stopped
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


def _translate(units: Sequence[Unit], job: Job, tally: Tally) -> Iterator[Unit]:
    """Yield each unit with the engine's translation, or with the reason why it has none."""
    first = _answers([mask(unit.msgid, job.profile) for unit in units], job, tally)
    candidates = [_judge(unit, answer, job) for unit, answer in zip(units, first, strict=True)]
    failed = [
        index
        for index, (text, _) in enumerate(candidates)
        if text is None and mask(units[index].msgid, job.profile).pieces
    ]
    for index, second in zip(
        failed, _piecewise([units[i] for i in failed], job, tally), strict=True
    ):
        text, reason = _judge(units[index], second, job)
        candidates[index] = text, reason or candidates[index][1]
    assert job.engine is not None
    for unit, (text, reason) in zip(units, candidates, strict=True):
        if reason == _NOT_ASKED:
            yield unit
        elif text is None:
            tally.refuse(reason)
            yield _refused(unit, job.engine.name, reason)
        else:
            tally.machine += 1
            yield _filled(unit, text, Origin("machine", job.engine.name, fingerprint(unit.msgid)))


def _refused(unit: Unit, engine: str, reason: str) -> Unit:
    comment = f"{UNTRANSLATED}{engine}: {reason}"
    kept = (line for line in unit.comments if not line.startswith(UNTRANSLATED))
    return replace(unit, comments=(*kept, comment))


def _judge(unit: Unit, answer: Answer, job: Job) -> tuple[str | None, str]:
    """Return the text if it can be taken, else the reason why not."""
    if answer.error:
        return None, answer.error
    reasons = _refusals(unit, answer.text, job, machine=True)
    return (None, reasons[0]) if reasons else (answer.text, "")


def _answers(texts: Sequence[Masked], job: Job, tally: Tally) -> list[Answer]:
    """Ask for masked texts, by line and, where the engine is better at them, by sentence."""
    plans = [[_sentences(line, job) for line in masked.text.split("\n")] for masked in texts]
    requests = [sentence for plan in plans for line in plan for sentence in line]
    answers = iter(_ask(requests, job, tally))
    results = []
    for masked, plan in zip(texts, plans, strict=True):
        lines = [[next(answers) for _ in line] for line in plan]
        results.append(_assembled(masked, lines, job))
    return results


def _assembled(masked: Masked, lines: Sequence[Sequence[Answer]], job: Job) -> Answer:
    error = next((answer.error for line in lines for answer in line if answer.error), "")
    if error:
        return Answer(error=error)
    text = "\n".join(_join([answer.text for answer in line], job) for line in lines)
    restored = restore(masked, text)
    if restored is None:
        return Answer(error="markup was lost or repeated")
    return Answer(restored)


def _sentences(line: str, job: Job) -> list[str]:
    assert job.engine is not None
    parts = split(line) if job.engine.sentences else [line]
    return [part.strip() for part in parts if part.strip()]


def _join(sentences: Sequence[str], job: Job) -> str:
    """Join translated sentences: with a space, but not after a Chinese full stop."""
    text = ""
    for sentence in map(str.strip, sentences):
        chinese = job.target.startswith("zh") and text[-1:] in "。！？；：…”’）"
        text += ("" if not text or chinese else join_lines(text, sentence)) + sentence
    return text


def _piecewise(units: Sequence[Unit], job: Job, tally: Tally) -> list[Answer]:
    """Translate only the prose between the placeables, which then cannot be lost."""
    texts = [mask(unit.msgid, job.profile) for unit in units]
    plans = [split_masked(masked.text) for masked in texts]
    prose = [part for plan in plans for part in plan if _is_prose(part)]
    answers = iter(_answers([Masked(part.strip(), ()) for part in prose], job, tally))
    results = []
    for masked, plan in zip(texts, plans, strict=True):
        parts = [(part, next(answers) if _is_prose(part) else Answer(part)) for part in plan]
        results.append(_rejoined(masked, parts, job))
    return results


def _is_prose(part: str) -> bool:
    return not part.startswith("<x") and any(character.isalpha() for character in part)


def _rejoined(masked: Masked, parts: Sequence[tuple[str, Answer]], job: Job) -> Answer:
    error = next((answer.error for _, answer in parts if answer.error), "")
    if error:
        return Answer(error=error)
    text = "".join(_in_place(part, answer.text, job) for part, answer in parts)
    restored = restore(masked, text)
    return Answer(error="markup was lost or repeated") if restored is None else Answer(restored)


def _in_place(part: str, answer: str, job: Job) -> str:
    """Return the answer with the spaces around it that the part had."""
    lead, trail = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    return lead + answer.strip() + trail


def _ask(sentences: Sequence[str], job: Job, tally: Tally) -> list[Answer]:
    """Ask the engine once for each distinct sentence, with the glossary terms in it.

    When it gives up, the answers that it gave stand, and ``tally`` remembers why.
    """
    assert job.engine is not None
    requests = [Request(text, terms=_terms(text, job)) for text in dict.fromkeys(sentences)]
    answers: dict[str, Answer] = {}
    if not tally.stopped:
        try:
            stream = job.engine.translate(requests, job.source, job.target)
            for request, answer in zip(requests, stream, strict=False):
                answers[request.text] = answer
            if len(answers) < len(requests):
                tally.stopped = EngineError(f'The engine "{job.engine.name}" left texts unanswered')
        except EngineError as error:
            tally.stopped = error
    return [answers.get(text, Answer(error=_NOT_ASKED)) for text in sentences]


def _terms(text: str, job: Job) -> tuple[Term, ...]:
    return tuple(dict.fromkeys(match.term for match in job.glossary.find(text)))
