"""Heading ids: as each renderer gives them, and for kramdown as the real one does."""

from __future__ import annotations

import html
import random
import re

import pytest
from blog.renderers import heading_ids, pages_with_ids

from pipeline.anchors import anchors, headings, places
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


BLOCKS = """\
## Set *up*

## 评审{: #own}

{: #above}
## 评审

<a name="named"></a> Text [^1], `<a id="code">` and [^of-two] <span id='single'>x</span>

Text [^1] again, <code id="element">x</code> *x*{: #span .x}, <b data-id="data">y</b>

> Quoted [^deep] <i id=bare>z</i>

Attributes
{: #para}

* toc
{:toc}

```html
<a id="fenced"></a> [^never]
```

    <a id="indented"></a> {: #no}

<div id="block"><p id="tag">Words</p> <!-- <a id="comment"></a> --></div>

<a name="named" id="amp&amp;ersand"><img src="x.png"/></a>

- An item <a id="item"></a>

[label]: https://example.org/#fragment
"""
NOTES = """

See [^of-two].

[^1]: One

[^of-two]: Two [^deep]

[^deep]: Three

[^unused]: Four
"""


def offered(page: str) -> dict[str, int]:
    """Return the ids of a page, with how many headings start before the first of each."""
    found: dict[str, int] = {}
    section = 0
    for tag in re.finditer(r"<!--.*?-->|<([a-z]+\d?)((?:\s[^<>]*)?)>", page, re.S):
        section += bool(re.fullmatch(r"h[1-6]", tag[1] or ""))
        for name in ("id", "name"):
            if own := re.search(rf"\s{name}=[\"']?([^\"'\s]+)", tag[2] or ""):
                found.setdefault(html.unescape(own[1]), section)
    return found


def test_anchors_are_what_the_page_of_the_real_renderer_offers(rendered_dialect: Profile) -> None:
    choose = random.Random(4)
    blocks = BLOCKS.strip().split("\n\n")
    if not rendered_dialect.kramdown:
        blocks = [block for block in blocks if "{:" not in block]
        blocks.append('## <a id="tag"></a>Alias')  # kramdown repeats it in the table of contents
    texts = ["\n\nThen\n\n".join(choose.choices(blocks, k=9)) + NOTES for _ in range(200)]
    for text, page in zip(texts, pages_with_ids(texts, rendered_dialect), strict=True):
        assert places(parse("a.md", text, rendered_dialect)) == offered(page), text
