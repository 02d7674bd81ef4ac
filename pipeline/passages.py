"""Passages: masked texts put to an engine in the parts it is best at, and put together again.

Whatever the engine does, a part comes back on one line and with each of its masks once, or not at
all: an answer that breaks this is asked for once more with the reason, where the engine reads one,
and then piece by piece between the masks, which then cannot be lost.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.asking import Asker
from pipeline.engines.base import NO_CONTEXT, Answer, Context, Heed, Pair, Request
from pipeline.engines.notation import MASK
from pipeline.glossary import Glossary
from pipeline.inline import join_lines
from pipeline.masking import Masked, split_masked
from pipeline.model import Profile, Term
from pipeline.patterns import lazy
from pipeline.restoring import restore
from pipeline.sentences import split
from pipeline.wording import Message

LOST = Message("markup was lost, repeated or put in an order that does not work")
LINES = Message("it has more than one line")
_FAULTS = (LOST, LINES)

_FENCE = lazy(r"(`{3,}|~{3,})[\w-]*\n(.*?)\n?\1", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Passage:
    """The masked text of a unit, and what an engine may use to translate it."""

    masked: Masked
    kind: str = ""
    context: Context = NO_CONTEXT
    examples: tuple[Pair, ...] = ()
    reason: str = ""
    """Why the last answer was refused."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What a passage became, or the error; ``requests`` is what was asked for it."""

    text: str
    error: str
    requests: tuple[Request, ...] = ()
    is_final: bool = False
    """There is no other way to ask that might end better."""


@dataclass(frozen=True, slots=True)
class Interpreter:
    """Puts passages to an engine and reads its answers."""

    asker: Asker
    glossary: Glossary
    profile: Profile
    style: str = ""

    def heeds(self, what: Heed) -> bool:
        """Tell whether the engine makes use of a field of a request."""
        return what in self.asker.engine.heeds

    def requests(self, passage: Passage) -> list[list[Request]]:
        """Return what is asked for a passage, by line and, for some engines, by sentence."""
        lines = passage.masked.text.split("\n")
        return [[self._request(text, passage) for text in self._sentences(line)] for line in lines]

    def whole(self, passages: Sequence[Passage]) -> list[Reply]:
        """Translate the passages as they stand."""
        plans = [self.requests(passage) for passage in passages]
        flat = [request for plan in plans for line in plan for request in line]
        answers = iter(self._sound(flat))
        replies = []
        for passage, plan in zip(passages, plans, strict=True):
            lines = [[next(answers) for _ in line] for line in plan]
            asked = tuple(request for line in plan for request in line)
            replies.append(self._assembled(passage, lines, asked))
        return replies

    def piecewise(self, passages: Sequence[Passage]) -> list[Reply]:
        """Translate only the prose between the placeables."""
        requests = [self._request(p.masked.text, p) for p in passages]
        found = zip(passages, requests, self._in_pieces(requests), strict=True)
        return [self._reply(passage, answer, (request,)) for passage, request, answer in found]

    def _request(self, text: str, passage: Passage) -> Request:
        request = Request(text)
        if self.heeds("kind"):
            request = replace(request, kind=passage.kind)
        if self.heeds("terms"):
            request = replace(request, terms=self._terms(text))
        if self.heeds("context"):
            request = replace(request, context=passage.context)
        if self.heeds("examples"):
            request = replace(request, examples=passage.examples)
        if self.heeds("style"):
            request = replace(request, style=self.style)
        return self._with_reason(request, passage.reason) if passage.reason else request

    def _with_reason(self, request: Request, reason: str) -> Request:
        (last,) = self.asker.ask([request])
        return replace(request, reason=reason, rejected=last.text)

    def _terms(self, text: str) -> tuple[Term, ...]:
        return tuple(dict.fromkeys(match.term for match in self.glossary.find(text)))

    def _sentences(self, line: str) -> list[str]:
        parts = split(line) if self.asker.engine.sentences else [line]
        return [part.strip() for part in parts if part.strip()]

    def _sound(self, requests: Sequence[Request]) -> list[Answer]:
        """Return answers that hold what they must on one line, by all means there are."""
        found = self._asked(requests)
        faulty = [index for index, answer in enumerate(found) if answer.error in _FAULTS]
        if faulty and self.heeds("reason"):
            again = [self._with_reason(requests[i], found[i].error) for i in faulty]
            for index, answer in zip(faulty, self._asked(again), strict=True):
                found[index] = answer
            faulty = [index for index in faulty if found[index].error in _FAULTS]
        split_up = [index for index in faulty if MASK.search(requests[index].text)]
        pieces = self._in_pieces([requests[index] for index in split_up])
        for index, answer in zip(split_up, pieces, strict=True):
            found[index] = answer
        return found

    def _asked(self, requests: Sequence[Request]) -> list[Answer]:
        answers = self.asker.ask(requests)
        return [_checked(r.text, answer) for r, answer in zip(requests, answers, strict=True)]

    def _in_pieces(self, requests: Sequence[Request]) -> list[Answer]:
        plans = [split_masked(request.text) for request in requests]
        wanted = [
            replace(
                request,
                text=part.strip(),
                terms=self._terms(part) if request.terms else (),
                reason="",
                rejected="",
            )
            for request, plan in zip(requests, plans, strict=True)
            for part in plan
            if _is_prose(part)
        ]
        answers = iter(self._asked(wanted))
        return [
            _joined([(part, next(answers) if _is_prose(part) else Answer(part)) for part in plan])
            for plan in plans
        ]

    def _assembled(
        self, passage: Passage, lines: Sequence[Sequence[Answer]], asked: tuple[Request, ...]
    ) -> Reply:
        error = next((answer.error for line in lines for answer in line if answer.error), "")
        texts = [self.join([answer.text for answer in line]) for line in lines]
        return self._reply(passage, Answer("\n".join(texts), error), asked)

    def _reply(self, passage: Passage, answer: Answer, asked: tuple[Request, ...]) -> Reply:
        if answer.error:
            return Reply("", answer.error, asked, is_final=True)
        restored = restore(passage.masked, answer.text, self.profile)
        return Reply("", LOST, asked) if restored is None else Reply(restored, "", asked)

    def join(self, sentences: Sequence[str]) -> str:
        """Join translated sentences: with a space, but not after a Chinese full stop."""
        text = ""
        for sentence in map(str.strip, sentences):
            chinese = self.asker.target.startswith("zh") and text[-1:] in "。！？；：…”’）"
            text += ("" if not text or chinese else join_lines(text, sentence)) + sentence
        return text


def _checked(asked: str, answer: Answer) -> Answer:
    """Return the answer without a fence around it, or with what makes it unusable."""
    if answer.error:
        return answer
    text = answer.text.strip()
    fenced = _FENCE.fullmatch(text)
    if fenced and not asked.startswith(fenced[1]):
        text = fenced[2].strip()
    if len(text.splitlines()) > 1:
        return Answer(error=LINES)
    if sorted(MASK.findall(text)) != sorted(MASK.findall(asked)):
        return Answer(error=LOST)
    return Answer(text)


def _is_prose(part: str) -> bool:
    return not MASK.fullmatch(part) and any(character.isalpha() for character in part)


def _joined(parts: Sequence[tuple[str, Answer]]) -> Answer:
    error = next((answer.error for _, answer in parts if answer.error), "")
    if error:
        return Answer(error=error)
    return Answer("".join(_in_place(part, answer.text) for part, answer in parts))


def _in_place(part: str, answer: str) -> str:
    """Return the answer with the spaces around it that the part had."""
    lead, trail = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    return lead + answer.strip() + trail
