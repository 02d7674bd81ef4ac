"""Extract: bring the catalogs in line with the posts."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from pipeline.batch import Step, remembered, run_step
from pipeline.extraction import Extracted, extract_post
from pipeline.files import Change, Spool, remove_leftovers
from pipeline.project import Project, inside


def extract(
    project: Project, names: Collection[str] = (), *, dry_run: bool = False
) -> list[Change]:
    """Bring every catalog in line with its post."""
    if not dry_run:
        remove_leftovers(inside(project.root, project.catalogs))
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


def _catalogs_of(results: Sequence[Extracted]) -> dict[Path, bytes]:
    return {result.new.path: result.new.data for result in results if result.new}


_EXTRACT: Step[list[Extracted]] = Step(
    "extract",
    extract_post,
    pack=lambda results: [(result.path, result.what) for result in results],
    unpack=lambda rows: [Extracted(*row) for row in rows],
    writes=_catalogs_of,
)
