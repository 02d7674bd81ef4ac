"""The values of numbers in Chinese and English texts, however they are written."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping

from pipeline.patterns import lazy

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
    "b": 1e9,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
}
_DIGITS = lazy(
    r"(?P<century>\d{1,2})\s?世纪\s?(?P<decade>\d0)\s?年代"
    r"|(?P<year>(?:19|20)\d\d)\.(?P<month>\d{1,2})\.(?P<day>\d{1,2})(?![\d.])"
    r"|(?:[A-Z][A-Za-z]*|[Vv]ersions?|版本)\s?(?P<release>\d+\.\d*0)(?![\d.])"
    r"|(?P<version>(?<![A-Za-z\d])(?:[Vv]\d+(?:\.\d+){0,9}|\d+(?:\.\d+){2,9}))"
    r"|(?P<sum>(?<![A-Za-z_\d.])\d+(?:\.\d+)?(?:[千百十]?[万亿]\d+)+(?:[千百十]?[万千])?)(?!米)"
    r"|(?<![A-Za-z_\d])(?:\d{1,3}(?:,\d{3})+(?!\d)|\d+)(?:\.\d+)?"
    r"(?:[\s-]?(?:[余餘多]?(?P<han>万亿|千(?![米克瓦卡赫伏帕焦])|[万萬亿億])"
    r"|(?P<word>thousand|million|billion|bn|trillion)\b|(?P<letter>[KkMB])(?![A-Za-z])))?"
)
_SUMMAND = lazy(r"(\d+(?:\.\d+)?)([千百十万亿]*)")
_WIDE = str.maketrans("０１２３４５６７８９．％", "0123456789.%")

_HAN_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0,
    "两": 2,
    "兩": 2,
    "俩": 2,
}
_HAN_UNITS = {"十": 10, "百": 100, "千": 1000}

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
    "single": (1.0,),
    "half": (0.5, 2.0, 50.0),
    "quarter": (1.0, 4.0, 25.0),
    "dozen": (12.0,),
    "decade": (10.0,),
    "century": (100.0,),
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
_SHORT_YEAR = lazy(r"(?<!\d)(\d\d)\s?(?:年|后|後)")
_CENTURY = lazy(r"(?<!\d)(\d\d)\s?世纪")

Value = float | str
"""What a number is worth; a version such as 1.2.3 or 3.10 is what it is written as."""


def numbers_in(text: str) -> dict[Value, str]:
    """Return the values of the numbers in digits, each with how it is first written."""
    found: dict[Value, str] = {}
    for match in _DIGITS.finditer(text.translate(_WIDE)):
        for value in _values_of(match):
            found.setdefault(value, match[0])
    return found


def literals_in(text: str) -> set[Value]:
    """Return what stands in ``text`` in digits, in names such as Node3 too, as text and value."""
    found: set[Value] = {match[0].rstrip(".") for match in _LITERAL.finditer(text)}
    return found | {_value(text, "") for text in map(str, found) if text.count(".") <= 1}


_LITERAL = lazy(r"\d[\d.]*")


def readings(found: Mapping[Value, str], text: str) -> dict[Value, set[Value]]:
    """Return what else each of the numbers that are ``found`` in ``text`` may be worth.

    In "10 to 100 million" both are millions, 64M may be 64 of a unit, and 90年代 are the 1990s.
    """
    scales = {_SCALES[match[0].lower()] for match in _SCALE_WORD.finditer(text)}
    years = {float(match[1]) for match in _SHORT_YEAR.finditer(text)}
    centuries = {float(match[1]) for match in _CENTURY.finditer(text)}
    others: dict[Value, set[Value]] = {}
    for value, written in found.items():
        if isinstance(value, str):
            continue
        others[value] = {value * scale for scale in scales}
        if written[-1] in "KkMB":
            others[value] = {_value(written[:-1].strip(" -\n\t"), "")}
        if value in years:
            others[value].update(_years(value))
        if value in centuries:
            others[value].update((value - 1) * 100 + decade for decade in range(0, 100, 10))
    return others


_SCALE_WORD = lazy(r"\b(?:thousand|million|billion|trillion)\b|[千万亿]", re.I)


def _values_of(match: re.Match[str]) -> tuple[Value, ...]:
    if match["decade"]:
        return (float((int(match["century"]) - 1) * 100 + int(match["decade"])),)
    if match["year"]:
        return tuple(float(match[part]) for part in ("year", "month", "day"))
    if match["release"]:  # 3.10 is not 3.1, but both may be meant by a plain number
        return match["release"], _value(match["release"], "")
    if match["version"]:
        version = match["version"].lstrip("Vv")
        return (version,) if version.count(".") > 1 else (_value(version, ""),)
    if match["sum"]:
        parts = (_value(digits, "") * _product(scale) for digits, scale in _parts(match["sum"]))
        return (float(f"{sum(parts):.12g}"),)
    scale = (match["han"] or match["word"] or match["letter"] or "").lower()
    return (_value(match[0][: len(match[0]) - len(scale)].strip(" -\n\t余餘多"), scale),)


def _parts(text: str) -> list[tuple[str, str]]:
    """Return the digits and the scale of each part of 3亿5000万."""
    return [(match[1], match[2]) for match in _SUMMAND.finditer(text)]


def _product(scale: str) -> float:
    """Return what 千万 and the like multiply by."""
    return math.prod(_HAN_UNITS.get(c, 0) or _SCALES[c] for c in scale)


def worded_numbers_in(text: str) -> set[Value]:
    """Return the values that words may stand for: Chinese numerals, English words, months."""
    return {
        value
        for pattern, values_of in _WORDINGS
        for match in pattern.finditer(text)
        for value in values_of(match)
    }


def _years(short: float) -> tuple[float, float]:
    """Return the years that two digits can mean."""
    return 1900 + short, 2000 + short


def _scaled(number: str, scale: str) -> float:
    value = float(number) if number.isdigit() else float(_WORDS.index(number))
    return value * (10 if scale == "decade" else _SCALES[scale])


def amount(numeral: str) -> float:
    """Return the value of a numeral in digits or in Chinese."""
    return float(numeral) if numeral.isdigit() else _composed(numeral)


def _reduction(numeral: str) -> float:
    """Return the per cent that a price falls by: 八折 is 20 % off, 八五折 is 15 %."""
    digits = "".join(str(_HAN_DIGITS.get(c, c)) for c in numeral if c != ".")
    return 100.0 - float(digits.ljust(2, "0"))


def _value(digits: str, scale: str) -> float:
    number = float(digits.replace(",", "")) if len(digits) < 300 else float("inf")
    return float(f"{number * _SCALES[scale]:.12g}") if scale else number


def _han_values(numeral: str) -> list[float]:
    """Return what a Chinese numeral can mean: 二〇二四 is a row of digits, 二十四 is not."""
    values = [float(_HAN_DIGITS[c]) for c in numeral if c in _HAN_DIGITS]
    if all(c in _HAN_DIGITS for c in numeral):
        row = "".join(str(_HAN_DIGITS[c]) for c in numeral)
        values.append(float(row))
        values += _years(int(row)) if len(row) == 2 else ()
    elif either := _NEIGHBOURS.search(numeral):
        values += (_composed(numeral.replace(either[0], digit)) for digit in either[0])
    if "半" in numeral:
        values += [0.5, 2.0, 50.0]
    return [*values, _composed(numeral)]


_NEIGHBOURS = lazy("[一二三四五六七八九]{2}")
"""六七 in 六七千, which is six or seven of them; 十四五 is fourteen or fifteen."""


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


_WORDINGS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], Iterable[float]]], ...] = (
    (
        lazy("[零〇一二两兩俩三四五六七八九十百千万亿半]{1,20}"),
        lambda found: _han_values(found[0]),
    ),
    (lazy("双"), lambda _: (2.0,)),
    (lazy("[A-Za-z]+"), lambda found: _WORD_VALUES.get(found[0].lower(), ())),
    (
        lazy(r"\b(?:a|an|one)[ -](?:third|quarter|fifth|sixth|seventh|eighth|ninth|tenth)\b", re.I),
        lambda _: (1.0,),
    ),
    (
        lazy(
            rf"\b(\d{{1,3}}|{'|'.join(_WORDS[1:])}) (decade|thousand|million|billion|trillion)s?\b",
            re.I | re.A,
        ),
        lambda found: (_scaled(found[1].lower(), found[2].lower()),),
    ),
    (  # the first of two: 4 to 6 million
        lazy(
            r"(?<![\d.])(\d{1,9}(?:\.\d{1,9})?)\s?(?:to|or|and|[-–—~～至到])"
            r"\s?\d{1,9}(?:\.\d{1,9})?\s?(万亿|[千万亿]|thousand|million|billion|trillion)"
        ),
        lambda found: (_value(found[1], found[2]),),
    ),
    (
        lazy(r"(\d{1,9}|[一二两三四五六七八九十百千万]{1,9})\s?倍"),
        lambda found: (amount(found[1]) + 1,),
    ),
    (
        lazy(r"(\d{1,3}|[一二两三四五六七八九十]{1,3})\s?[个個年天周倍点點岁歲]半"),
        lambda found: (amount(found[1]) + 0.5,),
    ),
    (
        lazy(r"([1-9一二两三四五六七八九])\s?成"),
        lambda found: (amount(found[1]) * 10,),
    ),
    (
        lazy(r"([1-9](?:\.?[1-9])?|[一二三四五六七八九]{1,2})\s?折"),
        lambda found: (_reduction(found[1]),),
    ),
    (_SHORT_YEAR, lambda found: _years(float(found[1]))),
    (
        lazy("([一二三四五六七八九]{1,3})十年代"),
        lambda found: (year for c in found[1] for year in _years(10 * _HAN_DIGITS[c])),
    ),
)
"""What numbers are written as besides digits, and what each may be worth."""
