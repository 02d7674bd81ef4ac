"""Kills: a command ended at a random moment, and what became of a person's work."""

from __future__ import annotations

import multiprocessing
import os
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from random import Random

from pipeline.batch import Inputs
from pipeline.catalog import load, update
from pipeline.cli import main
from pipeline.errors import PipelineError
from pipeline.model import Catalog, Origin, Unit, fingerprint
from pipeline.stages.extract import extract
from pipeline.stages.opening import open_project

PRELOADED = (
    __name__,
    "pipeline.stages.translate",
    "pipeline.stages.review",
    "pipeline.checks",
    "rapidfuzz",
    "babel",
)
POSTS = 12
PARAGRAPHS = 8


@dataclass(frozen=True, slots=True)
class Toll:
    """What a number of kills did; see the package's docstring."""

    kills: int = 0
    cut_short: int = 0
    lost: int = 0
    unreadable: int = 0
    stray: int = 0

    def __add__(self, other: Toll) -> Toll:
        return Toll(
            self.kills + other.kills,
            self.cut_short + other.cut_short,
            self.lost + other.lost,
            self.unreadable + other.unreadable,
            self.stray + other.stray,
        )

    @property
    def is_clean(self) -> bool:
        """Whether nothing happened that must not."""
        return not (self.lost or self.unreadable or self.stray)


@dataclass
class Place:
    """A project on disk, and all that its person has translated so far."""

    root: Path
    edits: set[str] = field(default_factory=set)
    version: int = 0

    @property
    def catalogs(self) -> list[Path]:
        """The PO files, in order."""
        return sorted(self.root.glob("locales/**/*.po"))

    def write_posts(self) -> None:
        """Write every post in a new version, in which every paragraph has changed a little."""
        self.version += 1
        for number in range(POSTS):
            (self.root / "posts" / f"{number}.md").write_text(self._post(number), "utf-8")

    def edit(self, chance: Random) -> None:
        """Translate a text of every catalog, as a person does."""
        for path in self.catalogs:
            update(path, "zh_CN", lambda catalog: self._edited(catalog, chance))

    def holds(self) -> Iterator[str]:
        """Yield all translations in the catalogs that can be read."""
        for path in self.catalogs:
            try:
                yield from (unit.msgstr for unit in load(path, "zh_CN").units)
            except PipelineError:
                continue

    def unreadable(self) -> int:
        """Return how many PO files cannot be read."""
        return sum(not _can_be_read(path) for path in self.catalogs)

    def is_written_to(self) -> bool:
        """Tell whether a catalog is being written at this moment."""
        folder = self.root / "locales" / "zh_CN" / "LC_MESSAGES"
        return any(entry.name.startswith(".diglot-") for entry in os.scandir(folder))

    def files(self) -> set[Path]:
        """Return the files that are there; of the caches only what should not be."""
        found = {path for path in self.root.rglob("*") if path.is_file()}
        caches = self.root / ".diglot"
        return {p for p in found if caches not in p.parents or p.name.startswith(".diglot-")}

    def _post(self, number: int) -> str:
        paragraphs = (
            f"Paragraph {letter} of post {number} tells a story about rivers, boats and the people "
            f"who live beside the water, in the words of chapter {letter * (self.version % 3 + 1)}."
            for letter in "abcdefghijklmnop"[:PARAGRAPHS]
        )
        return "\n\n".join([f"# Post {number}", *paragraphs]) + "\n"

    def _edited(self, catalog: Catalog, chance: Random) -> Catalog:
        active = [unit for unit in catalog.units if not unit.obsolete]
        chosen = chance.choice(active)
        self.edits.discard(chosen.msgstr)
        text = f"译文{chance.randrange(10**9)}"
        self.edits.add(text)
        done = Unit(chosen.msgid, text, notes=chosen.notes, references=chosen.references)
        units = tuple(done if unit is chosen else unit for unit in catalog.units)
        return replace(catalog, units=units)


def _can_be_read(path: Path) -> bool:
    try:
        return bool(load(path, "zh_CN").units)
    except PipelineError:
        return False


def _extracted(place: Place) -> None:
    place.write_posts()
    extract(Inputs(open_project(place.root)))


def _machine_translated(place: Place) -> None:
    """Let a machine translate anew whatever the person has not."""
    _extracted(place)
    for path in place.catalogs:
        update(path, "zh_CN", lambda catalog: _drafted(catalog, place.edits))


def _drafted(catalog: Catalog, edits: set[str]) -> Catalog:
    units = (
        unit
        if unit.msgstr in edits
        else Unit(
            unit.msgid,
            "河边住着一些人，这里讲的是他们和船的故事。",
            fuzzy=True,
            origin=Origin("machine", "pseudo", fingerprint(unit.msgid)),
            notes=unit.notes,
            references=unit.references,
        )
        for unit in catalog.units
        if not unit.obsolete or unit.msgstr in edits
    )
    return replace(catalog, units=tuple(units))


COMMANDS: Mapping[str, tuple[tuple[str, ...], Callable[[Place], None]]] = {
    "extract": (("extract",), Place.write_posts),
    "translate": (("translate", "--engine", "pseudo", "--fresh"), _extracted),
    "accept": (("accept", "--all"), _machine_translated),
    "reject": (("reject", "--all"), _machine_translated),
}
"""The arguments of each command, and what gives it something to do in every catalog."""


def kill(folder: Path, command: str, times: int, seed: int = 0) -> Toll:
    """Kill a command at ``times`` random moments, in a project made in the empty ``folder``."""
    chance = Random(seed)
    arguments, prepare = COMMANDS[command]
    (folder / "posts").mkdir()
    place = Place(folder)
    _extracted(place)
    place.edit(chance)
    prepare(place)
    length = _finish(place, arguments)
    files = place.files()
    toll = Toll()
    for _ in range(times):
        place.edit(chance)
        prepare(place)
        toll += _killed(place, arguments, chance, length, files)
    return toll


def _killed(
    place: Place, arguments: tuple[str, ...], chance: Random, length: float, files: set[Path]
) -> Toll:
    """Kill the command at any moment or, every other time, once it has begun to write."""
    before = _contents(place)
    process = _started(place, arguments)
    if chance.random() < 0.5:
        process.join(length * chance.uniform(0.3, 1.1))
    else:
        while process.is_alive() and not place.is_written_to():
            time.sleep(0.0002)
        process.join(chance.uniform(0, 0.03))
    process.kill()
    process.join()
    after = _contents(place)
    changed = sum(after.get(path) != data for path, data in before.items())
    cut_short = 0 < changed < len(before) or bool(place.files() - files)
    lost = len(place.edits - set(place.holds()))
    unreadable = place.unreadable()
    _finish(place, arguments)
    lost += len(place.edits - set(place.holds()))
    return Toll(1, cut_short, lost, unreadable, len(place.files() - files))


def _contents(place: Place) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in place.catalogs}


def _finish(place: Place, arguments: tuple[str, ...]) -> float:
    """Run the command to its end; return how long it takes, in seconds."""
    started = time.monotonic()
    process = _started(place, arguments)
    process.join()
    if process.exitcode:
        raise RuntimeError(f"diglot {' '.join(arguments)} failed in {place.root}")
    return time.monotonic() - started


def _started(place: Place, arguments: tuple[str, ...]) -> multiprocessing.process.BaseProcess:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(PRELOADED))
    command = [*arguments, "--quiet", "-C", str(place.root)]
    process = context.Process(target=_run, args=(command,))
    process.start()
    return process


def _run(command: list[str]) -> None:
    main(command)
