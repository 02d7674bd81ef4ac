"""PO files and gettext's tools, for tests."""

from __future__ import annotations

import os
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.catalog import new
from pipeline.model import Catalog, Unit

DATA = Path(__file__).parent / "data" / "po"
WRAPPED = DATA / "wrapped.po"
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
needs_gettext = pytest.mark.skipif(shutil.which("msgcat") is None, reason="needs gettext")


def po(folder: Path, text: str | bytes) -> Path:
    """Write a PO file into the folder."""
    path = folder / "post.po"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def catalog_of(folder: Path, *units: Unit) -> Catalog:
    """Return a new catalog of the folder with these units."""
    return replace(new(folder / "post.po", "zh_CN", "en"), units=units)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """Run a program that speaks English; return its output with every byte as it is."""
    environment = {**os.environ, "LC_ALL": "C.UTF-8"}
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    # Not text=True: it takes a carriage return for a line end.
    return subprocess.CompletedProcess(
        command, done.returncode, done.stdout.decode(), done.stderr.decode()
    )
