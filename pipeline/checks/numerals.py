"""The values of numbers in Chinese and English texts, however they are written."""

from __future__ import annotations

import re

_SCALES = {
    "千": 1e3,
    "万": 1e4,
    "萬": 1e4,
    "亿": 1e8,
    "億": 1e8,
    "万亿": 1e12,
    "k": 1e3,
    "thousand": 1e3,
    "million": 1e6,
    "m": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
}
_DIGITS = re.compile(
    r"(?<![A-Za-z_])\d+(?:,\d{3})*(?:\.\d+)?(?:\s?(?:(万亿|[千万萬亿億])|(thousand|million|billion"
    r"|bn|trillion)\b|([KkM])(?![A-Za-z])))?"
)
_WIDE = str.maketrans("０１２３４５６７８９．，％", "0123456789.,%")

_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "兩": 2,
    "俩": 2,
}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}
_HAN_NUMERAL = re.compile("[零〇一二两兩俩三四五六七八九十百千万亿半]{1,20}")

_WORDS = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
    "fifteen sixteen seventeen eighteen nineteen twenty"
).split()
_ORDINALS = "zeroth first second third fourth fifth sixth seventh eighth ninth tenth".split()
_MONTHS = (
    "january february march april may june july august september october november december"
).split()
_WORD_VALUES: dict[str, tuple[float, ...]] = {
    **{word: (float(i),) for i, word in enumerate(_WORDS)},
    **{word: (float(i),) for i, word in enumerate(_ORDINALS)},
    **{word: (float(i),) for i, word in enumerate(_MONTHS, 1)},
    **{word[:3]: (float(i),) for i, word in enumerate(_MONTHS, 1)},
    "sept": (9.0,),
    "once": (1.0,),
    "twice": (2.0,),
    "double": (2.0,),
    "pair": (2.0,),
    "half": (0.5, 2.0, 50.0),
    "dozen": (12.0,),
    "thirty": (30.0,),
    "forty": (40.0,),
    "fifty": (50.0,),
    "sixty": (60.0,),
    "seventy": (70.0,),
    "eighty": (80.0,),
    "ninety": (90.0,),
    "hundred": (100.0,),
    "thousand": (1e3,),
    "million": (1e6,),
    "billion": (1e9,),
}
_LATIN_WORD = re.compile("[A-Za-z]+")


def numbers_in(text: str) -> dict[float, str]:
    """Return the values of the numbers in digits, each with how it is first written."""
    found: dict[float, str] = {}
    for match in _DIGITS.finditer(text.translate(_WIDE)):
        scale = (match[1] or match[2] or match[3] or "").lower()
        digits = match[0][: len(match[0]) - len(scale)].strip() if scale else match[0]
        found.setdefault(_value(digits, scale), match[0])
    return found


def worded_numbers_in(text: str) -> dict[float, str]:
    """Return the values that words may stand for: Chinese numerals, English words, months."""
    found: dict[float, str] = {}
    for match in _HAN_NUMERAL.finditer(text):
        for value in _han_values(match[0]):
            found.setdefault(value, match[0])
    for match in _LATIN_WORD.finditer(text):
        for value in _WORD_VALUES.get(match[0].lower(), ()):
            found.setdefault(value, match[0])
    return found


def _value(digits: str, scale: str) -> float:
    number = float(digits.replace(",", "")) if len(digits) < 300 else float("inf")
    return float(round(number * _SCALES[scale], 6)) if scale else number


def _han_values(numeral: str) -> list[float]:
    """Return what a Chinese numeral can mean: 二〇二四 is a row of digits, 二十四 is not."""
    values = [float(_HAN_DIGITS[c]) for c in numeral if c in _HAN_DIGITS]
    if all(c in _HAN_DIGITS for c in numeral):
        row = "".join(str(_HAN_DIGITS[c]) for c in numeral)
        values.append(float(row))
    if "半" in numeral:
        values += [0.5, 2.0, 50.0]
    return [*values, _composed(numeral)]


def _composed(numeral: str) -> float:
    total = section = digit = 0.0
    for character in numeral:
        if character in _HAN_DIGITS:
            digit = _HAN_DIGITS[character]
        elif character in _HAN_UNITS:
            section += (digit or 1) * _HAN_UNITS[character]
            digit = 0
        elif character != "半":
            scale = 1e4 if character == "万" else 1e8
            total = (total + section + digit or 1) * scale
            section = digit = 0
    return total + section + digit
