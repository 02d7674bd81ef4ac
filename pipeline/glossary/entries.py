"""A glossary entry: a concept and its names in several languages, whatever file it stands in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.model import Term

CASE_SENSITIVE, KEEP, OFF = FLAGS = ("case-sensitive", "keep", "off")
PARTS_OF_SPEECH = ("noun", "verb", "adjective", "adverb", "proper noun", "other")

Texts = Mapping[str, tuple[str, ...]]
"""Texts by locale, each locale spelled as ``locale_key`` does; none is without a text."""


def locale_key(name: str) -> str:
    """Return a locale's name so that two spellings of it are equal: ``zh_cn`` for ``zh-CN``."""
    return name.strip().replace("-", "_").lower()


@dataclass(frozen=True)
class Entry:
    """One row of a glossary, good for every direction between its languages.

    Of several texts in a language the first is to be written, the others will do. ``path`` and
    ``line`` say where it stands.
    """

    texts: Texts
    forbidden: Texts = field(default_factory=dict)
    note: str = ""
    part_of_speech: str = ""
    flags: frozenset[str] = frozenset()
    path: Path | None = field(default=None, compare=False)
    line: int = field(default=0, compare=False)

    @property
    def is_off(self) -> bool:
        """Whether the row only says that a term of an outer file does not hold here."""
        return OFF in self.flags

    def terms(self, source: str, target: str) -> Iterator[Term]:
        """Yield the terms from one locale to another; none where the entry lacks one of them."""
        keep = KEEP in self.flags
        sources, targets = (self.texts.get(locale_key(name), ()) for name in (source, target))
        if keep:
            sources = targets = sources or targets
        if not (sources and targets) or self.is_off:
            return
        for text in sources:
            yield Term(
                text,
                text if keep else targets[0],
                note=self.note,
                case_sensitive=CASE_SENSITIVE in self.flags,
                keep=keep,
                forbidden=self.forbidden.get(locale_key(target), ()),
                also=() if keep else targets[1:],
                part_of_speech=self.part_of_speech,
            )

    def shown(self) -> str:
        """Return the entry as a message quotes it."""
        return " = ".join("|".join(texts) for texts in self.texts.values())

    def localised(self, localise: Callable[[str], str | None]) -> Entry:
        """Return the entry with its locales as ``localise`` names them, without those it does not.

        Texts of several languages that it takes for one are joined.
        """
        return replace(
            self,
            texts=_localised(self.texts, localise),
            forbidden=_localised(self.forbidden, localise),
        )


def _localised(texts: Texts, localise: Callable[[str], str | None]) -> Texts:
    joined: dict[str, tuple[str, ...]] = {}
    for name, listed in texts.items():
        locale = localise(name)
        if locale:
            key = locale_key(locale)
            joined[key] = tuple(dict.fromkeys((*joined.get(key, ()), *listed)))
    return joined


@dataclass(frozen=True, slots=True)
class Table:
    """A glossary file as it was read: its header, its entries, and what is wrong with it.

    ``columns`` are the names in the header as they stand there, in ``header_line``; ``locales``
    the keys of its languages; ``ignored`` the columns that say nothing to us.
    """

    path: Path
    columns: tuple[str, ...] = ()
    locales: tuple[str, ...] = ()
    entries: tuple[Entry, ...] = ()
    problems: tuple[PipelineError, ...] = ()
    ignored: tuple[str, ...] = ()
    header_line: int = 1
