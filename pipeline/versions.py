"""Which new texts of a post are earlier ones in another form: changed, split or joined.

What a new text takes over is a suggestion, never a translation: it was made for another text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipeline.inline import join_lines
from pipeline.model import State, Unit
from pipeline.sentences import split
from pipeline.similarity import differences, is_version, same_claims, similar, without_numbers

Key = tuple[str | None, str]

_LOWEST = 60.0
"""How like each other, in percent, two texts must be to be looked at more closely."""
_RIVALS = 20
_SHARE = 0.3
"""How much of a new text an earlier one must be, to be offered for it alone."""
_PLACEHOLDER = re.compile(r"(?<!\{)\{([0-9]+)\}")


@dataclass(frozen=True, slots=True)
class Heritage:
    """A translation, what it was made for, and the earlier unit, if it is used up by this.

    ``difference`` shows in which numbers or negations the texts differ.
    """

    msgstr: str
    previous: str
    previous_context: str | None = None
    comments: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    used: Key | None = None
    difference: str = ""


def heritage(
    new: Sequence[Unit], gone: Sequence[Unit], before: Sequence[Unit], after: Sequence[Unit]
) -> dict[Key, Heritage]:
    """Return what the ``new`` units of a post take over from those that have ``gone``, by key.

    ``before`` and ``after`` are all its units in their old and in their new order. Parts and whole
    come first, then the most alike, each earlier unit once.
    """
    known = _Sentences([unit for unit in gone if unit.state is State.TRANSLATED])
    found = {unit.key: part for unit in new if (part := known.part(unit) or known.whole(unit, 2))}
    rest = [unit for unit in new if unit.key not in found]
    found |= _most_alike(rest, gone, _neighbours(before), _neighbours(after))
    for unit in rest:
        if unit.key not in found and (one := known.whole(unit, 1)):
            found[unit.key] = one
    return found


# Changed texts


def _most_alike(
    new: Sequence[Unit],
    gone: Sequence[Unit],
    old_places: Mapping[Key, tuple[Key | None, Key | None]],
    new_places: Mapping[Key, tuple[Key | None, Key | None]],
) -> dict[Key, Heritage]:
    """Give each new unit the most similar one that has gone, the best pairs first, each once."""
    texts = [without_numbers(unit.msgid) for unit in gone]
    pairs = []
    for row, unit in enumerate(new):
        for score, column in similar(
            without_numbers(unit.msgid), texts, cutoff=_LOWEST, limit=_RIVALS
        ):
            old = gone[column]
            in_place = old_places.get(old.key) == new_places[unit.key] != (None, None)
            if is_version(old.msgid, unit.msgid, score, in_place=in_place):
                pairs.append((-score, row, column))
    found: dict[Key, Heritage] = {}
    taken: set[int] = set()
    for _, row, column in sorted(pairs):
        if new[row].key not in found and column not in taken:
            found[new[row].key] = _changed(new[row], gone[column])
            taken.add(column)
    return found


def _neighbours(units: Sequence[Unit]) -> dict[Key, tuple[Key | None, Key | None]]:
    keys: list[Key | None] = [None, *(unit.key for unit in units if not unit.obsolete), None]
    inner = zip(keys, keys[1:], keys[2:], strict=False)
    return {key: (left, right) for left, key, right in inner if key}


def _changed(unit: Unit, old: Unit) -> Heritage:
    # A text that was stale already still shows the one its translation was made for.
    made_for = old.msgid if old.previous is None else old.previous
    shown = "" if same_claims(made_for, unit.msgid) else differences(made_for, unit.msgid)
    return Heritage(
        old.msgstr,
        made_for,
        old.context if old.previous is None else old.previous_context,
        old.comments,
        old.flags,
        old.key,
        " ".join(shown.split()),
    )


# Split and joined texts


@dataclass(frozen=True, slots=True)
class _Run:
    """The sentences of an earlier unit, without their placeholders' numbers."""

    unit: Unit
    sentences: tuple[str, ...]


class _Sentences:
    """The sentences of earlier units, and where to find them."""

    def __init__(self, units: Sequence[Unit]) -> None:
        self._places: dict[str, list[tuple[_Run, int]]] = {}
        for unit in units:
            run = _Run(unit, tuple(map(_normal, _split(unit.msgid))))
            for index, sentence in enumerate(run.sentences):
                self._places.setdefault(sentence, []).append((run, index))

    def part(self, unit: Unit) -> Heritage | None:
        """Return the half of an earlier unit that ``unit`` is; all of it if that is unsure."""
        sentences = tuple(map(_normal, _split(unit.msgid)))
        for run, start in self._places.get(sentences[0], ()) if sentences else ():
            end = start + len(sentences)
            if len(run.sentences) > len(sentences) and run.sentences[start:end] == sentences:
                text = _cut_out(run.unit, start, end, unit.msgid) or run.unit.msgstr
                return Heritage(text, run.unit.msgid, run.unit.context, flags=run.unit.flags)
        return None

    def whole(self, unit: Unit, least: int) -> Heritage | None:
        """Return the earlier units, at least so many, of which ``unit`` consists, joined."""
        sentences = _split(unit.msgid)
        found = list(self._inside(tuple(map(_normal, sentences))))
        length = sum(len(run.unit.msgid) for run, _ in found)
        if len(found) < least or length < _SHARE * len(unit.msgid):
            return None
        text = ""
        for run, start in found:
            there = "".join(sentences[start : start + len(run.sentences)])
            part = _with_numbers(run.unit.msgstr, run.unit.msgid, there)
            text += join_lines(text, part) + part
        return Heritage(text, "\n\n".join(run.unit.msgid for run, _ in found))

    def _inside(self, sentences: tuple[str, ...]) -> Iterator[tuple[_Run, int]]:
        """Yield the earlier units that stand whole among the sentences, and from which one on."""
        position = 0
        while position < len(sentences):
            for run, index in self._places.get(sentences[position], ()):
                end = position + len(run.sentences)
                if not index and sentences[position:end] == run.sentences:
                    yield run, position
                    position = end - 1
                    break
            position += 1


def _split(text: str) -> list[str]:
    return [part for part in split(text) if part.strip()]


def _normal(sentence: str) -> str:
    return _PLACEHOLDER.sub("{}", sentence).strip()


def _cut_out(old: Unit, start: int, end: int, wanted: str) -> str:
    """Return the translation of some sentences, with the numbers of ``wanted``; "" if unsure."""
    before, after = _split(old.msgid), _split(old.msgstr)
    source, text = "".join(before[start:end]), "".join(after[start:end]).strip()
    if len(before) != len(after) or sorted(_numbers(source)) != sorted(_numbers(text)):
        return ""
    return _with_numbers(text, source, wanted)


def _numbers(text: str) -> list[str]:
    return _PLACEHOLDER.findall(text)


def _with_numbers(text: str, old: str, new: str) -> str:
    """Number the placeholders of a translation of ``old`` as the same text ``new`` does."""
    names = dict(zip(_numbers(old), _numbers(new), strict=True))
    return _PLACEHOLDER.sub(lambda found: f"{{{names.get(found[1], found[1])}}}", text)
