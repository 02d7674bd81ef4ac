"""Exchange with translators' tools: what leaves comes back, and no person's work is lost."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.errors import PipelineError
from pipeline.exchange import Incoming, Outgoing, read_xliff
from pipeline.exchange.xliff1 import xliff1
from pipeline.exchange.xliff2 import xliff2
from pipeline.model import Origin, State, Unit, fingerprint
from pipeline.po import load, save

FORMS = {"xliff-1.2": xliff1, "xliff-2.1": xliff2}
POST = (
    "One [link](https://a.example/x).\n\nTwo words.\n\nThree words here.\n\nFour `{{x}}` words.\n"
)
LINK = "One [link]({1})."


def diglot(*arguments: str) -> str:
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project with one post, in the current folder; its catalog is returned."""
    monkeypatch.chdir(tmp_path)
    Path("posts").mkdir()
    Path("posts/x.md").write_text(POST, "utf-8")
    diglot("extract", "-q")
    return Path("locales/zh_CN/LC_MESSAGES/x.po")


def units(catalog: Path) -> dict[str, Unit]:
    return {unit.msgid: unit for unit in load(catalog, "zh_CN").units}


def fill(catalog: Path, **changes: object) -> None:
    """Change the entry of ``Two words.``."""
    present = load(catalog, "zh_CN")
    changed = (
        replace(unit, **changes) if unit.msgid == "Two words." else unit  # type: ignore[arg-type]
        for unit in present.units
    )
    save(replace(present, units=tuple(changed)))


MACHINE = {
    "msgstr": "机器写的。",
    "fuzzy": True,
    "origin": Origin("machine", "google", fingerprint("Two words.")),
}
STATES = {
    State.UNTRANSLATED: {},
    State.MACHINE: MACHINE,
    State.STALE: {"msgstr": "旧的。", "fuzzy": True, "previous": "Two old words."},
    State.NEEDS_WORK: {"msgstr": "人写的。", "fuzzy": True},
    State.TRANSLATED: {"msgstr": "人写的。"},
}


def translate(path: Path, text: str, finished: bool) -> None:
    """Do in a file what a translator's tool does: write a target for ``Two words.``."""
    content = path.read_text("utf-8")
    unit = next(
        part
        for part in re.findall(r"<(?:trans-)?unit .*?unit>", content, re.S)
        if ">Two words.<" in part
    )
    new = re.sub(r"<target.*?</target>\n", "", unit, flags=re.S)
    if "trans-unit" in unit:
        state = "translated" if finished else "needs-translation"
        new = new.replace(' approved="yes"', "")
        target = f'<target state="{state}">{text}</target>'
    else:
        new = re.sub('state="[^"]*"', f'state="{"translated" if finished else "initial"}"', new)
        target = f"<target>{text}</target>"
    new = new.replace("</source>\n", f"</source>\n{target}\n")
    path.write_text(content.replace(unit, new), "utf-8")


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("state", STATES)
def test_what_comes_back_as_it_left_changes_nothing(project: Path, form: str, state: State) -> None:
    fill(project, **STATES[state])
    before = project.read_bytes()
    diglot("export", "x.xlf", "--to", "zh", "--format", form)
    assert "wrote" not in diglot("import", "x.xlf")
    assert project.read_bytes() == before


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("state", STATES)
def test_a_finished_translation_is_taken_unless_a_person_confirmed_another(
    project: Path, form: str, state: State
) -> None:
    fill(project, **STATES[state])
    diglot("export", "x.xlf", "--to", "zh", "--format", form)
    translate(Path("x.xlf"), "新的。", finished=True)
    diglot("import", "x.xlf")
    unit = units(project)["Two words."]
    if state is State.TRANSLATED:
        assert (unit.msgstr, unit.state) == ("人写的。", State.TRANSLATED)
        assert unit.comments == ("imported: x.xlf: 新的。",)
        assert "already there" in diglot("import", "x.xlf")
        diglot("extract", "-q")
        assert units(project)["Two words."].comments == unit.comments
        diglot("import", "--replace", "x.xlf")
        unit = units(project)["Two words."]
        assert unit.comments == ()
    assert (unit.msgstr, unit.state, unit.origin) == ("新的。", State.TRANSLATED, None)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("state", [State.STALE, State.NEEDS_WORK])
def test_what_a_person_did_meanwhile_stays(project: Path, form: str, state: State) -> None:
    fill(project, **STATES[state])
    diglot("export", "x.xlf", "--to", "zh", "--format", form)
    translate(Path("x.xlf"), "新的。", finished=True)
    fill(project, msgstr="后来写的。")
    assert "1 suggested beside a person's" in diglot("import", "x.xlf")
    unit = units(project)["Two words."]
    assert (unit.msgstr, unit.state) == ("后来写的。", state)
    assert any(text.startswith("suggestion: x.xlf") for text in unit.comments)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("state", [State.UNTRANSLATED, State.MACHINE])
def test_what_is_not_finished_needs_work(project: Path, form: str, state: State) -> None:
    fill(project, **STATES[state])
    diglot("export", "x.xlf", "--to", "zh", "--format", form)
    translate(Path("x.xlf"), "新的。", finished=False)
    assert "1 taken, needs work" in diglot("import", "x.xlf")
    unit = units(project)["Two words."]
    assert (unit.msgstr, unit.state) == ("新的。", State.NEEDS_WORK)


@pytest.mark.parametrize("form", FORMS)
def test_a_text_that_has_changed_since_gets_its_translation_as_stale(
    project: Path, form: str
) -> None:
    diglot("export", "x.xlf", "--to", "zh", "--format", form)
    translate(Path("x.xlf"), "两个词。", finished=True)
    Path("posts/x.md").write_text(POST.replace("Two words.", "Two words!"), "utf-8")
    diglot("extract", "-q")
    assert "1 for texts that have changed" in diglot("import", "x.xlf")
    unit = units(project)["Two words!"]
    assert (unit.msgstr, unit.state, unit.previous) == ("两个词。", State.STALE, "Two words.")


@pytest.mark.parametrize("form", FORMS)
def test_a_translation_that_cannot_be_built_needs_work(project: Path, form: str) -> None:
    diglot("export", "x.xlf", "--to", "zh", "--format", form)
    translate(Path("x.xlf"), "坏了。[甲](http://x", finished=True)
    assert "needs work" in diglot("import", "x.xlf")
    assert units(project)["Two words."].state is State.NEEDS_WORK


def test_placeholders_are_elements_and_braces_are_braces(project: Path) -> None:
    diglot("export", "one.xlf", "--to", "zh")
    diglot("export", "two.xlf", "--to", "zh", "--format", "xliff-2.1")
    one, two = Path("one.xlf").read_text("utf-8"), Path("two.xlf").read_text("utf-8")
    assert '>One [link](<x id="1" equiv-text="https://a.example/x"/>).<' in one
    assert '>One [link](<ph id="1" equiv="https://a.example/x"/>).<' in two
    assert ">Three words here.</source>" in one and "{1}<" not in one


def test_tmx_holds_what_people_confirmed(project: Path) -> None:
    fill(project, **STATES[State.TRANSLATED])
    assert "(1 entry)" in diglot("export", "x.tmx", "--to", "zh_CN")
    fill(project, msgstr="")
    assert "1 taken" in diglot("import", "x.tmx")
    assert units(project)["Two words."].state is State.TRANSLATED


def test_a_dry_run_writes_nothing(project: Path) -> None:
    assert "would write" in diglot("export", "x.xlf", "--to", "zh", "-n")
    assert not Path("x.xlf").exists()
    diglot("export", "x.xlf", "--to", "zh")
    translate(Path("x.xlf"), "新的。", finished=True)
    before = project.read_bytes()
    assert "would write" in diglot("import", "-n", "x.xlf")
    assert project.read_bytes() == before


MISTAKES = {
    "another format": ("<tmx version='1.4'/>", "x.xlf:1: this is no XLIFF file but <tmx>."),
    "no XML": ("not at all", "x.xlf:1: this is not well-formed XML"),
    "entities": (
        '<!DOCTYPE x [<!ENTITY a "b">]>\n<xliff/>',
        "x.xlf:1: declarations in a DTD are not read.",
    ),
    "another version": (
        '<xliff version="9">\n<unit id="a"/></xliff>',
        'x.xlf:2: XLIFF of the version "9" is not known.',
    ),
    "a post that is not there": (
        '<xliff version="1.2"><file original="posts/y.md" target-language="zh">\n'
        '<trans-unit id="a">'
        "<source>a</source><target>b</target></trans-unit></file></xliff>",
        'x.xlf:2: "posts/y.md" is no post of the project. Did you mean "posts/x.md"?',
    ),
}


@pytest.mark.parametrize(("content", "message"), MISTAKES.values(), ids=MISTAKES)
def test_a_bad_file_is_refused_with_its_line(project: Path, content: str, message: str) -> None:
    Path("x.xlf").write_text(content, "utf-8")
    result = CliRunner().invoke(main, ["import", "x.xlf"])
    assert result.exit_code == 2
    assert message in result.output


def test_one_file_of_xliff_2_has_one_language(project: Path) -> None:
    Path("diglot.toml").write_text('locales = ["en", "zh_CN", "fr"]\n', "utf-8")
    Path("posts/y.md").write_text("---\nlang: fr\n---\nDes mots.\n", "utf-8")
    diglot("extract", "-q")
    result = CliRunner().invoke(main, ["export", "x.xlf", "--to", "zh", "--format", "xliff-2.1"])
    assert result.exit_code == 2
    assert "XLIFF 2.1 holds one language" in result.output
    diglot("export", "x.xlf", "--to", "zh")


PARTS = ["甲", "word ", "{{", "}}", "{1}", "<b>", "&", '"', "]]>", "\t", "\n", "\r", "\U0001f600"]
TEXTS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=8).map("".join)


@pytest.mark.parametrize("form", FORMS)
@given(texts=st.lists(st.tuples(TEXTS, TEXTS), max_size=4), context=st.none() | TEXTS)
def test_every_text_comes_back(
    tmp_path_factory: pytest.TempPathFactory,
    form: str,
    texts: list[tuple[str, str]],
    context: str | None,
) -> None:
    entries = [Unit(source, target, context) for source, target in texts]
    path = tmp_path_factory.mktemp("xliff") / "x.xlf"
    data = "".join(FORMS[form]([Outgoing('a "post".md', "en", "zh-CN", entries)]))
    path.write_bytes(data.encode("utf-8"))
    found = list(read_xliff(path))
    assert [(each.msgid, each.msgstr, each.context) for each in found] == [
        (unit.msgid, unit.msgstr, unit.context) for unit in entries
    ]
    assert all((each.post, each.target) == ('a "post".md', "zh-CN") for each in found)
    assert all(each.finished and each.made_from == fingerprint(each.msgstr) for each in found)


JUDGE = """
import json, sys
from translate.storage import factory
from translate.storage.xliff import xlifffile
from translate.storage.xliff2 import Xliff2File
kind = xlifffile if sys.argv[2] == "xliff-1.2" else Xliff2File
store = kind.parsefile(sys.argv[1])
print(json.dumps([[u.source, u.target or ""] for u in store.units if not u.isheader()]))
"""


@pytest.mark.parametrize("form", FORMS)
def test_translate_toolkit_reads_what_we_write(
    project: Path, toolkit: Callable[..., str], form: str
) -> None:
    fill(project, **STATES[State.TRANSLATED])
    diglot("export", "x.xlf", "--to", "zh", "--format", form)
    read = json.loads(toolkit(JUDGE, "x.xlf", form))
    assert ["Two words.", "人写的。"] in read
    assert ["Three words here.", ""] in read
    assert len(read) == 4


def test_segments_of_a_unit_are_joined(tmp_path: Path) -> None:
    path = tmp_path / "x.xlf"
    path.write_text(
        '<xliff version="2.1" srcLang="en" trgLang="zh"><file id="f" original="p.md"><group id="g">'
        '<unit id="u"><segment state="final"><source>One. </source><target>一。</target></segment>'
        '<ignorable><source> </source></ignorable><segment state="translated">'
        "<source>Two <mrk>marked</mrk>.</source><target>二<mrk>标</mrk>。</target></segment></unit>"
        '<unit id="v"><segment><source>Three</source></segment></unit></group></file></xliff>',
        "utf-8",
    )
    assert list(read_xliff(path)) == [
        Incoming("p.md", "en", "zh", "One.  Two marked.", "一。 二标。", line=1)
    ]


def test_an_endless_nesting_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.xlf"
    path.write_text("<xliff>" + "<a>" * 10_000, "utf-8")
    with pytest.raises(PipelineError, match="levels deep"):
        list(read_xliff(path))
