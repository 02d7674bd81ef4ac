"""Checks of what formats a text: code, math, HTML tags, emphasis, emoji."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from pipeline.checks.pair import Check, Guard, Pair, compare
from pipeline.inline import prose
from pipeline.model import Severity


def _code_span(pair: Pair) -> Iterator[str]:
    yield from compare(*pair.texts("code"), "the code ")


def _math(pair: Pair) -> Iterator[str]:
    yield from compare(*pair.texts("math"), "the formula ")


_TRANSLATED = re.compile(r"(\s(?:alt|title)\s*=\s*)(?:\"[^\"]*\"|'[^']*')", re.I)
_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9\-]*)")
_VOID = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"))


def _html_tags(pair: Pair) -> Iterator[str]:
    source, target = pair.texts("html", "comment")
    if source == target:
        return
    found = [_TRANSLATED.sub(r"\1…", tag) for tag in target]
    problems = list(compare((_TRANSLATED.sub(r"\1…", tag) for tag in source), found, "the tag "))
    yield from problems
    if not problems and _nests(source) and not _nests(target):
        yield "the tags of the translation do not nest"


def _nests(tags: Iterable[str]) -> bool:
    opened: list[str] = []
    for tag in tags:
        match = _TAG.match(tag)
        if not match or match[2].lower() in _VOID or tag.endswith("/>"):
            continue
        if not match[1]:
            opened.append(match[2].lower())
        elif not opened or opened.pop() != match[2].lower():
            return False
    return not opened


def _emphasis_leak(pair: Pair) -> Iterator[str]:
    if mark := _leaked(pair):
        yield f"{mark} in the translation shows as it stands instead of emphasising"


def _markup_count(pair: Pair) -> Iterator[str]:
    source, target = map(Counter, map(_marks, pair.texts("emphasis")))
    if source != target and not _leaked(pair):
        for mark in (source - target) | (target - source):
            yield f"the translation has {target[mark]} × {mark}, the source {source[mark]}"


def _marks(texts: Iterable[str]) -> list[str]:
    return [text.replace("_", "*") for text in texts]


_LOOSE = re.compile(r"\\.|(\*+|~~+|_+)", re.S)


def _leaked(pair: Pair) -> str:
    """Return a mark that pairs with none in the target though its like did in the source."""
    source, target = pair.texts("emphasis")
    if len(target) >= len(source):
        return ""
    before = _loose(prose(pair.unit.msgid, pair.source_tokens))
    after = _loose(prose(pair.unit.msgstr, pair.target_tokens))
    return max(after - before, default="")


def _loose(text: str) -> Counter[str]:
    return Counter(match[1] for match in _LOOSE.finditer(text) if match[1])


def _emoji(pair: Pair) -> Iterator[str]:
    source, target = pair.texts("emoji")
    known = set(source)
    yield from compare(source, (text for text in target if text in known))


CHECKS = (
    Check(
        "code-span",
        "markup",
        Severity.ERROR,
        "change, lose or add inline code",
        _code_span,
        "Copy code with its backticks from the source.",
        Guard.POST,
    ),
    Check(
        "math",
        "markup",
        Severity.ERROR,
        "change, lose or add a formula",
        _math,
        "Copy formulas with their dollar signs from the source.",
        Guard.POST,
    ),
    Check(
        "html-tags",
        "markup",
        Severity.ERROR,
        "change, lose or add an HTML tag",
        _html_tags,
        "Copy tags from the source; only the values of alt and title are translated.",
        Guard.POST,
    ),
    Check(
        "emphasis-leak",
        "markup",
        Severity.ERROR,
        "show asterisks because Markdown sees no emphasis there",
        _emphasis_leak,
        "Move the mark next to a letter, or put a space outside it, and close every mark.",
        Guard.CATALOG,
    ),
    Check(
        "markup-count",
        "markup",
        Severity.WARNING,
        "have more or less emphasis than the source",
        _markup_count,
        "Emphasise what the source emphasises.",
    ),
    Check(
        "emoji",
        "markup",
        Severity.WARNING,
        "lose or add an emoji code",
        _emoji,
        "Copy codes such as :smile: from the source.",
    ),
)
