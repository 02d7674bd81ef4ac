"""Downloading one large file: resumed where it was cut, taken only if it is the right one.

What has arrived lies beside the target as ``NAME.part``, with the server's mark of that version in
``NAME.part.etag``, so that a later run goes on from there.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from pipeline.engines.models.registry import ModelFile, allowed
from pipeline.errors import EngineError, PipelineError, reason
from pipeline.wording import NOTHING, Message

if TYPE_CHECKING:
    import requests

_BLOCK = 1 << 16
_TIMEOUT = (10.0, 60.0)
"""Seconds to wait for a connection, and for the next bytes on it."""
_REDIRECTS = 5
_CUTS = 3
"""Connections in a row that may bring nothing new before the download is given up."""

OnBytes = Callable[[int], None]


def fetch(file: ModelFile, folder: Path, on_bytes: OnBytes = lambda count: None) -> None:
    """Put ``file`` into ``folder`` unless it is there already, and prove that it is the right one.

    ``on_bytes`` is told how many bytes more there are, less where some have to be thrown away.

    Raises:
        PipelineError: it cannot be written, or is not what it should be. What arrived stays for
            the next run only if it may still become the right file.
        EngineError: the server cannot be reached or does not have it.
    """
    target = folder / file.name
    part = target.with_name(f"{target.name}.part")
    with _writing(target):
        if matches(target, file):
            on_bytes(file.size)
            return
        folder.mkdir(parents=True, exist_ok=True)
        if _size(part) >= file.size and not matches(part, file):
            forget(part)
        have = _size(part)
        on_bytes(have)
        free = shutil.disk_usage(folder).free
        if free < file.size - have:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        _complete(file, part, on_bytes)
        if not matches(part, file):
            forget(part)
            raise PipelineError(
                Message("the download is not the file that it should be (wrong checksum)"),
                path=file.url,
                hint=Message(
                    "Run the command again; if it stays so, the list of models is out of date."
                ),
            )
        part.replace(target)
        forget(part)


def matches(path: Path, file: ModelFile) -> bool:
    """Tell whether ``path`` holds exactly ``file``."""
    if _size(path) != file.size:
        return False
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256


def forget(part: Path) -> None:
    """Remove an unfinished download."""
    part.unlink(missing_ok=True)
    _mark(part).unlink(missing_ok=True)


def _complete(file: ModelFile, part: Path, on_bytes: OnBytes) -> None:
    """Go on until all bytes are there, over as many connections as that takes."""
    import requests

    cuts, most = 0, _size(part)
    with requests.Session() as session:
        while _size(part) < file.size:
            try:
                _receive(session, file, part, on_bytes)
            except requests.RequestException as error:
                why = type(error).__name__
            else:
                why = "the connection ended early"
            got = _size(part)
            # A download that starts anew has to get further than before, or it might never end.
            cuts = 0 if got > most else cuts + 1
            most = max(most, got)
            if cuts == _CUTS:
                raise EngineError(
                    Message(
                        "{got:,} of {size:,} bytes arrived, then the download was cut off: {why}",
                        got=got,
                        size=file.size,
                        why=why,
                    ),
                    path=file.url,
                    hint=Message("Run the command again: it goes on where it stopped."),
                )


def _receive(session: requests.Session, file: ModelFile, part: Path, on_bytes: OnBytes) -> None:
    """Ask once for what is missing, and append what comes."""
    have = _size(part)
    headers = {"Accept-Encoding": "identity"}
    mark = _mark(part).read_text("ascii") if have and _mark(part).exists() else ""
    if have:
        headers |= {"Range": f"bytes={have}-"} | ({"If-Range": mark} if mark else {})
    with _opened(session, file.url, headers) as response:
        if response.status_code == 416 or not _continues(response, have):
            # It cannot be continued, so it starts anew.
            on_bytes(-have)
            forget(part)
            have = 0
        if response.status_code == 416:
            return
        if response.status_code not in (200, 206):
            raise EngineError(
                Message(
                    "the server does not give the file (status {status})",
                    status=response.status_code,
                ),
                path=file.url,
                hint=Message("Check the address, or try again later."),
            )
        etag = response.headers.get("ETag", "")
        if etag.isascii() and not etag.startswith("W/"):
            _mark(part).write_text(etag, "ascii")
        _append(response, part, file.size - have, on_bytes)


def _continues(response: requests.Response, have: int) -> bool:
    """Tell whether the answer goes on after the ``have`` bytes that are there."""
    if not have:
        return True
    start = response.headers.get("Content-Range", "").removeprefix("bytes ").split("-")[0]
    return response.status_code == 206 and start == str(have)


@contextmanager
def _opened(
    session: requests.Session, url: str, headers: dict[str, str]
) -> Iterator[requests.Response]:
    """Open ``url``, following redirections to addresses that files may come from."""
    for _ in range(_REDIRECTS + 1):
        response = session.get(
            url, headers=headers, stream=True, timeout=_TIMEOUT, allow_redirects=False
        )
        if not response.is_redirect:
            with response:
                yield response
            return
        response.close()
        url = urljoin(url, response.headers["Location"])
        if not allowed(url):
            raise EngineError(
                Message("the server redirects to an address that is not HTTPS"), path=url
            )
    raise EngineError(Message("the server redirects without end"), path=url)


def _append(response: requests.Response, part: Path, missing: int, on_bytes: OnBytes) -> None:
    with part.open("ab") as stream:
        for block in response.iter_content(_BLOCK):
            if len(block) > missing:
                stream.close()
                forget(part)
                raise PipelineError(
                    Message("the server sends more than the file that it should be"),
                    path=response.url,
                    hint=Message("The list of models is out of date, or the address is wrong."),
                )
            stream.write(block)
            missing -= len(block)
            on_bytes(len(block))
        stream.flush()
        os.fsync(stream.fileno())


def _mark(part: Path) -> Path:
    return part.with_name(f"{part.name}.etag")


def _size(path: Path) -> int:
    return path.stat().st_size if path.is_file() else 0


@contextmanager
def _writing(path: Path) -> Iterator[None]:
    """Raise what the system says about a file as ``PipelineError``."""
    try:
        yield
    except OSError as error:
        full = error.errno in (errno.ENOSPC, errno.EDQUOT)
        kept = Message("Make room, or choose another folder; what has arrived is kept.")
        raise PipelineError(
            Message("cannot be written: {reason}", reason=reason(error)),
            path=path,
            hint=kept if full else NOTHING,
        ) from error
