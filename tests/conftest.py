"""Fixtures that several test modules share."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings

from pipeline.engines.dispatch import Clock
from pipeline.model import PROFILES, Profile


@cache
def _has_kramdown() -> bool:
    ruby = shutil.which("ruby")
    command = [ruby or "ruby", "-rkramdown-parser-gfm", "-e", ""]
    return bool(ruby) and not subprocess.run(command, capture_output=True, check=False).returncode


@pytest.fixture(params=PROFILES)
def rendered_dialect(request: pytest.FixtureRequest) -> Profile:
    """Every dialect in turn whose real renderer is installed."""
    profile = PROFILES[request.param]
    if profile.kramdown and not _has_kramdown() and not os.environ.get("CI"):
        pytest.skip("kramdown is not installed")
    return profile


# What is printed does not depend on the machine's language.
os.environ["LANGUAGE"] = "en"

# How long an example takes says more about the machine than about the code.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


class FakeClock(Clock):
    """A clock on which waiting takes no time; ``naps`` are the seconds that were waited for."""

    def __init__(self) -> None:
        self.time = 0.0
        self.naps: list[float] = []

    def now(self) -> float:
        return self.time

    def wait(self, seconds: float, stop: threading.Event) -> None:
        self.naps.append(seconds)
        self.time += seconds


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture(scope="session")
def toolkit() -> Callable[..., str]:
    """Translate Toolkit, whose licence lets us judge by it only in a process of its own."""
    script = shutil.which("po2tmx", path=f"{Path(sys.executable).parent}:{os.environ['PATH']}")
    if script is None:
        pytest.skip("Translate Toolkit is not installed")
    python = Path(script).read_text("utf-8").splitlines()[0].removeprefix("#!")

    def run(code: str, *arguments: str) -> str:
        command = [python, "-c", code, *arguments]
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    return run
