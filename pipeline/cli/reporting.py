"""How findings are reported: in which formats, where to, which of them, and what fails the run."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.console import Console, located
from pipeline.errors import PipelineError, reason
from pipeline.model import Finding, Severity
from pipeline.wording import Message, _, listed, ngettext

if TYPE_CHECKING:
    from pipeline.batch import Inputs
    from pipeline.project import Project

Command = Callable[..., Any]

FORMATS = ("text", "github", "sarif", "junit", "jsonl", "gitlab", "html")


@dataclass(frozen=True, slots=True)
class Reporting:
    """What the reporting options of a command say."""

    layout: str = "text"
    outputs: tuple[Path, ...] = ()
    fail_on: Severity | None = None
    baseline: Path | None = None
    update_baseline: bool = False
    changed_since: str | None = None


DEFAULT = Reporting()

format_option = click.option(
    "-f",
    "--format",
    "layout",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="What is printed.",
)


def reporting_options(command: Command) -> Command:
    """Add ``--format``, ``--output`` and ``--fail-on``; pass ``reporting``."""

    @format_option
    @click.option(
        "-o",
        "--output",
        "outputs",
        type=click.Path(path_type=Path, dir_okay=False),
        multiple=True,
        metavar="FILE",
        help="Also write FILE, in the format of its ending: .sarif, .xml (JUnit), .json (GitLab), "
        ".jsonl, .html or .txt; repeatable.",
    )
    @click.option(
        "--fail-on",
        type=click.Choice(["info", "warning", "error"]),
        help="Exit with 1 from this severity on; by default the configured one, or error.",
    )
    @wraps(command)
    def wrapped(
        *args: Any,
        layout: str,
        outputs: tuple[Path, ...],
        fail_on: str | None,
        baseline: Path | None = None,
        update_baseline: bool = False,
        changed_since: str | None = None,
        **kwargs: Any,
    ) -> Any:
        for path in outputs:
            _require_format(path)
        if update_baseline and (baseline is None or changed_since or _chosen(kwargs)):
            raise click.UsageError(_("--update-baseline needs --baseline FILE, and all findings."))
        level = Severity[fail_on.upper()] if fail_on else None
        reporting = Reporting(layout, outputs, level, baseline, update_baseline, changed_since)
        return command(*args, reporting=reporting, **kwargs)

    return wrapped


def _chosen(arguments: Mapping[str, Any]) -> bool:
    return bool(arguments.get("posts") or arguments.get("locales"))


def choosing_options(command: Command) -> Command:
    """Add ``--baseline``, ``--update-baseline`` and ``--changed-since``; below the others."""
    for option in (
        click.option(
            "--changed-since",
            metavar="REV",
            help="Only findings in files that have changed in Git since REV.",
        ),
        click.option(
            "--update-baseline", is_flag=True, help="Write all present findings to the baseline."
        ),
        click.option(
            "--baseline",
            type=click.Path(path_type=Path, dir_okay=False),
            metavar="FILE",
            help="Leave out the findings that this file knows.",
        ),
    ):
        command = option(command)
    return command


def _require_format(path: Path) -> None:
    from pipeline.reports import ENDINGS, format_of

    if format_of(path.name) is None:
        hint = Message("Use one of {endings}.", endings=listed(ENDINGS))
        raise PipelineError(Message("no format of a report has this ending"), path=path, hint=hint)


def report_project(
    inputs: Inputs,
    console: Console,
    only: frozenset[str] = frozenset(),
    reporting: Reporting = DEFAULT,
) -> bool:
    """Check and report; tell whether all that is reported lies below what fails the run."""
    from pipeline.baseline import identified
    from pipeline.stages.check import check

    project = inputs.project
    findings = identified(check(inputs, only), project.root)
    if reporting.update_baseline:
        return _updated(console, findings, reporting)
    findings = _new(console, findings, reporting, whole=not (inputs.names or only))
    findings = located(project.root, _changed(project, findings, reporting))
    return print_findings(console, findings, reporting, reporting.fail_on or project.fail_on)


def print_findings(
    console: Console, findings: Sequence[Finding], reporting: Reporting, fail_on: Severity
) -> bool:
    """Print findings, write the files; tell whether all lie below ``fail_on``.

    A quiet console gets only those that do not.
    """
    from pipeline.files import write_atomically
    from pipeline.reports import REPORTS, Context, format_of

    failing = [finding for finding in findings if finding.severity >= fail_on]
    context = Context(fail_on, colour=reporting.layout == "text")
    text = REPORTS[reporting.layout](failing if console.quiet else findings, context)
    if text and (failing or not console.quiet):
        click.echo(text.rstrip("\n"))
    plain = Context(fail_on)
    for path in reporting.outputs:
        content = REPORTS[format_of(path.name) or "text"](findings, plain)
        write_atomically(path, content.encode("utf-8", "backslashreplace"))
    if reporting.layout == "github":
        _append_summary(findings)
    return not failing


def print_complaints(project: Project, findings: Sequence[Finding]) -> None:
    """Print findings for people to standard error."""
    from pipeline.reports import REPORTS, Context

    text = REPORTS["text"](located(project.root, findings), Context(colour=True))
    click.echo(text.rstrip("\n"), err=True)


def _append_summary(findings: Sequence[Finding]) -> None:
    """Add all findings to the summary of the step that GitHub runs us in."""
    from pipeline.reports import step_summary

    name = os.environ.get("GITHUB_STEP_SUMMARY")
    if not name:
        return
    try:
        with Path(name).open("a", encoding="utf-8", errors="backslashreplace") as file:
            file.write(step_summary(findings))
    except OSError as error:
        what = Message("cannot write the step's summary: {reason}", reason=reason(error))
        raise PipelineError(what, path=name, hint=Message("Unset GITHUB_STEP_SUMMARY.")) from error


def _updated(console: Console, findings: Sequence[Finding], reporting: Reporting) -> bool:
    from pipeline.baseline import baseline
    from pipeline.files import write_atomically

    assert reporting.baseline is not None
    written = write_atomically(reporting.baseline, baseline(findings))
    verb = _("wrote") if written else _("unchanged")
    what = ngettext("{count} finding", "{count} findings", len(findings))
    path = reporting.baseline.as_posix()
    console.say(f"{verb}  {path}  ({what.format(count=len(findings))})")
    return True


def _new(
    console: Console, findings: list[Finding], reporting: Reporting, *, whole: bool
) -> list[Finding]:
    """Leave out what the baseline knows; of a ``whole`` check say what it knows in vain."""
    from pipeline.baseline import compare, load_baseline
    from pipeline.reports.safe import one_line

    if reporting.baseline is None:
        return findings
    compared = compare(findings, load_baseline(reporting.baseline))
    if whole and compared.gone and not console.quiet:
        text = _("{count} known findings do not occur any more; --update-baseline forgets them.")
        name = reporting.baseline.as_posix()
        click.echo(f"{name}: {text.format(count=len(compared.gone))}", err=True)
        for said in compared.gone if console.verbose else ():
            click.echo(f"  {one_line(said)}", err=True)
    return compared.new


def _changed(project: Project, findings: list[Finding], reporting: Reporting) -> list[Finding]:
    """Leave out what lies in files that have not changed."""
    from pipeline.baseline import below
    from pipeline.revisions import changed_files

    if reporting.changed_since is None:
        return findings
    changed = changed_files(project.root, reporting.changed_since)
    return [
        finding
        for finding in findings
        if finding.path in changed or below(project.root, finding.catalog) in changed
    ]
