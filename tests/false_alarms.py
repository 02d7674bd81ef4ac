"""What the checks find in translations that people have published: a script that prints a table.

    python tests/false_alarms.py ../shared/corpora [--to en] [--sample N] [--check ID] [--seed N]

The folder holds ``po`` (PO files of other projects, whose texts are Markdown as it stands),
``pairs`` (Markdown files with their translations) and, for ``--to en``, ``mt`` (Chinese texts and
their translations, a sentence a line). Printed are the findings of each check for each project, the
share of units with an error, and a sample of findings to look at.
"""

from __future__ import annotations

import argparse
import random
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from pipeline.checks import RULES, Pair, check_pair
from pipeline.checks.pair import File
from pipeline.comparison import Terms, Text, compare
from pipeline.errors import PipelineError
from pipeline.model import PROFILES, Finding, Segment, Severity, State, Unit
from pipeline.po import load

PROFILE_OF = {
    "fdroid": "jekyll",
    "comprehensive-rust": "gfm",
    "cairo-book": "gfm",
    "vllm-ascend": "gfm",
    "python-docs": "commonmark",
}


CHINESE_LINES = ("wmt22.zh-en", "wmt23.zh-en")
"""What is Chinese originally: texts in NAME.src.zh and their translations in NAME.refA.en."""


@dataclass(frozen=True)
class Found:
    """A finding with the texts that it is about."""

    finding: Finding
    source: str
    target: str


def po_findings(folder: Path) -> tuple[int, list[Found], int]:
    """Return how many units a project's PO files have, what is found in them, units with errors."""
    units, found, bad = 0, [], 0
    profile = replace(PROFILES[PROFILE_OF[folder.name]], inline_math="off")
    for path in sorted(folder.rglob("*.po")):
        file = File()
        try:
            catalog = load(path, "zh_CN")
        except PipelineError as error:
            print(error)
            continue
        for unit in map(_as_markdown, catalog.units):
            skipped = (
                unit.obsolete or unit.plural or not unit.msgid or unit.state is not State.TRANSLATED
            )
            if not skipped:
                segment = Segment(unit.msgid, _kind(unit.notes), 0, 0, unit.line)
                file.pairs.append(
                    Pair(unit, segment, profile, "en", "zh_CN", path=path.name, file=file, raw=True)
                )
        units += len(file.pairs)
        here, errors = _findings(file)
        found, bad = found + here, bad + errors
    return units, found, bad


def _findings(file: File) -> tuple[list[Found], int]:
    """Return what is found in a file, and in how many units errors are."""
    found, bad = [], 0
    for pair in file.pairs:
        here = [Found(f, pair.unit.msgid, pair.unit.msgstr) for f in check_pair(pair, {})]
        bad += any(f.finding.severity is Severity.ERROR for f in here)
        found += here
    return found, bad


def line_findings(stem: Path) -> tuple[int, list[Found], int]:
    """Return the same of Chinese lines and their translations."""
    file = File()
    profile = replace(PROFILES["commonmark"], inline_math="off")
    texts = (Path(f"{stem}.{end}").read_text("utf-8").splitlines() for end in ("src.zh", "refA.en"))
    for line, (source, target) in enumerate(zip(*texts, strict=True), 1):
        segment = Segment(source, "paragraph", 0, 0, line)
        unit = Unit(source, target, line=line)
        file.pairs.append(
            Pair(unit, segment, profile, "zh_CN", "en", path=stem.name, file=file, raw=True)
        )
    return len(file.pairs), *_findings(file)


_ROLE = re.compile(r"(?::[\w:]+:)?`([^`<]+?)\s*<([^`>]+)>`_{0,2}|:[\w:]+:(?=`)")


def _as_markdown(unit: Unit) -> Unit:
    """Return a unit whose links in reStructuredText, if any, are links in Markdown."""
    msgid, msgstr = (
        _ROLE.sub(lambda m: f"[{m[1]}]({m[2]})" if m[1] else "", text)
        for text in (unit.msgid, unit.msgstr)
    )
    return replace(unit, msgid=msgid, msgstr=msgstr)


def _kind(notes: Sequence[str]) -> str:
    return "heading" if any("Title" in note for note in notes) else "paragraph"


def pair_findings(folder: Path, to: str) -> tuple[int, list[Found], int]:
    """Return how many blocks the sources have, and what is found in the translations."""
    blocks, found = 0, []
    for english in sorted(folder.rglob("*.en.md")):
        chinese = english.with_name(english.name.replace(".en.md", ".zh.md"))
        if not chinese.exists():
            continue
        both = [
            Text(path.name, path.read_text("utf-8"), locale)
            for path, locale in ((english, "en"), (chinese, "zh_CN"))
        ]
        source, target = both if to == "zh" else reversed(both)
        terms = Terms(PROFILES["hugo" if "{{<" in source.text else "jekyll"])
        blocks += source.text.count("\n\n")
        try:
            lines = target.text.split("\n")
            found += [
                Found(f, "", " / ".join(lines[f.line - 1 : f.line + 1]))
                for f in compare(source, target, terms)
            ]
        except PipelineError as error:
            print(error)
    bad = len(
        {(f.finding.path, f.finding.line) for f in found if f.finding.severity is Severity.ERROR}
    )
    return blocks, found, bad


def results(root: Path, to: str) -> Iterator[tuple[str, int, list[Found], int]]:
    """Yield name, units, findings and units with an error of each project."""
    if to == "zh":
        for name in PROFILE_OF:
            yield name, *po_findings(root / "po" / name)
    else:
        for name in CHINESE_LINES:
            yield name, *line_findings(root / "mt" / name)
    yield "pairs", *pair_findings(root / "pairs" / "same30", to)


def main(arguments: Sequence[str]) -> int:
    """Print the table and the sample."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", type=Path)
    parser.add_argument("--to", choices=("zh", "en"), default="zh", help="translations into this")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--check", help="only findings of this check in the sample")
    parser.add_argument("--severity", help="only findings of this severity in the sample")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    rows = list(results(options.root, options.to))
    print(f"{'':20}" + "".join(f"{name[:14]:>15}" for name, *_ in rows))
    print(f"{'units':20}" + "".join(f"{units:15}" for _, units, *_ in rows))
    for rule in RULES:
        counts = [Counter(f.finding.check for f in found)[rule.id] for _, _, found, _ in rows]
        if any(counts):
            print(f"{rule.id:20}" + "".join(f"{count:15}" for count in counts))
    shares = (100 * bad / units if units else 0 for _, units, _, bad in rows)
    print(f"{'% with an error':20}" + "".join(f"{share:15.2f}" for share in shares))
    pool = [
        (name, f)
        for name, _, found, _ in rows
        for f in found
        if options.check in (None, f.finding.check)
        and options.severity in (None, f.finding.severity.name.lower())
    ]
    chosen = random.Random(options.seed).sample(pool, min(options.sample, len(pool)))
    for name, f in chosen:
        print(f"\n{name} {f.finding.path}:{f.finding.line} [{f.finding.check}] {f.finding.message}")
        print(f"   {f.source[:240]!r}\n   {f.target[:240]!r}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
