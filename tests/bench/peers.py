"""Diglot and its peers side by side on the same posts."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from .measure import CommandError, Cost, diglot, run
from .steps import DONE_OR_FINDINGS
from .workplace import Workplace

SCRIPT = Path(__file__).with_name("peer_work.py")
DIGLOT = "diglot"

PEERS = {
    "mdpo": ("mdpo_extract", "fill", "mdpo_build"),
    "translate-toolkit": ("toolkit_extract", "toolkit_fill", "toolkit_build"),
    "mdpo-llm, no model": ("llm_extract", "fill", "llm_build"),
}
"""Each peer's jobs: extract, translate every text by itself (which is not timed), build."""


@dataclass(slots=True)
class Standing:
    """What one tool took for a step, at least, and how much of it came off."""

    tool: str
    step: str
    cost: Cost
    failed: dict[str, str] = field(default_factory=dict)
    """The posts on which the tool failed, and how."""
    identical: int | None = None
    """How many built posts equal their sources, byte for byte."""


def compare(place: Workplace, venv: Path, rounds: int) -> list[Standing]:
    """Let all tools do the same work in turn, several times, and return their least costs.

    ``place`` holds the posts in ``posts/en``, all in that one folder.
    """
    best: dict[tuple[str, str], Standing] = {}
    for _ in range(rounds):
        for standing in (*_diglot(place), *_peers(place, venv)):
            before = best.get((standing.tool, standing.step), standing)
            standing.cost = standing.cost.least(before.cost)
            best[standing.tool, standing.step] = standing
    return list(best.values())


def _diglot(place: Workplace) -> Iterator[Standing]:
    place.forget("locales", "site", ".diglot")
    project = ("-q", "-C", str(place.root))
    extracted = diglot("extract", *project)
    yield Standing(DIGLOT, "extract, cold", extracted.cost)
    catalogs = place.root / "locales" / "zh_CN" / "LC_MESSAGES" / "en"
    folders = (place.root / "posts" / "en", catalogs, place.root)
    run((sys.executable, str(SCRIPT), "fill", *map(str, folders)))
    place.forget("site", ".diglot")
    options = ("--no-added-keys", "--locale", "zh_CN")
    made = diglot("build", *options, *project, allowed=DONE_OR_FINDINGS)
    built = place.root / "site" / "zh-CN" / "en"
    refused = {post.name: "refused" for post in place.posts if not (built / post.name).exists()}
    yield Standing(DIGLOT, "build, cold", made.cost, refused, _identical(place, built))


def _peers(place: Workplace, venv: Path) -> Iterator[Standing]:
    for tool, (extract, fill, build) in PEERS.items():
        home = place.root / "peers" / tool
        shutil.rmtree(home, ignore_errors=True)
        (home / "po").mkdir(parents=True)
        (home / "md").mkdir()
        yield _work(venv, tool, "extract, cold", extract, place, home)
        _work(venv, tool, "translate", fill, place, home)
        standing = _work(venv, tool, "build, cold", build, place, home)
        standing.identical = _identical(place, home / "md")
        yield standing


def _work(venv: Path, tool: str, step: str, job: str, place: Workplace, home: Path) -> Standing:
    """Let a peer do a job in one process of its own.

    Raises:
        CommandError: it is not installed, or brought its process down.
    """
    folders = (place.root / "posts" / "en", home / "po", home / "md")
    # -I keeps this checkout, and what its Python has, out of the peer's process.
    command = (str(venv / "bin" / "python"), "-I", str(SCRIPT), job, *map(str, folders))
    outcome = run(command)
    try:
        told = json.loads(outcome.output.splitlines()[-1])
    except (IndexError, ValueError) as error:
        raise CommandError(f"{tool} printed no figures for {job}") from error
    cost = replace(outcome.cost, wall=told["wall"], cpu=told["cpu"])
    return Standing(tool, step, cost, told["failed"])


def _identical(place: Workplace, built: Path) -> int:
    pairs = ((post, built / post.name) for post in place.posts)
    return sum(made.exists() and made.read_bytes() == post.read_bytes() for post, made in pairs)
