"""How the work of each check grows with its input: a script that prints a table.

    python tests/growth.py [--sizes 10000,100000,1000000]

For every check and every hostile text, time(2n) / time(n) is measured with the text as the
target, of n characters, and as the source too; 2 is linear. What all checks share (tokens, views,
links) is a row of its own. Runs of less than 20 ms count as linear: they
measure the machine.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from pipeline.checks import CHECKS, Pair
from pipeline.glossary import Glossary
from pipeline.model import PROFILES, Segment, Term, Unit

TEXTS = {
    "full-width commas": "，",
    "one Chinese line": "我们在这里说明如何使用这个模型",
    "zero-width spaces": "\u200b",
    "open links": "[a](",
    "quotes": '“"「',
    "digits": "1234567890 ",
    "spaced marks": "甲 ， ",
    "brackets": "（甲(",
    "dots": "甲...。。。",
    "dashes": "甲 - 乙--",
    "stars": "**甲*_乙",
    "tags": "<b><x1/>",
    "placeholders": "{1}{{",
    "addresses": "https://例.com/甲 http://a",
    "words": "the the a.B ",
    "numerals": "一千二百万第三十",
}
LOCALES = (("en", "zh_CN"), ("zh_CN", "en"))
SHARED = "source_view target_view source_prose target_prose source_links target_links".split()
NEGLIGIBLE = 0.02
GLOSSARY = Glossary((Term("the model", "模型"), Term("Git", "Git", keep=True)))


def pair(part: str, size: int, locales: tuple[str, str], *, alone: bool) -> Pair:
    """A pair whose target, and unless ``alone`` its source, is ``part`` again and again."""
    text = (part * (size // len(part) + 1))[:size]
    source = "Some words of a source." if alone else text + "."
    segment = Segment(source, "paragraph", 0, 0, 1, pieces=("http://a",) * 3)
    unit = Unit(source, text)
    return Pair(unit, segment, PROFILES["jekyll"], *locales, glossary=GLOSSARY, raw=not alone)


def seconds(work: Callable[[], object]) -> float:
    """The processor time of the shortest of three runs."""
    times = []
    for _ in range(3):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return min(times)


def shared(given: Pair) -> None:
    """Compute what checks share."""
    for name in SHARED:
        given.__dict__.pop(name, None)
    for name in ("source_tokens", "target_tokens"):
        given.__dict__.pop(name, None)
    for name in SHARED:
        getattr(given, name)


def measured(size: int) -> dict[str, tuple[float, str, float]]:
    """Return by check the worst ratio, for which text, and the time for 2n in seconds."""
    worst: dict[str, tuple[float, str, float]] = {}
    for name, part in TEXTS.items():
        for locales in LOCALES:
            for alone in (True, False):
                pairs = [pair(part, n, locales, alone=alone) for n in (size, 2 * size)]
                works: dict[str, list[Callable[[], object]]] = {
                    "(shared)": [lambda p=p: shared(p) for p in pairs]  # type: ignore[misc]
                }
                for check in CHECKS:
                    works[check.id] = [
                        lambda p=p, run=check.run: list(run(p))  # type: ignore[misc]
                        for p in pairs
                    ]
                for check_id, (one, two) in works.items():
                    short, long = seconds(one), seconds(two)
                    ratio = 2.0 if long < NEGLIGIBLE else long / short
                    worst[check_id] = max(worst.get(check_id, (0.0, "", 0.0)), (ratio, name, long))
    return worst


def main(arguments: Sequence[str]) -> int:
    """Print the table; return 1 if a check grows faster than 2.5 times for twice the text."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", default="10000,100000,1000000")
    sizes = [int(size) for size in parser.parse_args(arguments).sizes.split(",")]
    tables = {size: measured(size) for size in sizes}
    print(f"{'check':20}" + "".join(f"{f'n = {size:,}':>40}" for size in sizes))
    for check_id in ["(shared)", *(check.id for check in CHECKS)]:
        cells = [tables[size][check_id] for size in sizes]
        row = (f"{ratio:5.2f} {long:7.3f} s {name}" for ratio, name, long in cells)
        print(f"{check_id:20}" + "".join(f"{cell:>40}" for cell in row))
    top = max(ratio for table in tables.values() for ratio, _, _ in table.values())
    print(f"worst time(2n)/time(n): {top:.2f}")
    return 1 if top > 2.5 else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
