"""Any server that speaks OpenAI's chat completions: OpenAI, DeepSeek, Qwen, Ollama, llama.cpp.

Plain HTTP on purpose: the vendor's package brings thirteen more and a second HTTP library, and its
typed errors know one vendor only. What a model answers is data from outside, and so are the texts:
it has no tools, and the key is in a header only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from pipeline.engines import openai_prompt, openai_reply
from pipeline.engines.base import Answer, Engine, Heed, Request
from pipeline.engines.dispatch import Clock, Dispatcher, Job, Slots, check_pace
from pipeline.engines.network import Http, Problem, RefusedError, UnavailableError, key, problem
from pipeline.errors import PipelineError
from pipeline.wording import Message

if TYPE_CHECKING:
    import requests

_VENDORS = {
    "api.openai.com": "OPENAI_API_KEY",
    "api.deepseek.com": "DEEPSEEK_API_KEY",
    "dashscope.aliyuncs.com": "DASHSCOPE_API_KEY",
    "dashscope-intl.aliyuncs.com": "DASHSCOPE_API_KEY",
}
"""The vendors' own variables, used for their own hosts only."""

_FORMATS: tuple[Mapping[str, Any], ...] = (
    {
        "response_format": {
            "type": "json_schema",
            "json_schema": {
                "name": "translations",
                "strict": True,
                "schema": openai_prompt.SCHEMA,
            },
        }
    },
    {"response_format": {"type": "json_object"}},
    {},
)
"""Ways to ask for an answer of a certain form, from the strictest to plain lines."""

_LONGEST_COMPLAINT = 5_000
_LARGEST_JOB = 6_000
"""Characters of text in one call: models lose count in longer ones."""


class _UnknownFormatError(RefusedError):
    """The server does not take the body, perhaps since it does not know all that it asks for."""

    def __init__(self, message: Message, *, temperature: bool) -> None:
        super().__init__(message)
        self.temperature = temperature


@dataclass(frozen=True, slots=True)
class _Manner:
    """How a server is asked: for which of ``_FORMATS``, and whether for a temperature of 0."""

    format: int = 0
    cool: bool = True

    @property
    def lines(self) -> bool:
        return self.format == len(_FORMATS) - 1

    @property
    def body(self) -> Mapping[str, Any]:
        return {**({"temperature": 0} if self.cool else {}), **_FORMATS[self.format]}

    def less(self, *, temperature: bool) -> _Manner | None:
        """Return the next manner that asks for less, if there is one."""
        if temperature and self.cool:
            return replace(self, cool=False)
        return None if self.lines else replace(self, format=self.format + 1)


class OpenAiEngine(Engine):
    """Asks ``model`` at ``base_url`` for up to ``segments`` texts a call.

    The other options are as for every engine on the network.

    Raises:
        PipelineError: there is no model, or an option cannot be.
        EngineError: the vendor's key is not in the environment.
    """

    name = "openai"
    heeds: frozenset[Heed] = frozenset(("kind", "terms", "reason", "context", "examples", "style"))

    def __init__(
        self,
        model: str = "",
        base_url: str = "https://api.openai.com/v1",
        *,
        timeout: float = 120.0,
        interval: float = 0.0,
        threads: float = 4,
        segments: float = 10,
        clock: Clock | None = None,
    ) -> None:
        check_pace(self.name, timeout, interval, threads)
        if not model:
            raise PipelineError(
                Message('The engine "openai" needs a model'),
                hint=Message('Set, for example, model = "gpt-5-mini" under [engines.openai].'),
            )
        if segments < 1:
            raise PipelineError(Message('The engine "openai" needs at least one segment a call'))
        self.identity = f"{base_url} {model} {openai_prompt.VERSION}"
        self.at_once = int(segments) * int(threads)
        self._model = model
        self._url = base_url.rstrip("/") + "/chat/completions"
        self._segments = int(segments)
        self._headers = _headers(base_url)
        self._manner = _Manner()
        self._proved: _Manner | None = None
        self._has_read = False
        self._http = Http(timeout, self._look)
        self._dispatcher = Dispatcher(model, threads=int(threads), interval=interval, clock=clock)

    def translate(self, requests: Sequence[Request], source: str, target: str) -> Iterator[Answer]:
        """Yield the answer to each of ``requests``."""

        def work(job: Job, slots: Slots) -> None:
            numbered = {str(number): request for number, request in enumerate(job, 1)}
            for number, answer in self._answers(numbered, source, target):
                slots[int(number) - 1] = answer

        yield from self._dispatcher.answers(list(_jobs(requests, self._segments)), work)

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _answers(
        self, asked: Mapping[str, Request], source: str, target: str, *, again: bool = False
    ) -> Iterator[tuple[str, Answer]]:
        """Yield the answers as they are known; what is wrong is asked again, and nothing else."""
        alone = len(asked) == 1
        try:
            good, bad = self._read(asked, *self._ask(asked, source, target))
        except RefusedError as error:
            # One of them is the reason; the others need not suffer.
            good, bad = {}, dict.fromkeys(asked, error.message)
            again = again or alone
        yield from ((number, Answer(text)) for number, text in good.items())
        if alone and again:
            for number, why in bad.items():
                what = Message("{name}: {problem}", name=self._model, problem=why)
                yield number, Answer(error=what)
            return
        for half in _halves(list(bad)):
            left = {number: asked[number] for number in half}
            if alone:
                left = {n: replace(request, reason=bad[n]) for n, request in left.items()}
            yield from self._answers(left, source, target, again=alone)

    def _ask(
        self, asked: Mapping[str, Request], source: str, target: str
    ) -> tuple[openai_reply.Reply, _Manner]:
        """Ask in the strictest manner that the server knows; return its reply and that manner."""
        while True:
            manner = self._manner
            said = openai_prompt.messages(asked, source, target, lines=manner.lines)
            body = {"model": self._model, "messages": said, **manner.body}
            try:
                reply = self._dispatcher.patiently(partial(self._post, body))
            except _UnknownFormatError as error:
                less = manner.less(temperature=error.temperature)
                if self._proved == manner or less is None:
                    self._manner = self._proved or _Manner()
                    raise
                self._manner = self._proved or less
            else:
                self._proved = manner
                return reply, manner

    def _read(
        self, asked: Mapping[str, Request], reply: openai_reply.Reply, manner: _Manner
    ) -> tuple[dict[str, str], dict[str, str]]:
        """Return what can be taken and what is wrong with the rest; learn from it how to ask."""
        good, bad = openai_reply.translations(reply, asked, lines=manner.lines)
        self._has_read = self._has_read or bool(good)
        less = manner.less(temperature=False)
        if not (self._has_read or reply.truncated) and less and self._manner == manner:
            # It takes a format and does not keep to it.
            self._manner, self._proved = less, None
        return good, bad

    def _post(self, body: Mapping[str, Any]) -> openai_reply.Reply:
        response = self._http.post(self._url, json=body, headers=self._headers)
        try:
            content = response.json()
        except ValueError:
            raise UnavailableError(Message("its answer is not JSON"), retry=True) from None
        return openai_reply.read_body(content)

    def _look(self, response: requests.Response) -> Problem | None:
        if response.ok:
            return problem(response)
        said = response.text[:_LONGEST_COMPLAINT]
        found = openai_reply.body_problem(response.status_code, said) or problem(response)
        if type(found) is RefusedError and response.status_code in (400, 422):
            return _UnknownFormatError(found.message, temperature="temperature" in said)
        return found


def _jobs(requests: Sequence[Request], segments: int) -> Iterator[Job]:
    """Cut ``requests`` into what one call carries: of one post, and what was refused alone."""
    job: list[Request] = []
    size = 0
    for request in requests:
        apart = job and (
            len(job) == segments
            or size + len(request.text) > _LARGEST_JOB
            or request.reason
            or job[-1].reason
            or request.context.title != job[-1].context.title
        )
        if apart:
            yield job
            job, size = [], 0
        job.append(request)
        size += len(request.text)
    if job:
        yield job


def _halves(numbers: Sequence[str]) -> list[Sequence[str]]:
    middle = (len(numbers) + 1) // 2
    return [half for half in (numbers[:middle], numbers[middle:]) if half]


def _headers(base_url: str) -> Mapping[str, str]:
    address = urlsplit(base_url)
    vendor = _VENDORS.get(address.hostname or "") if address.scheme == "https" else None
    secret = key("openai", vendor or "OPENAI_API_KEY", elsewhere=vendor is None, required=False)
    return {"Authorization": f"Bearer {secret}"} if secret else {}
