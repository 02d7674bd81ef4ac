"""What ``diglot check`` does besides checking: it explains its checks, and repairs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipeline.cli.columns import table
from pipeline.cli.console import Console, file_line
from pipeline.errors import PipelineError, did_you_mean
from pipeline.wording import Message, _, ngettext, told

if TYPE_CHECKING:
    from pipeline.checks import Example, Rule
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
    lines = table([[f"  {rule.id}", _severity(rule), _title(rule)] for rule in RULES])
    for family in dict.fromkeys(rule.family for rule in RULES):
        click.echo(f"{family}:")
        for rule, line in zip(RULES, lines, strict=True):
            if rule.family == family:
                click.echo(line)
    context.exit()


def _severity(rule: Rule) -> str:
    from pipeline.reports.context import severity_name

    return told(severity_name(rule.severity))


def _title(rule: Rule) -> str:
    return _(rule.explanation).partition("\n")[0].rstrip(".。")


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
    said = _("{check}: {severity}, family {family}")
    facts = [said.format(check=rule.id, severity=_severity(rule), family=rule.family)]
    facts += [_(rule.explanation), "\n".join(map(_example, rule.examples))]
    facts += [told(rule.hint)] if rule.hint else []
    said = _("Option {name} = {default}: {what}.")
    facts += [
        said.format(name=option.name, default=_default(option.default), what=told(option.doc))
        for option in rule.options
    ]
    return "\n\n".join(facts)


def _example(example: Example) -> str:
    said = _("Right{condition}: {text}") if example.is_right else _("Wrong{condition}: {text}")
    condition = f" ({example.condition})" if example.condition else ""
    return said.format(condition=condition, text=_(example.text))


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
            entries = ngettext("{count} entry", "{count} entries", repaired.entries)
            what = entries.format(count=repaired.entries)
            console.say(file_line(_("fixed"), Path(repaired.path), what))
