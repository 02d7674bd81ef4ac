"""Measure the translation memory on PO and TMX files.

From the pairs in the given files and synthetic variations of them, indexes of the wanted sizes are
made. Each is asked, in both directions, for texts that it does not hold: changed ones of its own,
and variations of others. Every answer is compared with the best of all texts by brute force.

    python -m tests.bench.memory --to zh_CN FOLDER_OR_FILE...

Build time is in seconds, size in MB, look-up time in milliseconds, on the clock and of the
processor, which tells more on a busy machine; recall is the share of queries
whose most similar text, if it is similar to at least 75 %, was found.
"""

from __future__ import annotations

import logging
import random
import re
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import click

from pipeline.errors import PipelineError
from pipeline.memory import Entry, Feed, Index, Memory, both_ways, entries_of
from pipeline.memory.texts import shape
from pipeline.memory.tmx import read_tmx
from pipeline.po import load
from pipeline.project import match_locale
from pipeline.similarity import similar

_LOG = logging.getLogger(__name__)

SIMILAR = 75.0
_WORD = re.compile(r"\{[0-9]+\}|[A-Za-z0-9_'’]+|\s+|.", re.DOTALL)

Pair = tuple[str, str]


def pairs_below(paths: Sequence[Path], source: str, target: str) -> list[Pair]:
    """Return the distinct pairs in the PO and TMX files; files that cannot be read are named."""
    found: dict[str, str] = {}
    for path in paths:
        files = [path] if path.is_file() else [*path.rglob("*.po"), *path.rglob("*.tmx")]
        for file in sorted(files):
            try:
                for entry in _entries(file, source, target):
                    if (entry.source, entry.target) == (source, target):
                        found.setdefault(entry.text, entry.translation)
            except PipelineError as error:
                _LOG.warning("left out: %s", error)
    return list(found.items())


def _entries(file: Path, source: str, target: str) -> Iterator[Entry]:
    if file.suffix == ".po":
        return entries_of(load(file, target).units, source, target)
    return read_tmx(file, lambda tag: match_locale(tag, (source, target)))


class Variations:
    """Texts like those of a corpus: parts of two put together, with some words exchanged."""

    def __init__(self, texts: Sequence[str], seed: int) -> None:
        self._random = random.Random(seed)
        self._texts = [_WORD.findall(text) for text in texts]
        self._words = [word for text in self._texts for word in text if word[0].isalnum()]

    def changed(self, text: str, share: float) -> str:
        """Return the text with about this share of its words exchanged, left out or doubled up."""
        words = _WORD.findall(text)
        places = [at for at, word in enumerate(words) if word[0].isalnum()]
        for at in self._random.sample(places, min(len(places), max(1, round(len(places) * share)))):
            new = self._random.choice(self._words)
            gap = " " if words[at].isascii() else ""
            words[at] = self._random.choice(("", new, new, words[at] + gap + new))
        return "".join(words)

    def made(self) -> str:
        """Return a new text: the start of one, the end of another, a tenth of it changed."""
        one, other = self._random.choices(self._texts, k=2)
        start = one[: self._random.randrange(len(one) + 1)]
        end = other[self._random.randrange(len(other) + 1) :]
        return self.changed("".join([*start, *end]) or "".join(one), 0.1)


def enlarged(pairs: Sequence[Pair], size: int) -> list[Pair]:
    """Return ``size`` pairs: those given, then variations of them."""
    makers = [Variations(texts, seed) for seed, texts in enumerate(zip(*pairs, strict=True))]
    result = dict(pairs[:size])
    while len(result) < size:
        text, translation = (maker.made() for maker in makers)
        if _has_words(text) and _has_words(translation):
            result.setdefault(text, translation)
    return list(result.items())


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured for one direction of one index; times in milliseconds."""

    wall: Sequence[float]
    processor: Sequence[float]
    found: int
    judged: int


def measured(memory: Memory, texts: Sequence[str], queries: Sequence[str]) -> Figures:
    """Look up all ``queries``; compare each best answer with the best of ``texts``."""
    shapes = [shape(text) for text in texts]
    wall, processor, found, judged = [], [], 0, 0
    for query in queries:
        start, start_processor = time.perf_counter(), time.process_time()
        hits = list(memory.similar(query, lowest=60.0))
        wall.append((time.perf_counter() - start) * 1000)
        processor.append((time.process_time() - start_processor) * 1000)
        ratio, _ = next(similar(shape(query), shapes, cutoff=SIMILAR, limit=1), (0.0, 0))
        if ratio:
            judged += 1
            best = max((_ratio(query, hit.text) for hit in hits), default=0.0)
            found += best >= ratio
            if best < ratio:
                _LOG.info("missed at %d %%: %r", ratio, query)
    return Figures(wall, processor, found, judged)


def _ratio(one: str, other: str) -> float:
    return next(similar(shape(one), [shape(other)], cutoff=0.0))[0]


def questions(texts: Sequence[str], size: int) -> list[str]:
    """Return texts to look up: half are known ones a little changed, half new variations."""
    chance = random.Random(size)
    variations = Variations(texts[:5000], size)
    asked = {
        variations.changed(text, chance.choice((0.02, 0.1, 0.2)))
        for text in chance.choices(texts, k=size // 2)
    }
    while len(asked) < size:
        asked.add(variations.made())
    return sorted(text for text in asked if _has_words(text))


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)


@click.command(help="\b\n" + str(__doc__).replace("\n\n", "\n\n\b\n"))
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--from", "source", default="en", show_default=True)
@click.option("--to", "target", default="zh_CN", show_default=True)
@click.option(
    "--size", "sizes", multiple=True, type=int, default=[10_000, 200_000], show_default=True
)
@click.option("--queries", default=400, show_default=True, help="In each direction.")
@click.option("--misses", is_flag=True, help="Print what was not found.")
def main(
    paths: Sequence[Path],
    source: str,
    target: str,
    sizes: Sequence[int],
    queries: int,
    misses: bool,
) -> None:
    logging.basicConfig(level=logging.INFO if misses else logging.WARNING, format="%(message)s")
    pairs = pairs_below(paths, source, target)
    print(f"{len(pairs)} pairs read")
    print("segments direction build   MB  median  p95  (processor median p95)  recall")
    random.Random(0).shuffle(pairs)
    for size in sizes:
        for line in lines(enlarged(pairs, size), source, target, queries):
            print(f"{size:8} {line}", flush=True)


def lines(pairs: Sequence[Pair], source: str, target: str, queries: int) -> Iterator[str]:
    """Build an index of the pairs; yield a line of figures a direction."""
    feed = Feed("corpus", "1", lambda: _both(pairs, source, target))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "memory.sqlite"
        start = time.perf_counter()
        index = Index(path, lambda: [feed])
        built = time.perf_counter() - start
        for one, other in ((source, target), (target, source)):
            texts = [e.text for e in _both(pairs, source, target) if e.source == one]
            found = measured(Memory(one, other, index), texts, questions(texts, queries))
            yield (
                f"{one}-{other} {built:6.1f} {path.stat().st_size / 1e6:4.0f} "
                f"{_times(found.wall)}  ({_times(found.processor)})  "
                f"{found.found}/{found.judged} = {found.found / (found.judged or 1):.1%}"
            )


def _times(times: Sequence[float]) -> str:
    return f"{statistics.median(times):6.1f} {statistics.quantiles(times, n=20)[-1]:6.1f}"


def _both(pairs: Sequence[Pair], source: str, target: str) -> Iterator[Entry]:
    for text, translation in pairs:
        yield from both_ways(Entry(source, target, text, translation))


if __name__ == "__main__":
    main()
