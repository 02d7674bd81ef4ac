"""A small bilingual blog, built by Diglot and then by the real Jekyll."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from blog.jekyll import build_site, dangling, unlike
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
    assert "\nref: 2026-03-05-second-part\npermalink: /:year/:title/\n" in text


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
    pages = build_site(blog('layout = "jekyll-folders"\n'))
    assert list(dangling(pages)) == []
    posts = [address for address in pages if address.startswith("/en/")]
    assert len(posts) == 3
    for address in posts:
        translation = pages[address.replace("/en/", "/zh-CN/", 1)]
        assert list(unlike(pages[address], translation, LANGUAGES)) == [], address
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
