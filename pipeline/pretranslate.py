"""Fill a catalog: memory first, then an engine, every candidate through the checks.

A person's words are never touched. What an engine says is data from outside: it is taken only
when every placeable came back once and no check refuses it; what fails in every way that
``pipeline.drafting`` knows stays untranslated, with a comment that says why. Machine output is
always fuzzy and names its origin. For a changed text of which a person has translated some
sentences the engine translates the others; that is offered in a comment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice

from pipeline.asking import Asker
from pipeline.catalog import DIFFERENCE
from pipeline.checks import Pair
from pipeline.drafting import Draft, Drafter
from pipeline.engines.base import Engine
from pipeline.jobs import UNTRANSLATED, Job
from pipeline.masking import mask
from pipeline.model import Catalog, Origin, Unit, fingerprint
from pipeline.passages import Interpreter, Passage
from pipeline.plans import Tally
from pipeline.repair import enabled, repaired
from pipeline.reuse import Reuse
from pipeline.revision import Revision, revise, suggested
from pipeline.wording import Message

_BATCH = 16
"""So many units, or twice what the engine works on at once, are translated between two saves."""


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
        PipelineError, KeyboardInterrupt: the engine gave up, or was interrupted; what was done
            before has been reported.
    """
    before = tally.memory
    catalog = remembered(catalog, job, tally)
    on_progress(catalog, tally.memory - before)
    if job.engine is None:
        return catalog
    interpreter = job.interpreter(job.engine)
    for step in (_drafted, _revised):
        for latest, done in step(catalog, job, tally, interpreter):
            catalog = latest
            on_progress(catalog, done)
            if interpreter.asker.stopped:
                raise interpreter.asker.stopped
            if job.allowance.is_spent:
                return catalog
    return catalog


def remembered(catalog: Catalog, job: Job, tally: Tally) -> Catalog:
    """Return the catalog with what the memory knows."""
    reuse = job.reuse(catalog.units)
    units = [
        (_from_memory(unit, job, reuse, tally) if job.wants(unit) else None) or unit
        for unit in catalog.units
    ]
    return replace(catalog, units=tuple(units))


def revisions(catalog: Catalog, job: Job) -> Iterator[tuple[int, Revision]]:
    """Yield the place of every changed unit that keeps some sentences, and what it keeps."""
    for index, unit in enumerate(catalog.units):
        revision = None if job.only_new else revise(unit, job.profile)
        if revision:
            yield index, revision


def sentence_passages(revision: Revision, job: Job) -> list[Passage]:
    """Return what is asked for a changed unit."""
    return [Passage(mask(text, job.profile)) for text in revision.wanted]


def _from_memory(unit: Unit, job: Job, reuse: Reuse, tally: Tally) -> Unit | None:
    """Return the unit with an exact match, a person's final, or with that of a similar text."""
    found = reuse.exact(unit)
    if found and not job.refusals(unit, found.text, machine=False):
        tally.memory += 1
        return _filled(unit, found.text, found.origin)
    first = job.similar_first or job.engine is None
    return _from_similar(unit, job, reuse, tally) if first else None


def _from_similar(unit: Unit, job: Job, reuse: Reuse, tally: Tally) -> Unit | None:
    found = reuse.similar(unit, lambda text: not job.refusals(unit, text))
    if found is None:
        return None
    tally.memory += 1
    tally.similar += 1
    return _filled(unit, found.text, found.origin, found.remark)


def _filled(unit: Unit, msgstr: str, origin: Origin | None, remark: str = "") -> Unit:
    return replace(
        unit,
        msgstr=msgstr,
        origin=origin,
        fuzzy=origin is not None,
        comments=(*_remarks(unit), *([remark] if remark else ())),
        previous=None,
        previous_context=None,
        previous_plural=None,
    )


def _remarks(unit: Unit) -> Iterable[str]:
    """Return the unit's comments but for those that only an empty or a fuzzy one has."""
    return (text for text in unit.comments if not text.startswith((UNTRANSLATED, DIFFERENCE)))


def _drafted(
    catalog: Catalog, job: Job, tally: Tally, interpreter: Interpreter
) -> Iterator[tuple[Catalog, int]]:
    """Yield the catalog after each batch of empty units, and how many units that were."""
    asker, engine = interpreter.asker, interpreter.asker.engine
    size = max(_BATCH, 2 * engine.at_once)
    reuse = job.reuse(catalog.units)
    drafter = Drafter(interpreter, job.refusals, job.glossary, job.profile)
    left = [index for index, unit in enumerate(catalog.units) if job.asks(unit)]
    unasked = sum(map(job.wants, catalog.units)) - len(left)
    if unasked:
        reason = Message("a person has rejected what {engine} made", engine=engine.name)
        tally.refuse(reason, unasked)
        yield catalog, unasked
    units = list(catalog.units)
    passages = job.passages(catalog.units, left)
    for start in range(0, len(left), size):
        batch = left[start : start + size]
        batch = batch[: job.allowance.take_units(len(batch))]
        wanted = list(islice(passages, len(batch)))
        drafts = drafter.drafts([units[index] for index in batch], wanted)
        for index, draft in zip(batch, drafts, strict=True):
            units[index] = _settled(draft, job, asker, reuse, tally)
        catalog = replace(catalog, units=tuple(units))
        yield catalog, len(batch)


def _settled(draft: Draft, job: Job, asker: Asker, reuse: Reuse, tally: Tally) -> Unit:
    """Return the unit with its translation, or with the reason why it has none."""
    unit, engine = draft.unit, asker.engine
    if not draft.is_complete:
        return unit
    if draft.text:
        tally.machine += 1
        text = draft.text if engine.test else _repaired(unit, draft.text, job)
        return _filled(unit, text, _origin(unit, engine))
    similar = _from_similar(unit, job, reuse, tally)
    if similar:
        return similar
    tally.refuse(draft.reason)
    asker.refuse(draft.requests, draft.reason)
    comment = f"{UNTRANSLATED}{engine.name}: {draft.reason}"
    return replace(unit, comments=(*_remarks(unit), comment))


def _repaired(unit: Unit, text: str, job: Job) -> str:
    """Return what a machine wrote with what is safe to repair in it repaired: marks, spaces."""
    segment = job.segments.get(unit.key)
    pair = Pair(
        replace(unit, msgstr=text),
        segment,
        job.profile,
        job.source,
        job.target,
        options=job.check_options,
    )
    return repaired(pair, enabled(job.checks))


def _origin(unit: Unit, engine: Engine) -> Origin:
    return Origin("machine", engine.name, fingerprint(unit.msgid), engine.draft)


def _revised(
    catalog: Catalog, job: Job, tally: Tally, interpreter: Interpreter
) -> Iterator[tuple[Catalog, int]]:
    """Yield the catalog after each changed unit that gets a suggestion."""
    units = list(catalog.units)
    for index, revision in list(revisions(catalog, job)):
        if not job.allowance.take_units(1):
            return
        replies = interpreter.whole(sentence_passages(revision, job))
        unit = units[index]
        if not any(reply.error for reply in replies):
            lines = revision.filled(reply.text for reply in replies)
            text = "\n".join(map(interpreter.join, lines))
            if not job.refusals(unit, text):
                units[index] = suggested(unit, text, interpreter.asker.engine.name)
                tally.suggested += 1
        catalog = replace(catalog, units=tuple(units))
        yield catalog, 1
