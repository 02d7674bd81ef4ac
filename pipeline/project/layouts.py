"""Layouts: where the sites of each kind keep the versions of a post, and how they tie them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Layout:
    """The defaults of the settings of these names for one set-up."""

    output: str
    link_key: str = "translation_key"
    permalink: str = ""
    profile: str = "jekyll"
    wants_head: bool = True
    """Whether a post needs front matter, as without it its versions would not be told apart."""
    reads_names: bool = False
    """Whether the generator reads a language at the end of a file's name, as in ``x.zh-cn.md``."""


LAYOUTS: Mapping[str, Layout] = MappingProxyType(
    {
        "plain": Layout("site/{lang}/{path}", wants_head=False),
        "jekyll-polyglot": Layout("_posts/{lang}/{path}", "page_id"),
        "jekyll-folders": Layout(
            "_posts/{lang}/{path}", permalink="/{lang}/:year/:month/:day/:title/"
        ),
        "hugo-folders": Layout(
            "content/{tag}/{path}", "translationKey", profile="hugo", reads_names=True
        ),
        "hugo-suffix": Layout(
            "content/{stem}.{tag}{suffix}", "translationKey", profile="hugo", reads_names=True
        ),
    }
)
