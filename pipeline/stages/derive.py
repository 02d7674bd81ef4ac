"""Derive: convert what has been translated to one kind of Chinese to another."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import partial
from pathlib import Path

from pipeline.batch import Inputs, Step, glossary_digests, remembered, run_step
from pipeline.derivation import Derived, derive_post
from pipeline.files import Spool
from pipeline.project import Project


def derive(inputs: Inputs, only: Collection[str] = (), *, dry_run: bool = False) -> list[Derived]:
    """Derive what is missing and what has changed in the catalogs that are derived from others."""
    project = inputs.project
    step = _derive_step(project, only)
    found: list[Derived] = []
    with Spool() as spool, remembered(project, step, remember=not dry_run) as memo:
        for results in run_step(inputs, step, memo):
            found += results
            for result in results:
                if result.new:
                    spool.add(result.new)
        if not dry_run:
            spool.commit(durable=True)
    return found


def _derive_step(project: Project, only: Collection[str]) -> Step[list[Derived]]:
    return Step(
        "derive",
        partial(derive_post, frozenset(only)),
        pack=lambda results: [(result.path, result.locale, result.base, 0) for result in results],
        unpack=lambda rows: [Derived(*row) for row in rows],
        writes=_catalogs_of,
        conditions=[*glossary_digests(project), *sorted(only)],
    )


def _catalogs_of(results: Sequence[Derived]) -> dict[Path, bytes]:
    return {result.new.path: result.new.data for result in results if result.new}
