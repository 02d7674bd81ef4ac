"""Translate: fill what is untranslated."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import astuple
from typing import TYPE_CHECKING

from pipeline.batch import Inputs, Step, remembered, run_step
from pipeline.files import remove_leftovers
from pipeline.memo import memory_file
from pipeline.plans import NO_LIMITS, Advance, Limits, Missing, Plan, Tally
from pipeline.project import Post, Project, inside

if TYPE_CHECKING:
    from pipeline.engines.base import Engine
    from pipeline.estimate import Estimate


def plan_translation(
    inputs: Inputs,
    only: Collection[str] = (),
    limits: Limits = NO_LIMITS,
    *,
    dry_run: bool = False,
) -> Plan:
    """Find what is to be translated.

    Raises:
        PipelineError: a catalog that is to be filled does not exist yet, or one cannot be read.
    """
    with remembered(inputs.project, _MISSING, remember=not dry_run) as memo:
        counts = run_step(inputs, _MISSING, memo)
        missing = {
            (post.name, locale): count
            for post, found in zip(inputs.posts, counts, strict=True)
            for locale, count in found.items()
            if not only or locale in only
        }
    return Plan(inputs.project, missing, limits)


def estimate(plan: Plan, engine: Engine) -> list[Estimate]:
    """Return what translating would ask the engine for, by locale; nothing is asked."""
    if not plan.catalogs:
        return []
    from pipeline.translation import estimate_catalogs

    return estimate_catalogs(plan, engine)


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
    root = plan.project.root
    if not dry_run:
        remove_leftovers(inside(root, plan.project.catalogs))
    # The memory is made all the same: it takes as long as reading all catalogs, and whoever changes
    # a single post later should not have to wait for that.
    if not plan.catalogs and (dry_run or memory_file(root).exists()):
        return Tally()
    from pipeline.translation import fill_catalogs

    return fill_catalogs(plan, engine, dry_run=dry_run, advance=advance)


def _missing(project: Project, post: Post) -> dict[str, Missing]:
    from pipeline.translation import missing_translations  # nothing new: none of it is needed

    return missing_translations(project, post)


_MISSING: Step[dict[str, Missing]] = Step(
    "translate",
    _missing,
    pack=lambda found: {locale: astuple(missing) for locale, missing in found.items()},
    unpack=lambda found: {locale: Missing(*counts) for locale, counts in found.items()},
)
