"""What ``check`` finds in the built posts as they stand on disk."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import Path
from urllib.parse import unquote

import pytest
from blog import hugo, jekyll
from blog.pages import dangling
from click.testing import CliRunner
from test_blog import BLOG, LINKS, OTHER_LINKS
from test_hugo import SITE

from pipeline.checks.built import RULES
from pipeline.cli import main

SETTINGS = 'engine = "pseudo"\nprofile = "{}"\n'
POSTS = {
    "a.md": """\
---
title: A
---
## Setup

See [setup](#setup), [more](b.md), [tools](b.md#tools) and <a href="b.md#tools">tools</a>.

[Notes](b.md#notes), [nowhere](#nowhere), [lost](b.md#lost), [missing](c.md)[^1].

[^1]: Words.
""",
    "b.md": "---\ntitle: B\n---\n## Tools\n\nBack to [setup](a.md#setup).\n\n## Notes\n\nEnd.\n",
}

Findings = list[tuple[str, int, str]]


def diglot(root: Path, *arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(main, [*arguments, "-C", str(root)])
    assert result.exit_code == code, result.output
    return result.output


def written(root: Path, posts: Mapping[str, str], settings: str = "") -> Path:
    """Write a project and build it, all of it published."""
    (root / "diglot.toml").write_text(settings or SETTINGS.format("jekyll"), "utf-8")
    for name, text in posts.items():
        (root / "posts" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "posts" / name).write_text(text, "utf-8")
    diglot(root, "extract", "-q")
    diglot(root, "translate", "-q")
    build(root)
    return root


def build(root: Path, *arguments: str) -> None:
    """Build, all of it published; without added keys the lines are those of the posts."""
    diglot(root, "build", "-q", "--publish-drafts", "--no-added-keys", *arguments)


def built(root: Path, *arguments: str) -> Findings:
    """Return what ``check`` says of built posts: file, line, check and unusual severities."""
    result = CliRunner().invoke(main, ["check", "-f", "jsonl", *arguments, "-C", str(root)])
    assert result.exit_code in (0, 1), result.output
    severities = {rule.id: rule.severity.name.lower() for rule in RULES}
    found = []
    for row in map(json.loads, result.output.splitlines()):
        if usual := severities.get(row["check"]):
            name = Path(row["file"]).resolve().relative_to(root.resolve()).as_posix()
            unusual = "" if row["severity"] == usual else f" {row['severity']}"
            found.append((name, row["line"], row["check"] + unusual))
    return sorted(found)


def edit(root: Path, name: str, old: str, new: str) -> None:
    path = root / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def translation(root: Path, name: str) -> Path:
    return root / "locales" / "zh_CN" / "LC_MESSAGES" / f"{name}.po"


@pytest.mark.parametrize(
    ("layout", "profile"),
    [
        ("plain", "jekyll"),
        ("plain", "gfm"),
        ("plain", "commonmark"),
        ("jekyll-folders", "jekyll"),
        ("jekyll-polyglot", "jekyll"),
        ("hugo-folders", "hugo"),
        ("hugo-suffix", "hugo"),
        ("hugo-suffix", "hexo"),
    ],
)
def test_nothing_is_found_in_what_was_built(tmp_path: Path, layout: str, profile: str) -> None:
    names = {path.name: path.read_text("utf-8") for path in BLOG.glob("posts/*.md")}
    refs = '[x]({{< ref "2026-03-05-second-part.md#x" >}}), [x]({{< relref "#y" >}})\n\n## Y\n'
    others = {"2026-04-02-links.md": LINKS, "2026-04-03-links.md": OTHER_LINKS, **POSTS}
    settings = SETTINGS.format(profile) + f'layout = "{layout}"\n'
    root = written(tmp_path, {**names, **others, "2026-04-04-refs.md": refs}, settings)
    assert built(root) == []
    translation(root, "2026-03-05-second-part").unlink()
    diglot(root, "extract", "-q")
    diglot(root, "build", "-q")
    assert built(root) == []


def test_nothing_is_said_where_nothing_is_built(tmp_path: Path) -> None:
    root = written(tmp_path, POSTS)
    shutil.rmtree(root / "site")
    assert built(root) == []
    shutil.rmtree(root / ".diglot")
    assert built(root) == []


def out_of_date(root: Path) -> None:
    edit(root, "posts/a.md", "See", "Look at")
    edit(root, "posts/b.md", "[setup](a.md#setup)", "[setup](a.md#preparations)")


def without_language(root: Path) -> None:
    """Take away the translation of one post, build all, bring it back, build that post alone."""
    catalog = translation(root, "b")
    text = catalog.read_text("utf-8")
    catalog.unlink()
    diglot(root, "extract", "-q")
    diglot(root, "build", "-q", "--no-added-keys")
    catalog.write_text(text, "utf-8")
    build(root, "posts/b.md")


def draft(root: Path) -> None:
    """Build one post as a draft to which another links."""
    diglot(root, "build", "-q", "posts/b.md")


def in_part(root: Path) -> None:
    shutil.rmtree(root / "site")
    shutil.rmtree(root / ".diglot")
    build(root, "posts/a.md")


DAMAGES: list[tuple[Callable[[Path], object], Findings]] = [
    (lambda root: (root / "site/zh-CN/b.md").unlink(), [("site/zh-CN/b.md", 0, "built-file")]),
    (lambda root: shutil.rmtree(root / "site/en"), [("site/en/a.md", 0, "built-file")]),
    (
        lambda root: edit(root, "site/zh-CN/b.md", " {#tools}", ""),
        [
            ("site/zh-CN/a.md", 6, "built-fragment"),
            ("site/zh-CN/a.md", 6, "built-fragment"),
            ("site/zh-CN/b.md", 0, "built-file"),
        ],
    ),
    (
        lambda root: edit(root, "site/zh-CN/a.md", "[^1]:", "[gone](../zh/b.md)\n\n[^2]:"),
        [("site/zh-CN/a.md", 0, "built-file"), ("site/zh-CN/a.md", 10, "built-link")],
    ),
    (
        lambda root: (root / "site/zh-CN/a.md").write_bytes(b"---\ntitle: [\n---\n\xff"),
        [("site/zh-CN/a.md", 0, "built-file")],
    ),
    (out_of_date, [("site/en/a.md", 0, "built-file info")]),
    (
        lambda root: edit(root, "locales/zh_CN/LC_MESSAGES/b.po", "#, fuzzy", "#, fuzzy, x"),
        [("site/zh-CN/b.md", 0, "built-file info")],
    ),
    (
        without_language,
        [
            *[("site/zh-CN/a.md", line, "built-language") for line in (6, 6, 6, 8, 8)],
            ("site/zh-CN/b.md", 6, "built-language"),
        ],
    ),
    (draft, [("site/zh-CN/a.md", line, "built-language") for line in (6, 6, 6, 8, 8)]),
    (
        in_part,
        [
            (f"site/{language}/a.md", line, "built-link warning")
            for language in ("en", "zh-CN")
            for line in (6, 6, 6, 8, 8)
        ],
    ),
]


@pytest.mark.parametrize(("damage", "expected"), DAMAGES, ids=range(len(DAMAGES)))
def test_what_has_become_wrong_since_is_found_once(
    tmp_path: Path, damage: Callable[[Path], object], expected: Findings
) -> None:
    root = written(tmp_path, POSTS)
    assert built(root) == []
    damage(root)
    assert built(root) == expected
    assert built(root) == expected  # from what the first check remembers


def test_fragments_that_a_translation_loses_are_found(tmp_path: Path) -> None:
    settings = SETTINGS.format("jekyll") + "keep_heading_ids = false\n"
    root = written(tmp_path, POSTS, settings)
    expected = [
        *[("site/zh-CN/a.md", line, "built-fragment") for line in (6, 6, 6, 8)],
        ("site/zh-CN/b.md", 6, "built-fragment"),
    ]
    assert built(root) == expected
    assert built(root, "posts/b.md") == expected[-1:]
    assert built(root, "--locale", "en") == []
    (root / "diglot.toml").write_text(settings + '[checks]\nbuilt = "off"\n', "utf-8")
    assert built(root) == []
    (root / "diglot.toml").write_text(settings, "utf-8")
    edit(root, "posts/a.md", "[^1]:", "<!-- diglot: ignore built-fragment -->\n\n[^1]:")
    build(root)
    assert built(root) == expected[-1:]


LINKING = """\
---
title: Links
---
## Up

See [above](#up), [a note](#fn:1), <a href="{address}#qa-whats-next">an end</a>[^1],
[the review]({first}#2024-review) and [its end]({first}#qa-whats-next).

[^1]: A note.
"""


def linking_blog(root: Path, settings: str, address: str, first: str) -> Path:
    """Write the blog with links whose fragments lead nowhere in translations, and build it."""
    shutil.copytree(BLOG, root, dirs_exist_ok=True)
    text = LINKING.replace("{address}", address).replace("{first}", first)
    written(root, {"2026-04-02-l.md": text}, settings + "keep_heading_ids = false\n")
    diglot(root, "build", "-q", "--publish-drafts")
    return root


@pytest.mark.skipif(not shutil.which("jekyll"), reason="Jekyll is not installed")
def test_what_is_found_is_what_leads_nowhere_on_the_site_of_jekyll(tmp_path: Path) -> None:
    settings = SETTINGS.format("jekyll") + 'layout = "jekyll-folders"\n'
    tag = "{% post_url 2026-03-01-first-steps %}"
    root = linking_blog(tmp_path, settings, "/2026/03/01/first-steps/", tag)
    diglot(root, "init", "--layout", "jekyll-folders")
    nowhere = Counter(address for address, _ in dangling(jekyll.build_site(root)))
    place = re.compile(r"_posts(/.*?/)(\d+)-(\d+)-(\d+)-(.*)\.md")
    found = Counter(place.sub(r"\1\2/\3/\4/\5/", name) for name, _, _ in built(root))
    assert found == nowhere
    assert found["/zh-CN/2026/04/02/l/"] == 4


@pytest.mark.skipif(not shutil.which("hugo"), reason="Hugo is not installed")
@pytest.mark.parametrize("layout", ["hugo-folders", "hugo-suffix"])
def test_what_is_found_is_what_leads_nowhere_on_the_site_of_hugo(
    tmp_path: Path, layout: str
) -> None:
    shutil.copytree(SITE, tmp_path, dirs_exist_ok=True)
    edit(tmp_path, "posts/first.md", "[a way back](#set-up)", "a way back")  # shown as it is
    settings = SETTINGS.format("hugo") + f'layout = "{layout}"\nkeep_heading_ids = false\n'
    root = written(tmp_path, {}, settings)
    diglot(root, "init", "--layout", layout)
    pages = hugo.build_site(root, folders=layout == "hugo-folders")
    nowhere = Counter(unquote(address) for address, link in dangling(pages) if "#" in link)
    name = re.compile(r"content/(?:(en|zh-cn)/)?(.*?)(?:\.(en|zh-cn))?\.md")
    files = (name.fullmatch(file) for file, _, _ in built(root))
    found = Counter(f"/{file[1] or file[3]}/{file[2]}/" for file in files if file)
    assert found == nowhere
    assert set(found) == {"/zh-cn/first/", "/zh-cn/notes/second/", "/en/first/", "/en/读书笔记/"}


COLLIDING = "---\ntitle: C\n---\n## Two\n\n## Tools\n\nText.\n"


@pytest.mark.parametrize("profile", ["gfm", "commonmark", "hexo", "jekyll", "hugo"])
def test_ids_that_another_heading_takes_are_found(tmp_path: Path, profile: str) -> None:
    root = written(tmp_path, {"c.md": COLLIDING}, SETTINGS.format(profile))
    assert built(root) == []
    catalog = translation(root, "c")
    text = re.sub(r'(msgid "Two"\nmsgstr) ".*"', r'\1 "Tools"', catalog.read_text("utf-8"))
    catalog.write_text(text, "utf-8")
    build(root)
    found = [("site/zh-CN/c.md", 4, "built-anchor")]
    assert built(root) == (found if profile in ("gfm", "commonmark", "hexo") else [])


@pytest.mark.parametrize("form", ["text", "github", "sarif", "junit", "gitlab", "html"])
def test_every_report_shows_built_posts(tmp_path: Path, form: str) -> None:
    root = written(tmp_path, POSTS, SETTINGS.format("jekyll") + "keep_heading_ids = false\n")
    said = diglot(root, "check", "-f", form, code=1)
    assert "built-fragment" in said
    assert "site/zh-CN/a.md" in said


ROUTES = [
    ("jekyll-folders", "{{% post_url 2026-01-02-b %}}{}", "{{% post_url zh-CN/2026-01-02-b %}}{}"),
    ("jekyll-folders", "{{% link _posts/2026-01-02-b.md %}}{}", ""),
    ("jekyll-folders", "/2026/01/02/b/{}", "/zh-CN/2026/01/02/b/{}"),
    ("jekyll-folders", "{{{{ site.baseurl }}}}/2026/01/02/b/{}", ""),
    ("hugo-folders", '{{{{< ref "2026-01-02-b.md{}" >}}}}', ""),
    ("hugo-folders", '{{{{% relref "2026-01-02-b.md" %}}}}{}', ""),
    ("hugo-suffix", "2026-01-02-b.md{}", "2026-01-02-b.zh-cn.md{}"),
    ("plain", "{{% post_url 2026-01-02-b %}}{}", ""),
]


@pytest.mark.parametrize(("layout", "link", "built_link"), ROUTES)
def test_every_way_to_write_a_link_is_followed(
    tmp_path: Path, layout: str, link: str, built_link: str
) -> None:
    settings = f'engine = "pseudo"\nlayout = "{layout}"\nprofile = "{layout.split("-")[0]}"\n'
    settings = settings.replace('"plain"\nprofile = "plain"', '"plain"')
    posts = {
        "2026-01-01-a.md": f"---\ntitle: A\n---\nSee [tools]({link.format('#tools')}).\n",
        "2026-01-02-b.md": POSTS["b.md"].partition("Back")[0],
    }
    root = written(tmp_path, posts, settings)
    assert built(root) == []
    (source,) = (p for p in root.glob("[_cs]*/**/*-b*.md") if "zh" not in str(p).lower())
    (there,) = (p for p in root.glob("[_cs]*/**/*-b*.md") if "zh" in str(p).lower())
    (here,) = (p for p in root.glob("[_cs]*/**/*-a*.md") if "zh" in str(p).lower())
    name = here.relative_to(root).as_posix()
    line = here.read_text("utf-8").splitlines().index("---", 1) + 2
    assert (built_link or "tools").format("#tools") in here.read_text("utf-8")
    edit(root, there.relative_to(root).as_posix(), " {#tools}", "")
    file = (there.relative_to(root).as_posix(), 0, "built-file")
    assert built(root) == sorted([file, (name, line, "built-fragment")])
    assert source.exists()
