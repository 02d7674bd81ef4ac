"""The commands that exchange catalogs with translators' tools: export and import."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from pipeline.cli.console import (
    Console,
    common_options,
    dry_run_option,
    file_line,
    known_locales,
    post_names,
    posts_argument,
)
from pipeline.errors import PipelineError
from pipeline.wording import Message, _, ngettext, told

_FORMS = {".tmx": "tmx", ".xlf": "xliff-1.2", ".xliff": "xliff-1.2"}
_file = click.Path(path_type=Path, dir_okay=False)


@click.command()
@click.argument("file", type=_file)
@posts_argument
@click.option("--to", "locale", required=True, metavar="LOCALE", help="The translations' language.")
@click.option(
    "--format",
    "form",
    type=click.Choice(["tmx", "xliff-1.2", "xliff-2.1"]),
    help="By default TMX for x.tmx, XLIFF 1.2 for others.",
)
@dry_run_option
@common_options
def export(
    root: Path,
    console: Console,
    file: Path,
    posts: Sequence[str],
    locale: str,
    form: str | None,
    dry_run: bool,
) -> None:
    """Write PO files as one FILE for translators' tools.

    XLIFF holds all entries with their states; links and the like are inline elements. TMX holds
    what people have translated.
    """
    from pipeline.files import write_atomically
    from pipeline.stages import exchange
    from pipeline.stages.opening import open_project

    form = form or _FORMS.get(file.suffix.lower())
    if form is None:
        what = Message("the ending of this file names no format")
        raise PipelineError(what, path=file, hint=Message("Add --format."))
    project = open_project(root)
    (target,) = known_locales(project, [locale])
    exported = exchange.export(project, post_names(root, posts), target, form)
    written = not dry_run and write_atomically(file, exported.data)
    verb = _("wrote") if written else _("would write") if dry_run else _("unchanged")
    entries = ngettext("{count} entry", "{count} entries", exported.entries)
    console.say(file_line(verb, file, entries.format(count=exported.entries)))
    if exported.left_out:
        said = _("{count} left out: XML has no place for control characters")
        console.say(f"  {said.format(count=exported.left_out)}")


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=_file)
@click.option("--replace", is_flag=True, help="Let what is finished replace what people confirmed.")
@dry_run_option
@common_options
def import_(
    root: Path, console: Console, files: Sequence[Path], replace: bool, dry_run: bool
) -> None:
    """Put the translations of XLIFF or TMX FILES into the PO files.

    What a person has translated in a PO file stays; another translation of it is noted there in
    a comment. Translations of texts that have changed since are marked stale.
    """
    from pipeline.stages.exchange import import_translations
    from pipeline.stages.opening import open_project

    project = open_project(root)
    for file in files:
        found = import_translations(project, file, replace=replace, dry_run=dry_run)
        for change in found.changes:
            if change.written:
                verb = _("would write") if dry_run else _("wrote")
                console.say(file_line(verb, change.path))
        parts = [
            told(outcome.value).format(count=number) for outcome, number in found.outcomes.items()
        ]
        if found.unknown:
            parts.append(_("{count} in other languages").format(count=found.unknown))
        what = _("; ").join(parts) or _("nothing that belongs to a post")
        console.say(_("import: {what}").format(what=what))
