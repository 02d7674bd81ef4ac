"""The commands by which a person decides about translations: accept and reject."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

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
from pipeline.cli.reporting import print_complaints
from pipeline.errors import PipelineError, did_you_mean
from pipeline.wording import Message, _, ngettext, told

if TYPE_CHECKING:
    from pipeline.project import Project
    from pipeline.review import Choice, Decided
    from pipeline.stages.review import Verdict

Command = Callable[..., Any]


def choice_options(command: Command) -> Command:
    """Add the arguments and options that say which entries are meant."""
    for option in (
        common_options,
        dry_run_option,
        locale_option,
        click.option("--all", "everything", is_flag=True, help="In all posts."),
        click.option(
            "-i",
            "--interactive",
            is_flag=True,
            help="Decide entry by entry in the terminal; the default where nothing is chosen.",
        ),
        click.option(
            "-e",
            "--engine",
            metavar="NAME",
            default="",
            help='Only what this engine made; "memory" is the translation memory.',
        ),
        click.option(
            "-m",
            "--match",
            "pattern",
            metavar="TEXT",
            default="",
            help="Only where TEXT is found in the source or the translation; * stands for any.",
        ),
        posts_argument,
    ):
        command = option(command)
    return command


@click.command()
@choice_options
def accept(**arguments: Any) -> None:
    """Accept machine translations: they become a person's.

    An entry in which a check finds an error is left as it is, and the command exits with 1. What a
    person wrote or what is stale is only ever accepted with --interactive.
    """
    _review("accept", **arguments)


@click.command()
@choice_options
def reject(**arguments: Any) -> None:
    """Reject machine translations: the text is kept in a comment and is not taken again."""
    _review("reject", **arguments)


def _review(
    verdict: Verdict,
    root: Path,
    console: Console,
    posts: Sequence[str],
    pattern: str,
    engine: str,
    interactive: bool,
    everything: bool,
    locales: Sequence[str],
    dry_run: bool,
) -> None:
    from pipeline.review import Choice
    from pipeline.stages.opening import open_project

    chosen = bool(posts or pattern or engine or locales or everything)
    if interactive or not chosen:
        _require_terminal(verdict, chosen=chosen, dry_run=dry_run)
    project = open_project(root)
    names = post_names(root, posts)
    choice = Choice(known_locales(project, locales), pattern, engine)
    if interactive or not chosen:
        _converse(project, console, verdict, names, choice)
    else:
        _decide(project, console, verdict, names, choice, dry_run)


def _require_terminal(verdict: str, *, chosen: bool, dry_run: bool) -> None:
    if dry_run:
        raise click.UsageError(_("--dry-run needs a choice: posts, --match, --engine or --all."))
    if sys.stdin.isatty() and sys.stdout.isatty():
        return
    if chosen:
        raise click.UsageError(_("--interactive needs a terminal."))
    raise click.UsageError(told(_NO_TERMINAL[verdict]))


_NO_TERMINAL = {
    "accept": Message(
        "There is no terminal to ask you in. "
        "Say what to accept: posts, --match, --engine, --locale or --all."
    ),
    "reject": Message(
        "There is no terminal to ask you in. "
        "Say what to reject: posts, --match, --engine, --locale or --all."
    ),
}


def _converse(
    project: Project, console: Console, verdict: str, names: Sequence[str], choice: Choice
) -> None:
    from pipeline.cli.session import Session
    from pipeline.recall import open_index
    from pipeline.stages.review import entries

    with closing(open_index(project)) as index:
        tally = Session(project, index, entries(project, names, choice)).run()
    said = _("accept: {what}") if verdict == "accept" else _("reject: {what}")
    console.say(said.format(what=told(tally.message())))


_DONE: dict[tuple[str, bool], tuple[Message, Message]] = {
    ("accept", False): (Message("accepted"), Message("accept: {count} accepted")),
    ("accept", True): (Message("would accept"), Message("accept: {count} would be accepted")),
    ("reject", False): (Message("rejected"), Message("reject: {count} rejected")),
    ("reject", True): (Message("would reject"), Message("reject: {count} would be rejected")),
}
"""What is said of a file and of all of them, by the verdict and whether it is a dry run."""


def _decide(
    project: Project,
    console: Console,
    verdict: Verdict,
    names: Sequence[str],
    choice: Choice,
    dry_run: bool,
) -> None:
    from pipeline.stages.review import decide

    results = decide(project, names, choice, verdict, dry_run=dry_run)
    if choice.engine and not results:
        _require_engine(choice.engine)
    verb, done = _DONE[verdict, dry_run]
    for decided in results:
        if decided.entries:
            console.say(file_line(told(verb), Path(decided.path), _entries(decided)))
    kept_back = [finding for decided in results for finding in decided.kept_back]
    if kept_back:
        print_complaints(project, kept_back)
    left = len({(finding.catalog, finding.catalog_line) for finding in kept_back})
    total = sum(decided.entries for decided in results)
    said = told(done).format(count=total)
    if left:
        said = _("{what}, {count} with errors left").format(what=said, count=left)
    console.say(said)
    if left:
        raise SystemExit(FINDINGS)


def _require_engine(name: str) -> None:
    """Raise unless it is an engine that may have made an entry."""
    from pipeline.engines import names

    known = ["memory", *names()]
    if name not in known:
        hint = did_you_mean(name, known) or Message("See diglot engines.")
        raise PipelineError(Message('no entry is by an engine "{name}"', name=name), hint=hint)


def _entries(decided: Decided) -> str:
    entries = ngettext("{count} entry", "{count} entries", decided.entries)
    return entries.format(count=decided.entries)
