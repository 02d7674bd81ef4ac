"""What the memory holds: pairs of texts, who made them, and where they stand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.memory.texts import in_order
from pipeline.model import Origin, State, Unit


@dataclass(frozen=True, slots=True)
class Entry:
    """A text of the locale ``source``, its translation to ``target``, and where it was found."""

    source: str
    target: str
    text: str
    translation: str
    origin: Origin | None = None
    """The machine that made it; ``None`` for a person."""
    line: int = 0
    before: str = ""
    after: str = ""
    """The texts before and after it in its post."""
    backward: bool = False
    """It is the reverse of what was found."""


@dataclass(frozen=True, slots=True)
class Feed:
    """A file that the memory is made from: how it is called, what it holds, how it is read."""

    name: str
    digest: str
    read: Callable[[], Iterable[Entry]]


def entries_of(units: Sequence[Unit], source: str, target: str) -> Iterator[Entry]:
    """Yield what a catalog teaches from ``source`` to ``target``, and the other way round."""
    places = neighbours(units)
    for unit in units:
        made_by_machine = unit.state is State.MACHINE
        for_one_place = unit.context is not None or unit.plural is not None
        if for_one_place or not (made_by_machine or unit.state is State.TRANSLATED):
            continue
        before, after = places.get(unit.key, ("", ""))
        origin = unit.origin if made_by_machine else None
        yield from both_ways(
            Entry(source, target, unit.msgid, unit.msgstr, origin, unit.line, before, after)
        )


def neighbours(units: Sequence[Unit]) -> dict[tuple[str | None, str], tuple[str, str]]:
    """Return the texts before and after each unit in its post."""
    active = [unit for unit in units if not unit.obsolete]
    texts = ["", *(unit.msgid for unit in active), ""]
    return {unit.key: (texts[i], texts[i + 2]) for i, unit in enumerate(active)}


def both_ways(entry: Entry) -> Iterator[Entry]:
    """Yield the entry and, if a person's translation reads backwards, its reverse."""
    yield entry
    if entry.origin is None and in_order(entry.translation) and entry.translation != entry.text:
        yield replace(
            entry,
            source=entry.target,
            target=entry.source,
            text=entry.translation,
            translation=entry.text,
            before="",
            after="",
            backward=True,
        )
