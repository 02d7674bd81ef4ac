"""The command that rebuilds as files are saved."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.console import Console, common_options, file_line, post_names, posts_argument
from pipeline.cli.reporting import print_complaints
from pipeline.errors import PipelineError
from pipeline.wording import _

if TYPE_CHECKING:
    from pipeline.files import Change
    from pipeline.stages.preview import Preview


@click.command()
@posts_argument
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535))
@click.option("--no-preview", is_flag=True, help="Serve no pages.")
@click.option("--poll", is_flag=True, help="Look at the files, as network drives need it.")
@common_options
def watch(
    root: Path,
    console: Console,
    posts: Sequence[str],
    port: int,
    no_preview: bool,
    poll: bool,
) -> None:
    """Extract and build whenever a file is saved, until Ctrl-C.

    The parallel pages are shown on an address of this machine, and reload themselves. An error
    is printed, and the watch goes on.
    """
    from pipeline.stages.opening import open_project
    from pipeline.stages.preview import Preview, serving
    from pipeline.stages.watching import bursts

    project = open_project(root)
    preview = Preview(project)
    stop = threading.Event()
    with nullcontext() if no_preview else serving(preview, port) as address:
        if address:
            console.say(_("preview  {address}").format(address=address))
        try:
            changes = bursts(root, stop, poll=poll)
            _rebuild(root, console, posts, preview)
            console.say(_("watching; Ctrl-C ends it"))
            for _changes in changes:
                _rebuild(root, console, posts, preview)
        except KeyboardInterrupt:
            stop.set()
    console.say(_("ended"))


def _rebuild(root: Path, console: Console, posts: Sequence[str], preview: Preview) -> None:
    """Bring catalogs and built posts up to date, and show the pages anew."""
    from pipeline.batch import Inputs
    from pipeline.stages.build import build
    from pipeline.stages.extract import extract
    from pipeline.stages.opening import open_project

    try:
        project = open_project(root)
        inputs = Inputs(project, post_names(root, posts))
        _name_written(console, extract(inputs))
        results = build(inputs)
        _name_written(console, [change for built, change in results if change and not built.gone])
        for built, _change in results:
            if built.gone:
                console.say(file_line(_("removed"), Path(built.path)))
        findings = [finding for built, _change in results for finding in built.findings]
        if findings:
            print_complaints(project, findings)
        preview.refresh(project)
    except PipelineError as error:
        click.echo(f"diglot: {error.told()}", err=True)


def _name_written(console: Console, changes: Iterable[Change]) -> None:
    for change in changes:
        if change.written:
            console.say(file_line(_("wrote"), change.path))
