"""An engine that is any program: JSON lines in, JSON lines out, started once.

It reads one object a line, ``{"id": 1, "text": "…", "source": "en", "target": "zh_CN", "terms":
[{"source": "…", "target": "…"}], "context": {"title": "…", "headings": […], "before": […], "after":
[…]}, "kind": "paragraph"}``, and writes one for each, in any order: ``{"id": 1, "text": "…"}`` or
``{"id": 1, "error": "…"}``. ``<x1/>`` in a text stands for something that must come back as it is.
It ends when its input does.
"""

from __future__ import annotations

import contextlib
import json
import queue
import subprocess
import threading
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any

from pipeline.engines.base import Answer, Engine, Heed, Pair, Request
from pipeline.engines.dispatch import check_pace
from pipeline.engines.keys import redacted
from pipeline.errors import EngineError, PipelineError, reason
from pipeline.wording import Message, changed

_ENDED = Message("ended unexpectedly")
_AHEAD = 8
"""So many requests a program is given before it has answered the first."""
_LONGEST_NOTE, _MOST_NOTES = 500, 20
_PATIENCE = 5.0
"""Seconds that a program has to end by itself."""


class CommandEngine(Engine):
    """Asks the program that ``command`` starts, a list of arguments that no shell sees.

    It has ``timeout`` seconds for each answer.
    """

    name = "command"
    heeds: frozenset[Heed] = frozenset(("kind", "terms", "context"))
    at_once = _AHEAD

    def __init__(self, command: Sequence[str] = (), timeout: float = 60.0) -> None:
        check_pace(self.name, timeout)
        if not command:
            raise PipelineError(
                Message('The engine "command" needs a program'),
                hint=Message('Set command = ["program", "argument"] under [engines.command].'),
            )
        self.identity = json.dumps(list(command), ensure_ascii=False)
        self._command = tuple(command)
        self._timeout = timeout
        self._program: _Program | None = None
        self._last = 0

    def translate(self, requests: Sequence[Request], source: str, target: str) -> Iterator[Answer]:
        """Yield the answer to each of ``requests``.

        Raises:
            EngineError: the program cannot be started, ends, is silent for too long, or writes
                something else than answers.
        """
        program = self._program = self._program or _Program(self._command)
        first, self._last = self._last + 1, self._last + len(requests)
        answers: dict[int, Answer] = {}
        sent = 0
        for number in range(len(requests)):
            while sent < min(number + _AHEAD, len(requests)):
                program.send(_message(first + sent, requests[sent], source, target))
                sent += 1
            deadline = time.monotonic() + self._timeout
            while first + number not in answers:
                reply = program.receive(deadline - time.monotonic(), self._timeout)
                identity = reply.get("id")
                # An answer that comes late belongs to a stream that was given up.
                if isinstance(identity, int) and identity >= first:
                    answers.setdefault(identity, _answer(reply))
            yield answers.pop(first + number)

    def close(self) -> None:
        """End the program."""
        if self._program is not None:
            self._program.close()
            self._program = None


def _message(identity: int, request: Request, source: str, target: str) -> Mapping[str, object]:
    context = request.context
    return {
        "id": identity,
        "text": request.text,
        "source": source,
        "target": target,
        "kind": request.kind,
        "terms": [{"source": term.source, "target": term.target} for term in request.terms],
        "context": {
            "title": context.title,
            "headings": list(context.headings),
            "before": [_pair(pair) for pair in context.before],
            "after": [_pair(pair) for pair in context.after],
        },
    }


def _pair(pair: Pair) -> Mapping[str, str]:
    return {"source": pair.source, "target": pair.target}


def _answer(reply: Mapping[str, Any]) -> Answer:
    text, error = reply.get("text"), reply.get("error")
    if isinstance(error, str) and error:
        return Answer(error=redacted(error[:_LONGEST_NOTE]))
    if isinstance(text, str) and text.strip():
        return Answer(text)
    return Answer(error=Message("the program gave no translation"))


class _Program:
    """A running program; threads read what it writes, since a pipe has no time limit."""

    def __init__(self, command: Sequence[str]) -> None:
        self._name = command[0]
        self._notes: deque[str] = deque(maxlen=_MOST_NOTES)
        try:
            self._child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise EngineError(
                Message(
                    'The program "{name}" cannot be started: {reason}',
                    name=self._name,
                    reason=reason(error),
                ),
                hint=Message('Correct "command" under [engines.command].'),
            ) from error
        self._lines: queue.Queue[str] = queue.Queue()
        self._unsent: queue.Queue[str | None] = queue.Queue()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()
        for work in (self._read, self._write):
            threading.Thread(target=work, daemon=True).start()

    def send(self, message: Mapping[str, object]) -> None:
        self._unsent.put(json.dumps(message, ensure_ascii=False) + "\n")

    def receive(self, seconds: float, limit: float) -> Mapping[str, Any]:
        """Return the next object that the program writes within ``seconds``."""
        try:
            line = self._lines.get(timeout=max(0.0, seconds))
        except queue.Empty:
            raise self._failed(
                Message("did not answer for {seconds:g} seconds", seconds=limit)
            ) from None
        if not line:
            raise self._failed(_ENDED)
        try:
            reply = json.loads(line)
        except ValueError:
            raise self._failed(Message("wrote a line that is not JSON")) from None
        if not isinstance(reply, dict):
            raise self._failed(Message("wrote a line that is no JSON object"))
        return reply

    def close(self) -> None:
        """Let the program end, and kill it if it does not."""
        self._unsent.put(None)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(_PATIENCE)
        self._kill()

    def _kill(self) -> None:
        if self._child.poll() is None:
            self._child.kill()
        self._child.wait()

    def _failed(self, what: Message) -> EngineError:
        """End the program and return the error, with the exit code and the end of its stderr."""
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._child.wait(_PATIENCE if what is _ENDED else 0)
        code = self._child.poll()
        self._kill()
        self._listener.join(_PATIENCE)
        said = " ".join(" ".join(self._notes).split())[-_LONGEST_NOTE:]
        if code is not None:
            what = Message("{what} (exit code {code})", what=what, code=code)
        return EngineError(
            changed(Message('The program "{name}" {what}', name=self._name, what=what), redacted),
            hint=Message("It said: {text}", text=redacted(said))
            if said
            else Message("It said nothing on stderr."),
        )

    def _read(self) -> None:
        output: IO[str] = self._child.stdout  # type: ignore[assignment]
        with contextlib.suppress(OSError, ValueError):
            for line in output:
                if line.strip():
                    self._lines.put(line)
        self._lines.put("")

    def _listen(self) -> None:
        notes: IO[str] = self._child.stderr  # type: ignore[assignment]
        with contextlib.suppress(OSError, ValueError):
            for line in notes:
                self._notes.append(line[-_LONGEST_NOTE:])

    def _write(self) -> None:
        # In a thread of its own: a program that reads and writes in its own time must not block us.
        inlet: IO[str] = self._child.stdin  # type: ignore[assignment]
        with contextlib.suppress(OSError, ValueError), inlet:
            while (line := self._unsent.get()) is not None:
                inlet.write(line)
                inlet.flush()
