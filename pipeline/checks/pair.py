"""What a check is, and what it looks at: a unit where its post uses it, scanned once.

A check is a generator of messages, each a clause about the translation. Where it was found, how
bad it is and what to do about it is filled in by ``pipeline.checks``.
"""

from __future__ import annotations

import enum
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from pipeline.glossary import Glossary, Violation
from pipeline.inline import find, normalize_label
from pipeline.model import Placeable, Profile, Segment, Severity, Unit


@dataclass(frozen=True, slots=True)
class Link:
    """A link or image; ``dest`` is its destination, or ``[label]`` where it names a reference."""

    image: bool
    dest: str
    has_text: bool
    tail: str
    """All that follows its text, from ``]`` on."""


@dataclass(frozen=True)
class Pair:
    """A unit, the first segment that shares it, and in which languages they are.

    ``path`` and ``catalog`` are what findings show; ``publish`` is the project's policy.
    """

    unit: Unit
    segment: Segment | None
    profile: Profile
    source: str
    target: str
    glossary: Glossary | None = None
    path: str = ""
    catalog: str = ""
    publish: str = ""

    @cached_property
    def source_tokens(self) -> Sequence[Placeable]:
        """The placeables of the msgid."""
        return find(self.unit.msgid, self.profile, msgid=True)

    @cached_property
    def target_tokens(self) -> Sequence[Placeable]:
        """The placeables of the msgstr."""
        return find(self.unit.msgstr, self.profile, msgid=True)

    @cached_property
    def source_prose(self) -> str:
        """The msgid without markup, code, math and placeholders."""
        return _plain(self.unit.msgid, self.source_tokens)

    @cached_property
    def target_prose(self) -> str:
        """The msgstr without markup, code, math and placeholders."""
        return _plain(self.unit.msgstr, self.target_tokens)

    @cached_property
    def source_links(self) -> Sequence[Link]:
        """The links and images of the msgid."""
        return list(_links(self.unit.msgid, self.source_tokens))

    @cached_property
    def target_links(self) -> Sequence[Link]:
        """The links and images of the msgstr."""
        return list(_links(self.unit.msgstr, self.target_tokens))

    @cached_property
    def source_numbers(self) -> Counter[str]:
        """The placeholders of the msgid, in order, and how often each stands there."""
        return Counter(numbers(self.unit.msgid))

    @cached_property
    def target_numbers(self) -> Counter[str]:
        """The placeholders of the msgstr, in order, and how often each stands there."""
        return Counter(numbers(self.unit.msgstr))

    @cached_property
    def violations(self) -> Sequence[Violation]:
        """What the translation gets wrong about the glossary's terms."""
        if self.glossary is None:
            return ()
        return self.glossary.missing(self.source_prose, self.target_prose)

    def texts(self, *kinds: str) -> tuple[list[str], list[str]]:
        """Return the placeables of some kinds as they stand in the source and in the target."""
        return (
            [token.text for token in self.source_tokens if token.kind in kinds],
            [token.text for token in self.target_tokens if token.kind in kinds],
        )


class Guard(enum.IntEnum):
    """What a text that fails a check is kept out of."""

    NOTHING = 0
    CATALOG = 1
    """A machine's answer is not taken; a person may write so."""
    POST = 2
    """Nor is it built into a post."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check; ``title`` completes the sentence "it finds translations that …"."""

    id: str
    family: str
    severity: Severity
    title: str
    run: Callable[[Pair], Iterator[str]]
    hint: str
    guard: Guard = Guard.NOTHING


_BRACES = re.compile(r"\{\{|\}\}|\{\d+\}|[{}]")


def braces(text: str) -> list[str]:
    """Return what the braces of a msgid or msgstr make: doubled ones, placeholders, single ones."""
    return _BRACES.findall(text) if "{" in text or "}" in text else []


def numbers(text: str) -> list[str]:
    """Return the placeholders of a msgid or msgstr, wherever they stand in it."""
    return [brace for brace in braces(text) if len(brace) > 2]


def compare(
    source: Iterable[str], target: Iterable[str], what: str = "", *, lost: bool = True
) -> Iterator[str]:
    """Say in one clause which texts the target lost and which it added; order does not matter."""
    source, target = list(source), list(target)
    if source == target:
        return
    before, after = Counter(source), Counter(target)
    found = [("loses", before - after if lost else Counter()), ("adds", after - before)]
    clauses = [f"{verb} {what}{_list(texts)}" for verb, texts in found if texts]
    if clauses:
        yield f"the translation {' and '.join(clauses)}"


def show(text: str, length: int = 60) -> str:
    """Return ``text`` on one line, cut to ``length``."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[: length - 1] + "…"


def _list(texts: Iterable[str]) -> str:
    shown = [show(text) for text in texts]
    return ", ".join(shown[:3]) + (f" and {len(shown) - 3} more" if len(shown) > 3 else "")


_VISIBLE = re.compile(r"\S")
_INVISIBLE = frozenset(("emphasis", "open", "close", "reference"))


def _plain(text: str, tokens: Sequence[Placeable]) -> str:
    """Return the prose; what only formats it leaves no gap, as a term may be half bold."""
    parts, position = [], 0
    for token in tokens:
        parts += [text[position : token.start], "" if token.kind in _INVISIBLE else " "]
        position = token.end
    return "".join([*parts, text[position:]])


def _links(text: str, tokens: Sequence[Placeable]) -> Iterator[Link]:
    opened: list[Placeable] = []
    for token in tokens:
        if token.kind == "open":
            opened.append(token)
        elif token.kind in ("close", "reference"):
            start = opened.pop()
            dest = f"[{normalize_label(token.text[2:-1])}]"
            if token.dest:
                dest = text[slice(*token.dest)]
            has_text = bool(_VISIBLE.search(text, start.end, token.start))
            yield Link(start.text == "![", dest, has_text, token.text)
