"""The glossary: what its matcher finds, what it misses in a translation, what its file may say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest
from _pytest.mark import ParameterSet
from hypothesis import given
from hypothesis import strategies as st
from markdown_it.utils import read_fixture_file

from pipeline.errors import PipelineError
from pipeline.glossary import Glossary, Violation, load_glossary
from pipeline.model import Term

TABLE = """\
en,zh_CN,note,flags
diffusion model,扩散模型,,
diffusion,扩散,,
model,模型,,
noise schedule,噪声调度,,
transformer,变换器,,forbidden:变形金刚|变压器
attention,注意力,,
attention mechanism,注意力机制,,
self-attention,自注意力,,
neural networks,神经网络,listed in the plural,
strategy,策略,,
batch,批次,,
matrix,矩阵,,
analysis,分析,,
mean,均值,,
fine-tuning,微调,,
GitHub,,,keep;case-sensitive
PyTorch,,,keep
Windows,,,keep
GPU,图形处理器,,
RL,强化学习,,case-sensitive
Apple,苹果公司,the company,case-sensitive
apple,苹果,,
pull request,拉取请求,,
PR,拉取请求,,case-sensitive
agent,智能体,,forbidden:代理
proxy,代理,,
GPT-4,GPT-4,,keep
C++,C++,,keep
large language model,大语言模型,,forbidden:语言模型
3D reconstruction,三维重建,,
"loss, total",总损失,,
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the glossary of these tests."""
    folder = tmp_path_factory.mktemp("glossary")
    (folder / "glossary.csv").write_text(TABLE, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def to_chinese(folder: Path) -> Glossary:
    """The terms from English to Chinese."""
    return load_glossary([folder / "glossary.csv"], "en", "zh_CN")


@pytest.fixture(scope="module")
def to_english(folder: Path) -> Glossary:
    """The terms from Chinese to English."""
    return load_glossary([folder / "glossary.csv"], "zh_CN", "en")


def found(glossary: Glossary, text: str) -> list[str]:
    """What the glossary finds: ``text as it stands -> source of the term``."""
    return [f"{text[m.start : m.end]} -> {m.term.source}" for m in glossary.find(text)]


MATCHES = Path(__file__).parent / "data" / "glossary" / "matches.md"
BEYOND = "beyond: "


def cases() -> list[ParameterSet]:
    """The cases of the data file; those beyond the matcher are expected to fail."""
    found = []
    for line, title, text, expected in read_fixture_file(MATCHES):
        names = title.strip().splitlines()[-1]
        marks = [pytest.mark.xfail(strict=True)] if names.startswith(BEYOND) else []
        case = (names.removeprefix(BEYOND), text.rstrip("\n"), expected.splitlines())
        found.append(pytest.param(*case, marks=marks, id=f"line {line}"))
    return found


def marked(names: str, text: str) -> Iterator[str]:
    """Yield what the matcher finds of the terms, written as in the data file."""
    glossary = Glossary(tuple(map(term_named, names.split(" ; "))))
    for match in glossary.find(text):
        stands, source = text[match.start : match.end].replace("\n", " "), match.term.source
        yield stands if stands == source else f"{stands} = {source}"


def term_named(name: str) -> Term:
    source = name.removesuffix(" (v)").removesuffix("!")
    speech = "verb" if name.endswith(" (v)") else ""
    return Term(source, source, case_sensitive=name.endswith("!"), part_of_speech=speech)


@pytest.mark.parametrize(("names", "text", "expected"), cases())
def test_a_text_holds_the_terms_that_a_reader_would_mark(
    names: str, text: str, expected: list[str]
) -> None:
    assert list(marked(names, text)) == expected


def test_precision_and_recall_over_all_cases() -> None:
    right = wrong = missed = 0
    for case in cases():
        names, text, expected = case.values
        found, wanted = Counter(marked(names, text)), Counter(expected)
        right += (found & wanted).total()
        wrong += (found - wanted).total()
        missed += (wanted - found).total()
    assert len(cases()) >= 60
    assert right / (right + wrong) >= 0.97
    assert right / (right + missed) >= 0.96


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a diffusion model", ["diffusion model -> diffusion model"]),
        ("Diffusion Models", ["Diffusion Models -> diffusion model"]),
        ("diffusion\nmodel", ["diffusion\nmodel -> diffusion model"]),
        ("diffusion\u00a0model", ["diffusion\u00a0model -> diffusion model"]),
        ("diffusion-model", ["diffusion-model -> diffusion model"]),
        ("diffusion modeling", ["diffusion -> diffusion"]),
        ("remodel models", ["models -> model"]),
        ("transformer", ["transformer -> transformer"]),
        ("transformerless", []),
        ("a pretransformer", []),
        ("transformer_block", []),
        ("transformer2", []),
        ("transformer-based", ["transformer -> transformer"]),
        ("the transformer's depth", ["transformer -> transformer"]),
        ("TRANSFORMERS", ["TRANSFORMERS -> transformer"]),
        ("self-attention", ["self-attention -> self-attention"]),
        ("Attention mechanisms", ["Attention mechanisms -> attention mechanism"]),
        ("attention, please", ["attention -> attention"]),
        ("a neural network", ["neural network -> neural networks"]),
        ("neural networks", ["neural networks -> neural networks"]),
        ("strategies", ["strategies -> strategy"]),
        ("batches", ["batches -> batch"]),
        ("matrices", ["matrices -> matrix"]),
        ("analyses", ["analyses -> analysis"]),
        ("this means that the mean", ["mean -> mean"]),
        ("8 GPUs", ["GPUs -> GPU"]),
        ("a gpu", ["gpu -> GPU"]),
        ("使用GitHub平台", ["GitHub -> GitHub"]),
        ("see github.com", []),
        ("open a window in Windows", ["Windows -> Windows"]),
        ("world, RL and rl", ["RL -> RL"]),
        ("在RL里", ["RL -> RL"]),
        ("Apple sells an apple", ["Apple -> Apple", "apple -> apple"]),
        ("APPLE", ["APPLE -> apple"]),
        ("pr or PRs", ["PRs -> PR"]),
        ("GPT-4 and GPT-4o", ["GPT-4 -> GPT-4"]),
        ("in C++.", ["C++ -> C++"]),
        ("loss, total", ["loss, total -> loss, total"]),
        ("İ and İ transformer", ["transformer -> transformer"]),
        ("用3D reconstruction做", ["3D reconstruction -> 3D reconstruction"]),
        ("🙂 batch 🙂", ["batch -> batch"]),
        ("", []),
    ],
)
def test_terms_are_found_in_english(to_chinese: Glossary, text: str, expected: list[str]) -> None:
    assert found(to_chinese, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("这些扩散模型很好", ["扩散模型 -> 扩散模型"]),
        ("扩散与模型", ["扩散 -> 扩散", "模型 -> 模型"]),
        ("注意力机制与注意力", ["注意力机制 -> 注意力机制", "注意力 -> 注意力"]),
        ("自注意力机制", ["自注意力 -> 自注意力"]),
        ("使用PyTorch训练神经网络", ["PyTorch -> PyTorch", "神经网络 -> 神经网络"]),
        ("用pytorch。", ["pytorch -> PyTorch"]),
        ("github", []),
        ("苹果公司卖苹果", ["苹果公司 -> 苹果公司", "苹果 -> 苹果"]),
        ("大语言模型", ["大语言模型 -> 大语言模型"]),
        ("扩 散", []),
        ("（策略）", ["策略 -> 策略"]),
    ],
)
def test_terms_are_found_in_chinese(to_english: Glossary, text: str, expected: list[str]) -> None:
    assert found(to_english, text) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("Diffusion models", "扩散模型", []),
        ("Diffusion models", "弥散模型", ["diffusion model"]),
        ("Diffusion models are models", "扩散模型是模型", []),
        ("Diffusion models are models", "扩散模型就是它", ["model"]),
        ("A model is a model", "模型就是它", []),
        ("attention", "注意力机制", []),
        ("A transformer", "一个变换器", []),
        ("A transformer", "一个变形金刚", ["transformer", "transformer ✗ 变形金刚"]),
        ("A transformer", "变换器（变压器）", ["transformer ✗ 变压器"]),
        ("No such word", "变压器", []),
        ("An agent", "代理", ["agent", "agent ✗ 代理"]),
        ("An agent and a proxy", "智能体和代理", []),
        ("Large language models", "大语言模型", []),
        (
            "Large language models",
            "语言模型",
            ["large language model", "large language model ✗ 语言模型"],
        ),
        ("On GitHub", "在GitHub上", []),
        ("On GitHub", "在Github上", ["GitHub"]),
        ("Windows", "视窗", ["Windows"]),
        ("Pull requests and PRs", "拉取请求", []),
    ],
)
def test_a_chinese_translation_follows_the_terms(
    to_chinese: Glossary, source: str, target: str, expected: list[str]
) -> None:
    assert shown(to_chinese.missing(source, target)) == expected


@pytest.mark.parametrize(
    ("source", "target", "expected"),
    [
        ("扩散模型", "Diffusion models work.", []),
        ("扩散模型", "The diffuse model", ["扩散模型"]),
        ("神经网络", "a neural network", []),
        ("策略", "Strategies", []),
        ("拉取请求", "The PR was merged.", []),
        ("拉取请求", "The pull requests were merged.", []),
        ("拉取请求", "The merge request was merged.", ["拉取请求"]),
        ("苹果公司", "apple", ["苹果公司"]),
        ("变换器", "transformerless", ["变换器"]),
        ("使用PyTorch", "with PyTorch", []),
        ("使用PyTorch", "with Torch", ["PyTorch"]),
    ],
)
def test_an_english_translation_follows_the_terms(
    to_english: Glossary, source: str, target: str, expected: list[str]
) -> None:
    assert shown(to_english.missing(source, target)) == expected


def shown(violations: tuple[Violation, ...]) -> list[str]:
    """Violations as texts: the source of the term, and the forbidden rendering."""
    return [v.term.source + (f" ✗ {v.forbidden}" if v.forbidden else "") for v in violations]


WORDS = st.text("ab 中文İß", min_size=1, max_size=4).filter(lambda text: text.strip() == text)


@given(st.lists(WORDS, max_size=5), st.text("abs 中文İß-", max_size=30))
def test_matches_are_in_order_apart_and_as_listed(words: list[str], text: str) -> None:
    glossary = Glossary(tuple(Term(word, word, case_sensitive=True) for word in words))
    matches = glossary.find(text)
    assert all(a.end <= b.start for a, b in pairwise(matches))
    for match in matches:
        assert text[match.start : match.end].startswith(match.term.source[:1])
    assert glossary.missing(text, text) == ()


@given(WORDS.filter(lambda word: not word.isascii()), st.text("ab 中文", max_size=8))
def test_a_chinese_term_is_found_wherever_it_stands(word: str, around: str) -> None:
    term = Term("中" + word.strip("ab ") + "文", "x")
    found = Glossary((term,)).find(around + "。" + term.source + "。" + around)
    assert (len(around) + 1, term) in [(match.start, match.term) for match in found]


def test_no_file_is_no_terms(tmp_path: Path) -> None:
    assert load_glossary([tmp_path / "glossary.csv"], "en", "zh_CN") == Glossary()
    assert Glossary().find("model") == ()


def test_rows_are_read_as_spreadsheets_write_them(tmp_path: Path) -> None:
    path = tmp_path / "glossary.csv"
    path.write_bytes(
        "\ufeffEN,zh-CN,Note,flags,zh_TW\r\n"
        '"loss, total", 总损失 ,"two\r\nlines",\r\n'
        "\r\n"
        ",,,,\r\n"
        "only English,,,\r\n"
        "agent,智能体,,forbidden:代理|代理 人 case-sensitive,智慧體\r\n"
        "only English,,,\r\n".encode()
    )
    assert load_glossary([path], "en", "zh_CN").terms == (
        Term("loss, total", "总损失", note="two\r\nlines"),
        Term("agent", "智能体", case_sensitive=True, forbidden=("代理", "代理 人")),
    )
    assert [term.target for term in load_glossary([path], "en", "zh_TW").terms] == ["智慧體"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("en,zh_TW\n", '1: there is no column "zh_CN". Add "zh_CN" to the first line.'),
        ("en,zh_CN,notes\n", '1: unknown column "notes". Did you mean "note"?'),
        (
            "en;zh_CN;note;flags\n",
            '1: unknown column "en;zh_CN;note;flags". '
            "The first line names the columns, such as: en,zh_CN,note,flags.",
        ),
        (
            "en,zh_CN,zh-CN\n",
            '1: two columns "zh_CN". '
            "The first line names the columns, such as: en,zh_CN,note,flags.",
        ),
        (
            "en,zh_CN\na,b\na,b,c\n",
            '3: more cells than columns. Put a cell that holds a comma between quotes: "one, two".',
        ),
        (
            'en,zh_CN\na,b\n"c,d\ne,f\n',
            "3: not CSV: unexpected end of data. "
            "Close every quote, and double one inside a quoted cell.",
        ),
        (
            "en,zh_CN,flags\n\na,b,kep\n",
            '3: unknown flag "kep". Did you mean "keep"?',
        ),
        (
            "en,zh_CN,flags\na,b,xyz\n",
            '2: unknown flag "xyz". '
            "The flags are case-sensitive, keep, off and forbidden:one|another.",
        ),
        (
            "en,zh_CN,flags\na,b,forbidden:c|\n",
            '2: "forbidden:c|" lists nothing. Write forbidden:one|another.',
        ),
        (
            "en,zh_CN,flags\na,b,keep\n",
            '2: "keep" contradicts the translation "b" of "a". Leave one of them out.',
        ),
        ('en,zh_CN\n"a\nb",c\n', "2: a term must not hold a line break."),
    ],
)
def test_a_bad_file_is_refused_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "glossary.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(PipelineError) as caught:
        load_glossary([path], "en", "zh_CN")
    assert str(caught.value) == f"{path}:{message}"
