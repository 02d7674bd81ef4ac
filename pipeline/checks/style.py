"""Checks of how a text ends, and of words that stand twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from pipeline.checks.pair import MARK, OBJECT, Edit, Option, Pair, check
from pipeline.inline import HAN
from pipeline.model import Placeable, Severity
from pipeline.patterns import lazy
from pipeline.wording import NOTHING, Message

_CLASSES = {
    **dict.fromkeys(".。．", Message("a full stop")),
    **dict.fromkeys("?？", Message("a question mark")),
    **dict.fromkeys("!！", Message("an exclamation mark")),
    **dict.fromkeys(":：", Message("a colon")),
    **dict.fromkeys(";；", Message("a semicolon")),
    **dict.fromkeys(",，、", Message("a comma")),
    **dict.fromkeys("…⋯", Message("an ellipsis")),
}
_CLOSERS = frozenset("\"'”’」』)）]】》*_ \t\n" + MARK)
_SAME = (
    frozenset(("a full stop", "an exclamation mark")),
    frozenset(("a full stop", "a semicolon")),
    frozenset(("a colon", "a full stop")),
    frozenset(("a colon", "a comma")),
)


@check("style", Severity.WARNING, "End the translation as the source ends.")
def end_punct(pair: Pair) -> Iterator[Message]:
    """Find translations that end in another mark than their source, or in a half-width full stop.

    A sentence without its full stop may be cut off, a heading with one looks like a sentence.

    Wrong: Done. → 完成.
    Right: Ready? → 准备好了吗？
    """
    source = _without_notes(pair.source_view, pair.source_tokens)
    target = _without_notes(pair.target_view, pair.target_tokens)
    before, mark, after = _ending(source), _last(target), _ending(target)
    if before is None or after is None:
        return
    if mark == "." and re.search(rf"[{HAN}]\.[^.\w]*\Z", pair.target_view[-40:]):
        yield Message("the translation ends in a half-width full stop")
    elif before != after and _matters(pair, before, after) and not _asks(pair, before, after):
        yield Message(
            "the translation ends in {there}, the source in {here}",
            there=after or Message("no mark"),
            here=before or Message("none"),
        )


def _without_notes(view: str, tokens: Sequence[Placeable]) -> str:
    """Return a text without the footnote marks and attributes behind its last character."""
    end = len(view)
    for token in reversed(tokens):
        if token.kind not in _TRAILING or any(c not in _CLOSERS for c in view[token.end : end]):
            break
        end = token.start
    return view[:end]


_TRAILING = frozenset(("footnote", "attributes"))


def _matters(pair: Pair, before: str, after: str) -> bool:
    """Tell whether a difference is one: a full stop that a fragment gets matters in headings."""
    if frozenset((before, after)) in _SAME or "a comma" in (before, after):
        return False
    is_title = pair.segment and pair.segment.kind.startswith(("heading", "title"))
    return bool(before or is_title or after != "a full stop")


def _asks(pair: Pair, before: str, after: str) -> bool:
    """Tell whether English has the mark of a question that Chinese asks by its words alone."""
    if before or after != "a question mark" or not pair.source.startswith("zh"):
        return False
    return bool(_QUESTION.search(pair.source_view))


_QUESTION = lazy(
    "[吗嗎呢吧谁誰几幾哪]|什么|什麼|怎[么样麼樣]|为[何啥什]|為[何啥什]|如何|多[少久大长長]|是否|能否|可否"
    "|是不是|有没有|有沒有|能不能|可不可以|会不会|要不要"
)


def _last(view: str) -> str:
    """Return the last character that closes nothing."""
    place = len(view)
    while place and (view[place - 1] in _CLOSERS):
        place -= 1
    return view[place - 1 : place]


def _ending(view: str) -> Message | None:
    """Return the class of the final mark, nothing for a word, None where a text ends in code."""
    last = _last(view)
    if not last or last == OBJECT:
        return None
    if view.rstrip().endswith(("...", "。。。")):
        return _CLASSES["…"]
    return _CLASSES.get(last, NOTHING)


_ALLOW = Option(
    "allow", ("that", "had", "very", "so", "blah"), Message("words that may stand twice")
)
_DOUBLED = lazy(
    r"(?<![\w'-])([A-Za-z]{2,})\s+\1(?![\w'-])|(?<!目)的的(?!确)|(?<![但于可还总只])是是(?!非)"
    r"|(?<![存实现正旨所内外潜])在在|([我你他她它]们|这[个些样]|那[个些样]|[可所]以|因为|但是|如果|或者|以及|并且"
    r"|没有|已经|需要|使用|通过|进行|能够|应该)\2",
    re.I,
)


def _doubled(pair: Pair) -> Iterator[Edit]:
    allowed = pair.option("doubled-word", _ALLOW)
    assert isinstance(allowed, tuple | list)
    for match in _DOUBLED.finditer(pair.target_view):
        is_name = match[0][:1].isupper() and match[0].split()[-1][:1].isupper()
        if (match[1] or "").lower() not in allowed and not is_name:
            yield Edit(match.start(), match.end())


@check("style", Severity.INFO, "Delete one of them.", options=(_ALLOW,))
def doubled_word(pair: Pair) -> Iterator[Message]:
    """Find a word that stands twice by accident.

    Reduplication such as 天天, names such as Bora Bora and words that may follow themselves are
    left alone.

    Wrong: 在桌子上。 → It is on the the table.
    Right: 他以为那是对的。 → He thought that that was right.
    """
    for edit in _doubled(pair):
        text = pair.unit.msgstr[edit.start : edit.end]
        if not pair.in_source(text):
            yield Message('the translation has "{text}"', text=" ".join(text.split()))


CHECKS = (end_punct, doubled_word)
