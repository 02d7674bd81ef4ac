"""The commands of the translation memory: search, import, export."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.console import (
    Console,
    common_options,
    dry_run_option,
    file_line,
    known_locales,
    shown,
)
from pipeline.wording import _, ngettext

if TYPE_CHECKING:
    from pipeline.memory import Hit

_to_option = click.option(
    "--to", "locales", multiple=True, metavar="LOCALE", help="Only into this language; repeatable."
)
_tmx_file = click.Path(path_type=Path, dir_okay=False)


@click.group()
def memory() -> None:
    """Search what has been translated, and exchange it as TMX."""


@memory.command()
@click.argument("text")
@_to_option
@click.option("--limit", default=5, show_default=True, type=click.IntRange(1, 100))
@click.option("--json", "as_json", is_flag=True, help="Print JSON, one object a match.")
@common_options
def search(
    root: Path, console: Console, text: str, locales: Sequence[str], limit: int, as_json: bool
) -> None:
    """Show translations of TEXT and of texts like it.

    What TEXT lacks is shown as [-...-], what it adds as {+...+}.
    """
    from pipeline.stages import memory as stage
    from pipeline.stages.opening import open_project

    project = open_project(root)
    found = stage.search(project, text, known_locales(project, locales), limit=limit)
    if as_json:
        rows = [_row(text, target, hit) for target, hit in found]
        click.echo(json.dumps(rows, ensure_ascii=False, indent=2))
        return
    for target, hit in found:
        console.say("\n".join(_lines(project.root, text, target, hit)))
    if not found:
        console.say(_("Nothing similar is known."))


def _row(text: str, target: str, hit: Hit) -> dict[str, object]:
    return {
        "score": hit.score,
        "text": hit.text,
        "translation": hit.translation,
        "locale": target,
        "file": hit.file,
        "line": hit.line,
        "reviewed": hit.origin is None,
        "engine": hit.origin.name if hit.origin else None,
        "differences": hit.changes(text),
    }


def _lines(root: Path, text: str, target: str, hit: Hit) -> Iterator[str]:
    from pipeline.reports.safe import one_line

    made_by = f"  ({hit.origin.kind}: {hit.origin.name})" if hit.origin else ""
    yield f"{hit.score:3} %  {target}  {shown(root / hit.file)}:{hit.line}{made_by}"
    for line in (hit.changes(text) or hit.text, hit.translation):
        yield f"       {one_line(line)}"


@memory.command("import")
@click.argument("files", nargs=-1, required=True, type=_tmx_file)
@click.option("--replace", is_flag=True, help="Replace a memory of the same name.")
@dry_run_option
@common_options
def import_(
    root: Path, console: Console, files: Sequence[Path], replace: bool, dry_run: bool
) -> None:
    """Add TMX FILES to the project: they are copied to locales/memory."""
    from pipeline.stages.memory import import_tmx
    from pipeline.stages.opening import open_project

    for found in import_tmx(open_project(root), files, replace=replace, dry_run=dry_run):
        wrote = _("would write") if dry_run else _("wrote")
        verb = wrote if found.written else _("unchanged")
        console.say(file_line(verb, found.path, _pairs(found.pairs)))


@memory.command()
@click.argument("file", type=_tmx_file)
@_to_option
@dry_run_option
@common_options
def export(root: Path, console: Console, file: Path, locales: Sequence[str], dry_run: bool) -> None:
    """Write all that people have translated to a TMX FILE."""
    from pipeline.files import write_atomically
    from pipeline.stages.memory import export_tmx
    from pipeline.stages.opening import open_project

    project = open_project(root)
    exported = export_tmx(project, known_locales(project, locales))
    written = not dry_run and write_atomically(file, exported.data)
    verb = _("wrote") if written else _("would write") if dry_run else _("unchanged")
    console.say(file_line(verb, file, _pairs(exported.pairs)))
    if exported.left_out:
        said = _("{count} left out: XML has no place for control characters")
        console.say(f"  {said.format(count=exported.left_out)}")


def _pairs(count: int) -> str:
    return ngettext("{count} pair", "{count} pairs", count).format(count=count)
