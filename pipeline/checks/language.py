"""Checks that a translation is one: in its language, of a likely length, and nothing but it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.pair import Check, Guard, Pair, show
from pipeline.inline import HAN, count_han, count_latin_words
from pipeline.model import Severity

_WITH_HAN = frozenset(("zh", "ja", "ko"))
_HAN_RUN = re.compile(f"[{HAN}]+")
_LOWER_WORD = re.compile(r"(?<![\w./@#-])[a-z\u00df-\u00ff][a-z\u00df-\u00ff'’-]+(?![\w/@]|\.\w)")


def _wrong_language(pair: Pair) -> Iterator[str]:
    source, target = _language(pair.source), _language(pair.target)
    if source == target:
        return
    if target == "zh":
        if _is_sentence(pair.source_prose) and not count_han(pair.target_prose):
            yield "the translation holds no Chinese"
    elif target not in _WITH_HAN:
        yield from _leftover_han(pair, chinese=source == "zh")


def _language(locale: str) -> str:
    return locale.partition("_")[0]


def _is_sentence(text: str) -> bool:
    """Tell a text with words of its own from one of names only, which may stay as it is."""
    return len(set(_LOWER_WORD.findall(text))) >= 3


def _leftover_han(pair: Pair, *, chinese: bool) -> Iterator[str]:
    """Find Chinese in a text of another script: more than it quotes from the source."""
    runs = _HAN_RUN.findall(pair.target_prose)
    if not runs:
        return
    present = set(_HAN_RUN.findall(pair.unit.msgid))
    others = (run for run in dict.fromkeys(runs) if run not in present)
    strange = next((run for run in others if run not in pair.unit.msgid), "")
    count = sum(map(len, runs))
    if strange:
        yield f"the translation holds Chinese that the source has not: {show(strange, 20)}"
    elif chinese and count >= 6 and count > _distinct_words(pair.target_prose):
        yield "the translation is mostly Chinese"


def _distinct_words(text: str) -> int:
    return len(set(re.findall(r"[a-z\u00df-\u00ff]+", text.lower())))


def _copied(pair: Pair) -> Iterator[str]:
    source, target = _language(pair.source), _language(pair.target)
    if source == target or pair.unit.msgstr.split() != pair.unit.msgid.split():
        return
    words, han = count_latin_words(pair.source_prose), count_han(pair.source_prose)
    copied = han >= 2 if target not in _WITH_HAN else not han and words >= 3 + _is_name(pair)
    if copied and not any(_wrong_language(pair)):
        yield "the translation is the same as the source"


def _is_name(pair: Pair) -> bool:
    return not _LOWER_WORD.search(pair.source_prose)


_CHATTER = re.compile(
    r"\W*(?:(?:sure|certainly|of course|okay|好的|当然)\W{1,3})?"
    r"(?:here(?:['’]s| is| are) (?:the|your|a|my) (?:\w+ ){0,3}translat"
    r"|(?:the )?translat(?:ion|ed text)(?: (?:is|of \S+))?\W?\s*[:：]"
    r"|as an? (?:ai|(?:ai |large )?language model|ai assistant),? I\b"
    r"|I(?:['’]m| am) (?:sorry, but I|unable to translate)|I can(?:not|['’]t) translate"
    r"|(?:以下|下面|这)是?(?:[^，。：:\n]{0,12})(?:翻译|译文)[^，。：:\n]{0,6}[：:]"
    r"|(?:翻译|译文)(?:如下|结果|为)?\s*[：:]|翻译如下"
    r"|作为(?:一个|一名|一款)?(?:AI|人工智能|大?语言)(?:语言)?(?:模型|助手)\W{0,2}我"
    r"|(?:很抱歉|对不起|抱歉)\W{1,2}(?:但)?我(?:无法|不能)(?:翻译|提供))",
    re.I,
)
_CONTROL = re.compile(
    r"<\|[^|<>\s]{1,40}\|>|</?think>|<(?:start|end)_of_turn>|\[/?INST\]|</s>|\ufffd", re.I
)
_FENCE = re.compile(r"\s*(```+|~~~+)")
_RUNAWAY = re.compile(r"([^\W\d_].{1,15}?)\1{5,}", re.S)
"""Something short, six times: bounded, so that the search stays linear."""
_LAUGHTER = frozenset("哈呵嘿嘻啊呜嗯abcdefghijklmnopqrstuvwxyz")
"""What people repeat for effect, one character after the other."""


def _llm_artifact(pair: Pair) -> Iterator[str]:
    source, target = pair.unit.msgid, pair.unit.msgstr
    chatter = _CHATTER.match(target)
    if chatter and not _CHATTER.match(source):
        yield f'the translation starts with "{show(chatter[0].strip(), 30)}"'
    control = _CONTROL.search(target)
    if control and control[0] not in source:
        yield f"the translation holds {control[0]}"
    fence = _FENCE.match(target)
    if fence and target.rstrip().endswith(fence[1]) and not _FENCE.match(source):
        yield "the translation is wrapped in a code fence"
    if (repeated := _runaway(target)) and not _runaway(source):
        yield f'the translation repeats "{show(repeated, 20)}" again and again'


def _runaway(text: str) -> str:
    found = (match[1] for match in _RUNAWAY.finditer(text))
    return next((part for part in found if len(set(part)) > 1 or part[0] not in _LAUGHTER), "")


_HAN_PER_WORD = 1.7
_BOUNDS = ((4, 0.15, 8.0), (12, 0.25, 4.0), (float("inf"), 0.33, 3.0))
"""Up to a size of the source in words: the smallest and the largest share of it."""


def _length_ratio(pair: Pair) -> Iterator[str]:
    source, target = _size(pair.source_prose), _size(pair.target_prose)
    if source < 1:
        return
    low, high = next((low, high) for size, low, high in _BOUNDS if source < size)
    if not low <= target / source <= high:
        yield f"the translation is {'long' if target > source else 'short'} for its source"


def _size(text: str) -> float:
    return count_han(text) / _HAN_PER_WORD + count_latin_words(text)


CHECKS = (
    Check(
        "wrong-language",
        "language",
        Severity.ERROR,
        "are not in the language of their catalog",
        _wrong_language,
        "Translate it, or let it be with the comment # diglot: ignore wrong-language.",
        Guard.CATALOG,
    ),
    Check(
        "copied",
        "language",
        Severity.WARNING,
        "are the same as their source",
        _copied,
        "Translate it, or let a name be with the comment # diglot: ignore copied.",
        Guard.CATALOG,
    ),
    Check(
        "llm-artifact",
        "language",
        Severity.ERROR,
        "hold what a language model says around, or instead of, a translation",
        _llm_artifact,
        "Leave only the translation.",
        Guard.CATALOG,
    ),
    Check(
        "length-ratio",
        "language",
        Severity.WARNING,
        "are very long or very short",
        _length_ratio,
        "See whether something is missing or was added.",
    ),
)
