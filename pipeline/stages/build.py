"""Build: write every post in every language, and remove what is no longer built."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import fields, replace
from functools import partial
from pathlib import Path
from typing import Any

from pipeline.batch import Inputs, Step, glossary_digests, remembered, run_step
from pipeline.built import DEFAULT_OPTIONS, BuildOptions, Built
from pipeline.files import Change, Held, Replacement, Spool, digest_of
from pipeline.leavings import Leavings, Written
from pipeline.project import Post, Project
from pipeline.relinking import Site, is_settled, relink
from pipeline.stages.findings import packed, unpacked


def build(
    inputs: Inputs, options: BuildOptions = DEFAULT_OPTIONS
) -> list[tuple[Built, Change | None]]:
    """Write every post in every locale; a post that would be damaged is refused, not written.

    When all posts are built in all locales, files of earlier builds that have no post any more are
    removed; of each, the outcome has a ``Built`` that is ``gone``.
    """
    project, names = inputs.project, inputs.names
    step = _build_step(project, options)
    done: dict[str, tuple[Built, Change | None]] = {}
    order: list[Built] = []
    waiting: list[list[tuple[Built, Held | None]]] = []
    with Spool() as spool, remembered(project, step, remember=not options.dry_run) as memo:
        for results in run_step(inputs, step, memo):
            bare = [replace(built, new=None) for built in results]
            order += bare
            if any(built.links for built in results):
                held = (spool.hold(built.new.data) if built.new else None for built in results)
                waiting.append(list(zip(bare, held, strict=True)))
            else:
                done |= _finished(results, spool)
        # Where links lead is known when all posts are built.
        others = [built for rows in memo.values() for built in _unpacked(rows)] if names else []
        site = Site(project, [*others, *order])
        posts = {post.name: post for post in inputs.posts}
        for results in (_whole(kept, spool) for kept in waiting):
            name, settled = results[0].post, results
            if not is_settled(site, results):
                again = partial(_publish, options, project, posts[name])
                settled = _relinked(project, site, results, again)
                memo.amend(name, _packed_posts(settled))
            done |= _finished(settled, spool)
        outcome = [done[built.path] for built in order]
        leavings = Leavings.open(project.root, "posts")
        if not options.dry_run:
            leavings.add(
                {Path(b.path): _record(inputs, posts[b.post], b) for b, _ in outcome if b.digest}
            )
            # What is lost in a power cut can be built again.
            spool.commit(durable=False)
    if not (names or options.locales):
        outcome += without_gone(leavings, [Path(built.path) for built, _ in outcome], options)
    return outcome


def _record(inputs: Inputs, post: Post, built: Built) -> Written:
    made_from = inputs.made_from(post, built.locale)
    return Written(built.digest, made_from, built.draft, built.is_source, built.addresses)


def _whole(kept: Iterable[tuple[Built, Held | None]], spool: Spool) -> list[Built]:
    """Return what was built together with what the spool has held of it."""
    return [
        replace(built, new=place and Replacement(Path(built.path), spool.held(place)))
        for built, place in kept
    ]


def _finished(results: Sequence[Built], spool: Spool) -> dict[str, tuple[Built, Change | None]]:
    """Keep what is to be written; return what became of each file."""
    done = {}
    for built in results:
        path = Path(built.path)
        written = built.new is not None and digest_of(path) != built.digest
        if built.new and written:
            spool.add(built.new)
        change = None if built.findings else Change(path, written)
        done[built.path] = replace(built, new=None), change
    return done


def _relinked(
    project: Project, site: Site, results: list[Built], again: Callable[[], list[Built]]
) -> list[Built]:
    """Return the versions of one post with the links that they are to have now."""
    if any(built.new is None and not built.findings for built in results):
        results = again()
    return [relink(project, built, site.changes(built)) for built in results]


def without_gone(
    leavings: Leavings, kept: Collection[Path], options: BuildOptions
) -> list[tuple[Built, Change | None]]:
    """Remove what earlier builds wrote and is not ``kept``; return what became of it."""
    gone = leavings.gone(kept)
    if not options.dry_run:
        leavings.remove(gone, kept)
    return [(Built("", str(path), gone=True), Change(path, True)) for path in gone]


def _publish(options: BuildOptions, project: Project, post: Post) -> list[Built]:
    from pipeline.publish import publish_post  # a run in which nothing has changed needs none of it

    return publish_post(options, project, post)


def _build_step(project: Project, options: BuildOptions) -> Step[list[Built]]:
    return Step(
        "build",
        partial(_publish, options),
        pack=_packed_posts,
        unpack=_still_built,
        conditions=[repr(replace(options, dry_run=False)), *glossary_digests(project)],
    )


def _packed_posts(results: Sequence[Built]) -> list[dict[str, Any]]:
    return [
        {
            f.name: getattr(built, f.name)
            for f in fields(Built)
            if f.name not in ("new", "findings", "gone")
        }
        | {"findings": packed(built.findings)}
        for built in results
    ]


def _unpacked(rows: Sequence[Mapping[str, Any]]) -> list[Built]:
    return [
        Built(
            **{
                **row,
                "findings": tuple(unpacked(row["findings"])),
                "addresses": tuple(row["addresses"]),
                "links": tuple(row["links"]),
                "relinked": tuple(map(tuple, row["relinked"])),
            }
        )
        for row in rows
    ]


def _still_built(rows: Sequence[Mapping[str, Any]]) -> list[Built] | None:
    """Return what was built, if it still stands where it was written."""
    results = _unpacked(rows)
    whole = all(built.findings or digest_of(Path(built.path)) == built.digest for built in results)
    return results if whole else None
