"""The figures as tables for a terminal, and as data."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping, Sequence

from .measure import Cost
from .peers import DIGLOT, Standing
from .steps import Figure

MB, MIB = 1_000_000, 1 << 20


def machine() -> dict[str, object]:
    """Return what the figures depend on."""
    return {
        "python": platform.python_version(),
        "system": platform.platform(),
        "cores": os.cpu_count(),
    }


def start_table(start: Mapping[str, Cost]) -> str:
    """Return what a start takes, and how much more than the first one's."""
    bare = next(iter(start.values()))
    rows = [
        [name, f"{cost.wall:.3f}", f"{cost.wall - bare.wall:+.3f}", f"{cost.peak / MIB:.0f}"]
        for name, cost in start.items()
    ]
    return table(["start", "wall s", "more s", "peak MiB"], rows)


def step_table(figures: Sequence[Figure], before: Sequence[Figure] | None) -> str:
    """Return the steps on some posts.

    The growth columns compare with other posts, those ``before``: seconds per byte, where 1.00 is
    linear cost, and peak memory, where 1.00 is flat.
    """
    first = figures[0]
    head = [f"{first.posts}, {first.size / MB:.2f} MB", "wall s", "CPU s", "files/s", "MB/s"]
    head.append("peak MiB")
    rows = [_measured(figure) for figure in figures]
    if before:
        head += ["s per byte", "peak"]
        pairs = zip(before, figures, strict=True)
        rows = [[*row, *_growth(*pair)] for row, pair in zip(rows, pairs, strict=True)]
    return table(head, rows)


def _measured(figure: Figure) -> list[str]:
    cost = figure.cost
    return [
        figure.step,
        f"{cost.wall:.2f}",
        f"{cost.cpu:.2f}",
        f"{figure.files / cost.wall:,.0f}",
        f"{figure.size / MB / cost.wall:.2f}",
        f"{cost.peak / MIB:.0f}",
    ]


def _growth(old: Figure, new: Figure) -> list[str]:
    cost = (new.cost.wall / new.size) / (old.cost.wall / old.size)
    return [f"x {cost:.2f}", f"x {new.cost.peak / old.cost.peak:.2f}"]


def peer_table(standings: Sequence[Standing], title: str) -> str:
    """Return what each tool took, and how many times as much as Diglot."""
    own = {standing.step: standing.cost for standing in standings if standing.tool == DIGLOT}
    rows = []
    for standing in sorted(standings, key=lambda standing: list(own).index(standing.step)):
        cost, base = standing.cost, own[standing.step]
        rows.append(
            [
                f"{standing.step}: {standing.tool}",
                f"{cost.wall:.2f}",
                f"{cost.cpu:.2f}",
                f"x {cost.wall / base.wall:.2f}",
                f"x {cost.cpu / base.cpu:.2f}",
                f"{cost.peak / MIB:.0f}",
                str(len(standing.failed)),
                "" if standing.identical is None else str(standing.identical),
            ]
        )
    head = [title, "wall s", "CPU s", "wall", "CPU", "peak MiB", "failed", "identical"]
    return table(head, rows)


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table whose first column is text and whose others are numbers."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    lines = []
    for row in (head, *rows):
        name, *numbers = (
            cell.rjust(width) if index else cell.ljust(width)
            for index, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        lines.append("  ".join([name, *numbers]).rstrip())
    return "\n".join(lines) + "\n"
