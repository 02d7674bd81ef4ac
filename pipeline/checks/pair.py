"""What a check is, and what it looks at: a text and its translation, scanned once.

A check is a generator of messages, each a clause about the translation. Where it was found, how
bad it is and what to do about it is filled in by ``pipeline.checks``. What a check is for, with a
wrong and a right example, is its docstring, which ``diglot check --explain`` shows.
"""

from __future__ import annotations

import enum
import inspect
import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self

from pipeline.checks.habits import Habits
from pipeline.glossary import Glossary, Violation
from pipeline.inline import find, normalize_label
from pipeline.model import Placeable, Profile, Segment, Severity, Unit
from pipeline.patterns import lazy
from pipeline.wording import NOTHING, Message, listed

OBJECT, MARK = "\ue000", "\ue001"
"""What stands in a view for code, links, math and the like, and for what only formats the text."""


@dataclass(frozen=True, slots=True)
class Link:
    """A link or image; ``dest`` is its destination, or ``[label]`` where it names a reference."""

    image: bool
    dest: str
    has_text: bool
    tail: str
    """All that follows its text, from ``]`` on."""


@dataclass(frozen=True, slots=True)
class Option:
    """What can be configured about a check besides its severity; ``choices`` are all it takes."""

    name: str
    default: str | float | tuple[str, ...]
    doc: Message
    choices: tuple[str, ...] = ()


Options = Mapping[str, Mapping[str, object]]
"""The configured options of checks, by id and name."""


@dataclass(frozen=True, slots=True)
class File:
    """All pairs of one file, for what a text alone does not tell: how its author writes."""

    pairs: list[Pair] = field(default_factory=list)
    _habits: list[Habits] = field(default_factory=list)

    @property
    def habits(self) -> Habits:
        """How the targets of the file are written, counted once."""
        if not self._habits:
            self._habits.append(Habits.of(pair.target_view for pair in self.pairs))
        return self._habits[0]


@dataclass(frozen=True)
class Pair:
    """A unit, the first segment that shares it, and in which languages they are.

    With ``raw`` the texts are as posts hold them; else as catalogs do: what must not be changed is
    ``{1}``, braces are doubled. ``labels`` are the reference labels that a raw text can use.
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
    options: Options = field(default_factory=dict)
    file: File = field(default_factory=File)
    raw: bool = False
    labels: Container[str] | None = None

    @cached_property
    def source_tokens(self) -> Sequence[Placeable]:
        """The placeables of the source text."""
        return find(self.unit.msgid, self.profile, self.labels, msgid=not self.raw)

    @cached_property
    def target_tokens(self) -> Sequence[Placeable]:
        """The placeables of the target text."""
        return find(self.unit.msgstr, self.profile, self.labels, msgid=not self.raw)

    @cached_property
    def kinds(self) -> frozenset[str]:
        """The kinds of placeables that either text has."""
        return frozenset(
            [*(t.kind for t in self.source_tokens), *(t.kind for t in self.target_tokens)]
        )

    @cached_property
    def characters(self) -> frozenset[str]:
        """The characters of the target."""
        return frozenset(self.unit.msgstr)

    @cached_property
    def source_prose(self) -> str:
        """The source without markup, code, math and placeholders."""
        return _plain(self.unit.msgid, self.source_tokens)

    @cached_property
    def target_prose(self) -> str:
        """The target without markup, code, math and placeholders."""
        return _plain(self.unit.msgstr, self.target_tokens)

    @cached_property
    def source_view(self) -> str:
        """The source, as long as it is, with ``OBJECT`` and ``MARK`` for all that is not text."""
        return _view(self.unit.msgid, self.source_tokens)

    @cached_property
    def target_view(self) -> str:
        """The target, as long as it is, with ``OBJECT`` and ``MARK`` for all that is not text."""
        return _view(self.unit.msgstr, self.target_tokens)

    @cached_property
    def source_links(self) -> Sequence[Link]:
        """The links and images of the source."""
        return list(_links(self.unit.msgid, self.source_tokens))

    @cached_property
    def target_links(self) -> Sequence[Link]:
        """The links and images of the target."""
        return list(_links(self.unit.msgstr, self.target_tokens))

    @cached_property
    def source_numbers(self) -> Counter[str]:
        """The placeholders of the source, in order, and how often each stands there."""
        return Counter(() if self.raw else numbers(self.unit.msgid))

    @cached_property
    def target_numbers(self) -> Counter[str]:
        """The placeholders of the target, in order, and how often each stands there."""
        return Counter(() if self.raw else numbers(self.unit.msgstr))

    @cached_property
    def violations(self) -> Sequence[Violation]:
        """What the translation gets wrong about the glossary's terms."""
        if self.glossary is None:
            return ()
        return self.glossary.missing(self.source_prose, self.target_prose)

    @cached_property
    def _grams(self) -> dict[int, frozenset[str]]:
        return {}

    def texts(self, *kinds: str) -> tuple[list[str], list[str]]:
        """Return the placeables of some kinds as they stand in the source and in the target."""
        return (
            [token.text for token in self.source_tokens if token.kind in kinds],
            [token.text for token in self.target_tokens if token.kind in kinds],
        )

    def option(self, check: str, option: Option) -> object:
        """Return what is configured for an option of a check, or else its default."""
        return self.options.get(check, {}).get(option.name, option.default)

    def in_source(self, text: str) -> bool:
        """Tell whether the source holds ``text``, of which at most 16 characters count.

        Each length is looked up in one pass, so that many questions cost no more than one.
        """
        part = text[:16]
        size = len(part)
        if size not in self._grams:
            source = self.unit.msgid
            self._grams[size] = frozenset(source[i : i + size] for i in range(len(source)))
        return part in self._grams[size]


class Quoting(Message):
    """A message that quotes the text it is about, as it stands in the source or the target."""

    __slots__ = ("quote",)
    quote: str

    def __new__(cls, message: Message, quote: str = "") -> Self:
        """Return the message as one about ``quote``."""
        quoting = cls.whole(message, message.pattern, message.plural, message.values)
        quoting.quote = quote
        return quoting


class Mild(Quoting):
    """A message about what is never worse than ``level``, however severe its check is."""

    __slots__ = ("level",)
    level: Severity

    def __new__(cls, message: Message, level: Severity = Severity.WARNING) -> Self:
        """Return the message as a mild one; ``level`` is a warning unless it is even less."""
        mild = super().__new__(cls, message, message.quote if isinstance(message, Quoting) else "")
        mild.level = level
        return mild


class Guard(enum.IntEnum):
    """What a text that fails a check is kept out of."""

    NOTHING = 0
    CATALOG = 1
    """A machine's answer is not taken; a person may write so."""
    POST = 2
    """Nor is it built into a post."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What is wrong at ``[start, end)`` of a target; ``new`` is what to write there, if known.

    What the source has there as well is right where it may be ``quoted``.
    """

    start: int
    end: int
    new: str | None = None
    quoted: bool = True


@dataclass(frozen=True, slots=True)
class Example:
    """A text that a check lets pass or does not, under a ``condition``, such as a locale."""

    is_right: bool
    condition: str
    text: str


_EXAMPLE = lazy(r"^(Wrong|Right)(?: \((.+?)\))?: (.+)$", re.M)


@dataclass(frozen=True, slots=True)
class Rule:
    """What settings and people know a check by; ``doc`` explains it."""

    id: str
    family: str
    severity: Severity
    doc: str
    hint: Message = NOTHING
    options: tuple[Option, ...] = ()

    @property
    def title(self) -> str:
        """What it finds, in one line."""
        return self.doc.partition("\n")[0].rstrip(".")

    @property
    def explanation(self) -> str:
        """What it finds and why, without the examples."""
        return self.doc.partition("\n\nWrong")[0]

    @property
    def examples(self) -> list[Example]:
        """A wrong and a right text, or pair of texts."""
        return [
            Example(match[1] == "Right", match[2] or "", match[3])
            for match in _EXAMPLE.finditer(self.doc)
        ]


@dataclass(frozen=True, slots=True)
class Check(Rule):
    """A check of one pair; ``edits`` says of one that can be repaired where and how.

    It finds nothing in targets of another ``language``, in targets without any of ``marks``, nor in
    pairs without placeables of any of ``kinds``, where these are named: so it need not be asked.
    """

    run: Callable[[Pair], Iterator[Message]] = field(kw_only=True)
    guard: Guard = field(default=Guard.NOTHING, kw_only=True)
    edits: Callable[[Pair], Iterator[Edit]] | None = field(default=None, kw_only=True)
    language: str = field(default="", kw_only=True)
    marks: frozenset[str] = field(default=frozenset(), kw_only=True)
    kinds: frozenset[str] = field(default=frozenset(), kw_only=True)

    def concerns(self, pair: Pair) -> bool:
        """Tell whether the check can find anything in a pair at all."""
        return not (
            (self.language and self.language != pair.target.partition("_")[0])
            or (self.marks and self.marks.isdisjoint(pair.characters))
            or (self.kinds and self.kinds.isdisjoint(pair.kinds))
        )


def check(
    family: str,
    severity: Severity,
    hint: str,
    guard: Guard = Guard.NOTHING,
    *,
    options: tuple[Option, ...] = (),
    edits: Callable[[Pair], Iterator[Edit]] | None = None,
    marks: str = "",
    kinds: tuple[str, ...] = (),
) -> Callable[[Callable[[Pair], Iterator[Message]]], Check]:
    """Make a check of a function: its name is the id, its docstring the explanation."""

    def made(run: Callable[[Pair], Iterator[Message]]) -> Check:
        return Check(
            _id_of(run),
            family,
            severity,
            inspect.cleandoc(run.__doc__ or ""),
            Message(hint),
            options,
            run=run,
            guard=guard,
            edits=edits,
            marks=frozenset(marks),
            kinds=frozenset(kinds),
        )

    return made


def marks_check(
    family: str,
    severity: Severity,
    hint: str,
    language: str,
    *,
    options: tuple[Option, ...] = (),
    fixes: bool = True,
    marks: str = "",
) -> Callable[[Callable[[Pair], Iterator[Edit]]], Check]:
    """Make a check of a function that finds places in the text of targets in ``language``.

    What stands in the source with the same neighbours is left alone. One message tells of all
    places. With ``fixes`` the edits that say what to write are safe to apply.
    """

    beside = 3 if language == "en" else 1  # a mark of the Chinese source is no quotation yet

    def made(places: Callable[[Pair], Iterator[Edit]]) -> Check:
        def edits(pair: Pair) -> Iterator[Edit]:
            text = pair.unit.msgstr
            for edit in places(pair):
                place = text[max(edit.start - beside, 0) : edit.end + beside]
                if not (edit.quoted and pair.in_source(place)):
                    yield edit

        def run(pair: Pair) -> Iterator[Message]:
            yield from _found(pair.unit.msgstr, list(edits(pair)))

        return Check(
            _id_of(places),
            family,
            severity,
            inspect.cleandoc(places.__doc__ or ""),
            Message(hint),
            options,
            run=run,
            edits=edits if fixes else None,
            language=language,
            marks=frozenset(marks),
        )

    return made


def shown_before(view: str, place: int) -> int:
    """Return where the nearest character of a view that is no markup stands before a place."""
    place -= 1
    while place > 0 and view[place] == MARK:
        place -= 1
    return max(place, 0)


def _id_of(function: Callable[..., object]) -> str:
    return function.__name__.replace("_", "-")


def _found(text: str, edits: Sequence[Edit]) -> Iterator[Message]:
    if not edits:
        return
    quote = text[max(edits[0].start - 4, 0) : edits[0].end + 4]
    places = few([_around(text, edit) for edit in edits[:_SHOWN]], len(edits))
    yield Quoting(Message("the translation has {places}", places=places), quote)


def _around(text: str, edit: Edit) -> Message:
    """Quote a place with a little of what stands around it, and what should stand there."""
    left, right = text[max(edit.start - 4, 0) : edit.start], text[edit.end : edit.end + 4]
    wrong = show(left + text[edit.start : edit.end] + right, 40)
    if edit.new is None or edit.end - edit.start > 20:
        return Message('"{wrong}"', wrong=wrong)
    return Message('"{wrong}" for "{right}"', wrong=wrong, right=show(left + edit.new + right, 40))


_SHOWN = 3
"""So many of several things are named."""

_BRACES = lazy(r"\{\{|\}\}|\{\d+\}|[{}]")


def braces(text: str) -> list[str]:
    """Return what the braces of a msgid or msgstr make: doubled ones, placeholders, single ones."""
    return _BRACES.findall(text) if "{" in text or "}" in text else []


def numbers(text: str) -> list[str]:
    """Return the placeholders of a msgid or msgstr, wherever they stand in it."""
    return [brace for brace in braces(text) if len(brace) > 2]


def compare(
    source: Iterable[str], target: Iterable[str], noun: Message = NOTHING, *, lost: bool = True
) -> Iterator[Message]:
    """Say in one clause which texts the target lost and which it added; order does not matter.

    ``noun`` says what each of the texts is.
    """
    source, target = list(source), list(target)
    if source == target:
        return
    before, after = Counter(source), Counter(target)
    gone = list(before - after) if lost else []
    new = list(after - before)
    if gone or new:
        yield Quoting(difference(gone, new, noun), [*gone, *new][0])


def difference(lost: Sequence[str], added: Sequence[str], noun: Message = NOTHING) -> Message:
    """Say which texts, each a ``noun``, a translation lost and which it added."""
    before, after = (
        Message("{noun} {texts}", noun=noun, texts=texts) if noun else texts
        for texts in (few([show(t) for t in texts[:_SHOWN]], len(texts)) for texts in (lost, added))
    )
    if not added:
        return Message("the translation loses {lost}", lost=before)
    if not lost:
        return Message("the translation adds {added}", added=after)
    return Message("the translation loses {lost} and adds {added}", lost=before, added=after)


def few(texts: Sequence[str], count: int) -> str:
    """Return the first of ``count`` texts as an enumeration that tells how many more there are."""
    if count <= len(texts):
        return listed(texts)
    return Message("{texts} and {more} more", texts=listed(texts), more=count - len(texts))


def show(text: str, length: int = 60) -> str:
    """Return ``text`` on one line, cut to ``length``; what does not show is written as a code."""
    text = " ".join(text[: 4 * length].split())
    text = text if len(text) <= length else text[: length - 1] + "…"
    return text if text.isprintable() else "".join(map(_visible, text))


def _visible(character: str) -> str:
    return character if character.isprintable() else f"U+{ord(character):04X}"


_VISIBLE = lazy(r"\S")
_INVISIBLE = frozenset(("emphasis", "open", "close", "reference", "shortcut"))
_FORMATS = _INVISIBLE | {"wiki"}


def _plain(text: str, tokens: Sequence[Placeable]) -> str:
    """Return the prose; what only formats it leaves no gap, as a term may be half bold."""
    parts, position = [], 0
    for token in tokens:
        parts += [text[position : token.start], "" if token.kind in _INVISIBLE else " "]
        position = token.end
    return "".join([*parts, text[position:]])


def _view(text: str, tokens: Sequence[Placeable]) -> str:
    parts, position = [], 0
    for token in tokens:
        mark = MARK if token.kind in _FORMATS else OBJECT
        parts += [text[position : token.start], mark * (token.end - token.start)]
        position = token.end
    return "".join([*parts, text[position:]])


def _links(text: str, tokens: Sequence[Placeable]) -> Iterator[Link]:
    opened: list[Placeable] = []
    for token in tokens:
        if token.kind == "open":
            opened.append(token)
        elif token.kind in ("close", "reference", "shortcut"):
            start = opened.pop()
            name = token.text[2:-1]
            if token.kind == "shortcut":
                name = text[start.end : token.start]
            dest = text[slice(*token.dest)] if token.dest else f"[{normalize_label(name)}]"
            has_text = bool(_VISIBLE.search(text, start.end, token.start))
            yield Link(start.text == "![", dest, has_text, token.text)
