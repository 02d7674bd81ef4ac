"""What a translation would cost, before anything is asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pipeline.drafting import Drafter
from pipeline.engines.base import Engine, Request
from pipeline.inline import count_han
from pipeline.jobs import Job
from pipeline.model import Catalog
from pipeline.plans import Tally
from pipeline.pretranslate import remembered, revisions, sentence_passages

_PER_TOKEN = 4
"""Characters of text in Latin letters that make a token; a Han character is about one."""


@dataclass(frozen=True, slots=True)
class Estimate:
    """What one engine would be asked for one locale.

    ``units`` are those to fill and to make suggestions for, of which ``memory`` are known to the
    translation memory; ``characters`` are those of the texts in the ``requests`` that no stored
    answer serves, ``tokens`` about what they and all that goes with them make. Second attempts
    come on top.
    """

    engine: str
    locale: str
    units: int = 0
    memory: int = 0
    requests: int = 0
    characters: int = 0
    tokens: int = 0

    def __add__(self, other: Estimate) -> Estimate:
        """Return the sum of two estimates for the same engine and locale."""
        return Estimate(
            self.engine,
            self.locale,
            self.units + other.units,
            self.memory + other.memory,
            self.requests + other.requests,
            self.characters + other.characters,
            self.tokens + other.tokens,
        )


def estimate(catalog: Catalog, job: Job, engine: Engine) -> Estimate:
    """Return what pretranslating the catalog would ask the engine for first."""
    tally = Tally()
    size = sum(map(job.wants, catalog.units))
    catalog = remembered(catalog, job, tally)
    interpreter = job.interpreter(engine)
    drafter = Drafter(interpreter, job.refusals, job.glossary, job.profile)
    left = [index for index, unit in enumerate(catalog.units) if job.asks(unit)]
    passages = [drafter.passage(passage) for passage in job.passages(catalog.units, left)]
    changed = [revision for _, revision in revisions(catalog, job)]
    passages += [part for revision in changed for part in sentence_passages(revision, job)]
    wanted = interpreter.asker.unknown(
        request
        for passage in passages
        for line in interpreter.requests(passage)
        for request in line
    )
    return Estimate(
        engine.name,
        job.target,
        size + len(changed),
        tally.memory,
        len(wanted),
        sum(len(request.text) for request in wanted),
        sum(_tokens(_texts(request)) for request in wanted),
    )


def _texts(request: Request) -> Iterable[str]:
    context = request.context
    yield from (request.text, request.kind, request.style, context.title, *context.headings)
    for pair in (*context.before, *context.after, *request.examples):
        yield from (pair.source, pair.target)
    for term in request.terms:
        yield from (term.source, term.target)


def _tokens(texts: Iterable[str]) -> int:
    text = " ".join(filter(None, texts))
    han = count_han(text)
    return han + -(-(len(text) - han) // _PER_TOKEN)
