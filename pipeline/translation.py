"""Filling a project's catalogs: what is missing, and what memory and engine make of it."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator
from contextlib import closing
from dataclasses import replace

from pipeline import catalog as catalogs
from pipeline.answers import Answers
from pipeline.asking import Allowance
from pipeline.catalog import SUGGESTION, wants
from pipeline.engines.base import Engine
from pipeline.estimate import Estimate, estimate
from pipeline.glossary import load_glossary
from pipeline.jobs import Job, was_refused
from pipeline.memory import Index, Memory
from pipeline.model import Catalog, Document, State, Unit
from pipeline.plans import Advance, Missing, Plan, Tally
from pipeline.pretranslate import pretranslate
from pipeline.project import Post, Project, glossary_paths
from pipeline.recall import catalog_feed, open_index
from pipeline.revision import revise
from pipeline.workspace import Source, existing_catalog, read_source, select_posts, target_locales

_SAVE_EVERY = 1.0
"""Seconds after which what an engine has finished is saved, though the post is not done."""


def missing_translations(project: Project, post: Post) -> dict[str, Missing]:
    """Return how many units of a post lack a translation, by locale, but for derived locales.

    Raises:
        PipelineError: a catalog does not exist yet, or one cannot be read.
    """
    source = read_source(project, post)
    return {
        locale: _missing(project, existing_catalog(project, source, locale).units)
        for locale in target_locales(project, source)
        if locale not in project.derive
    }


def _missing(project: Project, units: Collection[Unit]) -> Missing:
    empty = [unit for unit in units if wants(unit)]
    refused = sum(map(was_refused, empty))
    changed = sum(1 for unit in units if revise(unit, project.profile))
    return Missing(len(empty) - refused, refused, changed)


def fill_catalogs(plan: Plan, engine: Engine | None, *, dry_run: bool, advance: Advance) -> Tally:
    """Fill the planned catalogs from memory, then with the engine; save after every batch.

    Raises:
        EngineError: the engine gave up; finished work has been saved.
    """
    tally = Tally()
    project = plan.project
    asks = engine is not None and not engine.test
    with (
        closing(open_index(project, keep=not dry_run)) as index,
        closing(_answers(plan, writes=asks)) as answers,
    ):
        for source, job in _jobs(plan, engine, answers, index):
            filled = _fill(project, source, job, tally, dry_run=dry_run, advance=advance)
            index.learn(catalog_feed(project, filled.path, job.target))
            if job.allowance.is_spent:
                break
    return tally


def estimate_catalogs(plan: Plan, engine: Engine) -> list[Estimate]:
    """Return what the engine would be asked, by locale, without asking it."""
    found: dict[str, Estimate] = {}
    with (
        closing(open_index(plan.project, keep=False)) as index,
        closing(_answers(plan, writes=False)) as answers,
    ):
        for source, job in _jobs(plan, engine, answers, index):
            catalog = existing_catalog(plan.project, source, job.target)
            known = found.get(job.target, Estimate(engine.name, job.target))
            found[job.target] = known + estimate(catalog, job, engine)
    return list(found.values())


def _answers(plan: Plan, *, writes: bool) -> Answers:
    return Answers.open(plan.project.root, fresh=plan.limits.fresh, writes=writes)


def _jobs(
    plan: Plan, engine: Engine | None, answers: Answers, index: Index
) -> Iterator[tuple[Source, Job]]:
    project, limits = plan.project, plan.limits
    posts = {post.name: post for post in select_posts(project)}
    allowance = Allowance(limits.units, limits.characters)
    for name, locale in plan.catalogs:
        source = read_source(project, posts[name])
        yield (
            source,
            Job(
                source=source.locale,
                target=locale,
                profile=project.profile,
                segments={segment.key: segment for segment in source.document.segments},
                memory=Memory(source.locale, locale, index),
                glossary=load_glossary(glossary_paths(project, source.post), source.locale, locale),
                engine=engine,
                answers=answers,
                allowance=allowance,
                title=_title(source.document),
                style=project.style,
                threshold=project.memory_threshold,
                similar_first=project.memory_similar == "first",
                only_new=limits.only_new,
                checks=project.checks,
                check_options=project.check_options,
                fresh=limits.fresh,
            ),
        )


def _title(document: Document) -> str:
    """Return the title in the front matter, else the first heading."""
    segments = document.segments
    titles = (s.msgid for s in segments if s.is_metadata and s.kind == "title")
    headings = (s.msgid for s in segments if s.kind.startswith("heading"))
    return next(titles, next(headings, ""))


def _fill(
    project: Project, source: Source, job: Job, tally: Tally, *, dry_run: bool, advance: Advance
) -> Catalog:
    saved = time.monotonic()
    latest = read = existing_catalog(project, source, job.target)

    def progress(catalog: Catalog, done: int) -> None:
        nonlocal latest, saved
        latest = catalog
        advance(done)
        if not dry_run and time.monotonic() - saved > _SAVE_EVERY:
            _save_fills(catalog, read)
            saved = time.monotonic()

    try:
        return pretranslate(read, job, tally, progress)
    finally:
        if not dry_run and latest is not read:
            _save_fills(latest, read)


def _save_fills(catalog: Catalog, read: Catalog) -> None:
    """Put what has been filled into the file as it is now: a person may be at work in it."""
    fills = {unit.key: unit for unit in catalog.units}

    def fill(present: Catalog) -> Catalog:
        units = (_filled(unit, fills.get(unit.key, unit)) for unit in present.units)
        return replace(present, units=tuple(units))

    catalogs.update(catalog.path, catalog.locale, fill, read)


def _filled(present: Unit, fill: Unit) -> Unit:
    """Return the unit as it stands in the file, with what was found for it if it still fits."""
    if wants(present):
        return fill
    same = present.state is State.STALE and present.msgstr == fill.msgstr
    if same and any(text.startswith(SUGGESTION) for text in fill.comments):
        return replace(present, comments=fill.comments)
    return present
