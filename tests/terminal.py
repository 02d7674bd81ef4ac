"""A command in a terminal of its own, with a person at its keys."""

from __future__ import annotations

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterable, Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_PATIENCE = 60.0


def typed(
    arguments: Iterable[str],
    keys: Iterable[str],
    *,
    folder: Path,
    prompt: str = "[?]",
    columns: int = 80,
    environment: Mapping[str, str] | None = None,
) -> tuple[int, str]:
    """Run ``diglot`` in a terminal, type a key whenever ``prompt`` comes; return code and screen.

    Colours are left out of what is returned.
    """
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 40, columns, 0, 0))
    process = subprocess.Popen(
        [sys.executable, "-m", "pipeline", *arguments],
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        cwd=folder,
        env={**_environment(), **(environment or {})},
    )
    os.close(theirs)
    screen, seen = b"", 0
    waiting = list(keys)
    try:
        while output := _read(ours):
            screen += output
            if waiting and screen.count(prompt.encode()) > seen:
                seen = screen.count(prompt.encode())
                _await_raw_mode(ours)
                os.write(ours, waiting.pop(0).encode())
        return process.wait(_PATIENCE), _plain(screen)
    finally:
        process.kill()
        process.wait()
        os.close(ours)


def _await_raw_mode(terminal: int) -> None:
    """Wait until the command reads single keys: what is typed earlier is thrown away."""
    deadline = time.monotonic() + _PATIENCE
    while termios.tcgetattr(terminal)[3] & termios.ICANON and time.monotonic() < deadline:
        time.sleep(0.005)


def _environment() -> dict[str, str]:
    """Return our own environment but for what it says of the size of another terminal."""
    inherited = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")}
    return {**inherited, "PYTHONPATH": str(ROOT), "TERM": "xterm"}


def _plain(screen: bytes) -> str:
    return _ESCAPES.sub("", screen.decode("utf-8", "backslashreplace")).replace("\r\n", "\n")


def _read(terminal: int) -> bytes:
    """Return what is on the screen next; nothing when the command has ended."""
    ready, _, _ = select.select([terminal], [], [], _PATIENCE)
    try:
        return os.read(terminal, 65_536) if ready else b""
    except OSError:  # Linux says so when the other side has gone
        return b""
