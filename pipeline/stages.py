"""The whole program on one page: extract, translate, build, check, status.

A stage reads posts and catalogs and writes catalogs or built posts; no stage calls another. A
stage makes everything before it writes anything, so that a mistake anywhere leaves every file as
it was; only ``translate``, whose work is costly, saves as it goes. What a stage did for a post is
remembered as long as nothing that it depends on changes (see ``pipeline.batch``).
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import astuple, dataclass, replace
from functools import partial
from itertools import permutations
from pathlib import Path
from typing import Any

from pipeline.batch import Step, remembered, run_step
from pipeline.checks import NAMES
from pipeline.engines.base import Engine
from pipeline.errors import did_you_mean
from pipeline.extraction import Extracted, extract_post
from pipeline.files import Spool, digest_of, require_writable
from pipeline.glossary import load_glossary
from pipeline.inspection import check_post
from pipeline.model import Finding, Severity
from pipeline.pretranslate import Tally
from pipeline.project import Project, catalog_path, glossary_path, load_project, output_path
from pipeline.publish import DEFAULT_OPTIONS, BuildOptions, Built, publish_post
from pipeline.standing import Standing, post_standings
from pipeline.translation import Advance, Plan, fill_catalogs, missing_translations
from pipeline.workspace import select_posts


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
        load_glossary(glossary_path(project), source, target)
    for post in select_posts(project, names):
        for locale in project.locales:
            require_writable(catalog_path(project, post, locale))
            require_writable(output_path(project, post, locale))


def extract(
    project: Project, names: Collection[str] = (), *, dry_run: bool = False
) -> list[Change]:
    """Bring every catalog in line with its post."""
    changes: list[Change] = []
    with Spool() as spool, remembered(project, _EXTRACT, remember=not dry_run) as memo:
        for results in run_step(project, names, _EXTRACT, memo):
            for result in results:
                changes.append(Change(Path(result.path), result.new is not None, result.what))
                if result.new:
                    spool.add(result.new)
        if not dry_run:
            spool.commit(durable=True)
    return changes


def plan_translation(
    project: Project,
    names: Collection[str] = (),
    only: Collection[str] = (),
    *,
    dry_run: bool = False,
) -> Plan:
    """Find what is to be translated.

    Raises:
        PipelineError: a catalog that is to be filled does not exist yet, or one cannot be read.
    """
    posts = select_posts(project, names)
    with remembered(project, _MISSING, remember=not dry_run) as memo:
        counts = run_step(project, names, _MISSING, memo)
        missing = {
            (post.name, locale): count
            for post, found in zip(posts, counts, strict=True)
            for locale, count in found.items()
            if not only or locale in only
        }
    return Plan(project, missing)


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
    return fill_catalogs(plan, engine, dry_run=dry_run, advance=advance)


def build(
    project: Project, names: Collection[str] = (), options: BuildOptions = DEFAULT_OPTIONS
) -> list[tuple[Built, Change | None]]:
    """Write every post in every locale; a post that would be damaged is refused, not written."""
    step = _build_step(options)
    outcome: list[tuple[Built, Change | None]] = []
    with Spool() as spool, remembered(project, step, remember=not options.dry_run) as memo:
        for results in run_step(project, names, step, memo):
            for built in results:
                change = None if built.findings else Change(Path(built.path), bool(built.new))
                outcome.append((replace(built, new=None), change))
                if built.new:
                    spool.add(built.new)
        if not options.dry_run:
            # What is lost in a power cut can be built again.
            spool.commit(durable=False)
    return outcome


def check(
    project: Project, names: Collection[str] = (), only: Collection[str] = ()
) -> list[Finding]:
    """Return what is wrong with the project's translations, in the order of the posts."""
    step = _check_step(project, only)
    with remembered(project, step) as memo:
        return [finding for found in run_step(project, names, step, memo) for finding in found]


def status(project: Project, names: Collection[str] = ()) -> list[Standing]:
    """Return how far every post is in every locale that it is translated to."""
    with remembered(project, _STATUS) as memo:
        return [row for rows in run_step(project, names, _STATUS, memo) for row in rows]


# How the results of the stages are remembered


def _catalogs_of(results: Sequence[Extracted]) -> dict[Path, bytes]:
    return {result.new.path: result.new.data for result in results if result.new}


_EXTRACT: Step[list[Extracted]] = Step(
    "extract",
    extract_post,
    pack=lambda results: [(result.path, result.what) for result in results],
    unpack=lambda rows: [Extracted(*row) for row in rows],
    writes=_catalogs_of,
)
_MISSING: Step[dict[str, int]] = Step(
    "translate", missing_translations, pack=lambda counts: counts, unpack=lambda counts: counts
)
_STATUS: Step[list[Standing]] = Step(
    "status",
    post_standings,
    pack=lambda rows: [astuple(row) for row in rows],
    unpack=lambda rows: [Standing(*row) for row in rows],
)


def _build_step(options: BuildOptions) -> Step[list[Built]]:
    return Step(
        "build",
        partial(publish_post, options),
        pack=_packed_posts,
        unpack=_still_built,
        conditions=[repr(replace(options, dry_run=False))],
    )


def _packed_posts(results: Sequence[Built]) -> list[list[object]]:
    return [
        [built.locale, built.path, built.digest, built.draft, built.marked, _rows(built.findings)]
        for built in results
    ]


def _still_built(rows: Sequence[Sequence[Any]]) -> list[Built] | None:
    """Return what was built, if it still stands where it was written."""
    results = [
        Built(locale, path, digest, draft, marked, _findings(found))
        for locale, path, digest, draft, marked, found in rows
    ]
    whole = all(built.findings or digest_of(Path(built.path)) == built.digest for built in results)
    return results if whole else None


def _check_step(project: Project, only: Collection[str]) -> Step[list[Finding]]:
    return Step(
        "check",
        partial(check_post, frozenset(only)),
        pack=_rows,
        unpack=lambda rows: list(_findings(rows)),
        conditions=[digest_of(glossary_path(project)), *sorted(only)],
    )


def _rows(findings: Iterable[Finding]) -> list[tuple[object, ...]]:
    return [astuple(finding) for finding in findings]


def _findings(rows: Iterable[Sequence[Any]]) -> tuple[Finding, ...]:
    return tuple(Finding(check, Severity(level), *rest) for check, level, *rest in rows)
