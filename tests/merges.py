"""Merge catalogs that two people and their machines have changed at random, and judge the result.

Run it in a checkout; it needs Git and no network::

    python -m tests.merges                  # 200 merges by `git merge` with Diglot's driver

In each merge, two branches of one catalog translate, correct, doubt and comment texts, change and
move them in the post, and fill them by machine. Printed are, summed over all merges:

- *undecided*: entries that became fuzzy because two people translated them in two ways;
- *wrong*: confirmed translations that stand, confirmed, beside this source on neither branch;
- *lost*: texts that a person wrote on a branch, and left there, that the merged file lacks;
- *conflicts*: merges that Git could not finish.

The last three are to be 0; the exit code is 1 if they are not. `--plain` merges without the driver.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import click

from pipeline.catalog import OTHER_VERSION, dumps, load, merge, new
from pipeline.decisions import escaped
from pipeline.errors import PipelineError
from pipeline.model import Catalog, Origin, State, Unit, fingerprint

ROOT = Path(__file__).parents[1]
NAME = "post.po"
TEXTS = 10
_WORDS = "river boat lamp garden winter letter bridge song stone cloud market window".split()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a merge did that it must not; see the module's docstring."""

    wrong: int
    lost: int


def random_merge(seed: int) -> tuple[Catalog, Catalog, Catalog]:
    """Return a catalog and two that came from it."""
    chance = Random(seed)
    texts = [Unit(_text(chance, number)) for number in range(TEXTS)]
    empty = replace(new(Path(NAME), "zh_CN", "en"), units=tuple(texts))
    base = _branch(chance, empty, "旧", steps=12)
    return base, _branch(chance, base, "甲", steps=8), _branch(chance, base, "乙", steps=8)


def judge(base: Catalog, ours: Catalog, theirs: Catalog, merged: Catalog) -> Verdict:
    """Return how many pairs of the merged catalog are wrong, and how many texts it lacks."""
    confirmed = {_pair(unit) for side in (ours, theirs) for unit in side.units if _is_final(unit)}
    wrong = sum(_is_final(unit) and _pair(unit) not in confirmed for unit in merged.units)
    known = set(_texts_by_people(base))
    written = {text for side in (ours, theirs) for text in _texts_by_people(side)} - known
    held = {unit.msgstr for unit in merged.units}
    held |= {comment for unit in merged.units for comment in unit.comments}
    lost = sum(not {text, OTHER_VERSION + escaped(text)} & held for text in written)
    return Verdict(wrong, lost)


class Repository:
    """A Git repository in which catalogs are merged by Diglot's driver or, ``plain``, by Git."""

    def __init__(self, root: Path, *, plain: bool = False) -> None:
        self.root = root
        self._git("init", "-q", "-b", "main")
        for key, value in (("user.name", "T"), ("user.email", "t@example.org")):
            self._git("config", key, value)
        if not plain:
            driver = f'PYTHONPATH="{ROOT}" "{sys.executable}" -m pipeline merge-driver %O %A %B %P'
            self._git("config", "merge.diglot.driver", driver)
            (root / ".gitattributes").write_text("*.po merge=diglot\n", "utf-8")
            self._git("add", ".gitattributes")

    def merged(self, base: Catalog, ours: Catalog, theirs: Catalog) -> Catalog:
        """Return what Git makes of the two branches; raise ``PipelineError`` for what is no PO."""
        self._git("checkout", "-q", "--orphan", "start")
        self._commit(base)
        self._git("branch", "-f", "theirs")
        self._commit(ours)
        self._git("checkout", "-q", "theirs")
        self._commit(theirs)
        self._git("checkout", "-q", "start")
        self._git("merge", "-q", "-m", "merged", "theirs", check=False)
        try:
            return load(self.root / NAME, "zh_CN")
        finally:
            self._git("reset", "-q", "--hard")
            self._git("checkout", "-q", "--detach")
            self._git("branch", "-D", "-q", "start", "theirs")

    def _commit(self, catalog: Catalog) -> None:
        (self.root / NAME).write_text(dumps(catalog), "utf-8", newline="\n")
        self._git("add", NAME)
        self._git("commit", "-q", "--allow-empty", "-m", "x")

    def _git(self, *arguments: str, check: bool = True) -> None:
        subprocess.run(["git", *arguments], cwd=self.root, check=check, capture_output=True)


def _text(chance: Random, number: int) -> str:
    words = " ".join(chance.choices(_WORDS, k=12))
    return f"Text {'abcdefghijklmnop'[number]} is about a {words}."


def _branch(chance: Random, catalog: Catalog, mark: str, steps: int) -> Catalog:
    for step in range(steps):
        change = chance.choice((_translate, _translate, _fill, _confirm, _doubt, _comment, _edit))
        catalog = change(chance, catalog, f"{mark}{step}")
    return catalog


def _with(catalog: Catalog, old: Unit, new_unit: Unit) -> Catalog:
    units = tuple(new_unit if unit is old else unit for unit in catalog.units)
    return replace(catalog, units=units)


def _one(chance: Random, catalog: Catalog) -> Unit:
    return chance.choice([unit for unit in catalog.units if not unit.obsolete])


def _translate(chance: Random, catalog: Catalog, mark: str) -> Catalog:
    unit = _one(chance, catalog)
    text = f"译文{mark}·{chance.randrange(10**6)}" + chance.choice(("", "\n第二行", '"引号"'))
    done = replace(unit, msgstr=text, fuzzy=False, origin=None, previous=None)
    return _with(catalog, unit, done)


def _fill(chance: Random, catalog: Catalog, mark: str) -> Catalog:
    unit = _one(chance, catalog)
    if unit.msgstr:
        return catalog
    origin = Origin("machine", "google", fingerprint(unit.msgid))
    return _with(catalog, unit, replace(unit, msgstr=f"机器{mark}", fuzzy=True, origin=origin))


def _confirm(chance: Random, catalog: Catalog, mark: str) -> Catalog:
    unit = _one(chance, catalog)
    return _with(catalog, unit, replace(unit, fuzzy=False, origin=None, previous=None))


def _doubt(chance: Random, catalog: Catalog, mark: str) -> Catalog:
    unit = _one(chance, catalog)
    return _with(catalog, unit, replace(unit, fuzzy=bool(unit.msgstr)))


def _comment(chance: Random, catalog: Catalog, mark: str) -> Catalog:
    unit = _one(chance, catalog)
    return _with(catalog, unit, replace(unit, comments=(*unit.comments, f"remark {mark}")))


def _edit(chance: Random, catalog: Catalog, mark: str) -> Catalog:
    """Change the post: a text, the order, one text less or one more."""
    texts = [unit.msgid for unit in catalog.units if not unit.obsolete]
    at = chance.randrange(len(texts))
    change = chance.choice(("text", "order", "less", "more"))
    if change == "text":
        texts[at] = texts[at].replace(chance.choice(_WORDS), chance.choice(_WORDS), 1)
    elif change == "order":
        texts.insert(chance.randrange(len(texts)), texts.pop(at))
    elif change == "less" and len(texts) > 3:
        del texts[at]
    else:
        texts.insert(at, f"A new text {mark} about {chance.choice(_WORDS)}.")
    return merge(catalog, [Unit(text) for text in dict.fromkeys(texts)])


def _pair(unit: Unit) -> tuple[object, ...]:
    return unit.context, unit.msgid, unit.msgstr


def _is_final(unit: Unit) -> bool:
    return unit.state is State.TRANSLATED


def _texts_by_people(catalog: Catalog) -> Iterator[str]:
    return (unit.msgstr for unit in catalog.units if unit.msgstr.startswith("译文"))


@click.command(help=__doc__)
@click.option("--merges", default=200, show_default=True)
@click.option("--seed", default=0, show_default=True, help="Where chance starts.")
@click.option("--plain", is_flag=True, help="Without the driver.")
def main(merges: int, seed: int, plain: bool) -> None:
    """Merge at random and print what came of it."""
    undecided = wrong = lost = conflicts = 0
    with tempfile.TemporaryDirectory() as folder:
        repository = Repository(Path(folder), plain=plain)
        for number in range(seed, seed + merges):
            sides = random_merge(number)
            try:
                merged = repository.merged(*sides)
            except PipelineError:
                conflicts += 1
                continue
            verdict = judge(*sides, merged)
            wrong, lost = wrong + verdict.wrong, lost + verdict.lost
            undecided += dumps(merged).count(f"# {OTHER_VERSION}")
    click.echo("merges  undecided  wrong  lost  conflicts")
    click.echo(f"{merges:6} {undecided:10} {wrong:6} {lost:5} {conflicts:10}")
    sys.exit(bool(wrong or lost or conflicts))


if __name__ == "__main__":
    main()
