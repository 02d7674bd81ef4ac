"""Pages: write what shows a post together with its translation."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.batch import Inputs, Step, remembered, run_step
from pipeline.built import DEFAULT_OPTIONS, BuildOptions, Built
from pipeline.files import Change, Spool, digest_of
from pipeline.leavings import Leavings, Written
from pipeline.pages import BuiltPage, bilingual_posts, parallel_posts
from pipeline.project import Post, Project
from pipeline.stages.build import without_gone
from pipeline.stages.findings import packed, unpacked

FORMATS: Mapping[str, Callable[[BuildOptions, Project, Post], list[BuiltPage]]] = {
    "parallel": parallel_posts,
    "bilingual-md": bilingual_posts,
}
"""What can be made of a post and its translations, by the name that ``--format`` gives it."""


def build_pages(
    inputs: Inputs, options: BuildOptions = DEFAULT_OPTIONS, form: str = "parallel"
) -> list[tuple[Built, Change | None]]:
    """Write the pages of the chosen posts; ``form`` is one of ``FORMATS``.

    When all posts are built in all locales, pages of earlier builds that have no post any more are
    removed; of each, the outcome has a ``Built`` that is ``gone``.
    """
    project, names = inputs.project, inputs.names
    step = _step(options, form)
    outcome: list[tuple[Built, Change | None]] = []
    with Spool() as spool, remembered(project, step, remember=not options.dry_run) as memo:
        for results in run_step(inputs, step, memo):
            for built in results:
                change = None if built.findings else Change(Path(built.path), bool(built.new))
                outcome.append((replace(built, new=None), change))
                if built.new:
                    spool.add(built.new)
        leavings = Leavings.open(project.root, form)
        if not options.dry_run:
            whole = (built for built, _ in outcome if built.digest)
            leavings.add({Path(built.path): Written(built.digest) for built in whole})
            # What is lost in a power cut can be built again.
            spool.commit(durable=False)
    if not (names or options.locales):
        outcome += without_gone(leavings, [Path(built.path) for built, _ in outcome], options)
    return outcome


def _step(options: BuildOptions, form: str) -> Step[list[BuiltPage]]:
    return Step(
        f"build-{form}",
        partial(FORMATS[form], options),
        pack=_packed,
        unpack=_still_built,
        conditions=[repr(replace(options, dry_run=False))],
    )


def _packed(results: Sequence[BuiltPage]) -> list[list[object]]:
    return [
        [
            *(built.locale, built.path, built.digest, built.draft, built.marked),
            packed(built.findings),
            built.reads,
        ]
        for built in results
    ]


def _still_built(rows: Sequence[Sequence[Any]]) -> list[BuiltPage] | None:
    """Return what was built, if it still stands where it was written, and its images do."""
    results = [
        BuiltPage(
            *(locale, path, digest, draft, marked),
            findings=tuple(unpacked(found)),
            reads=tuple((file, seen) for file, seen in reads),
        )
        for locale, path, digest, draft, marked, found, reads in rows
    ]
    return results if all(map(_still_stands, results)) else None


def _still_stands(built: BuiltPage) -> bool:
    files = built.reads if built.findings else ((built.path, built.digest), *built.reads)
    return all(digest_of(Path(path)) == digest for path, digest in files)
