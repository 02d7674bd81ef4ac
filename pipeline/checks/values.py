"""Checks of numbers, dates, times and units, in Chinese or Western writing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from pipeline.checks.numerals import numbers_in, worded_numbers_in
from pipeline.checks.pair import Pair, check, show
from pipeline.model import Severity


@check("values", Severity.WARNING, "Write the number of the source.")
def numbers(pair: Pair) -> Iterator[str]:
    """Find numbers whose value differs from the source.

    1.2 亿 is 120 million, 第一天 may stand for Day 1, March for 3月; words such as one count where
    they explain a digit, and are not asked for.

    Wrong: 1.2 亿用户 → 12 million users
    Right: Day 1 → 第一天
    """
    source, target = numbers_in(pair.source_prose), numbers_in(pair.target_prose)
    lost = _unexplained(source, target | worded_numbers_in(pair.target_prose))
    added = _unexplained(target, source | worded_numbers_in(pair.source_prose))
    if lost or added:
        clauses = [
            f"{verb} the number {', '.join(show(text, 20) for text in texts[:3])}"
            for verb, texts in (("loses", lost), ("adds", added))
            if texts
        ]
        yield f"the translation {' and '.join(clauses)}"


def _unexplained(numbers: dict[float, str], others: dict[float, str]) -> list[str]:
    return [text for value, text in numbers.items() if value not in others]


_CLOCK = re.compile(
    r"(?:(上午|早上|早晨|凌晨|中午|下午|晚上|傍晚)\s?)?(?<![\d:.])(\d{1,2})[:：](\d{2})(?![\d:])"
    r"(?:\s?([ap])\.?m\b)?"
    r"|(?<![\d:.])(\d{1,2})\s?([ap])\.?m\b",
    re.I,
)
_AFTERNOON = frozenset(("下午", "晚上", "傍晚", "p"))
_ISO = re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_HAN_DATE = re.compile(r"(?<!\d)(\d{4})\s?年\s?(\d{1,2})\s?月(?:\s?(\d{1,2})\s?[日号])?")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_WEST_DATE = re.compile(
    rf"\b{_MONTH}\s(?:(\d{{1,2}})(?:st|nd|rd|th)?,?\s)?(\d{{4}})\b"
    rf"|\b(\d{{1,2}})(?:st|nd|rd|th)?\s{_MONTH},?\s(\d{{4}})\b",
    re.I,
)


@check("values", Severity.WARNING, "Write the date or time of the source.")
def date_time(pair: Pair) -> Iterator[str]:
    """Find dates and times that differ from the source, or lost their half of the day.

    3:30 PM is 15:30 or 下午 3:30, but not 3:30.

    Wrong: 3:30 PM → 3:30
    Right: 2024年3月 → March 2024
    """
    before, after = _times(pair.source_prose), _times(pair.target_prose)
    for minutes, text in before.items():
        if minutes not in after and (after or ":" in text):
            yield f"the time {show(text, 20)} is not in the translation"
    dates, others = _dates(pair.source_prose), _dates(pair.target_prose)
    if dates and others:
        for date in dates.keys() - others.keys():
            yield f"the date {show(dates[date], 30)} is not in the translation"


def _times(text: str) -> dict[int, str]:
    """Return the times in ``text`` in minutes since midnight."""
    found: dict[int, str] = {}
    for match in _CLOCK.finditer(text):
        hour = int(match[2] or match[5])
        half = (match[1] or match[4] or match[6] or "").lower()
        if half in _AFTERNOON and hour < 12:
            hour += 12
        elif half in ("a", "凌晨") and hour == 12:
            hour = 0
        if hour <= 24:
            found[hour * 60 + int(match[3] or 0)] = match[0]
    return found


def _dates(text: str) -> dict[tuple[int, int, int], str]:
    """Return the dates in ``text`` as year, month and day, 0 for none."""
    found: dict[tuple[int, int, int], str] = {}
    for match in [*_ISO.finditer(text), *_HAN_DATE.finditer(text)]:
        year, month, day = match.groups()
        found[int(year), int(month), int(day or 0)] = match[0]
    for match in _WEST_DATE.finditer(text):
        name, day, year = (
            (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        )
        found[int(year), _MONTHS.index(name[:3].lower()) + 1, int(day or 0)] = match[0]
    return found


_UNITS = {
    "%": "%",
    "percent": "%",
    "℃": "°C",
    "°c": "°C",
    "摄氏度": "°C",
    "℉": "°F",
    "°f": "°F",
    "华氏度": "°F",
    **dict.fromkeys(("美元", "美金", "usd", "dollars", "dollar", "$"), "$"),
    **dict.fromkeys(("欧元", "eur", "euros", "euro", "€"), "€"),
    **dict.fromkeys(("元", "人民币", "cny", "rmb", "yuan", "¥", "￥"), "¥"),
    **{unit: unit for unit in ("b", "kb", "mb", "gb", "tb", "pb", "kib", "mib", "gib", "tib")},
    **dict.fromkeys(("ms", "毫秒"), "ms"),
    **dict.fromkeys(("km", "公里", "千米"), "km"),
    **dict.fromkeys(("cm", "厘米"), "cm"),
    **dict.fromkeys(("mm", "毫米"), "mm"),
    **dict.fromkeys(("kg", "公斤", "千克"), "kg"),
    **dict.fromkeys(("khz", "千赫"), "khz"),
    **dict.fromkeys(("mhz", "兆赫"), "mhz"),
    **dict.fromkeys(("ghz", "吉赫"), "ghz"),
}
_LATIN_UNITS = "|".join(
    unit for unit in sorted(_UNITS, key=len, reverse=True) if unit.isascii() and unit.isalpha()
)
_OTHER_UNITS = "|".join(
    re.escape(unit)
    for unit in sorted(_UNITS, key=len, reverse=True)
    if not (unit.isascii() and unit.isalpha())
)
_QUANTITY = re.compile(
    rf"([$€¥￥])\s?(\d[\d,.]*)|(\d[\d,.]*)\s?(?:({_OTHER_UNITS})|({_LATIN_UNITS})(?![A-Za-z]))",
    re.I,
)


@check("values", Severity.WARNING, "Write the unit of the source.")
def unit(pair: Pair) -> Iterator[str]:
    """Find quantities with another unit, currency or percent sign than in the source.

    20 °C and 20℃, $100 and 100 美元 are the same.

    Wrong: 5 GB → 5 MB
    Right: $100 → 100 美元
    """
    if "％" in pair.target_view and not pair.in_source("％"):
        yield "the translation has a full-width ％"
    target: dict[str, Counter[str]] = {}
    for number, measure in _quantities(pair.target_prose):
        target.setdefault(number, Counter())[measure] += 1
    for number, measure in dict.fromkeys(_quantities(pair.source_prose)):
        if number in target and measure not in target[number]:
            yield f"{number} {measure} has become {number} {next(iter(target[number]))}"


def _quantities(text: str) -> Iterator[tuple[str, str]]:
    for match in _QUANTITY.finditer(text):
        number = (match[2] or match[3]).replace(",", "").rstrip(".")
        yield number, _UNITS[(match[1] or match[4] or match[5]).lower()]


CHECKS = (numbers, date_time, unit)
