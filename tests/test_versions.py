"""Which new texts are earlier ones in another form, and what they take over."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from po_files import catalog_of

from pipeline.catalog import merge
from pipeline.model import State, Unit

FOLDER = Path("unused")
LONG = "The kettle stands on the stove and sings its song until someone takes it away"
SENTENCE = "水壶放在炉子上，一直唱着它的歌，直到有人把它拿走，泡上一壶新茶。"

EDITS = [
    ("Getting started", "Getting Started"),
    ("Getting started", "Getting started with Diglot"),
    ("Getting started", "Getting  started"),
    ("Introduction", "An introduction"),
    ("Introduction", "Introductions"),
    ("What is a diffusion model", "What is a diffusion model?"),
    ("Set up your editor", "Setting up your editor"),
    ("Try it out", "Try it"),
    ("Useful links", "Useful links and books"),
    ("My favourite books", "My favorite books"),
    ("Resources to learn diffusion", "Resources for learning diffusion"),
    ("Course page [here]({1})", "The course page is [here]({1})"),
    ("Course page {1}", "Course page {2}"),
    ("Frequently asked questions", "Frequently Asked Questions (FAQ)"),
    ("The first paper is easy to read", "The first paper is easy to follow"),
    ("Write it down and go on", "Write it down, then go on"),
    ("安装", "安装方法"),
    ("机器学习基础", "机器学习的基础"),
    ("扩散模型笔记", "扩散模型学习笔记"),
    ("参考资料", "参考资料与链接"),
    ("今天的内容", "今天的主要内容"),
    ("训练一个小模型", "训练一个较小的模型"),
    (LONG, LONG.replace("someone", "a guest")),
    (SENTENCE, SENTENCE.replace("新茶", "红茶")),
]
"""Realistic edits of short and long texts."""

EDITS_IN_PLACE = [
    ("Installation", "Installing"),
    ("How it works", "How this works"),
    ("Read the paper", "Read the papers first"),
    ("Download the files", "Download all files"),
    ("Thank you for reading", "Thanks for reading"),
    ("The good parts", "The bad parts"),
    ("打开文件夹", "打开那个文件"),
]
"""Edits that only their place tells from texts of their own."""

OTHERS = [
    ("See also", "See below"),
    ("Read more", "Read first"),
    ("Install it", "Uninstall it"),
    ("Open the file", "Close the file"),
    ("Import data", "Export data"),
    ("Is it safe", "Is it fast"),
    ("with Python", "with PyTorch"),
    ("How to read papers", "How to write papers"),
    ("Link to the code", "Link to the paper"),
    ("Part one", "Part two"),
    ("Encoder", "Decoder"),
    ("Tea", "Coffee"),
    ("Code", "Code of conduct"),
    ("Test", "Test data"),
    ("打开文件", "关闭文件"),
    ("优点", "缺点"),
    ("训练模型", "测试模型"),
    ("上一页", "下一页"),
    ("前端开发", "后端开发"),
    ("我喜欢猫", "我喜欢狗"),
    (LONG, "An unrelated sentence about ships that sail over the sea in the morning"),
    (SENTENCE, "她每天早上都会去河边散步，看见白鹭从水面上飞过，心里很安静。"),
]
"""Texts that are not versions of each other, however alike they look."""

NEGATED = [
    ("这是", "这不是"),
    ("这是我的猫", "这不是我的猫"),
    ("我们今天去公园", "我们今天不去公园"),
    ("It is safe to drink", "It is not safe to drink"),
    ("You can use it here", "You can't use it here"),
]
"""Texts that say the opposite: wherever they stand, the one is no version of the other."""

CLAIMS = [
    ("version 1", "version 2", "version [-1-]{+2+}"),
    ("Lecture notes 3", "Lecture notes 4", "Lecture notes [-3-]{+4+}"),
    ("第一章 绪论与基础知识", "第二章 绪论与基础知识", "第[-一-]{+二+}章 绪论与基础知识"),
    (LONG, LONG.replace("takes", "never takes"), LONG.replace("takes", "{+never +}takes")),
]
"""Versions whose numbers or negations differ, and how that is shown."""


def merged(old: Unit, text: str) -> tuple[Unit, ...]:
    return merge(catalog_of(FOLDER, old), [Unit(text)]).units


def in_place(old: str, new: str) -> Unit:
    """Return what becomes of a text between two that stay as they are."""
    before = [Unit("Above", "上"), Unit(old, "译文"), Unit("Below", "下")]
    after = [Unit("Above"), Unit(new), Unit("Below")]
    return merge(catalog_of(FOLDER, *before), after).units[1]


@pytest.mark.parametrize(("old", "new"), [*EDITS, *(pair[::-1] for pair in EDITS)])
def test_an_edited_text_keeps_its_translation_as_a_suggestion(old: str, new: str) -> None:
    unit = Unit(old, "译文", comments=("mine",), references=("p.md",), flags=("no-wrap",))
    stale = Unit(new, "译文", fuzzy=True, previous=old, comments=("mine",), flags=("no-wrap",))
    assert merged(unit, new) == (stale,)
    assert stale.state is State.STALE


@pytest.mark.parametrize(("old", "new"), [*OTHERS, *EDITS_IN_PLACE, *NEGATED])
def test_another_text_gets_nothing(old: str, new: str) -> None:
    assert merged(Unit(old, "译文"), new) == (Unit(new), Unit(old, "译文", obsolete=True))


@pytest.mark.parametrize(("old", "new"), EDITS_IN_PLACE)
def test_between_the_same_neighbours_less_is_enough(old: str, new: str) -> None:
    assert in_place(old, new) == Unit(new, "译文", fuzzy=True, previous=old)


@pytest.mark.parametrize(("old", "new"), [*NEGATED, ("Tea", "Coffee"), ("优点", "缺点")])
def test_no_place_makes_up_for_another_text(old: str, new: str) -> None:
    assert in_place(old, new) == Unit(new)


@pytest.mark.parametrize(("old", "new", "shown"), CLAIMS)
def test_other_numbers_and_negations_are_shown(old: str, new: str, shown: str) -> None:
    comments = (f"source differs: {shown}",)
    (unit,) = merged(Unit(old, "译文"), new)
    assert unit == Unit(new, "译文", fuzzy=True, previous=old, comments=comments)
    assert merge(catalog_of(FOLDER, replace(unit, fuzzy=False)), [Unit(new)]).units == (
        Unit(new, "译文"),
    )


# Split and joined paragraphs

FIRST, SECOND = "Water boils at the stove.", "See [the kettle]({1}) first."
BOTH = Unit(f"{FIRST} {SECOND}", "水在炉子上烧开。先看[水壶]({1})。")


def test_the_halves_of_a_split_text_take_its_sentences_along() -> None:
    old = replace(BOTH, msgid=f"[A]({{1}}) {BOTH.msgid}".replace("kettle]({1})", "kettle]({2})"))
    old = replace(old, msgstr="[甲]({1})水在炉子上烧开。先看[水壶]({2})。")
    halves = merge(catalog_of(FOLDER, old), [Unit(f"[A]({{1}}) {FIRST}"), Unit(SECOND)]).units
    assert [(unit.msgstr, unit.state) for unit in halves] == [
        ("[甲]({1})水在炉子上烧开。", State.STALE),
        ("先看[水壶]({1})。", State.STALE),
        (old.msgstr, State.TRANSLATED),
    ]
    assert halves[0].previous == halves[1].previous == old.msgid
    assert halves[2].obsolete


def test_halves_get_all_where_sentences_do_not_fit() -> None:
    old = replace(BOTH, msgstr="水开了，然后看[水壶]({1})")
    halves = merge(catalog_of(FOLDER, old), [Unit(FIRST), Unit(SECOND)]).units
    assert [unit.msgstr for unit in halves[:2]] == [old.msgstr] * 2


def test_a_joined_text_takes_the_translations_of_all() -> None:
    first = Unit(f"[A]({{1}}) {FIRST}", "[甲]({1})水在炉子上烧开。")
    second = Unit(SECOND, "先看[水壶]({1})。")
    text = f"{first.msgid} An inserted one. {SECOND}".replace("kettle]({1})", "kettle]({2})")
    (unit, *left) = merge(catalog_of(FOLDER, first, second), [Unit(text)]).units
    assert unit == Unit(
        text,
        "[甲]({1})水在炉子上烧开。先看[水壶]({2})。",
        fuzzy=True,
        previous=f"{first.msgid}\n\n{SECOND}",
    )
    assert {unit.msgstr for unit in left} == {first.msgstr, second.msgstr}


def test_a_text_that_grew_keeps_what_it_was() -> None:
    text = f"{FIRST} And then it is poured over the leaves, slowly."
    unit = merge(catalog_of(FOLDER, Unit(FIRST, "水开了。")), [Unit(text)]).units[0]
    assert unit == Unit(text, "水开了。", fuzzy=True, previous=FIRST)


def test_a_split_text_that_comes_back_is_whole_again() -> None:
    split = merge(catalog_of(FOLDER, BOTH), [Unit(FIRST), Unit(SECOND)])
    assert merge(split, [Unit(BOTH.msgid)]).units[0] == BOTH
