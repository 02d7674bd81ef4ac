"""What every translation engine promises, and what it is asked.

An engine sees inline text in which everything that must survive is masked as ``<x1/>``,
``<x2/>`` …; it never sees Markdown, a link or a whole post.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from pipeline.model import Term


@dataclass(frozen=True, slots=True)
class Request:
    """One text to translate and the glossary terms that occur in it."""

    text: str
    kind: str = "paragraph"
    terms: tuple[Term, ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """An engine's answer to one request: a text, or the reason why there is none."""

    text: str = ""
    error: str = ""


class Engine(Protocol):
    """Translates between two gettext locales (``en``, ``zh_CN``).

    ``translate`` yields exactly one answer a request, in order and as soon as it is known. It
    raises ``EngineError`` when going on makes no sense; what it yielded before stays valid.
    """

    name: str
    draft: bool
    """Its text is a rough draft that must not be published unread."""
    sentences: bool
    """It does better on one sentence at a time than on a paragraph."""
    takes_terms: bool
    """It heeds the terms of a request; for any other engine they are put in place of a mask."""
    test: bool
    """Its answers are no translations: they are taken in whatever language they are."""

    def translate(self, requests: Sequence[Request], source: str, target: str) -> Iterator[Answer]:
        """Yield the answer to each of ``requests``."""
        ...

    def close(self) -> None:
        """Release processes, models and connections."""
        ...
