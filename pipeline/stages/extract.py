"""Extract: bring the catalogs in line with the posts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path

from pipeline.batch import Inputs, Step, remembered, run_step
from pipeline.extraction import Extracted, extract_post
from pipeline.files import Change, Spool, move, remove_leftovers
from pipeline.moving import moved_catalogs
from pipeline.project import Post, inside
from pipeline.wording import packed_text, unpacked_text


def extract(inputs: Inputs, *, dry_run: bool = False) -> list[Change]:
    """Bring every catalog in line with its post."""
    project = inputs.project
    if not dry_run:
        remove_leftovers(inside(project.root, project.catalogs))
    moved = moved_catalogs(project, inputs.posts)
    step = _extract_step(moved)
    changes: list[Change] = []
    with Spool() as spool, remembered(project, step, remember=not dry_run) as memo:
        for results in run_step(inputs, step, memo):
            for result in results:
                changes.append(Change(Path(result.path), result.new is not None, result.what))
                if result.new:
                    spool.add(result.new)
        if not dry_run:
            for new, old in moved.items():
                move(old, new)
            if moved:
                inputs.forget(post.name for post in inputs.posts)
            spool.commit(durable=True)
    return changes


def waiting(inputs: Inputs) -> list[Post]:
    """Return the posts that have changed, or whose catalogs have, since all were extracted."""
    with remembered(inputs.project, _extract_step({}), remember=False) as memo:
        return [p for p in inputs.posts if memo.get(p.name, inputs.seen(p).digest) is None]


def _catalogs_of(results: Sequence[Extracted]) -> dict[Path, bytes]:
    return {result.new.path: result.new.data for result in results if result.new}


def _extract_step(moved: Mapping[Path, Path]) -> Step[list[Extracted]]:
    return Step(
        "extract",
        partial(extract_post, moved),
        pack=lambda results: [(result.path, packed_text(result.what)) for result in results],
        unpack=lambda rows: [Extracted(path, unpacked_text(what)) for path, what in rows],
        writes=_catalogs_of,
    )
