"""The engines that go through deep-translator: Google, MyMemory, Microsoft, LibreTranslate, Baidu.

deep-translator has no time limit, keeps the last text in each translator, has no common exception,
quotes texts and keys in its messages, and answers ``None``, the text itself or a notice when it
fails. So each call has a translator of its own, the HTTP underneath is ours, and every answer is
looked at.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, Any

from pipeline.engines.base import Answer, Engine, Request
from pipeline.engines.dispatch import Clock, Dispatcher, Job, Slots, check_pace
from pipeline.engines.network import Http, RefusedError, UnavailableError, key
from pipeline.engines.services import SERVICES, Service
from pipeline.engines.splitting import parts
from pipeline.errors import PipelineError
from pipeline.wording import Message

if TYPE_CHECKING:
    import requests

_NOTICE = re.compile(
    r"Error \d{3} \(|That[’']s an error|MYMEMORY WARNING|QUERY LENGTH LIMIT EXCEEDED"
    r"|INVALID LANGUAGE PAIR|PLEASE SELECT TWO DISTINCT LANGUAGES|NO QUERY SPECIFIED"
    r"|<(?:!DOCTYPE|html|head|body)\b",
    re.I,
)
"""How what is no translation looks where one should be."""


class DeepEngine(Engine):
    """Asks the service ``name`` for one text a call, waiting at most ``timeout`` seconds.

    ``threads`` calls are made side by side, at least ``interval`` seconds apart. ``base_url``
    replaces the address of the service; ``details`` are what else it wants to be told.

    Raises:
        EngineError: it needs a key, and there is none in the environment.
    """

    def __init__(
        self,
        name: str,
        *,
        timeout: float = 20.0,
        interval: float = 0.2,
        threads: float = 4,
        base_url: str = "",
        clock: Clock | None = None,
        **details: str,
    ) -> None:
        check_pace(name, timeout, interval, threads)
        self.name = name
        self.identity = base_url
        self.at_once = int(threads)
        self._service = SERVICES[name]
        self._url = base_url or self._service.url
        self._details: Mapping[str, str] = {**details, **_keys(self._service, base_url)}
        self._http = Http(timeout, self._service.look)
        self._dispatcher = Dispatcher(
            self._service.title, threads=self.at_once, interval=interval, clock=clock
        )

    def translate(self, requests: Sequence[Request], source: str, target: str) -> Iterator[Answer]:
        """Yield the answer to each of ``requests``."""
        codes = self._codes(source, target)

        def work(job: Job, slots: Slots) -> None:
            slots[0] = Answer(self._text(job[0].text, *codes))

        yield from self._dispatcher.answers([[request] for request in requests], work)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _text(self, text: str, source: str, target: str) -> str:
        body = text.strip()
        if not body:
            return text
        start = text.index(body)
        answers = [
            self._dispatcher.patiently(partial(self._call, part, source, target))
            for part in map(str.strip, parts(body, self._service.cost, self._service.limit))
        ]
        glue = "" if target.startswith(("zh", "cht")) else " "
        return text[:start] + glue.join(answers) + text[start + len(body) :]

    def _call(self, text: str, source: str, target: str) -> str:
        from deep_translator import exceptions

        translator = self._translator(source, target)
        _REQUESTS.serve(self._http, form=self._service.form)
        try:
            answer = translator.translate(text)
        except (RefusedError, UnavailableError):
            raise
        except exceptions.TranslationNotFound:
            raise UnavailableError(
                Message("its page holds no translation (a consent page?)")
            ) from None
        except (exceptions.NotValidLength, exceptions.NotValidPayload):
            raise RefusedError(Message("it does not take this text")) from None
        except Exception:
            # Its exceptions have no base of their own; and what it takes an answer apart with is
            # not made for answers of another shape.
            raise UnavailableError(
                Message("its answer is not what was expected"), retry=True
            ) from None
        return _checked(text, answer)

    def _translator(self, source: str, target: str) -> Any:
        module = import_module(f"deep_translator.{self._service.name}")
        module.requests = _REQUESTS  # type: ignore[attr-defined]
        translator = self._service.make(module, source, target, self._details)
        translator._base_url = self._url
        return translator

    def _codes(self, *locales: str) -> tuple[str, ...]:
        """Return the service's own codes of ``locales``; or raise ``PipelineError``."""
        from deep_translator import constants

        known = {
            "google": constants.GOOGLE_LANGUAGES_TO_CODES,
            "mymemory": constants.MY_MEMORY_LANGUAGES_TO_CODES,
            "libre": constants.LIBRE_LANGUAGES_TO_CODES,
            "baidu": constants.BAIDU_LANGUAGE_TO_CODE,
        }.get(self.name)
        found = []
        for locale in locales:
            code = _code(self._service, locale, tuple(known.values()) if known else None)
            if code is None:
                raise PipelineError(
                    Message(
                        "{title} does not know the language {locale}",
                        title=self._service.title,
                        locale=locale,
                    ),
                    hint=Message("Choose another engine for this locale."),
                )
            found.append(code)
        return tuple(found)


class _Requests:
    """What deep-translator's modules have for ``requests``: the HTTP of the engine that calls."""

    def __init__(self) -> None:
        self._current = threading.local()

    def serve(self, http: Http, *, form: bool) -> None:
        """Send what is asked from now on, in this thread, through ``http``."""
        self._current.http = http
        self._current.form = form

    @property
    def exceptions(self) -> Any:
        import requests

        return requests.exceptions

    def get(self, url: str, **arguments: Any) -> requests.Response:
        http: Http = self._current.http
        return http.get(url, **arguments)

    def post(self, url: str, **arguments: Any) -> requests.Response:
        if self._current.form:
            arguments["data"] = arguments.pop("params")
        http: Http = self._current.http
        return http.post(url, **arguments)


_REQUESTS = _Requests()


def _keys(service: Service, base_url: str) -> dict[str, str]:
    elsewhere = bool(base_url)
    required = not (elsewhere and service.keyless)
    return {
        name: key(service.name, variable, elsewhere=elsewhere, required=required)
        for name, variable in service.keys.items()
    }


def _code(service: Service, locale: str, known: Sequence[str] | None) -> str | None:
    """Return the service's code for a gettext locale; ``known`` are all that it has, if it says."""
    language = locale.partition("_")[0]
    usual = service.codes.get(locale) or service.codes.get(language) or language
    if known is None or locale in service.codes:
        return usual if known is None or usual in known else None
    wanted = [locale.replace("_", "-"), usual, language, f"{language}-{language.upper()}"]
    near = [code for code in known if code.startswith(f"{language}-")]
    return next((code for code in wanted + near if code in known), None)


def _checked(text: str, answer: object) -> str:
    """Return ``answer`` if it can be a translation of ``text``."""
    if not isinstance(answer, str | None):
        raise UnavailableError(Message("its answer is not what was expected"), retry=True)
    if not answer or not answer.strip():
        raise RefusedError(Message("it gave no translation"))
    if answer.strip() == text:
        raise RefusedError(Message("it gave the text back as it is"))
    if _NOTICE.search(answer) and not _NOTICE.search(text):
        raise UnavailableError(Message("it sent a notice instead of a translation"), retry=True)
    return answer.strip()
