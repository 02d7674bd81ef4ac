"""Reading and writing text files so that nothing is lost or half written."""

from __future__ import annotations

import errno
import os
import re
import secrets
import stat
from pathlib import Path

from pipeline.errors import PipelineError

_NEWLINE = re.compile(rb"\r\n|\r|\n")
_HINTS = {
    errno.ENOENT: "Check the name.",
    errno.EISDIR: "Name a file, or move the folder away.",
    errno.ENOTDIR: "A part of the path is a file: move it away or choose another folder.",
    errno.EACCES: "Check the permissions of the file and of its folder.",
    errno.EPERM: "Check the permissions of the file and of its folder.",
    errno.EROFS: "The disk is read-only: choose another folder.",
    errno.ENOSPC: "The disk is full: free some space and run again.",
    errno.EDQUOT: "The disk quota is used up: free some space and run again.",
}


def read_text(path: Path) -> str:
    """Return the file's text, byte for byte: a byte-order mark and all line ends are kept.

    Raises ``PipelineError`` for a file that cannot be read or is not UTF-8 (with the line of the
    first bad byte).
    """
    try:
        data = path.read_bytes()
    except (OSError, ValueError) as error:  # ValueError: a name with a NUL
        raise _failure("cannot read the file", path, error) from error
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise PipelineError(
            f"not UTF-8: byte 0x{data[error.start]:02x}",
            path=path,
            line=len(_NEWLINE.findall(data, 0, error.start)) + 1,
            hint="Save the file as UTF-8.",
        ) from error


def write_atomically(path: Path, data: bytes) -> bool:
    """Replace the file's content with ``data`` in one step; tell whether anything was written.

    A file that holds these very bytes is left alone. Folders are made as needed, a file's mode is
    kept, a symbolic link is written through. Whatever goes wrong, the old content stays. Raises
    ``PipelineError``.
    """
    try:
        target = path.resolve()
        mode = _writable_mode(target)
        if mode is not None and target.read_bytes() == data:
            return False
        target.parent.mkdir(parents=True, exist_ok=True)
        _replace(target, data, mode)
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: a loop of links
        raise _failure("cannot write the file", path, error) from error
    return True


def require_writable(path: Path) -> None:
    """Raise the ``PipelineError`` in which writing the file would end, as far as that shows."""
    try:
        target = path.resolve()
        if _writable_mode(target) is None:
            folder = next(parent for parent in target.parents if parent.exists())
        elif target.is_dir():
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
        else:
            folder = target.parent
        if not os.access(folder, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    except (OSError, ValueError, RuntimeError) as error:
        raise _failure("cannot write the file", path, error) from error


def holds(path: Path, data: bytes) -> bool:
    """Tell whether the file is there, can be read and holds exactly ``data``."""
    try:
        return path.read_bytes() == data
    except OSError:
        return False


def _writable_mode(target: Path) -> int | None:
    """Return the mode of an existing file, ``None`` where there is none yet."""
    try:
        found = target.stat().st_mode
    except FileNotFoundError:
        return None
    # Replacing needs only the folder's permission: ask for the file's own, as a plain write would.
    if not stat.S_ISDIR(found) and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    return stat.S_IMODE(found)


def _replace(target: Path, data: bytes, mode: int | None) -> None:
    temporary = target.parent / f".diglot-{secrets.token_hex(8)}"
    try:
        with temporary.open("xb") as file:
            if mode is not None:
                temporary.chmod(mode)
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    """Make a rename in ``folder`` last through a power cut, where the system can."""
    if not hasattr(os, "O_DIRECTORY"):
        return
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _failure(what: str, path: Path, error: Exception) -> PipelineError:
    number = error.errno if isinstance(error, OSError) else None
    reason = (error.strerror if isinstance(error, OSError) else None) or str(error)
    hint = _HINTS.get(number or 0, "Check the path and run again.")
    return PipelineError(f"{what}: {reason[:1].lower()}{reason[1:]}", path=path, hint=hint)
