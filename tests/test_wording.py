"""Diglot's own texts in other languages."""

from __future__ import annotations

import ast
import json
import os
import pickle
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from copy import deepcopy
from pathlib import Path
from string import Formatter

import click
import pytest
from babel.messages import Catalog
from babel.messages.mofile import read_mo
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st
from wording import PACKAGE, catalog_path, is_own, is_translated, load, template

from pipeline.checks import RULES
from pipeline.cli import main
from pipeline.errors import PipelineError
from pipeline.widths import width
from pipeline.wording import (
    LANGUAGES,
    Message,
    changed,
    counted,
    fitting_locale,
    listed,
    packed_text,
    speak,
    texts_in,
    told,
    unpacked_text,
    wished,
)

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


def forms(found: str | Iterable[str]) -> list[str]:
    return [found] if isinstance(found, str) else list(found)


def texts(catalog: Catalog) -> list[tuple[list[str], list[str]]]:
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


OF_MESSAGES = re.compile(r"\{(?:blocks|condition|here|kind|language|script|there|thing|what)\}")
"""Placeholders for what is in the language itself."""


@pytest.mark.parametrize("locale", CATALOGS)
def test_spaces_and_marks_are_those_of_chinese_texts(locale: str) -> None:
    unspaced = re.compile("[\u4e00-\u9fff][A-Za-z0-9{-]|[A-Za-z0-9}][\u4e00-\u9fff]")
    half_width = re.compile("[\u4e00-\u9fff][,;:!?]|[\u4e00-\u9fff]\\.(?![a-z])")
    for message in load(locale) if locale.startswith("zh") else ():
        for text in message.string if message.pluralizable else (message.string,):
            words = OF_MESSAGES.sub("中文", text)
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
        (["check", "--fail-on", "x"], "'x' 不是以下之一：'info', 'warning', 'error'。"),
        (["translate", "--limit", "x"], "'x' 不是有效的数值（"),
        (["build", "--project"], "错误：选项 '--project' 需要 1 个值。"),
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


@pytest.fixture
def chinese() -> Iterator[None]:
    speak("zh_CN")
    yield
    speak("en")


NO_MODEL = 'There is no model "{name}"'
VALUES = st.one_of(st.text(), st.integers(), st.floats(allow_nan=False))
MESSAGES = st.recursive(
    st.builds(Message, st.sampled_from(["not UTF-8", "{of no value}", "%s {{}"])),
    lambda inner: st.one_of(
        st.builds(lambda name: Message(NO_MODEL, name=name), VALUES | inner),
        st.builds(
            lambda count, what: counted("one {what}", "{count} {what}", count, what=what),
            st.integers(0, 3),
            inner,
        ),
    ),
)


@given(MESSAGES)
def test_a_message_comes_back_from_caches_and_other_processes(message: Message) -> None:
    for back in (
        unpacked_text(json.loads(json.dumps(packed_text(message)))),
        pickle.loads(pickle.dumps(message)),
        deepcopy(message),
        changed(message, str),
    ):
        assert back == message
        assert packed_text(back) == packed_text(message)


def test_a_message_is_told_in_the_language_with_all_that_stands_in_it(chinese: None) -> None:
    names = listed(["a", "b", Message("a number")])
    message = Message("It has {names}.", names=names)
    assert (message, told(message)) == ("It has a, b, a number.", "可用的选项：a、b、数字。")
    assert told("It has {names}.") == "It has {names}."
    assert told(listed([])) == ""


def test_errors_are_told_in_the_language_and_stay_english_as_strings(chinese: None) -> None:
    what, hint = Message(NO_MODEL, name="x"), Message("Check the name.")
    error = PipelineError(what, path="a.toml", line=3, hint=hint)
    assert str(error) == 'a.toml:3: There is no model "x". Check the name.'
    assert error.told() == "a.toml:3: 没有模型“x”。请检查名称。"
    foreign = PipelineError("Any text!", hint="Any advice.")  # type: ignore[arg-type]
    assert foreign.told() == "Any text!Any advice."
    assert PipelineError(Message("not UTF-8")).told() == "不是 UTF-8 编码。"


def calls(module: Path) -> Iterator[tuple[str, ast.Call]]:
    """Yield the calls in a module by the names of what is called."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Call):
            name = node.func
            if isinstance(name, ast.Name):
                yield name.id, node
            elif isinstance(name, ast.Attribute):
                yield name.attr, node


ELSEWHERE = re.compile(r"(?:self|rule|example|command)\..*|hint|said|text|one|many|inspect\..*")
"""What names texts that stand in other places, which are found in other ways."""


def test_messages_are_constants_that_are_found_and_have_their_values() -> None:
    known = {text for message in template() for text in forms(message.id)}
    wrong = []
    for module in PACKAGE.rglob("*.py"):
        for name, call in calls(module):
            if name not in ("Message", "counted", "_", "ngettext"):
                continue
            texts = call.args[: 2 if name in ("counted", "ngettext") else 1]
            values = {str(keyword.arg) for keyword in call.keywords}
            for text in texts:
                if ELSEWHERE.fullmatch(ast.unparse(text)):
                    continue
                found = isinstance(text, ast.Constant) and text.value in known
                if not (found and (not values or set(fields(text.value)) - values <= {"count"})):
                    wrong.append(f"{module}:{call.lineno}: {ast.unparse(text)}")
    assert not wrong


SAYING = frozenset(
    "BadParameter EngineError Finding PipelineError UsageError detail echo fail file_line progress "
    "say secho style".split()
)
SAME_IN_EVERY_LANGUAGE = frozenset(("diglot: ", "\\n  "))


def literals(node: ast.expr) -> Iterator[str]:
    """Yield the texts in an expression that are not handed to another function."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif not isinstance(node, ast.Call):
        for inner in ast.iter_child_nodes(node):
            if isinstance(inner, ast.expr):
                yield from literals(inner)


def test_nothing_is_said_that_is_not_translated() -> None:
    wrong = []
    for module in PACKAGE.rglob("*.py"):
        for name, call in calls(module):
            # The first argument of a finding is the id of its check; keywords are for other things.
            said = call.args[2:3] if name == "Finding" else call.args[:1]
            texts = [text for node in said for text in literals(node)] if name in SAYING else []
            for text in texts:
                if re.search("[A-Za-z]{2}", text) and text not in SAME_IN_EVERY_LANGUAGE:
                    wrong.append(f"{module}:{call.lineno}: {text}")
    assert not wrong


MISTAKES = [
    (["check", "--explain", "link-dst"], "没有检查“link-dst”。是不是“link-dest”？"),
    (["status"], "没有文件夹“posts”。请创建它，或在 diglot.toml 中设置 posts。"),
    (["accept"], "没有可供询问的终端。请指明要接受什么"),
    (["import", "x.xlf"], "x.xlf: 无法读取文件：没有这个文件或文件夹。请检查路径。"),
    (["merge-driver", "a", "b", "c", "d"], "d（共同版本）: 无法读取文件：没有这个文件或文件夹。"),
    (["check", "-o", "x.doc"], "x.doc: 没有报告格式用这个扩展名。请用其中之一：.txt、.sarif、"),
]


@pytest.mark.parametrize(("arguments", "said"), MISTAKES)
def test_mistakes_are_told_in_the_language(
    arguments: list[str], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = diglot("--ui-lang", "zh_CN", *arguments)
    assert result.exit_code == 2
    assert said in result.output


def test_nothing_is_loaded_to_speak_english() -> None:
    program = (
        "import sys; from pipeline import wording as w, errors; w.speak('en_GB')\n"
        "assert 'gettext' not in sys.modules\n"
        "print(errors.PipelineError(w.Message('not UTF-8')).told())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, encoding="utf-8", check=True
    )
    assert done.stdout == "not UTF-8.\n"


@pytest.fixture
def faulty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Go to a project in which much is to be found, in Chinese and in English."""
    monkeypatch.chdir(tmp_path)
    Path("posts").mkdir()
    Path("posts/a.md").write_text(
        "See [the **page**](https://ex.org/a) of 12 MB.\n\n<!-- i18n:skp -->\nRun `make` now!\n",
        "utf-8",
    )
    diglot("extract")
    catalog = Path("locales/zh_CN/LC_MESSAGES/a.po")
    text = catalog.read_text("utf-8").replace('msgstr ""\n', 'msgstr "见这一页,的 13 MB。"\n')
    catalog.write_text(text.replace('msgstr "见这一页,的 13 MB。"\n', 'msgstr ""\n', 1), "utf-8")
    return tmp_path


def checked(language: str, *arguments: str) -> str:
    return diglot("--ui-lang", language, "check", *arguments).output


def test_findings_are_told_in_the_language_also_when_they_are_remembered(faulty: Path) -> None:
    chinese, english = checked("zh_CN"), checked("en")
    assert "posts/a.md:1: 错误 [placeholder] 译文缺少：{1} (" in chinese
    assert "没有指令“i18n:skp”" in chinese
    assert "    原文的每个 {1}、{2}……各出现一次" in chinese
    assert re.search(r"在 1 个文件中发现 \d 个错误、\d 个警告", chinese)
    assert "posts/a.md:1: error [placeholder] the translation loses {1} (" in english
    assert (checked("zh_CN"), checked("en")) == (chinese, english)


@pytest.mark.parametrize("layout", ["sarif", "junit", "gitlab", "jsonl"])
def test_what_programs_read_is_the_same_in_every_language(layout: str, faulty: Path) -> None:
    found = checked("zh_CN", "-f", layout)
    assert "he translation loses" in found
    assert checked("en", "-f", layout) == found


def test_a_baseline_holds_whatever_the_language_is(faulty: Path) -> None:
    arguments = ("--baseline", "known.json")
    checked("zh_CN", *arguments, "--update-baseline")
    written = Path("known.json").read_bytes()
    assert b"the translation loses {1}" in written
    assert checked("en", *arguments).endswith("No problems found.\n")
    assert checked("zh_CN", *arguments).endswith("没有发现问题。\n")
    checked("en", *arguments, "--update-baseline")
    assert Path("known.json").read_bytes() == written


@pytest.mark.parametrize("layout", ["html", "github", "text"])
def test_what_people_read_is_in_the_language(layout: str, faulty: Path) -> None:
    shown = checked("zh_CN", "-f", layout)
    prose = re.sub(r"<style>.*?</script>|<[^>]*>|&#?\w+;", " ", shown, flags=re.S)
    assert "译文缺少：{1}" in shown
    assert not re.search(r"\b(?:the|of|and|in|is|lines?)\b [a-z]", prose), prose
    assert ('lang="zh-CN"' in shown) == (layout == "html")


@pytest.mark.parametrize("check", [rule.id for rule in RULES])
def test_checks_are_explained_in_the_language(check: str) -> None:
    shown = diglot("--ui-lang", "zh_CN", "check", "--explain", check).output
    assert re.match(rf"{check}：(?:错误|警告|提示)，类别 [a-z-]+\n\n找出", shown)
    assert ("\n错误" in shown) and ("\n正确" in shown)
    assert not re.search(
        r"\b(?:the|is|not|where) ", re.sub(r"^(?:错误|正确).*$", "", shown, flags=re.M)
    )


SESSION = [
    ("init", "已写入  diglot.toml"),
    ("init", "已保留  diglot.toml"),
    ("extract -v", "未改动  locales/zh_CN/LC_MESSAGES/a.po  (2 条文字)"),
    ("translate -e pseudo", "1 条由引擎 pseudo 翻译"),
    ("reject -n --all", "拒绝：将拒绝 1 条"),
    ("accept --all", "已接受  locales/zh_CN/LC_MESSAGES/a.po  (1 个条目)"),
    ("export x.xlf --to zh_CN", "已写入  x.xlf  (2 个条目)"),
    ("import x.xlf", "导入：已有 2 条"),
    ("memory export m.tmx", "已写入  m.tmx  (2 对)"),
    ("memory import m.tmx", "已写入  locales/memory/m.tmx  ("),
    ("memory search zzz", "没有相似的译文。"),
    ("glossary check", "没有发现问题。"),
    ("glossary suggest", "没有出现 3 次而术语表中没有的词。"),
    ("glossary export g.csv", "已写入  g.csv"),
    ("glossary import g.csv", "导入术语：新增 0 条；已有 0 条"),
    ("normalize", "接管：1 个 PO 文件中有 0 个改动"),
    ("check --fix", "已修复  locales/zh_CN/LC_MESSAGES/a.po  (2 个条目)"),
    ("check --baseline b.json --update-baseline", "个问题)"),
    ("compare posts/a.md posts/a.md --to zh_CN", "译文与原文相同"),
    ("models verify --folder .", ""),
    ("status", "待修改"),
    ("engines", "[engines.command] 下的 command"),
]


def test_every_command_speaks_the_language(faulty: Path) -> None:
    catalog = Path("locales/zh_CN/LC_MESSAGES/a.po")
    emptied = catalog.read_text("utf-8").rpartition('msgstr "')[0]
    catalog.write_text(f'{emptied}msgstr ""\n', "utf-8")
    for command, said in SESSION:
        shown = diglot("--ui-lang", "zh_CN", *command.split()).output
        assert said in shown, command
        prose = re.sub(r"^ +\|.*$", "", shown, flags=re.M)
        assert not re.search(r"\b(?:wrote|would|entries|texts|of|the|and|not)\b", prose), command
