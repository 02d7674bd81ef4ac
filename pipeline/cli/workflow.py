"""The commands that do the work: extract, build, and all of it in one run."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.console import (
    FINDINGS,
    Console,
    common_options,
    dry_run_option,
    file_line,
    known_locales,
    locale_option,
    post_names,
    posts_argument,
)
from pipeline.cli.reporting import print_complaints, report_project
from pipeline.cli.translation import derive, engine_option, fill, made_engine
from pipeline.wording import _, ngettext, told

if TYPE_CHECKING:
    from pipeline.batch import Inputs
    from pipeline.built import BuildOptions, Built
    from pipeline.files import Change


@click.command()
@posts_argument
@dry_run_option
@click.option("--check", is_flag=True, help="The same, and exit with 1 if anything would be.")
@common_options
def extract(root: Path, console: Console, posts: Sequence[str], dry_run: bool, check: bool) -> None:
    """Bring the PO files in line with the posts.

    New text is added, changed text is marked stale, and what has gone is kept as obsolete. The
    catalog of a post that was renamed or moved goes with it.
    """
    from pipeline.batch import Inputs
    from pipeline.stages.opening import open_project

    inputs = Inputs(open_project(root), post_names(root, posts))
    written = _extract(inputs, console, dry_run or check)
    if check and written:
        raise SystemExit(FINDINGS)


@click.command()
@posts_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["posts", "parallel", "bilingual-md"]),
    default="posts",
    show_default=True,
    help="Posts, or pages that show a post beside its translation.",
)
@click.option("--no-added-keys", is_flag=True, help="Add nothing to the front matter.")
@click.option("--publish-drafts", is_flag=True, help="Leave out the draft mark of unread text.")
@locale_option
@dry_run_option
@common_options
def build(
    root: Path,
    console: Console,
    posts: Sequence[str],
    form: str,
    no_added_keys: bool,
    publish_drafts: bool,
    locales: Sequence[str],
    dry_run: bool,
) -> None:
    """Write every post in every language.

    With --format parallel, write for each post and each of its translations one HTML file that
    shows both side by side; with --format bilingual-md, posts in which each text is followed by
    its translation. A post that a translation would damage is refused, and the PO entry
    is named.
    """
    from pipeline.batch import Inputs
    from pipeline.built import BuildOptions
    from pipeline.stages.opening import open_project

    project = open_project(root)
    options = BuildOptions(
        added_keys=not no_added_keys,
        publish_drafts=publish_drafts,
        dry_run=dry_run,
        locales=known_locales(project, locales),
    )
    if not _build(Inputs(project, post_names(root, posts)), console, options, form):
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
    from pipeline.batch import Inputs
    from pipeline.built import BuildOptions
    from pipeline.stages.extract import waiting
    from pipeline.stages.opening import open_project, preflight
    from pipeline.stages.translate import plan_translation

    project = open_project(root)
    inputs = Inputs(project, post_names(root, posts))
    with made_engine(project, engine_name) as engine:
        preflight(project, waiting(inputs))
        _extract(inputs, console, dry_run)
        if dry_run:
            console.say(_("The other steps depend on what extract writes; a dry run ends here."))
            return
        plan = plan_translation(inputs)
        fill(console, plan, engine, dry_run=False)
        inputs.forget(name for name, _ in plan.catalogs)
        derive(inputs, console)
    whole = _build(inputs, console, BuildOptions())
    passed = report_project(inputs, console)
    if not (whole and passed):
        raise SystemExit(FINDINGS)


def _list_changes(console: Console, changes: Sequence[Change], dry_run: bool) -> int:
    """Print what was written; return how many files."""
    for change in changes if console.verbose else filter(attrgetter("written"), changes):
        wrote = _("would write") if dry_run else _("wrote")
        verb = wrote if change.written else _("unchanged")
        say = console.say if change.written else console.detail
        say(file_line(verb, change.path, told(change.what)))
    return sum(change.written for change in changes)


def _extract(inputs: Inputs, console: Console, dry_run: bool) -> int:
    """Extract and print what came of it; return how many catalogs have, or would have, changed."""
    from pipeline.stages.extract import extract

    changes = extract(inputs, dry_run=dry_run)
    written = _list_changes(console, changes, dry_run)
    said = _("extract: {written} of {count} catalogs changed")
    console.say(said.format(written=written, count=len(changes)))
    return written


def _build(inputs: Inputs, console: Console, options: BuildOptions, form: str = "posts") -> bool:
    """Build and print what came of it; tell whether every post was whole."""
    if form == "posts":
        from pipeline.stages.build import build

        outcome = build(inputs, options)
    else:
        from pipeline.stages.pages import build_pages

        outcome = build_pages(inputs, options, form)
    results = [(built, change) for built, change in outcome if not built.gone]
    _list_changes(console, [change for _built, change in results if change], options.dry_run)
    for built, _change in outcome[len(results) :]:
        verb = _("would remove") if options.dry_run else _("removed")
        console.say(file_line(verb, Path(built.path)))
    findings = [finding for built, _change in results for finding in built.findings]
    if findings:
        print_complaints(inputs.project, findings)
    _summarize(console, [built for built, _change in results], form)
    return not any(built.findings for built, _change in results)


def _summarize(console: Console, results: Sequence[Built], form: str) -> None:
    refused = sum(bool(built.findings) for built in results)
    drafts = sum(built.marked for built in results)
    unmarked = [b for b in results if b.draft and not (b.findings or b.marked)]
    whole = len(results) - refused
    built = (
        ngettext("{count} post", "{count} posts", whole)
        if form == "posts"
        else ngettext("{count} page", "{count} pages", whole)
    )
    marked = ngettext(
        "{count} marked as a draft until it is reviewed",
        "{count} marked as drafts until they are reviewed",
        drafts,
    )
    parts = [
        built.format(count=whole),
        *_counted(marked, drafts),
        *_counted(_("{count} unread but without a draft mark"), len(unmarked)),
        *_counted(_("{count} refused"), refused),
    ]
    console.say(_("build: {what}").format(what=_(", ").join(parts)))
    for version in unmarked:
        said = _("unread, not marked as a draft")
        console.say(f"  {file_line(said, Path(version.path))}")


def _counted(text: str, count: int) -> list[str]:
    return [text.format(count=count)] if count else []
