"""The spellings of locales, and which locale a text is written in.

Directories use gettext names (``zh_CN``), built posts BCP 47 (``zh-CN``), people anything.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from pipeline.errors import did_you_mean
from pipeline.patterns import lazy
from pipeline.wording import Message

_TAG = lazy(r"([a-z]{2,3})(?:[-_]([a-z]{4}))?(?:[-_]([a-z]{2}|[0-9]{3}))?", re.I)
_TRADITIONAL = ("TW", "HK", "MO")
_NAMES = {
    "cn": "zh",
    "chinese": "zh",
    "中文": "zh",
    "简体中文": "zh_CN",
    "繁體中文": "zh_TW",
    "english": "en",
    "英文": "en",
    "英语": "en",
}

_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_HAN_LETTER = lazy(f"[{_HAN}]")
_OTHER_WORD = lazy(rf"[^\W\d_{_HAN}]+")
_NOT_PROSE = lazy(r"`[^`]*`|https?://[!-~]+|<[^<>]*>|\{%[^%]*%\}")
_FENCE = lazy(r" {0,3}(```+|~~~+)")
_HAN_SHARE = 0.2
_DATE = re.compile(r"\s*(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")


def gettext_name(tag: str) -> str | None:
    """Return the gettext name of a locale in any usual spelling, None if ``tag`` is none.

    ``zh``, ``zh-hans`` and ``zh_Hans_CN`` are all ``zh_CN``. Whether such a locale exists is not
    looked up: see ``is_known``.
    """
    found = _TAG.fullmatch(_spelled(tag))
    if found is None:
        return None
    language, script, territory = (part or "" for part in found.groups())
    language, script, territory = language.lower(), script.title(), territory.upper()
    if language == "zh":
        traditional = script == "Hant" or (not script and territory in _TRADITIONAL)
        if not territory or traditional != (territory in _TRADITIONAL):
            territory = "TW" if traditional else "CN"
        script = ""
    return "_".join(part for part in (language, script, territory) if part)


def bcp47(locale: str) -> str:
    """Return the BCP 47 spelling of a gettext name: ``zh-CN`` for ``zh_CN``."""
    return locale.replace("_", "-")


def match_locale(tag: str, locales: Sequence[str]) -> str | None:
    """Return the one of ``locales`` that a declared language means, None if it means none.

    The same language and script will do (``en-US`` means ``en``, ``zh-Hans`` means ``zh_CN``), and
    a bare language means any of its locales.
    """
    name = gettext_name(tag)
    if name is None or name in locales:
        return name
    depth = 2 if re.search("[-_]", _spelled(tag)) else 1
    wanted = _language_and_script(name)[:depth]
    fitting = [locale for locale in locales if _language_and_script(locale)[:depth] == wanted]
    return min(fitting, key=len, default=None)


def is_known(locale: str) -> bool:
    """Say whether Babel knows the gettext name ``locale``."""
    from babel.core import Locale, UnknownLocaleError  # 20 ms

    try:
        Locale.parse(locale)
    except (UnknownLocaleError, ValueError):
        return False
    return True


def language_name(locale: str) -> str:
    """Return what the language of a gettext name calls itself: ``中文`` for ``zh_CN``."""
    from babel.core import Locale

    found = Locale.parse(locale)
    name = str(found.languages.get(found.language, locale))
    return name[:1].upper() + name[1:]


def long_date(written: str, locale: str) -> str:
    """Return the date that a post's front matter begins with, as ``locale`` writes it.

    The day stays the one that is written, whatever time and zone follow it. What is no date gives
    an empty text.
    """
    from babel.dates import format_date

    found = _DATE.match(written)
    try:
        day = date(*map(int, found.groups())) if found else None
    except ValueError:
        return ""
    return format_date(day, "long", locale) if day else ""


def language_in(locale: str, reader: str, beside: str = "") -> str:
    """Return what the locale ``reader`` calls the language of ``locale``: 英语, Chinese.

    The script is named where ``beside`` is in the same language: Simplified Chinese.
    """
    from babel.core import Locale

    found, names = Locale.parse(locale), Locale.parse(reader).languages
    language = found.language
    if beside and Locale.parse(beside).language == language:
        language = "_".join(filter(None, (language, found.script)))
    return str(names.get(language) or names.get(found.language) or locale)


def percent(part: int, whole: int, locale: str) -> str:
    """Return a share in whole percent, as ``locale`` writes it; 999 of 1000 are 99 %."""
    from babel.numbers import format_percent

    return str(format_percent(100 * part // whole / 100, locale=locale))


def nearest_locale(tag: str) -> Message:
    """Return ``Did you mean "…"?`` with the known locale nearest to ``tag``, or an empty text."""
    from babel.localedata import locale_identifiers

    if tag.strip().lower() in _NAMES:
        return Message('Did you mean "{word}"?', word=gettext_name(tag))
    return did_you_mean(tag, ["zh_CN", "zh_TW", "zh_HK", *locale_identifiers()])


def is_tag(tag: str) -> bool:
    """Say whether ``tag`` is spelled like a locale, not like the name of a language."""
    return _TAG.fullmatch(tag.strip()) is not None and tag.strip().lower() not in _NAMES


def guess_locale(text: str, locales: Sequence[str]) -> str:
    """Return the one of ``locales`` that a post's prose is written in: Chinese or not.

    Chinese needs more than a fifth of the letters to be Han, a word of another script counting as
    one letter. Front matter, code, URLs and tags are left out; the work is linear.
    """
    han = other = 0
    for line in _prose(text):
        plain = _NOT_PROSE.sub(" ", line)
        han += len(_HAN_LETTER.findall(plain))
        other += len(_OTHER_WORD.findall(plain))
    is_chinese = han > _HAN_SHARE * (han + other)
    fitting = (locale for locale in locales if locale.startswith("zh") == is_chinese)
    return next(fitting, locales[0])


def _prose(text: str) -> Iterator[str]:
    lines = text.removeprefix("\ufeff").splitlines()
    start = 0
    if lines and lines[0].rstrip() == "---":
        ends = (i for i, line in enumerate(lines[1:], 2) if line.rstrip() in ("---", "..."))
        start = next(ends, 0)
    fence = ""
    for line in lines[start:]:
        mark = _FENCE.match(line)
        if fence:
            if mark and mark[1].startswith(fence) and line.strip() == mark[1]:
                fence = ""
        elif mark:
            fence = mark[1]
        else:
            yield line


def _spelled(tag: str) -> str:
    return _NAMES.get(tag.strip().lower(), tag.strip())


def _language_and_script(locale: str) -> tuple[str, str]:
    language, *rest = locale.split("_")
    if language == "zh":
        return language, "Hant" if rest and rest[-1] in _TRADITIONAL else "Hans"
    return language, next((part for part in rest if len(part) == 4), "")
