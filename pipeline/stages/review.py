"""Review: accept or reject what machines have translated."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Literal

from pipeline.files import Spool
from pipeline.project import Project
from pipeline.review import Choice, Decided, Entry, accept_post, reject_post, waiting
from pipeline.workspace import select_posts

Verdict = Literal["accept", "reject"]
_STEPS = {"accept": accept_post, "reject": reject_post}


def decide(
    project: Project,
    names: Collection[str],
    choice: Choice,
    verdict: Verdict,
    *,
    dry_run: bool = False,
) -> list[Decided]:
    """Accept or reject the chosen machine translations; write nothing in a dry run."""
    with Spool() as spool:
        found = [
            decided
            for post in select_posts(project, names)
            for decided in _STEPS[verdict](choice, project, post)
        ]
        if not dry_run:
            for decided in found:
                if decided.new:
                    spool.add(decided.new)
            spool.commit(durable=True)
    return found


def entries(project: Project, names: Collection[str], choice: Choice) -> Iterator[Entry]:
    """Yield the chosen entries that wait for a person, in the order of the posts."""
    for post in select_posts(project, names):
        yield from waiting(project, post, choice)
