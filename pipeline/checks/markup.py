"""Checks of what formats a text: code, math, attributes, emphasis, emoji."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from pipeline.checks.pair import Guard, Mild, Pair, check, compare
from pipeline.inline import count_han, prose
from pipeline.model import Severity
from pipeline.patterns import lazy
from pipeline.wording import Message


@check(
    "markup",
    Severity.ERROR,
    "Copy code with its backticks from the source.",
    Guard.POST,
    kinds=("code",),
)
def code_span(pair: Pair) -> Iterator[Message]:
    """Find inline code that was changed, lost or added.

    Code is what a reader types; quotes instead of backticks hide that it is code. Between two
    files, words in backticks that were translated, and backticks around a word of the source, are a
    warning; a build keeps all code.

    Wrong: Run `a` then `b`. → 先 `a` 后“b”。
    Right: Run `a` then `b`. → 先 `a` 后 `b`。
    """
    before, after = (
        [_code(text) for text in texts if text[0] == "`"] for texts in pair.texts("code")
    )
    source, target = Counter(before), Counter(after)
    lost, added = source - target, target - source
    words = all(_WORDS.fullmatch(code) for code in lost) and all(map(count_han, added))
    harmless = words if lost else all(code.strip("` ") in pair.source_prose for code in added)
    harmless = pair.raw and harmless and lost.total() <= added.total() <= 3
    for message in compare(before, after, Message("the code")):
        yield Mild(message) if harmless else message


def _code(span: str) -> str:
    """Return a code span in its shortest form: more backticks are needed only around others.

    A line that ends inside is a space.
    """
    span = _wrapped(span)
    inner = span.strip("`")
    if "`" in inner:
        return span
    padded = inner[:1] == inner[-1:] == " " and inner.strip()
    return f"`{inner[1:-1] if padded else inner}`"


def _wrapped(text: str) -> str:
    return " ".join(text.splitlines()) if "\n" in text else text


_WORDS = lazy(r"`+[A-Za-z*]+(?:[ -][A-Za-z]+)+`+")
"""Words in backticks that may well be prose."""


@check(
    "markup",
    Severity.ERROR,
    "Copy formulas with their dollar signs, and {: …} and {#id}, from the source.",
    Guard.POST,
    kinds=("math", "attributes"),
)
def kramdown_ial(pair: Pair) -> Iterator[Message]:
    r"""Find formulas, attribute lists and heading ids that were changed, lost or added.

    A formula with another index is another formula; a lost {: .tip} loses the style of its block,
    and with full-width braces it shows as text.

    Wrong: where $x_1$ is → 其中 $x_2$ 为
    Right: where $$x^2$$ is → 其中 $$x^2$$ 为
    """
    before, after = ([*map(_wrapped, texts)] for texts in pair.texts("math"))
    yield from compare(before, after, Message("the formula"))
    if pair.raw:
        yield from compare(*pair.texts("attributes"), Message("the attributes"))


@check(
    "markup",
    Severity.ERROR,
    "Move the mark next to a letter, or put a space outside it, and close every mark.",
    Guard.CATALOG,
    kinds=("emphasis",),
)
def emphasis_leak(pair: Pair) -> Iterator[Message]:
    """Find marks of emphasis that show on the page because the dialect sees no emphasis there.

    CommonMark opens and closes emphasis by rules made for words with spaces: next to a full-width
    mark it often sees none. kramdown does. Judged as the configured dialect renders it.

    Wrong (commonmark): **Note:** back up. → **注意：**请备份。
    Right (commonmark): **Note:** back up. → **注意**：请备份。
    """
    if mark := _leaked(pair):
        yield Message(
            "{mark} in the translation shows as it stands instead of emphasising", mark=mark
        )


@check("markup", Severity.WARNING, "Emphasise what the source emphasises.", kinds=("emphasis",))
def markup_count(pair: Pair) -> Iterator[Message]:
    """Find translations with more or less emphasis than the source.

    Wrong: *really* good → 非常好
    Right: 2 * 3 * 4 → 2 * 3 * 4
    """
    source, target = map(Counter, map(_marks, pair.texts("emphasis")))
    titles = pair.unit.msgid.count("《")
    if source != target and not _leaked(pair):
        if (target - source).total() <= 2 * titles and not source - target:
            return  # titles of works are in italics in English
        for mark in (source - target) | (target - source):
            yield Message(
                "the translation has {there} × {mark}, the source {here}",
                there=target[mark],
                mark=mark,
                here=source[mark],
            )


def _marks(texts: Iterable[str]) -> list[str]:
    return [text.replace("_", "*") for text in texts]


_LOOSE = lazy(r"\\.|(\*+|~~+|_+)", re.S)


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


@check("markup", Severity.WARNING, "Copy codes such as :smile: from the source.", kinds=("emoji",))
def emoji(pair: Pair) -> Iterator[Message]:
    """Find emoji codes that were lost or repeated.

    Wrong: It works :tada: at last. → 终于成功了。
    Right: It works :tada: at last. → 终于成功了 :tada:
    """
    source, target = pair.texts("emoji")
    known = set(source)
    yield from compare(source, (text for text in target if text in known))


CHECKS = (code_span, kramdown_ial, emphasis_leak, markup_count, emoji)
