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
from pipeline.inline import find, join_lines, prose
from pipeline.masking import Masked, double_braces, mask, restore, split_masked
from pipeline.memory import Memory
from pipeline.model import Catalog, Origin, Profile, Segment, State, Term, Unit, fingerprint
from pipeline.sentences import split

UNTRANSLATED = "untranslated: "
"""How the comment starts that says why an engine's answer was not taken."""

_BATCH = 16
"""So many units are translated between two chances to save."""

_NOT_ASKED = "the engine had given up"
_LOST = "markup was lost or repeated"

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
    engine = job.engine
    assert engine is not None
    texts = [mask(unit.msgid, job.profile) for unit in units]
    answers = _answers(texts, job, tally)
    found = _judged(units, answers, job)
    broken = [
        index
        for index, (text, _) in enumerate(found)
        if text is None and texts[index].pieces and answers[index].error in ("", _LOST)
    ]
    _improve(found, broken, units, _piecewise([texts[i] for i in broken], job, tally), job)
    if not (engine.takes_terms or engine.test):
        lacking = [i for i, (text, _) in enumerate(found) if _lacks_terms(units[i], text, job)]
        forced = [_with_terms(texts[i], job) for i in lacking]
        _improve(found, lacking, units, _answers(forced, job, tally), job)
    for unit, (text, reason) in zip(units, found, strict=True):
        if text is not None:
            tally.machine += 1
            origin = Origin("machine", engine.name, fingerprint(unit.msgid), engine.draft)
            yield _filled(unit, text, origin)
        elif reason == _NOT_ASKED:
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


def _with_terms(masked: Masked, job: Job) -> Masked:
    """Mask the terms, too, with their translations behind the masks."""
    parts: list[str] = []
    pieces = list(masked.pieces)
    for part in split_masked(masked.text):
        position = 0
        for match in () if part.startswith("<x") else job.glossary.find(part):
            pieces.append(double_braces(match.term.target))
            parts += [part[position : match.start], f"<x{len(pieces)}/>"]
            position = match.end
        parts.append(part[position:])
    return replace(masked, text="".join(parts), pieces=tuple(pieces))


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
        return Answer(error=_LOST)
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


def _piecewise(texts: Sequence[Masked], job: Job, tally: Tally) -> list[Answer]:
    """Translate only the prose between the placeables, which then cannot be lost."""
    plans = [split_masked(masked.text) for masked in texts]
    wanted = [Masked(part.strip(), ()) for plan in plans for part in plan if _is_prose(part)]
    answers = iter(_answers(wanted, job, tally))
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
    return Answer(error=_LOST) if restored is None else Answer(restored)


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
