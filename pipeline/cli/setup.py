"""Commands that set a project, or a shell, up."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import get_completion_class

from pipeline.cli.console import Console, common_options
from pipeline.project.layouts import LAYOUTS
from pipeline.wording import Message, told

_WRITTEN, _KEPT = Message("written"), Message("kept   ")


@click.command()
@click.option(
    "--layout",
    type=click.Choice(list(LAYOUTS)),
    help="How the site keeps the versions of a post; also writes an include for its pages' heads.",
)
@common_options
def init(root: Path, console: Console, layout: str | None) -> None:
    """Write a commented diglot.toml, an empty glossary and a CI workflow.

    What exists already is left alone.
    """
    from pipeline.scaffold import write_missing

    for name, written in write_missing(root, layout or ""):
        console.say(f"{told(_WRITTEN if written else _KEPT)}  {name}")


@click.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def completion(ctx: click.Context, shell: str) -> None:
    """Print the completion script of a SHELL.

    For bash: eval "$(diglot completion bash)" in ~/.bashrc.
    """
    found = get_completion_class(shell)
    assert found is not None  # click knows the shells of the choice
    click.echo(found(ctx.find_root().command, {}, "diglot", "_DIGLOT_COMPLETE").source())
