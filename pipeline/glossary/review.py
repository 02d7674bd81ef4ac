"""What is wrong with glossaries: rows that say nothing, the same twice, or two things at once."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import permutations

from pipeline.errors import PipelineError
from pipeline.glossary.cascade import names, no_column
from pipeline.glossary.entries import CASE_SENSITIVE, KEEP, Entry, Table, locale_key
from pipeline.glossary.matching import Matcher, Phrase, fold
from pipeline.model import Finding, Severity
from pipeline.wording import NOTHING, Message, listed

DUPLICATE, CONFLICT = "duplicate-term", "conflicting-term"

_ONE_CELL = Message(
    "Write texts that are both right in one cell, as one|another, or name the pos of each."
)


def review(table: Table, locales: Sequence[str], outer: Sequence[Table] = ()) -> Iterator[Finding]:
    """Yield what is wrong with a table whatever the posts hold.

    ``locales`` are the project's, ``outer`` the tables that also hold where this one does.
    """
    for name in locales:
        if table.columns and locale_key(name) not in table.locales:
            yield from problems([no_column(table, name)])
    yield from problems(table.problems)
    for entry in table.entries:
        yield from _review_entry(entry, locales)
    yield from _idle_rows(table, outer)
    rows = [entry for entry in table.entries if not entry.is_off]
    yield from (finding for _, finding in contradictions(rows))


def _idle_rows(table: Table, outer: Sequence[Table]) -> Iterator[Finding]:
    held: dict[tuple[str, str], list[set[tuple[str, str]]]] = {}
    for entry in (entry for file in outer for entry in file.entries):
        for name in names(entry):
            held.setdefault(name, []).append(set(names(entry)))
    for entry in table.entries:
        wanted = names(entry)
        if entry.is_off and not any(row.issuperset(wanted) for row in held.get(wanted[0], ())):
            hint = Message(
                "It switches off the terms of outer glossaries that hold all of its texts."
            )
            yield entry_finding(
                entry, "off-term", Severity.WARNING, Message("switches nothing off"), hint
            )


def problems(errors: Sequence[PipelineError]) -> Iterator[Finding]:
    """Yield the complaints about a file as findings."""
    for error in errors:
        place = str(error.path or "")
        yield Finding(
            "glossary-file", Severity.ERROR, error.what, place, error.line or 0, hint=error.hint
        )


def entry_finding(
    entry: Entry, check: str, severity: Severity, what: Message, hint: Message = NOTHING
) -> Finding:
    """Return a finding about an entry, which its message names."""
    message = Message('"{entry}" {what}', entry=entry.shown(), what=what)
    return Finding(check, severity, message, str(entry.path or ""), entry.line, hint=hint)


def _review_entry(entry: Entry, locales: Sequence[str]) -> Iterator[Finding]:
    for locale, texts in entry.forbidden.items():
        own = {fold(text) for text in entry.texts.get(locale, ())}
        for text in texts:
            if fold(text) in own:
                what = Message('forbids "{text}", which is the term', text=text)
                hint = Message("Leave one of them out.")
                yield entry_finding(entry, "forbidden-term", Severity.ERROR, what, hint)
    if entry.is_off or KEEP in entry.flags:
        return
    empty = [name for name in locales if locale_key(name) not in entry.texts]
    if empty:
        useless = len(locales) - len(empty) < 2
        what = Message("has no text in {locales}", locales=listed(empty))
        hint = Message("Fill the cell, or write the flag keep for a name that stays as it is.")
        severity = Severity.WARNING if useless else Severity.INFO
        yield entry_finding(entry, "empty-term", severity, what, hint)


def contradictions(entries: Sequence[Entry]) -> Iterator[tuple[Entry, Finding]]:
    """Yield every entry that repeats an earlier one, or differs from it, with the finding.

    Entries that name different parts of speech may differ.
    """
    earlier: dict[tuple[str, str, str], Entry] = {}
    reported: set[tuple[int, int]] = set()
    for entry in entries:
        for source, target in permutations(entry.texts, 2):
            for text in entry.texts[source]:
                key = (source, target, text if CASE_SENSITIVE in entry.flags else fold(text))
                other = earlier.setdefault(key, entry)
                pair = (id(entry), id(other))
                if other is not entry and pair not in reported and not _homonyms(entry, other):
                    reported.add(pair)
                    yield entry, _contradiction(entry, other, text, target)


def _homonyms(one: Entry, other: Entry) -> bool:
    speeches = {one.part_of_speech, other.part_of_speech}
    return len(speeches) == 2 and "" not in speeches


def _contradiction(entry: Entry, other: Entry, text: str, target: str) -> Finding:
    place: str = Message("line {line}", line=other.line)
    if other.path != entry.path:
        place = f"{other.path}:{other.line}"
    mine, theirs = ({fold(t) for t in e.texts[target]} for e in (entry, other))
    if mine & theirs:
        return entry_finding(
            entry,
            DUPLICATE,
            Severity.WARNING,
            Message("repeats {place}", place=place),
            Message("Remove one."),
        )
    what = Message(
        'is "{texts}" for "{text}" on {place}',
        texts="|".join(other.texts[target]),
        text=text,
        place=place,
    )
    return entry_finding(entry, CONFLICT, Severity.WARNING, what, _ONE_CELL)


def unused(
    entries: Sequence[Entry], locales: Sequence[str], texts: Sequence[tuple[str, str]]
) -> Iterator[Entry]:
    """Yield the entries that occur in none of the texts; of a text also its locale is given."""
    named = [entry for entry in entries if not entry.is_off]
    present: set[int] = set()
    for locale in locales:
        owners, phrases = [], []
        for number, entry in enumerate(named):
            names = entry.texts.get(locale_key(locale), ())
            if KEEP in entry.flags and not names:
                names = next(iter(entry.texts.values()))
            for name in names:
                owners.append(number)
                case = CASE_SENSITIVE in entry.flags
                phrases.append(Phrase(name, case, entry.part_of_speech == "verb"))
        matcher = Matcher.of(phrases)
        for language, text in texts:
            if language == locale:
                present.update(owners[number] for number in matcher.present(text))
    yield from (entry for number, entry in enumerate(named) if number not in present)
