"""Writers: processes that put translations into one catalog at the same time."""

from __future__ import annotations

import multiprocessing
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.catalog import load, new, save, update
from pipeline.errors import ChangedMeanwhileError
from pipeline.model import Catalog, Unit

LOCALE = "zh_CN"


@dataclass(frozen=True, slots=True)
class Contest:
    """How many edits were made, how many the catalog holds in the end, how many were reported."""

    edits: int
    present: int
    reported: int

    @property
    def missing(self) -> int:
        """How many edits were lost without a word."""
        return self.edits - self.present - self.reported


def compete(folder: Path, writers: int, edits: int, *, again: bool) -> Contest:
    """Let ``writers`` processes make ``edits`` each; with ``again`` they try until it works."""
    path = folder / "contested.po"
    names = [[f"writer {writer} edit {edit}" for edit in range(edits)] for writer in range(writers)]
    units = tuple(Unit(name) for mine in names for name in mine)
    save(replace(new(path, LOCALE, "en"), units=units))
    with multiprocessing.get_context("spawn").Pool(writers) as pool:
        reported = pool.starmap(_write, [(path, mine, again) for mine in names])
    present = sum(unit.msgstr == f"译 {unit.msgid}" for unit in load(path, LOCALE).units)
    return Contest(writers * edits, present, sum(reported))


def _write(path: Path, msgids: Sequence[str], again: bool) -> int:
    """Translate each of the texts with a write of its own; return how many were refused."""
    refused = 0
    for msgid in msgids:
        try:
            if again:
                update(path, LOCALE, lambda catalog, msgid=msgid: _translated(catalog, msgid))
            else:
                save(_translated(load(path, LOCALE), msgid))
        except ChangedMeanwhileError:
            refused += 1
    return refused


def _translated(catalog: Catalog, msgid: str) -> Catalog:
    units = (replace(u, msgstr=f"译 {msgid}") if u.msgid == msgid else u for u in catalog.units)
    return replace(catalog, units=tuple(units))
