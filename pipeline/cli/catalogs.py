"""Commands on catalogs alone: merging two versions of one."""

from __future__ import annotations

from pathlib import Path

import click

from pipeline.errors import PipelineError

_FILE = click.Path(path_type=Path)


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
    for path, side in ((base, "the common version"), (ours, "our version"), (theirs, "theirs")):
        try:
            versions.append(load(path, ""))
        except PipelineError as error:
            error.path = f"{name or path} ({side})"
            raise
    merged = merge_versions(*versions)
    write_atomically(ours, encoded(merged.catalog))
    if merged.undecided:
        count = len(merged.undecided)
        entries = f"{count} entr{'y' if count == 1 else 'ies'}"
        click.echo(
            f"{name or ours}: {entries} translated in two ways; both texts are kept, marked fuzzy",
            err=True,
        )
