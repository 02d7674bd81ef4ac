"""Heading ids: as each renderer gives them, and for kramdown as the real one does."""

from __future__ import annotations

import random

import pytest
from blog.renderers import heading_ids, pages_with_ids

from pipeline.anchors import anchors, headings
from pipeline.markdown import parse
from pipeline.model import PROFILES, Profile

POST = """# 你好 World

## Theory and **Math**: C++ & `code` 你

## Theory and **Math**: C++ & `code` 你

## [链接](/a_b) snake_case

## 关于我们
"""


LIKE_GITHUB = (
    "你好-world theory-and-math-c--code-你 theory-and-math-c--code-你-1 链接-snake_case 关于我们"
)


@pytest.mark.parametrize(
    ("profile", "expected"),
    [
        ("jekyll", LIKE_GITHUB),
        (
            "kramdown",
            "world theory-and-math-c--code- theory-and-math-c--code--1 ab-snakecase section",
        ),
        ("gfm", LIKE_GITHUB),
        ("hugo", LIKE_GITHUB.replace("链接", "链接a_b")),
        (
            "hexo",
            "你好-World Theory-and-Math-C-code-你 Theory-and-Math-C-code-你-1 链接-snake-case "
            "关于我们",
        ),
    ],
)
def test_ids_by_dialect(profile: str, expected: str) -> None:
    ids = [heading.id for heading in headings(parse("a.md", POST, PROFILES[profile]))]
    assert ids == expected.split()


HEXO_IDS = {
    # What hexo-renderer-marked 7 makes of these headings.
    'What\'s "next" -- or not...': "What’s-“next”-–-or-not…",
    '**粗体**"q"': "粗体“q”",
    'a_b"q"': "a-b”q”",
    "Straße, Ærø, Łódź, ｆｕｌｌ, Ⓐ": "Strase-AEro-Lodz-full-A",
    "`Vec<T>` and &lt;b&gt; &amp; \\*": "Vec-and",
    "$x_1$$y$": "x-1-y",
    "第一章　总论：起点": "第一章-总论：起点",
    "C++ 与 Node.js": "C-与-Node-js",
}


@pytest.mark.parametrize("text", HEXO_IDS)
def test_ids_of_hexo(text: str) -> None:
    (heading,) = headings(parse("a.md", f"## {text}\n", PROFILES["hexo"]))
    assert heading.id == HEXO_IDS[text]


def test_explicit_ids_win() -> None:
    text = '## 安装 {#install}\n\n## 评审\n{: id="2024-review"}\n\n## 安装\n\n## `x` {#code}\n'
    found = headings(parse("a.md", text, PROFILES["jekyll"]))
    assert [(heading.id, heading.explicit) for heading in found] == [
        ("install", True),
        ("2024-review", True),
        ("安装", False),
        ("code", True),
    ]


def test_anchors_are_more_than_headings() -> None:
    text = '## One\n\n<a name="two"></a> text\n\nNote.\n{: #three .tip}\n\n<div id="four">x</div>\n'
    assert anchors(parse("a.md", text, PROFILES["jekyll"])) == {"one", "two", "three", "four"}


PARTS = (
    '你好|World|C++|`co_de`|**粗体**|[链接](/a_b)|![图](/x.png)|&amp;|2024|、|——|--|...|a_b|*em*|"q"|it\'s'
    "|$$x_1$$|$y_2$|<b>t</b>|é|①|😀|:smile:|\\*|(x)|：|-|  | |https://a.b/c|ı|ß"
).split("|")


def made_up(choose: random.Random) -> str:
    """Headings of odd texts, some with ids of their own, the first one twice."""
    lines = []
    for _ in range(3):
        parts = (
            choose.choice(PARTS) + choose.choice(["", " "]) for _ in range(choose.randint(1, 5))
        )
        own = choose.choice(["", "", " {#own}", "\n{: #ial}"])
        lines.append(f"## {''.join(parts).strip() or 'x'}{own}")
    return "\n\n".join([*lines, lines[0]]) + "\n"


def test_ids_are_those_of_the_real_renderer(rendered_dialect: Profile) -> None:
    choose = random.Random(1)
    texts = [made_up(choose) for _ in range(300)]
    for text, page in zip(texts, pages_with_ids(texts, rendered_dialect), strict=True):
        ours = [heading.id for heading in headings(parse("a.md", text, rendered_dialect))]
        assert ours == heading_ids(page), text
