"""What a language model answered: which of the segments, and what is wrong with the others.

Nothing is taken that is not certain. Chatter and code fences do no harm, since only objects of the
expected shape under a known id count; of a truncated answer those that are whole do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from pipeline.engines.base import Request
from pipeline.engines.network import Problem, RefusedError, UnavailableError
from pipeline.wording import NOTHING, Message

_THOUGHT = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_ITEM = re.compile(r'\{\s*"(?:id|start|text)"\s*:')
_LINE = re.compile(r"^[ \t]*\[\[(\d+)\]\][ \t]*(\S.*?)[ \t]*$", re.MULTILINE)
_USED_UP = re.compile(
    "insufficient_quota|exceeded your current quota|insufficient balance", re.IGNORECASE
)
_FILTERED = re.compile(
    "content_filter|content management policy|data_inspection_failed", re.IGNORECASE
)
_NO_MODEL = re.compile(r"model_not_found|\bmodel\b.{0,80}?\bnot (?:exist|found)", re.I | re.DOTALL)
_MOST_FAILURES = 50
"""Beginnings of objects that are none, after which an answer counts as garbage."""
_WORTH = 12
"""Letters by which a copied start is recognised."""
_MOST_TIMES, _AT_LEAST = 8, 400
"""An answer so many times longer than its text, and this long, is not its translation."""


class FilteredError(RefusedError):
    """The text is not to be translated in any manner."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A message of a model: its text, and whether the end of it is missing."""

    content: str
    truncated: bool = False


def read_body(body: object) -> Reply:
    """Return the reply in the JSON ``body`` of a chat completion.

    Raises:
        FilteredError: the model or a filter refuses.
        UnavailableError: it is none.
    """
    try:
        choice = body["choices"][0]  # type: ignore[index]
        message = choice["message"]
        content = _text(message.get("content"))
        finish, refusal = choice.get("finish_reason"), message.get("refusal")
    except (LookupError, TypeError, AttributeError):
        raise UnavailableError(Message("its answer is not what was expected"), retry=True) from None
    if finish == "content_filter":
        raise FilteredError(Message("a content filter refuses it"))
    if refusal:
        raise FilteredError(Message("the model refuses it"))
    return Reply(content, truncated=finish == "length")


def _text(content: object) -> str:
    """Return a message's text, which some servers send in parts."""
    if isinstance(content, list):
        return "".join(_text(part.get("text")) for part in content)
    return content if isinstance(content, str) else ""


def translations(
    reply: Reply, requests: Mapping[str, Request], *, lines: bool
) -> tuple[dict[str, str], dict[str, str]]:
    """Return by id the texts that can be taken, and for all others of ``requests`` the reason.

    A text is taken only if it is the one answer to its segment: with several segments, ``start``
    must show that it is not that of another.
    """
    content = _THOUGHT.sub("", reply.content)
    found: dict[str, list[Mapping[str, str]]] = {}
    for item in _lines(content) if lines else _items(content):
        if item["id"] in requests and item not in found.setdefault(item["id"], []):
            found[item["id"]].append(item)
    good: dict[str, str] = {}
    bad: dict[str, str] = {}
    for number, request in requests.items():
        items = found.get(number, [])
        reason = _fault(items, request, alone=len(requests) == 1)
        if reason:
            cut_off = reply.truncated and not items
            bad[number] = Message("its answer was cut off") if cut_off else reason
        else:
            good[number] = items[0]["text"]
    return good, bad


def _fault(items: list[Mapping[str, str]], request: Request, *, alone: bool) -> Message:
    if not items:
        return Message("it gave no readable answer")
    if len(items) > 1:
        return Message("it gave several answers")
    text = items[0]["text"]
    if not _letters(text) and _letters(request.text):  # such as the dots of its instructions
        return Message("it gave no translation")
    if len(text) > max(_AT_LEAST, _MOST_TIMES * len(request.text)):
        return Message("its answer is far too long")
    if not alone and not _starts(request.text, items[0].get("start", "")):
        return Message("its answer may belong to another text")
    return NOTHING


def _starts(text: str, start: str) -> bool:
    """Tell whether ``start`` was copied from ``text``; an answer without one cannot tell."""
    copied, original = _letters(start), _letters(text)
    return not copied or copied[:_WORTH] == original[: len(copied[:_WORTH])]


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())


def _lines(content: str) -> Iterator[Mapping[str, str]]:
    for match in _LINE.finditer(content):
        yield {"id": match[1], "text": match[2]}


def _items(content: str) -> Iterator[Mapping[str, str]]:
    """Yield the translations in ``content``, wherever it has a JSON object of their shape."""
    position, failures, decoder = 0, 0, json.JSONDecoder()
    while failures < _MOST_FAILURES and (match := _ITEM.search(content, position)):
        try:
            item, position = decoder.raw_decode(content, match.start())
        except (ValueError, RecursionError):
            position, failures = match.end(), failures + 1
            continue
        if _is_item(item):
            yield {**item, "id": str(item["id"])}


def _is_item(item: Mapping[str, Any]) -> bool:
    return isinstance(item.get("id"), str | int) and isinstance(item.get("text"), str)


def body_problem(status: int, said: str) -> Problem | None:
    """Return what an error's own words add to its status, if anything."""
    if _USED_UP.search(said):
        return UnavailableError(
            Message("its quota is used up ({status})", status=status), stop=True
        )
    if _FILTERED.search(said):
        return FilteredError(Message("a content filter refuses it ({status})", status=status))
    if _NO_MODEL.search(said):
        return UnavailableError(
            Message("it does not know the model ({status})", status=status), stop=True
        )
    return None
