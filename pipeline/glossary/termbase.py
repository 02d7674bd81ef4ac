"""The terms of one direction: which of them a text holds, and what its translation misses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.glossary.matching import Matcher, Phrase, best
from pipeline.model import Match, Term


@dataclass(frozen=True, slots=True)
class Violation:
    """A term of the source that its translation does not follow.

    ``forbidden`` is the rendering that the translation must not use, as it stands there; empty
    where the term's target is missing.
    """

    term: Term
    forbidden: str = ""


@dataclass(frozen=True, slots=True)
class _Numbers:
    """What of a term the matcher of targets calls by which numbers."""

    right: range
    wrong: range


@dataclass(frozen=True)
class Glossary:
    """The terms of one direction, in the order of the files."""

    terms: tuple[Term, ...] = ()

    def find(self, text: str) -> tuple[Match, ...]:
        """Return the terms in ``text``, leftmost and then longest first, without overlaps."""
        return tuple(
            Match(self.terms[forms[0].phrase], start, end)
            for start, end, forms in self._sources.find(text)
        )

    def missing(self, source_text: str, target_text: str) -> tuple[Violation, ...]:
        """Return what ``target_text`` gets wrong about the terms in ``source_text``.

        Each distinct term must be there once, however often the source repeats it; where several
        rows have the same source, the target of any of them will do.
        """
        found = dict.fromkeys(best(forms) for _, _, forms in self._sources.find(source_text))
        if not found:
            return ()
        matcher, numbers = self._targets
        wanted = {
            number
            for rows in found
            for row in rows
            for part in (numbers[row].right, numbers[row].wrong)
            for number in part
        }
        seen: dict[int, str] = {}
        for start, end, forms in matcher.find(target_text, wanted):
            seen.update((form.phrase, target_text[start:end]) for form in forms)
        return tuple(self._violations(found, numbers, seen))

    def _violations(
        self,
        found: Iterable[tuple[int, ...]],
        numbers: Sequence[_Numbers],
        seen: Mapping[int, str],
    ) -> Iterator[Violation]:
        right = {
            row: [n for n in numbers[row].right if n in seen] for rows in found for row in rows
        }
        allowed = {seen[number] for present in right.values() for number in present}
        for rows in found:
            if not any(right[row] for row in rows):
                yield Violation(self.terms[rows[0]])
            for row in rows:
                for number in numbers[row].wrong:
                    if number in seen and seen[number] not in allowed:
                        yield Violation(self.terms[row], seen[number])

    @cached_property
    def _sources(self) -> Matcher:
        return Matcher.of(_phrase(term, term.source) for term in self.terms)

    @cached_property
    def _targets(self) -> tuple[Matcher, list[_Numbers]]:
        """The matcher of all targets, and each term's numbers in it."""
        phrases: list[Phrase] = []
        numbers = []
        for term in self.terms:
            start, middle = len(phrases), len(phrases) + 1 + len(term.also)
            texts = (term.target, *term.also, *term.forbidden)
            phrases += (_phrase(term, text) for text in texts)
            numbers.append(_Numbers(range(start, middle), range(middle, len(phrases))))
        return Matcher.of(phrases), numbers


def _phrase(term: Term, text: str) -> Phrase:
    return Phrase(text, term.case_sensitive, verb=term.part_of_speech == "verb")
