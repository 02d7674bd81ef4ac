"""The pages of a site, and what is compared of a page in two languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urljoin

_CODE = frozenset(("pre", "code", "script"))
_MATH = re.compile(r"\\\(.*?\\\)|\\\[.*?\\\]|\$\$.*?\$\$", re.S)
_VOID = frozenset(("img", "br", "hr", "meta", "link", "input"))


@dataclass
class Page(HTMLParser):
    """What of an HTML page a translation must not change; links and ids of the article alone."""

    html: str
    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    code: list[str] = field(default_factory=list)
    math: list[str] = field(default_factory=list)
    all_ids: set[str] = field(default_factory=set)
    all_links: list[str] = field(default_factory=list)
    alternates: dict[str, str] = field(default_factory=dict)
    """Where the head says that the page is in each language."""

    def __post_init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self._in_article = False
        self._code: list[str] = []
        self._text = ""
        self.feed(self.html)
        self.close()
        self.math = _MATH.findall(self._text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what a tag links to, and what leads to it."""
        values = {name: value or "" for name, value in attrs}
        self._in_article |= tag == "article"
        found = [values[name] for name in ("id", "name") if name in values and tag != "meta"]
        self.all_ids.update(found)
        self.all_links += [values["href"]] if "href" in values else []
        if values.get("rel") == "alternate":
            self.alternates[values["hreflang"]] = unquote(values["href"])
        if self._in_article:
            self.ids += found
            self.links += [values[name] for name in ("href", "src") if name in values]
            if tag in _CODE:
                self._code.append(tag)
                self.code.append("")

    def handle_endtag(self, tag: str) -> None:
        """Note the end of the article, and of code."""
        if tag == "article":
            self._in_article = False
        if self._code and self._code[-1] == tag:
            self._code.pop()

    def handle_data(self, data: str) -> None:
        """Note code, and text with the formulas in it."""
        if self._code:
            self.code[-1] += data
        elif self._in_article:
            self._text += data


def read_pages(folder: Path) -> dict[str, Page]:
    """Return the pages of a site in ``folder`` by their address."""
    return {
        "/" + path.relative_to(folder).as_posix().removesuffix("index.html"): Page(
            path.read_text("utf-8")
        )
        for path in sorted(folder.rglob("*.html"))
    }


def dangling(pages: Mapping[str, Page]) -> Iterator[tuple[str, str]]:
    """Yield address and destination of every link within the site that leads nowhere."""
    for address, page in pages.items():
        for link in page.all_links:
            target, fragment = urldefrag(urljoin(address, link))
            if not target.startswith("/"):
                continue
            found = pages.get(unquote(target))
            if found is None or (fragment and unquote(fragment) not in found.all_ids):
                yield address, link


def unlike(source: Page, target: Page, languages: Sequence[str]) -> Iterator[str]:
    """Say what of a page is not that of its translation; languages in addresses do not count."""
    neutral = re.compile(rf"^/(?:{'|'.join(languages)})/")
    for name in ("links", "ids", "code", "math"):
        before, after = (
            Counter(neutral.sub("/", value) for value in getattr(page, name))
            for page in (source, target)
        )
        yield from (f"{name}: {value!r} is lost" for value in (before - after).elements())
        yield from (f"{name}: {value!r} is new" for value in (after - before).elements())
