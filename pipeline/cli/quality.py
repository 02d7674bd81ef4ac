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
    located,
    post_names,
    posts_argument,
)
from pipeline.model import Finding, Severity

if TYPE_CHECKING:
    from pipeline.project import Project
    from pipeline.standing import Standing


format_option = click.option(
    "-f",
    "--format",
    "layout",
    type=click.Choice(["text", "github"]),
    default="text",
    show_default=True,
)

fail_on_option = click.option(
    "--fail-on",
    type=click.Choice(["info", "warning", "error"]),
    help="Exit with 1 from this severity on; by default the configured one.",
)


@click.command()
@posts_argument
@format_option
@fail_on_option
@repairing_options
@explaining_options
@locale_option
@common_options
def check(
    root: Path,
    console: Console,
    posts: Sequence[str],
    layout: str,
    fail_on: str | None,
    fix: bool,
    diff: bool,
    locales: Sequence[str],
) -> None:
    """Find what is wrong with the translations; exit with 1 if anything is."""
    from pipeline.stages.opening import open_project

    project = open_project(root)
    level = Severity[fail_on.upper()] if fail_on else project.fail_on
    only = known_locales(project, locales)
    if fix or diff:
        repair(project, console, post_names(root, posts), only, dry_run=diff)
    if diff:
        return
    if not report(project, console, post_names(root, posts), only, layout, level):
        raise SystemExit(FINDINGS)


def report(
    project: Project,
    console: Console,
    names: Sequence[str],
    only: frozenset[str],
    layout: str,
    fail_on: Severity,
) -> bool:
    """Check and print the findings; tell whether all lie below ``fail_on``.

    A quiet console gets only those that do not.
    """
    from pipeline.stages.check import check

    findings = located(project.root, check(project, names, only))
    return print_findings(console, findings, layout, fail_on)


def print_findings(
    console: Console, findings: Sequence[Finding], layout: str, fail_on: Severity
) -> bool:
    """Print findings; tell whether all lie below ``fail_on``. A quiet console gets the others."""
    from pipeline.reports import REPORTS

    failing = [finding for finding in findings if finding.severity >= fail_on]
    text = REPORTS[layout](failing if console.quiet else findings)
    if text and (failing or not console.quiet):
        click.echo(text.rstrip("\n"))
    return not failing


_COLUMNS = ("segments", "reviewed", "machine", "stale", "needs work", "untranslated", "words")


@click.command()
@posts_argument
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a post and language.")
@common_options
def status(root: Path, console: Console, posts: Sequence[str], as_json: bool) -> None:
    """Show how far each post is in each language."""
    from pipeline.stages.opening import open_project
    from pipeline.stages.status import status

    standings = status(open_project(root), post_names(root, posts))
    if as_json:
        rows = [asdict(standing) for standing in standings]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
    else:
        click.echo("\n".join(_table(standings)))


def _table(standings: Sequence[Standing]) -> list[str]:
    rows = [["post", "to", *_COLUMNS]]
    for standing in standings:
        numbers = [getattr(standing, name.replace(" ", "_")) for name in _COLUMNS]
        rows.append([standing.post, standing.locale, *map(str, numbers)])
    if len(standings) > 1:
        totals = [
            sum(getattr(standing, name.replace(" ", "_")) for standing in standings)
            for name in _COLUMNS
        ]
        rows.append(["total", "", *map(str, totals)])
    return table(rows, left=2)
