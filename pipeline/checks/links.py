"""Checks of links, images, references and footnotes.

In a catalog a destination is a placeholder, so a translation cannot change one; it can only lose
the link around it, write the link so that Markdown sees none, or add an address of its own. In two
texts as posts hold them, destinations are compared themselves.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator
from urllib.parse import unquote

from pipeline.checks.pair import (
    MARK,
    Check,
    Guard,
    Link,
    Mild,
    Option,
    Pair,
    check,
    compare,
    show,
)
from pipeline.inline import is_cjk, normalize_label
from pipeline.model import Severity
from pipeline.patterns import lazy
from pipeline.wording import Message

_NUMBER = lazy(r"\{\d+\}")
_LANGUAGE_HOST = lazy(r"(https?://)(?:www\.)?(?:zh|en|cn)(?:-[a-z]{2,4})?\.(?=[\w-]+\.)", re.I)
_ROOT = lazy(r"(https?://[^/?#]+)/\Z")
_SAME = Option(
    "same",
    (),
    Message('pairs of prefixes that mean the same page in both languages, such as ["/en/ /zh/"]'),
)


@check(
    "links",
    Severity.ERROR,
    "Keep every address; in a catalog it is a placeholder such as {1}, and there are no others.",
    Guard.POST,
    options=(_SAME,),
    kinds=("url", "open"),
)
def link_dest(pair: Pair) -> Iterator[Message]:
    """Find translations that change, add or lose an address.

    A translated or mistyped path is a dead link. The order may change, and a host may name another
    language (en.wikipedia.org, zh.wikipedia.org), where pages have other names.

    Wrong: Read the [guide](/docs/setup/). → 请阅读[指南](/docs/settings/)。
    Right: Read the [guide](/docs/setup/). → 请阅读[指南](/docs/setup/)。
    """
    source, target = pair.texts("url")
    source += [link.dest for link in pair.source_links if _is_literal(link)]
    target += [link.dest for link in pair.target_links if _is_literal(link)]
    if source != target:
        prefixes = _prefixes(pair)
        before = [_page(dest, prefixes) for dest in source]
        after = [_page(dest, prefixes) for dest in target]
        if moved := _other_editions(source, target):
            before, after = ([_without_path(p, moved) for p in pages] for pages in (before, after))
        if any(map(_is_localised, (*before, *after))):
            before, after = map(_without_fragments, (before, after))
        yield from compare(before, after, Message("the address"))


def _prefixes(pair: Pair) -> list[tuple[str, str]]:
    rows = pair.option("link-dest", _SAME)
    assert isinstance(rows, tuple | list)
    found = [tuple(str(row).split()) for row in rows]
    return [(prefix, row[0]) for row in found for prefix in row]


def _page(dest: str, prefixes: list[tuple[str, str]]) -> str:
    """Return what an address means, whatever its language and its spelling are."""
    for prefix, common in prefixes:
        if dest.startswith(prefix):
            dest = common + dest[len(prefix) :]
            break
    dest = _ROOT.sub(r"\1", dest.strip("<>"))
    return _LANGUAGE_HOST.sub(r"\1", unquote(dest) if "%" in dest else dest)


def _other_editions(source: Iterable[str], target: Iterable[str]) -> frozenset[str]:
    """Return the hosts of which the translation has the edition of another language."""
    before, after = (
        {match[0] for match in map(_LANGUAGE_HOST.match, dests) if match}
        for dests in (source, target)
    )
    moved = after - before
    return frozenset(_origin(_page(dest, [])) for dest in target if dest.startswith(tuple(moved)))


def _origin(page: str) -> str:
    return "/".join(page.split("/", 3)[:3])


def _without_path(page: str, hosts: Container[str]) -> str:
    return _origin(page) if _origin(page) in hosts else page


def _is_localised(page: str) -> bool:
    """Tell whether a link leads to a heading whose id is made of its Chinese text."""
    return "://" not in page and not page.partition("#")[2].isascii()


def _without_fragments(pages: list[str]) -> list[str]:
    """Leave out the ids of headings within the site: they are another check's business."""
    return [page if "://" in page else page.partition("#")[0] for page in pages]


def _is_literal(link: Link) -> bool:
    return not link.image and link.dest[:1] != "[" and not _NUMBER.fullmatch(link.dest)


_BROKEN = lazy(
    rf"[\]{MARK}][ \t]?（|[】］][ \t]?[({{（]|\][ \t]+\((?=[^\s)]{{1,300}}\))|\](?=\(https?:\s)"
    r"|\]\((?=[^\s()）]{1,300}）)"
)


@check(
    "links",
    Severity.ERROR,
    "Write [text](address), in a catalog [text]({1}): half-width brackets, no space between them "
    "or in the address, and a space between a bare address and Chinese.",
    Guard.POST,
)
def link_syntax(pair: Pair) -> Iterator[Message]:
    """Find links that are none any more, such as [text]（address）, or that hold too much.

    Engines write full-width brackets and spaces into addresses; then the page shows the Markdown.
    A bare address that runs into Chinese takes it along wherever a program makes links of
    addresses: an error where the dialect does so, else a note.

    Wrong: [Home](https://ex.org) → [首页]（https://ex.org）
    Right: An array `a[0] (x)` → 数组 `a[0] (x)`
    """
    source = {link.dest: link for link in pair.source_links}
    target = {link.dest: link for link in pair.target_links}
    for dest in target:
        if dest not in source and dest[:1] != "[" and re.search(r"\s", dest):
            yield Message("there is a space in the address {dest}", dest=show(dest))
    yield from _broken_raw(pair) if pair.raw else _broken(pair, source, target)
    yield from _swallowed(pair)


def _broken(pair: Pair, source: dict[str, Link], target: dict[str, Link]) -> Iterator[Message]:
    there = set(pair.target_numbers)
    for number in pair.source_numbers:
        before, after = source.get(number), target.get(number)
        if number not in there:
            continue
        if before and after:
            yield from _changed(number, before, after)
        elif before and not before.image:
            yield Message("{number} is no longer the destination of a link", number=number)
        elif after and not after.image:
            yield Message("{number} has become the destination of a link", number=number)


def _broken_raw(pair: Pair) -> Iterator[Message]:
    if len(pair.target_links) < len(pair.source_links):
        found = _BROKEN.search(pair.target_view)
        if found and not _BROKEN.search(pair.source_view):
            text = pair.unit.msgstr
            yield Message(
                "this is no link: {text}",
                text=show(text[max(found.start() - 8, 0) : found.end() + 12], 30),
            )


def _changed(number: str, before: Link, after: Link) -> Iterator[Message]:
    if before.has_text and not after.has_text and not before.image:
        yield Message("the link to {number} has lost its text", number=number)
    if after.tail[2:3].isspace() and not before.tail[2:3].isspace():
        yield Message("there is a space before {number}", number=number)


def _swallowed(pair: Pair) -> Iterator[Message]:
    """Find bare addresses that run into Chinese."""
    links = pair.profile.gfm and not pair.profile.kramdown
    followed = dict(_bare_urls(pair, pair.unit.msgid, source=True))
    for url, after in _bare_urls(pair, pair.unit.msgstr, source=False):
        if url in followed and is_cjk(after) and not is_cjk(followed[url]):
            message = Message(
                "{after} right after the URL {url} would become part of it",
                after=after,
                url=show(url),
            )
            yield message if links else Mild(message, Severity.INFO)


def _bare_urls(pair: Pair, text: str, *, source: bool) -> Iterator[tuple[str, str]]:
    """Yield each bare address, as a placeholder in a catalog, and the character after it."""
    tokens = pair.source_tokens if source else pair.target_tokens
    if pair.raw:
        yield from (
            (t.text, text[t.end : t.end + 1])
            for t in tokens
            if t.kind == "url" and t.text[0] != "<"
        )
        return
    pieces = pair.segment.pieces if pair.segment else ()
    for token in tokens:
        number = int(token.text[1:-1]) if token.kind == "placeholder" else 0
        if 0 < number <= len(pieces) and pieces[number - 1].startswith(("http", "www.")):
            yield token.text, text[token.end : token.end + 1]


_LETTER = lazy(r"[^\W\d_]")
_TAG_BEFORE = lazy(r"(?s:.*\n)?[ \t]*[-*+][ \t]+|")
"""What stands before the tag of a list item, as in "- [Docs] Add a page"."""
_SHORTCUT = lazy(r"(?<![A-Za-z0-9_\])!])\[([^\[\]^\n]{1,60})\](?![(\[:（])")


@check(
    "links",
    Severity.ERROR,
    "Translate the first brackets of [text][label], keep the second.",
    Guard.POST,
)
def ref_link(pair: Pair) -> Iterator[Message]:
    """Find reference links whose label was translated, lost or added.

    The label must be one that the post defines; with another one the page shows the brackets.

    Wrong: Use [api]. → 使用[接口]。
    Right: Use [the API][api]. → 使用[该接口][api]。
    """
    source = [link.dest for link in pair.source_links if link.dest[:1] == "["]
    target = [link.dest for link in pair.target_links if link.dest[:1] == "["]
    yield from compare(source, target, Message("the reference"))
    if pair.raw and source == target and pair.labels is None:
        before = _bracketed(pair.unit.msgid, pair.source_view)
        after = _bracketed(pair.unit.msgstr, pair.target_view)
        if len(before) == len(after):
            yield from map(Mild, compare(before, after, Message("the label")))


def _bracketed(text: str, view: str) -> list[str]:
    """Return what could be labels: words in brackets that nothing follows."""
    found = (
        match
        for match in _SHORTCUT.finditer(view)
        if _LETTER.search(match[1])
        and not _TAG_BEFORE.fullmatch(view, match.start() - 4, match.start())
    )
    return [normalize_label(text[match.start(1) : match.end(1)]) for match in found]


@check(
    "links",
    Severity.ERROR,
    "Write ![description](address) with its exclamation mark and half-width brackets.",
    Guard.POST,
    kinds=("open",),
)
def image(pair: Pair) -> Iterator[Message]:
    """Find images that were lost or added, or whose file or description went.

    A path is no text: a translated one shows nothing. An image with a description keeps one.

    Wrong: ![A cat](/img/cat.png) → ![一只猫](/img/猫.png)
    Right: ![](/img/x.png) → ![](/img/x.png)
    """
    source = {show(link.dest): link for link in pair.source_links if link.image}
    target = {show(link.dest): link for link in pair.target_links if link.image}
    before = (show(link.dest) for link in pair.source_links if link.image)
    yield from compare(
        before, (show(link.dest) for link in pair.target_links if link.image), Message("the image")
    )
    for dest, link in source.items():
        if dest in target and link.has_text and not target[dest].has_text:
            yield Message("the image {dest} has lost its description", dest=dest)


@check(
    "links",
    Severity.ERROR,
    "Translate what stands behind the pipe of [[{1}|text]] and keep the rest.",
    Guard.POST,
    kinds=("wiki",),
)
def wiki_link(pair: Pair) -> Iterator[Message]:
    """Find wiki links that are broken or name another page.

    Wrong: See [[Page|the page]]. → 见 Page|网页。
    Right: See [[Page|the page]]. → 见[[Page|网页]]。
    """
    yield from compare(*pair.texts("wiki"), Message("the wiki link's"))


@check(
    "links",
    Severity.ERROR,
    "Keep each mark such as [^1] once, as it stands in the source.",
    Guard.POST,
    kinds=("footnote",),
)
def footnote(pair: Pair) -> Iterator[Message]:
    """Find footnote marks that were renamed, lost or added.

    A mark without its definition shows as text, and the note is gone.

    Wrong: Fast[^a]. → 快速[^甲]。
    Right: Fast[^1] and safe[^2]. → 快速[^1]且安全[^2]。
    """
    yield from compare(*pair.texts("footnote"), Message("the footnote"))


CHECKS: tuple[Check, ...] = (link_dest, link_syntax, ref_link, image, wiki_link, footnote)
