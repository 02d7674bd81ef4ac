"""Fix: repair what checks know how to repair, in the catalogs."""

from __future__ import annotations

from collections.abc import Collection

from pipeline.files import Spool
from pipeline.project import Project
from pipeline.repair import Repaired, repair_post
from pipeline.workspace import select_posts


def fix(
    project: Project,
    names: Collection[str] = (),
    only: Collection[str] = (),
    *,
    dry_run: bool = False,
) -> list[Repaired]:
    """Repair the translations of the chosen posts; write nothing in a dry run."""
    with Spool() as spool:
        found = [
            repaired
            for post in select_posts(project, names)
            for repaired in repair_post(frozenset(only), project, post)
        ]
        if not dry_run:
            for repaired in found:
                if repaired.new:
                    spool.add(repaired.new)
            spool.commit(durable=True)
    return found
