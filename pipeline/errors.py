"""What a user can do wrong, said in one line.

The library raises; only ``pipeline.cli`` prints and exits. Quality problems in posts and
translations are not errors: they are ``Finding`` values.
"""

from __future__ import annotations

import errno
from collections.abc import Iterable, Mapping
from pathlib import Path

from pipeline.wording import NOTHING, Message, _, as_message, told


class PipelineError(Exception):
    """A user's mistake or unusable input: ``path:line: what. next step``.

    ``what`` is a sentence without its final full stop, ``hint`` one that says what to do next.
    """

    def __init__(
        self,
        what: Message,
        *,
        path: Path | str | None = None,
        line: int | None = None,
        hint: Message = NOTHING,
    ) -> None:
        super().__init__(what)
        self.what = as_message(what)  # other packages' engines raise it with any text
        self.path = path
        self.line = line
        self.hint = as_message(hint)

    def __str__(self) -> str:
        sentence = self.what if self.what.endswith((".", "!", "?")) else self.what + "."
        return " ".join(part for part in (self._where(), sentence, self.hint) if part)

    def told(self) -> str:
        """Return the line in the language of the user."""
        sentence = told(self.what)
        if not sentence.endswith((".", "!", "?", "。", "！", "？")):
            sentence = _("{sentence}.").format(sentence=sentence)
        if self.hint:
            sentence = _("{sentence} {hint}").format(sentence=sentence, hint=told(self.hint))
        return f"{self._where()} {sentence}".lstrip()

    def _where(self) -> str:
        where = "" if self.path is None else f"{self.path}:"
        return where + (f"{self.line}:" if where and self.line is not None else "")


class EngineError(PipelineError):
    """A translation engine cannot work: not installed, no key, no network, or it gave up."""


class ChangedMeanwhileError(PipelineError):
    """A file was changed by somebody else between reading and writing; it has been left alone."""


_REASONS: Mapping[int | None, Message] = {
    errno.EACCES: Message("permission denied"),
    errno.EADDRINUSE: Message("address already in use"),
    errno.EDQUOT: Message("disk quota exceeded"),
    errno.EEXIST: Message("file exists"),
    errno.EIO: Message("input/output error"),
    errno.EISDIR: Message("is a directory"),
    errno.ELOOP: Message("too many levels of symbolic links"),
    errno.ENAMETOOLONG: Message("file name too long"),
    errno.ENOENT: Message("no such file or directory"),
    errno.ENOSPC: Message("no space left on device"),
    errno.ENOTDIR: Message("not a directory"),
    errno.EPERM: Message("operation not permitted"),
    errno.EROFS: Message("read-only file system"),
}


def reason(error: Exception) -> str:
    """Return what the system says about a failure: a message where Diglot knows it."""
    if not isinstance(error, OSError):
        return _lowered(str(error))
    return _REASONS.get(error.errno) or _lowered(error.strerror or str(error))


def _lowered(text: str) -> str:
    return text[:1].lower() + text[1:]


def did_you_mean(word: str, words: Iterable[str]) -> Message:
    """Return ``Did you mean "…"?`` with the first of the words nearest to ``word``, or nothing."""
    from difflib import SequenceMatcher  # only an error needs it

    matcher = SequenceMatcher(b=word.casefold())
    likeness = {}
    for known in words:
        matcher.set_seq1(known.casefold())
        likeness[known] = matcher.ratio()
    nearest = max(likeness, key=likeness.__getitem__, default="")
    if likeness.get(nearest, 0) < 0.6:
        return NOTHING
    return Message('Did you mean "{word}"?', word=nearest)
