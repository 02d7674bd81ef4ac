"""Asking a service for many texts: side by side, at a rate, with patience, answered in order.

An engine cuts its requests into jobs, each what one call carries, and says how a job is done; the
threads, the pace, the retries and when to give up are here.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, wait
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeVar

from pipeline.engines.base import Answer, Request
from pipeline.engines.keys import redacted
from pipeline.engines.network import Problem, RefusedError, UnavailableError
from pipeline.errors import EngineError, PipelineError
from pipeline.wording import Message, changed

if TYPE_CHECKING:
    import tenacity

R = TypeVar("R")
Job = Sequence[Request]
Slots = list[Answer | None]
Work = Callable[[Job, Slots], None]
"""Puts the answers to a job's requests into the slots, as far as it gets before it raises."""

_TRIES = 4
_PATIENCE = 180.0
"""Seconds after which a call is not tried again, whatever it is that goes wrong."""
_LONGEST_BACKOFF = 30.0
_IN_A_ROW = 5
"""Jobs in a row that fail after which it is the service's trouble and not the texts'."""
_MOST_THREADS = 32
_GLANCE = 0.2
"""Seconds between two looks at whether to go on, for systems where Ctrl-C wakes no waiter."""


def check_pace(name: str, timeout: float, interval: float = 0.0, threads: float = 1) -> None:
    """Raise ``PipelineError`` for options of the engine ``name`` that cannot be."""
    if timeout <= 0 or interval < 0 or not 1 <= threads <= _MOST_THREADS:
        raise PipelineError(
            Message(
                'The engine "{name}" needs a positive timeout, an interval that is not '
                "negative and 1 to {count} threads",
                name=name,
                count=_MOST_THREADS,
            ),
            hint=Message(
                "Correct them under [engines.{name}]; the first two are seconds.", name=name
            ),
        )


class Clock:
    """Time as it passes; tests have another one."""

    def now(self) -> float:
        """Return seconds on a clock that is never set back."""
        return time.monotonic()

    def wait(self, seconds: float, stop: threading.Event) -> None:
        """Wait, but no longer than until ``stop``."""
        stop.wait(seconds)


@dataclass(slots=True)
class _Stream:
    """A call of ``answers``: whether it has ended, and how many jobs failed one after the other."""

    ended: threading.Event = field(default_factory=threading.Event)
    failures: int = 0


class Dispatcher:
    """Does the jobs of one service, ``threads`` at a time, calls at least ``interval`` s apart."""

    def __init__(
        self, title: str, *, threads: int = 1, interval: float = 0.0, clock: Clock | None = None
    ) -> None:
        self._title = title
        self._threads = threads
        self._interval = interval
        self._clock = clock or Clock()
        self._turn = threading.Lock()
        self._next = float("-inf")
        self._own = threading.local()
        """Holds the stream that a thread works for: one that was left may still have some."""

    def answers(self, jobs: Sequence[Job], work: Work) -> Iterator[Answer]:
        """Yield the answer to each request of ``jobs``, in order and as soon as it is known.

        What has been answered when the service fails for good is still yielded; of what comes
        after the last of these nothing is said, since it was not really asked for.

        Raises:
            EngineError: it failed for good.
        """
        held: list[Answer] = []
        end: Problem | None = None
        for slots, problem in self._done(jobs, work):
            for answer in slots:
                held.append(answer or self._error(problem))
                if answer:
                    yield from held
                    held.clear()
            if isinstance(problem, UnavailableError) and problem.stop:
                end = end or problem
        if end:
            hint = Message("Try again later or choose another engine; finished work is kept.")
            raise EngineError(
                changed(
                    Message("{name}: {problem}", name=self._title, problem=end.message), redacted
                ),
                hint=hint,
            )
        yield from held

    def patiently(self, call: Callable[[], R]) -> R:
        """Return what ``call`` returns, called when its turn comes and again if that may help."""
        import tenacity

        start = self._clock.now()

        def is_enough(state: tenacity.RetryCallState) -> bool:
            spent = self._clock.now() - start + state.upcoming_sleep
            return state.attempt_number >= _TRIES or spent > _PATIENCE

        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(
                lambda error: isinstance(error, UnavailableError) and error.retry
            ),
            stop=is_enough,
            wait=_pause,
            sleep=self._wait,
            reraise=True,
        )
        result: R = retrying(self._in_turn, call)
        return result

    def _in_turn(self, call: Callable[[], R]) -> R:
        with self._turn:
            now = self._clock.now()
            turn = max(now, self._next)
            self._next = turn + self._interval
        self._wait(turn - now)
        try:
            return call()
        except UnavailableError as error:
            if error.pause:
                # It holds for all threads.
                with self._turn:
                    self._next = max(self._next, self._clock.now() + min(error.pause, _PATIENCE))
            raise

    def _wait(self, seconds: float) -> None:
        stream: _Stream = self._own.stream
        if seconds > 0:
            self._clock.wait(seconds, stream.ended)
        if stream.ended.is_set():
            raise UnavailableError(Message("it was given up"))

    def _attempt(self, job: Job, work: Work, stream: _Stream) -> tuple[Slots, Problem | None]:
        self._own.stream = stream
        slots: Slots = [None] * len(job)
        try:
            work(job, slots)
        except RefusedError as error:
            stream.failures = 0
            return [slot or self._error(error) for slot in slots], None
        except UnavailableError as error:
            self._judge(error, stream, nothing=not any(slots))
            return slots, error
        stream.failures = 0
        return slots, None

    def _judge(self, error: UnavailableError, stream: _Stream, *, nothing: bool) -> None:
        """Go no further after an error that ends it, or after one too many that end a job."""
        if stream.ended.is_set():  # and this may be only a consequence
            return
        with self._turn:
            stream.failures = stream.failures + 1 if nothing else 0
            error.stop = error.stop or stream.failures >= _IN_A_ROW
        if error.stop:
            stream.ended.set()

    def _error(self, problem: Problem | None) -> Answer:
        what = problem.message if problem else ""
        said = Message("{name}: {problem}", name=self._title, problem=what)
        return Answer(error=changed(said, redacted))

    def _done(self, jobs: Sequence[Job], work: Work) -> Iterator[tuple[Slots, Problem | None]]:
        """Yield what came of each job, in order, up to the first that was not begun."""
        stream = _Stream()
        futures: list[Future[tuple[Slots, Problem | None]]] = [Future() for _ in jobs]
        tasks = iter(list(zip(jobs, futures, strict=True)))
        lock = threading.Lock()

        def labour() -> None:
            while not stream.ended.is_set():
                with lock:
                    job, future = next(tasks, (None, None))
                if job is None or future is None or not future.set_running_or_notify_cancel():
                    return
                try:
                    future.set_result(self._attempt(job, work, stream))
                except BaseException as error:
                    future.set_exception(error)

        for _ in range(min(self._threads, len(jobs))):
            # Not an executor: the interpreter waits for its threads, also after Ctrl-C.
            threading.Thread(target=labour, daemon=True).start()
        try:
            for future in futures:
                while not future.done():
                    if stream.ended.is_set() and future.cancel():
                        return
                    wait([future], _GLANCE)
                yield future.result()
        finally:
            stream.ended.set()


def _pause(state: tenacity.RetryCallState) -> float:
    import tenacity

    error = state.outcome and state.outcome.exception()
    asked = error.pause if isinstance(error, UnavailableError) else 0.0
    backoff = tenacity.wait_exponential_jitter(initial=1, max=_LONGEST_BACKOFF)(state)
    return max(backoff, asked)
