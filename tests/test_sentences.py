"""Sentence splitting: nothing lost, masks whole, English and Chinese boundaries."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.sentences import split

CASES = [
    # Nothing to split.
    [],
    ["  "],
    ["Getting Started"],
    ["没有标点"],
    # English.
    ["It works. ", "Mostly."],
    ["Really? ", "Yes! ", "1,024 of them."],
    ["It costs 3.14 dollars and runs on Node.js 20.1 today."],
    ["See e.g. Smith et al. (2020), i.e. the paper. ", "It is good."],
    ["Dr. Lee and J. K. Rowling met Mr. 王 vs. Prof. Ito. ", "They talked."],
    ["Fig. 3 and No. 7 agree with Sec. <x1/>. ", "Eq. (2) does not."],
    ["Wait... what is that?"],
    ["It ended... ", "Then it began."],
    ["He said “Yes.” ", "Then he left (for good.) ", '"Why?" ', "Nobody knows."],
    ["Read https://example.org/a.b?c=d!e. ", "Then stop."],
    ["1. A numbered item. ", "Its second sentence."],
    # Chinese.
    ["你好。", "真的吗？！", "好的……然后走了。", "再见！"],
    ["“是的。”", "（见下文。）", "《完！》", "完。"],
    ["真的吗?", "好!", "对。"],
    # One inside the other.
    ["使用Node.js。", "It is fast. ", "后面是中文。", "Version 2.0 更好。"],
    ["请看 https://example.org/?a=1。", "然后继续。"],
    # Masked parts: closing ones stay, and they are no sentence of their own.
    ["Bold text.<x2/> ", "Next <x3/>. ", "<x4/>End.<x5/> <x6/>"],
    ["<x1/>重要。", "<x2/>下一句。<x3/>"],
    # Line breaks that were set.
    ["First line\n", "second line.\n", "Third"],
]


@pytest.mark.parametrize("sentences", CASES, ids=lambda sentences: "".join(sentences)[:30])
def test_boundaries(sentences: list[str]) -> None:
    assert split("".join(sentences)) == sentences


PARTS = st.sampled_from(
    [
        "<x1/>",
        "<x12/>",
        ".",
        "。",
        "？",
        "!",
        "...",
        "……",
        "”",
        ")",
        "》",
        " ",
        "\n",
        "\u3000",
        "A",
        "word",
        "中",
        "e.g.",
        "Dr.",
        "3.14",
        "1.",
        "https://a.b/?c",
        "<",
        "\u2028",
        "\x85",
    ]
)


@given(st.lists(PARTS).map("".join) | st.text())
def test_nothing_is_lost_and_no_mask_is_cut(text: str) -> None:
    sentences = split(text)
    assert "".join(sentences) == text
    assert all(sentences)
    mask = re.compile(r"<x\d+/>")
    assert [m for part in sentences for m in mask.findall(part)] == mask.findall(text)


@pytest.mark.parametrize("unit", [". ", "。", ".<x1/> ", " ", "\n", "A. ", '."', "<x1/>", "e.g. "])
def test_long_text_is_split_in_one_pass(unit: str) -> None:
    """Quadratic rules would not finish: this is 200,000 characters of one pattern."""
    text = "x" + unit * (200_000 // len(unit)) + "x"
    assert "".join(split(text)) == text
