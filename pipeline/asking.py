"""Asking an engine: masked texts in, texts with their markup back out.

Sentences are asked for one by one where the engine is better at them, each distinct one once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipeline.engines.base import Answer, Engine, Request
from pipeline.errors import EngineError
from pipeline.glossary import Glossary
from pipeline.inline import join_lines
from pipeline.masking import Masked, double_braces, restore, split_masked
from pipeline.model import Term
from pipeline.sentences import split

NOT_ASKED = "the engine had given up"
LOST = "markup was lost or repeated"
"""Errors of answers that the engine itself did not give."""


@dataclass(slots=True)
class Asker:
    """An engine, its two languages, and the terms that it is to heed."""

    engine: Engine
    source: str
    target: str
    glossary: Glossary
    stopped: EngineError | KeyboardInterrupt | None = None
    """Why no more is asked of the engine, once that is so."""

    def with_terms(self, masked: Masked) -> Masked:
        """Mask the terms, too, with their translations behind the masks."""
        parts: list[str] = []
        pieces = list(masked.pieces)
        for part in split_masked(masked.text):
            position = 0
            for match in () if part.startswith("<x") else self.glossary.find(part):
                pieces.append(double_braces(match.term.target))
                parts += [part[position : match.start], f"<x{len(pieces)}/>"]
                position = match.end
            parts.append(part[position:])
        return replace(masked, text="".join(parts), pieces=tuple(pieces))

    def whole(self, texts: Sequence[Masked]) -> list[Answer]:
        """Ask for masked texts, by line and, where the engine is better at them, by sentence."""
        plans = [[self._sentences(line) for line in masked.text.split("\n")] for masked in texts]
        requests = [sentence for plan in plans for line in plan for sentence in line]
        answers = iter(self._ask(requests))
        results = []
        for masked, plan in zip(texts, plans, strict=True):
            lines = [[next(answers) for _ in line] for line in plan]
            results.append(self._assembled(masked, lines))
        return results

    def _assembled(self, masked: Masked, lines: Sequence[Sequence[Answer]]) -> Answer:
        error = next((answer.error for line in lines for answer in line if answer.error), "")
        if error:
            return Answer(error=error)
        text = "\n".join(self._join([answer.text for answer in line]) for line in lines)
        restored = restore(masked, text)
        if restored is None:
            return Answer(error=LOST)
        return Answer(restored)

    def _sentences(self, line: str) -> list[str]:
        parts = split(line) if self.engine.sentences else [line]
        return [part.strip() for part in parts if part.strip()]

    def _join(self, sentences: Sequence[str]) -> str:
        """Join translated sentences: with a space, but not after a Chinese full stop."""
        text = ""
        for sentence in map(str.strip, sentences):
            chinese = self.target.startswith("zh") and text[-1:] in "。！？；：…”’）"
            text += ("" if not text or chinese else join_lines(text, sentence)) + sentence
        return text

    def piecewise(self, texts: Sequence[Masked]) -> list[Answer]:
        """Translate only the prose between the placeables, which then cannot be lost."""
        plans = [split_masked(masked.text) for masked in texts]
        wanted = [Masked(part.strip(), ()) for plan in plans for part in plan if _is_prose(part)]
        answers = iter(self.whole(wanted))
        results = []
        for masked, plan in zip(texts, plans, strict=True):
            parts = [(part, next(answers) if _is_prose(part) else Answer(part)) for part in plan]
            results.append(_rejoined(masked, parts))
        return results

    def _ask(self, sentences: Sequence[str]) -> list[Answer]:
        """Ask the engine once for each distinct sentence, with the glossary terms in it.

        When it gives up or is interrupted, the answers that it gave stand; ``stopped`` says why.
        """
        write, read = self.engine.notation.write, self.engine.notation.read
        texts = dict.fromkeys(sentences)
        requests = [Request(write(text), terms=self._terms(text)) for text in texts]
        answers: dict[str, Answer] = {}
        if not self.stopped:
            try:
                stream = self.engine.translate(requests, self.source, self.target)
                for text, answer in zip(texts, stream, strict=False):
                    answers[text] = Answer(read(answer.text), answer.error)
                if len(answers) < len(requests):
                    self.stopped = EngineError(
                        f'The engine "{self.engine.name}" left texts unanswered'
                    )
            except (EngineError, KeyboardInterrupt) as error:
                self.stopped = error
            except Exception as error:  # an engine may be anybody's code
                what = f'The engine "{self.engine.name}" failed: {type(error).__name__}: {error}'
                self.stopped = EngineError(what)
                self.stopped.__cause__ = error
        return [answers.get(text, Answer(error=NOT_ASKED)) for text in sentences]

    def _terms(self, text: str) -> tuple[Term, ...]:
        if "terms" not in self.engine.heeds:
            return ()
        return tuple(dict.fromkeys(match.term for match in self.glossary.find(text)))


def _is_prose(part: str) -> bool:
    return not part.startswith("<x") and any(character.isalpha() for character in part)


def _rejoined(masked: Masked, parts: Sequence[tuple[str, Answer]]) -> Answer:
    error = next((answer.error for _, answer in parts if answer.error), "")
    if error:
        return Answer(error=error)
    text = "".join(_in_place(part, answer.text) for part, answer in parts)
    restored = restore(masked, text)
    return Answer(error=LOST) if restored is None else Answer(restored)


def _in_place(part: str, answer: str) -> str:
    """Return the answer with the spaces around it that the part had."""
    lead, trail = part[: len(part) - len(part.lstrip())], part[len(part.rstrip()) :]
    return lead + answer.strip() + trail
