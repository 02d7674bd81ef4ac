"""What a person can decide about one entry: accept it, reject it, write it anew.

Accepting makes a translation a person's: the fuzzy flag, the origin and the previous text go.
Rejecting empties what a machine made; the text stays in the comment ``# rejected: google: …``. That
engine is not asked again, and no answer that says the same is taken. A person's words are never
removed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from pipeline.catalog import DIFFERENCE, REJECTED, SUGGESTION, settled
from pipeline.model import State, Unit, fingerprint
from pipeline.patterns import lazy

_ESCAPE = lazy(r"\\([\\n])")
_REJECTED = lazy(rf"{REJECTED}(.*?): (.*)", re.DOTALL)
_SUGGESTION = lazy(rf"{SUGGESTION}(.*?) src=(\w+): (.*)", re.DOTALL)


def escaped(text: str) -> str:
    """Return a translation as a comment holds it, on one line."""
    return text.replace("\\", "\\\\").replace("\n", "\\n")


def is_waiting(unit: Unit) -> bool:
    """Tell whether the entry has a translation that no person has confirmed."""
    fuzzy = unit.fuzzy and bool(unit.msgstr)
    return fuzzy and not unit.obsolete and unit.plural is None


def accepted(unit: Unit) -> Unit:
    """Return the entry with its translation confirmed."""
    return settled(replace(unit, fuzzy=False))


def rewritten(unit: Unit, text: str, *, finished: bool = True) -> Unit:
    """Return the entry with what a person wrote; unless ``finished``, it needs work still."""
    unit = accepted(replace(unit, msgstr=text))
    return unit if finished else replace(unit, fuzzy=True)


def can_reject(unit: Unit) -> bool:
    """Tell whether there is a machine's work in the entry: its translation, or a suggestion."""
    return is_waiting(unit) and (unit.origin is not None or suggestion(unit) is not None)


def rejected(unit: Unit) -> Unit:
    """Return the entry without what a machine made, which stands in a comment then.

    Where the translation is a person's, only the suggestion for it goes.
    """
    offered = _suggestion(unit)
    others = tuple(c for c in unit.comments if not c.startswith((DIFFERENCE, SUGGESTION)))
    if offered and unit.origin is None:
        comment = f"{REJECTED}{offered[1]}: {offered[3]}"
        return replace(unit, comments=_with(others, comment))
    if unit.origin is None:
        raise ValueError("a person's translation cannot be rejected")
    comment = f"{REJECTED}{unit.origin.name}: {escaped(unit.msgstr)}"
    empty = replace(unit, msgstr="", fuzzy=False, comments=_with(others, comment))
    return settled(empty)


def rejected_texts(unit: Unit) -> frozenset[str]:
    """Return the translations of the entry that a person has rejected."""
    found = (_REJECTED.fullmatch(comment) for comment in unit.comments)
    return frozenset(_unescaped(match[2]) for match in found if match)


def rejected_engines(unit: Unit) -> frozenset[str]:
    """Return the names of the engines whose translations of the entry a person has rejected."""
    found = (_REJECTED.fullmatch(comment) for comment in unit.comments)
    return frozenset(match[1] for match in found if match)


def suggestion(unit: Unit) -> str | None:
    """Return the translation that is suggested for the entry's text of today, if there is one."""
    found = _suggestion(unit)
    return _unescaped(found[3]) if found else None


def is_machine_made(unit: Unit) -> bool:
    """Tell whether the translation is a machine's, made for the text of today."""
    return is_waiting(unit) and unit.state is State.MACHINE


def _suggestion(unit: Unit) -> re.Match[str] | None:
    wanted = fingerprint(unit.msgid)
    found = (_SUGGESTION.fullmatch(comment) for comment in unit.comments)
    return next((match for match in found if match and match[2] == wanted), None)


def _with(comments: Iterable[str], comment: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*comments, comment]))


def _unescaped(text: str) -> str:
    return _ESCAPE.sub(lambda match: "\n" if match[1] == "n" else "\\", text)
