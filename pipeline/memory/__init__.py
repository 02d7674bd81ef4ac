"""The translation memory: what was translated once need not be translated again.

``Index`` holds what all catalogs and TMX files of a project teach; ``Memory`` finds in it, for one
direction, what fits a text: the same text, the same words, or similar ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from heapq import nlargest

from pipeline.memory.entries import Entry, Feed, both_ways, entries_of, neighbours
from pipeline.memory.index import Index, Known, Texts, hash_of
from pipeline.memory.texts import normalised, numbering, renumbered, shape
from pipeline.model import Origin
from pipeline.similarity import differences, needed, same_claims, similar

__all__ = ["Entry", "Feed", "Hit", "Index", "Memory", "both_ways", "entries_of", "neighbours"]

_SAME_WORDS = 95
"""The least score of a text that differs in case, spaces and the width of punctuation only."""
_MOST = 300
"""So many texts of other words are looked at closely."""
_CLAIM_PENALTY = 5
"""What numbers or negations that differ take from a score."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A translation from the memory: of ``text``, which is like the wanted one to ``score`` %.

    ``translation`` has the placeholders of the wanted text, unless ``fits`` is false. ``file`` and
    ``line`` say where it stands, ``origin`` which machine made it, if none a person.
    """

    text: str
    translation: str
    score: int
    origin: Origin | None
    file: str
    line: int
    fits: bool = True
    same_words: bool = True
    trusted: bool = True
    """The two texts are alike enough to be versions of one, see ``pipeline.similarity``."""

    def changes(self, wanted: str) -> str:
        """Return the ``wanted`` text with what was removed from ``text`` and what was added."""
        numbers = numbering(self.text, wanted)
        return differences(renumbered(self.text, numbers) if numbers else self.text, wanted)


@dataclass(frozen=True, slots=True)
class Memory:
    """What an index knows of translating from the locale ``source`` to ``target``.

    A person's translation comes before a machine's, then one with the same texts ``before`` and
    ``after`` it.
    """

    source: str
    target: str
    index: Index

    def find(self, text: str, before: str = "", after: str = "") -> Hit | None:
        """Return the translation of exactly this text."""
        known = self.index.exact(self.source, self.target, text)
        known.sort(key=lambda known: _rank(known, before, after))
        return _hit(text, known[0], 100.0) if known else None

    def similar(
        self,
        text: str,
        before: str = "",
        after: str = "",
        *,
        lowest: float = 60.0,
        machines: bool = False,
    ) -> Iterator[Hit]:
        """Yield what is known of texts like ``text`` to at least ``lowest`` %, the best first.

        Without ``machines`` that is what people have translated; a search is costly.
        """
        hits = [
            (_hit(text, known, ratio), _rank(known, before, after))
            for by_people in ((True, False) if machines else (True,))
            for ratio, number in self._rated(text, lowest, by_people)
            for known in self.index.translations(number)
        ]
        hits.sort(key=lambda pair: (-pair[0].score, pair[1]))
        seen = set()
        for hit, _ in hits:
            key = hit.text, hit.translation
            if hit.score >= lowest and key not in seen:
                seen.add(key)
                yield hit

    def _rated(self, text: str, lowest: float, by_people: bool) -> Iterator[tuple[float, int]]:
        """Yield similarity in percent and number of texts that may have the ``lowest`` score."""
        index, ways = self.index, (self.source, self.target)
        same = index.same_words(*ways, text, by_people=by_people)
        yield from _ratios(text, same, 0.0)
        portions = [index.likely(*ways, text)] if by_people else index.by_machines(*ways)
        rated = (pair for texts in portions for pair in _ratios(text, texts, lowest))
        yield from nlargest(_MOST, (pair for pair in rated if pair[1] not in same))


def _ratios(text: str, texts: Texts, cutoff: float) -> Iterator[tuple[float, int]]:
    numbers, shapes = list(texts), list(map(shape, texts.values()))
    for ratio, position in similar(shape(text), shapes, cutoff=cutoff):
        yield ratio, numbers[position]


def _rank(known: Known, before: str, after: str) -> tuple[bool, int, str, int]:
    same = (known.before == hash_of(before)) + (known.after == hash_of(after))
    return known.origin is not None, -same, known.file, known.line


def _hit(wanted: str, known: Known, ratio: float) -> Hit:
    numbers = numbering(known.text, wanted)
    same_words = normalised(known.text) == normalised(wanted)
    return Hit(
        known.text,
        known.translation if numbers is None else renumbered(known.translation, numbers),
        _score(wanted, known.text, ratio, same_words),
        known.origin,
        known.file,
        known.line,
        fits=numbers is not None,
        same_words=same_words,
        trusted=same_words or ratio >= needed(wanted, known.text),
    )


def _score(wanted: str, text: str, ratio: float, same_words: bool) -> int:
    if wanted == text:
        return 100
    score = min(int(ratio), 99)
    if same_words:
        return max(score, _SAME_WORDS)
    return score if same_claims(wanted, text) else score - _CLAIM_PENALTY
