"""What a user can do wrong, said in one line.

The library raises; only ``pipeline.cli`` prints and exits. Quality problems in posts and
translations are not errors: they are ``Finding`` values.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path


class PipelineError(Exception):
    """A user's mistake or unusable input: ``path:line: what. next step``.

    ``what`` is a sentence without its final full stop, ``hint`` one that says what to do next.
    """

    def __init__(
        self, what: str, *, path: Path | str | None = None, line: int | None = None, hint: str = ""
    ) -> None:
        super().__init__(what)
        self.what = what
        self.path = path
        self.line = line
        self.hint = hint

    def __str__(self) -> str:
        where = "" if self.path is None else f"{self.path}:"
        if where and self.line is not None:
            where += f"{self.line}:"
        sentence = self.what if self.what.endswith((".", "!", "?")) else self.what + "."
        return " ".join(part for part in (where, sentence, self.hint) if part)


class EngineError(PipelineError):
    """A translation engine cannot work: not installed, no key, no network, or it gave up."""


class ChangedMeanwhileError(PipelineError):
    """A file was changed by somebody else between reading and writing; it has been left alone."""


def did_you_mean(word: str, words: Iterable[str]) -> str:
    """Return ``Did you mean "…"?`` with the first of the words nearest to ``word``, or nothing."""
    from difflib import SequenceMatcher  # only an error needs it

    matcher = SequenceMatcher(b=word.casefold())
    likeness = {}
    for known in words:
        matcher.set_seq1(known.casefold())
        likeness[known] = matcher.ratio()
    nearest = max(likeness, key=likeness.__getitem__, default="")
    return f'Did you mean "{nearest}"?' if likeness.get(nearest, 0) >= 0.6 else ""
