"""The other forms of English words, by rules on their endings.

More forms than English has are harmless: they stand in no text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache, lru_cache

_LAST_WORD = re.compile("(.*?)([A-Za-z]{2,})", re.S)
_NEVER_INFLECTED = {"mean", "means", "new", "news", "len", "lens", "good", "goods", "pandas"}
_PLURALS = (
    ("([A-Z])$", r"\1s"),
    ("([sx])is$", r"\1es"),
    ("[ei]x$", "ices"),
    ("([^aeiou])y$", r"\1ies"),
    ("(s|x|z|ch|sh|o)$", r"\1es"),
    ("([^sxzy]|[aeiou]y)$", r"\1s"),
    ("([a-z]{3})(?:um|on)$", r"\1a"),
    ("([a-z]{4})us$", r"\1i"),
    ("([a-z]{4}a)$", r"\1e"),
    ("([aeiloru]{2}|l)fe?$", r"\1ves"),
    ("^corpus$", "corpora"),
    ("^child$", "children"),
)
_SINGULARS = (
    ("([sx])es$", r"\1is"),
    ("ices$", "ix"),
    ("ices$", "ex"),
    ("ies$", "y"),
    ("(s|x|z|ch|sh|o)es$", r"\1"),
    ("([^sui])s$", r"\1"),
)
_VERBAL = (
    ("e$", "ed"),
    ("([^e])e$", r"\1ing"),
    ("([^aeiou])y$", r"\1ied"),
    ("([^ey])$", r"\1ed"),
    ("([^e])$", r"\1ing"),
    ("([aeiou])y$", r"\1yed"),
    ("([aeiou])([bdglmnprt])$", r"\1\2\2ed"),
    ("([aeiou])([bdglmnprt])$", r"\1\2\2ing"),
)


def inflections(phrase: str, *, verb: bool = False) -> Iterator[str]:
    """Yield the plurals of a phrase that ends in an English word, and its singulars.

    Of a ``verb`` its other forms as well, but for irregular ones. A name such as ``Windows`` has
    no singular.
    """
    found = _LAST_WORD.fullmatch(phrase)
    if found is None or found[2].lower() in _NEVER_INFLECTED:
        return
    before, word = found.groups()
    is_name = not before and word[0].isupper() and not word[:-1].isupper()
    for form in _forms(word, is_name, verb):
        yield before + form


@lru_cache(maxsize=1 << 16)
def _forms(word: str, is_name: bool, verb: bool) -> tuple[str, ...]:
    """Return the forms of one word: the terms of a glossary end in few different ones."""
    rules = _PLURALS if is_name else _PLURALS + _SINGULARS
    forms = (
        _compiled(ending).sub(other, word)
        for ending, other in (rules + _VERBAL if verb else rules)
        if _compiled(ending).search(word)
    )
    return tuple(form for form in forms if len(form) > 1)


@cache
def _compiled(ending: str) -> re.Pattern[str]:
    return re.compile(ending)


def singular(word: str) -> str:
    """Return one spelling for a noun and its plural; only good for comparing."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if re.search("(?:ss|x|z|ch|sh)es$", word):
        return word[:-2]
    return word[:-1] if re.search("[^sui]s$", word) and len(word) > 3 else word
