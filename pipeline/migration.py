"""Taking over what was translated under other rules: by another tool, or an earlier segmentation.

An entry of such a catalog is read as the piece of a post that it is. Where it holds the same blocks
in both languages, each pair of them becomes an entry as ``extract`` would have made it; what then
is a text of the post is translated, all else is for ``merge`` to offer or to keep. How many spaces
stand between two words makes no difference: po4a writes two where a line ends with a sentence.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import PurePosixPath

from pipeline.braces import double_braces, substitute
from pipeline.catalog import BRACE_FLAG, merge
from pipeline.errors import PipelineError
from pipeline.markdown import parse
from pipeline.model import Catalog, Document, Profile, Segment, State, Unit

Key = tuple[str | None, str]

_BY_PEOPLE = (State.TRANSLATED, State.NEEDS_WORK, State.STALE)
_SPACES = re.compile(r" {2,}")
_ANY_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Migrated:
    """A catalog that has taken over earlier translations: how many as they are, how many as offers.

    ``left`` counts the translations in it, of people, that are of no use to the post.
    """

    catalog: Catalog
    taken: int
    offered: int
    left: int


def migrate(
    catalog: Catalog, wanted: Sequence[Unit], document: Document, foreign: Sequence[Unit] = ()
) -> Migrated:
    """Bring a catalog in line with its post as ``merge`` does, and take over what can be.

    ``foreign`` are entries of another catalog, which may be for many posts: of these only what the
    post has a use for is taken.
    """
    keys = {unit.key for unit in wanted}
    spellings = {(context, _spaced(msgid)): msgid for context, msgid in keys}
    rules = _Rules(document.profile, _definitions(document), spellings)
    own = _in_our_form(rules, catalog.units, keys)
    named = PurePosixPath(document.name).name
    others = {
        key: unit
        for key, unit in _in_our_form(rules, foreign, keys).items()
        if key in keys or not unit.references or any(named in place for place in unit.references)
    }
    pool = {**others, **{key: unit for key, unit in own.items() if _is_kept(unit, others)}}
    merged = merge(replace(catalog, units=tuple(pool.values())), wanted)
    units = tuple(unit for unit in merged.units if not unit.obsolete or unit.key in own)
    new = replace(merged, units=units)
    return Migrated(new, *_counted(catalog, new))


def _in_our_form(rules: _Rules, units: Sequence[Unit], wanted: set[Key]) -> dict[Key, Unit]:
    """Return the units by key, those of other forms in ours, as far as they do not contradict."""
    found = {unit.key: unit for unit in units}
    for unit in units:
        pairs = list(_converted(rules, unit, wanted))
        fits = bool(pairs)
        for pair in pairs:
            known = found.get(pair.key)
            if known is None or known is unit or not _is_by_a_person(known):
                found[pair.key] = pair
            fits &= found[pair.key].msgstr == pair.msgstr
        if fits and unit.key not in {pair.key for pair in pairs}:
            del found[unit.key]
    return found


def _is_kept(own: Unit, others: Mapping[Key, Unit]) -> bool:
    """Tell whether a unit stays; an empty one without a comment would keep out what is offered."""
    if own.state is State.UNTRANSLATED and not own.comments:
        return False
    return own.key not in others or _is_by_a_person(own)


def _is_by_a_person(unit: Unit) -> bool:
    return unit.state in _BY_PEOPLE and not (unit.fuzzy and unit.origin)


def _counted(old: Catalog, new: Catalog) -> tuple[int, int, int]:
    before = {unit.key: unit.state for unit in old.units if not unit.obsolete}
    active = [
        unit for unit in new.units if not unit.obsolete and before.get(unit.key) != unit.state
    ]
    return (
        sum(unit.state is State.TRANSLATED for unit in active),
        sum(unit.state in (State.STALE, State.NEEDS_WORK) for unit in active),
        sum(unit.obsolete and _is_by_a_person(unit) for unit in new.units),
    )


# Entries as pieces of a post


@dataclass(frozen=True, slots=True)
class _Rules:
    """How the post is read: its dialect, and the definitions of its references by label.

    ``spellings`` are its texts by context and by what they are with single spaces.
    """

    profile: Profile
    definitions: Mapping[str, str]
    spellings: Mapping[Key, str]

    def segments(self, text: str) -> tuple[Segment, ...]:
        """Return the segments of a piece of the post."""
        used = [line for label, line in self.definitions.items() if f"[{label}]" in text]
        return _segments("\n".join([text, "", *used, ""]), self.profile)


@cache
def _segments(text: str, profile: Profile) -> tuple[Segment, ...]:
    try:
        found = parse("", text, profile, ()).segments
    except PipelineError:  # it looks like front matter, and is none
        return ()
    return tuple(segment for segment in found if not segment.is_metadata)


def _definitions(document: Document) -> dict[str, str]:
    found = {}
    for entry in document.shape:
        line = entry.removeprefix("verbatim definition ")
        if line != entry and line.startswith("["):
            found[line[1:].partition("]")[0]] = line
    return found


def _converted(rules: _Rules, unit: Unit, wanted: set[Key]) -> Iterator[Unit]:
    """Yield what a unit is in our form; nothing if it has that, or is of no use."""
    if not _is_by_a_person(unit) or unit.plural is not None:
        return
    if unit.previous is not None:
        yield from _restored(rules, unit)
    elif unit.key not in wanted and BRACE_FLAG not in unit.flags:
        yield from _pairs(rules, unit)


def _restored(rules: _Rules, stale: Unit) -> Iterator[Unit]:
    """Yield a unit that is stale only because its text was written otherwise before."""
    earlier = replace(stale, msgid=stale.previous or "", fuzzy=False, previous=None, flags=())
    for unit in _pairs(rules, earlier):
        if unit.msgid == stale.msgid:
            yield replace(
                stale, msgstr=unit.msgstr, fuzzy=unit.fuzzy, previous=None, previous_context=None
            )


def _pairs(rules: _Rules, unit: Unit) -> Iterator[Unit]:
    """Yield the entries that the blocks of one make, where both languages have the same ones."""
    source, target = rules.segments(unit.msgid), rules.segments(unit.msgstr)
    if [s.kind for s in source] != [s.kind for s in target]:
        return
    for before, after in zip(source, target, strict=True):
        text, sure = _numbered(before, after)
        yield replace(
            unit,
            msgid=rules.spellings.get((unit.context, _spaced(before.msgid)), before.msgid),
            msgstr=text,
            fuzzy=unit.fuzzy or not sure,
            notes=(),
        )


def _numbered(source: Segment, target: Segment) -> tuple[str, bool]:
    """Return the target with the numbers that its links have in the source, and if that is sure.

    What the source has not is written out. What differs from it in spaces alone, which machines put
    into addresses, is taken for it.
    """
    left = list(enumerate(map(_compact, source.pieces), 1))
    names = []
    for piece in target.pieces:
        wanted = _compact(piece)
        same = next((number for number, text in left if text == wanted), None)
        names.append(f"{{{same}}}" if same else double_braces(piece))
        left = [(number, text) for number, text in left if number != same]
    parts = substitute(target.msgid, names)
    text = "".join(part if is_piece else double_braces(part) for part, is_piece in parts)
    return text, not left and len(source.pieces) == len(target.pieces)


def _spaced(text: str) -> str:
    return _SPACES.sub(" ", text)


def _compact(piece: str) -> str:
    return _ANY_SPACE.sub("", html.unescape(piece))
