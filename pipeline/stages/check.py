"""Check: say what is wrong with the translations."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial

from pipeline.batch import Step, remembered, run_step
from pipeline.files import digest_of
from pipeline.inspection import check_post
from pipeline.model import Finding
from pipeline.project import Project, glossary_files
from pipeline.stages.findings import packed, unpacked


def check(
    project: Project, names: Collection[str] = (), only: Collection[str] = ()
) -> list[Finding]:
    """Return what is wrong with the project's translations, in the order of the posts."""
    step = _check_step(project, only)
    with remembered(project, step) as memo:
        return [finding for found in run_step(project, names, step, memo) for finding in found]


def _check_step(project: Project, only: Collection[str]) -> Step[list[Finding]]:
    return Step(
        "check",
        partial(check_post, frozenset(only)),
        pack=packed,
        unpack=unpacked,
        conditions=[*_glossaries(project), *sorted(only)],
    )


def _glossaries(project: Project) -> list[str]:
    return [f"{path} {digest_of(path)}" for path in glossary_files(project)]
