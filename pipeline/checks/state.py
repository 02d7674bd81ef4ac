"""Checks of an entry's state: empty, made for an old text, doubted by a person."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.pair import Check, Pair
from pipeline.model import Severity, State


def _stale(pair: Pair) -> Iterator[str]:
    if pair.unit.state is State.STALE:
        yield "the source has changed since it was translated"


def _untranslated(pair: Pair) -> Iterator[str]:
    if not pair.unit.msgstr.strip():
        yield "there is no translation"
    elif pair.unit.state is State.NEEDS_WORK and pair.publish != "all":
        yield "the translation is marked as needing work, so the source text is published"


def _fuzzy_published(pair: Pair) -> Iterator[str]:
    if pair.unit.state is State.NEEDS_WORK and pair.publish == "all":
        yield "the translation is marked as needing work, yet it is published"


CHECKS = (
    Check(
        "stale",
        "state",
        Severity.ERROR,
        "were made for an older text",
        _stale,
        "Bring the translation up to date and remove its fuzzy flag.",
    ),
    Check(
        "untranslated",
        "state",
        Severity.WARNING,
        "are empty, or not fit to be published",
        _untranslated,
        "Run diglot translate, or translate the entry in a PO editor.",
    ),
    Check(
        "fuzzy-published",
        "state",
        Severity.WARNING,
        "are published though somebody marked them as needing work",
        _fuzzy_published,
        'Finish the translation, or set publish to "machine" or "reviewed".',
    ),
)
