"""``python -m tests.crashes``; what it does and prints is said in the package's docstring."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from . import __doc__ as manual
from .kills import COMMANDS, kill
from .writers import compete


@click.command(help=manual)
@click.option("--kills", default=200, show_default=True, help="Kills of each command.")
@click.option("--command", "commands", multiple=True, type=click.Choice(list(COMMANDS)))
@click.option("--seed", default=0, show_default=True, help="Where chance starts.")
@click.option("--writers", default=4, show_default=True)
@click.option("--edits", default=100, show_default=True, help="Edits of each writer.")
def main(kills: int, commands: Sequence[str], seed: int, writers: int, edits: int) -> None:
    """Run everything and print a line for each command and contest."""
    clean = True
    click.echo("command     kills  cut short  lost  unreadable  stray")
    for command in commands or COMMANDS:
        with tempfile.TemporaryDirectory() as folder:
            toll = kill(Path(folder), command, kills, seed)
        clean &= toll.is_clean
        click.echo(
            f"{command:10} {toll.kills:6} {toll.cut_short:10} {toll.lost:5} "
            f"{toll.unreadable:11} {toll.stray:6}"
        )
    click.echo("writers     edits  present  reported  missing")
    for again in (False, True):
        with tempfile.TemporaryDirectory() as folder:
            contest = compete(Path(folder), writers, edits, again=again)
        clean &= not contest.missing and not (again and contest.reported)
        click.echo(
            f"{writers:<10} {contest.edits:6} {contest.present:8} {contest.reported:9} "
            f"{contest.missing:8}"
        )
    sys.exit(not clean)


if __name__ == "__main__":
    main()
