"""The commands about terms: glossary check, suggest, import and export."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.columns import table
from pipeline.cli.console import (
    FINDINGS,
    Console,
    common_options,
    dry_run_option,
    file_line,
    post_names,
    posts_argument,
    shown,
)
from pipeline.cli.reporting import Reporting, format_option, print_findings, reporting_options
from pipeline.model import Finding, Severity
from pipeline.widths import width
from pipeline.wording import _, listed, told

if TYPE_CHECKING:
    from pipeline.project import Project
    from pipeline.terminology import Import, Suggestion

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group()
def glossary() -> None:
    """Check, fill, import and export the glossary."""


@glossary.command()
@posts_argument
@reporting_options
@common_options
def check(root: Path, console: Console, posts: Sequence[str], reporting: Reporting) -> None:
    """Find terms that contradict each other, and terms that no post holds.

    Exit with 1 if anything is as bad as --fail-on says.
    """
    from pipeline.baseline import identified
    from pipeline.stages.opening import open_project
    from pipeline.terminology import check_glossaries

    project = open_project(root)
    found = identified(check_glossaries(project, post_names(root, posts)), project.root)
    fail_on = reporting.fail_on or project.fail_on
    if not print_findings(console, _as_shown(found), reporting, fail_on):
        raise SystemExit(FINDINGS)


@glossary.command()
@posts_argument
@click.option("--csv", "as_csv", is_flag=True, help="Print rows as in the project's glossary.")
@click.option("--limit", type=click.IntRange(1), default=30, show_default=True, metavar="N")
@click.option(
    "--at-least",
    "minimum",
    type=click.IntRange(2),
    default=3,
    show_default=True,
    metavar="N",
    help="How often a term must occur.",
)
@common_options
def suggest(
    root: Path,
    console: Console,
    posts: Sequence[str],
    as_csv: bool,
    limit: int,
    minimum: int,
) -> None:
    """List what may be a term and stands in no glossary, the most likely first.

    Where reviewed translations agree on how it is translated, that is shown as well.
    """
    from pipeline.stages.opening import open_project
    from pipeline.terminology import suggest, suggestion_rows

    project = open_project(root)
    found = suggest(project, post_names(root, posts), minimum, limit)
    if as_csv:
        click.echo(suggestion_rows(project, found), nl=False)
    elif found:
        console.say("\n".join(_suggestion_table(project, found)))
    else:
        said = _("No term occurs {count} times that the glossary lacks.")
        console.say(said.format(count=minimum))


@glossary.command("import")
@click.argument("file", type=_FILE)
@format_option
@dry_run_option
@common_options
def import_(root: Path, console: Console, file: Path, layout: str, dry_run: bool) -> None:
    """Add the terms of a CSV, TSV or TBX FILE to the project's glossary.

    The first line of a CSV or TSV file names the languages, as in en,zh. Nothing is overwritten:
    terms that contradict those of the glossary are listed and left out; exit with 1 then.
    """
    from pipeline.files import replace_all
    from pipeline.stages.opening import open_project
    from pipeline.terminology import plan_import

    project = open_project(root)
    plan = plan_import(project, file)
    if plan.replacement and not dry_run:
        replace_all([plan.replacement], durable=True)
    if plan.findings:
        print_findings(console, _as_shown(plan.findings), Reporting(layout), Severity.WARNING)
    console.say(_summary(plan))
    if plan.findings:
        raise SystemExit(FINDINGS)


@glossary.command()
@click.argument("file", type=_FILE)
@click.option(
    "--tbx-version",
    type=click.Choice(["2", "3"]),
    default="2",
    show_default=True,
    help="TBX as of 2008, which most programs read, or as of 2019.",
)
@common_options
def export(root: Path, console: Console, file: Path, tbx_version: str) -> None:
    """Write the project's glossary to a FILE that ends in .csv or .tbx."""
    from pipeline.files import write_atomically
    from pipeline.stages.opening import open_project
    from pipeline.terminology import export_glossary

    kinds = {".csv": "csv", ".tbx": f"tbx{tbx_version}"}
    kind = kinds.get(file.suffix.lower())
    if kind is None:
        said = _('"{name}" must end in .csv or .tbx.')
        raise click.UsageError(said.format(name=file.name))
    text = export_glossary(open_project(root), kind)
    written = write_atomically(file, text.encode())
    console.say(file_line(_("wrote") if written else _("unchanged"), file))


def _as_shown(findings: Sequence[Finding]) -> list[Finding]:
    return [replace(found, path=found.path and shown(Path(found.path))) for found in findings]


def _suggestion_table(project: Project, found: Sequence[Suggestion]) -> list[str]:
    rows = [[_("times"), _("term"), *project.locales, _("where")]]
    for suggestion in found:
        candidate = suggestion.candidate
        targets = [candidate.targets.get(name, "") for name in project.locales]
        times = str(candidate.count).rjust(width(rows[0][0]))
        rows.append([times, candidate.text, *targets, _where(candidate.places)])
    return table(rows)


def _where(places: Sequence[tuple[str, int]]) -> str:
    """Return places with the lines in one file together: ``posts/x.md:3,8``."""
    lines: dict[str, list[str]] = {}
    for path, line in places:
        lines.setdefault(path, []).append(str(line))
    return " ".join(f"{path}:{','.join(numbers)}" for path, numbers in lines.items())


def _summary(plan: Import) -> str:
    parts = [
        _("{count} new").format(count=plan.new),
        _("{count} known already").format(count=plan.known),
    ]
    if plan.findings:
        parts.append(_("{count} left out, see above").format(count=len(plan.findings)))
    if plan.foreign:
        said = _("{count} without a text in the project's languages")
        parts.append(said.format(count=plan.foreign))
    if plan.ignored:
        said = _("columns passed over: {names}")
        parts.append(said.format(names=told(listed(plan.ignored))))
    return _("glossary import: {what}").format(what=_("; ").join(parts))
