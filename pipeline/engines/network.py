"""HTTP for engines: time limits, and every failure told apart: retry, skip this text, or stop.

What ``requests`` and libraries on top of it say about a failure quotes URLs, headers and bodies,
and with them keys and texts. So nothing of that goes into a message of ours, or is its cause.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from pipeline.engines.keys import take
from pipeline.wording import Message

if TYPE_CHECKING:
    import requests

_LONGEST_CONNECT = 10.0
_LARGEST = 16 * 1024 * 1024
"""Bytes of an answer; no translation is longer."""


class RefusedError(Exception):
    """This text gets no translation; the message says why."""

    def __init__(self, message: Message) -> None:
        super().__init__(message)
        self.message = message


class UnavailableError(Exception):
    """The service gives no translation now.

    ``retry``: it may soon, after at least ``pause`` seconds; ``stop``: no text will get one.
    """

    def __init__(
        self, message: Message, *, retry: bool = False, stop: bool = False, pause: float = 0.0
    ) -> None:
        super().__init__(message)
        self.message = message
        self.retry = retry
        self.stop = stop
        self.pause = pause


Problem = RefusedError | UnavailableError


def problem(response: requests.Response) -> Problem | None:
    """Return what a response's status says is wrong, if anything."""
    return status_problem(response.status_code, retry_after(response))


def status_problem(status: int, pause: float = 0.0) -> Problem | None:
    """Return what an HTTP status means, ``pause`` being the seconds of ``Retry-After``."""
    if 200 <= status < 300:
        return None
    if status == 429:
        message = Message("too many requests (429)")
        if pause:
            message = Message(
                "too many requests (429); it asks for {seconds:g} seconds of silence", seconds=pause
            )
        return UnavailableError(message, retry=True, stop=True, pause=pause)
    if status >= 500 or status in (408, 425):
        message = Message("it has trouble of its own ({status})", status=status)
        return UnavailableError(message, retry=True, pause=pause)
    if status in (400, 413, 414, 422):
        return RefusedError(Message("it does not take this text ({status})", status=status))
    reasons = {
        401: "it does not accept the key",
        402: "it wants to be paid",
        456: "its quota is used up",
    }
    reason = reasons.get(status, "it refuses to answer")
    return UnavailableError(Message("{reason} ({status})", reason=reason, status=status), stop=True)


def retry_after(response: requests.Response) -> float:
    """Return the seconds that the header ``Retry-After`` asks for, 0 where it says nothing."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdecimal():
        return float(value[:12])
    try:
        until = parsedate_to_datetime(value)
    except ValueError:
        return 0.0
    return max(0.0, (until.replace(tzinfo=until.tzinfo or UTC) - datetime.now(UTC)).total_seconds())


class Http:
    """Sends requests with a time limit; ``look`` finds what is wrong with a response.

    Its methods may be called from any thread and raise ``RefusedError`` or ``UnavailableError``.
    A redirect is followed only where nothing secret can go along: for GET.
    """

    def __init__(
        self,
        timeout: float,
        look: Callable[[requests.Response], Problem | None] = problem,
    ) -> None:
        self._timeout = timeout
        self._look = look
        self._own = threading.local()
        self._sessions: list[requests.Session] = []

    def get(self, url: str, **arguments: Any) -> requests.Response:
        """Send a GET request; ``arguments`` are those of ``requests``."""
        return self._send("GET", url, **arguments)

    def post(self, url: str, **arguments: Any) -> requests.Response:
        """Send a POST request; ``arguments`` are those of ``requests``."""
        return self.request("POST", url, **arguments)

    def request(self, method: str, url: str, **arguments: Any) -> requests.Response:
        """Send a request that no redirect is followed for."""
        return self._send(method, url, allow_redirects=False, **arguments)

    def close(self) -> None:
        """Close all connections."""
        while self._sessions:
            self._sessions.pop().close()

    def _send(self, method: str, url: str, **arguments: Any) -> requests.Response:
        import requests
        import urllib3

        limits = (min(self._timeout, _LONGEST_CONNECT), self._timeout)
        try:
            response = self._session().request(
                method, url, timeout=limits, stream=True, **arguments
            )
            try:
                self._read(response)
            finally:
                response.close()
        except (requests.ReadTimeout, urllib3.exceptions.TimeoutError):
            raise self._too_late() from None
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise _no_connection(error) from None
        if found := self._look(response):
            raise found
        return response

    def _session(self) -> requests.Session:
        import requests

        session: requests.Session | None = getattr(self._own, "session", None)
        if session is None or session not in self._sessions:
            session = self._own.session = requests.Session()
            # An authentication of its own that adds nothing: else .netrc would replace our keys.
            session.auth = _unchanged
            self._sessions.append(session)
        return session

    def _read(self, response: requests.Response) -> None:
        """Read the body as it comes: a server that sends a byte a second meets the limit, too."""
        deadline = time.monotonic() + self._timeout
        parts, size = [], 0
        while part := response.raw.read1(65_536, decode_content=True):
            parts.append(part)
            size += len(part)
            if size > _LARGEST:
                raise UnavailableError(Message("its answer has no end"))
            if time.monotonic() > deadline:
                raise self._too_late()
        response._content = b"".join(parts)

    def _too_late(self) -> UnavailableError:
        # Not a reason to stop: it may be this text that takes too long.
        return UnavailableError(
            Message("no answer within {timeout:g} seconds", timeout=self._timeout), retry=True
        )


def key(engine: str, variable: str, *, elsewhere: bool, required: bool = True) -> str:
    """Return the key of a service: from ``DIGLOT_<variable>``, else from the vendor's own variable.

    The latter is used for the vendor's own address only: with a key of their vendor, people do
    not mean to trust the address (``elsewhere``) that some project's settings name.

    Raises:
        EngineError: there is none, but one is ``required``.
    """
    own = f"DIGLOT_{variable}"
    if os.environ.get(own) or (elsewhere and required):
        return take(own, engine)
    return "" if elsewhere else take(variable, engine)


def _unchanged(request: requests.PreparedRequest) -> requests.PreparedRequest:
    return request


def _no_connection(error: Exception) -> UnavailableError:
    import requests
    import urllib3

    cause = error.args[0] if error.args else None
    never_met = isinstance(cause, urllib3.exceptions.MaxRetryError) or isinstance(
        error, requests.ConnectTimeout
    )
    broken = isinstance(error, requests.ConnectionError | urllib3.exceptions.HTTPError | OSError)
    wrong = isinstance(error, ValueError)  # an address that is none
    return UnavailableError(
        Message("no connection ({name})", name=type(error).__name__),
        retry=broken and not wrong,
        stop=never_met or wrong,
    )
