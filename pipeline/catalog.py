"""Catalogs: what a post asks for, and how it is merged with what translators have done.

The PO format itself lies in ``pipeline.po``; its ``load``, ``dumps`` and ``save`` are offered here
too.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.model import Catalog, Segment, State, Unit
from pipeline.patterns import lazy
from pipeline.po import dumps, encoded, load, save, update

if TYPE_CHECKING:
    from pipeline.versions import Heritage

__all__ = [
    "dumps",
    "encoded",
    "is_kept",
    "load",
    "merge",
    "new",
    "save",
    "settled",
    "template",
    "update",
    "wanted",
    "wants",
]

BRACE_FLAG = "python-brace-format"
_WRONG_FLAG = "python-format"
"""What Babel makes of prose such as "100% of users"; msgfmt then refuses good translations."""
KEPT = "kept: already "
"""How the comment starts that marks a unit whose source is in the target language already."""
SUGGESTION = "suggestion: "
"""How the comment starts that offers a translation of a changed text."""
DIFFERENCE = "source differs: "
"""How the comment starts that shows what a fuzzy match was not made for."""
OTHER_VERSION = "other version: "
"""How the comment starts that holds what somebody else made of the same text."""
REJECTED = "rejected: "
"""How the comment starts that keeps a machine's translation that a person does not want."""
_OFFERS = (SUGGESTION, DIFFERENCE, OTHER_VERSION)
"""What means nothing once a person has decided."""

_LINE_ENDS = lazy(r"[\r\n]+")
_PLACES = 3
_PIECE_LENGTH = 200


def new(path: Path, locale: str, source: str) -> Catalog:
    """Return an empty catalog for translations from ``source`` into ``locale``.

    The header has no dates: they change without need, and Babel cannot read an empty one. So
    ``msgfmt -c`` warns of fields that it misses, and accepts the file.
    """
    return Catalog(path, locale, header=_header(locale, source))


def template(path: Path, wanted: Sequence[Unit], source: str) -> Catalog:
    """Return the template (``.pot``) that lists the ``wanted`` units without translations."""
    return Catalog(path, "", units=tuple(wanted), header=_header("", source))


def wanted(
    segments: Sequence[Segment], post: str, *, line_numbers: bool = False
) -> tuple[Unit, ...]:
    """Return the units that a post asks for: one a text and context, in the order of the post.

    ``post`` is the name that the ``#:`` references show, with the line where ``line_numbers``.
    """
    shared: dict[tuple[str | None, str], list[Segment]] = {}
    for segment in segments:
        shared.setdefault(segment.key, []).append(segment)
    return tuple(
        Unit(
            msgid,
            context=context,
            notes=(*_places(occurrences), *_pieces(occurrences), *_remarks(occurrences)),
            references=tuple(
                dict.fromkeys(f"{post}:{s.line}" if line_numbers else post for s in occurrences)
            ),
            flags=(BRACE_FLAG,) if "{" in msgid or "}" in msgid else (),
        )
        for (context, msgid), occurrences in shared.items()
    )


def wants(unit: Unit) -> bool:
    """Tell whether a unit is to be filled: only what nobody has translated is."""
    return not unit.obsolete and unit.plural is None and unit.state is State.UNTRANSLATED


def merge(catalog: Catalog, wanted: Sequence[Unit]) -> Catalog:
    """Bring the catalog in line with what its post asks for now.

    A known unit keeps its translation, also one that was obsolete. An unknown one takes that of a
    unit that has gone of which it is a version, a part or the sum, as fuzzy with the text that it
    was made for. What is left and translated becomes obsolete. Merging the same units again
    changes nothing.
    """
    known = {unit.key: settled(unit) for unit in catalog.units}
    keys = {unit.key for unit in wanted}
    gone = [unit for key, unit in known.items() if key not in keys and _worth_keeping(unit)]
    # A machine's text is made anew rather than handed on to a person as stale.
    by_people = [unit for unit in gone if not (unit.fuzzy and unit.origin)]
    new = [unit for unit in wanted if unit.key not in known]
    taken_over = _taken_over(new, by_people, catalog.units, wanted)
    active = [_merged(unit, known.get(unit.key), taken_over.get(unit.key)) for unit in wanted]
    taken = {old.used for old in taken_over.values()}
    left = sorted((u for u in gone if u.key not in taken), key=lambda unit: not unit.obsolete)
    return replace(
        catalog,
        units=(*active, *map(_retired, left)),
        header=catalog.header or _header(catalog.locale, ""),
    )


def _taken_over(
    new: Sequence[Unit], gone: Sequence[Unit], before: Sequence[Unit], after: Sequence[Unit]
) -> dict[tuple[str | None, str], Heritage]:
    if not new or not gone:
        return {}
    from pipeline.versions import heritage  # a run that changes little needs none of it

    return heritage(new, gone, before, after)


def _header(locale: str, source: str) -> tuple[tuple[str, str], ...]:
    fields = {
        "Language": locale,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": _plural_forms(locale) if locale else "",
        "X-Source-Language": source,
        "X-Generator": "Diglot",
    }
    return tuple((name, value) for name, value in fields.items() if value)


_PLURAL_FORMS = {"en": "nplurals=2; plural=(n != 1);", "zh": "nplurals=1; plural=0;"}
"""Babel's, for the usual languages: importing that costs more than extracting a post."""


@cache
def _plural_forms(locale: str) -> str:
    known = _PLURAL_FORMS.get(locale.split("_")[0])
    if known:
        return known
    from babel.messages.plurals import get_plural

    return get_plural(locale).plural_forms


# What a post asks for


def _places(occurrences: Sequence[Segment]) -> Iterator[str]:
    for segment in occurrences[:_PLACES]:
        yield " · ".join([segment.kind, *(_cut(_one_line(title)) for title in segment.path[-1:])])
    if len(occurrences) > _PLACES:
        yield f"and {len(occurrences) - _PLACES} more"


def _pieces(occurrences: Sequence[Segment]) -> Iterator[str]:
    columns = zip(*(segment.pieces for segment in occurrences), strict=False)
    for number, column in enumerate(columns, 1):
        distinct = islice(dict.fromkeys(map(_one_line, column)), _PLACES)
        yield f"{{{number}}} = {' | '.join(map(_cut, distinct))}"


def _remarks(occurrences: Sequence[Segment]) -> Iterator[str]:
    for note in dict.fromkeys(_one_line(segment.note) for segment in occurrences if segment.note):
        yield f"note: {note}"


def _one_line(text: str) -> str:
    return _LINE_ENDS.sub(" ", text) if "\n" in text or "\r" in text else text


def _cut(text: str) -> str:
    return text if len(text) <= _PIECE_LENGTH else text[: _PIECE_LENGTH - 1] + "…"


# Merging one unit


def settled(unit: Unit) -> Unit:
    """Drop what the unit's state has made void: a person accepted or emptied the translation."""
    if not (unit.fuzzy and _is_translated(unit)):
        void = (*_OFFERS, REJECTED) if _is_translated(unit) else _OFFERS
        unit = replace(
            unit,
            fuzzy=False,
            origin=None,
            previous=None,
            previous_context=None,
            previous_plural=None,
            comments=tuple(text for text in unit.comments if not text.startswith(void)),
        )
    if unit.msgstr != unit.msgid:
        comments = tuple(text for text in unit.comments if not text.startswith(KEPT))
        unit = replace(unit, comments=comments)
    return unit


def _is_translated(unit: Unit) -> bool:
    return any(unit.plurals) or bool(unit.msgstr)


def is_kept(unit: Unit) -> bool:
    """Tell whether the unit's text is in the target language already, as a comment says."""
    return any(text.startswith(KEPT) for text in unit.comments)


def _worth_keeping(unit: Unit) -> bool:
    """Tell whether the unit holds work; the copy of a kept segment comes back by itself."""
    return _is_translated(unit) and not is_kept(unit)


def _merged(wanted: Unit, known: Unit | None, taken_over: Heritage | None) -> Unit:
    if known is not None:
        return replace(
            known,
            obsolete=False,
            notes=wanted.notes,
            references=wanted.references,
            flags=_flags(known.flags, wanted.flags),
        )
    if taken_over is None:
        return wanted
    comments = [text for text in taken_over.comments if not text.startswith(DIFFERENCE)]
    comments += [DIFFERENCE + taken_over.difference] if taken_over.difference else []
    return replace(
        wanted,
        msgstr=taken_over.msgstr,
        fuzzy=True,
        previous=taken_over.previous,
        previous_context=taken_over.previous_context,
        comments=tuple(comments),
        flags=_flags(taken_over.flags, wanted.flags),
    )


def _flags(old: Sequence[str], wanted: Sequence[str]) -> tuple[str, ...]:
    """Return the old flags in their order, but for those that the text decides."""
    kept = [flag for flag in old if flag not in (BRACE_FLAG, _WRONG_FLAG) or flag in wanted]
    return tuple(dict.fromkeys([*kept, *wanted]))


def _retired(unit: Unit) -> Unit:
    if unit.obsolete:
        return unit
    return replace(unit, obsolete=True, notes=(), references=())
