"""Status: how far every post is."""

from __future__ import annotations

from dataclasses import astuple

from pipeline.batch import Inputs, Step, remembered, run_step
from pipeline.standing import Standing, post_standings


def status(inputs: Inputs) -> list[Standing]:
    """Return how far every post is in every locale that it is translated to."""
    with remembered(inputs.project, _STATUS) as memo:
        return [row for rows in run_step(inputs, _STATUS, memo) for row in rows]


_STATUS: Step[list[Standing]] = Step(
    "status",
    post_standings,
    pack=lambda rows: [astuple(row) for row in rows],
    unpack=lambda rows: [Standing(*row) for row in rows],
)
