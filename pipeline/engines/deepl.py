"""DeepL, through the vendor's own package: glossaries, and masks as XML that it leaves alone.

The package makes requests and reads answers; sending, time limits and retries are ours, since its
own retries cannot be interrupted and its messages quote what the server says.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from pipeline.engines.base import Answer, Engine, Heed, Request
from pipeline.engines.dispatch import Clock, Dispatcher, Job, Slots, check_pace
from pipeline.engines.network import Http, RefusedError, UnavailableError, key
from pipeline.engines.notation import XML
from pipeline.model import Term
from pipeline.wording import Message

if TYPE_CHECKING:
    import deepl

_CODES = {"zh": "ZH-HANS", "zh_CN": "ZH-HANS", "zh_SG": "ZH-HANS", "en": "EN-US", "pt": "PT-PT"}
_TRADITIONAL = ("zh_TW", "zh_HK", "zh_MO")
_MOST_TEXTS = 50
_LARGEST_JOB = 30_000
"""Characters: DeepL takes 128 KiB in one request."""


class DeepLEngine(Engine):
    """Asks DeepL for up to 50 texts a call; the terms in them go into a glossary there.

    ``base_url`` replaces its address, which else follows from the kind of key.

    Raises:
        EngineError: there is no key in the environment.
    """

    name = "deepl"
    heeds: frozenset[Heed] = frozenset(("terms", "context"))
    notation = XML

    def __init__(
        self,
        base_url: str = "",
        *,
        timeout: float = 30.0,
        interval: float = 0.0,
        threads: float = 2,
        clock: Clock | None = None,
    ) -> None:
        check_pace(self.name, timeout, interval, threads)
        self.identity = base_url
        self.at_once = _MOST_TEXTS * int(threads)
        secret = key("deepl", "DEEPL_AUTH_KEY", elsewhere=bool(base_url))
        self._http = Http(timeout)
        self._client = _client(secret, base_url, self._http)
        self._dispatcher = Dispatcher("DeepL", threads=int(threads), interval=interval, clock=clock)
        self._glossaries: dict[tuple[str, str], _Glossary] = {}

    def translate(self, requests: Sequence[Request], source: str, target: str) -> Iterator[Answer]:
        """Yield the answer to each of ``requests``."""
        languages = source.partition("_")[0].upper(), _code(target)
        terms = tuple(dict.fromkeys(term for request in requests for term in request.terms))
        direction = languages[0], languages[1].partition("-")[0]
        glossary = self._glossaries.setdefault(direction, _Glossary(*direction))

        def work(job: Job, slots: Slots) -> None:
            identity = glossary.prepared(terms, self._client, self._dispatcher) if terms else None
            slots[:] = self._dispatcher.patiently(partial(self._call, job, *languages, identity))

        yield from self._dispatcher.answers(list(_jobs(requests)), work)

    def close(self) -> None:
        """Close the connections; the glossary stays at DeepL for the next run."""
        self._http.close()

    def _call(self, job: Job, source: str, target: str, glossary: str | None) -> list[Answer]:
        results = _asked(
            partial(
                self._client.translate_text,
                [request.text for request in job],
                source_lang=source,
                target_lang=target,
                context=job[0].context.title or None,
                glossary=glossary,
                tag_handling="xml",
                ignore_tags=["x"],
                outline_detection=False,
                split_sentences="nonewlines",
            )
        )
        texts = [getattr(result, "text", None) for result in results]
        if len(texts) != len(job) or not all(isinstance(text, str) for text in texts):
            raise UnavailableError(Message("it did not answer each text once"), retry=True)
        missing = Answer(error=Message("DeepL gave no translation"))
        return [Answer(text) if text else missing for text in texts]


class _Glossary:
    """The glossary of one direction: made or filled anew when terms come that it lacks."""

    def __init__(self, source: str, target: str) -> None:
        self._languages = source, target
        self._entries: dict[str, str] = {}
        self._identity = ""
        self._lock = threading.Lock()

    def prepared(
        self, terms: Sequence[Term], client: deepl.DeepLClient, dispatcher: Dispatcher
    ) -> str:
        """Return the identity of a glossary at DeepL that holds ``terms``."""
        with self._lock:
            wanted = {**self._entries, **dict(_entries(terms))}
            if wanted != self._entries:
                self._identity = dispatcher.patiently(partial(self._stored, client, wanted))
                self._entries = wanted
            return self._identity

    def _stored(self, client: deepl.DeepLClient, entries: Mapping[str, str]) -> str:
        from deepl.api_data import MultilingualGlossaryDictionaryEntries

        source, target = self._languages
        name = f"Diglot {source}-{target}"
        known = _asked(client.list_multilingual_glossaries)
        own = next((glossary for glossary in known if glossary.name == name), None)
        dictionary = MultilingualGlossaryDictionaryEntries(source, target, dict(entries))
        if own is None:
            own = _asked(partial(client.create_multilingual_glossary, name, [dictionary]))
        else:
            _asked(partial(client.replace_multilingual_glossary_dictionary, own, dictionary))
        return str(own.glossary_id)


class _Transport:
    """What the package sends its requests with: our HTTP, one try each."""

    def __init__(self, http: Http) -> None:
        self._http = http

    def request_with_backoff(
        self, method: str, url: str, data: Any, json: Any, headers: Any, **_: Any
    ) -> tuple[int, str]:
        """Return the status and the body of the answer."""
        response = self._http.request(method, url, data=data, json=json, headers=headers)
        response.encoding = "utf-8"
        return response.status_code, response.text

    def close(self) -> None:
        """Do nothing: the connections are the engine's."""


def _client(secret: str, base_url: str, http: Http) -> deepl.DeepLClient:
    from deepl import DeepLClient

    client = DeepLClient(secret, server_url=base_url or None, send_platform_info=False)
    client._client = _Transport(http)  # type: ignore[assignment]
    return client


def _asked(call: partial[Any] | Any) -> Any:
    """Return what ``call`` returns; the package's own complaints quote texts and answers."""
    try:
        return call()
    except (RefusedError, UnavailableError):
        raise
    except Exception:
        raise UnavailableError(Message("its answer is not what was expected"), retry=True) from None


def _entries(terms: Sequence[Term]) -> Iterator[tuple[str, str]]:
    """Yield what the glossary holds of ``terms``: DeepL tells capital letters from small ones."""
    for term in terms:
        for text in {term.source, term.source if term.case_sensitive else _capital(term.source)}:
            if text.isprintable() and term.target.isprintable():
                yield text, term.target


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _code(locale: str) -> str:
    if locale in _TRADITIONAL:
        return "ZH-HANT"
    return _CODES.get(locale, locale.replace("_", "-").upper())


def _jobs(requests: Sequence[Request]) -> Iterator[Job]:
    """Cut ``requests`` into what one call carries: texts of one post, which share a context."""
    job: list[Request] = []
    size = 0
    for request in requests:
        full = len(job) == _MOST_TEXTS or size + len(request.text) > _LARGEST_JOB
        if job and (full or request.context.title != job[-1].context.title):
            yield job
            job, size = [], 0
        job.append(request)
        size += len(request.text)
    if job:
        yield job
