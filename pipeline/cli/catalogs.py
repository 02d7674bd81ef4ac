"""Commands for catalogs from elsewhere: other versions, other tools, other rules."""

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
    locale_option,
    post_names,
    posts_argument,
)
from pipeline.errors import PipelineError
from pipeline.wording import Message, _, ngettext, told

_FILE = click.Path(path_type=Path)
_SIDES = Message("the common version"), Message("our version"), Message("theirs")


@click.command("merge-driver")
@click.argument("base", type=_FILE)
@click.argument("ours", type=_FILE)
@click.argument("theirs", type=_FILE)
@click.argument("name", default="", required=False)
def merge_driver(base: Path, ours: Path, theirs: Path, name: str) -> None:
    """Merge two versions of a PO file, as Git asks for it.

    BASE is what both come from; what THEIRS changed is put into OURS. NAME is how messages call the
    file. To set it up, write `*.po merge=diglot` into .gitattributes (`diglot init` does), and say

    \b
      git config merge.diglot.name "PO files, entry by entry"
      git config merge.diglot.driver "diglot merge-driver %O %A %B %P"

    Where two people translated one text in two ways, the entry becomes fuzzy and a comment holds
    the other text. A version that cannot be read leaves Git with a conflict.
    """
    from pipeline.catalog import encoded, load
    from pipeline.files import write_atomically
    from pipeline.threeway import merge_versions

    versions = []
    for path, side in zip((base, ours, theirs), _SIDES, strict=True):
        try:
            versions.append(load(path, ""))
        except PipelineError as error:
            error.path = _("{path} ({side})").format(path=name or path, side=told(side))
            raise
    merged = merge_versions(*versions)
    write_atomically(ours, encoded(merged.catalog))
    if merged.undecided:
        count = len(merged.undecided)
        said = ngettext(
            "{count} entry translated in two ways; both texts are kept, marked fuzzy",
            "{count} entries translated in two ways; both texts are kept, marked fuzzy",
            count,
        )
        click.echo(f"{name or ours}: {said.format(count=count)}", err=True)


@click.command()
@posts_argument
@click.option(
    "--from",
    "foreign",
    type=_FILE,
    metavar="FILE",
    help="A PO file of another tool, which may be for many posts; it stays as it is.",
)
@locale_option
@dry_run_option
@common_options
def normalize(
    root: Path,
    console: Console,
    posts: Sequence[str],
    foreign: Path | None,
    locales: Sequence[str],
    dry_run: bool,
) -> None:
    """Take over PO files that were made by other rules.

    For catalogs that another tool (po4a, mdpo, mdBook's) or an earlier Diglot made: links become
    placeholders, blocks that were one entry are parted, parts are joined. What fits a text of the
    post is taken as it is, the rest is offered, marked fuzzy, or kept as obsolete.
    """
    from pipeline.stages.normalize import normalize
    from pipeline.stages.opening import open_project

    project = open_project(root)
    only = known_locales(project, locales)
    results = normalize(project, post_names(root, posts), only, foreign=foreign, dry_run=dry_run)
    for result in results:
        found = result.migrated
        wrote = _("would write") if dry_run else _("wrote")
        what = _("{taken} taken over, {offered} offered, {left} obsolete").format(
            taken=found.taken, offered=found.offered, left=found.left
        )
        say = console.say if result.written else console.detail
        say(file_line(wrote if result.written else _("unchanged"), result.path, what))
    written = sum(result.written for result in results)
    said = _("normalize: {written} of {count} catalogs changed")
    console.say(said.format(written=written, count=len(results)))
