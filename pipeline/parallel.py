"""Work on many posts, on all cores where that pays."""

from __future__ import annotations

import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import TypeVar

T = TypeVar("T")
R = TypeVar("R")

_PAYS = 600_000
"""Bytes of text from which on starting processes costs less than it saves."""
_PORTION = 16
"""So many items a process gets at once, or fewer, so that all end at about the same time."""
_CHUNKS = 8
_AHEAD = 3
"""So many portions each process may be ahead of what has been asked for: all that is in memory."""


def in_order(function: Callable[[T], R], items: Sequence[T], size: int) -> Iterator[R]:
    """Yield ``function(item)`` for each item, in order; an exception ends it.

    ``size`` is how much text there is in all, in bytes. Function, items and results must be
    picklable where it is worth more than one process.
    """
    workers = min(_cores(), len(items))
    # Forking a process that runs threads is not safe.
    if workers < 2 or size < _PAYS or threading.active_count() > 1:
        yield from map(function, items)
        return
    from concurrent.futures import ProcessPoolExecutor
    from multiprocessing import get_all_start_methods, get_context

    method = "fork" if "fork" in get_all_start_methods() and os.name == "posix" else "spawn"
    pool = ProcessPoolExecutor(workers, get_context(method), initializer=_settle)
    try:
        length = max(1, min(_PORTION, len(items) // (workers * _CHUNKS)))
        portions = (items[at : at + length] for at in range(0, len(items), length))
        started = (pool.submit(_each, function, portion) for portion in portions)
        waiting = deque(islice(started, workers * _AHEAD))
        while waiting:
            yield from waiting.popleft().result()
            waiting.extend(islice(started, 1))
    finally:
        pool.shutdown(cancel_futures=True)


def _each(function: Callable[[T], R], items: Sequence[T]) -> list[R]:
    return list(map(function, items))


def _cores() -> int:
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def _settle() -> None:
    """Leave Ctrl-C to the parent, and end with it however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    from multiprocessing import parent_process
    from multiprocessing.connection import wait

    parent = parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)
