"""Runs: a post translated against a server that misbehaves, round after round."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pipeline.batch import Inputs
from pipeline.catalog import load
from pipeline.engines import Engine
from pipeline.engines.deep import DeepEngine
from pipeline.engines.dispatch import Clock
from pipeline.engines.openai import OpenAiEngine
from pipeline.errors import EngineError
from pipeline.model import Severity, Unit
from pipeline.stages.check import check
from pipeline.stages.extract import extract
from pipeline.stages.opening import open_project
from pipeline.stages.translate import plan_translation, translate

from .behaviours import BEHAVIOURS, PATIENCE, SLOW
from .server import Server

ROUNDS = 4

POST = """\
---
title: A post about models
---

# Reading the first paper

Start with [the course](/course) and **take notes:** they help. Use `pip install` first.

The loss $x_1$ falls slowly, see https://example.org/loss and the note[^1] below.

- A *short* list item with <b>bold words</b>
- Another list item about {braces}

| Left column | Right column |
| --- | --- |
| A cell with [a link](/a) | Code like `code` |

> A quotation of several words, and ![an image](/i.png "with a title") in it.

[^1]: A footnote that says more about it.
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one run, or the sum of several; see the package's docstring."""

    texts: int = 0
    accepted: int = 0
    wrong: int = 0
    lost: int = 0
    repeated: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            self.texts + other.texts,
            self.accepted + other.accepted,
            self.wrong + other.wrong,
            self.lost + other.lost,
            self.repeated + other.repeated,
        )

    @property
    def is_clean(self) -> bool:
        """Whether nothing happened that must not."""
        return not (self.wrong or self.lost or self.repeated)


class Hurried(Clock):
    """A clock on which waiting takes no time."""

    def __init__(self) -> None:
        self._time = 0.0

    def now(self) -> float:
        return self._time

    def wait(self, seconds: float, stop: threading.Event) -> None:
        self._time += seconds


ENGINES: Mapping[str, Callable[[str, float], Engine]] = {
    "google": lambda url, timeout: DeepEngine(
        "google", base_url=f"{url}/m", timeout=timeout, interval=0, threads=2, clock=Hurried()
    ),
    "openai": lambda url, timeout: OpenAiEngine(
        "m", f"{url}/v1", timeout=timeout, threads=2, segments=4, clock=Hurried()
    ),
}


_WORDS = "天地 玄黄 宇宙 洪荒 日月 盈昃 辰宿 列张 寒来 暑往 秋收 冬藏 云腾 致雨 露结 为霜".split()


def chinese(text: str) -> str:
    """Translate by word: every Latin word becomes a Chinese one, masks stay."""

    def word(match: re.Match[str]) -> str:
        letters = match[0]
        return letters if letters[0] == "<" else _WORDS[sum(map(ord, letters)) % len(_WORDS)]

    return re.sub(r"<x\d+/>|[A-Za-z]+", word, text)


def run(folder: Path, server: Server, engine: str, behaviour: str, seed: int) -> Outcome:
    """Translate the post in an empty ``folder`` until nothing is left or ``ROUNDS`` are over."""
    (folder / "posts").mkdir()
    (folder / "posts" / "post.md").write_text(POST, "utf-8")
    project = open_project(folder)
    extract(Inputs(project))
    slow = behaviour in SLOW
    server.plan(BEHAVIOURS[behaviour], seed, share=0.15 if slow else 0.5)
    before: dict[str, str] = {}
    lost = 0
    for _ in range(ROUNDS):
        _translate(folder, ENGINES[engine](server.url, PATIENCE if slow else 20.0))
        after = _translations(folder)
        lost += sum(after.get(msgid) != text for msgid, text in before.items())
        before = after
    findings = [found for found in check(Inputs(project)) if found.severity >= Severity.ERROR]
    return Outcome(len(_units(folder)), len(before), len(findings), lost, server.repeated.total())


def _translate(folder: Path, engine: Engine) -> None:
    """Do what the command does; that an engine gives up is part of the play."""
    try:
        translate(plan_translation(Inputs(open_project(folder))), engine)
    except EngineError:
        return
    finally:
        engine.close()


def _units(folder: Path) -> Sequence[Unit]:
    (path,) = folder.rglob("*.po")
    return load(path, "zh_CN").units


def _translations(folder: Path) -> dict[str, str]:
    return {unit.msgid: unit.msgstr for unit in _units(folder) if unit.msgstr}
