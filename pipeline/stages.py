"""The whole program on one page: extract, translate, build, check, status.

A stage reads posts and catalogs and writes catalogs or built posts; no stage calls another. A
stage reads everything before it writes anything, so that a mistake anywhere leaves every file as
it was; only ``translate``, whose work is costly, saves as it goes.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import permutations
from pathlib import Path

from pipeline import catalog as catalogs
from pipeline.checks import NAMES, check_catalog, check_document
from pipeline.engines.base import Engine
from pipeline.errors import did_you_mean
from pipeline.files import holds, require_writable, write_atomically
from pipeline.glossary import Glossary, load_glossary
from pipeline.inline import count_han, count_latin_words, find, prose
from pipeline.memory import Memory
from pipeline.model import Catalog, Finding, State
from pipeline.pretranslate import Job, Tally, pretranslate, wants
from pipeline.project import (
    Project,
    catalog_path,
    glossary_path,
    load_project,
    output_path,
    template_path,
)
from pipeline.publish import DEFAULT_OPTIONS, BuildOptions, Built, build_one
from pipeline.workspace import (
    Source,
    existing_catalog,
    load_catalog,
    read_sources,
    select_posts,
    target_locales,
)

Advance = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Change:
    """A file that a stage wrote or, in a dry run, would have written."""

    path: Path
    written: bool
    what: str = ""


def open_project(root: Path) -> Project:
    """Read the settings of the project in ``root``, those that only a stage can judge as well.

    Raises:
        PipelineError: there are none that can be used; a check that they name does not exist.
    """
    project = load_project(root)
    for name in project.checks:
        if name not in NAMES:
            hint = did_you_mean(name, NAMES) or f"The checks are {', '.join(NAMES)}."
            what = f'"checks" names an unknown check "{name}"'
            raise project.source.error(f"checks.{name}", what, hint, name)
    return project


def preflight(project: Project, names: Collection[str] = ()) -> None:
    """Find what would stop a later stage before the first one has written anything.

    Raises:
        PipelineError: the glossary cannot be used, or a file cannot be written.
    """
    for source, target in permutations(project.locales, 2):
        _glossary(project, source, target)
    for post in select_posts(project, names):
        for locale in project.locales:
            require_writable(catalog_path(project, post, locale))
            require_writable(output_path(project, post, locale))


# extract


def extract(
    project: Project, names: Collection[str] = (), *, dry_run: bool = False
) -> list[Change]:
    """Bring every catalog in line with its post."""
    pending: list[tuple[Catalog, str]] = []
    for source in read_sources(project, names):
        wanted = catalogs.wanted(
            source.document.segments, source.post.name, line_numbers=project.line_numbers
        )
        if project.templates:
            template = catalogs.template(template_path(project, source.post), wanted, source.locale)
            pending.append((template, _texts(len(wanted))))
        for locale in target_locales(project, source):
            old = load_catalog(project, source, locale)
            merged = _keep(catalogs.merge(old, wanted), source, locale)
            pending.append((merged, _describe_merge(old, merged)))
    changes = [Change(catalog.path, _differs(catalog), what) for catalog, what in pending]
    _require_writable(changes)
    if not dry_run:
        for catalog, _ in pending:
            catalogs.save(catalog)
    return changes


def _differs(catalog: Catalog) -> bool:
    """Tell whether the file says something else, or is not written as it should be."""
    if not catalog.path.is_file():
        return True
    present = catalogs.load(catalog.path, catalog.locale)
    return not present.source or present != catalog


def _require_writable(changes: Iterable[Change]) -> None:
    for change in changes:
        if change.written:
            require_writable(change.path)


def _keep(catalog: Catalog, source: Source, locale: str) -> Catalog:
    """Settle the untranslated units whose text is in the target language already."""
    units = tuple(
        replace(
            unit,
            msgstr=unit.msgid,
            fuzzy=False,
            origin=None,
            previous=None,
            previous_context=None,
            comments=(*unit.comments, f"{catalogs.KEPT}{locale}"),
        )
        if wants(unit) and speaks(unit.msgid, source, locale)
        else unit
        for unit in catalog.units
    )
    return catalog if units == catalog.units else replace(catalog, units=units)


def speaks(msgid: str, source: Source, locale: str) -> bool:
    """Tell whether a text of a post is in ``locale`` already, and so is to be kept.

    Chinese is what has more Han characters than Latin words, English what has no Han at all.
    Between variants of one language nothing is kept.
    """
    if locale.split("_")[0] == source.locale.split("_")[0]:
        return False
    text = prose(msgid, find(msgid, source.document.profile, msgid=True))
    han = count_han(text)
    return han > count_latin_words(text) if locale.startswith("zh") else not han


def _describe_merge(old: Catalog, new: Catalog) -> str:
    before = {unit.key for unit in old.units if not unit.obsolete}
    after = {unit.key for unit in new.units if not unit.obsolete}
    stale = sum(1 for unit in new.units if not unit.obsolete and unit.state is State.STALE)
    parts = [_texts(len(after))]
    parts += [f"{len(after - before)} new"] if before and after - before else []
    parts += [f"{len(before - after)} gone"] if before - after else []
    parts += [f"{stale} stale"] if stale else []
    return ", ".join(parts)


def _texts(count: int) -> str:
    return f"{count} text" + ("s" if count != 1 else "")


# translate


@dataclass(frozen=True, slots=True)
class Plan:
    """The catalogs that ``translate`` will fill, and how many units they lack."""

    project: Project
    sources: tuple[Source, ...]
    catalogs: Mapping[tuple[str, str], Catalog]
    """Catalogs by post name and locale, with the memory's as well as those to fill."""
    wanted: tuple[tuple[str, str], ...]
    """Which of them are to be filled."""

    @property
    def size(self) -> int:
        """The number of units to fill."""
        return sum(wants(unit) for key in self.wanted for unit in self.catalogs[key].units)


def plan_translation(
    project: Project, names: Collection[str] = (), only: Collection[str] = ()
) -> Plan:
    """Read every catalog of the project and find what is to be translated.

    Raises:
        PipelineError: a catalog that is to be filled does not exist yet, or one cannot be read.
    """
    chosen = {post.name for post in select_posts(project, names)}
    sources = read_sources(project)
    loaded: dict[tuple[str, str], Catalog] = {}
    wanted: list[tuple[str, str]] = []
    for source in sources:
        for locale in target_locales(project, source):
            key = source.post.name, locale
            if source.post.name in chosen and (not only or locale in only):
                loaded[key] = existing_catalog(project, source, locale)
                wanted.append(key)
            else:
                loaded[key] = load_catalog(project, source, locale)
    return Plan(project, tuple(sources), loaded, tuple(wanted))


def translate(
    plan: Plan,
    engine: Engine | None,
    *,
    dry_run: bool = False,
    advance: Advance = lambda done: None,
) -> Tally:
    """Fill the planned catalogs from memory, then with the engine; save after every batch.

    Raises:
        EngineError: the engine gave up; finished work has been saved.
    """
    tally = Tally()
    memories = _memories(plan)
    for source in plan.sources:
        for locale in target_locales(plan.project, source):
            key = source.post.name, locale
            if key not in plan.wanted:
                continue

            def saved(catalog: Catalog, done: int) -> None:
                if not dry_run:
                    _save_fills(catalog)
                advance(done)

            job = Job(
                source=source.locale,
                target=locale,
                profile=plan.project.profile,
                segments={segment.key: segment for segment in source.document.segments},
                memory=memories[source.locale, locale],
                glossary=_glossary(plan.project, source.locale, locale),
                engine=engine,
            )
            filled = pretranslate(plan.catalogs[key], job, tally, saved)
            job.memory.add(filled.units, source.locale, locale)
    return tally


def _save_fills(catalog: Catalog) -> None:
    """Put what has been filled into the file as it is now: a person may be at work in it."""
    fills = {unit.key: unit for unit in catalog.units}
    present = catalogs.load(catalog.path, catalog.locale)
    units = (fills.get(unit.key, unit) if wants(unit) else unit for unit in present.units)
    catalogs.save(replace(present, units=tuple(units)))


def _memories(plan: Plan) -> dict[tuple[str, str], Memory]:
    """Return a memory for each direction, filled from all catalogs."""
    locales = plan.project.locales
    memories = {(a, b): Memory(a, b) for a in locales for b in locales if a != b}
    for source in plan.sources:
        for locale in target_locales(plan.project, source):
            units = plan.catalogs[source.post.name, locale].units
            memories[source.locale, locale].add(units, source.locale, locale)
            memories[locale, source.locale].add(units, source.locale, locale)
    return memories


def _glossary(project: Project, source: str, target: str) -> Glossary:
    return load_glossary(glossary_path(project), source, target)


# build


def build(
    project: Project,
    names: Collection[str] = (),
    options: BuildOptions = DEFAULT_OPTIONS,
    advance: Advance = lambda done: None,
) -> list[tuple[Built, Change | None]]:
    """Write every post in every locale; a post that would be damaged is refused, not written."""
    results = []
    for source in read_sources(project, names):
        for locale in project.locales:
            if not options.locales or locale in options.locales:
                results.append(build_one(project, source, locale, options))
        advance(1)
    changes = [_change(built) for built in results]
    _require_writable(change for change in changes if change)
    outcome = list(zip(results, changes, strict=True))
    for built, change in () if options.dry_run else outcome:
        if built.text is not None and change and change.written:
            write_atomically(built.path, built.text.encode("utf-8"))
    return outcome


def _change(built: Built) -> Change | None:
    if built.text is None:
        return None
    return Change(built.path, not holds(built.path, built.text.encode("utf-8")))


# check


def check(
    project: Project,
    names: Collection[str] = (),
    only: Collection[str] = (),
    advance: Advance = lambda done: None,
) -> list[Finding]:
    """Return what is wrong with the project's translations, in the order of the posts."""
    findings: list[Finding] = []
    for source in read_sources(project, names):
        findings.extend(check_document(source.document, project.checks))
        for locale in target_locales(project, source, only):
            findings.extend(_check_one(project, source, locale))
        advance(1)
    return findings


def _check_one(project: Project, source: Source, locale: str) -> Iterator[Finding]:
    return check_catalog(
        source.document,
        load_catalog(project, source, locale),
        source.locale,
        project.checks,
        glossary=_glossary(project, source.locale, locale),
        publish=project.publish,
    )


# status


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a post is in one locale, in segments; ``words`` are those of the source."""

    post: str
    locale: str
    segments: int
    reviewed: int
    machine: int
    stale: int
    needs_work: int
    untranslated: int
    words: int


def status(project: Project, names: Collection[str] = ()) -> list[Standing]:
    """Return how far every post is in every locale that it is translated to."""
    return [
        _standing(project, source, locale)
        for source in read_sources(project, names)
        for locale in target_locales(project, source)
    ]


def _standing(project: Project, source: Source, locale: str) -> Standing:
    units = {u.key: u for u in load_catalog(project, source, locale).units if not u.obsolete}
    segments = source.document.segments
    states = Counter(
        units[segment.key].state if segment.key in units else State.UNTRANSLATED
        for segment in segments
    )
    return Standing(
        post=source.post.name,
        locale=locale,
        segments=len(segments),
        reviewed=states[State.TRANSLATED],
        machine=states[State.MACHINE],
        stale=states[State.STALE],
        needs_work=states[State.NEEDS_WORK],
        untranslated=states[State.UNTRANSLATED],
        words=sum(count_han(s.msgid) + count_latin_words(s.msgid) for s in segments),
    )
