"""Test sets, read from folders that are not part of Diglot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.glossary import Glossary
from pipeline.markdown import parse
from pipeline.model import PROFILES, Document, Segment, Term

PROFILE = PROFILES["hugo"]
LOCALES = {"en": "en", "zh": "zh_CN"}


@dataclass(frozen=True, slots=True)
class Text:
    """A text and a translation of it by a person; ``terms`` are those that occur in both."""

    source: str
    reference: str
    kind: str = "paragraph"
    terms: tuple[Term, ...] = ()

    def turned(self) -> Text:
        """Return the same in the other direction."""
        return replace(self, source=self.reference, reference=self.source)


def news(corpora: Path, count: int) -> list[Text]:
    """Return the first lines of NTREX-128, from English to Chinese."""
    names = ("ntrex128.src.en.txt", "ntrex128.ref.zh-CN.txt")
    files = [(corpora / "mt" / name).read_text("utf-8").splitlines()[:count] for name in names]
    return [Text(source, reference) for source, reference in zip(*files, strict=True)]


def pairs(corpora: Path, count: int | None = None) -> list[Text]:
    """Return blocks of posts in two languages, from English to Chinese, taken evenly."""
    found = [text for path in sorted((corpora / "pairs").rglob("*.en.md*")) for text in _pair(path)]
    if count is None or count >= len(found):
        return found
    return [found[index * len(found) // count] for index in range(count)]


def terms(corpora: Path, count: int, direction: str) -> list[Text]:
    """Return blocks with terms, in the direction ``en-zh`` or ``zh-en``."""
    glossary = Glossary(list(_terms(corpora, direction)))
    turned = direction == "zh-en"
    texts = [text.turned() if turned else text for text in pairs(corpora)]
    found = []
    for text in texts:
        known = dict.fromkeys(match.term for match in glossary.find(text.source))
        right = tuple(term for term in known if not _missing(term, text.source, text.reference))
        if right:
            found.append(replace(text, terms=right))
    return found[:count]


def right_terms(text: Text, answer: str) -> int:
    """Return how many of the text's terms the answer has."""
    return sum(not _missing(term, text.source, answer) for term in text.terms)


def _missing(term: Term, source: str, target: str) -> bool:
    return bool(Glossary([term]).missing(source, target))


def _terms(corpora: Path, direction: str) -> Iterator[Term]:
    lines = (corpora / "mt" / "glossary_d2l.tsv").read_text("utf-8").splitlines()[1:]
    for line in lines:
        english, chinese, *_ = line.split("\t")
        yield Term(english, chinese) if direction == "en-zh" else Term(chinese, english)


def _pair(english: Path) -> Iterator[Text]:
    """Yield the blocks of a post that correspond to those of the same post in Chinese."""
    chinese = english.with_name(english.name.replace(".en.md", ".zh.md"))
    try:
        left, right = (_sections(_read(path)) for path in (english, chinese))
    except PipelineError:
        return
    if [section[0].kind for section in left] != [section[0].kind for section in right]:
        return
    for ours, theirs in zip(left, right, strict=True):
        if [segment.kind for segment in ours] == [segment.kind for segment in theirs]:
            for a, b in zip(ours, theirs, strict=True):
                if a.msgid != b.msgid:
                    yield Text(a.msgid, b.msgid, a.kind)


def _read(path: Path) -> Document:
    return parse(path.name.replace(".mdx", ".md"), path.read_text("utf-8"), PROFILE)


def _sections(document: Document) -> list[Sequence[Segment]]:
    """Return the segments of the body, parted before each heading."""
    number = 0
    numbered = []
    for segment in document.segments:
        if not segment.is_metadata:
            number += segment.kind.startswith("heading")
            numbered.append((number, segment))
    return [[s for _, s in group] for _, group in groupby(numbered, key=lambda pair: pair[0])]
