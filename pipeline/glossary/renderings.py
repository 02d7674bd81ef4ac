"""How a candidate is translated: what stands most exclusively in the translations beside it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import replace

from pipeline.glossary import words
from pipeline.glossary.candidates import Candidate, Passage

_FEWEST = 2
"""So many reviewed translations must agree."""
_JUDGED = 40
"""So many renderings of a candidate are looked at more closely."""
_TOKEN = re.compile(r"[A-Za-z][\w+#.'’-]*[\w+#]|[A-Za-z]|[\u3400-\u9fff]+")


def with_targets(
    found: Sequence[Candidate], passages: Sequence[Passage], locales: Sequence[str]
) -> list[Candidate]:
    """Return the candidates, each with the renderings that most often go with it.

    The same translation, such as that of a title, counts once.
    """
    reviewed = {
        locale: {p.translations[locale].lower() for p in passages if locale in p.translations}
        for locale in locales
    }
    return [
        replace(
            candidate,
            targets={
                locale: target
                for locale in locales
                if (target := _rendering(_beside(candidate, passages, locale), reviewed[locale]))
            },
        )
        for candidate in found
    ]


def _beside(candidate: Candidate, passages: Sequence[Passage], locale: str) -> list[str]:
    texts = (passages[index].translations.get(locale) for index in candidate.passages)
    return list(dict.fromkeys(text for text in texts if text))


def _rendering(near: Sequence[str], reviewed: Collection[str]) -> str:
    together: Counter[str] = Counter()
    spelled: dict[str, str] = {}
    for text in near:
        grams = {gram.lower(): gram for gram in _grams(text)}
        together.update(grams.keys())
        spelled |= grams
    common = [gram for gram, count in together.most_common(_JUDGED) if count >= _FEWEST]
    likeness = {
        gram: 2 * together[gram] / (len(near) + sum(gram in text for text in reviewed))
        for gram in common
    }
    best = max(likeness, key=lambda gram: (likeness[gram], len(gram)), default="")
    return spelled[best] if likeness.get(best, 0) >= 0.5 else ""


def _grams(text: str) -> Iterator[str]:
    """Yield what may be a term: Chinese sequences, and up to three English words."""
    run: list[str] = []
    for token in _TOKEN.findall(text):
        if token[0] >= "\u3400":
            run = []
            yield from _han_grams(token)
        elif token.lower() in words.ENGLISH:
            run = []
        else:
            run = [*run, token][-3:]
            yield from (" ".join(run[i:]) for i in range(len(run)))


def _han_grams(run: str) -> Iterator[str]:
    for start in range(len(run) - 1):
        for end in range(start + 2, min(len(run), start + 6) + 1):
            gram = run[start:end]
            edges = gram[0] in words.HAN_START or gram[-1] in words.HAN_END
            if not edges and words.HAN_INSIDE.isdisjoint(gram):
                yield gram
