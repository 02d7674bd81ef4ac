"""Changed paragraphs: keep the sentences that a person has translated, ask for the others.

The result is a suggestion. It stands in a comment of the unit, with its origin and the hash of the
text that it is for; the person's translation and the text that it was made for stay where they
are, and so the unit stays stale until a person decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, replace

from pipeline.catalog import SUGGESTION
from pipeline.decisions import escaped, suggestion
from pipeline.inline import find
from pipeline.masking import mask, unmask
from pipeline.model import Profile, State, Unit, fingerprint
from pipeline.sentences import split


@dataclass(frozen=True, slots=True)
class Revision:
    """The sentences of a changed text by line, each with its translation or ``None``."""

    lines: tuple[tuple[tuple[str, str | None], ...], ...]

    @property
    def wanted(self) -> list[str]:
        """The sentences that have no translation yet."""
        return [text for line in self.lines for text, known in line if known is None]

    def filled(self, translations: Iterable[str]) -> list[list[str]]:
        """Return the translations of all sentences, by line; the wanted ones are given."""
        given = iter(translations)
        return [
            [next(given) if known is None else known for _, known in line] for line in self.lines
        ]


def revise(unit: Unit, profile: Profile) -> Revision | None:
    """Return what of a stale unit's old translation can be kept; ``None``: nothing.

    Sentences of the old text and its translation belong together where there are as many of them
    and each pair holds the same placeables.
    """
    if unit.obsolete or unit.plural is not None or unit.state is not State.STALE:
        return None
    if not unit.previous or suggestion(unit):
        return None
    known = dict(_pairs(unit.previous, unit.msgstr, profile))
    lines = tuple(
        tuple((text, known.get(text)) for text in line) for line in _sentences(unit.msgid, profile)
    )
    kept = any(translation is not None for line in lines for _, translation in line)
    return Revision(lines) if kept else None


def suggested(unit: Unit, text: str, engine: str) -> Unit:
    """Return the unit with a suggestion in its comments, in place of an older one."""
    comment = f"{SUGGESTION}{engine} src={fingerprint(unit.msgid)}: {escaped(text)}"
    others = (text for text in unit.comments if not text.startswith(SUGGESTION))
    return replace(unit, comments=(*others, comment))


def _sentences(text: str, profile: Profile) -> list[list[str]]:
    """Return the sentences of a msgid or msgstr by line; no placeable is cut."""
    masked = mask(text, profile)
    lines = [split(line) for line in masked.text.split("\n")]
    whole = [[(unmask(part, masked.pieces) or "") for part in line] for line in lines]
    if whole[0]:
        whole[0][0] = masked.lead + whole[0][0]
    if whole[-1]:
        whole[-1][-1] += masked.trail
    return [[part.strip() for part in line if part.strip()] for line in whole]


def _pairs(source: str, target: str, profile: Profile) -> list[tuple[str, str]]:
    before = [text for line in _sentences(source, profile) for text in line]
    after = [text for line in _sentences(target, profile) for text in line]
    if len(before) != len(after):
        return []
    pairs = zip(before, after, strict=True)
    return [(a, b) for a, b in pairs if _content(a, profile) == _content(b, profile)]


def _content(text: str, profile: Profile) -> Counter[tuple[str, str]]:
    return Counter((p.kind, p.text) for p in find(text, profile, msgid=True))
