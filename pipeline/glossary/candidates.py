"""Finds what may be a term: sequences of words, or of Chinese characters, that keep together.

English sequences are ranked in the manner of C-value (Frantzi, Ananiadou and Mima 2000): how often
one occurs outside of longer ones, more for longer ones. Chinese ones must hold together inside
(pointwise mutual information at the weakest joint) and be free outside (entropy of what stands left
and right of them). Names, acronyms and words in another script weigh more. The work is linear in
the text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import log2

from pipeline.glossary import words
from pipeline.glossary.english import singular

_LONGEST_ENGLISH = 4
_LONGEST_HAN = 6
_WORD = re.compile(r"[A-Za-z][A-Za-z0-9_]*(?:[-.'’&][A-Za-z0-9]+)*[+#]*")
_HAN_RUN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\U00020000-\U0003ffff]+")
_SENTENCE_END = re.compile(r"(?:^|[.!?:。！？：]['\"”’)）]?\s*)$")
_COHESION = 3.0
"""Bits by which the two halves of a Chinese term must attract each other at least."""
_FREEDOM = 0.8
"""Bits of entropy that both sides of a Chinese term must have at least."""
_NAME_WEIGHT, _PLAIN_WORD_WEIGHT, _SHORT_WEIGHT = 1.5, 0.2, 0.5
"""Names weigh more than other words; single words and two characters less than longer terms."""
_SHOWN_PLACES = 3


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to look through, where it stands, and its reviewed translations by locale."""

    text: str
    path: str
    line: int
    translations: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be a term, how often and where first it occurs, and in which passages.

    ``targets`` says, by locale, how it is translated, as far as reviewed translations tell.
    """

    text: str
    count: int
    score: float
    places: tuple[tuple[str, int], ...]
    passages: tuple[int, ...] = field(repr=False)
    targets: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class _Seen:
    """What is gathered about one sequence: spellings, passages, whether it is written as a name."""

    spellings: Counter[str] = field(default_factory=Counter)
    passages: dict[int, None] = field(default_factory=dict)
    names: int = 0

    @property
    def count(self) -> int:
        return self.spellings.total()


def candidates(passages: Sequence[Passage], minimum: int) -> list[Candidate]:
    """Return what occurs at least ``minimum`` times and may be a term, the best first."""
    found = [*_english(passages, minimum), *_chinese(passages, minimum)]
    return sorted(found, key=lambda candidate: (-candidate.score, candidate.text))


def _candidate(passages: Sequence[Passage], seen: _Seen, score: float) -> Candidate:
    places = dict.fromkeys((passages[i].path, passages[i].line) for i in seen.passages)
    return Candidate(
        max(seen.spellings, key=lambda text: (seen.spellings[text], text)),
        seen.count,
        score * (1 + log2(len({passages[i].path for i in seen.passages}))),
        tuple(places)[:_SHOWN_PLACES],
        tuple(seen.passages),
    )


def _own_counts(counts: Mapping[tuple[str, ...], int]) -> dict[tuple[str, ...], int]:
    """Return how often each sequence occurs outside of the longer ones."""
    own: dict[tuple[str, ...], int] = {}
    inside: Counter[tuple[str, ...]] = Counter()
    for key in sorted(counts, key=len, reverse=True):
        own[key] = max(0, counts[key] - inside[key])
        for start, end in _spans(len(key), len(key) - 1):
            inside[key[start:end]] += own[key]
    return own


# --- English ----------------------------------------------------------------------------------


def _english(passages: Sequence[Passage], minimum: int) -> Iterator[Candidate]:
    seen: dict[tuple[str, ...], _Seen] = defaultdict(_Seen)
    for number, passage in enumerate(passages):
        for sequence in _sequences(passage.text):
            for start, end in _spans(len(sequence), _LONGEST_ENGLISH):
                _note(seen, number, sequence[start:end])
    frequent = {key: found for key, found in seen.items() if found.count >= minimum}
    own = _own_counts({key: found.count for key, found in frequent.items()})
    for key, found in frequent.items():
        weight = _english_weight(key, found)
        if weight and own[key] >= 1 and own[key] >= minimum / 2:
            yield _candidate(passages, found, weight * log2(len(key) + 1) * own[key])


@dataclass(frozen=True, slots=True)
class _Word:
    text: str
    begins: bool
    """Whether a sentence begins with it, so that its capital says nothing."""


def _sequences(text: str) -> Iterator[list[_Word]]:
    """Yield runs of words with nothing but a space between them and no stop word in them."""
    run: list[_Word] = []
    end = 0
    for found in _WORD.finditer(text):
        word = re.sub("['’]s$", "", found[0])
        joined = text[end : found.start()] in (" ", "\n")
        if run and not joined:
            yield run
            run = []
        end = found.end() if word == found[0] else -1
        if word.lower() in words.ENGLISH:
            if run:
                yield run
            run = []
        else:
            before = text[max(0, found.start() - 4) : found.start()]
            run.append(_Word(word, begins=bool(_SENTENCE_END.search(before))))
    if run:
        yield run


def _spans(size: int, longest: int) -> Iterator[tuple[int, int]]:
    for start in range(size):
        for end in range(start + 1, min(size, start + longest) + 1):
            yield start, end


def _note(seen: dict[tuple[str, ...], _Seen], number: int, sequence: Sequence[_Word]) -> None:
    last = sequence[-1].text
    if last.lower().endswith("ly") or sequence[0].text.lower().endswith("ly"):
        return
    key = (*(word.text.lower() for word in sequence[:-1]), singular(last.lower()))
    found = seen[key]
    found.spellings[" ".join(word.text for word in sequence)] += 1
    found.passages[number] = None
    found.names += all(_is_name(word) for word in sequence)


def _is_name(word: _Word) -> bool:
    """Tell whether the word is written as a name or an acronym where no sentence asks for it."""
    inner = any(character.isupper() or character.isdigit() for character in word.text[1:])
    return inner or (word.text[0].isupper() and not word.begins)


def _english_weight(key: tuple[str, ...], found: _Seen) -> float:
    if len(key) == 1 and len(key[0]) == 1:
        return 0
    if found.names * 2 > found.count:
        return _NAME_WEIGHT
    if key[-1].endswith(("ed", "ing")) and len(key) == 1:
        return 0
    return 1 if len(key) > 1 else _PLAIN_WORD_WEIGHT


# --- Chinese ----------------------------------------------------------------------------------


def _chinese(passages: Sequence[Passage], minimum: int) -> Iterator[Candidate]:
    runs = [
        (number, run)
        for number, passage in enumerate(passages)
        for run in _HAN_RUN.findall(passage.text)
    ]
    counts = _frequent(runs, minimum)
    total = sum(count for gram, count in counts.items() if len(gram) == 1)
    whole = {
        gram: cohesion
        for gram in counts
        if _may_be_term(gram) and (cohesion := _cohesion(gram, counts, total)) >= _COHESION
    }
    own = _own_counts({tuple(gram): counts[gram] for gram in whole})
    for gram, seen in _free(runs, whole, minimum):
        alone = own[tuple(gram)]
        if alone >= 1 and alone >= minimum / 2:
            weight = (
                (log2(len(gram)) if len(gram) > 2 else _SHORT_WEIGHT) * min(whole[gram], 10) / 10
            )
            yield _candidate(passages, seen, weight * alone)


def _frequent(runs: Iterable[tuple[int, str]], minimum: int) -> dict[str, int]:
    """Return how often sequences of characters occur; long ones are made of frequent ones only."""
    counts: dict[str, int] = {}
    texts = [run for _, run in runs]
    for size in range(1, _LONGEST_HAN + 1):
        found = Counter(
            text[i : i + size]
            for text in texts
            for i in range(len(text) - size + 1)
            if size == 1 or (text[i : i + size - 1] in counts and text[i + 1 : i + size] in counts)
        )
        # Single characters are counted whatever their number: all cohesion is measured by them.
        counts |= {gram: n for gram, n in found.items() if n >= minimum or size == 1}
    return counts


def _may_be_term(gram: str) -> bool:
    return (
        len(gram) > 1
        and gram[0] not in words.HAN_START
        and gram[-1] not in words.HAN_END
        and words.HAN_INSIDE.isdisjoint(gram)
        and gram not in words.HAN_WORDS
        and not any(gram[:i] in words.HAN_WORDS for i in range(2, len(gram)))
        and not any(gram[i:] in words.HAN_WORDS for i in range(1, len(gram) - 1))
    )


def _cohesion(gram: str, counts: Mapping[str, int], total: int) -> float:
    """Return the mutual information, in bits, of the two parts that attract each other least."""
    return min(
        log2(counts[gram] * total / (counts[gram[:i]] * counts[gram[i:]]))
        for i in range(1, len(gram))
    )


def _free(
    runs: Iterable[tuple[int, str]], grams: Collection[str], minimum: int
) -> Iterator[tuple[str, _Seen]]:
    """Yield those of ``grams`` that stand between different neighbours, and where they are."""
    seen: dict[str, _Seen] = defaultdict(_Seen)
    left: dict[str, Counter[str]] = defaultdict(Counter)
    right: dict[str, Counter[str]] = defaultdict(Counter)
    for place, (number, run) in enumerate(runs):
        for start, end in _spans(len(run), _LONGEST_HAN):
            gram = run[start:end]
            if gram in grams:
                seen[gram].spellings[gram] += 1
                seen[gram].passages[number] = None
                # The end of a run is a neighbour of its own each time.
                left[gram][run[start - 1] if start else f"<{place}"] += 1
                right[gram][run[end] if end < len(run) else f">{place}"] += 1
    for gram, found in seen.items():
        if found.count >= minimum and min(_entropy(left[gram]), _entropy(right[gram])) >= _FREEDOM:
            yield gram, found


def _entropy(counts: Counter[str]) -> float:
    total = counts.total()
    return -sum(count / total * log2(count / total) for count in counts.values())
