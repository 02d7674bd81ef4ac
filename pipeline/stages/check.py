"""Check: say what is wrong with the translations."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import astuple
from functools import partial
from typing import Any

from pipeline.batch import Inputs, Step, glossary_digests, remembered, run_step
from pipeline.checks import configured
from pipeline.checks.built import check_tree
from pipeline.checks.site import Facts, check_site
from pipeline.inspection import Inspected, check_post
from pipeline.model import Finding
from pipeline.project import Project, find_posts
from pipeline.stages.findings import packed, unpacked
from pipeline.stages.tree import read_tree


def check(inputs: Inputs, only: Collection[str] = ()) -> list[Finding]:
    """Return what is wrong with the translations of the chosen posts, in their order.

    What only several posts together tell comes last, as far as the chosen ones tell it.
    """
    project = inputs.project
    step = _check_step(project, only)
    findings: list[Finding] = []
    facts: list[Facts] = []
    with remembered(project, step) as memo:
        for inspected in run_step(inputs, step, memo):
            findings += inspected.findings
            facts.append(inspected.facts)
    findings += configured(_across(inputs, facts, only), project.checks)
    return findings


def _across(inputs: Inputs, facts: Sequence[Facts], only: Collection[str]) -> Iterator[Finding]:
    project = inputs.project
    posts = find_posts(project) if inputs.names else inputs.posts
    names = [post.name for post in posts]
    yield from check_site(facts, names, project.locales)
    tree, keeps_ids = read_tree(inputs), project.keep_heading_ids
    yield from check_tree(tree, facts, only or project.locales, keeps_ids=keeps_ids)


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
