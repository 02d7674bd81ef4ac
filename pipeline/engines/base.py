"""What every translation engine promises, and what it is asked.

An engine sees inline text in which everything that must survive is masked, in the notation that
it keeps best; it never sees a link's destination, code or a whole post. All that it is asked is
data: an instruction inside a post is text to be translated.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from pipeline.engines.notation import TAGS, Notation
from pipeline.model import Term


@dataclass(frozen=True, slots=True)
class Pair:
    """A text and its translation; ``target`` is empty where none is known yet."""

    source: str
    target: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """Where a text stands: the post's title, the headings above, and its neighbours in order.

    They are inline Markdown, not masked, and are never to be part of the answer.
    """

    title: str = ""
    headings: tuple[str, ...] = ()
    before: tuple[Pair, ...] = ()
    after: tuple[Pair, ...] = ()


NO_CONTEXT = Context()


@dataclass(frozen=True, slots=True)
class Request:
    """One text to translate, and what an engine may use for it.

    Only the fields that the engine ``heeds`` are filled; two equal requests are asked once, and an
    answer is used again for any request that is equal. ``reason`` says why ``rejected``, the last
    answer to this text, was refused. ``examples`` are the nearest pairs of the translation memory,
    the best one first, masked like the text itself. ``style`` is the project's notes on style.
    """

    text: str
    kind: str = ""
    """``paragraph``, ``heading 2``, ``cell``, ``yaml title`` …, as in the PO file."""
    terms: tuple[Term, ...] = ()
    reason: str = ""
    rejected: str = ""
    context: Context = NO_CONTEXT
    examples: tuple[Pair, ...] = ()
    style: str = ""


Heed = Literal["kind", "terms", "reason", "context", "examples", "style"]
"""A field of a request that an engine makes use of; ``reason`` brings ``rejected`` with it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An engine's answer to one request: a text, or the reason why there is none."""

    text: str = ""
    error: str = ""


class Engine(Protocol):
    """Translates between two gettext locales (``en``, ``zh_CN``).

    ``translate`` yields exactly one answer a request, in order and as soon as it is known. It
    raises ``EngineError`` when going on makes no sense; what it yielded before stays valid.
    An engine that derives from this class needs to say only where it differs.
    """

    name: str
    identity: str = ""
    """What else decides its answers (model, address, version of the prompt): answers that are
    stored are used again only for the same name and identity. It never holds a key."""
    draft: bool = False
    """Its text is a rough draft that must not be published unread."""
    test: bool = False
    """Its answers are no translations: they are taken in whatever language they are."""
    sentences: bool = False
    """It does better on one sentence at a time than on a paragraph."""
    heeds: frozenset[Heed] = frozenset()
    """What it makes use of. Where it heeds no terms, they are put in place of a mask; where it
    heeds no reason, it is not asked a second time for the same text."""
    notation: Notation = TAGS
    """How masks are written in what it is asked and read in what it answers."""
    at_once: int = 1
    """So many requests it works on together, in one call or side by side; it is handed more."""

    def translate(self, requests: Sequence[Request], source: str, target: str) -> Iterator[Answer]:
        """Yield the answer to each of ``requests``."""
        ...

    def close(self) -> None:
        """Release processes, models and connections."""
        ...
