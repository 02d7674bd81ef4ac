"""What ``diglot check`` does besides checking: it explains its checks, and repairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.console import Console, shown
from pipeline.errors import PipelineError, did_you_mean
from pipeline.wording import Message

if TYPE_CHECKING:
    from pipeline.checks import Rule
    from pipeline.project import Project

Command = Callable[..., Any]


def explaining_options(command: Command) -> Command:
    """Add ``--list`` and ``--explain``, which print and end the command."""
    for option in (
        click.option(
            "--explain",
            metavar="CHECK",
            callback=_explain,
            expose_value=False,
            is_eager=True,
            help="Say what a check finds and why, with a wrong and a right example.",
        ),
        click.option(
            "--list",
            is_flag=True,
            callback=_list,
            expose_value=False,
            is_eager=True,
            help="List all checks.",
        ),
    ):
        command = option(command)
    return command


def repairing_options(command: Command) -> Command:
    """Add ``--fix`` and ``--diff``."""
    for option in (
        click.option("--diff", is_flag=True, help="Show what --fix would change, write nothing."),
        click.option("--fix", is_flag=True, help="First repair what is safe to repair."),
    ):
        command = option(command)
    return command


def _list(context: click.Context, parameter: click.Parameter, wanted: bool) -> None:
    from pipeline.checks import RULES

    if not wanted:
        return
    width = max(len(rule.id) for rule in RULES)
    for family in dict.fromkeys(rule.family for rule in RULES):
        click.echo(f"{family}:")
        for rule in RULES:
            if rule.family == family:
                severity = rule.severity.name.lower()
                click.echo(f"  {rule.id:<{width}}  {severity:<7}  {rule.title}")
    context.exit()


def _explain(context: click.Context, parameter: click.Parameter, name: str | None) -> None:
    from pipeline.checks import RULES

    if name is None:
        return
    rules = [rule for rule in RULES if name in (rule.id, rule.family)]
    if not rules:
        hint = did_you_mean(name, [rule.id for rule in RULES]) or Message(
            "See diglot check --list."
        )
        raise PipelineError(Message('there is no check "{name}"', name=name), hint=hint)
    click.echo("\n\n\n".join(map(_explained, rules)))
    context.exit()


def _explained(rule: Rule) -> str:
    facts = [f"{rule.id}: {rule.severity.name.lower()}, family {rule.family}"]
    facts += [rule.doc]
    facts += [rule.hint] if rule.hint else []
    facts += [f"Option {o.name} = {_default(o.default)}: {o.doc}." for o in rule.options]
    return "\n\n".join(facts)


def _default(value: object) -> str:
    from pipeline.project.readers import toml

    return toml(value)


def repair(
    project: Project,
    console: Console,
    names: Sequence[str],
    only: frozenset[str],
    *,
    dry_run: bool,
) -> None:
    """Repair the catalogs, or show how that would be, and say what was done."""
    from pipeline.reports.safe import one_line
    from pipeline.stages.fix import fix

    found = fix(project, names, only, dry_run=dry_run)
    for repaired in found:
        if dry_run:
            click.echo("\n".join(map(one_line, repaired.diff.splitlines())))
        else:
            entries = f"{repaired.entries} " + ("entry" if repaired.entries == 1 else "entries")
            console.say(f"fixed  {shown(Path(repaired.path))}  ({entries})")
