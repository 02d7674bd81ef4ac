"""Checks of an entry's state: empty, a copy, made for an old text, doubted by a person."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.language import is_copy, is_name, language_of
from pipeline.checks.pair import Guard, Pair, check
from pipeline.inline import count_han
from pipeline.model import Severity, State
from pipeline.patterns import lazy
from pipeline.wording import Message


@check(
    "state",
    Severity.ERROR,
    "Bring the translation up to date and remove its fuzzy flag.",
)
def stale(pair: Pair) -> Iterator[Message]:
    """Find translations that were made for another text than the source of today.

    A changed sentence whose translation still says the old thing misleads readers more than one
    that is not translated. Known from the entry's previous msgid or from the hash in its origin
    comment; a catalog that lacks texts of its post, or holds others, is stale as a whole.

    Wrong: an entry with #, fuzzy and #| msgid "Version 1 is out."
    Right: the same entry with a new msgstr and without both
    """
    if pair.unit.state is State.STALE:
        yield Message("the source has changed since it was translated")


@check(
    "state",
    Severity.WARNING,
    "Translate it (diglot translate, or a PO editor); a name may stay with # diglot: ignore "
    "untranslated.",
    Guard.CATALOG,
)
def untranslated(pair: Pair) -> Iterator[Message]:
    """Find texts without a translation: empty, the same as the source, or marked as needing work.

    Readers of the other language get the source text there. Names, versions and images alone may
    be the same in both languages.

    Wrong: Theory and Mathematical Background → Theory and Mathematical Background
    Right: Google Cloud Storage → Google Cloud Storage
    """
    if not pair.unit.msgstr.strip():
        yield Message("there is no translation")
    elif pair.unit.state is State.NEEDS_WORK and pair.publish not in ("", "all"):
        yield Message("the translation is marked as needing work, so the source text is published")
    elif _copied(pair):
        yield Message("the translation is the same as the source")


def _copied(pair: Pair) -> bool:
    source, target = language_of(pair.source), language_of(pair.target)
    if source == target or not is_copy(pair):
        return False
    words, han = len(_WORD.findall(pair.source_prose)), count_han(pair.source_prose)
    return han >= 2 if target != "zh" else not han and words >= 3 + is_name(pair.source_prose)


_WORD = lazy(r"(?<![\w./@#:-])[A-Za-z][A-Za-z'’-]+(?![\w/@(]|\.\w|::)")
"""A word, not part of a path, an identifier or an address."""


@check(
    "state",
    Severity.ERROR,
    'Finish the translation, or set publish to "machine" or "reviewed".',
)
def fuzzy_published(pair: Pair) -> Iterator[Message]:
    """Find translations that are published though a person marked them as needing work.

    With publish = "all" a text that somebody doubts goes live.

    Wrong: an entry with #, fuzzy and no origin comment, where publish is "all"
    Right: the same entry without #, fuzzy
    """
    if pair.unit.state is State.NEEDS_WORK and pair.publish == "all":
        yield Message("the translation is marked as needing work, yet it is published")


CHECKS = (stale, untranslated, fuzzy_published)
