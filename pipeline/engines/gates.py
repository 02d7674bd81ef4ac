"""Tests that a small model's answer must pass before anybody sees it.

They look for the ways in which such a model fails: silence, copying, the wrong script, babble,
running on, lost numbers. Each gate is a pure function of source and answer that returns a reason,
or ``""``; masked parts (``<x1/>``) do not count as text.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection
from decimal import Decimal, InvalidOperation

from pipeline.patterns import lazy
from pipeline.wording import NOTHING, Message

TOKEN = lazy(r"<x\d+/>")

SHORT = 4
"""Words below which a text counts as a heading or a label: its length says little."""

_HAN = lazy(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
_WORD = lazy(r"[^\W\d_\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+(?:['’][a-z]+)?")
_LOWER = lazy(r"(?<![A-Za-z])[a-z]{2,}(?![A-Za-z])")
_NUMBER = lazy(r"\d+(?:[.,]\d+)*")
_SCALES = {"thousand": 10**3, "million": 10**6, "billion": 10**9, "万": 10**4, "亿": 10**8}
_SCALED = lazy(rf"(\d+(?:[.,]\d+)*)\s*({'|'.join(_SCALES)})")
_MONTH = lazy(r"(?<!\d)(?:1[0-2]|[1-9])\s*月")
_ACRONYM = lazy(r"(?<![A-Za-z0-9])[A-Z][A-Z0-9]{1,5}(?=s?(?![A-Za-z0-9]))")

_LATIN = lazy(r"[A-Za-z][A-Za-z0-9+#.-]*[A-Za-z0-9+#]")

_HAN_PER_WORD = 1.7
_RATIO, _SHORT_RATIO = (0.4, 2.5), (0.15, 6.0)
_REPEATS = 3


def reasons(
    source: str,
    answer: str,
    *,
    chinese: bool,
    capped: bool = False,
    exempt: Collection[str] = (),
) -> tuple[Message, ...]:
    """Say why ``answer`` is no translation of ``source``; ``chinese`` is the target's script.

    ``capped`` tells that the model had to be stopped, ``exempt`` lists names and acronyms that need
    not reappear because a glossary translates them. An empty answer has that one reason only.
    """
    source, answer = plain(source), plain(answer)
    if not answer:
        return (Message("it is empty"),)
    found = [Message("it did not come to an end")] if capped else []
    found += [reason for gate in _GATES if (reason := gate(source, answer, chinese))]
    if reason := _names(source, answer, chinese, exempt):
        found.append(reason)
    return tuple(found)


def translatable(text: str, *, chinese: bool) -> bool:
    """Tell whether ``text`` holds anything but names, numbers and marks; ``chinese`` is its script.

    An acronym, a version or a formula is its own translation.
    """
    text = plain(text)
    if chinese:
        return bool(_HAN.search(text))
    return any(
        len(word) > 1 and (not word.isupper() or len(word) > len("ACRONYM") - 1)
        for word in _WORD.findall(text)
    )


def plain(text: str) -> str:
    """Return ``text`` without masked parts, its full-width letters and digits made ASCII."""
    return " ".join(unicodedata.normalize("NFKC", TOKEN.sub(" ", text)).split())


def words(text: str) -> int:
    """Count the words of ``text``, a run of Latin letters or digits being one."""
    return len(_WORD.findall(text)) + len(_NUMBER.findall(text))


def size(text: str) -> float:
    """Return how long ``text`` is, in English words or what they are in Chinese."""
    return len(_HAN.findall(text)) / _HAN_PER_WORD + words(text)


def _copy(source: str, answer: str, chinese: bool) -> Message:
    if source.casefold() != answer.casefold():
        return NOTHING
    return Message("it repeats the source")


def _script(source: str, answer: str, chinese: bool) -> Message:
    han = len(_HAN.findall(answer))
    if not chinese and han:
        return Message("it holds Chinese characters")
    if chinese and not han:
        return Message("it holds no Chinese characters")
    # A few lower-case words are a command or a name; more are a sentence left in English.
    if chinese and len(_LOWER.findall(answer)) * 3 > han:
        return Message("it leaves words untranslated")
    strange = {char for char in answer if _foreign(char)} - set(source)
    if not strange:
        return NOTHING
    return Message("it holds letters of another script ({letter})", letter=min(strange))


def _foreign(char: str) -> bool:
    return (
        char.isalpha()
        and not char.isascii()
        and not _HAN.match(char)
        and not unicodedata.name(char, "").startswith(("LATIN", "GREEK"))
    )


def _length(source: str, answer: str, chinese: bool) -> Message:
    found = size(source)
    if not found:
        return NOTHING
    low, high = _SHORT_RATIO if found < SHORT else _RATIO
    ratio = size(answer) / found
    if ratio < low:
        return Message("it is too short")
    return Message("it is too long") if ratio > high else NOTHING


def _repeats(source: str, answer: str, chinese: bool) -> Message:
    if not _worst(answer) >= _REPEATS > _worst(source):
        return NOTHING
    return Message("it repeats itself")


def _worst(text: str) -> int:
    """Return how often the most frequent run of four words, or Han characters, occurs."""
    units = re.findall(rf"{_HAN.pattern}|{_WORD.pattern}|{_NUMBER.pattern}", text)
    return max(Counter(zip(*(units[i:] for i in range(4)), strict=False)).values(), default=0)


def _numbers(source: str, answer: str, chinese: bool) -> Message:
    before, after = _figures(source), _figures(answer)
    if lost := before - after:
        return Message("it loses the number {number}", number=min(lost))
    invented = {number for number in after - before if len(number) > 1}
    if not invented:
        return NOTHING
    return Message("it invents the number {number}", number=min(invented))


def _figures(text: str) -> set[str]:
    # 1月 is "January": the digit goes or comes with the word.
    text = _SCALED.sub(lambda match: _value(match[1], _SCALES[match[2]]), _MONTH.sub("", text))
    return {number.replace(",", "") for number in _NUMBER.findall(text)}


def _value(number: str, scale: int) -> str:
    """Return what 3.5 million or 350万 is in digits."""
    try:
        return f"{Decimal(number.replace(',', '')) * scale:.0f}"
    except InvalidOperation:  # 1.2.3
        return number


def _question(source: str, answer: str, chinese: bool) -> Message:
    # ``plain`` has made ？ a question mark.
    asked, asks = source.endswith("?"), answer.endswith("?")
    if asked == asks:
        return NOTHING
    return Message("it is no question any more") if asked else Message("it turns into a question")


_GATES: tuple[Callable[[str, str, bool], Message], ...] = (
    _copy,
    _script,
    _length,
    _repeats,
    _numbers,
    _question,
)


def _names(source: str, answer: str, chinese: bool, exempt: Collection[str]) -> Message:
    """Find acronyms that are lost; what is Latin in a Chinese text is a name as a whole."""
    pattern, folded = (_ACRONYM, answer) if chinese else (_LATIN, answer.casefold())
    names = ((name, name if chinese else name.casefold()) for name in pattern.findall(source))
    lost = {name for name, wanted in names if wanted not in folded} - set(exempt)
    return Message("it loses {name}", name=min(lost)) if lost else NOTHING
