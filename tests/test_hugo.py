"""A small bilingual site, built by Diglot and then by the real Hugo."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from urllib.parse import unquote

import pytest
from blog.hugo import build_site
from blog.pages import Page, dangling, unlike
from click.testing import CliRunner

from pipeline.cli import main

SITE = Path(__file__).parent / "data" / "hugo"
LAYOUTS = ("hugo-folders", "hugo-suffix")
pytestmark = pytest.mark.skipif(not shutil.which("hugo"), reason="Hugo is not installed")


def diglot(root: Path, *arguments: str) -> str:
    result = CliRunner().invoke(main, [*arguments, "-C", str(root)])
    assert result.exit_code == 0, result.output
    return result.output


def title(page: Page) -> str:
    return page.html.partition("<title>")[2].partition("</title>")[0]


Made = Callable[..., dict[str, Page]]


@pytest.fixture
def made(tmp_path: Path) -> Made:
    """Return a function that makes the site in a layout, and returns its pages."""

    def pages(layout: str, *options: str) -> dict[str, Page]:
        shutil.copytree(SITE, tmp_path, dirs_exist_ok=True)
        diglot(tmp_path, "init", "--layout", layout)
        diglot(tmp_path, "extract")
        diglot(tmp_path, "translate", "--engine", "pseudo")
        diglot(tmp_path, "build", *options)
        return build_site(tmp_path, folders=layout == "hugo-folders")

    return pages


@pytest.mark.parametrize("layout", LAYOUTS)
def test_hugo_makes_the_same_pages_of_both_languages(made: Made, layout: str) -> None:
    pages = made(layout, "--publish-drafts")
    english = [address for address in pages if address.startswith("/en/")]
    assert english == ["/en/first/", "/en/notes/second/", "/en/notes/walk/", "/en/读书笔记/"]
    assert len(pages) == 2 * len(english)
    assert {link for _, link in dangling(pages)} == {"/about/"}
    for address in english:
        translation = address.replace("/en/", "/zh-cn/")
        found = list(unlike(pages[address], pages[translation], ("en", "zh-cn")))
        assert found == [], address
        for page in (address, translation):
            assert pages[page].alternates == {"en": address, "zh-cn": translation}
        assert title(pages[address]) != title(pages[translation])


@pytest.mark.parametrize("layout", LAYOUTS)
def test_links_lead_to_the_language_of_the_page(made: Made, layout: str) -> None:
    pages = made(layout, "--publish-drafts")
    for language in ("en", "zh-cn"):
        links = {
            unquote(link)
            for address, page in pages.items()
            for link in page.links
            if address.startswith(f"/{language}/") and link.startswith("/")
        }
        assert links == {
            f"/{language}/first/#again",
            f"/{language}/notes/second/",
            f"/{language}/notes/walk/",
            f"/{language}/notes/second/#inside-a-note",
            f"/{language}/notes/second/#the-end",
            f"/{language}/读书笔记/#读法",
            "/about/",  # as its author has written it
            "/pic.png",
        }


@pytest.mark.parametrize("layout", LAYOUTS)
def test_shortcodes_and_formulas_are_what_they_were(made: Made, layout: str) -> None:
    text = made(layout, "--publish-drafts")["/zh-cn/first/"].html
    assert text.count('<aside class="note">') == 2
    assert "<b>Careful</b>" in text
    assert "<h4>A figure</h4>" in text
    assert "$a_1 + b_2 = c$" in text


@pytest.mark.parametrize("layout", LAYOUTS)
def test_what_is_a_draft_is_left_out_and_links_lead_to_its_source(made: Made, layout: str) -> None:
    pages = made(layout)
    assert set(pages) == {
        "/en/first/",
        "/en/notes/second/",
        "/zh-cn/notes/walk/",
        "/zh-cn/读书笔记/",
    }
    assert [link for _, link in dangling(pages)] == ["/about/"]
    assert "/en/notes/second/" in pages["/zh-cn/读书笔记/"].links
    assert "/zh-cn/读书笔记/#读法" in map(unquote, pages["/en/first/"].links)
    assert not any(page.alternates for page in pages.values())
