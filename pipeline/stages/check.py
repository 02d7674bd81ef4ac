"""Check: say what is wrong with the translations."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import astuple
from functools import partial
from typing import Any

from pipeline.batch import Step, glossary_digests, remembered, run_step
from pipeline.checks import configured
from pipeline.checks.site import Facts, check_site
from pipeline.inspection import Inspected, check_post
from pipeline.model import Finding
from pipeline.project import Project, find_posts
from pipeline.stages.findings import packed, unpacked


def check(
    project: Project, names: Collection[str] = (), only: Collection[str] = ()
) -> list[Finding]:
    """Return what is wrong with the project's translations, in the order of the posts.

    What only several posts together tell comes last; of it, ``names`` leaves what these posts tell.
    """
    step = _check_step(project, only)
    with remembered(project, step) as memo:
        inspected = list(run_step(project, names, step, memo))
    findings = [finding for post in inspected for finding in post.findings]
    return [*findings, *_across(project, [post.facts for post in inspected])]


def _across(project: Project, facts: Sequence[Facts]) -> Iterator[Finding]:
    names = [post.name for post in find_posts(project)]
    yield from configured(check_site(facts, names, project.locales), project.checks)


def _check_step(project: Project, only: Collection[str]) -> Step[Inspected]:
    return Step(
        "check",
        partial(check_post, frozenset(only)),
        pack=lambda result: (packed(result.findings), astuple(result.facts)),
        unpack=_unpacked,
        conditions=[*glossary_digests(project), *sorted(only)],
    )


def _unpacked(rows: Sequence[Any]) -> Inspected:
    return Inspected(unpacked(rows[0]), Facts.unpacked(rows[1]))
