"""The commands that look: check and status."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.checks import explaining_options, repair, repairing_options
from pipeline.cli.columns import table
from pipeline.cli.console import (
    FINDINGS,
    Console,
    common_options,
    known_locales,
    locale_option,
    post_names,
    posts_argument,
)
from pipeline.cli.reporting import (
    Reporting,
    choosing_options,
    report_project,
    reporting_options,
)
from pipeline.wording import _

if TYPE_CHECKING:
    from pipeline.standing import Standing


@click.command()
@posts_argument
@reporting_options
@choosing_options
@repairing_options
@explaining_options
@locale_option
@common_options
def check(
    root: Path,
    console: Console,
    posts: Sequence[str],
    reporting: Reporting,
    fix: bool,
    diff: bool,
    locales: Sequence[str],
) -> None:
    """Find what is wrong with the translations; exit with 1 if anything is."""
    from pipeline.batch import Inputs
    from pipeline.stages.opening import open_project

    project = open_project(root)
    names, only = post_names(root, posts), known_locales(project, locales)
    if fix or diff:
        repair(project, console, names, only, dry_run=diff)
    if not diff and not report_project(Inputs(project, names), console, only, reporting):
        raise SystemExit(FINDINGS)


@click.command()
@posts_argument
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a post and language.")
@common_options
def status(root: Path, console: Console, posts: Sequence[str], as_json: bool) -> None:
    """Show how far each post is in each language."""
    from pipeline.batch import Inputs
    from pipeline.stages.opening import open_project
    from pipeline.stages.status import status

    standings = status(Inputs(open_project(root), post_names(root, posts)))
    if as_json:
        rows = [asdict(standing) for standing in standings]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_table(standings)))


def _table(standings: Sequence[Standing]) -> list[str]:
    columns = {
        "segments": _("segments"),
        "reviewed": _("reviewed"),
        "machine": _("machine"),
        "stale": _("stale"),
        "needs_work": _("needs work"),
        "untranslated": _("untranslated"),
        "words": _("words"),
    }
    rows = [[_("post"), _("to"), *columns.values()]]
    for standing in standings:
        numbers = [getattr(standing, name) for name in columns]
        rows.append([standing.post, standing.locale, *map(str, numbers)])
    if len(standings) > 1:
        totals = [sum(getattr(standing, name) for standing in standings) for name in columns]
        rows.append([_("total"), "", *map(str, totals)])
    return table(rows, left=2)
