"""A small bilingual blog, built by Diglot and then by the real Jekyll."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from blog.jekyll import build_site
from blog.pages import dangling, unlike
from click.testing import CliRunner

from pipeline.cli import main

BLOG = Path(__file__).parent / "data" / "blog"
LANGUAGES = ("en", "zh-CN")


def diglot(root: Path, *arguments: str) -> str:
    result = CliRunner().invoke(main, [*arguments, "-C", str(root)])
    assert result.exit_code == 0, result.output
    return result.output


Blog = Callable[..., Path]


@pytest.fixture
def blog(tmp_path: Path) -> Blog:
    """Return a function that translates the blog, with settings, and builds it."""

    def made(settings: str = "", *options: str) -> Path:
        shutil.copytree(BLOG, tmp_path, dirs_exist_ok=True)
        (tmp_path / "diglot.toml").write_text('engine = "pseudo"\n' + settings, "utf-8")
        diglot(tmp_path, "extract", "-q")
        diglot(tmp_path, "translate", "-q")
        diglot(tmp_path, "build", "--publish-drafts", *options)
        return tmp_path

    return made


def built(root: Path, folder: str) -> list[str]:
    return sorted(path.relative_to(root).as_posix() for path in (root / folder).rglob("*.md"))


@pytest.mark.parametrize(
    ("layout", "folder", "place", "key"),
    [
        ("plain", "site", "site/zh-CN/2026-03-05-second-part.md", "translation_key"),
        ("jekyll-polyglot", "_posts", "_posts/zh-CN/2026-03-05-second-part.md", "page_id"),
        ("jekyll-folders", "_posts", "_posts/zh-CN/2026-03-05-second-part.md", "translation_key"),
        ("hugo-folders", "content", "content/zh-cn/2026-03-05-second-part.md", "translationKey"),
        ("hugo-suffix", "content", "content/2026-03-05-second-part.zh-cn.md", "translationKey"),
    ],
)
def test_layouts(blog: Blog, layout: str, folder: str, place: str, key: str) -> None:
    root = blog(f'layout = "{layout}"\n')
    assert len(built(root, folder)) == 6
    lines = (root / place).read_text("utf-8").split("---\n")[1].splitlines()
    assert lines[1:3] == ["lang: zh-CN", f"{key}: 2026-03-05-second-part"]
    assert ("permalink: /zh-CN/:year/:month/:day/:title/" in lines) == (layout == "jekyll-folders")


def test_what_is_set_beside_the_layout_counts(blog: Blog) -> None:
    root = blog(
        'layout = "jekyll-polyglot"\noutput = "{lang}/{stem}{suffix}"\nlink_key = "ref"\n'
        'permalink = "/:year/:title/"\n'
    )
    text = (root / "en/2026-03-05-second-part.md").read_text("utf-8")
    assert "\nref: 2026-03-05-second-part\n" in text
    assert "\npermalink: /:year/:title/\n" in text


def test_a_post_keeps_its_own_address_and_its_translation_goes_below_its_language(
    blog: Blog, tmp_path: Path
) -> None:
    post = tmp_path / "posts" / "2026-04-01-own.md"
    post.parent.mkdir()
    post.write_text("---\npermalink: /own/\n---\nHello there\n", "utf-8")
    root = blog('layout = "jekyll-folders"\n')
    english, chinese = ((root / f"_posts/{lang}/{post.name}") for lang in LANGUAGES)
    assert "\npermalink: /own/\n" in english.read_text("utf-8")
    assert "\npermalink: /zh-CN/own/\n" in chinese.read_text("utf-8")


@pytest.mark.skipif(not shutil.which("jekyll"), reason="Jekyll is not installed")
def test_jekyll_makes_the_same_pages_of_both_languages(blog: Blog) -> None:
    root = blog('layout = "jekyll-folders"\n')
    assert "written  _includes/diglot-alternates.html" in diglot(
        root, "init", "--layout", "jekyll-folders"
    )
    pages = build_site(root)
    assert list(dangling(pages)) == []
    posts = [address for address in pages if address.startswith("/en/")]
    assert len(posts) == 3
    for address in posts:
        translation = pages[address.replace("/en/", "/zh-CN/", 1)]
        assert list(unlike(pages[address], translation, LANGUAGES)) == [], address
        addresses = {address, address.replace("/en/", "/zh-CN/", 1)}
        assert set(map(unquote, translation.all_links[:2])) == addresses
    ids = pages["/zh-CN/2026/03/01/first-steps/"].all_ids
    assert {"set-up", "2024-review", "set-up-1", "qa-whats-next"} <= ids


def test_what_has_no_post_any_more_is_removed_unless_somebody_has_changed_it(blog: Blog) -> None:
    root = blog()
    (root / "site/zh-CN/mine.md").write_text("Mine\n", "utf-8")
    changed = root / "site/en/2026-03-01-first-steps.md"
    changed.write_text(changed.read_text("utf-8") + "Mine\n", "utf-8")
    for post in ("2026-03-01-first-steps", "2026-03-09-读书笔记"):
        (root / f"posts/{post}.md").unlink()
    assert diglot(root, "build", "--dry-run").count("would remove") == 3
    diglot(root, "build", "--locale", "en")
    diglot(root, "build", "posts/2026-03-05-second-part.md")
    assert len(built(root, "site")) == 7
    assert diglot(root, "build").count("removed  ") == 3
    assert built(root, "site") == [
        "site/en/2026-03-01-first-steps.md",
        "site/en/2026-03-05-second-part.md",
        "site/zh-CN/2026-03-05-second-part.md",
        "site/zh-CN/mine.md",
    ]
    (root / "diglot.toml").write_text('output = "built/{lang}/{path}"\n', "utf-8")
    assert diglot(root, "build").count("removed  ") == 2
    assert not (root / "site/zh-CN/2026-03-05-second-part.md").exists()
    assert (root / "site/zh-CN/mine.md").exists()
    diglot(root, "build")
    assert len(built(root, "built")) == 2


LINKS = """\
---
title: Links
---
[tag]({% post_url 2026-03-05-second-part %}#x), [file](2026-03-05-second-part.md#x),
[above](./2026-03-05-second-part.md "T"), [page]({% link _posts/2026-03-05-second-part.md %}),
[address](/2026/03/05/second-part/), [whole](/en/2026/03/05/second-part.html#x),
[base]({{ site.baseurl }}/2026/03/05/second-part/), [out](https://en.wikipedia.org/wiki/Blog),
[other](https://example.org/2026-03-05-second-part.md), [here](#x), ![image](/2026/03/05/x.png),
[defined], [missing](/2026/03/06/second-part/). See https://en.wikipedia.org/wiki/Essay too.

`[code](2026-03-05-second-part.md)`

[defined]: 2026-03-05-second-part.md
"""

OTHER_LINKS = """\
---
title: Links
---
[![](x.png)](2026-03-05-second-part.md) [2](2026-03-05-second-part.md)

An <a class="x" href="2026-03-05-second-part.md#x">element</a>,
`<a href="2026-03-05-second-part.md">`.
<!-- <a href="2026-03-05-second-part.md"> -->

<div>
<p><a href='{% post_url 2026-03-05-second-part %}' title="T">Words</a></p>
<script>"<a href='2026-03-05-second-part.md'>"</script>
</div>

See [above](2026-04-02-links.md#x), [again]({% post_url 2026-04-02-links %}).
"""
"""Links without words, links in HTML, links of a post to itself, and what is no link."""


EXTERNAL = ["https://zh.wikipedia.org/wiki/Blog", "https://example.org/2026-03-05-second-part.md"]
UNKNOWN = ["#x", "/2026/03/05/x.png", "/2026/03/06/second-part/"]


def links(root: Path, folder: str, language: str = "zh-CN") -> list[str]:
    """Return what the links of the built post lead to, with attributes that follow them."""
    text = (root / folder / language / "2026-04-02-links.md").read_text("utf-8")
    assert "`[code](2026-03-05-second-part.md)`" in text
    return re.findall(r"(?<=\]\()[^)]*(?:\)\{:[^}]*\})?|(?<=\]: ).*|https://\S*Essay", text)


@pytest.fixture
def linked(blog: Blog, tmp_path: Path) -> Blog:
    """Return a function that builds the blog in a layout, with a post that holds ``LINKS``."""

    def made(layout: str) -> Path:
        (tmp_path / "posts").mkdir()
        (tmp_path / "posts/2026-04-02-links.md").write_text(LINKS, "utf-8")
        hosts = 'hosts = [{en = "en.wikipedia.org", zh_CN = "zh.wikipedia.org"}]\n'
        return blog(f'layout = "{layout}"\n{hosts}')

    return made


def internal(root: Path, folder: str, language: str = "zh-CN") -> list[str]:
    """Return only the links to other posts, and make sure of the others."""
    found = links(root, folder, language)
    if language == "zh-CN":
        assert found[7:9] == EXTERNAL
        assert found[9:12] == UNKNOWN
        assert found[12] == "https://zh.wikipedia.org/wiki/Essay"
    return [*found[:7], found[-1]]


def test_links_of_jekyll_lead_to_the_version_in_the_same_language(linked: Blog) -> None:
    root = linked("jekyll-folders")
    for language in LANGUAGES:
        address = f"/{language}/2026/03/05/second-part/"
        assert internal(root, "_posts", language) == [
            f"{{% post_url {language}/2026-03-05-second-part %}}#x",
            "2026-03-05-second-part.md#x",
            './2026-03-05-second-part.md "T"',
            f"{{% link _posts/{language}/2026-03-05-second-part.md %}}",
            address,
            f"{address}#x",
            f"{{{{ site.baseurl }}}}{address}",
            "2026-03-05-second-part.md",
        ]
    assert "https://en.wikipedia.org/wiki/Blog" in links(root, "_posts", "en")


def test_polyglot_leads_addresses_to_the_language_itself(linked: Blog) -> None:
    found = internal(linked("jekyll-polyglot"), "_posts")
    assert found[0] == "{% post_url zh-CN/2026-03-05-second-part %}#x"
    assert found[4:7] == LINKS_AS_WRITTEN[4:7]


def test_plain_links_stay_as_they_are(linked: Blog) -> None:
    assert internal(linked("plain"), "site") == LINKS_AS_WRITTEN


LINKS_AS_WRITTEN = [
    "{% post_url 2026-03-05-second-part %}#x",
    "2026-03-05-second-part.md#x",
    './2026-03-05-second-part.md "T"',
    "{% link _posts/2026-03-05-second-part.md %}",
    "/2026/03/05/second-part/",
    "/en/2026/03/05/second-part.html#x",
    "{{ site.baseurl }}/2026/03/05/second-part/",
    "2026-03-05-second-part.md",
]


def test_links_follow_what_is_published(linked: Blog) -> None:
    root = linked("jekyll-folders")
    before = links(root, "_posts")
    catalog = root / "locales/zh_CN/LC_MESSAGES/2026-03-05-second-part.po"
    text = catalog.read_text("utf-8")
    catalog.write_text(re.sub(r'(msgid ".+"\nmsgstr) ".+"', r'\1 ""', text), "utf-8")
    diglot(root, "build", "--publish-drafts")
    assert links(root, "_posts") == before
    diglot(root, "build")
    mark = '){: hreflang="en"}'
    address = "/en/2026/03/05/second-part/"
    assert internal(root, "_posts") == [
        f"{{% post_url en/2026-03-05-second-part %}}#x{mark}",
        f"../en/2026-03-05-second-part.md#x{mark}",
        f'../en/2026-03-05-second-part.md "T"{mark}',
        f"{{% link _posts/en/2026-03-05-second-part.md %}}{mark}",
        f"{address}{mark}",
        f"{address}#x{mark}",
        f"{{{{ site.baseurl }}}}{address}{mark}",
        "../en/2026-03-05-second-part.md",
    ]
    assert "wrote" not in diglot(root, "build", "-v")
    shutil.rmtree(root / ".diglot")
    assert "wrote" not in diglot(root, "build", "-v")
    catalog.write_text(text, "utf-8")
    diglot(root, "build", "posts/2026-03-05-second-part.md", "--publish-drafts")
    diglot(root, "build", "--publish-drafts")
    assert links(root, "_posts") == before


SECOND = "2026-03-05-second-part.md"
LEFT_ALONE = [f'<a href="{SECOND}">', f'<a href="{SECOND}">', f"<a href='{SECOND}'>"]
"""In code, in a comment and in a script."""


@pytest.mark.parametrize(
    ("layout", "published", "unpublished", "own"),
    [
        (
            'layout = "jekyll-folders"\n',
            [
                "](x.png)",
                f"]({SECOND})",
                f"]({SECOND})",
                f'<a class="x" href="{SECOND}#x">',
                "<a href='{% post_url zh-CN/2026-03-05-second-part %}' title=\"T\">",
            ],
            [
                "](x.png)",
                f'](../en/{SECOND}){{: hreflang="en"}}',
                f'](../en/{SECOND}){{: hreflang="en"}}',
                f'<a class="x" href="../en/{SECOND}#x" hreflang="en">',
                '<a href=\'{% post_url en/2026-03-05-second-part %}\' hreflang="en" title="T">',
            ],
            ["](2026-04-02-links.md#x)", "]({% post_url zh-CN/2026-04-02-links %})"],
        ),
        (
            'layout = "hugo-suffix"\nprofile = "hexo"\n',
            [
                "](x.png)",
                "](2026-03-05-second-part.zh-cn.md)",
                "](2026-03-05-second-part.zh-cn.md)",
                '<a class="x" href="2026-03-05-second-part.zh-cn.md#x">',
                "<a href='{% post_url 2026-03-05-second-part %}' title=\"T\">",
            ],
            [
                "](x.png)",
                "](2026-03-05-second-part.en.md)",
                "](2026-03-05-second-part.en.md)",
                '<a class="x" href="2026-03-05-second-part.en.md#x" hreflang="en">',
                "<a href='{% post_url 2026-03-05-second-part %}' title=\"T\">",
            ],
            ["](2026-04-02-links.zh-cn.md#x)", "]({% post_url 2026-04-02-links %})"],
        ),
    ],
)
def test_links_in_html_and_without_words_are_led_to_the_language_too(
    blog: Blog,
    tmp_path: Path,
    layout: str,
    published: list[str],
    unpublished: list[str],
    own: list[str],
) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts/2026-04-02-links.md").write_text(OTHER_LINKS, "utf-8")
    root = blog(layout)
    for expected in (published, unpublished):
        (path,) = (p for p in root.glob("[_c]*/**/*links*.md") if "zh" in str(p).lower())
        found = re.findall(r"\]\([^)]*\)(?:\{:[^}]*\})?|<a [^>]*>", path.read_text("utf-8"))
        assert found == [*expected[:4], *LEFT_ALONE[:2], expected[4], LEFT_ALONE[2], *own]
        (root / "locales/zh_CN/LC_MESSAGES/2026-03-05-second-part.po").unlink()
        diglot(root, "extract", "-q")
        diglot(root, "build", "-q")


def test_addresses_are_those_that_jekyll_makes(blog: Blog, tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    head = "---\ntitle: x\ndate: 2026-04-30 10:00:00\n---\n"
    (tmp_path / "posts/2026-05-01-a，b c.md").write_text(f"{head}Some words\n", "utf-8")
    link = "See [it](/2026/04/30/a-b-c/).\n"
    (tmp_path / "posts/2026-05-02-link.md").write_text(link, "utf-8")
    root = blog('layout = "jekyll-folders"\n')
    built = (root / "_posts/zh-CN/2026-05-02-link.md").read_text("utf-8")
    assert "(/zh-CN/2026/04/30/a-b-c/)" in built


def test_hugo_is_told_the_language_of_what_is_not_translated(blog: Blog, tmp_path: Path) -> None:
    (tmp_path / "posts").mkdir()
    text = 'A [link]({{< ref "b.md#x" >}}), [another]({{% relref "/b.md" %}})\n'
    (tmp_path / "posts/a.md").write_text(text, "utf-8")
    (tmp_path / "posts/b.md").write_text("## X\n\nSome words\n", "utf-8")
    root = blog('layout = "hugo-folders"\n')
    built = root / "content/zh-cn/a.md"
    assert re.findall(r"\{\{.*?\}\}", built.read_text("utf-8")) == re.findall(r"\{\{.*?\}\}", text)
    (root / "locales/zh_CN/LC_MESSAGES/b.po").unlink()
    diglot(root, "extract")
    diglot(root, "build")
    assert re.findall(r"\{\{.*?\}\}", built.read_text("utf-8")) == [
        '{{< ref path="b.md#x" lang="en" >}}',
        '{{% relref path="/b.md" lang="en" %}}',
    ]


def test_front_matter_says_how_far_a_translation_is_and_what_it_was_made_from(
    blog: Blog, tmp_path: Path
) -> None:
    (tmp_path / "locales").mkdir()
    (tmp_path / "locales/glossary.csv").write_text("en,zh_CN\nNotes,笔记\n", "utf-8")
    root = blog()
    catalog = root / "locales/zh_CN/LC_MESSAGES/2026-03-01-first-steps.po"
    machine = catalog.read_text("utf-8")
    entry = re.compile(r"^# machine: .*\n((?:#.*\n)*?)#, fuzzy.*\n", re.M)
    reviewed = entry.sub(r"\1", machine, count=6)
    catalog.write_text(reviewed, "utf-8")
    diglot(root, "build", "--publish-drafts")
    source = (root / "posts/2026-03-01-first-steps.md").read_bytes()
    text = (root / "site/zh-CN/2026-03-01-first-steps.md").read_text("utf-8")
    seen = hashlib.blake2b(source, digest_size=16).hexdigest()[:12]
    assert text.split("---\n")[1].splitlines()[1:] == [
        "tags: [笔记, setup]",
        "lang: zh-CN",
        "translation_key: 2026-03-01-first-steps",
        "translation: mixed",
        "translation_reviewed: 53",  # 7 of 13 segments: one text is there twice
        f"translated_from: posts/2026-03-01-first-steps.md@{seen}",
        "alternates: [en, zh-CN]",
    ]
    english = (root / "site/en/2026-03-01-first-steps.md").read_text("utf-8")
    assert english.split("---\n")[1].splitlines()[1:] == [
        "tags: [notes, setup]",
        "lang: en",
        "translation_key: 2026-03-01-first-steps",
        "alternates: [en, zh-CN]",
    ]
    (root / "locales/glossary.csv").write_text("en,zh_CN\nNotes,札记\n", "utf-8")
    diglot(root, "build", "--publish-drafts")
    text = (root / "site/zh-CN/2026-03-01-first-steps.md").read_text("utf-8")
    assert "tags: [札记, setup]" in text


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("layout", ["plain", "jekyll-folders", "jekyll-polyglot", "hugo-suffix"])
def test_a_post_without_front_matter_gets_some_where_its_versions_need_it(
    blog: Blog, tmp_path: Path, layout: str, end: str
) -> None:
    (tmp_path / "posts").mkdir()
    post = tmp_path / "posts/2026-05-01-bare.md"
    post.write_bytes(f"> A quote{end}{end}---{end}{end}Some words{end}".encode())
    root = blog(f'layout = "{layout}"\n')
    diglot(root, "build")
    built = sorted(path for path in root.rglob("*-bare*.md") if path != post)
    assert len(built) == 2
    for path in built:
        text = path.read_bytes().decode()
        lines = text.split(end)
        assert text.count("\n") == text.count(end)
        if layout == "plain":
            assert lines[0].startswith("> ")
        else:
            language = "zh-CN" if "zh-" in path.relative_to(root).as_posix() else "en"
            assert lines[:2] == ["---", f"lang: {language}"]
            is_draft = {"published: false", "draft: true"} & set(lines)
            assert bool(is_draft) == (language == "zh-CN")
            assert lines[lines.index("---", 1) + 1].startswith("> ")


@pytest.mark.parametrize(
    ("head", "added"),
    [
        ("+++\ntitle = 'A b'\n+++\n", 'alternates = ["en", "zh-CN"]'),
        ('{"title": "A b"}\n', '"alternates": ["en", "zh-CN"]'),
        ("---\n{title: A b}\n---\n", "alternates: [en, zh-CN]"),
    ],
)
def test_added_lists_in_every_syntax(blog: Blog, tmp_path: Path, head: str, added: str) -> None:
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts/a.md").write_text(f"{head}Some words\n", "utf-8")
    assert added in (blog() / "site/zh-CN/a.md").read_text("utf-8")
