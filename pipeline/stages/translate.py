"""Translate: fill what is untranslated."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import astuple

from pipeline.batch import Inputs, Step, remembered, run_step
from pipeline.engines.base import Engine
from pipeline.estimate import Estimate
from pipeline.files import remove_leftovers
from pipeline.pretranslate import Tally
from pipeline.project import inside
from pipeline.translation import (
    NO_LIMITS,
    Advance,
    Limits,
    Missing,
    Plan,
    estimate_catalogs,
    fill_catalogs,
    missing_translations,
)


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
    if not dry_run:
        remove_leftovers(inside(plan.project.root, plan.project.catalogs))
    return fill_catalogs(plan, engine, dry_run=dry_run, advance=advance)


_MISSING: Step[dict[str, Missing]] = Step(
    "translate",
    missing_translations,
    pack=lambda found: {locale: astuple(missing) for locale, missing in found.items()},
    unpack=lambda found: {locale: Missing(*counts) for locale, counts in found.items()},
)
