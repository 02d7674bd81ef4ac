"""Advisory locks on folders: one process at a time replaces files in a folder.

The system lets go of a lock when the process that holds it ends, however it ends. So no lock is
ever stale, and there is no lock file that could be left behind.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]


@contextmanager
def locked(folder: Path) -> Iterator[bool]:
    """Wait until no other process holds ``folder``, then hold it; yield whether that worked.

    It does not on Windows and on some network drives. There, a writer finds out about another one
    only by comparing what a file holds.
    """
    if fcntl is None:
        yield False
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            held = True
        except OSError:
            held = False
        yield held
    finally:
        os.close(descriptor)
