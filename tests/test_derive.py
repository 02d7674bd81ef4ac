"""Traditional Chinese from Simplified: what is derived, marked, edited and derived again."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline import catalog
from pipeline.cli import main
from pipeline.derivation import converted
from pipeline.glossary import Glossary
from pipeline.model import PROFILES, State, Term, Unit, fingerprint
from pipeline.project import load_project

pytest.importorskip("opencc")

POST = (
    "---\ntitle: Hello\nlang: en\n---\n\nA *program* in `软件`.\n\nSee [the network](软件.html).\n"
)
CHINESE = {
    "Hello": "你好软件",
    "A *program* in `软件`.": "`软件` 里的*程序*。",
    "See [the network]({1}).": "见[网络]({1})。",
}
TRADITIONAL = {
    "Hello": "你好軟體",
    "A *program* in `软件`.": "`软件` 裡的*程式*。",
    "See [the network]({1}).": "見[網路]({1})。",
}


def run(*words: str) -> str:
    result = CliRunner().invoke(main, words)
    assert result.exit_code == 0, result.output
    return result.output


def po(locale: str) -> Path:
    return Path(f"locales/{locale}/LC_MESSAGES/a.po")


def units(locale: str) -> dict[str, Unit]:
    return {unit.msgid: unit for unit in catalog.load(po(locale), locale).units}


def edit(locale: str, old: str, new: str) -> None:
    text = po(locale).read_text("utf-8")
    assert old in text
    po(locale).write_text(text.replace(old, new), "utf-8")


@pytest.fixture
def blog(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project whose one post a person has translated into Simplified Chinese."""
    monkeypatch.chdir(tmp_path)
    Path("posts").mkdir()
    Path("posts/a.md").write_text(POST, "utf-8")
    settings = 'locales = ["en", "zh_CN", "zh_TW"]\n[derive]\nzh-hant = "zh-CN"\n'
    Path("diglot.toml").write_text(settings, "utf-8")
    run("extract")
    for source, target in CHINESE.items():
        edit("zh_CN", f'msgid "{source}"\nmsgstr ""', f'msgid "{source}"\nmsgstr "{target}"')


@pytest.mark.usefixtures("blog")
def test_words_are_converted_and_nothing_else() -> None:
    assert "derive: 3 texts in zh_TW from zh_CN" in run("translate", "--engine", "none")
    found = units("zh_TW")
    assert {msgid: unit.msgstr for msgid, unit in found.items()} == TRADITIONAL
    assert {unit.state for unit in found.values()} == {State.MACHINE}
    assert "# derived: zh_CN " in po("zh_TW").read_text("utf-8")
    assert "derive: 0 texts" in run("translate", "--engine", "none")
    run("build")
    assert "見[網路](软件.html)。" in Path("site/zh-TW/a.md").read_text("utf-8")


@pytest.mark.usefixtures("blog")
def test_only_what_nobody_touched_is_derived_again() -> None:
    run("translate", "--engine", "none")
    edit("zh_TW", "見[網路]", "請看[網路]")
    edit("zh_CN", "见[网络]", "参见[网络]")
    edit("zh_CN", "你好软件", "您好软件")
    assert "derive: 1 texts" in run("translate", "--engine", "none")
    texts = {msgid: unit.msgstr for msgid, unit in units("zh_TW").items()}
    changed = {"Hello": "您好軟體", "See [the network]({1}).": "請看[網路]({1})。"}
    assert texts == TRADITIONAL | changed


@pytest.mark.usefixtures("blog")
def test_what_a_person_has_read_is_no_draft_in_the_derived_locale_either() -> None:
    origin = f"# machine: local (draft) src={fingerprint('Hello')}\n#. title"
    edit("zh_CN", "#. title", origin)
    edit("zh_CN", '\nmsgid "Hello"', '\n#, fuzzy\nmsgid "Hello"')
    run("translate", "--engine", "none")
    assert units("zh_TW")["Hello"].origin.draft  # type: ignore[union-attr]
    run("accept", "--all", "--locale", "zh_CN")
    assert "derive: 1 texts" in run("translate", "--engine", "none")
    assert not units("zh_TW")["Hello"].origin.draft  # type: ignore[union-attr]
    assert "derive: 0 texts" in run("translate", "--engine", "none")


@pytest.mark.usefixtures("blog")
def test_the_glossary_comes_first_and_no_engine_is_asked() -> None:
    Path("locales/glossary.csv").write_text("en,zh_CN,zh_TW\nnetwork,网络,網際網路\n", "utf-8")
    edit("zh_CN", "你好软件", "")
    run("run", "--engine", "pseudo")
    found = units("zh_TW")
    assert found["See [the network]({1})."].msgstr == "見[網際網路]({1})。"
    assert found["Hello"].origin is not None and found["Hello"].origin.kind == "derived"


@pytest.mark.usefixtures("blog")
def test_a_chinese_post_is_converted_itself() -> None:
    Path("posts/a.md").write_text("---\nlang: zh-CN\n---\n\n网络里的软件。\n", "utf-8")
    run("extract")
    run("translate", "--engine", "none")
    assert units("zh_TW")["网络里的软件。"].msgstr == "網路裡的軟體。"


def test_what_is_behind_marks_stays() -> None:
    term = Term("采样器", "取樣器")
    text = "用 `采样器` 和 $\\text{网络}$ 的采样器。"
    found = converted(text, Glossary([term]), PROFILES["jekyll"], lambda t: t.replace("网", "網"))
    assert found == "用 `采样器` 和 $\\text{网络}$ 的取樣器。"


@pytest.mark.parametrize(
    ("table", "complaint"),
    [
        ('zh_TW = "en"', "knows Chinese locales only, not zh_TW from en"),
        ('zh_TW = "zh-Hant"', "derives zh_TW from itself"),
        ('zh_HK = "zh_CN"', "names zh_HK, which is not among the"),
        ('zh_TW = "zh_CN"\nzh_CN = "zh_TW"', "which is derived itself"),
        ("zh_TW = 3", "must be a string"),
    ],
)
def test_a_derivation_that_cannot_be_is_refused(tmp_path: Path, table: str, complaint: str) -> None:
    text = f'locales = ["en", "zh_CN", "zh_TW"]\n[derive]\n{table}\n'
    (tmp_path / "diglot.toml").write_text(text, "utf-8")
    with pytest.raises(Exception, match=complaint):
        load_project(tmp_path)
