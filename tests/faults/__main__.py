"""``python -m tests.faults``; what it does and prints is said in the package's docstring."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import click

from . import __doc__ as manual
from .behaviours import BEHAVIOURS
from .runs import ENGINES, Outcome, chinese, run
from .server import Server


@click.command(help=manual)
@click.option("--runs", default=50, show_default=True, help="Runs of each behaviour.")
@click.option("--engine", "engines", multiple=True, type=click.Choice(list(ENGINES)))
@click.option("--behaviour", "behaviours", multiple=True, type=click.Choice(list(BEHAVIOURS)))
def main(runs: int, engines: Sequence[str], behaviours: Sequence[str]) -> None:
    """Run everything and print a line for each behaviour and engine."""
    server = Server(chinese)
    total = Outcome()
    click.echo(f"{'behaviour':28} {'engine':8} accepted      wrong   lost repeated")
    for behaviour in behaviours or BEHAVIOURS:
        for engine in engines or ENGINES:
            found = Outcome()
            for seed in range(runs):
                with tempfile.TemporaryDirectory() as folder:
                    found += run(Path(folder), server, engine, behaviour, seed)
            total += found
            click.echo(f"{behaviour:28} {engine:8} {_line(found)}")
    click.echo(f"{'total':28} {'':8} {_line(total)}")
    sys.exit(not total.is_clean)


def _line(found: Outcome) -> str:
    accepted = f"{found.accepted}/{found.texts}"
    return f"{accepted:12} {found.wrong:6} {found.lost:6} {found.repeated:8}"


if __name__ == "__main__":
    main()
