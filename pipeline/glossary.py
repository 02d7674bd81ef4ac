"""The termbase: reads ``locales/glossary.csv`` and finds its terms in a text.

One matcher finds the terms of a source text and checks its translation, so what one of them sees
the other sees too. It needs no spaces between words (``使用GitHub平台`` holds ``GitHub``), never
finds a Latin term inside a longer word, and knows the plurals of English.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import PipelineError, did_you_mean
from pipeline.files import read_text
from pipeline.model import Match, Term

if TYPE_CHECKING:
    from ahocorasick_rs import AhoCorasick


@dataclass(frozen=True, slots=True)
class Violation:
    """A term of the source that its translation does not follow.

    ``forbidden`` is the rendering that the translation must not use, as it stands there; empty
    where the term's target is missing.
    """

    term: Term
    forbidden: str = ""


@dataclass(frozen=True)
class Glossary:
    """The terms of one direction, in the order of the file."""

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
        found = dict.fromkeys(_best(forms) for _, _, forms in self._sources.find(source_text))
        if not found:
            return ()
        targets, phrases = self._targets
        wanted = {number for rows in found for row in rows for number in phrases[row]}
        seen: dict[int, str] = {}
        for start, end, forms in targets.find(target_text, wanted):
            seen.update((form.phrase, target_text[start:end]) for form in forms)
        return tuple(self._violations(found, phrases, seen))

    def _violations(
        self,
        found: Iterable[tuple[int, ...]],
        phrases: Sequence[range],
        seen: Mapping[int, str],
    ) -> Iterator[Violation]:
        allowed = {
            seen[phrases[row][0]] for rows in found for row in rows if phrases[row][0] in seen
        }
        for rows in found:
            if not any(phrases[row][0] in seen for row in rows):
                yield Violation(self.terms[rows[0]])
            for row in rows:
                for number in phrases[row][1:]:
                    if number in seen and seen[number] not in allowed:
                        yield Violation(self.terms[row], seen[number])

    @cached_property
    def _sources(self) -> _Matcher:
        return _Matcher.of((term.source, term.case_sensitive) for term in self.terms)

    @cached_property
    def _targets(self) -> tuple[_Matcher, list[range]]:
        """The matcher of all targets, and each term's numbers in it: target, then forbidden."""
        texts: list[tuple[str, bool]] = []
        numbers = []
        for term in self.terms:
            start = len(texts)
            texts += ((text, term.case_sensitive) for text in (term.target, *term.forbidden))
            numbers.append(range(start, len(texts)))
        return _Matcher.of(texts), numbers


# --- matching ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Form:
    """One way to write phrase number ``phrase``; ``exact`` is None where case does not matter."""

    phrase: int
    exact: str | None
    inflected: bool

    @property
    def rank(self) -> tuple[bool, bool]:
        """Less is better: the phrase as it was listed, and one whose case has to fit."""
        return self.inflected, self.exact is None


@dataclass(frozen=True, slots=True)
class _Matcher:
    """Finds numbered phrases; ``forms[i]`` is what pattern ``i`` of the automaton stands for."""

    automaton: AhoCorasick
    forms: tuple[tuple[_Form, ...], ...]
    edges: tuple[tuple[bool, bool], ...]
    """Whether the first, and the last, character of pattern ``i`` must not go on as a word."""

    @classmethod
    def of(cls, phrases: Iterable[tuple[str, bool]]) -> _Matcher:
        """Return the matcher of texts, each with whether its case matters."""
        from ahocorasick_rs import AhoCorasick

        forms: dict[str, list[_Form]] = {}
        for number, (text, case_sensitive) in enumerate(phrases):
            for spelled in dict.fromkeys((text, *_inflections(text))):
                has_case = spelled.lower() != spelled.upper()
                exact = spelled.translate(_SPACES) if case_sensitive and has_case else None
                form = _Form(number, exact, inflected=spelled != text)
                forms.setdefault(_fold(spelled), []).append(form)
        return cls(
            AhoCorasick(list(forms)),
            tuple(tuple(sorted(same, key=lambda form: form.rank)) for same in forms.values()),
            tuple((_is_word(pattern[0]), _is_word(pattern[-1])) for pattern in forms),
        )

    def find(
        self, text: str, wanted: Set[int] | None = None
    ) -> Iterator[tuple[int, int, list[_Form]]]:
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

    def _occurrences(self, text: str) -> Iterator[tuple[int, int, int]]:
        """Yield start, minus end and pattern, so that sorting puts the longest first."""
        size = len(text)
        found = self.automaton.find_matches_as_indexes(_fold(text), overlapping=True)
        for pattern, start, end in found:
            first, last = self.edges[pattern]
            goes_on = (first and start > 0 and _is_word(text[start - 1])) or (
                last and end < size and _is_word(text[end])
            )
            if not goes_on:
                yield start, -end, pattern

    def _fitting(self, pattern: int, text: str, wanted: Set[int] | None) -> list[_Form]:
        return [
            form
            for form in self.forms[pattern]
            if (wanted is None or form.phrase in wanted)
            and (form.exact is None or form.exact == text.translate(_SPACES))
        ]


def _best(forms: Sequence[_Form]) -> tuple[int, ...]:
    """Return the phrases that fit as well as the first one does."""
    return tuple(form.phrase for form in forms if form.rank == forms[0].rank)


_SPACES = str.maketrans("\n\t\u00a0\u3000’", "    '")


class _Folding(dict[int, int]):
    """Maps a character to its lower case only where that is one character, so offsets hold."""

    def __missing__(self, code: int) -> int:
        lower = chr(code).lower()
        self[code] = ord(lower) if len(lower) == 1 else code
        return self[code]


_LOWER = _Folding(_SPACES)


def _fold(text: str) -> str:
    return text.translate(_LOWER)


@cache
def _is_word(character: str) -> bool:
    """Say whether a word of a script that writes spaces goes on with ``character``."""
    return (character.isalnum() or character == "_") and not _UNSPACED.match(character)


_UNSPACED = re.compile("[\u2e80-\u9fff\uac00-\ud7ff\uf900-\ufaff\U00020000-\U0003ffff]")
_LAST_WORD = re.compile("(.*?)([A-Za-z]{2,})", re.S)
_NEVER_INFLECTED = {"mean", "means", "new", "news", "len", "lens", "good", "goods", "pandas"}
_PLURALS = (
    ("([A-Z])$", r"\1s"),
    ("sis$", "ses"),
    ("[ei]x$", "ices"),
    ("([^aeiou])y$", r"\1ies"),
    ("(s|x|z|ch|sh|o)$", r"\1es"),
    ("([^sxzy]|[aeiou]y)$", r"\1s"),
)
_SINGULARS = (
    ("ses$", "sis"),
    ("ices$", "ix"),
    ("ices$", "ex"),
    ("ies$", "y"),
    ("(s|x|z|ch|sh|o)es$", r"\1"),
    ("([^sui])s$", r"\1"),
)


def _inflections(phrase: str) -> Iterator[str]:
    """Yield the plurals of a phrase that ends in an English word, and its singulars.

    More forms than English has are harmless: they stand in no text. A name such as ``Windows``
    has no singular.
    """
    found = _LAST_WORD.fullmatch(phrase)
    if found is None or found[2].lower() in _NEVER_INFLECTED:
        return
    before, word = found.groups()
    is_name = not before and word[0].isupper() and not word[:-1].isupper()
    for ending, other in _PLURALS if is_name else _PLURALS + _SINGULARS:
        form, count = re.subn(ending, other, word)
        if count and len(form) > 1:
            yield before + form


# --- the file ---------------------------------------------------------------------------------

_FLAGS = ("case-sensitive", "keep", "forbidden:")
_FLAG_GAP = re.compile(r"\s*;\s*|\s+(?=case-sensitive\b|keep\b|forbidden:)")
_LOCALE = re.compile(r"[a-z]{2,3}(_[a-z]{4})?(_([a-z]{2}|[0-9]{3}))?")
_HEADER_HINT = "The first line names the columns, such as: en,zh_CN,note,flags."


def load_glossary(path: Path, source: str, target: str) -> Glossary:
    """Read the terms from ``source`` to ``target``, two gettext locales; no file, no terms.

    A row that lacks a cell of either locale says nothing about this direction. Raises
    ``PipelineError`` with the line of whatever the file does not say clearly.
    """
    if not path.exists():
        return Glossary()
    return _parsed(path, read_text(path).removeprefix("\ufeff"), source, target)


@lru_cache(maxsize=16)
def _parsed(path: Path, text: str, source: str, target: str) -> Glossary:
    """Read the terms in ``text``: one glossary serves all the posts of a project."""
    rows = _rows(path, text)
    line, header = next(rows, (1, []))
    if not header:
        return Glossary()
    columns = _columns(path, line, header)
    for locale in (source, target):
        if _column(locale) not in columns:
            raise PipelineError(
                f'there is no column "{locale}"',
                path=path,
                line=line,
                hint=f'Add "{locale}" to the first line.',
            )
    found = []
    for line, row in rows:
        if len(row) > len(columns):
            hint = 'Put a cell that holds a comma between quotes: "one, two".'
            raise PipelineError("more cells than columns", path=path, line=line, hint=hint)
        cells = dict(zip(columns, row, strict=False))
        found.append(_term(path, line, cells, _column(source), _column(target)))
    return Glossary(tuple(dict.fromkeys(term for term in found if term)))


def _rows(path: Path, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the line where each row that is not blank begins, and its cells without outer space."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    line = 1
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield line, cells
            line = reader.line_num + 1
    except csv.Error as error:
        hint = "Close every quote, and double one inside a quoted cell."
        raise PipelineError(f"not CSV: {error}", path=path, line=line, hint=hint) from error


def _columns(path: Path, line: int, header: Sequence[str]) -> list[str]:
    columns = [_column(name) for name in header]
    for name, column in zip(header, columns, strict=True):
        if column not in ("note", "flags") and not _LOCALE.fullmatch(column):
            hint = did_you_mean(name, ("note", "flags")) or _HEADER_HINT
            raise PipelineError(f'unknown column "{name}"', path=path, line=line, hint=hint)
        if columns.count(column) > 1:
            raise PipelineError(f'two columns "{name}"', path=path, line=line, hint=_HEADER_HINT)
    return columns


def _column(name: str) -> str:
    return name.replace("-", "_").lower()


def _term(path: Path, line: int, cells: Mapping[str, str], source: str, target: str) -> Term | None:
    """Return the row as a term, None where it has no text in one of the locales."""
    for locale in (source, target):
        if len(cells.get(locale, "").splitlines()) > 1:
            raise PipelineError("a term must not hold a line break", path=path, line=line)
    flags = _flags(path, line, cells.get("flags", ""))
    keep = "keep" in flags
    texts = [" ".join(cells.get(locale, "").split()) for locale in (source, target)]
    if keep:
        texts = [text or texts[1 - i] for i, text in enumerate(texts)]
    if not all(texts):
        return None
    if keep and texts[0] != texts[1]:
        what = f'"keep" contradicts the translation "{texts[1]}" of "{texts[0]}"'
        raise PipelineError(what, path=path, line=line, hint="Leave one of them out.")
    return Term(
        texts[0],
        texts[1],
        note=cells.get("note", ""),
        case_sensitive="case-sensitive" in flags,
        keep=keep,
        forbidden=flags.get("forbidden:", ()),
    )


def _flags(path: Path, line: int, cell: str) -> dict[str, tuple[str, ...]]:
    """Return the flags of a row; the value of ``forbidden:`` is its list of renderings."""
    flags: dict[str, tuple[str, ...]] = {}
    for flag in filter(None, _FLAG_GAP.split(cell.strip())):
        name, colon, value = flag.partition(":")
        if name + colon not in _FLAGS:
            hint = did_you_mean(name, ("case-sensitive", "keep", "forbidden"))
            hint = hint or "The flags are case-sensitive, keep and forbidden:one|another."
            raise PipelineError(f'unknown flag "{flag}"', path=path, line=line, hint=hint)
        texts = tuple(text.strip() for text in value.split("|"))
        if colon and not all(texts):
            hint = "Write forbidden:one|another."
            raise PipelineError(f'"{flag}" lists nothing', path=path, line=line, hint=hint)
        flags[name + colon] = texts
    return flags
