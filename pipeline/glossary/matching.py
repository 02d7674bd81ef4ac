"""Finds phrases in a text: leftmost, then longest first, never inside a longer word.

Chinese needs no spaces around a phrase (``使用GitHub平台`` holds ``GitHub``). Letter case, the
width of letters, hyphens for spaces and the space between Chinese and Latin do not matter.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from pipeline.glossary.english import inflections
from pipeline.patterns import lazy

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick

HAN = "\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff"
"""Characters of the scripts that write no spaces between words."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A text to find, and what counts as the same."""

    text: str
    case_sensitive: bool = False
    verb: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One way to write phrase number ``phrase``; ``exact`` is None where case does not matter."""

    phrase: int
    exact: str | None
    inflected: bool

    @property
    def rank(self) -> tuple[bool, bool]:
        """Less is better: the phrase as it was listed, and one whose case has to fit."""
        return self.inflected, self.exact is None


@dataclass(frozen=True, slots=True)
class Matcher:
    """Finds numbered phrases; ``forms[i]`` is what pattern ``i`` of the automaton stands for."""

    automaton: AhoCorasick
    forms: tuple[tuple[Form, ...], ...]
    edges: tuple[tuple[str, str], ...]
    """The kinds of the first and the last character of pattern ``i``, see ``_kind``."""

    @classmethod
    def of(cls, phrases: Iterable[Phrase]) -> Matcher:
        """Return the matcher of the phrases, which are numbered from 0."""
        from ahocorasick_rs import AhoCorasick

        forms: dict[str, list[Form]] = {}
        for number, phrase in enumerate(phrases):
            for spelled, inflected in _spellings(phrase).items():
                has_case = phrase.case_sensitive and spelled.lower() != spelled.upper()
                exact = spelled.translate(_ALIKE) if has_case else None
                forms.setdefault(fold(spelled), []).append(Form(number, exact, inflected))
        return cls(
            AhoCorasick(list(forms)),
            tuple(tuple(sorted(same, key=lambda form: form.rank)) for same in forms.values()),
            tuple((_kind(pattern[0]), _kind(pattern[-1])) for pattern in forms),
        )

    def find(
        self, text: str, wanted: Set[int] | None = None
    ) -> Iterator[tuple[int, int, list[Form]]]:
        """Yield start, end and forms (the best first) of each match, without overlaps.

        Only ``wanted`` phrases count. All occurrences are looked at, because the longest one may
        be refused (part of a longer word, wrong case) and must not hide a shorter one.
        """
        free = 0
        for start, minus_end, pattern in sorted(self._occurrences(text)):
            if start < free:
                continue
            forms = self._fitting(pattern, text[start:-minus_end], wanted)
            if forms:
                free = -minus_end
                yield start, free, forms

    def present(self, text: str) -> set[int]:
        """Return the numbers of all phrases in ``text``, also those inside longer ones."""
        return {
            form.phrase
            for start, minus_end, pattern in self._occurrences(text)
            for form in self._fitting(pattern, text[start:-minus_end], None)
        }

    def _occurrences(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield start, minus end and pattern, so that sorting puts the longest first."""
        found = self.automaton.find_matches_as_indexes(fold(text), overlapping=True)
        for pattern, start, end in found:
            first, last = self.edges[pattern]
            if not (_goes_on_before(text, start, first) or _goes_on_after(text, end, last)):
                yield start, -end, pattern

    def _fitting(self, pattern: int, text: str, wanted: Set[int] | None) -> list[Form]:
        return [
            form
            for form in self.forms[pattern]
            if (wanted is None or form.phrase in wanted)
            and (form.exact is None or form.exact == text.translate(_ALIKE))
        ]


def best(forms: Sequence[Form]) -> tuple[int, ...]:
    """Return the phrases that fit as well as the first one does."""
    return tuple(form.phrase for form in forms if form.rank == forms[0].rank)


def fold(text: str) -> str:
    """Return ``text`` with what does not matter made equal; no character changes its place."""
    return text.translate(_FOLDED)


_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_ALIKE = _WIDE | {
    ord(a): b for a, b in zip("\n\t\u00a0\u3000’\u2010\u2011", "    '--", strict=True)
}


class _Folding(dict[int, int | str]):
    """Maps a character to its lower case only where that is one character, so offsets hold."""

    def __missing__(self, code: int) -> int | str:
        alike = _ALIKE.get(code, code)
        character = chr(alike) if isinstance(alike, int) else alike
        lower = character.lower()
        self[code] = lower if len(lower) == 1 else character
        return self[code]


_FOLDED = _Folding()


# --- spellings --------------------------------------------------------------------------------

_INNER_HYPHEN = lazy(r"(?<=[^\W_])[-\u2010\u2011](?=[^\W_])")
_INNER_SPACE = lazy(r"(?<=[A-Za-z0-9]) (?=[A-Za-z0-9])")
_SEAM = lazy(f"(?<=[{HAN}]) ?(?=[A-Za-z0-9])|(?<=[A-Za-z0-9+#]) ?(?=[{HAN}])")


def _spellings(phrase: Phrase) -> dict[str, bool]:
    """Return the texts that stand for a phrase, and whether they are inflected."""
    forms = dict.fromkeys((phrase.text, *_respelled(phrase.text)), False)
    for text in inflections(phrase.text, verb=phrase.verb):
        for form in (text, *_respelled(text)):
            forms.setdefault(form, True)
    return forms


def _respelled(text: str) -> Iterator[str]:
    """Yield a phrase with its hyphens as spaces, and the reverse; with and without Chinese gaps."""
    if _INNER_HYPHEN.search(text):
        yield _INNER_HYPHEN.sub(" ", text)
    if " " in text and _INNER_SPACE.search(text):
        yield _INNER_SPACE.sub("-", text)
    if not text.isascii() and _SEAM.search(text):
        yield _SEAM.sub("", text)
        yield _SEAM.sub(" ", text)


# --- edges ------------------------------------------------------------------------------------

_WORD, _MARK, _FREE = "word", "mark", "free"
_UNSPACED = lazy(f"[{HAN}]")
_CONTRACTED = lazy("['’](?!s(?![A-Za-z]))[A-Za-z]")


@cache
def _kind(character: str) -> str:
    """Tell letters of a script that writes spaces, those of one that does not, and marks."""
    if _UNSPACED.match(character):
        return _FREE
    return _WORD if character.isalnum() or character == "_" else _MARK


def _goes_on_before(text: str, start: int, first: str) -> bool:
    """Tell whether the word or name that a match begins with began earlier."""
    if first == _FREE or not start:
        return False
    before = text[start - 1]
    if _kind(before) == _WORD:
        return True
    return before in ".&" and first == _WORD and start > 1 and _kind(text[start - 2]) == _WORD


def _goes_on_after(text: str, end: int, last: str) -> bool:
    """Tell whether the word or name that a match ends with goes on: C in ``C++``, R in R&D."""
    if last == _FREE or end == len(text):
        return False
    after = text[end]
    if last == _MARK:  # C++ is in C++17
        return after.isalpha() and _kind(after) == _WORD
    if _kind(after) == _WORD or after == "#":
        return True
    if after in "'’":
        return bool(_CONTRACTED.match(text, end))
    following = _kind(text[end + 1]) if end + 1 < len(text) else _MARK
    return (after in ".&" and following == _WORD) or (after == "+" and following == _MARK)
