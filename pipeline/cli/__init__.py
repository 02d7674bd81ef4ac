"""The command line; the only place that prints or exits."""

from __future__ import annotations

import click

from pipeline import __version__
from pipeline.cli.catalogs import merge_driver, normalize
from pipeline.cli.compare import compare
from pipeline.cli.console import DiglotGroup
from pipeline.cli.exchange import export, import_
from pipeline.cli.glossary import glossary
from pipeline.cli.language import language_option
from pipeline.cli.memory import memory
from pipeline.cli.models import models
from pipeline.cli.quality import check, status
from pipeline.cli.review import accept, reject
from pipeline.cli.setup import completion, init
from pipeline.cli.translation import engines, translate
from pipeline.cli.watch import watch
from pipeline.cli.workflow import build, extract, run

COMMANDS = (
    init,
    run,
    extract,
    translate,
    accept,
    reject,
    build,
    watch,
    check,
    compare,
    status,
    export,
    import_,
    memory,
    glossary,
    engines,
    models,
    normalize,
    merge_driver,
    completion,
)


@click.group(cls=DiglotGroup, context_settings={"help_option_names": ["-h", "--help"]})
@language_option
@click.version_option(__version__, "-V", "--version", prog_name="diglot")
def main() -> None:
    """Keep a Markdown blog in Chinese and English.

    Posts are split into segments that live in PO files; every post is rebuilt in every language
    with nothing changed but the words.
    """


for _command in COMMANDS:
    main.add_command(_command)
