"""Cutting a text into parts that a service takes in one call."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pipeline.engines.network import RefusedError
from pipeline.wording import Message

_CUTS = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        r".*?(?:[。！？!?]+[”’」』）)]*\s*|\.\s+|$)",
        r".*?(?:[，；：、]+|[,;:]\s+|$)",
        r".*?(?:\s+|$)",
    )
)
"""After a sentence, a clause, a word: each finds one piece, and all of them are the text."""


def parts(text: str, cost: Callable[[str], int], limit: int) -> list[str]:
    """Cut ``text`` where it hurts least; the parts cost at most ``limit`` and joined are the text.

    ``cost`` of two texts together must be the sum of theirs.

    Raises:
        RefusedError: something between two spaces costs more than that.
    """
    return list(_packed(_pieces(text, cost, limit, 0), cost, limit))


def _pieces(text: str, cost: Callable[[str], int], limit: int, level: int) -> Iterator[str]:
    if cost(text) <= limit:
        yield text
    elif level == len(_CUTS):
        raise RefusedError(Message("the text is too long for it"))
    else:
        pieces = [piece for piece in _CUTS[level].findall(text) if piece]
        deeper = (_pieces(piece, cost, limit, level + 1) for piece in pieces)
        for group in deeper:
            # What had to be cut further is packed by itself, so that sentences stay together.
            yield from _packed(group, cost, limit)


def _packed(pieces: Iterator[str], cost: Callable[[str], int], limit: int) -> Iterator[str]:
    held, spent = "", 0
    for piece in pieces:
        price = cost(piece)
        if held and spent + price > limit:
            yield held
            held, spent = "", 0
        held, spent = held + piece, spent + price
    if held:
        yield held
