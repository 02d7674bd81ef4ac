"""The commands that do the work: extract, translate, build, and all of them in one run."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.console import (
    FINDINGS,
    Console,
    common_options,
    dry_run_option,
    known_locales,
    locale_option,
    located,
    post_names,
    posts_argument,
    shown,
)
from pipeline.errors import PipelineError

if TYPE_CHECKING:
    from pipeline.engines import Engine
    from pipeline.files import Change
    from pipeline.project import Project
    from pipeline.publish import BuildOptions

engine_option = click.option(
    "-e",
    "--engine",
    "engine_name",
    metavar="NAME",
    help='local, google, copy, pseudo, or "none" for memory only; by default the configured one.',
)


@click.command()
@posts_argument
@dry_run_option
@common_options
def extract(root: Path, console: Console, posts: Sequence[str], dry_run: bool) -> None:
    """Bring the PO files in line with the posts.

    New text is added, changed text is marked stale, and what has gone is kept as obsolete.
    """
    from pipeline.stages.opening import open_project

    _extract(open_project(root), console, post_names(root, posts), dry_run)


@click.command()
@posts_argument
@engine_option
@locale_option
@dry_run_option
@common_options
def translate(
    root: Path,
    console: Console,
    posts: Sequence[str],
    engine_name: str | None,
    locales: Sequence[str],
    dry_run: bool,
) -> None:
    """Fill what is untranslated from memory, then with an engine.

    Machine text is always marked fuzzy; what a person wrote is never touched.
    """
    from pipeline.stages.opening import open_project

    project = open_project(root)
    only = known_locales(project, locales)
    with _engine(project, engine_name) as engine:
        _translate(project, console, engine, post_names(root, posts), only, dry_run)


@click.command()
@posts_argument
@click.option("--no-added-keys", is_flag=True, help="Add nothing to the front matter.")
@click.option("--publish-drafts", is_flag=True, help="Leave out the draft mark of unread text.")
@locale_option
@dry_run_option
@common_options
def build(
    root: Path,
    console: Console,
    posts: Sequence[str],
    no_added_keys: bool,
    publish_drafts: bool,
    locales: Sequence[str],
    dry_run: bool,
) -> None:
    """Write every post in every language.

    A post that a translation would damage is refused, and the PO entry is named.
    """
    from pipeline.publish import BuildOptions
    from pipeline.stages.opening import open_project

    project = open_project(root)
    options = BuildOptions(
        added_keys=not no_added_keys,
        publish_drafts=publish_drafts,
        dry_run=dry_run,
        locales=known_locales(project, locales),
    )
    if not _build(project, console, post_names(root, posts), options):
        raise SystemExit(FINDINGS)


@click.command()
@posts_argument
@engine_option
@dry_run_option
@common_options
def run(
    root: Path, console: Console, posts: Sequence[str], engine_name: str | None, dry_run: bool
) -> None:
    """Extract, translate, build and check in one go."""
    from pipeline.cli.quality import report
    from pipeline.publish import BuildOptions
    from pipeline.stages.opening import open_project, preflight

    project = open_project(root)
    names = post_names(root, posts)
    with _engine(project, engine_name) as engine:
        preflight(project, names)
        _extract(project, console, names, dry_run)
        if dry_run:
            console.say("The other steps depend on what extract writes; a dry run ends here.")
            return
        _translate(project, console, engine, names, frozenset(), dry_run)
    whole = _build(project, console, names, BuildOptions())
    passed = report(project, console, names, frozenset(), "text", project.fail_on)
    if not (whole and passed):
        raise SystemExit(FINDINGS)


@contextmanager
def _engine(project: Project, name: str | None) -> Iterator[Engine | None]:
    """Make the engine that is asked for, and release it whatever happens."""
    chosen = name or project.engine
    if chosen == "none":
        yield None
        return
    engine = _created(project, chosen, is_configured=name is None)
    try:
        yield engine
    finally:
        engine.close()


def _created(project: Project, name: str, *, is_configured: bool) -> Engine:
    from pipeline.engines import create, names

    try:
        return create(name, project.engines.get(name, {}))
    except PipelineError as error:
        if is_configured and name not in names():
            raise project.source.error("engine", error.what, error.hint, name) from error
        raise


def _list_changes(console: Console, changes: Sequence[Change], dry_run: bool) -> int:
    """Print what was written; return how many files."""
    for change in changes:
        verb = ("would write" if dry_run else "wrote") if change.written else "unchanged"
        line = f"{verb}  {shown(change.path)}" + (f"  ({change.what})" if change.what else "")
        (console.say if change.written else console.detail)(line)
    return sum(change.written for change in changes)


def _extract(project: Project, console: Console, names: Sequence[str], dry_run: bool) -> None:
    from pipeline.stages.extract import extract

    changes = extract(project, names, dry_run=dry_run)
    written = _list_changes(console, changes, dry_run)
    console.say(f"extract: {written} of {len(changes)} catalogs changed")


def _translate(
    project: Project,
    console: Console,
    engine: Engine | None,
    names: Sequence[str],
    only: frozenset[str],
    dry_run: bool,
) -> None:
    from pipeline.stages.translate import plan_translation, translate

    plan = plan_translation(project, names, only, dry_run=dry_run)
    with console.progress("translate", plan.size) as advance:
        # Asking costs time, and with some engines money: a dry run only counts.
        asked = None if dry_run else engine
        tally = translate(plan, asked, dry_run=dry_run, advance=advance)
    left = plan.size - tally.memory - tally.machine
    parts = [f"{tally.memory} from memory"]
    if asked is not None:
        kind = ", drafts: read them before you publish" if asked.draft else ""
        parts.append(f"{tally.machine} by the {asked.name} engine{kind}")
    rest = f"{left} for the {engine.name} engine" if engine and dry_run else f"{left} left"
    console.say(f"translate: {plan.size} to do; {'; '.join(parts)}; {rest}")
    for reason, count in Counter(tally.reasons).most_common(None if console.verbose else 3):
        console.say(f"  {count} x {reason}")


def _build(project: Project, console: Console, names: Sequence[str], options: BuildOptions) -> bool:
    """Build and print what came of it; tell whether every post was whole."""
    from pipeline.reports import REPORTS
    from pipeline.stages.build import build

    results = build(project, names, options)
    _list_changes(console, [change for _, change in results if change], options.dry_run)
    findings = [finding for built, _ in results for finding in built.findings]
    if findings:
        click.echo(REPORTS["text"](located(project.root, findings)).rstrip("\n"), err=True)
    refused = sum(bool(built.findings) for built, _ in results)
    drafts = sum(built.marked for built, _ in results)
    unmarked = [b for b, _ in results if b.draft and not (b.findings or b.marked)]
    parts = [f"{len(results) - refused} posts"]
    parts += [f"{drafts} marked as drafts until they are reviewed"] if drafts else []
    parts += [f"{len(unmarked)} unread but without a draft mark"] if unmarked else []
    parts += [f"{refused} refused"] if refused else []
    console.say(f"build: {', '.join(parts)}")
    for built in unmarked:
        console.say(f"  unread, not marked as a draft  {shown(Path(built.path))}")
    return not refused
