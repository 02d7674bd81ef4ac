"""Reviewing: which entries wait for a person, and how a decision gets into their file.

A decision is made about an entry as it was shown, and carried out only if it still stands so.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pipeline import catalog as catalogs
from pipeline.checks import Pair, catalog_pairs, check_pair, ignored_in_file
from pipeline.decisions import accepted, is_machine_made, is_waiting, rejected
from pipeline.files import Replacement
from pipeline.glossary import load_glossary
from pipeline.model import Catalog, Finding, Severity, Unit
from pipeline.project import Post, Project, glossary_paths
from pipeline.workspace import Source, load_catalog, read_source, target_locales

Decision = Callable[[Unit], Unit]


@dataclass(frozen=True, slots=True)
class Choice:
    """Which entries are meant: of some locales, with a ``pattern``, made by an engine.

    A pattern is found anywhere in the source or the translation, in any case of letters; ``*`` in
    it stands for any text. The engine ``memory`` is the translation memory.
    """

    locales: Collection[str] = ()
    pattern: str = ""
    engine: str = ""

    def takes(self, unit: Unit) -> bool:
        """Tell whether an entry is meant."""
        origin = unit.origin
        made_by = (origin.name if origin.kind == "machine" else origin.kind) if origin else ""
        if self.engine and made_by != self.engine:
            return False
        return any(_matches(self.pattern, text) for text in (unit.msgid, unit.msgstr))


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that waits for a person, as it stood when it was read."""

    pair: Pair
    catalog: Catalog
    silenced: frozenset[str] = frozenset()

    @property
    def unit(self) -> Unit:
        """The entry itself."""
        return self.pair.unit

    def complaints(self, project: Project, unit: Unit) -> list[Finding]:
        """Return what the checks say of the translation that ``unit`` holds, once accepted."""
        pair = replace(self.pair, unit=accepted(unit))
        return list(check_pair(pair, project.checks, self.silenced))


@dataclass(frozen=True, slots=True)
class Decided:
    """A catalog: how many entries were decided, what keeps others back, its new content."""

    path: str
    entries: int
    kept_back: tuple[Finding, ...] = ()
    new: Replacement | None = None


def waiting(project: Project, post: Post, choice: Choice) -> Iterator[Entry]:
    """Yield the chosen entries of a post that have a translation nobody has confirmed."""
    source = read_source(project, post)
    for locale in target_locales(project, source, choice.locales):
        yield from _entries(project, source, load_catalog(project, source, locale), choice)


def accept_post(choice: Choice, project: Project, post: Post) -> list[Decided]:
    """Accept the chosen machine translations of a post but for those with errors."""

    def decided(entry: Entry) -> Unit | list[Finding]:
        found = entry.complaints(project, entry.unit)
        return [f for f in found if f.severity >= Severity.ERROR] or accepted(entry.unit)

    return _decide_post(choice, decided, project, post)


def reject_post(choice: Choice, project: Project, post: Post) -> list[Decided]:
    """Reject the chosen machine translations of a post."""
    return _decide_post(choice, lambda entry: rejected(entry.unit), project, post)


def carry_out(entry: Entry, decision: Unit) -> Entry | None:
    """Write what was decided about an entry; ``None`` if it has changed since it was read.

    Raises:
        PipelineError: the catalog cannot be read or written.
    """

    def decided(present: Catalog) -> Catalog:
        return _with_units(present, {entry.unit: decision})

    if not catalogs.update(entry.catalog.path, entry.catalog.locale, decided):
        return None
    return replace(entry, pair=replace(entry.pair, unit=decision))


def reread(project: Project, entry: Entry) -> Entry | None:
    """Return the entry as it stands now, if it waits still."""
    present = catalogs.load(entry.catalog.path, entry.catalog.locale)
    found = (u for u in present.units if u.key == entry.unit.key and is_waiting(u))
    return next((replace(entry, pair=replace(entry.pair, unit=u)) for u in found), None)


def _decide_post(
    choice: Choice,
    decide: Callable[[Entry], Unit | list[Finding]],
    project: Project,
    post: Post,
) -> list[Decided]:
    source = read_source(project, post)
    results = []
    for locale in target_locales(project, source, choice.locales):
        catalog = load_catalog(project, source, locale)
        entries = _entries(project, source, catalog, choice)
        answers = {e.unit: decide(e) for e in entries if is_machine_made(e.unit)}
        decided = {unit: new for unit, new in answers.items() if isinstance(new, Unit)}
        kept_back = [f for found in answers.values() if isinstance(found, list) for f in found]
        if answers:
            new = _replacement(catalog, decided) if decided else None
            results.append(Decided(str(catalog.path), len(decided), tuple(kept_back), new))
    return results


def _replacement(catalog: Catalog, decided: Mapping[Unit, Unit]) -> Replacement:
    data = catalogs.encoded(_with_units(catalog, decided))
    return Replacement(catalog.path, data, catalog.digest)


def _with_units(catalog: Catalog, decided: Mapping[Unit, Unit]) -> Catalog:
    return replace(catalog, units=tuple(decided.get(unit, unit) for unit in catalog.units))


def _entries(project: Project, source: Source, catalog: Catalog, choice: Choice) -> Iterator[Entry]:
    silenced = ignored_in_file(source.document, catalog)
    glossary = load_glossary(glossary_paths(project, source.post), source.locale, catalog.locale)
    pairs: Sequence[Pair] = catalog_pairs(
        source.document,
        catalog,
        source.locale,
        options=project.check_options,
        glossary=glossary,
        publish=project.publish,
    )
    for pair in pairs:
        if is_waiting(pair.unit) and choice.takes(pair.unit):
            yield Entry(pair, catalog, silenced)


def _matches(pattern: str, text: str) -> bool:
    text, position = text.casefold(), 0
    for part in pattern.casefold().split("*"):
        position = text.find(part, position)
        if position < 0:
            return False
        position += len(part)
    return True
