"""How alike two texts are as versions of one; merging and the translation memory share this."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence

from pipeline.patterns import lazy

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
"""The Han characters, as the inside of a regular expression's brackets."""

_CUTOFFS = ((20, 90.0), (40, 80.0))
"""Similarity in percent that two texts need, by the weight of the lighter one."""
CUTOFF = 70.0
"""What all but the lightest texts need, and any needs at least."""
_CLAIM_CUTOFF = 90.0
_IN_PLACE_CUTOFF = 60.0
"""What texts need that stand between the same neighbours."""
_LEAST_SHARE = 0.5
"""How much of the longer text the shorter one must be, if nothing was changed but added."""
_DIFF_LENGTH = 4000
_HAN = lazy(f"[{HAN}]")
_NUMBER = lazy(r"[0-9]+(?:[.,][0-9]+)*|第[零〇一二两三四五六七八九十百千]+")
_PLACEHOLDER = lazy(r"\{[0-9]+\}")
_NEGATION = lazy(
    r"[不没沒无無未非]|\b(?:not?|never|none|neither|nor|without|cannot)\b|n['’]t\b",
    re.IGNORECASE | re.ASCII,
)
_WORD = lazy(rf"\{{[0-9]+\}}|[^\W{HAN}]+|\s+|.", re.DOTALL)


def similar(
    text: str, texts: Sequence[str], *, cutoff: float = CUTOFF, limit: int | None = None
) -> Iterator[tuple[float, int]]:
    """Yield similarity in percent and index of the ``texts`` most like ``text``, best first."""
    from rapidfuzz import fuzz, process

    found = process.extract(text, texts, scorer=fuzz.ratio, score_cutoff=cutoff, limit=limit)
    for _, score, index in found:
        yield score, index


def needed(one: str, other: str) -> float:
    """Return the similarity in percent that the two texts need to pass as versions of one."""
    weight = min(_weight(one), _weight(other))
    if not same_claims(one, other):
        return _CLAIM_CUTOFF if weight >= _CUTOFFS[-1][0] else math.inf
    return next((cutoff for limit, cutoff in _CUTOFFS if weight < limit), CUTOFF)


def is_version(old: str, new: str, ratio: float, *, in_place: bool) -> bool:
    """Tell whether one of two texts, alike to ``ratio`` percent, is a version of the other.

    Numbers aside, which ``ratio`` leaves out (see ``without_numbers``). Where the texts negate
    differently, they must be long and much alike. Else it is enough that the one has all that the
    other has, or that they stand in the same place.
    """
    weight = min(_weight(old), _weight(new))
    if _negations(old) != _negations(new):
        return ratio >= _CLAIM_CUTOFF and weight >= _CUTOFFS[-1][0]
    if in_place and ratio >= _IN_PLACE_CUTOFF:
        return True
    cutoff = next((cutoff for limit, cutoff in _CUTOFFS if weight < limit), CUTOFF)
    return ratio >= cutoff or _only_adds(old, new)


def without_numbers(text: str) -> str:
    """Return the text with ``0`` for each number."""
    return _NUMBER.sub("0", text)


def same_claims(one: str, other: str) -> bool:
    """Tell whether the texts have the same numbers and negate as often.

    These are what a reviewer overlooks easily.
    """
    return one == other or _claims(one) == _claims(other)


def differences(old: str, new: str) -> str:
    """Return ``new`` with what was taken from ``old`` as ``[-…-]`` and what was added as ``{+…+}``.

    The unit is a word, or a Han character. Nothing is returned for texts too long to compare.
    """
    from rapidfuzz.distance import Indel

    if len(old) + len(new) > _DIFF_LENGTH:
        return ""
    before, after = _WORD.findall(old), _WORD.findall(new)
    parts: list[str] = []
    removed = added = ""
    for step in Indel.opcodes(before, after):
        if step.tag == "equal":
            parts += [_change(removed, added), "".join(after[step.dest_start : step.dest_end])]
            removed = added = ""
        else:
            removed += "".join(before[step.src_start : step.src_end])
            added += "".join(after[step.dest_start : step.dest_end])
    return "".join([*parts, _change(removed, added)])


def _change(removed: str, added: str) -> str:
    return (f"[-{removed}-]" if removed else "") + (f"{{+{added}+}}" if added else "")


def _weight(text: str) -> int:
    """Return the length in Latin letters: a Han character says as much as two or more of them."""
    return len(text) + len(_HAN.findall(text))


def _claims(text: str) -> tuple[list[str], int]:
    plain = _PLACEHOLDER.sub("", text)
    return sorted(_NUMBER.findall(plain)), _negations(plain)


def _negations(text: str) -> int:
    return len(_NEGATION.findall(text))


def _only_adds(one: str, other: str) -> bool:
    """Tell whether the longer text has all words, or Han characters, of the other, in order."""
    shorter, longer = sorted((one, other), key=_weight)
    if _weight(shorter) < _LEAST_SHARE * _weight(longer):
        return False
    rest = iter(_words(longer))
    return all(word in rest for word in _words(shorter))


def _words(text: str) -> list[str]:
    return [word.casefold() for word in _WORD.findall(text) if not word.isspace()]
