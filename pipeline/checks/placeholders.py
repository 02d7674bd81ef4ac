"""Checks of placeholders and braces: every ``{1}`` once, every other brace doubled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.checks.pair import Edit, Guard, Pair, braces, check, compare
from pipeline.inline import find
from pipeline.model import Severity
from pipeline.patterns import lazy
from pipeline.wording import Message, listed

_BRACE = lazy("[{}]")


@check(
    "placeholders",
    Severity.ERROR,
    "Each {1}, {2} … of the source stands once; a brace that is text is doubled: {{ or }}.",
    Guard.POST,
)
def placeholder(pair: Pair) -> Iterator[Message]:
    """Find translations that do not hold every placeholder of the source exactly once.

    A placeholder stands for a destination, a bare URL or template code: one that is missing loses
    it, one that is repeated doubles it. Only catalogs have placeholders.

    Wrong: msgid "See {1} and {2}." with msgstr "见 {1}。"
    Right: msgid "See {1} and {2}." with msgstr "见 {2} 与 {1}。"
    """
    if pair.raw or not _BRACE.search(pair.unit.msgid + pair.unit.msgstr):
        return
    source, target = pair.source_numbers, pair.target_numbers
    repeated = [number for number in target - source if number in source]
    if repeated:
        yield Message("the translation repeats {numbers}", numbers=listed(repeated))
    added = (number for number in target if number not in source)
    yield from compare(source, [*(number for number in source if number in target), *added])
    if any(len(brace) == 1 for brace in braces(pair.unit.msgstr)):
        yield Message("the translation has a single brace")


_LEAK = lazy(
    r"[<＜]/?(?:[xg]|bx|ex|ph|bpt|ept|it)(?:\s?\d+|\s[^<>＜＞]{0,80})?\s?/?[>＞]"
    r"|[⟦〚]\s?\d+\s?[⟧〛]"
    r"|\{(?:\s{1,3}\d+\s{0,3}|\d+\s{1,3})\}|[{｛]\s{0,3}\d+\s{0,3}｝|｛\s{0,3}\d+\s{0,3}\}"
    r"|__?PH_?\d+__?",
    re.I,
)


def _restored(pair: Pair) -> Iterator[Edit]:
    """Give back the placeholders that were only written in another way."""
    lost = set(pair.source_numbers) - set(pair.target_numbers)
    for match in _LEAK.finditer(pair.unit.msgstr) if lost else ():
        number = "{" + "".join(c for c in match[0] if c.isdigit()) + "}"
        if match[0][0] in "{｛" and number in lost:
            lost.discard(number)
            yield Edit(match.start(), match.end(), number)


@check(
    "placeholders",
    Severity.ERROR,
    "Write the placeholder of the source, such as {1}.",
    Guard.POST,
    edits=_restored,
)
def placeholder_leak(pair: Pair) -> Iterator[Message]:
    """Find what a translation engine left behind, such as <x1/>, ⟦1⟧ or ｛1｝.

    It shows on the page, and what it stood for is gone. What the source itself says is no leak.

    Wrong: See the page. → 见 <g id="1">网页</g>。
    Right: Template {1} syntax → 模板 {1} 语法
    """
    present = set(_LEAK.findall(pair.unit.msgid))
    found = _LEAK.findall(pair.unit.msgstr)
    yield from compare((), (text for text in found if text not in present))


@check(
    "placeholders",
    Severity.ERROR,
    "Liquid, shortcodes and attribute lists stay as they are in the source.",
    Guard.POST,
)
def liquid(pair: Pair) -> Iterator[Message]:
    """Find Liquid tags, template variables and shortcodes that were changed, lost or added.

    The site generator runs them: a translated name is an empty text or a failed build. White space
    inside the braces does not matter.

    Wrong: By {{ site.author }} → 作者：{{ 站点.作者 }}
    Right: By {{ site.author }} → 作者：{{site.author}}
    """
    if pair.raw:
        source, target = pair.texts("liquid")
        yield from compare(map(_squeezed, source), map(_squeezed, target))
    elif "{{" in pair.unit.msgstr:
        # A catalog hides what the post has; there can only be more of it.
        before = _template_code(pair, pair.unit.msgid)
        yield from compare(before, _template_code(pair, pair.unit.msgstr), lost=False)


def _squeezed(code: str) -> str:
    return " ".join(
        code.replace("{%", "{% ")
        .replace("%}", " %}")
        .replace("{{", "{{ ")
        .replace("}}", " }}")
        .split()
    )


def _template_code(pair: Pair, text: str) -> list[str]:
    written = re.sub(r"\{\{|\}\}|\{\d+\}", lambda m: "x" if len(m[0]) > 2 else m[0][0], text)
    found = find(written, pair.profile)
    return [token.text for token in found if token.kind in ("liquid", "attributes")]


CHECKS = (placeholder, placeholder_leak, liquid)
