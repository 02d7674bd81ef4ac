"""The translation memory: what was translated once need not be translated again."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pipeline.model import State, Unit

_PLACEHOLDER = re.compile(r"\{\{|\}\}|\{(\d+)\}")


@dataclass(slots=True)
class Memory:
    """Exact matches from ``source`` to ``target``, a person's before a machine's.

    Feed it units with ``add``; look a msgid up with ``find``.
    """

    source: str
    target: str
    _reviewed: dict[str, Unit] = field(default_factory=dict)
    _machine: dict[str, Unit] = field(default_factory=dict)

    def add(self, units: Iterable[Unit], source: str, target: str) -> None:
        """Take in the units of a catalog from ``source`` to ``target``, or the other way round."""
        for unit in units:
            if (source, target) == (self.source, self.target):
                self._add(unit)
            elif (target, source) == (self.source, self.target) and _reversible(unit):
                self._reviewed.setdefault(unit.msgstr, Unit(unit.msgstr, unit.msgid))

    def _add(self, unit: Unit) -> None:
        if unit.context is not None or unit.plural is not None:
            return  # a translation for one place only
        if unit.state is State.TRANSLATED:
            self._reviewed.setdefault(unit.msgid, unit)
        elif unit.state is State.MACHINE:
            self._machine.setdefault(unit.msgid, unit)

    def find(self, msgid: str) -> Unit | None:
        """Return the unit whose text is exactly ``msgid``."""
        return self._reviewed.get(msgid) or self._machine.get(msgid)


def _reversible(unit: Unit) -> bool:
    """Tell whether a person's translation reads backwards: its placeholders are in order."""
    if unit.state is not State.TRANSLATED or unit.context is not None or unit.plural is not None:
        return False
    numbers = [int(n) for n in _PLACEHOLDER.findall(unit.msgstr) if n]
    return numbers == list(range(1, len(numbers) + 1)) and unit.msgstr != unit.msgid
