"""The embedded model: offline, without a key, a rough draft.

One sentence at a time: Gemma 3 270M loops and skips on paragraphs. Every answer passes the gates
or is withheld with a reason, since nobody can tell from a fluent wrong sentence that it is wrong.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from pipeline.engines import gates, local_process
from pipeline.engines.base import Answer, Engine, Heed, Request
from pipeline.engines.local_process import Workers
from pipeline.engines.local_prompt import Pair, cap, prompt
from pipeline.errors import PipelineError
from pipeline.model import Term
from pipeline.wording import Message, listed

_VERSION = 2
"""Of the prompt, the ranking and the gates: raised when answers change."""

_DOUBT = 0.25
"""Drafts of long texts are wrong more often at the same probability a token. Of 223 drafts that
passed the other gates, judged one by one, a threshold on the log probability alone told right from
wrong with an AUC of 0.82, and with this with one of 0.86."""

_DIRECTIONS = {("en", "zh_CN"): True, ("zh_CN", "en"): False}
_SOLID = re.compile(r"<x\d+/>|([^\s<]+|<)")
_SPEECH = re.compile(r"\w(?:.*\w)?", re.DOTALL)
_MARKS = dict(zip(",.;:?!", "，。；：？！", strict=True))
_ENGLISH_MARK = re.compile(r"(?<![,.;:?!])[,.;:?!](?:\s+|$)")
_CHINESE_MARK = re.compile("[，。；：？！]")
_STOPS = (".", "。", "!", "！", "?", "？", ":", "：")
_PLAIN_ENDS = (".", "。", ":", "：")
_ARTICLES = ("the", "a", "an")


class _WithheldError(Exception):
    """No draft is good enough; the message says why."""


@dataclass(frozen=True, slots=True)
class _Draft:
    """A candidate, what speaks for it (``logprob`` a token) and what against it."""

    text: str
    logprob: float = 0.0
    tokens: int = 0
    reasons: tuple[str, ...] = ()
    terms: int = 0

    @property
    def rank(self) -> tuple[bool, int, int, float]:
        """Usable drafts first, then by glossary terms, faults and probability."""
        return not self.reasons, self.terms, -len(self.reasons), self.logprob


class LocalEngine(Engine):
    """Translates between English and Simplified Chinese with a model on this machine.

    ``model`` is the path of a GGUF file ("" for the packaged model), ``min_logprob`` how sure of a
    draft of ten words the model must be, as mean log probability a token, ``processes`` how many
    copies of the model share the work.
    """

    name = "local"
    draft = True
    sentences = True
    heeds: frozenset[Heed] = frozenset(("terms",))

    def __init__(self, model: str = "", min_logprob: float = -0.8, processes: float = 2.0) -> None:
        self.identity = f"{model or 'gemma3'} {_VERSION} {min_logprob}"
        self._model = model
        self._min_logprob = min_logprob
        self._size = max(1, min(int(processes), local_process.cores()))
        self._workers: Workers | None = None
        self._chat = False

    def translate(self, requests: Sequence[Request], source: str, target: str) -> Iterator[Answer]:
        """Yield the answer to each of ``requests``, each a sentence or a heading."""
        if (source, target) not in _DIRECTIONS:
            raise PipelineError(
                Message(
                    "The local engine cannot translate from {source} to {target}",
                    source=source,
                    target=target,
                ),
                hint=Message("It knows en and zh_CN only; choose another engine for this locale."),
            )
        chinese = _DIRECTIONS[source, target]
        workers = self._started(chinese)
        try:
            yield from workers.map(lambda request: self._answer(request, chinese), requests)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """End the processes that hold the model."""
        if self._workers:
            self._workers.close()
        self._workers = None

    def _started(self, chinese: bool) -> Workers:
        """Return workers for the direction; those for the other one would need as much memory."""
        if self._workers is None or self._workers.purpose != chinese:
            self.close()
            model = local_process.model_file(self._model)
            self._chat = bool(self._model) and local_process.has_chat_template(model)
            self._workers = Workers(chinese, local_process.command(model), self._size)
        return self._workers

    def _answer(self, request: Request, chinese: bool) -> Answer:
        lines = request.text.splitlines(keepends=True)
        try:
            return Answer("".join(self._line(line, request.terms, chinese) for line in lines))
        except _WithheldError as reason:
            return Answer(error=Message("draft withheld: {reason}", reason=reason.args[0]))

    def _line(self, text: str, terms: Sequence[Term], chinese: bool) -> str:
        head, core, tail = _peel(text)
        if not gates.translatable(core, chinese=not chinese):
            return text
        best = self._best(core, terms, chinese)
        if _masked(core) and _masked(best.text) != _masked(core):
            best = self._piecewise(core, terms, chinese)
        if best.reasons:
            raise _WithheldError(listed(best.reasons))
        if _sureness(core, best.logprob) < self._min_logprob:
            raise _WithheldError(
                Message(
                    "the model is unsure of it (min_logprob = {limit})", limit=self._min_logprob
                )
            )
        return head + best.text + tail

    def _best(self, text: str, terms: Sequence[Term], chinese: bool) -> _Draft:
        """Return the best draft; only a term that the plain one misses costs further ones."""
        terms = [term for term in terms if term.target and _pattern(term).search(text)]
        drafts = [self._draft(text, text, (), terms, chinese)]
        if drafts[0].terms < len(terms):
            shots = [(term.source, term.target) for term in terms]
            drafts.append(self._draft(text, text, shots, terms, chinese))
            drafts.append(self._draft(text, _written(terms, text), (), terms, chinese))
        return max(drafts, key=lambda draft: draft.rank)

    def _draft(
        self, source: str, asked: str, shots: Sequence[Pair], terms: Sequence[Term], chinese: bool
    ) -> _Draft:
        """Ask for a translation of ``asked`` and judge it as one of ``source``."""
        completion = self._complete(asked, shots, chinese)
        text = _tidy(source, completion.text, chinese)
        used = [term for term in terms if term.target.casefold() in text.casefold()]
        exempt = {term.source for term in used}
        reasons = gates.reasons(
            source, text, chinese=chinese, capped=completion.capped, exempt=exempt
        )
        if _masked(text) != _masked(source):
            reasons += (Message("it loses masked parts"),)
        return _Draft(text, completion.logprob, completion.tokens, reasons, len(used))

    def _complete(
        self, text: str, shots: Sequence[Pair], chinese: bool
    ) -> local_process.Completion:
        assert self._workers is not None
        line = " ".join(text.split())
        asked = prompt(line, chinese=chinese, chat=self._chat, terms=shots)
        completion = self._workers.complete(asked, cap(line, chinese=chinese))
        if isinstance(completion, str):
            raise _WithheldError(completion)
        return completion

    def _piecewise(self, text: str, terms: Sequence[Term], chinese: bool) -> _Draft:
        """Translate what stands between the masked parts, for a model that loses them."""
        drafts = [
            _Draft(part) if gates.TOKEN.fullmatch(part) else self._piece(part, terms, chinese)
            for part in re.split(f"({gates.TOKEN.pattern})", text)
        ]
        tokens = sum(draft.tokens for draft in drafts)
        return _Draft(
            "".join(draft.text for draft in drafts),
            sum(draft.logprob * draft.tokens for draft in drafts) / max(1, tokens),
            tokens,
            tuple(dict.fromkeys(reason for draft in drafts for reason in draft.reasons)),
        )

    def _piece(self, text: str, terms: Sequence[Term], chinese: bool) -> _Draft:
        """Translate a part of a sentence; the marks around it are ours to convert."""
        match = _SPEECH.search(text)
        if match is None:
            return _Draft(_marks(text, chinese))
        if chinese and match[0].casefold() in _ARTICLES:
            return _Draft("")
        draft = _Draft(match[0])
        if gates.translatable(match[0], chinese=not chinese):
            draft = self._best(match[0], terms, chinese)
        head, tail = text[: match.start()], text[match.end() :]
        return replace(draft, text=_marks(head, chinese) + draft.text + _marks(tail, chinese))


def _sureness(source: str, logprob: float) -> float:
    """Return ``logprob`` less what it is worth less for a long text and more for a short one."""
    return logprob - _DOUBT * math.log((gates.size(gates.plain(source)) + 1) / 11)


def _peel(text: str) -> tuple[str, str, str]:
    """Split off the masked parts and spaces at both ends: they stay where they are anyway."""
    solid = [match for match in _SOLID.finditer(text) if match[1]]
    if not solid:
        return text, "", ""
    start, end = solid[0].start(), solid[-1].end()
    return text[:start], text[start:end], text[end:]


def _masked(text: str) -> Counter[str]:
    return Counter(gates.TOKEN.findall(text))


def _tidy(source: str, answer: str, chinese: bool) -> str:
    """Give ``answer`` the end of ``source`` and its spacing around masked parts."""
    if not source.endswith(_STOPS):
        # Headings and pieces tend to get a full stop.
        answer = answer.rstrip("".join(_STOPS))
    elif source.endswith(_PLAIN_ENDS) and answer[-1:].isalnum():
        answer += _marks(source[-1], chinese).rstrip()
    # Chinese has no spaces of its own that tell which side of a masked part is the inner one.
    return _close_up(source, answer) if chinese else answer


def _close_up(source: str, answer: str) -> str:
    for token in _masked(source):
        before, after = source.split(token, 1)
        if not before[-1:].isspace():
            answer = re.sub(rf"\s+{token}", token, answer)
        if not after[:1].isspace():
            answer = re.sub(rf"{token}\s+", token, answer)
    return answer


def _marks(text: str, chinese: bool) -> str:
    """Return the marks and spaces of ``text`` as the target's script writes them."""
    if chinese:
        return _ENGLISH_MARK.sub(lambda mark: _MARKS[mark[0][0]], text)
    latin = {mark: key for key, mark in _MARKS.items()}
    return _CHINESE_MARK.sub(lambda mark: f"{latin[mark[0]]} ", text)


def _written(terms: Sequence[Term], text: str) -> str:
    """Return ``text`` with the translation of each term written into it."""
    for term in sorted(terms, key=lambda term: -len(term.source)):
        text = _pattern(term).sub(term.target.replace("\\", r"\\"), text)
    return text


def _pattern(term: Term) -> re.Pattern[str]:
    """Match ``term`` as a word, or anywhere if it is Chinese."""
    words = r"\s+".join(map(re.escape, term.source.split()))
    before = r"(?<![A-Za-z0-9])" if term.source[:1].isascii() else ""
    after = r"(?:s|es)?(?![A-Za-z0-9])" if term.source[-1:].isascii() else ""
    flags = re.NOFLAG if term.case_sensitive else re.IGNORECASE
    return re.compile(before + words + after, flags)
