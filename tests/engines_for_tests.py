"""Engines that stand in for services: real objects behind the protocol, for any test."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest

from pipeline import engines
from pipeline.engines import Answer, Engine, EngineRow, Request, survey


def chinese(text: str) -> str:
    """Translate by word: every Latin word becomes 字词, masks stay."""
    return re.sub(r"<x\d+/>|[A-Za-z]+", lambda m: m[0] if m[0][0] == "<" else "字词", text)


class FakeEngine(Engine):
    """Answers each text with what ``answer`` makes of it, and remembers what it was asked."""

    name = "fake"

    def __init__(self, answer: Callable[[str], str | Answer] = chinese, **traits: Any) -> None:
        self.answer = answer
        self.requests: list[Request] = []
        for name, value in traits.items():
            setattr(self, name, value)

    @property
    def asked(self) -> list[str]:
        return [request.text for request in self.requests]

    def translate(self, requests: Sequence[Request], source: str, target: str) -> Iterator[Answer]:
        for request in requests:
            self.requests.append(request)
            answer = self.answer(request.text)
            yield answer if isinstance(answer, Answer) else Answer(answer)

    def close(self) -> None:
        pass


def register(patch: pytest.MonkeyPatch, engine: Engine, **traits: Any) -> None:
    """Let ``--engine`` find the engine by its name."""
    row = EngineRow(engine.name, "for tests", lambda options: engine, **traits)
    others = (known for known in engines.ENGINES if known.name != engine.name)
    rows = (*others, row)
    for module in (engines, survey):
        patch.setattr(module, "ENGINES", rows)


def broken(options: object) -> Engine:
    """Fail in a way that nobody expects of an engine."""
    raise ZeroDivisionError("division by zero")


ROW = EngineRow("row", "a row of theirs", lambda options: FakeEngine())
