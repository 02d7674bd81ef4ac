"""Diglot's own texts in other languages."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from string import Formatter

import click
import pytest
from babel.messages import Catalog
from babel.messages.mofile import read_mo
from click.testing import CliRunner, Result
from wording import catalog_path, is_own, is_translated, load, template

from pipeline.cli import main
from pipeline.widths import width
from pipeline.wording import LANGUAGES, fitting_locale, texts_in, wished

CATALOGS = sorted(LANGUAGES.values())


@pytest.mark.parametrize("locale", CATALOGS)
def test_every_text_is_translated(locale: str) -> None:
    wanted = {message.id for message in template() if message.id and is_own(message)}
    catalog = load(locale)
    known = {message.id for message in catalog if is_translated(message) and not message.fuzzy}
    assert wanted - known == set()
    assert not catalog.obsolete


@pytest.mark.parametrize("locale", CATALOGS)
def test_what_is_loaded_belongs_to_the_catalog(locale: str) -> None:
    # Message by message: the header names the release of Babel that wrote the file.
    with catalog_path(locale).with_suffix(".mo").open("rb") as file:
        loaded = read_mo(file)
    kept = load(locale)
    assert texts(loaded) == texts(kept)
    assert loaded.num_plurals == kept.num_plurals


def texts(catalog: Catalog) -> list[tuple[list[str], list[str]]]:
    def forms(found: str | Iterable[str]) -> list[str]:
        return [found] if isinstance(found, str) else list(found)

    pairs = [(forms(found.id), forms(found.string)) for found in catalog if found.id]
    return sorted(pair for pair in pairs if any(pair[1]))


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


def paths(command: click.Command) -> Iterator[tuple[str, ...]]:
    """Yield the words that call a command and each of those below it."""
    yield ()
    if isinstance(command, click.Group):
        for name, inner in command.commands.items():
            yield from ((name, *path) for path in paths(inner))


def diglot(*arguments: str, **environment: str) -> Result:
    return CliRunner().invoke(main, arguments, env=environment, prog_name="diglot")


@pytest.mark.parametrize("path", list(paths(main)), ids=" ".join)
def test_every_page_of_help_is_in_chinese_and_fits_the_terminal(path: tuple[str, ...]) -> None:
    page = diglot("--ui-lang", "zh_CN", *path, "--help").output
    assert page.startswith("用法：")
    assert max(map(width, page.splitlines())) <= 80
    prose = re.sub(r"^ +git config .*$", "", page, flags=re.M)
    assert not re.search(r"\b(?:the|is|and|of|not|or|in|by|only|every|show) ", prose), page


def test_help_is_in_english_unless_another_language_is_asked_for() -> None:
    page = diglot("check", "--help").output
    assert page.startswith("Usage: diglot check")
    assert diglot("check", "--help", LANGUAGE="zh_CN", LANG="en_US.UTF-8").output != page
    assert diglot("check", "--help", LANGUAGE="", LANG="zh_CN.UTF-8").output != page
    assert diglot("--ui-lang", "en", "check", "--help", LANGUAGE="", LANG="zh_CN").output == page
    assert diglot("--ui-lang", "fr", "check", "--help", LANGUAGE="", LANG="zh_CN").output == page
    assert diglot("check", "--help").output == page
    assert os.environ["LANGUAGE"] == "en"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["build", "--foo"], "错误：没有选项 '--foo'。"),
        (["biuld"], "错误：没有命令 'biuld'。"),
        (["completion"], "错误：缺少参数"),
        (["--ui-lang", "!", "build"], "“!”不是语言代码"),
    ],
)
def test_usage_errors_are_in_the_language(arguments: list[str], message: str) -> None:
    result = diglot(*arguments, LANGUAGE="", LC_ALL="zh_CN.UTF-8")
    assert result.exit_code == 2
    assert message in result.output


def test_commands_sum_up_in_the_language_and_data_stays_as_it_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("posts").mkdir()
    Path("posts/a.md").write_text("Some words that a person reads.\n", "utf-8")
    said = {
        command[0]: diglot("--ui-lang", "zh_CN", *command).output
        for command in (
            ["extract"],
            ["translate", "-e", "pseudo"],
            ["build"],
            ["status"],
            ["engines"],
        )
    }
    assert said["extract"].endswith("提取：1 个 PO 文件中有 1 个改动\n")
    assert "翻译：1 条待译；0 条来自翻译记忆；1 条由引擎 pseudo 翻译（草稿，" in said["translate"]
    assert "生成：2 篇文章，1 篇未校阅，也未标为草稿" in said["build"]
    assert said["status"].startswith("文章")
    assert said["engines"].startswith("引擎")
    data = diglot("status", "--json").output
    assert diglot("--ui-lang", "zh_CN", "status", "--json").output == data
