"""Look for 10,000 terms in 1 MB of mixed text: ``python -m tests.bench.terms``.

Terms and text are made up: half of the terms are Chinese, and one in ten is taken from the
text, so that there is something to find. Prints the least seconds of five rounds.
"""

from __future__ import annotations

import re
import time
from random import Random

from pipeline.glossary import Glossary
from pipeline.model import Term

from .corpus import posts

TERMS, CHARACTERS, ROUNDS = 10_000, 1_000_000, 5


def main() -> None:
    """Build the matcher and search, each in its own round of measurement."""
    rng = Random(4)
    text = "\n".join(post for _, post in posts(CHARACTERS // 4_000))[:CHARACTERS]
    terms = tuple(Term(source, source) for source in sorted(made_up_terms(rng, text)))
    build = find = float("inf")
    for _ in range(ROUNDS):
        glossary = Glossary(terms)
        started = time.perf_counter()
        glossary.find("")
        built = time.perf_counter()
        found = len(glossary.find(text))
        build, find = min(build, built - started), min(find, time.perf_counter() - built)
    print(f"{len(terms)} terms, {len(text)} characters ({len(text.encode())} bytes)")
    print(f"build {build:.2f} s, find {find:.2f} s, {found} matches")


def made_up_terms(rng: Random, text: str) -> set[str]:
    """Return distinct terms of one or two words, or of two to five Chinese characters."""
    words = re.findall("[A-Za-z]{4,}", text)
    runs = re.findall("[\u4e00-\u9fff]{5,}", text)
    terms: set[str] = set()
    while len(terms) < TERMS:
        real = rng.random() < 0.1
        chinese = rng.random() < 0.5
        terms.add(_chinese(rng, runs, real) if chinese else _english(rng, words, real))
    return terms


def _chinese(rng: Random, runs: list[str], real: bool) -> str:
    run = rng.choice(runs)
    return (
        run[: rng.randint(2, 5)] if real else "".join(rng.choice(rng.choice(runs)) for _ in run[:4])
    )


def _english(rng: Random, words: list[str], real: bool) -> str:
    word = rng.choice(words)
    made_up = "".join(rng.choice("klmnprst") + rng.choice("aeiou") for _ in range(3))
    return word if real else f"{made_up} {word}"


if __name__ == "__main__":
    main()
