"""Build: write every post in every language, and remove what is no longer built."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.batch import Step, remembered, run_step
from pipeline.files import Change, Spool, digest_of
from pipeline.leavings import Leavings
from pipeline.project import Project
from pipeline.publish import DEFAULT_OPTIONS, BuildOptions, Built, publish_post
from pipeline.stages.findings import packed, unpacked


def build(
    project: Project, names: Collection[str] = (), options: BuildOptions = DEFAULT_OPTIONS
) -> list[tuple[Built, Change | None]]:
    """Write every post in every locale; a post that would be damaged is refused, not written.

    When all posts are built in all locales, files of earlier builds that have no post any more are
    removed; of each, the outcome has a ``Built`` that is ``gone``.
    """
    step = _build_step(options)
    outcome: list[tuple[Built, Change | None]] = []
    with Spool() as spool, remembered(project, step, remember=not options.dry_run) as memo:
        for results in run_step(project, names, step, memo):
            for built in results:
                change = None if built.findings else Change(Path(built.path), bool(built.new))
                outcome.append((replace(built, new=None), change))
                if built.new:
                    spool.add(built.new)
        leavings = Leavings.open(project.root, "posts")
        if not options.dry_run:
            leavings.add({Path(b.path): b.digest for b, _ in outcome if b.digest})
            # What is lost in a power cut can be built again.
            spool.commit(durable=False)
    if not (names or options.locales):
        outcome += _without_gone(leavings, [Path(built.path) for built, _ in outcome], options)
    return outcome


def _without_gone(
    leavings: Leavings, kept: Collection[Path], options: BuildOptions
) -> list[tuple[Built, Change | None]]:
    gone = leavings.gone(kept)
    if not options.dry_run:
        leavings.remove(gone, kept)
    return [(Built("", str(path), gone=True), Change(path, True)) for path in gone]


def _build_step(options: BuildOptions) -> Step[list[Built]]:
    return Step(
        "build",
        partial(publish_post, options),
        pack=_packed_posts,
        unpack=_still_built,
        conditions=[repr(replace(options, dry_run=False))],
    )


def _packed_posts(results: Sequence[Built]) -> list[list[object]]:
    return [
        [built.locale, built.path, built.digest, built.draft, built.marked, packed(built.findings)]
        for built in results
    ]


def _still_built(rows: Sequence[Sequence[Any]]) -> list[Built] | None:
    """Return what was built, if it still stands where it was written."""
    results = [
        Built(locale, path, digest, draft, marked, tuple(unpacked(found)))
        for locale, path, digest, draft, marked, found in rows
    ]
    whole = all(built.findings or digest_of(Path(built.path)) == built.digest for built in results)
    return results if whole else None
