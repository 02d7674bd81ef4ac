"""``python -m tests.mt``; what it measures and how is said in the package's docstring."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

import click

from pipeline.engines import create

from . import __doc__ as manual
from . import sets
from .measure import Result, peak_memory, segment_chrf, translated

SETS = ("news", "pairs", "terms")
DIRECTIONS = ("en-zh", "zh-en")
HEADER = (
    "set                     texts  taken  refused  asked   BLEU   chrF  "
    "each  refused's  terms  markup  s/1,000"
)


@dataclass(frozen=True, slots=True)
class Row:
    """A set in one direction and what became of it; ``lenient``: of what was refused at first."""

    name: str
    result: Result
    lenient: Result | None = None

    def figures(self) -> dict[str, Any]:
        """Return the figures by name."""
        result = self.result
        refused = self.lenient.taken if self.lenient else []
        return {
            "set": self.name,
            "texts": len(result.texts),
            "taken": len(result.taken) / len(result.texts),
            "requests": result.asked,
            "bleu": result.bleu,
            "chrf": result.chrf,
            "segment_chrf_taken": segment_chrf(result.taken),
            "segment_chrf_refused": segment_chrf(refused),
            "terms": result.terms,
            "markup_intact": result.intact,
            "seconds_per_1000_words": 1000 * result.seconds / result.words,
            "reasons": dict(result.reasons.most_common()),
        }

    def line(self) -> str:
        """Return the figures as a line of the table."""
        f = self.figures()
        terms = f"{f['terms']:6.0%}" if any(text.terms for text in self.result.texts) else "     -"
        return (
            f"{f['set']:22}  {f['texts']:5}  {f['taken']:5.0%}  {1 - f['taken']:7.0%}"
            f"  {f['requests']:5}  {f['bleu']:5.1f}  {f['chrf']:5.1f}"
            f"  {f['segment_chrf_taken']:4.1f}  {f['segment_chrf_refused']:9.1f}"
            f" {terms}  {'intact' if f['markup_intact'] else 'BROKEN'}"
            f"  {f['seconds_per_1000_words']:7.1f}"
        )


@click.command(
    help="\b\n" + str(manual).replace("\n\n", "\n\n\b\n").replace("::\n", ":\n"),
    context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]},
)
@click.argument("corpora", type=click.Path(path_type=Path, exists=True, file_okay=False))
@click.option("--engine", "name", default="local", show_default=True, help="The engine.")
@click.option("--option", "given", multiple=True, metavar="KEY=VALUE", help="One of its options.")
@click.option("--count", default=200, show_default=True, help="How many texts of each set.")
@click.option("--sets", "chosen", default=",".join(SETS), show_default=True, help="Which sets.")
@click.option("--refused", is_flag=True, help="Also score what the engine local is unsure of.")
@click.option("--json", "file", type=click.File("w", "utf-8"), help="Write the figures here.")
def main(
    corpora: Path,
    name: str,
    given: Sequence[str],
    count: int,
    chosen: str,
    refused: bool,
    file: IO[str] | None,
) -> None:
    options = dict(_option(text) for text in given)
    rows = []
    click.echo(HEADER)
    for row in _rows(corpora, name, options, count, chosen.split(","), refused):
        click.echo(row.line())
        rows.append(row.figures())
    memory = peak_memory()
    click.echo(f"peak memory of the program and its largest process: {memory / 1e6:.0f} MB")
    if file:
        json.dump({"engine": name, "options": options, "memory": memory, "rows": rows}, file)


def _rows(
    corpora: Path,
    name: str,
    options: dict[str, Any],
    count: int,
    chosen: Sequence[str],
    refused: bool,
) -> Iterator[Row]:
    for label, texts, direction, glossary in _sets(corpora, count, chosen):
        with closing(create(name, options)) as engine:
            result = translated(texts, engine, direction, glossary=glossary)
        lenient = None
        left = [t for t, a in zip(texts, result.answers, strict=True) if not a]
        if refused and left:
            with closing(create(name, {**options, "min_logprob": -100.0})) as engine:
                lenient = translated(left, engine, direction, glossary=glossary)
        yield Row(label, result, lenient)


def _sets(
    corpora: Path, count: int, chosen: Sequence[str]
) -> Iterator[tuple[str, Sequence[sets.Text], str, bool]]:
    """Yield the name, the texts, the direction, and whether the glossary is used."""
    makers = {"news": sets.news, "pairs": sets.pairs}
    for direction in DIRECTIONS:
        for name in chosen:
            if name == "terms":
                texts = sets.terms(corpora, count, direction)
                yield f"terms {direction}", texts, direction, False
                yield f"terms {direction} glossary", texts, direction, True
            else:
                texts = makers[name](corpora, count)
                turned = direction == "zh-en"
                yield f"{name} {direction}", _turned(texts) if turned else texts, direction, False


def _turned(texts: Sequence[sets.Text]) -> list[sets.Text]:
    return [text.turned() for text in texts]


def _option(text: str) -> tuple[str, str | float]:
    key, _, value = text.partition("=")
    try:
        return key, float(value)
    except ValueError:
        return key, value


if __name__ == "__main__":
    main()
