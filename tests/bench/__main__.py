"""``python -m tests.bench``; what it measures and how is said in the package's docstring."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import IO

import click

from . import __doc__ as manual
from . import report
from .corpus import long_post, posts
from .measure import CommandError
from .peers import compare
from .steps import Figure, measure_start, measure_steps
from .workplace import Workplace, drop_refused, markdown_below, workplace

LONG_POSTS = (32_000, 512_000)
"""Bytes of single posts, to see that no work on one post grows faster than the post."""

PEER_POSTS = 800


FOLDER = click.Path(path_type=Path, exists=True, file_okay=False)


class Sizes(click.ParamType):
    """Numbers of posts, separated by commas."""

    name = "numbers"

    def convert(self, value: object, param: object, ctx: object) -> list[int]:
        """Return the numbers."""
        try:
            return [int(part) for part in str(value).split(",")]
        except ValueError:
            self.fail(f'"{value}" is no list of numbers such as 100,1000')


@click.command(
    # The \b of click keeps the lines of a paragraph as they are.
    help="\b\n" + str(manual).replace("\n\n", "\n\n\b\n").replace("::\n", ":\n"),
    context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]},
)
@click.option(
    "--sizes",
    type=Sizes(),
    default="100,1000,10000",
    show_default=True,
    help="How many made-up posts.",
)
@click.option("--posts", "folder", type=FOLDER, help="Copy the Markdown files below this folder.")
@click.option("--profile", default="jekyll", show_default=True, help="The dialect of the posts.")
@click.option(
    "--repeat",
    "rounds",
    type=click.IntRange(1),
    default=3,
    show_default=True,
    help="How many rounds, of which the least figures are taken.",
)
@click.option(
    "--peers", "venv", type=FOLDER, help="Compare with the peers that are installed here."
)
@click.option("--json", "figures", type=click.File("w", "utf-8"), help="Write the figures here.")
def main(
    sizes: Sequence[int],
    folder: Path | None,
    profile: str,
    rounds: int,
    venv: Path | None,
    figures: IO[str] | None,
) -> None:
    with tempfile.TemporaryDirectory(prefix="diglot-bench-") as name:
        root = Path(name).resolve()
        try:
            if venv:
                data = _compared(root / "peers", folder, profile, venv, rounds)
            else:
                data = _measured(root, folder or sizes, profile, rounds)
        except CommandError as error:
            sys.exit(str(error))
    if figures:
        json.dump({"machine": report.machine(), **data}, figures, indent=2)


def _measured(
    root: Path, corpus: Path | Sequence[int], profile: str, rounds: int
) -> dict[str, object]:
    """Measure Diglot alone and print each table as soon as it is known."""
    start = measure_start(root / "start")
    click.echo(report.start_table(start))
    figures: list[Figure] = []
    for series in _series(root, corpus, profile):
        before = None
        for place in series:
            found = measure_steps(place, rounds)
            click.echo(report.step_table(found, before))
            figures += found
            before = found
            shutil.rmtree(place.root)
    return {
        "start": {name: asdict(cost) for name, cost in start.items()},
        "steps": [asdict(figure) for figure in figures],
    }


def _series(
    root: Path, corpus: Path | Sequence[int], profile: str
) -> Iterator[Iterator[Workplace]]:
    """Yield series of workplaces, each of which is compared with the one before it."""
    if isinstance(corpus, Path):
        yield iter([_copied(root / "copy", markdown_below(corpus), profile)])
        return
    yield (workplace(root / str(n), _encoded(posts(n, profile)), profile) for n in corpus)
    yield (
        workplace(
            root / f"long-{size}",
            _encoded([("long.md", long_post(size, profile))]),
            profile,
            f"1 post of {size // 1000:,} KB",
        )
        for size in LONG_POSTS
    )


def _compared(
    root: Path, folder: Path | None, profile: str, venv: Path, rounds: int
) -> dict[str, object]:
    """Measure Diglot and its peers on the same posts, print how they stand."""
    found = markdown_below(folder) if folder else _encoded(posts(PEER_POSTS, profile))
    flat = ((f"en/{number:05}.md", text) for number, (_, text) in enumerate(found))
    place = _copied(root, flat, profile)
    standings = compare(place, venv, rounds)
    click.echo(report.peer_table(standings, f"{place.label}, {place.size / report.MB:.2f} MB"))
    return {"peers": [asdict(standing) for standing in standings]}


def _copied(root: Path, found: Iterable[tuple[str, bytes]], profile: str) -> Workplace:
    """Return a project of somebody's posts; say which of them Diglot refuses."""
    place = workplace(root, found, profile, "a copy")
    for message in drop_refused(place).values():
        click.echo(f"left out: {message}")
    return replace(place, label=f"{len(place.posts):,} posts")


def _encoded(made: Iterable[tuple[str, str]]) -> Iterator[tuple[str, bytes]]:
    return ((name, text.encode()) for name, text in made)


if __name__ == "__main__":
    main()
