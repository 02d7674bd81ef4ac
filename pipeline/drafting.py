"""From units to drafts: ask the engine, judge the answer, and try again in other ways.

In this order, and no further than needed: as it stands; with the reason why that was refused,
where the engine reads one; piece by piece between the placeables; and where the glossary's terms
are missing, with the terms as the reason, and with their translations put in place of masks. A
later answer is taken only if it is better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace

from pipeline.asking import NOT_ASKED
from pipeline.engines.base import Request
from pipeline.glossary import Glossary, Violation
from pipeline.inline import find, prose
from pipeline.masking import mask_terms
from pipeline.model import Profile, Unit
from pipeline.passages import Interpreter, Passage, Reply

Judge = Callable[[Unit, str], Sequence[str]]
"""Says why a text must not be taken as the unit's translation; nothing if it may."""


@dataclass(slots=True)
class Draft:
    """A unit on its way: the best text so far, or the reason why there is none."""

    unit: Unit
    passage: Passage
    text: str = ""
    reason: str = ""
    missing: Sequence[Violation] = ()
    """What the text gets wrong about the glossary's terms."""
    requests: list[Request] = field(default_factory=list)
    is_complete: bool = True
    """Nothing was left unasked that might have given a better text."""
    is_final: bool = False
    """Nothing can be asked that might give a text at all."""


@dataclass(frozen=True, slots=True)
class Drafter:
    """Makes drafts with an interpreter, a judge and the terms of a glossary."""

    interpreter: Interpreter
    judge: Judge
    glossary: Glossary
    profile: Profile

    def passage(self, passage: Passage) -> Passage:
        """Return the passage as it is asked first: what is kept as it is masked as well."""
        if self.interpreter.heeds("terms") or self.interpreter.asker.engine.test:
            return passage
        masked = mask_terms(passage.masked, self.glossary, keep_only=True)
        return replace(passage, masked=masked)

    def drafts(self, units: Sequence[Unit], passages: Sequence[Passage]) -> list[Draft]:
        """Return a draft for each unit; ``passages`` are their texts."""
        drafts = [
            Draft(unit, self.passage(passage))
            for unit, passage in zip(units, passages, strict=True)
        ]
        whole, engine = self.interpreter.whole, self.interpreter.asker.engine
        self._attempt(drafts, whole, lambda draft: draft.passage)
        if self.interpreter.heeds("reason"):
            self._attempt(filter(_is_refused, drafts), whole, _with_reason)
        split_up = (d for d in drafts if _is_refused(d) and d.passage.masked.pieces)
        self._attempt(split_up, self.interpreter.piecewise, lambda draft: draft.passage)
        if self.interpreter.heeds("reason"):
            self._attempt([d for d in drafts if d.missing], whole, _with_terms_as_reason)
        if not engine.test:
            self._attempt([d for d in drafts if d.missing], whole, self._with_terms)
        return drafts

    def _attempt(
        self,
        drafts: Iterable[Draft],
        translate: Callable[[Sequence[Passage]], Sequence[Reply]],
        passage: Callable[[Draft], Passage],
    ) -> None:
        drafts = list(drafts)
        replies = translate([passage(draft) for draft in drafts]) if drafts else ()
        for draft, reply in zip(drafts, replies, strict=True):
            self._take(draft, reply)

    def _take(self, draft: Draft, reply: Reply) -> None:
        draft.requests += reply.requests
        draft.is_final |= reply.is_final
        if reply.error == NOT_ASKED:
            draft.is_complete = False
            return
        reasons = [reply.error] if reply.error else self.judge(draft.unit, reply.text)
        if reasons:
            draft.reason = draft.reason or reasons[0]
            return
        missing = self._missing(draft.unit.msgid, reply.text)
        if not draft.text or len(missing) < len(draft.missing):
            draft.text, draft.missing = reply.text, missing

    def _missing(self, msgid: str, text: str) -> Sequence[Violation]:
        return self.glossary.missing(self._prose(msgid), self._prose(text))

    def _prose(self, text: str) -> str:
        return prose(text, find(text, self.profile, msgid=True))

    def _with_terms(self, draft: Draft) -> Passage:
        return replace(draft.passage, masked=mask_terms(draft.passage.masked, self.glossary))


def _is_refused(draft: Draft) -> bool:
    return not draft.text and draft.is_complete and not draft.is_final


def _with_reason(draft: Draft) -> Passage:
    return replace(draft.passage, reason=draft.reason)


def _with_terms_as_reason(draft: Draft) -> Passage:
    wanted = (
        f'it must not say "{violation.forbidden}"'
        if violation.forbidden
        else f'"{violation.term.source}" must be translated as "{violation.term.target}"'
        for violation in draft.missing
    )
    return replace(draft.passage, reason="; ".join(dict.fromkeys(wanted)))
