"""Checks of numbers, dates, times and units, in Chinese or Western writing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from pipeline.checks.numerals import (
    Value,
    amount,
    literals_in,
    numbers_in,
    readings,
    worded_numbers_in,
)
from pipeline.checks.pair import Pair, check, difference, show
from pipeline.model import Severity
from pipeline.patterns import lazy
from pipeline.wording import Message

_DIGIT = lazy(r"\d")


@check("values", Severity.WARNING, "Write the number of the source.")
def numbers(pair: Pair) -> Iterator[Message]:
    """Find numbers whose value differs from the source.

    1.2 亿 is 120 million, 第一天 may stand for Day 1, March for 3月, 15 点 for 3 PM, 八折 for
    20% off; words such as one count where they explain a digit, and are not asked for.

    Wrong: 1.2 亿用户 → 12 million users
    Right: Day 1 → 第一天
    """
    if not (_DIGIT.search(pair.source_prose) or _DIGIT.search(pair.target_prose)):
        return
    source, target = numbers_in(pair.source_prose), numbers_in(pair.target_prose)
    if source.keys() == target.keys():
        return
    times = _shared_times(pair)
    codes = [" ".join(texts) for texts in pair.texts("code")]
    lost = _unexplained(source, pair.source_prose, target, pair.target_prose + codes[1])
    added = _unexplained(target, pair.target_prose, source, pair.source_prose + codes[0])
    gone, new = (
        [show(text, 20) for value, text in found.items() if value not in times]
        for found in (lost, added)
    )
    if gone or new:
        yield difference(gone, new, Message("the number"))


def _unexplained(
    found: Mapping[Value, str], text: str, others: Mapping[Value, str], other: str
) -> dict[Value, str]:
    """Return the numbers of ``text`` that the ``other`` text does not have in any form."""
    missing = {value: written for value, written in found.items() if value not in others}
    if not missing:
        return missing
    known: set[Value] = {*others, *worded_numbers_in(other), *literals_in(other)}
    alternatives = readings(missing, text)
    translated = {
        float(number) for name, number in _NUMBERED_NAME.findall(text) if name not in other
    }
    return {
        value: written
        for value, written in missing.items()
        if value not in known
        and value not in translated
        and known.isdisjoint(alternatives.get(value, ()))
    }


_NUMBERED_NAME = lazy(r"\b([A-Z]{2,20})-(\d{1,9})\b")
"""COVID-19, which is 新冠 in Chinese: the number goes with its name."""


def _shared_times(pair: Pair) -> set[Value]:
    """Return the numbers in times of day that both texts name, each in its own way."""
    before, after = _times(pair.source_prose), _times(pair.target_prose)
    texts = (times[minute] for minute in before.keys() & after.keys() for times in (before, after))
    return {value for text in texts for value in numbers_in(text)}


_HALF_DAY = r"(?P<half>上午|早上|早晨|清晨|凌晨|中午|下午|晚上|傍晚)\s?"
_CLOCK = lazy(
    rf"(?:{_HALF_DAY})?(?<![\d:.])(?P<hour>\d{{1,2}})[:：](?P<minute>\d{{2}})(?![\d:])"
    r"(?:\s?(?P<m>[ap])\.?m\b)?"
    r"|(?<![\d:.])(?P<hour_>\d{1,2})\s?(?P<m_>[ap])\.?m\b",
    re.I,
)
_HAN_CLOCK = lazy(
    rf"(?:{_HALF_DAY})?(?<![第\d.零一二两三四五六七八九十])"
    r"(?P<hour>\d{1,2}|[零一二两三四五六七八九十]{1,3})\s?[点點时時]"
    r"(?:\s?(?:(?P<thirty>半)|(?P<minute>\d{1,2})\s?分|(?P<sharp>[整钟鐘]))"
    r"|(?P<bare>(?![一-鿿])|(?=多|左右|[以之]?[前后後])))?"
)
_TIME_MARK = lazy(r"[:：点點时時]|\d\s?[ap]\.?m\b", re.I)
_AFTERNOON = frozenset(("下午", "晚上", "傍晚", "p"))
_YEAR = lazy(r"\d{4}")
_ISO = lazy(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
_HAN_DATE = lazy(r"(?<!\d)(\d{4})\s?年\s?(\d{1,2})\s?月(?:\s?(\d{1,2})\s?[日号])?")
_MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
_MONTH = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sep(?:t(?:ember)?)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_HAN_RANGE = lazy(
    r"(?<!\d)(\d{4})\s?年\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?[日号])?\s?[至到–—~～-]\s?"
    r"(\d{1,2})\s?月(?:\s?(\d{1,2})\s?[日号])?"
)
_WEST_RANGE = lazy(
    rf"\b{_MONTH}(?:\s(\d{{1,2}}))?\s?(?:to|until|through|and|[–—-])\s?{_MONTH}"
    r"(?:\s\d{1,2},?)?\s(\d{4})\b",
    re.I,
)
_WEST_DATE = lazy(
    rf"\b{_MONTH}\s(?:(\d{{1,2}})(?:st|nd|rd|th)?,?\s)?(\d{{4}})\b"
    rf"|\b(\d{{1,2}})(?:st|nd|rd|th)?\s{_MONTH},?\s(\d{{4}})\b",
    re.I,
)


@check("values", Severity.WARNING, "Write the date or time of the source.")
def date_time(pair: Pair) -> Iterator[Message]:
    """Find dates and times that differ from the source, or lost their half of the day.

    3:30 PM is 15:30 or 下午 3:30, but not 3:30.

    Wrong: 3:30 PM → 3:30
    Right: 2024年3月 → March 2024
    """
    if before := _times(pair.source_prose):
        after = _times(pair.target_prose)
        for minutes, text in before.items():
            if minutes not in after and (after or ":" in text):
                yield Message("the time {text} is not in the translation", text=show(text, 20))
    dates = _dates(pair.source_prose)
    if dates and (others := _dates(pair.target_prose)):
        for date in dates.keys() - others.keys():
            yield Message("the date {text} is not in the translation", text=show(dates[date], 30))


def _times(text: str) -> dict[int, str]:
    """Return the times in ``text`` in minutes since midnight."""
    found: dict[int, str] = {}
    if not _TIME_MARK.search(text):
        return found
    for match in _CLOCK.finditer(text):
        half = (match["half"] or match["m"] or match["m_"] or "").lower()
        hour, minute = int(match["hour"] or match["hour_"]), int(match["minute"] or 0)
        found[_minutes(hour, minute, half)] = match[0]
    for match in _HAN_CLOCK.finditer(text):
        if any(match[name] is not None for name in ("half", "thirty", "minute", "sharp", "bare")):
            minute = 30 if match["thirty"] else int(match["minute"] or 0)
            hour = int(amount(match["hour"]))
            found.setdefault(_minutes(hour, minute, match["half"] or ""), match[0])
    return {minutes: text for minutes, text in found.items() if minutes <= 24 * 60}


def _minutes(hour: int, minute: int, half: str) -> int:
    if half in _AFTERNOON and hour < 12:
        hour += 12
    elif half in ("a", "凌晨") and hour == 12:
        hour = 0
    return hour * 60 + minute


def _dates(text: str) -> dict[tuple[int, int, int], str]:
    """Return the dates in ``text`` as year, month and day, 0 for none."""
    found: dict[tuple[int, int, int], str] = {}
    if not _YEAR.search(text):
        return found
    for pattern in (_ISO, _HAN_DATE, _HAN_RANGE):
        for match in pattern.finditer(text):
            year, month, day = match.groups()
            found[int(year), int(month), int(day or 0)] = match[0]
    for match in _WEST_RANGE.finditer(text):
        found[int(match[4]), _month(match[1]), int(match[2] or 0)] = match[0]
    for match in _WEST_DATE.finditer(text):
        name, day, year = (
            (match[1], match[2], match[3]) if match[1] else (match[5], match[4], match[6])
        )
        found[int(year), _month(name), int(day or 0)] = match[0]
    return found


def _month(name: str) -> int:
    return _MONTHS.index(name[:3].lower()) + 1


_SPELLINGS = """
%: % percent
°C: ℃ °c 摄氏度
°F: ℉ °f 华氏度
$: $ 美元 美金 usd dollars dollar
€: € 欧元 eur euros euro
£: £ 英镑 gbp
¥: ¥ ￥ 元 人民币 cny rmb yuan
ms: ms 毫秒 milliseconds millisecond
second: seconds second secs sec 秒钟 秒
minute: minutes minute mins min 分钟
hour: hours hour hrs hr 小时 个小时 个钟头
day: days day 天 日
week: weeks week 周 个星期 星期 个礼拜
month: months month 个月
year: years year 周年 周岁 年
mm: mm 毫米 millimetres millimeters
cm: cm 厘米 centimetres centimeters
m: metres meters metre meter 米
km: km 公里 千米 kilometres kilometers kilometre kilometer
inch: inches inch 英寸
foot: feet foot ft 英尺
mile: miles mile 英里
g: grams gram 克
kg: kg 公斤 千克 kilograms kilogram
lb: lbs lb 磅
t: tonnes tonne tons ton 吨
l: litres liters litre liter 升
khz: khz 千赫
mhz: mhz 兆赫
ghz: ghz 吉赫
b: b
kb: kb
mb: mb
gb: gb
tb: tb
pb: pb
kib: kib
mib: mib
gib: gib
tib: tib
"""
_UNITS = {
    spelling: unit
    for unit, _, spellings in (line.partition(": ") for line in _SPELLINGS.strip().splitlines())
    for spelling in spellings.split()
}
_LATIN_UNITS = "|".join(
    unit for unit in sorted(_UNITS, key=len, reverse=True) if unit.isascii() and unit.isalpha()
)
_OTHER_UNITS = "|".join(
    re.escape(unit)
    for unit in sorted(_UNITS, key=len, reverse=True)
    if not (unit.isascii() and unit.isalpha())
)
_QUANTITY = lazy(
    rf"([$€£¥￥])\s?(\d[\d,.]*)"
    rf"|(\d[\d,.]*)[\s-]?(?:({_OTHER_UNITS})(?!代)|({_LATIN_UNITS})(?![A-Za-z]))",
    re.I,
)


@check("values", Severity.WARNING, "Write the unit of the source.")
def unit(pair: Pair) -> Iterator[Message]:
    """Find quantities with another unit, currency or percent sign than in the source.

    20 °C and 20℃, $100 and 100 美元, 30-minute and 30 分钟 are the same.

    Wrong: 5 GB → 5 MB
    Right: $100 → 100 美元
    """
    if "％" in pair.target_view and not pair.in_source("％"):
        yield Message("the translation has a full-width ％")
    source = dict.fromkeys(_quantities(pair.source_prose))
    target: dict[str, Counter[str]] = {}
    for number, measure in _quantities(pair.target_prose) if source else ():
        target.setdefault(number, Counter())[measure] += 1
    for number, measure in source:
        if number in target and measure not in target[number]:
            yield Message(
                "{number} {measure} has become {number} {other}",
                number=number,
                measure=measure,
                other=next(iter(target[number])),
            )


def _quantities(text: str) -> Iterator[tuple[str, str]]:
    if not _DIGIT.search(text):
        return
    for match in _QUANTITY.finditer(text):
        number = (match[2] or match[3]).replace(",", "").rstrip(".")
        yield number, _UNITS[(match[1] or match[4] or match[5]).lower()]


CHECKS = (numbers, date_time, unit)
