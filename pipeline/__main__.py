"""The program ``diglot``, which ``python -m pipeline`` is as well."""

from __future__ import annotations

import sys

_INTERRUPTED = 130


def run() -> None:
    """Run the command line, and end quietly where it is interrupted before it is loaded."""
    try:
        from pipeline.cli import main

        main(prog_name="diglot")
    except KeyboardInterrupt:
        sys.exit(_INTERRUPTED)


if __name__ == "__main__":
    run()
