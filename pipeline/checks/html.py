"""Checks of HTML in a text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from pipeline.checks.pair import Guard, Mild, Pair, check, compare
from pipeline.model import Severity
from pipeline.patterns import lazy
from pipeline.wording import Message

_TRANSLATED = lazy(r"(\s(?:alt|title)\s*=\s*)(?:\"[^\"]*\"|'[^']*')", re.I)
_TAG = lazy(r"<(/?)([A-Za-z][A-Za-z0-9\-]*)")
_VOID = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"))


@check(
    "html",
    Severity.ERROR,
    "Copy tags from the source; only the values of alt and title are translated.",
    Guard.POST,
    kinds=("html", "code", "comment"),
)
def html_tags(pair: Pair) -> Iterator[Message]:
    """Find HTML tags and attributes that were changed, lost or added, or no longer nest.

    Wrong: <a href="/a">x</a> → <a href="/b">甲</a>
    Right: a < b and c > d → a < b 且 c > d
    """
    # Comments of a post are for its author; what a catalog would add may be a directive.
    kinds = ("html", "code") if pair.raw else ("html", "code", "comment")
    source, target = ([t for t in texts if t[0] == "<"] for texts in pair.texts(*kinds))
    if source == target:
        return
    shown: dict[str, str] = {}
    before, after = (
        [shown.setdefault(_normal(tag), _TRANSLATED.sub(r"\1…", tag)) for tag in tags]
        for tags in (source, target)
    )
    problems = list(compare(before, after, Message("the tag")))
    yield from problems
    if not problems and _nests(source) and not _nests(target):
        yield Message("the tags of the translation do not nest")


_ATTRIBUTE = lazy(r"""[^\s=<>"'/]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'<>]+))?""")


def _normal(tag: str) -> str:
    """Return a tag without what means nothing: translated values, order, spaces, a final slash."""
    name = _TAG.match(tag)
    if not name or "<" in tag[1:]:  # an element that is code, such as <kbd>Esc</kbd>
        return tag
    attributes = _ATTRIBUTE.findall(_TRANSLATED.sub(r"\1…", tag), name.end())
    return " ".join([name[0], *sorted("".join(each.split()) for each in attributes)]) + ">"


def _nests(tags: Iterable[str]) -> bool:
    opened: list[str] = []
    for tag in tags:
        match = _TAG.match(tag)
        if not match or "<" in tag[1:] or match[2].lower() in _VOID or tag.endswith("/>"):
            continue
        if not match[1]:
            opened.append(match[2].lower())
        elif not opened or opened.pop() != match[2].lower():
            return False
    return not opened


_ACTIVE = frozenset(
    "script iframe object embed applet form input button link meta base style svg math".split()
)
_HANDLER = lazy(r"""[\s"'/](on[a-z]{2,30})\s?=""", re.I)
_ACTIVE_DEST = lazy(r"[\s<]*(?:javascript|vbscript|data\s*:\s*text/html)\b", re.I)
_CODE_TAG = lazy(r"<(script|style|svg|math)\b", re.I)


@check(
    "html",
    Severity.ERROR,
    "Remove the tag, or write it in backticks if it is meant to be read.",
    Guard.POST,
    kinds=("html", "code", "open", "url"),
)
def unsafe_html(pair: Pair) -> Iterator[Message]:
    """Find active content that the source has not: scripts, frames, event handlers, script links.

    A translation is data from outside; whatever it adds runs on your site. Any other tag of a kind
    that the source has not is a warning.

    Wrong: Hello → 你好<script>alert(1)</script>
    Right: Use `<script>` → 使用 `<script>`
    """
    before, after = (_names(pair, source=source) for source in (True, False))
    for name in dict.fromkeys(after):
        if name not in before:
            message = Message("the translation adds <{name}>, which the source has not", name=name)
            yield message if name in _ACTIVE else Mild(message)
    handlers = set(_handlers(pair.texts("html")[0]))
    for name in dict.fromkeys(_handlers(pair.texts("html")[1])):
        if name not in handlers:
            yield Message("the translation adds the event handler {name}", name=name)
    known = {link.dest for link in pair.source_links}
    for link in pair.target_links:
        if _ACTIVE_DEST.match(link.dest) and link.dest not in known:
            yield Message("the translation adds a link that runs a script")


def _names(pair: Pair, *, source: bool) -> dict[str, None]:
    html = pair.texts("html")[0 if source else 1]
    code = pair.texts("code")[0 if source else 1]
    if source and pair.segment:  # what holds a brace stands behind a number
        html = [*html, *pair.segment.pieces]
    found = [match[2].lower() for match in map(_TAG.match, html) if match]
    found += [match[1].lower() for match in map(_CODE_TAG.match, code) if match]
    return dict.fromkeys(found)


def _handlers(tags: Iterable[str]) -> Iterator[str]:
    for tag in tags:
        yield from (match[1].lower() for match in _HANDLER.finditer(tag))


CHECKS = (html_tags, unsafe_html)
