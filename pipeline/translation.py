"""Filling a project's catalogs: what is missing, and what memory and engine make of it."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import permutations

from pipeline import catalog as catalogs
from pipeline.engines.base import Engine
from pipeline.glossary import load_glossary
from pipeline.memory import Memory
from pipeline.model import Catalog
from pipeline.pretranslate import Job, Tally, pretranslate
from pipeline.project import Post, Project, catalog_path, glossary_path
from pipeline.workspace import Source, existing_catalog, read_source, select_posts, target_locales

Advance = Callable[[int], None]

_SAVE_EVERY = 1.0
"""Seconds after which what an engine has finished is saved, though the post is not done."""


@dataclass(frozen=True, slots=True)
class Plan:
    """The catalogs that ``translate`` will fill: post name and locale, and how many units each."""

    project: Project
    missing: Mapping[tuple[str, str], int]

    @property
    def size(self) -> int:
        """The number of units to fill."""
        return sum(self.missing.values())


def missing_translations(project: Project, post: Post) -> dict[str, int]:
    """Return how many units of a post lack a translation, by locale.

    Raises:
        PipelineError: a catalog does not exist yet, or one cannot be read.
    """
    source = read_source(project, post)
    return {
        locale: sum(map(catalogs.wants, existing_catalog(project, source, locale).units))
        for locale in target_locales(project, source)
    }


def fill_catalogs(plan: Plan, engine: Engine | None, *, dry_run: bool, advance: Advance) -> Tally:
    """Fill the planned catalogs from memory, then with the engine; save after every batch.

    Raises:
        EngineError: the engine gave up; finished work has been saved.
    """
    tally = Tally()
    if not plan.size:
        return tally
    project = plan.project
    posts = {post.name: post for post in select_posts(project)}
    memories = _memories(project, posts.values())
    for (name, locale), count in plan.missing.items():
        if count:
            source = read_source(project, posts[name])
            job = _job(project, source, locale, memories, engine)
            filled = _fill(project, source, job, tally, dry_run=dry_run, advance=advance)
            job.memory.add(filled.units, source.locale, locale)
    return tally


def _job(
    project: Project,
    source: Source,
    locale: str,
    memories: Mapping[tuple[str, str], Memory],
    engine: Engine | None,
) -> Job:
    return Job(
        source=source.locale,
        target=locale,
        profile=project.profile,
        segments={segment.key: segment for segment in source.document.segments},
        memory=memories[source.locale, locale],
        glossary=load_glossary(glossary_path(project), source.locale, locale),
        engine=engine,
    )


def _fill(
    project: Project, source: Source, job: Job, tally: Tally, *, dry_run: bool, advance: Advance
) -> Catalog:
    saved = time.monotonic()
    latest = catalog = existing_catalog(project, source, job.target)

    def progress(catalog: Catalog, done: int) -> None:
        nonlocal latest, saved
        latest = catalog
        advance(done)
        if not dry_run and time.monotonic() - saved > _SAVE_EVERY:
            _save_fills(catalog)
            saved = time.monotonic()

    try:
        return pretranslate(catalog, job, tally, progress)
    finally:
        if not dry_run and latest is not catalog:
            _save_fills(latest)


def _save_fills(catalog: Catalog) -> None:
    """Put what has been filled into the file as it is now: a person may be at work in it."""
    fills = {unit.key: unit for unit in catalog.units}
    present = catalogs.load(catalog.path, catalog.locale)
    units = (fills.get(unit.key, unit) if catalogs.wants(unit) else unit for unit in present.units)
    catalogs.save(replace(present, units=tuple(units)))


def _memories(project: Project, posts: Collection[Post]) -> dict[tuple[str, str], Memory]:
    """Return a memory for each direction, filled from all catalogs."""
    memories = {(a, b): Memory(a, b) for a, b in permutations(project.locales, 2)}
    for source, catalog in _catalogs(project, posts):
        target = catalog.locale
        memories[source, target].add(catalog.units, source, target)
        memories[target, source].add(catalog.units, source, target)
    return memories


def _catalogs(project: Project, posts: Collection[Post]) -> Iterator[tuple[str, Catalog]]:
    """Yield every catalog that exists, and the locale that it translates from."""
    for post in posts:
        for locale in project.locales:
            path = catalog_path(project, post, locale)
            if path.exists():
                catalog = catalogs.load(path, locale)
                source = dict(catalog.header).get("X-Source-Language", "")
                if source not in project.locales:
                    source = read_source(project, post).locale
                if source != locale:
                    yield source, catalog
