"""What a translation is to fill, how far it may go, and what it says became of it.

It is apart from what does the work, so that a run in which nothing is missing need not load that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pipeline.project import Project

Advance = Callable[[int], None]
"""To be told how many units more are dealt with."""


@dataclass(frozen=True, slots=True)
class Missing:
    """How many units of a catalog no engine was asked about, were refused, or have changed.

    Those that have changed count only where some of their sentences can be kept.
    """

    new: int = 0
    refused: int = 0
    changed: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """What ``translate`` may do: how many units and characters go to the engine at most.

    ``only_new`` leaves what was refused before and what has changed, ``fresh`` ignores the answers
    of earlier runs.
    """

    units: int | None = None
    characters: int | None = None
    only_new: bool = False
    fresh: bool = False


NO_LIMITS = Limits()


@dataclass(frozen=True, slots=True)
class Plan:
    """The catalogs that ``translate`` will fill, by post name and locale."""

    project: Project
    missing: Mapping[tuple[str, str], Missing]
    limits: Limits = NO_LIMITS

    @property
    def size(self) -> int:
        """The number of units to fill."""
        found = self.missing.values()
        return sum(m.new if self.limits.only_new else m.new + m.refused for m in found)

    @property
    def changed(self) -> int:
        """The number of units to make suggestions for."""
        return 0 if self.limits.only_new else sum(m.changed for m in self.missing.values())

    @property
    def catalogs(self) -> list[tuple[str, str]]:
        """The catalogs in which there is something to do."""
        return [key for key, found in self.missing.items() if found != Missing()]


@dataclass(slots=True)
class Tally:
    """How many units came from where, ``similar`` ones of the memory's from similar texts.

    ``suggested`` are changed units with a suggestion, ``refused`` those that stay untranslated.
    """

    memory: int = 0
    similar: int = 0
    machine: int = 0
    suggested: int = 0
    refused: int = 0
    reasons: dict[str, int] = field(default_factory=dict)

    def refuse(self, reason: str, count: int = 1) -> None:
        self.refused += count
        self.reasons[reason] = self.reasons.get(reason, 0) + count
