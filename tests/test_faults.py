"""A service that misbehaves in every way known: nothing wrong, lost or paid twice."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from faults.behaviours import BEHAVIOURS
from faults.runs import ENGINES, chinese, run
from faults.server import Server


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    server = Server(chinese)
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("behaviour", BEHAVIOURS)
def test_whatever_the_service_does(
    tmp_path: Path, server: Server, engine: str, behaviour: str
) -> None:
    outcome = run(tmp_path, server, engine, behaviour, seed=1)
    assert outcome.is_clean, outcome
    assert outcome.accepted, outcome
