"""A site that the real Jekyll builds."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from .pages import Page, read_pages


def build_site(root: Path, *, safe: bool = True) -> dict[str, Page]:
    """Build the site in ``root`` and return its pages by their address.

    Without ``safe``, plug-ins of the site run, and warnings are let pass.

    Raises:
        RuntimeError: Jekyll fails, or warns.
    """
    done = subprocess.run(
        ["jekyll", "build", "--quiet", "--disable-disk-cache", *(["--safe"] if safe else [])],
        cwd=root,
        env={**os.environ, "LANG": "C.UTF-8", "JEKYLL_ENV": "production", "TZ": "UTC"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or (safe and done.stderr.strip()):
        raise RuntimeError(done.stdout + done.stderr)
    return read_pages(root / "_site")
