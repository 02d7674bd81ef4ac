"""Translating a set as ``translate`` does, and what that shows."""

from __future__ import annotations

import re
import resource
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import fmean

from pipeline.catalog import new
from pipeline.engines import Answer, Engine, Request, gates
from pipeline.glossary import Glossary
from pipeline.inline import find
from pipeline.jobs import UNTRANSLATED, Job
from pipeline.memory import Index, Memory
from pipeline.model import Unit
from pipeline.plans import Tally
from pipeline.pretranslate import pretranslate

from .sets import LOCALES, PROFILE, Text, right_terms

_REASON = re.compile(r"\(.*\)|\d+|(?<=loses )\S+|(?<=number )\S+")


class Watched(Engine):
    """An engine of which is known how often it was asked."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.name, self.identity, self.draft = engine.name, engine.identity, engine.draft
        self.sentences, self.heeds = engine.sentences, engine.heeds
        self.notation, self.at_once = engine.notation, engine.at_once
        self.asked = 0

    def translate(self, requests: Sequence[Request], source: str, target: str) -> Iterator[Answer]:
        """Pass everything on."""
        self.asked += len(requests)
        yield from self.engine.translate(requests, source, target)

    def close(self) -> None:
        """Do nothing: whoever made the engine closes it."""


@dataclass(frozen=True, slots=True)
class Result:
    """What became of a set of texts: ``answers`` are empty where none was taken."""

    texts: Sequence[Text]
    answers: Sequence[str]
    reasons: Counter[str]
    asked: int
    seconds: float
    chinese: bool
    """The texts were translated into Chinese."""

    @property
    def taken(self) -> list[tuple[Text, str]]:
        """The texts that have a translation, with it."""
        return [(t, a) for t, a in zip(self.texts, self.answers, strict=True) if a]

    @property
    def words(self) -> float:
        """The size of all texts, in English words or what they are in Chinese."""
        return sum(gates.size(text.source) for text in self.texts)

    @property
    def bleu(self) -> float:
        """BLEU of what was taken."""
        from sacrebleu.metrics import BLEU

        metric = BLEU(tokenize="zh" if self.chinese else "13a")
        return float(metric.corpus_score(*self._scored()).score) if self.taken else 0.0

    @property
    def chrf(self) -> float:
        """chrF of what was taken, all of it as one text."""
        from sacrebleu.metrics import CHRF

        return float(CHRF().corpus_score(*self._scored()).score) if self.taken else 0.0

    def _scored(self) -> tuple[list[str], list[list[str]]]:
        return [answer for _, answer in self.taken], [[text.reference for text, _ in self.taken]]

    @property
    def terms(self) -> float:
        """The share of terms that are right in what was taken; 0 where there are none."""
        wanted = sum(len(text.terms) for text, _ in self.taken)
        return sum(right_terms(text, answer) for text, answer in self.taken) / max(1, wanted)

    @property
    def intact(self) -> bool:
        """Whether everything that was taken holds exactly the markup of its source."""
        return all(_markup(text.source) == _markup(answer) for text, answer in self.taken)


def translated(
    texts: Sequence[Text], engine: Engine, direction: str, *, glossary: bool = False
) -> Result:
    """Translate the texts, each as a unit of its own, with their terms if ``glossary``."""
    source, target = (LOCALES[part] for part in direction.split("-"))
    known = Glossary(list({term: None for t in texts for term in t.terms}) if glossary else [])
    watched = Watched(engine)
    # Equal texts are one unit.
    units = {text.source: Unit(text.source) for text in texts}
    memory = Memory(source, target, Index(feeds=lambda: []))
    job = Job(source, target, PROFILE, {}, memory, known, watched)
    start = time.perf_counter()
    catalog = replace(new(Path("measured.po"), target, source), units=tuple(units.values()))
    filled = {unit.msgid: unit for unit in pretranslate(catalog, job, Tally()).units}
    seconds = time.perf_counter() - start
    answers = [filled[text.source].msgstr for text in texts]
    reasons = Counter(
        _REASON.sub("…", comment.removeprefix(UNTRANSLATED))
        for unit in filled.values()
        for comment in unit.comments
    )
    return Result(texts, answers, reasons, watched.asked, seconds, target != "en")


def segment_chrf(pairs: Sequence[tuple[Text, str]]) -> float:
    """Return the mean chrF of single texts."""
    from sacrebleu.metrics import CHRF

    metric = CHRF()
    scores = [metric.sentence_score(answer, [text.reference]).score for text, answer in pairs]
    return fmean(scores) if scores else 0.0


def peak_memory() -> int:
    """Return the peak memory in bytes of this process and the largest of its children."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return (own + child) * 1024


def _markup(text: str) -> Counter[str]:
    return Counter(placeable.text for placeable in find(text, PROFILE, msgid=True))
