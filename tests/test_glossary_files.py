"""Glossaries as files: columns and cells, the cascade by folder, CSV and TBX in and out."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.errors import PipelineError
from pipeline.glossary import load_glossary
from pipeline.glossary.entries import FLAGS, KEEP, PARTS_OF_SPEECH, Entry
from pipeline.glossary.table import read_table, written
from pipeline.glossary.tbx import read_tbx, tbx
from pipeline.model import Term

MAIN = "locales/glossary.csv"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project in the current folder, with one post."""
    monkeypatch.chdir(tmp_path)
    write("posts/a.md", "A model.\n")
    return tmp_path


def write(name: str, text: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8", newline="")
    return path


def diglot(*words: str) -> Result:
    return CliRunner().invoke(main, ["glossary", *words])


def pairs(*paths: Path, source: str = "en", target: str = "zh_CN") -> dict[str, str]:
    return {term.source: term.target for term in load_glossary(paths, source, target).terms}


# --- rows -------------------------------------------------------------------------------------


def test_a_row_says_all_of_a_term_in_every_direction(project: Path) -> None:
    path = write(
        MAIN,
        "en,zh-CN,zh_TW,forbidden:zh_CN,forbidden:en,pos,note,flags\n"
        "pull request|PR,拉取请求|合并请求,提取要求,推送请求,merge query,noun,On a forge.,"
        "case-sensitive\n"
        "a\\|b,甲,,,,,,\n",
    )
    shared = {"note": "On a forge.", "case_sensitive": True, "part_of_speech": "noun"}
    wrong = {"forbidden": ("推送请求",), "also": ("合并请求",)}
    assert load_glossary([path], "en", "zh_CN").terms == (
        Term("pull request", "拉取请求", **shared, **wrong),
        Term("PR", "拉取请求", **shared, **wrong),
        Term("a|b", "甲"),
    )
    assert load_glossary([path], "zh_TW", "en").terms == (
        Term("提取要求", "pull request", **shared, forbidden=("merge query",), also=("PR",)),
    )


def test_any_text_of_a_cell_will_do_as_a_translation(project: Path) -> None:
    path = write(MAIN, "en,zh_CN\npull request|PR,拉取请求|合并请求\n")
    to_chinese = load_glossary([path], "en", "zh_CN")
    assert to_chinese.missing("Two PRs", "两个合并请求") == ()
    assert [v.term.source for v in to_chinese.missing("Two PRs", "两个请求")] == ["PR"]
    assert load_glossary([path], "zh_CN", "en").missing("合并请求", "a PR") == ()


def test_forbidden_in_the_flags_means_the_language_in_whose_script_it_is(project: Path) -> None:
    path = write(MAIN, "en,zh_CN,flags\nagent,智能体,forbidden:代理|proxy\n")
    assert load_glossary([path], "en", "zh_CN").terms[0].forbidden == ("代理",)
    assert load_glossary([path], "zh_CN", "en").terms[0].forbidden == ("proxy",)


# --- the cascade ------------------------------------------------------------------------------


def test_the_nearest_glossary_wins_and_may_switch_a_term_off(project: Path) -> None:
    outer = write(
        MAIN,
        "en,zh_CN,flags\nmodel,模型,\nagent,智能体,\nApple,苹果公司,case-sensitive\nnoise,噪声,\n",
    )
    inner = write(
        "locales/glossary/fashion.csv",
        "en,zh_CN,flags\nModel,模特,\nagent,,off\napple,苹果,\nnoise,噪音,off\ncoat,大衣,\n",
    )
    assert pairs(outer) == {
        "model": "模型",
        "agent": "智能体",
        "Apple": "苹果公司",
        "noise": "噪声",
    }
    assert pairs(outer, inner) == {
        "Apple": "苹果公司",
        "noise": "噪声",
        "Model": "模特",
        "apple": "苹果",
        "coat": "大衣",
    }
    back = pairs(outer, inner, source="zh_CN", target="en")
    assert back["模型"] == "model"
    assert "智能体" not in back


def test_a_folder_of_posts_has_a_glossary_of_its_own(project: Path) -> None:
    write(MAIN, "en,zh_CN\nmodel,模型\n")
    write("locales/glossary/fashion/paris.csv", "en,zh_CN\nmodel,模特\n")
    write("posts/fashion/paris/b.md", "A model.\n")
    write("posts/fashion/c.md", "A model.\n")
    run = CliRunner().invoke
    assert run(main, ["extract"]).exit_code == 0
    for catalog in Path("locales").rglob("*.po"):
        text = catalog.read_text("utf-8")
        catalog.write_text(text.replace('l."\nmsgstr ""', 'l."\nmsgstr "一个模特。"'), "utf-8")
    output = run(main, ["check"]).output
    assert "posts/a.md:1: warning [glossary]" in output
    assert "posts/fashion/c.md:1: warning [glossary]" in output
    assert "paris" not in output
    write("locales/glossary/fashion.csv", "en,zh_CN\nmodel,模特\n")
    assert "posts/fashion" not in run(main, ["check"]).output


# --- laws -------------------------------------------------------------------------------------

TEXTS = (
    st.text(
        st.characters(codec="utf-8", exclude_categories=["C", "Z"])
        | st.sampled_from("|\\'=+-@\"; #<&"),
        min_size=1,
        max_size=8,
    )
    .map(lambda text: " ".join(text.split()))
    .filter(bool)
)
CELLS = st.lists(TEXTS, min_size=1, max_size=3, unique=True).map(tuple)
BY_LOCALE = st.dictionaries(st.sampled_from(["en", "zh_cn", "zh_tw"]), CELLS, min_size=1)
ENTRIES = st.lists(
    st.builds(
        Entry,
        BY_LOCALE,
        st.dictionaries(st.sampled_from(["en", "zh_cn"]), CELLS),
        TEXTS.filter(lambda note: not note.startswith("diglot:")) | st.just(""),
        st.sampled_from(["", *PARTS_OF_SPEECH]),
        st.frozensets(st.sampled_from([flag for flag in FLAGS if flag != KEEP])),
    ),
    max_size=4,
)
LOCALES = ("en", "zh_CN", "zh_TW")


@given(ENTRIES)
def test_csv_gives_back_what_was_written(entries: list[Entry]) -> None:
    table = read_table(Path("x.csv"), written(entries, LOCALES))
    assert (list(table.entries), table.problems) == (entries, ())


@given(ENTRIES, st.sampled_from([2, 3]))
def test_tbx_gives_back_what_was_written(
    tmp_path_factory: pytest.TempPathFactory, entries: list[Entry], version: int
) -> None:
    path = tmp_path_factory.mktemp("tbx") / "x.tbx"
    path.write_text("".join(tbx(entries, version, str)), "utf-8")
    # A part of speech belongs to a term, which these entries have.
    assert list(read_tbx(path)) == entries


@given(TEXTS)
def test_no_cell_is_a_formula(text: str) -> None:
    cell = written([Entry({"en": (text,)})], ["en"]).splitlines()[1].lstrip('"')
    assert not cell.startswith(("=", "+", "-", "@"))


# --- TBX --------------------------------------------------------------------------------------


def test_tbx_of_other_programs_is_read(project: Path) -> None:
    path = write(
        "x.tbx",
        '<?xml version="1.0"?>\n<!DOCTYPE martif PUBLIC "ISO 12200:1999A" "TBXcdv04.dtd">\n'
        '<martif type="TBX" xml:lang="en-US"><text><body>\n'
        '<termEntry id="1"><descripGrp><descrip type="definition">What  is\nbought.</descrip>'
        '</descripGrp><note>Mind it.</note><langSet xml:lang="en-GB"><ntig><termGrp>'
        "<term>lo<hi>rr</hi>y</term></termGrp>"
        '<termNote type="partOfSpeech">properNoun</termNote></ntig><ntig><termGrp><term>truck'
        '</term><termNote type="administrativeStatus">supersededTerm-admn-sts</termNote>'
        '</termGrp></ntig></langSet><langSet xml:lang="zh-Hans"><tig><term>货车</term></tig>'
        '<tig><term>卡车</term><termNote type="administrativeStatus">preferredTerm-admn-sts'
        "</termNote></tig></langSet></termEntry></body></text></martif>\n",
    )
    assert list(read_tbx(path)) == [
        Entry(
            {"en-GB": ("lorry",), "zh-Hans": ("卡车", "货车")},
            {"en-GB": ("truck",)},
            "What  is\nbought.\nMind it.",
            "proper noun",
        )
    ]
    assert diglot("import", "x.tbx").exit_code == 0
    assert Path(MAIN).read_text("utf-8") == (
        "en,zh_CN,forbidden:en,pos,note,flags\n"
        'lorry,卡车|货车,truck,proper noun,"What  is\nbought.\nMind it.",\n'
    )


def test_tbx_in_the_style_of_elements_is_read(project: Path) -> None:
    path = write(
        "x.tbx",
        '<tbx style="dct" type="TBX-Basic" xml:lang="en" xmlns="urn:iso:std:iso:30042:ed-2" '
        'xmlns:min="http://www.tbxinfo.net/ns/min"><text><body><conceptEntry id="1">'
        '<langSec xml:lang="en"><termSec><term>map</term><min:partOfSpeech>verb'
        "</min:partOfSpeech><min:administrativeStatus>deprecatedTerm-admn-sts"
        "</min:administrativeStatus></termSec></langSec></conceptEntry></body></text></tbx>",
    )
    assert list(read_tbx(path)) == [Entry({}, {"en": ("map",)}, "", "verb")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<tmx/>", "1: this is no TBX file but <tmx>. Name a file of the kind TBX."),
        (
            "<tbx>\n<text>",
            "2: this is not well-formed XML: no element found. Export the file again.",
        ),
        (
            '<!DOCTYPE tbx [<!ENTITY a "b">]>\n<tbx>&a;</tbx>',
            "1: declarations in a DTD are not read. Remove the part in brackets.",
        ),
        (
            '<!DOCTYPE tbx SYSTEM "x.dtd">\n<tbx>&a;</tbx>',
            "2: unknown entity &a;. Write the character itself.",
        ),
        ("<tbx>" + "<a>" * 60, "1: nested more than 50 levels deep. Export it again."),
        (
            "<tbx><termEntry>" + "a" * (2 << 20),
            "1: an entry is too long. Split the file.",
        ),
    ],
    ids=["another format", "cut off", "entity", "unknown entity", "deep", "long"],
)
def test_bad_tbx_is_refused_with_its_line(project: Path, text: str, message: str) -> None:
    path = write("x.tbx", text)
    with pytest.raises(PipelineError) as caught:
        list(read_tbx(path))
    assert str(caught.value) == f"x.tbx:{message}"


# --- the commands -----------------------------------------------------------------------------


def test_check_finds_what_is_wrong_with_glossaries(project: Path) -> None:
    write(
        MAIN,
        "en,zh_CN,pos,note,flags\n"
        "model,模型,,,\n"
        "Models,模特,,,\n"
        "model,模型,,,\n"
        "build,构建,verb,,\n"
        "build,版本,noun,,\n"
        "agent,智能体,,,forbidden:智能体\n"
        "GitHub,吉特,,,keep\n"
        "GPU,,,,\n"
        "token,词元,,,kep\n"
        "token,令牌,nown,,\n",
    )
    write("locales/glossary/none.csv", "en,zh_CN,flags\nGPU,,off\nRAM,,off\n")
    found = diglot("check")
    assert found.exit_code == 1
    shown = [line for line in found.output.splitlines() if "[" in line]
    assert shown == [
        f'{MAIN}:3: info [unused-term] "Models = 模特" occurs in no post',
        f'{MAIN}:4: warning [duplicate-term] "model = 模型" repeats line 2',
        f'{MAIN}:5: info [unused-term] "build = 构建" occurs in no post',
        f'{MAIN}:6: info [unused-term] "build = 版本" occurs in no post',
        f'{MAIN}:7: error [forbidden-term] "agent = 智能体" forbids "智能体", which is the term',
        f'{MAIN}:7: info [unused-term] "agent = 智能体" occurs in no post',
        f'{MAIN}:8: error [glossary-file] "keep" contradicts the translation "吉特" of "GitHub"',
        f'{MAIN}:9: warning [empty-term] "GPU" has no text in zh_CN',
        f'{MAIN}:9: info [unused-term] "GPU" occurs in no post',
        f'{MAIN}:10: error [glossary-file] unknown flag "kep"',
        f'{MAIN}:11: error [glossary-file] unknown part of speech "nown"',
        "locales/glossary/none.csv: warning [glossary-file] this glossary holds for no post",
        'locales/glossary/none.csv:3: warning [off-term] "RAM" switches nothing off',
    ]
    assert "::error file=locales/glossary.csv,line=7," in diglot("check", "-f", "github").output


def test_one_source_with_two_targets_is_a_conflict(project: Path) -> None:
    write(
        MAIN,
        "en,zh_CN,flags\nmodel,模型,\nMODEL,模特,\nApple,苹果公司,case-sensitive\napple,苹果,\n",
    )
    output = diglot("check").output
    assert (
        f'{MAIN}:3: warning [conflicting-term] "MODEL = 模特" is "模型" for "MODEL" on line 2'
        in output
    )
    assert output.count("conflicting-term") == 1
    assert diglot("check").exit_code == 0
    assert diglot("check", "--fail-on", "warning").exit_code == 1


def test_import_adds_what_is_new_and_overwrites_nothing(project: Path) -> None:
    before = "en,zh_CN\r\nmodel,模型\r\n"
    write(MAIN, before)
    write(
        "more.tsv",
        'EN\tzh\tnote\tlevel\nmodel\t模特\t\t1\nModel\t模型\t\t\n"a ""b"""\t=1\tSee.\t\n',
    )
    result = diglot("import", "more.tsv")
    assert result.exit_code == 1
    assert 'more.tsv:2: warning [conflicting-term] "model = 模特" is "模型"' in result.output
    assert result.output.splitlines()[-1] == (
        "glossary import: 1 new; 1 known already; 1 left out, see above; columns passed over: level"
    )
    assert Path(MAIN).read_bytes().decode() == (
        'en,zh_CN,note\r\nmodel,模型\r\n"a ""b""",\'=1,See.\r\n'
    )
    again = diglot("import", "more.tsv")
    assert "0 new; 2 known already" in again.output


def test_export_can_be_imported_elsewhere(project: Path) -> None:
    text = (
        "en,zh_CN,forbidden:zh_CN,pos,note,flags\n"
        "noise|din,噪声,噪音,noun,Not music.,case-sensitive\n"
        "PyTorch,,,,,keep\n"
    )
    write(MAIN, text)
    for name, *options in (("a.csv",), ("b.tbx",), ("c.tbx", "--tbx-version", "3")):
        Path(MAIN).write_text(text, "utf-8")
        assert diglot("export", name, *options).output == f"wrote  {name}\n"
        Path(MAIN).unlink()
        assert diglot("import", name).exit_code == 0
        assert Path(MAIN).read_text("utf-8") == text
    assert diglot("export", "d.xlsx").exit_code == 2


POSTS = {
    "posts/en/one.md": "The beam search is slow.\n\nA beam search needs a GPU.\n",
    "posts/en/two.md": "Use beam search on the GPU.\n\nBeam searches like GPUs.\n",
    "posts/zh-cn/three.md": (
        "我们用词向量表示语义。\n\n好的词向量很有用。\n\n训练词向量需要语料。\n"
    ),
}


def test_suggest_ranks_what_the_glossary_lacks(project: Path) -> None:
    for name, text in POSTS.items():
        write(name, text)
    write(MAIN, "en,zh_CN,note,flags\nGPU,图形处理器,,\n")
    assert CliRunner().invoke(main, ["extract"]).exit_code == 0
    for catalog in Path("locales/zh_CN").rglob("*.po"):
        text = catalog.read_text("utf-8")
        for source, target in (
            ("The beam search is slow.", "集束搜索很慢。"),
            ("Use beam search on the GPU.", "在显卡上用集束搜索。"),
        ):
            text = text.replace(f'"{source}"\nmsgstr ""', f'"{source}"\nmsgstr "{target}"')
        catalog.write_text(text, "utf-8")
    lines = diglot("suggest").output.splitlines()
    assert [line.split()[:3] for line in lines[1:]] == [
        ["4", "beam", "search"],
        ["3", "词向量", "posts/zh-cn/three.md:1,3,5"],
    ]
    assert lines[1].split()[3:] == ["集束搜索", "posts/en/one.md:1,3", "posts/en/two.md:1"]
    assert diglot("suggest", "--csv").output == "beam search,集束搜索,,\n,词向量,,\n"
    assert diglot("suggest", "--at-least", "9").output == (
        "No term occurs 9 times that the glossary lacks.\n"
    )
