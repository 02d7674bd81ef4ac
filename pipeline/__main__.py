"""``python -m pipeline`` is ``diglot``."""

from pipeline.cli import main

main(prog_name="diglot")
