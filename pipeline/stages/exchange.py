"""Exchange: catalogs as TMX or XLIFF for translators' tools, and back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.errors import PipelineError, did_you_mean
from pipeline.exchange import Incoming, Outgoing, read_xliff
from pipeline.exchange.xliff1 import xliff1
from pipeline.exchange.xliff2 import xliff2
from pipeline.files import Change
from pipeline.incoming import Arrival, Outcome
from pipeline.memory import Entry
from pipeline.memory.tmx import tmx
from pipeline.model import Catalog, State, Unit
from pipeline.po import update
from pipeline.project import Project, bcp47, match_locale
from pipeline.recall import tmx_entries
from pipeline.wording import Message, all_of
from pipeline.workspace import (
    existing_catalog,
    read_sources,
    target_locales,
)
from pipeline.xmlfile import representable


@dataclass(frozen=True, slots=True)
class Exported:
    """A file's content, its number of entries, and how many XML could not hold."""

    data: bytes
    entries: int
    left_out: int


@dataclass(slots=True)
class Imported:
    """What became of the entries of a file: the catalogs that changed, and outcomes by number."""

    changes: list[Change] = field(default_factory=list)
    outcomes: Counter[Outcome] = field(default_factory=Counter)
    unknown: int = 0
    """Entries in languages, or of posts, that the project has not."""


def _as_tmx(files: Sequence[Outgoing]) -> Iterator[str]:
    entries = (
        Entry(file.source, file.target, unit.msgid, unit.msgstr)
        for file in files
        for unit in file.units
    )
    return tmx(entries, str)


EXPORTS: Mapping[str, Callable[[Sequence[Outgoing]], Iterable[str]]] = {
    "tmx": _as_tmx,
    "xliff-1.2": xliff1,
    "xliff-2.1": xliff2,
}
"""The formats that catalogs are written in, by name."""


def export(project: Project, names: Collection[str], target: str, form: str) -> Exported:
    """Return what the catalogs of the chosen posts hold in the locale ``target``.

    TMX holds what people have confirmed, XLIFF everything.

    Raises:
        PipelineError: no post is translated to ``target``, or they are in several languages and the
            format has place for one.
    """
    sources = [
        source
        for source in read_sources(project, names)
        if target in target_locales(project, source)
    ]
    languages = {source.locale for source in sources}
    if not sources:
        what = Message("none of the posts is translated to {target}", target=target)
        raise PipelineError(what, hint=Message("Name other posts, or another language with --to."))
    if form == "xliff-2.1" and len(languages) > 1:
        what = Message(
            "the posts are in {languages}; XLIFF 2.1 holds one language",
            languages=all_of(sorted(languages)),
        )
        raise PipelineError(what, hint=Message("Name the posts, or export XLIFF 1.2."))
    files, left_out = [], 0
    for source in sources:
        catalog = existing_catalog(project, source, target)
        units = [unit for unit in catalog.units if _leaves(unit, form)]
        fitting = [unit for unit in units if representable(unit.msgid, unit.msgstr, *unit.notes)]
        left_out += len(units) - len(fitting)
        post = source.document.name
        files.append(Outgoing(post, bcp47(source.locale), bcp47(target), fitting))
    data = "".join(EXPORTS[form](files)).encode("utf-8")
    return Exported(data, sum(len(file.units) for file in files), left_out)


def _leaves(unit: Unit, form: str) -> bool:
    if unit.obsolete or unit.plural is not None:
        return False
    return form != "tmx" or (unit.state is State.TRANSLATED and unit.msgid != unit.msgstr)


def import_translations(project: Project, path: Path, *, replace: bool, dry_run: bool) -> Imported:
    """Put the translations of a TMX or XLIFF file into the catalogs that they belong to.

    Raises:
        PipelineError: the file cannot be read, or names a post that the project has not.
    """
    imported = Imported()
    by_place = _by_place(project, _read(project, path), imported)
    sources = {source.document.name: source for source in read_sources(project)}
    _require_posts(path, by_place, sources)
    for name, source in sources.items():
        for locale in target_locales(project, source):
            found = [*by_place.get((name, locale), ()), *by_place.get(("", locale), ())]
            if found:
                arrival = Arrival(source, path.name, replace)
                imported.changes.append(_put(project, arrival, locale, found, dry_run))
                imported.outcomes += arrival.outcomes
    return imported


def _read(project: Project, path: Path) -> Iterator[Incoming]:
    if path.suffix.lower() != ".tmx":
        yield from read_xliff(path)
        return
    for entry in tmx_entries(project, path):
        if not entry.backward:
            tags = bcp47(entry.source), bcp47(entry.target)
            yield Incoming("", *tags, entry.text, entry.translation, line=entry.line)


def _by_place(
    project: Project, found: Iterable[Incoming], imported: Imported
) -> dict[tuple[str, str], list[Incoming]]:
    """Return what was found by post and locale, and count what belongs nowhere."""
    places: dict[tuple[str, str], list[Incoming]] = {}
    for each in found:
        locale = match_locale(each.target, project.locales)
        if locale is None:
            imported.unknown += 1
        else:
            places.setdefault((each.post, locale), []).append(each)
    return places


def _require_posts(
    path: Path, found: Mapping[tuple[str, str], Sequence[Incoming]], posts: Collection[str]
) -> None:
    for (name, _), entries in found.items():
        if name and name not in posts:
            raise PipelineError(
                Message('"{name}" is no post of the project', name=name),
                path=path,
                line=entries[0].line,
                hint=did_you_mean(name, posts)
                or Message('The attribute "original" names the post.'),
            )


def _put(
    project: Project, arrival: Arrival, locale: str, found: Sequence[Incoming], dry_run: bool
) -> Change:
    catalog = existing_catalog(project, arrival.source, locale)
    known = {unit.key for unit in catalog.units}
    # A file that names no posts may hold translations for any of them.
    fitting = [each for each in found if each.post or (each.context, each.msgid) in known]

    def put(present: Catalog) -> Catalog:
        return arrival.into(present, fitting)

    if dry_run:
        return Change(catalog.path, put(catalog) != catalog)
    return Change(catalog.path, update(catalog.path, locale, put))
