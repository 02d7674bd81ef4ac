"""Diglot's own texts in other languages."""

from __future__ import annotations

import re
from string import Formatter

import pytest
from wording import catalog_path, compiled, load, template

from pipeline.wording import LANGUAGES, fitting_locale, texts_in, wished

CATALOGS = sorted(LANGUAGES.values())


@pytest.mark.parametrize("locale", CATALOGS)
def test_every_text_is_translated_and_nothing_else(locale: str) -> None:
    wanted = {message.id for message in template() if message.id}
    catalog = load(locale)
    assert {message.id for message in catalog if message.id} == wanted
    assert [m.id for m in catalog if m.fuzzy or not m.string or not all(m.string)] == []
    assert not catalog.obsolete


@pytest.mark.parametrize("locale", CATALOGS)
def test_what_is_loaded_belongs_to_the_catalog(locale: str) -> None:
    path = catalog_path(locale)
    assert path.with_suffix(".mo").read_bytes() == compiled(load(locale))


def fields(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("locale", CATALOGS)
def test_translations_have_the_placeholders_of_their_texts(locale: str) -> None:
    for message in load(locale):
        if message.python_brace_format:
            texts = message.string if message.pluralizable else (message.string,)
            # Chinese has one form, that for many.
            text = message.id[-1] if message.pluralizable else message.id
            assert [fields(found) for found in texts] == [fields(text)], message.id


@pytest.mark.parametrize("locale", CATALOGS)
def test_spaces_and_marks_are_those_of_chinese_texts(locale: str) -> None:
    unspaced = re.compile("[\u4e00-\u9fff][A-Za-z0-9{-]|[A-Za-z0-9}][\u4e00-\u9fff]")
    half_width = re.compile("[\u4e00-\u9fff][,;:!?]|[\u4e00-\u9fff]\\.(?![a-z])")
    for message in load(locale) if locale.startswith("zh") else ():
        for text in message.string if message.pluralizable else (message.string,):
            words = text.replace("{language}", "中文")
            assert not (message.id and half_width.search(words)), text
            assert not (message.id and unspaced.search(words)), text


@pytest.mark.parametrize(
    ("environment", "locale"),
    [
        ({}, "en"),
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN.UTF-8"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en_US.UTF-8"),
        ({"LANG": "zh_CN.UTF-8", "LC_MESSAGES": "en_US.UTF-8", "LC_ALL": "zh_TW"}, "zh_TW"),
        ({"LANG": "de_DE.UTF-8", "LANGUAGE": "de:zh_CN:en"}, "zh_CN"),
        ({"LANG": "de_DE@euro"}, "en"),
        ({"LC_ALL": "C.UTF-8", "LANGUAGE": "zh"}, "en"),
        ({"LANGUAGE": "zh"}, "zh"),
        ({"LC_ALL": "", "LANG": "zh-Hans"}, "zh-Hans"),
    ],
)
def test_the_environment_chooses_the_language(environment: dict[str, str], locale: str) -> None:
    assert wished(environment) == locale


@pytest.mark.parametrize(
    ("locale", "fitting"),
    [("zh_TW", "zh_CN"), ("zh-Hant-HK", "zh_CN"), ("en_GB", "en"), ("fr", "en")],
)
def test_other_languages_get_what_is_nearest(locale: str, fitting: str) -> None:
    assert fitting_locale(locale) == fitting
    told = texts_in(locale)("Read the original.")
    assert told == ("阅读原文" if fitting == "zh_CN" else "Read the original.")
