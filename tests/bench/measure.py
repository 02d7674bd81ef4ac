"""What a command costs: wall time, processor time and memory of a fresh process."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
"""The checkout that is measured."""


class CommandError(Exception):
    """A measured command ended with an exit code that it must not have."""


@dataclass(frozen=True, slots=True)
class Cost:
    """What a process took: seconds, and the most memory in bytes that one process held.

    ``cpu`` is user and system time of the process and of all the processes that it waited for.
    """

    wall: float
    cpu: float
    peak: int

    def least(self, other: Cost) -> Cost:
        """Return the smaller one of each figure."""
        return Cost(*(min(pair) for pair in zip(self.figures(), other.figures(), strict=True)))

    def figures(self) -> tuple[float, float, int]:
        """Return wall time, processor time and memory."""
        return self.wall, self.cpu, self.peak


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a command, with all that it printed."""

    cost: Cost
    code: int
    output: str
    errors: str


def diglot(*arguments: str, allowed: Iterable[int] = (0,)) -> Outcome:
    """Run a command of the checkout's Diglot."""
    return run((sys.executable, "-m", "pipeline", *arguments), allowed)


def run(command: Sequence[str], allowed: Iterable[int] = (0,)) -> Outcome:
    """Run a command in the checkout and measure it, with its modules compiled as if installed.

    Raises:
        CommandError: its exit code is none of the ``allowed``.
    """
    with tempfile.TemporaryFile() as output, tempfile.TemporaryFile() as errors:
        started = time.perf_counter()
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=output, stderr=errors, env=_environment()
        )
        # Only wait4 tells what this child alone has used.
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        printed = [_text(stream) for stream in (output, errors)]
    if process.returncode not in allowed:
        said = printed[1].strip() or printed[0].strip()
        raise CommandError(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    cost = Cost(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss * _RSS_UNIT)
    return Outcome(cost, process.returncode, *printed)


def _environment() -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


_RSS_UNIT = 1 if sys.platform == "darwin" else 1024


def _text(stream: tempfile._TemporaryFileWrapper[bytes]) -> str:
    stream.seek(0)
    return stream.read().decode("utf-8", "replace")
