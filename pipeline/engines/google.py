"""Google Translate's public web page, through deep-translator: no key, no promise.

deep-translator has no time limit, one exception for every status, and answers ``None`` or the
text itself when it fails. So the HTTP call underneath it is ours, and every answer is looked at.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any
from urllib.parse import quote_plus

from pipeline.engines.base import Answer, Engine, Request
from pipeline.errors import EngineError, PipelineError

if TYPE_CHECKING:
    import requests
    import tenacity

_CODES = {"zh": "zh-CN", "zh_CN": "zh-CN", "zh_SG": "zh-CN", "zh_TW": "zh-TW", "zh_HK": "zh-TW"}
_LIMIT = 14_000
"""What a call may cost: the server refuses URLs of 16 KB, deep-translator 5,000 characters."""
_TRIES = 4
_LONGEST_PAUSE = 60.0
_IN_A_ROW = 5
"""Failures after which it is the service's trouble and not the text's."""

_PIECE = re.compile(r".*?(?:[。！？]+|\s+|$)", re.DOTALL)
_TOKEN = re.compile(r"[<＜]\s*[xX]\s*(\d+)\s*[/／]\s*[>＞]")
_ERROR_PAGE = re.compile(r"Error \d{3} \(|That[’']s an error")


class _RefusedError(Exception):
    """This text gets no translation; the message says why."""


class _UnavailableError(Exception):
    """The service gives none now. ``retry``: it may soon; ``stop``: no text will get one."""

    def __init__(
        self, message: str, *, retry: bool = False, stop: bool = False, pause: float = 0.0
    ) -> None:
        super().__init__(message)
        self.retry = retry
        self.stop = stop
        self.pause = pause


class GoogleEngine(Engine):
    """Translates one text a call, ``interval`` seconds apart, waiting at most ``timeout``.

    ``base_url`` replaces the address of the service, ``sleep`` the way to wait.
    """

    name = "google"

    def __init__(
        self,
        timeout: float = 20.0,
        interval: float = 0.2,
        base_url: str = "",
        *,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        if timeout <= 0 or interval < 0:
            raise PipelineError(
                'The engine "google" needs a positive timeout and an interval that is not negative',
                hint="Correct them under [engines.google]; both are seconds.",
            )
        self._http = _Http(timeout)
        self._interval = interval
        self._base_url = base_url
        self._sleep = sleep
        self._last_call = float("-inf")

    def translate(self, requests: Sequence[Request], source: str, target: str) -> Iterator[Answer]:
        """Yield the answer to each of ``requests``."""
        failures = 0
        for request in requests:
            try:
                answer = Answer(self._text(request.text, source, target))
                failures = 0
            except _RefusedError as reason:
                answer = Answer(error=str(reason))
            except _UnavailableError as reason:
                failures += 1
                if reason.stop or failures == _IN_A_ROW:
                    hint = "Try again later or choose another engine; finished work is kept."
                    raise EngineError(f"Google Translate: {reason}", hint=hint) from None
                answer = Answer(error=str(reason))
            yield answer

    def close(self) -> None:
        """Close the connection."""
        self._http.close()

    def _text(self, text: str, source: str, target: str) -> str:
        body = text.strip()
        if not body:
            return text
        start = text.index(body)
        glue = "" if target.startswith("zh") else " "
        answers = (self._persistently(chunk, source, target) for chunk in _chunks(body))
        return text[:start] + glue.join(answers) + text[start + len(body) :]

    def _persistently(self, text: str, source: str, target: str) -> str:
        import tenacity

        retrying = tenacity.Retrying(
            retry=tenacity.retry_if_exception(
                lambda e: isinstance(e, _UnavailableError) and e.retry
            ),
            stop=tenacity.stop_after_attempt(_TRIES),
            wait=_pause,
            sleep=self._sleep,
            reraise=True,
        )
        return retrying(self._call, text, source, target)

    def _call(self, text: str, source: str, target: str) -> str:
        from deep_translator import exceptions, google

        self._sleep(max(0.0, self._last_call + self._interval - time.monotonic()))
        try:
            # A new one each time: it keeps the text of the last call in itself.
            translator = google.GoogleTranslator(_code(source), _code(target))
            translator._base_url = self._base_url or translator._base_url
            google.requests = self._http
            answer = translator.translate(text)
        except exceptions.LanguageNotSupportedException as error:
            raise PipelineError(
                f"Google Translate does not know the language {error.val}",
                hint="Choose another engine for this locale.",
            ) from None
        except exceptions.TranslationNotFound:
            raise _UnavailableError("its page holds no translation (a consent page?)") from None
        except (exceptions.NotValidLength, exceptions.NotValidPayload):
            raise _RefusedError("Google Translate does not take this text") from None
        finally:
            self._last_call = time.monotonic()
        return _checked(text, answer)


class _Http:
    """What deep-translator uses of ``requests``, with a time limit and telling errors."""

    def __init__(self, timeout: float) -> None:
        self._timeout = timeout
        self._session: requests.Session | None = None

    def get(self, url: str, **arguments: Any) -> requests.Response:
        import requests

        self._session = self._session or requests.Session()
        try:
            response = self._session.get(url, timeout=self._timeout, **arguments)
        except requests.Timeout:
            message = f"no answer within {self._timeout:g} seconds"
            raise _UnavailableError(message, retry=True, stop=True) from None
        except requests.RequestException as error:
            # Its own message holds the URL and with it the whole text.
            message = f"no connection ({type(error).__name__})"
            retry = isinstance(error, requests.ConnectionError)
            raise _UnavailableError(message, retry=retry, stop=True) from None
        if not response.ok:
            raise _problem(response)
        return response

    def close(self) -> None:
        if self._session is not None:
            self._session.close()


def _problem(response: requests.Response) -> Exception:
    status = response.status_code
    if status == 429:
        pause = response.headers.get("Retry-After", "")
        seconds = float(pause) if pause.isdecimal() else 0.0
        return _UnavailableError("too many requests (429)", retry=True, stop=True, pause=seconds)
    if status >= 500:
        return _UnavailableError(f"it has trouble of its own ({status})", retry=True)
    if status in (400, 413, 414):
        return _RefusedError(f"Google Translate refuses this text ({status})")
    return _UnavailableError(f"it refuses to answer ({status})", stop=True)


def _pause(state: tenacity.RetryCallState) -> float:
    import tenacity

    error = state.outcome and state.outcome.exception()
    asked = error.pause if isinstance(error, _UnavailableError) else 0.0
    backoff = tenacity.wait_exponential_jitter(initial=1, max=_LONGEST_PAUSE)(state)
    return max(backoff, min(asked, _LONGEST_PAUSE))


def _checked(text: str, answer: str | None) -> str:
    """Return ``answer`` with its placeholders repaired, or say what is wrong with it."""
    if not answer:
        raise _RefusedError("Google Translate gave no translation")
    if answer == text:
        raise _RefusedError("Google Translate gave the text back as it is")
    if _ERROR_PAGE.match(answer):
        raise _UnavailableError("it sent an error page as the translation", retry=True)
    return _TOKEN.sub(r"<x\1/>", answer)


def _chunks(text: str) -> Iterator[str]:
    """Cut ``text`` at sentence ends or spaces into parts that a call can carry."""
    chunk, cost = "", 0
    for piece in _PIECE.findall(text):
        price = max(len(quote_plus(piece)), 3 * len(piece))
        if price > _LIMIT:
            raise _RefusedError("the text is too long for Google Translate")
        if chunk and cost + price > _LIMIT:
            yield chunk.strip()
            chunk, cost = "", 0
        chunk, cost = chunk + piece, cost + price
    yield chunk.strip()


def _code(locale: str) -> str:
    return _CODES.get(locale, locale.partition("_")[0])
