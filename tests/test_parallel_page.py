"""The parallel page: what stands beside what, what stands once, and what never gets in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest
from browser import browser
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.markdown import parse
from pipeline.model import PROFILES
from pipeline.outputs.page import Bitext, Target, parallel_page

VOID = frozenset(("meta", "link", "input", "br", "wbr", "hr", "img"))


class Element:
    """One element of a page: its name, attributes, children and the text in it."""

    def __init__(self, name: str, attributes: Mapping[str, str]) -> None:
        self.name = name
        self.attributes = attributes
        self.children: list[Element] = []
        self.parts: list[str] = []

    def all(self) -> Iterator[Element]:
        yield self
        for child in self.children:
            yield from child.all()

    def find(self, name: str = "", **attributes: str) -> list[Element]:
        """Return the elements of that name whose attributes hold the given words."""
        return [
            element
            for element in self.all()
            if name in ("", element.name)
            and all(
                word in element.attributes.get(key.rstrip("_"), "").split()
                for key, word in attributes.items()
            )
        ]

    @property
    def text(self) -> str:
        return "".join(self.parts)


class Page(HTMLParser):
    """Reads a page into elements; what is not closed in its order is an error."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open = [Element("", {})]
        self.feed(page)
        assert len(self.open) == 1, f"<{self.open[-1].name}> is not closed"

    @property
    def root(self) -> Element:
        return self.open[0]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.open[-1].children.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop().name == tag

    def handle_data(self, data: str) -> None:
        for element in self.open:
            element.parts.append(data)


def page(text: str, targets: Mapping[str, str | Target | None] = {}) -> Element:
    """Return the page of an English post; what ``targets`` does not say becomes ``译：…``."""
    post = parse("2026-01-02-post.md", text, PROFILES["jekyll"])
    found = {}
    for segment in post.segments:
        target = targets.get(segment.msgid, f"译：{segment.msgid}")
        if target is not None:
            found[segment] = target if isinstance(target, Target) else Target(target)
    return Page(parallel_page(Bitext(post, "en", "zh_CN", found))).root


def main_of(text: str, targets: Mapping[str, str | Target | None] = {}) -> Element:
    return page(text, targets).find("main")[0]


BLOCKS = {
    "a paragraph": ("One *two*.", "p", "One two.", "译：One two."),
    "a heading": ("## Head `x`", "h2", "Head x", "译：Head x"),
    "an item": ("- item", "li", "•item", "•译：item"),
    "a numbered item": ("3. item", "li", "3.item", "3.译：item"),
    "a task": ("- [x] done", "li", "☑done", "☑译：done"),
    "a quote": ("> said", "blockquote", "said", "译：said"),
    "a cell": ("| a | b |\n|---|--:|\n| c | 1 |", "td", "c", "译：c"),
    "a definition": ("term\n: meaning", "p", "term", "译：term"),
    "a footnote": ("Text[^n].\n\n[^n]: note", "section", "nnote", "n译：note"),
    "an admonition": ('!!! tip "Title"\n    body', "aside", "Title", "译：Title"),
    "HTML": ('<div class="x"><p>inside</p></div>', "p", "inside", "译：inside"),
    "a table in HTML": ("<table><tr><td>one</td></tr></table>", "td", "one", "译：one"),
    "a heading in HTML": ("<h3>one</h3>", "h3", "one", "译：one"),
}


@pytest.mark.parametrize(("text", "name", "source", "target"), BLOCKS.values(), ids=BLOCKS)
def test_both_languages_of_a_text_stand_in_one_place(
    text: str, name: str, source: str, target: str
) -> None:
    main = main_of(text)
    assert main.find(name), name
    pairs = list(zip(main.find(class_="src"), main.find(class_="tgt"), strict=True))
    assert (source, target) in [(a.text, b.text) for a, b in pairs]
    for a, b in pairs:
        assert (a.attributes["lang"], b.attributes["lang"]) == ("en", "zh-CN")


ONCE = {
    "fenced code": ("```python\nx = 1 < 2\n```", "pre", "x = 1 < 2"),
    "indented code": ("    x = 1", "pre", "x = 1"),
    "highlighted code": ("{% highlight py %}\nx = 1\n{% endhighlight %}", "pre", "x = 1"),
    "code in HTML": ("<pre><b>x</b> &lt; 1</pre>", "pre", "x < 1"),
    "a formula": ("$$\nx^2\n$$", "math", "x2"),
    "a formula with Markdown's escapes": ("$x\\_{\\<t}$ 1", "math", "x<t"),
    "a formula that is none": ("$$\n\\frac{\n$$", "code", "$$\n\\frac{\n$$"),
    "a rule": ("***", "hr", ""),
    "Liquid": ("{% include a.html %}", "code", "{% include a.html %}"),
    "numbers": ("12345", "p", "12345"),
    "an image": ("![A cat](/cat.png)", "a", "A cat"),
    "an embedded film": ('<iframe src="https://a.example/x"></iframe>', "a", "https://a.example/x"),
}


@pytest.mark.parametrize(("text", "name", "shown"), ONCE.values(), ids=ONCE)
def test_what_is_no_text_stands_there_once(text: str, name: str, shown: str) -> None:
    found = main_of("\n" + text).find(name)
    assert [element.text for element in found] == [shown] * len(found)
    assert len(found) == 1


INLINE = {
    "emphasis": ("*a* **b** ~~c~~", "<em>a</em> <strong>b</strong> <del>c</del>"),
    "kramdown's emphasis": ("**加粗（括号）**后面 x", "<strong>加粗（括号）</strong>后面 x"),
    "code": ("`` a`<b> `` x", "<code>a`&lt;b&gt;</code> x"),
    "a link": ('[a](http://b.example "t") x', '<a href="http://b.example">a</a> x'),
    "a reference": ("[a][r] x\n\n[r]: http://b.example", '<a href="http://b.example">a</a> x'),
    "a bare URL": (
        "see https://b.example/x，后",
        'see <a class="url" href="https://b.example/x">https://b.example/x</a>，后',
    ),
    "an address": (
        "a <me@b.example>",
        'a <a class="url" href="mailto:me@b.example">me@b.example</a>',
    ),
    "a page of a person": (
        "see www.b.example/@me",
        'see <a class="url" href="http://www.b.example/@me">www.b.example/@me</a>',
    ),
    "a link of Liquid": (
        "[a]({% post_url x %}) b",
        '<span class="nowhere" title="{% post_url x %}">a</span> b',
    ),
    "an image in a link": (
        "x [![a](b.png)](c.html)",
        'x <a href="c.html"><span class="picture">a</span></a>',
    ),
    "tags": ("a <b class='x'>b</b> <kbd>k</kbd>", "a <b>b</b> <kbd>k</kbd>"),
    "tags that overlap": ("a <b>*b</b> c*", "a <b><em>b</em></b> c"),
    "a tag that is not closed": ("a <sub>b", "a <sub>b</sub>"),
    "entities and escapes": (r"a &amp; b \* c", "a &amp; b * c"),
    "a hard break": ("a  \nb", "a<br>b"),
    "kramdown's dashes": ("a -- b...", "a – b…"),
    "attributes": ("a *b*{: .x} c", "a <em>b</em> c"),
}


@pytest.mark.parametrize(("text", "html"), INLINE.values(), ids=INLINE)
def test_inline_markup(text: str, html: str) -> None:
    post = parse("x.md", text, PROFILES["jekyll"])
    built = parallel_page(Bitext(post, "en", "zh_CN", {}))
    found = re.search(r'<p class="one" lang="en">(.*?) ?(?:<small|</p>)', built, re.S)
    assert found and found[1] == html


ATTACKS = (
    "<script>alert(1)</script>",
    "text <script>alert(1)</script> text",
    '<script src="https://evil.example/x.js"></script>',
    '<img src=x onerror="alert(1)">',
    'text <img src="x" onerror=alert(1)> text',
    "text <b onclick='alert(1)'>b</b>",
    '<p onmouseover="alert(1)">over</p>',
    '<svg onload="alert(1)"><text>x</text></svg>',
    "text <svg/onload=alert(1)>",
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="javascript:alert(1)"></object><embed src="javascript:alert(1)">',
    '<form action="https://evil.example"><input name="x"><button>go</button></form>',
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=https://evil.example">',
    '<link rel="stylesheet" href="https://evil.example/x.css">',
    "<style>@import 'https://evil.example/x.css';</style>",
    '<div style="background:url(https://evil.example/x)">styled</div>',
    "[a](javascript:alert(1))",
    "[a](JaVaScRiPt:alert(1))",
    "[a](java&#115;cript:alert(1))",
    "[a](java&Tab;script:alert(1))",
    "[a](java\\script:alert(1)) [b](javascript\\:alert(1))",
    "[a](\u0001javascript:alert(1))",
    "[a](<java\tscript:alert(1)>)",
    "[a](data:text/html,<script>alert(1)</script>)",
    "[a](vbscript:x) [b](file:///etc/passwd)",
    "<javascript:alert(1)>",
    "![a](javascript:alert(1)) ![b](https://evil.example/pixel.png)",
    "[a][r]\n\n[r]: javascript:alert(1)",
    'a <a href="javascript:alert(1)">x</a> <a href="https://ok.example" onclick="x()">y</a>',
    '[a](http://x.example "\\" onmouseover=\\"alert(1)")',
    '[a](http://x.example/"onmouseover="alert(1))',
    "`<script>alert(1)</script>` and\n\n    <script>alert(1)</script>",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    '# Head {#x" onclick="alert(1)}\n\n## b\n{: id="y\' onclick=\'alert(1)"}',
    '[^"><script>alert(1)</script>]: note',
    "$$\\text{</math><script>alert(1)</script>}$$ and $\\href{javascript:alert(1)}{x^2}$",
    "$$\n\\color{red;background:url(https://evil.example)}{x}\n$$",
    '$$\n\\text{ style="}body{display:none" }\n$$',
    "{% include x.html a='<script>alert(1)</script>' %}",
    "{% highlight html %}</code></pre><script>alert(1)</script>{% endhighlight %}",
    "---\ntitle: </title><script>alert(1)</script>\ndate: 2026-01-01<script>\n---\ntext",
    "<table><tr><td onclick='x()'>a</td></tr><script>alert(1)</script></table>",
    "</main></body></html><script>alert(1)</script>",
    "<!-- --><script>alert(1)</script> <!--> <script>alert(1)</script>",
    "<x-y onclick=alert(1)>a</x-y> <b/onclick=alert(1)>b</b>",
)

ELEMENTS = frozenset(
    "html head meta title link style body a fieldset legend input label main header h1 h2 h3 p div "
    "span small time section figure figcaption ul ol li blockquote aside pre code kbd table tr th "
    "td hr br em strong del b i sub sup math".split()
)
ATTRIBUTES = frozenset(
    "lang charset http-equiv content name href rel class for id type checked title tabindex role "
    "aria-hidden aria-label translate src alt data-align".split()
)


def require_harmless(element: Element) -> None:
    formula = element.name.startswith("m") and element.name not in ("main", "meta")
    assert formula or element.name in ELEMENTS | {""}
    for name, value in element.attributes.items():
        assert not name.startswith(("on", "style"))
        assert formula or name in ATTRIBUTES
        if name in ("href", "src"):
            scheme = re.match(r"\s*([A-Za-z][\w+.-]*):", value)
            assert value == "data:," or not scheme or scheme[1] in ("http", "https", "mailto")


@pytest.mark.parametrize("attack", ATTACKS)
def test_nothing_of_a_post_acts_on_the_page(attack: str) -> None:
    root = page(f"before\n\n{attack}\n\nafter", {"before": f"译文 {attack}"})
    for element in root.all():
        require_harmless(element)
    assert not root.find("img"), "an image of elsewhere is a link"
    (style,) = root.find("style")
    assert "evil" not in style.text and "display:none" not in style.text
    (policy,) = (
        meta.attributes["content"]
        for meta in root.find("meta")
        if meta.attributes.get("http-equiv") == "Content-Security-Policy"
    )
    assert "default-src 'none'" in policy and "script-src" not in policy
    assert "unsafe" not in policy


def test_what_a_machine_wrote_is_marked_and_what_is_missing_is_said() -> None:
    post = "Read.\n\nUnread.\n\nMissing.\n"
    targets = {"Read.": "读过。", "Unread.": Target("没读。", machine=True), "Missing.": None}
    main = main_of(post, targets)
    (marked,) = main.find(class_="machine")
    assert marked.text == "没读。 机译"
    (missing,) = [p for p in main.find("p", class_="one") if p.find("small")]
    assert missing.text == "Missing. 尚未翻译"
    assert "“机译”" in main.find(class_="notice")[0].text
    assert not page(post).find(class_="notice")


def test_a_text_that_stays_the_same_stands_there_once() -> None:
    main = main_of("Same.\n\nOther.", {"Same.": "Same."})
    assert [p.text for p in main.find("p", class_="one")] == ["Same."]


def test_front_matter_makes_the_head() -> None:
    text = (
        "---\ntitle: A Title\nsubtitle: More\ndate: 2026-03-14 09:00:00 +0800\n---\n"
        "# A Title\n\n## A Title\n\n[up](#a-title)\n"
    )
    root = page(text, {"A Title": "题目"})
    (head,) = root.find("header")
    assert [element.text for element in head.find("h1")[0].children] == ["A Title", "题目"]
    assert [element.text for element in head.find("time")] == ["March 14, 2026", "2026年3月14日"]
    assert head.find(class_="lead")[0].find(class_="tgt")[0].text == "译：More"
    assert root.find("title")[0].text == "A Title · 题目"
    # The heading that only repeats the title is gone, but not what leads to it.
    assert len(root.find("h1")) == 1
    ids = [
        element.attributes["id"]
        for element in root.find("main")[0].all()
        if "id" in element.attributes
    ]
    assert ids[1:] == ["a-title", "a-title-1"]


def test_a_project_builds_its_pages_with_its_images(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "assets").mkdir()
    image = tmp_path / "assets" / "dot.svg"
    image.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", "utf-8")
    (tmp_path / "secret.png").write_bytes(b"secret")
    post = tmp_path / "posts" / "x.md"
    post.write_text(
        "A picture ![dot]({{ site.baseurl }}/assets/dot.svg).\n\n"
        "![gone](../../secret.png) ![far](https://a.example/x.png)\n",
        "utf-8",
    )

    def build() -> str:
        command = ["build", "--format", "parallel", "-C", str(tmp_path)]
        result = CliRunner().invoke(main, command)
        assert result.exit_code == 0, result.output
        return result.output

    assert CliRunner().invoke(main, ["extract", "-q", "-C", str(tmp_path)]).exit_code == 0
    assert "build: 1 page" in build()
    built = tmp_path / "site" / "parallel" / "zh-CN" / "x.html"
    first = built.read_text("utf-8")
    (shown,) = Page(first).root.find("img")
    assert shown.attributes["src"].startswith("data:image/svg+xml;base64,")
    assert "wrote" not in build()
    image.write_text("<svg xmlns='http://www.w3.org/2000/svg' width='1'/>", "utf-8")
    assert "wrote" in build()
    assert built.read_text("utf-8") != first


def test_pages_among_the_posts_are_refused(tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "x.md").write_text("Words.\n", "utf-8")
    (tmp_path / "diglot.toml").write_text('pages = "posts/pages"\n', "utf-8")
    assert CliRunner().invoke(main, ["extract", "-q", "-C", str(tmp_path)]).exit_code == 0
    result = CliRunner().invoke(main, ["build", "--format", "parallel", "-C", str(tmp_path)])
    assert result.exit_code == 2
    assert "diglot.toml:1: the pages would lie among the posts" in result.output


def test_chromium_shows_it_without_a_request_or_a_complaint(tmp_path: Path) -> None:
    text = (
        "---\ntitle: Title\ndate: 2026-01-02\n---\n\n## Part\n\nA [link](https://a.example).\n\n"
        "- item `code`\n\n| a | b |\n|---|---|\n| c | d |\n\n$$\n\\begin{aligned}a&=b\\end{aligned}"
        "\n$$\n\n![far](https://a.example/x.png)\n\n" + "\n\n".join(ATTACKS[:20])
    )
    post = parse("x.md", text, PROFILES["jekyll"])
    targets = {s: Target(f"译：{s.msgid}", machine=True) for s in post.segments}
    path = tmp_path / "page.html"
    path.write_text(parallel_page(Bitext(post, "en", "zh_CN", targets)), "utf-8")
    with browser(tmp_path / "profile") as window:
        window.open(path.as_uri())
        assert set(window.requests) <= {path.as_uri(), "data:,"}
        assert window.complaints == []
        spoken = window.spoken()
        assert {"Both · 双语", "English", "中文", "Part 译：Part 机译"} <= set(spoken)
        visible = "[...document.querySelectorAll('.{}')].some(e => e.checkVisibility())"
        for view, seen in (
            ("both", (True, True)),
            ("source", (True, False)),
            ("target", (False, True)),
        ):
            window.value(f"document.querySelector('#diglot-{view}').click()")
            assert (
                window.value(visible.format("src")),
                window.value(visible.format("tgt")),
            ) == seen
        for width in (1400, 800, 360):
            window.ask(
                "Emulation.setDeviceMetricsOverride",
                width=width,
                height=900,
                deviceScaleFactor=1,
                mobile=False,
            )
            assert window.value("document.documentElement.scrollWidth <= innerWidth"), width
