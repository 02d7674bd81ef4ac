"""Checks of links, images, references and footnotes.

In a catalog a destination is a placeholder, so a translation cannot change one; it can only lose
the link around it, write the link so that Markdown sees none, or add an address of its own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.pair import Check, Guard, Link, Pair, compare, show
from pipeline.inline import is_cjk
from pipeline.model import Severity

_NUMBER = re.compile(r"\{\d+\}")


def _link_dest(pair: Pair) -> Iterator[str]:
    source, target = pair.texts("url")
    source += [link.dest for link in pair.source_links if _is_literal(link)]
    target += [link.dest for link in pair.target_links if _is_literal(link)]
    yield from compare(source, target, "the address ")


def _is_literal(link: Link) -> bool:
    return not link.image and link.dest[:1] != "[" and not _NUMBER.fullmatch(link.dest)


def _link_syntax(pair: Pair) -> Iterator[str]:
    source = {link.dest: link for link in pair.source_links}
    target = {link.dest: link for link in pair.target_links}
    for dest in target:
        if dest not in source and dest[:1] != "[" and re.search(r"\s", dest):
            yield f"there is a space in the address {show(dest)}"
    for number in pair.source_numbers:
        before, after = source.get(number), target.get(number)
        if number not in pair.target_numbers:
            continue
        if before and after:
            yield from _changed(number, before, after)
        elif before and not before.image:
            yield f"{number} is no longer the destination of a link"
        elif after and not after.image:
            yield f"{number} has become the destination of a link"


def _changed(number: str, before: Link, after: Link) -> Iterator[str]:
    if before.has_text and not after.has_text and not before.image:
        yield f"the link to {number} has lost its text"
    if after.tail[2:3].isspace() and not before.tail[2:3].isspace():
        yield f"there is a space before {number}"


def _ref_link(pair: Pair) -> Iterator[str]:
    source = (link.dest for link in pair.source_links if link.dest[:1] == "[")
    target = (link.dest for link in pair.target_links if link.dest[:1] == "[")
    yield from compare(source, target, "the reference ")


def _image(pair: Pair) -> Iterator[str]:
    source = (show(link.dest) for link in pair.source_links if link.image)
    target = (show(link.dest) for link in pair.target_links if link.image)
    yield from compare(source, target, "the image ")


def _wiki_link(pair: Pair) -> Iterator[str]:
    yield from compare(*pair.texts("wiki"), "the wiki link's ")


def _footnote(pair: Pair) -> Iterator[str]:
    yield from compare(*pair.texts("footnote"), "the footnote ")


def _url_end(pair: Pair) -> Iterator[str]:
    """Find bare URLs that run into Chinese, where the dialect makes a link of all of it."""
    if not pair.profile.gfm or pair.profile.kramdown or pair.profile.shortcodes or not pair.segment:
        return
    before, after = _followers(pair.unit.msgid), _followers(pair.unit.msgstr)
    dests = {link.dest for link in pair.target_links}
    for number, piece in enumerate(pair.segment.pieces, 1):
        mark = f"{{{number}}}"
        if not piece.startswith(("http", "www.")) or mark in dests or mark not in after:
            continue
        if is_cjk(after[mark]) and not is_cjk(before.get(mark, "")):
            yield f"{after[mark]} right after the URL {mark} would become part of it"


def _followers(text: str) -> dict[str, str]:
    """Return the character right after each placeholder, where that first stands."""
    followers: dict[str, str] = {}
    for match in _NUMBER.finditer(text):
        followers.setdefault(match.group(), text[match.end() : match.end() + 1])
    return followers


CHECKS = (
    Check(
        "link-dest",
        "links",
        Severity.ERROR,
        "add or lose an address",
        _link_dest,
        "Destinations are placeholders such as {1}; write no other address.",
        Guard.POST,
    ),
    Check(
        "link-syntax",
        "links",
        Severity.ERROR,
        "break a link, such as [text]（{1}）",
        _link_syntax,
        "Write [text]({1}): half-width brackets, no space between them or before {1}.",
        Guard.POST,
    ),
    Check(
        "ref-link",
        "links",
        Severity.ERROR,
        "lose or change the label of a reference link",
        _ref_link,
        "Translate the first brackets of [text][label], keep the second.",
        Guard.POST,
    ),
    Check(
        "image",
        "links",
        Severity.ERROR,
        "lose or add an image",
        _image,
        "Write ![description]({1}) with its exclamation mark and half-width brackets.",
        Guard.POST,
    ),
    Check(
        "wiki-link",
        "links",
        Severity.ERROR,
        "break a wiki link",
        _wiki_link,
        "Translate what stands behind the pipe of [[{1}|text]] and keep the rest.",
        Guard.POST,
    ),
    Check(
        "footnote",
        "links",
        Severity.ERROR,
        "lose, add or rename a footnote mark",
        _footnote,
        "Keep each mark such as [^1] once, as it stands in the source.",
        Guard.POST,
    ),
    Check(
        "url-end",
        "links",
        Severity.WARNING,
        "let a bare URL run into Chinese text",
        _url_end,
        "Put a space after the URL.",
    ),
)
