"""Asking an engine: requests in, answers out, each one paid for once.

Every answer is stored as it arrives. An engine that gives up, fails in its own way or is
interrupted ends the asking, never the run: what it answered stands, ``Asker.stopped`` says why
there is no more. Whatever foreign code says is made our own message here, without any key in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import astuple, dataclass, field, replace

from pipeline.answers import Answers
from pipeline.engines.base import Answer, Engine, Pair, Request
from pipeline.engines.keys import redacted, redactor
from pipeline.errors import EngineError, PipelineError
from pipeline.files import digest
from pipeline.wording import Message, as_message, changed

NOT_ASKED = "the engine was not asked"
"""The error of an answer that is missing because nobody asked for it: try again later."""


@dataclass(slots=True)
class Allowance:
    """How much may still be asked for: units, and characters of their texts; None: no limit."""

    units: int | None = None
    characters: int | None = None
    is_spent: bool = False
    """Something had to be left unasked."""

    def take_units(self, count: int) -> int:
        """Return how many of ``count`` units may be asked for, and count them."""
        if self.units is None:
            return count
        granted = min(count, self.units)
        self.units -= granted
        self.is_spent |= granted < count
        return granted

    def take(self, requests: Sequence[Request]) -> Sequence[Request]:
        """Return as many of the requests as are within the limit, and count their characters."""
        if self.characters is None:
            return requests
        for index, request in enumerate(requests):
            if len(request.text) > self.characters:
                self.is_spent, self.characters = True, 0
                return requests[:index]
            self.characters -= len(request.text)
        return requests


@dataclass(slots=True)
class Asker:
    """An engine, its two languages, the store of its answers and what may be spent."""

    engine: Engine
    source: str
    target: str
    answers: Answers
    allowance: Allowance = field(default_factory=Allowance)
    stopped: PipelineError | KeyboardInterrupt | None = None
    """Why no more is asked of the engine, once that is so."""
    _known: dict[Request, Answer] = field(default_factory=dict)

    def ask(self, requests: Sequence[Request]) -> list[Answer]:
        """Return the answer to each request; what is known already is not asked for."""
        wanted = [] if self.stopped else self.allowance.take(self.unknown(requests))
        if wanted:
            self._call(wanted)
        return [self._known.get(request, Answer(error=NOT_ASKED)) for request in requests]

    def unknown(self, requests: Iterable[Request]) -> list[Request]:
        """Return the distinct requests that no stored answer serves."""
        return [request for request in dict.fromkeys(requests) if not self._recall(request)]

    def refuse(self, requests: Collection[Request], reason: str) -> None:
        """Remember that nothing good came of the answers to these requests."""
        self.answers.refuse([self._key(request) for request in requests], reason)

    def _recall(self, request: Request) -> bool:
        if request not in self._known and not self.engine.test:
            stored = self.answers.get(self._key(request))
            if stored:
                self._known[request] = stored
        return request in self._known

    def _call(self, requests: Sequence[Request]) -> None:
        shown = [self._written(request) for request in requests]
        name, served, hide = self.engine.name, 0, None
        try:
            stream = self.engine.translate(shown, self.source, self.target)
            for answer, request in zip(stream, requests, strict=False):
                hide = hide or redactor()  # by now the engine has taken the keys that it needs
                self._keep(request, answer, hide)
                served += 1
            if served < len(requests):
                self.stopped = EngineError(
                    Message('The engine "{name}" left texts unanswered', name=name)
                )
        except PipelineError as error:
            error.what = changed(error.what, redacted)
            error.hint = changed(error.hint, redacted)
            self.stopped = error
        except KeyboardInterrupt as error:
            self.stopped = error
        except Exception as error:  # an engine may be anybody's code
            what = Message(
                'The engine "{name}" failed: {kind}: {error}',
                name=name,
                kind=type(error).__name__,
                error=redacted(str(error)),
            )
            self.stopped = EngineError(what)
            self.stopped.__cause__ = error

    def _keep(self, request: Request, answer: Answer, hide: Callable[[str], str]) -> None:
        if answer.error:
            said = changed(as_message(answer.error), lambda text: " ".join(hide(text).split()))
            self._known[request] = Answer(error=said)
            return
        text = hide(self.engine.notation.read(answer.text))
        if not self.engine.test:
            self.answers.put(self._key(request), text)
        self._known[request] = Answer(text)

    def _written(self, request: Request) -> Request:
        """Return the request with its masks in the engine's notation."""
        write = self.engine.notation.write
        return replace(
            request,
            text=write(request.text),
            rejected=write(request.rejected),
            examples=tuple(Pair(write(p.source), write(p.target)) for p in request.examples),
        )

    def _key(self, request: Request) -> str:
        engine = self.engine.name, self.engine.identity, self.source, self.target
        text = json.dumps([*engine, astuple(request)], separators=(",", ":"))
        return digest(text.encode())
