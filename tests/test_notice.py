"""What readers are told of machine text, and what they see where the source has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from blog.renderers import pages_with_ids
from click.testing import CliRunner
from markdown_it.utils import read_fixture_file

from pipeline.cli import main
from pipeline.markdown import TEXT_KEYS, parse
from pipeline.model import PROFILES, Profile
from pipeline.outputs.notice import Notice, with_notice
from pipeline.outputs.post import build_post, differences

FIXTURES = sorted((Path(__file__).parent / "data" / "markdown").glob("*.txt"))
TEXTS = [source for path in FIXTURES for _, _, source, _ in read_fixture_file(path)]
NOTICE = Notice("zh_CN", "en", segments=8, machine=5, reviewed=1, link="../en/a.md")

LINES = [
    (
        NOTICE,
        "jekyll",
        "> 本文部分内容由机器译自英语。译文已有 12% 经人工校阅。"
        '[阅读原文](../en/a.md){: hreflang="en"}\n{: .diglot-notice }\n',
    ),
    (
        NOTICE,
        "gfm",
        "> 本文部分内容由机器译自英语。译文已有 12% 经人工校阅。[阅读原文](../en/a.md)\n",
    ),
    (
        Notice("en", "zh_CN", segments=3, machine=3, reviewed=0),
        "hugo",
        "> A machine translated this post from Chinese. No person has read the translation yet.\n",
    ),
    (
        Notice("zh_TW", "zh_CN", segments=1000, machine=1, reviewed=999),
        "hexo",
        "> 本文部分内容由机器译自简体中文。译文已有 99% 经人工校阅。\n",
    ),
    (
        Notice("fr", "zh_CN", segments=2, machine=1, reviewed=1, link="x"),
        "commonmark",
        "> A machine translated parts of this post from Chinese. "
        "A person has read 50% of the translation. [Read the original.](x)\n",
    ),
]


@pytest.mark.parametrize(("notice", "profile", "block"), LINES)
def test_what_a_notice_says(notice: Notice, profile: str, block: str) -> None:
    assert notice.block(PROFILES[profile]) == block


@pytest.mark.parametrize("profile", PROFILES.values(), ids=lambda profile: profile.name)
def test_a_notice_is_accepted_where_it_belongs_and_nowhere_else(profile: Profile) -> None:
    block = NOTICE.block(profile)
    heads = ["", "---\ntitle: A\n---\n", "\ufeff---\r\ntitle: A\r\n---\r\n"]
    for source in [*(head + text for head in heads for text in TEXTS), "", "---\ntitle: A\n---"]:
        document = parse("a.md", source, profile)
        text = build_post(document, {}, {}, (), notice=block)
        assert differences(document, text, TEXT_KEYS, notice=block) == [], text
        assert differences(document, source, TEXT_KEYS, notice=block)
        assert differences(document, text, TEXT_KEYS) != []
        changed = text.replace("12%", "100%")
        assert differences(document, changed, TEXT_KEYS, notice=block)
        twice = with_notice(document, text, block)
        assert differences(document, twice, TEXT_KEYS, notice=block)


def test_the_real_renderer_shows_the_notice_above_the_same_page(rendered_dialect: Profile) -> None:
    block = NOTICE.block(rendered_dialect)
    found = [text for text in TEXTS if "{{" not in text and "{%" not in text]
    noticed = [with_notice(parse("a.md", text, rendered_dialect), text, block) for text in found]
    plain, told = (pages_with_ids(texts, rendered_dialect) for texts in (found, noticed))
    for text, before, after in zip(found, plain, told, strict=True):
        quote, _, rest = after.partition("</blockquote>")
        mark = ' class="diglot-notice"' if rendered_dialect.kramdown else ""
        assert quote.startswith(f"<blockquote{mark}>"), text
        assert rest.strip() == before.strip(), text


POST = """\
---
title: A walk
---

First [words](https://a.b).

Other words are in this text, as long as it is.
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one post, in the current folder."""
    monkeypatch.chdir(tmp_path)
    Path("posts").mkdir()
    Path("posts/2026-03-05-a.md").write_text(POST, "utf-8")
    return tmp_path


def built(settings: str, *options: str) -> str:
    """Translate by the pseudo engine, build with settings, and return the Chinese post."""
    Path("diglot.toml").write_text(f'engine = "pseudo"\n{settings}\n', "utf-8")
    for command in (["extract"], ["translate"], ["build", *options]):
        result = CliRunner().invoke(main, [*command, "-q"])
        assert result.exit_code == 0, result.output
    (page,) = Path().glob("*/zh-*/2026-03-05-a.md")
    return page.read_text("utf-8")


@pytest.mark.parametrize(
    ("settings", "link"),
    [
        ("", '[阅读原文](../en/2026-03-05-a.md){: hreflang="en"}'),
        ('profile = "gfm"', "[阅读原文](../en/2026-03-05-a.md)"),
        (
            'layout = "jekyll-folders"',
            '[阅读原文]({{ "/en/2026/03/05/a/" | relative_url }}){: hreflang="en"}',
        ),
        ('layout = "jekyll-polyglot"', ""),
        (
            'layout = "hugo-folders"\nprofile = "hugo"',
            '[阅读原文]({{< ref path="/2026-03-05-a.md" lang="en" >}})',
        ),
    ],
)
def test_a_built_post_leads_to_its_source(project: Path, settings: str, link: str) -> None:
    text = built(f"notice = true\n{settings}")
    first = text.split("---\n")[2].strip().splitlines()[0]
    assert first == f"> 本文由机器译自英语。译文尚未经人工校阅。{link}"


@pytest.mark.parametrize("dialect", ["jekyll", "gfm"])
def test_a_post_in_both_languages_begins_with_the_notice(project: Path, dialect: str) -> None:
    settings = f'notice = true\nprofile = "{dialect}"'
    built(settings)
    build = ["build", "--format", "bilingual-md", "--publish-drafts", "-q"]
    result = CliRunner().invoke(main, build)
    assert result.exit_code == 0, result.output
    (path,) = Path().glob("*/bilingual-md/zh-CN/2026-03-05-a.md")
    noticed = path.read_text("utf-8")
    Path("diglot.toml").write_text(f'engine = "pseudo"\nprofile = "{dialect}"\n', "utf-8")
    assert CliRunner().invoke(main, build).exit_code == 0
    block = "\n> 本文由机器译自英语。译文尚未经人工校阅。\n"
    block += "{: .diglot-notice }\n" if PROFILES[dialect].kramdown else ""
    assert block in noticed
    assert noticed.replace(block, "", 1) == path.read_text("utf-8")


def test_a_source_that_is_not_published_is_not_linked(project: Path) -> None:
    post = Path("posts/2026-03-05-a.md")
    post.write_text(POST.replace("---\n\n", "published: false\n---\n\n"), "utf-8")
    assert "阅读原文" not in built("notice = true")


def test_no_notice_without_machine_text_or_where_nothing_is_to_be_added(project: Path) -> None:
    assert "机器" not in built("notice = true", "--no-added-keys")
    assert "机器" not in built("")
    assert "机器" in built("notice = true")
    assert "机器" not in Path("site/en/2026-03-05-a.md").read_text("utf-8")
    CliRunner().invoke(main, ["accept", "--all"])
    assert "机器" not in built("notice = true")


def test_an_old_translation_is_kept_as_long_as_it_fits(project: Path) -> None:
    built("")
    assert CliRunner().invoke(main, ["accept", "--all"]).exit_code == 0
    post = Path("posts/2026-03-05-a.md")
    post.write_text(POST.replace("words are", "words stand"), "utf-8")
    assert "Other words stand in this text, as long as it is." in built('stale = "source"')
    text = built('stale = "keep"\npublish = "reviewed"')
    assert "〖Ｏｔｈｅｒ ｗｏｒｄｓ ａｒｅ ｉｎ" in text
    assert "\ntranslation: stale\n" in text
    # One link more: the old translation would lose it.
    post.write_text(POST.replace("words are", "[words](https://c.d) are"), "utf-8")
    text = built('stale = "keep"')
    assert "Other [words](https://c.d) are in this text" in text
    assert "\ntranslation: mixed\n" in text
