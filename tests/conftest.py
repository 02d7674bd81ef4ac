"""Fixtures that several test modules share."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
from functools import cache

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
