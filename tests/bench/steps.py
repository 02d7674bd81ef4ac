"""The steps of a project's life, measured one after the other."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from .measure import Cost, diglot, run
from .workplace import Workplace, workplace

START_ROUNDS = 10

DONE_OR_FINDINGS = (0, 1)
"""Real posts may hold what ``build`` refuses and ``check`` finds; that is no failure here."""


@dataclass(frozen=True, slots=True)
class Figure:
    """The least cost of a step on some posts; ``size`` is the bytes of these."""

    step: str
    posts: str
    files: int
    size: int
    cost: Cost


def measure_steps(place: Workplace, rounds: int) -> list[Figure]:
    """Return the figures of all steps in a project."""
    best = least(pair for _ in range(rounds) for pair in one_round(place))
    files, size = len(place.posts), place.size
    return [Figure(step, place.label, files, size, cost) for step, cost in best.items()]


def least(costs: Iterable[tuple[str, Cost]]) -> dict[str, Cost]:
    """Return the least cost of each step, in the order of their first appearance."""
    best: dict[str, Cost] = {}
    for step, cost in costs:
        best[step] = cost.least(best.get(step, cost))
    return best


def one_round(place: Workplace) -> Iterator[tuple[str, Cost]]:
    """Yield every step and its cost, from a project without any files of Diglot's on."""
    place.forget("locales", "site", ".diglot")
    original = place.posts[0].read_bytes()
    yield "parse", parsing(place.root)
    yield "extract, cold", step(place, "extract")
    yield "extract, nothing changed", step(place, "extract")
    _append(place.posts[0], "One sentence more.")
    yield "extract, one post changed", step(place, "extract")
    yield "translate, copy engine", step(place, "translate", "--engine", "copy")
    place.forget("site", ".diglot")
    yield "build, cold", step(place, "build")
    yield "build, nothing changed", step(place, "build")
    place.forget(".diglot")
    yield "check, cold", step(place, "check")
    yield "check, nothing changed", step(place, "check")
    yield "status", step(place, "status")
    place.forget(".diglot")
    yield "run, no caches", step(place, "run", "--engine", "copy")
    yield "run, nothing changed", step(place, "run", "--engine", "copy")
    _append(place.posts[0], "And another one.")
    yield "run, one post changed", step(place, "run", "--engine", "copy")
    place.posts[0].write_bytes(original)


def step(place: Workplace, *command: str) -> Cost:
    """Return the cost of one command in a project."""
    return diglot(*command, "-q", "-C", str(place.root), allowed=DONE_OR_FINDINGS).cost


def parsing(root: Path) -> Cost:
    """Return the cost of parsing all posts in one process, without that of its start."""
    outcome = run((sys.executable, "-m", "tests.bench.parsing", str(root)))
    return replace(outcome.cost, **json.loads(outcome.output))


def _append(post: Path, sentence: str) -> None:
    with post.open("ab") as file:
        file.write(f"\n\n{sentence}\n".encode())


def measure_start(root: Path) -> dict[str, Cost]:
    """Return what it costs to start, beside a bare Python that imports what cannot be spared."""
    small = workplace(root, [("small.md", b"# A title\n\nTwo words.\n")], "jekyll")
    return least(pair for _ in range(START_ROUNDS) for pair in _starts(small))


def _starts(small: Workplace) -> Iterator[tuple[str, Cost]]:
    bare = run((sys.executable, "-c", "import click, markdown_it"))
    yield "Python that imports click and markdown_it", bare.cost
    yield "diglot --help", diglot("--help").cost
    small.forget("locales", ".diglot")
    yield "diglot extract, one small post", step(small, "extract")
