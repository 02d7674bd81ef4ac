"""Reading and writing text files so that nothing is lost or half written."""

from __future__ import annotations

import errno
import hashlib
import os
import re
import secrets
import stat
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from io import BufferedWriter
from itertools import islice
from pathlib import Path

from pipeline.errors import ChangedMeanwhileError, PipelineError, reason
from pipeline.locks import locked
from pipeline.wording import Message

_IN_MEMORY = 2**20
"""So many bytes a spool keeps before it uses the disk."""
_GROUP = 64
"""So many files are written before the first of them takes its place."""
_NEWLINE = re.compile(rb"\r\n|\r|\n")
_TEMPORARY = ".diglot-"
_swept: set[Path] = set()
"""Folders in which this process has looked for leftovers: once, as that grows with their files."""
_LEFTOVER = re.compile(r"\.diglot-[0-9a-f]{16}")
_HINTS = {
    errno.ENOENT: Message("Check the name."),
    errno.EISDIR: Message("Name a file, or move the folder away."),
    errno.ENOTDIR: Message("A part of the path is a file: move it away or choose another folder."),
    errno.EACCES: Message("Check the permissions of the file and of its folder."),
    errno.EPERM: Message("Check the permissions of the file and of its folder."),
    errno.EROFS: Message("The disk is read-only: choose another folder."),
    errno.ENOSPC: Message("The disk is full: free some space and run again."),
    errno.EDQUOT: Message("The disk quota is used up: free some space and run again."),
}


def read_text(path: Path) -> str:
    """Return the file's text, byte for byte: a byte-order mark and all line ends are kept.

    Raises ``PipelineError`` for a file that cannot be read or is not UTF-8 (with the line of the
    first bad byte).
    """
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        raise _failure(Message("cannot read the file"), path, error) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PipelineError(
            Message("not UTF-8: byte 0x{byte:02x}", byte=data[error.start]),
            path=path,
            line=len(_NEWLINE.findall(data, 0, error.start)) + 1,
            hint=Message("Save the file as UTF-8."),
        ) from error


def digest(data: bytes) -> str:
    """Return a short text that stands for ``data``; two that differ never share one."""
    return hashlib.blake2b(data, digest_size=16).hexdigest()


def digest_of(path: Path) -> str:
    """Return the digest of the file's content; nothing for a file that is not there."""
    try:
        return digest(path.read_bytes())
    except OSError:
        return ""


@dataclass(frozen=True, slots=True)
class Change:
    """A file that was written or, in a dry run, would have been; ``what`` says what is in it."""

    path: Path
    written: bool
    what: str = ""


@dataclass(frozen=True, slots=True)
class Replacement:
    """What a file is to hold; ``made_from`` is the digest of what it held when that was decided.

    With ``made_from=None`` it does not matter what is replaced.
    """

    path: Path
    data: bytes
    made_from: str | None = None


Held = tuple[int, int]
"""Where a spool keeps bytes: start and length."""


class Spool:
    """Replacements that wait until all of them are known, on disk rather than in memory."""

    def __init__(self) -> None:
        self._places: list[tuple[Path, Held, str | None]] = []
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *problem: object) -> None:
        self._file.close()

    def add(self, replacement: Replacement) -> None:
        """Keep a replacement for later; raise ``PipelineError`` if it cannot be carried out."""
        require_writable(replacement.path)
        place = self.hold(replacement.data)
        self._places.append((replacement.path, place, replacement.made_from))

    def hold(self, data: bytes) -> Held:
        """Keep bytes of which it is not known yet what becomes of them."""
        try:
            start = self._file.seek(0, os.SEEK_END)
            self._file.write(data)
        except OSError as error:
            raise _failure(
                Message("cannot write the file"), Path(tempfile.gettempdir()), error
            ) from error
        return start, len(data)

    def held(self, place: Held) -> bytes:
        """Return the bytes that ``hold`` has put there."""
        start, size = place
        self._file.seek(start)
        return self._file.read(size)

    def commit(self, *, durable: bool) -> None:
        """Carry out all replacements, see ``replace_all``."""
        replace_all(
            (Replacement(path, self.held(place), seen) for path, place, seen in self._places),
            durable=durable,
        )


def replace_all(replacements: Iterable[Replacement], *, durable: bool) -> None:
    """Replace the content of files, each in one step; folders are made as needed.

    A file's mode and owner are kept, a symbolic link is written through. ``durable`` content is on
    the disk before it takes its place, so that a power cut leaves the old or the new one; that
    costs most of the time, and less a file when there are many. Whatever goes wrong, a file has its
    old content or its new one. Processes that replace files in one folder wait for each other; what
    one of them left there when it was killed is removed.

    Raises:
        ChangedMeanwhileError: a file does not hold any more what its replacement was made from.
        PipelineError: a file cannot be written.
    """
    waiting = iter(replacements)
    while group := list(islice(waiting, _GROUP)):
        _replace_group(group, durable)


def move(old: Path, new: Path) -> None:
    """Give a file another place; raise ``PipelineError`` if that is taken or cannot be."""
    with _failing_as(new):
        new.parent.mkdir(parents=True, exist_ok=True)
        with locked(new.parent):
            if new.exists():
                raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST))
            old.rename(new)


def write_atomically(path: Path, data: bytes) -> bool:
    """Replace the file's content with ``data`` as ``replace_all`` does, unless it has it already.

    Tell whether anything was written.
    """
    if holds(path, data):
        return False
    replace_all([Replacement(path, data)], durable=True)
    return True


def require_writable(path: Path) -> None:
    """Raise the ``PipelineError`` in which writing the file would end, as far as that shows."""
    with _failing_as(path):
        target = path.resolve() if path.is_symlink() else path
        if _present(target) is None:
            folder = next(parent for parent in target.parents if parent.exists())
        elif target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        else:
            folder = target.parent
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def holds(path: Path, data: bytes) -> bool:
    """Tell whether the file is there, can be read and holds exactly ``data``."""
    try:
        return path.read_bytes() == data
    except OSError:
        return False


def remove_leftovers(root: Path) -> None:
    """Remove what a killed process left in ``root`` and below; raise ``PipelineError`` if it stays.

    Links are not followed: what lies behind one goes with the next file that is written there.
    """
    for place, _, names in os.walk(root):
        if any(map(_LEFTOVER.fullmatch, names)):
            folder = Path(place)
            with _failing_as(folder), locked(folder) as held:
                _sweep(folder, held)


def _sweep(folder: Path, held: bool) -> None:
    """Remove temporary files: whoever writes one holds the folder, so these are nobody's."""
    for entry in os.scandir(folder) if held else ():
        if _LEFTOVER.fullmatch(entry.name):
            Path(entry.path).unlink(missing_ok=True)


def _present(target: Path) -> os.stat_result | None:
    """Return what is known of a file that may be written, ``None`` where there is none yet."""
    try:
        found = target.stat()
    except FileNotFoundError:
        return None
    # Replacing needs only the folder's permission: ask for the file's own, as a plain write would.
    if not stat.S_ISDIR(found.st_mode) and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return found


def _replace_group(group: Sequence[Replacement], durable: bool) -> None:
    """Write all of the group beside their targets, then put each in its place."""
    with ExitStack() as cleanup:
        targets = [_target(replacement.path) for replacement in group]
        for folder in sorted({target.parent for target in targets}):  # in order: no deadlock
            with _failing_as(folder):
                held = cleanup.enter_context(locked(folder))
                if folder not in _swept:
                    _sweep(folder, held)
                    _swept.add(folder)
        written = []
        for replacement, target in zip(group, targets, strict=True):
            with _failing_as(replacement.path):
                file = cleanup.enter_context(_written_beside(target, replacement.data))
                written.append((replacement, file, target))
        for replacement, file, _ in written if durable else ():
            with _failing_as(replacement.path):
                os.fsync(file.fileno())
        for replacement, file, target in written:
            with _failing_as(replacement.path):
                _require_unchanged(replacement, target)
                Path(file.name).replace(target)
        for folder in {target.parent for target in targets} if durable else ():
            with _failing_as(folder):
                _sync_folder(folder)


def _target(path: Path) -> Path:
    """Return the file itself, whatever links lead to it; its folder is there afterwards."""
    with _failing_as(path):
        target = path.resolve()
        _present(target)
        target.parent.mkdir(parents=True, exist_ok=True)
        return target


@contextmanager
def _written_beside(target: Path, data: bytes) -> Iterator[BufferedWriter]:
    """Write ``data`` into a new file that can take the place of ``target``, or is removed."""
    temporary = target.parent / f"{_TEMPORARY}{secrets.token_hex(8)}"
    try:
        with temporary.open("xb") as file:
            if present := _present(target):
                _make_like(temporary, present)
            file.write(data)
            file.flush()
            yield file
    finally:
        temporary.unlink(missing_ok=True)


def _make_like(path: Path, present: os.stat_result) -> None:
    """Give a new file the owner, as far as that is allowed, and the mode of the present one."""
    made = path.stat()
    if (made.st_uid, made.st_gid) != (present.st_uid, present.st_gid):
        with suppress(PermissionError):  # only root gives files away
            os.chown(path, present.st_uid, present.st_gid)
    path.chmod(stat.S_IMODE(present.st_mode))


def _require_unchanged(replacement: Replacement, target: Path) -> None:
    if replacement.made_from is not None and digest_of(target) != replacement.made_from:
        raise ChangedMeanwhileError(
            Message("the file was changed by somebody else meanwhile"),
            path=replacement.path,
            hint=Message("Nothing in it is lost: run the command again."),
        )


@contextmanager
def _failing_as(path: Path) -> Iterator[None]:
    """Raise what the system says about writing ``path`` as ``PipelineError``."""
    try:
        yield
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a loop of links
        raise _failure(Message("cannot write the file"), path, error) from error


def _sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` last through a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _failure(what: Message, path: Path, error: Exception) -> PipelineError:
    number = error.errno if isinstance(error, OSError) else None
    hint = _HINTS.get(number or 0, Message("Check the path and run again."))
    return PipelineError(
        Message("{what}: {reason}", what=what, reason=reason(error)),
        path=path,
        hint=hint,
    )
