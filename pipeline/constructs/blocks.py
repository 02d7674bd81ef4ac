"""The blocks of a post as a tree, for outputs that show a post rather than rebuild it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from markdown_it.token import Token

from pipeline.constructs import tokenize
from pipeline.constructs.state import Span
from pipeline.model import Document


@dataclass(frozen=True, slots=True)
class Block:
    """One block: a container with ``children``, a text with ``lines``, or what stays as it is.

    ``kind`` is the name of a container (``heading``, ``list_item``, ``td`` …), ``text``, or what
    kind of verbatim text ``content`` is (``fence``, ``math``, ``liquid``, ``html`` …); ``name`` is
    the tag or label, ``info`` what stands behind a fence or before a list item.
    """

    kind: str
    name: str = ""
    info: str = ""
    content: str = ""
    syntax: str = ""
    lines: tuple[Span, ...] = ()
    children: tuple[Block, ...] = ()

    @property
    def start(self) -> int:
        """Where a text starts in the post, as ``Segment.start`` does; -1 for other blocks."""
        return self.lines[0][0] if self.lines else -1


def block_tree(document: Document) -> tuple[Block, ...]:
    """Return the blocks of the post's body; code is whole, its comments are part of it."""
    profile = replace(document.profile, code_comments=False)
    tokens, _ = tokenize(document.text, document.head, profile)
    return tuple(_children(iter(tokens)))


def _children(tokens: Iterator[Token]) -> Iterator[Block]:
    """Yield the blocks up to the end of the container."""
    for token in tokens:
        if token.nesting < 0:
            return
        yield _container(token, tokens) if token.nesting else _leaf(token)


def _container(token: Token, tokens: Iterator[Token]) -> Block:
    return Block(
        token.type.removesuffix("_open"),
        name=token.tag,
        info=f"{token.info}{token.markup}",
        children=tuple(_children(tokens)),
    )


def _leaf(token: Token) -> Block:
    if token.type == "text":
        lines = tuple(token.meta["lines"])
        return Block("text", name=token.tag, syntax=token.meta["syntax"], lines=lines)
    kind = token.tag if token.type == "verbatim" else token.type
    return Block(kind, name=token.tag, info=token.info, content=token.content)
