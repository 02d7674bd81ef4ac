"""Bringing the catalogs of a post in line with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline import catalog as catalogs
from pipeline.files import Replacement, holds
from pipeline.inline import count_han, count_latin_words, find, has_han, prose
from pipeline.model import Catalog, State
from pipeline.project import Post, Project, catalog_path, template_path
from pipeline.wording import Message, counted, listed
from pipeline.workspace import Source, load_catalog, read_source, target_locales


@dataclass(frozen=True, slots=True)
class Extracted:
    """A catalog or template of a post: what is in it, and its new text if that has changed."""

    path: str
    what: str
    new: Replacement | None = None


def extract_post(moved: Mapping[Path, Path], project: Project, post: Post) -> list[Extracted]:
    """Return what becomes of the template and of every catalog of a post.

    ``moved`` says where catalogs still are that will have been moved when this is written.
    """
    source = read_source(project, post)
    wanted = catalogs.wanted(source.document.segments, post.name, line_numbers=project.line_numbers)
    results = []
    if project.templates:
        path = template_path(project, post)
        results.append(
            _extracted(catalogs.template(path, wanted, source.locale), None, _texts(len(wanted)))
        )
    for locale in target_locales(project, source):
        old = _catalog(project, source, locale, moved)
        merged = _keep(catalogs.merge(old, wanted), source, locale)
        what = _describe_merge(old, merged)
        if old.path in moved:
            name = moved[old.path].relative_to(project.root).as_posix()
            what = Message("was {name}, {what}", name=name, what=what)
        results.append(_extracted(merged, old, what))
    return results


def _catalog(project: Project, source: Source, locale: str, moved: Mapping[Path, Path]) -> Catalog:
    path = catalog_path(project, source.post, locale)
    if path not in moved:
        return load_catalog(project, source, locale)
    return replace(catalogs.load(moved[path], locale), path=path)


def _extracted(new: Catalog, old: Catalog | None, what: str) -> Extracted:
    """Say whether the file must be written: it says something else, or not in the usual form."""
    path = str(new.path)
    if old is not None and old.source and old == new:
        return Extracted(path, what)
    data = catalogs.encoded(new)
    if holds(new.path, data):
        return Extracted(path, what)
    return Extracted(path, what, Replacement(new.path, data, new.digest))


def _keep(catalog: Catalog, source: Source, locale: str) -> Catalog:
    """Settle the untranslated units whose text is in the target language already."""
    units = tuple(
        replace(
            unit,
            msgstr=unit.msgid,
            fuzzy=False,
            origin=None,
            previous=None,
            previous_context=None,
            comments=(*unit.comments, f"{catalogs.KEPT}{locale}"),
        )
        if catalogs.wants(unit) and speaks(unit.msgid, source, locale)
        else unit
        for unit in catalog.units
    )
    return catalog if units == catalog.units else replace(catalog, units=units)


def speaks(msgid: str, source: Source, locale: str) -> bool:
    """Tell whether a text of a post is in ``locale`` already, and so is to be kept.

    Chinese is what has more Han characters than Latin words, English what has no Han at all.
    Between variants of one language nothing is kept.
    """
    if locale.split("_")[0] == source.locale.split("_")[0]:
        return False
    chinese = locale.startswith("zh")
    if not has_han(msgid):
        return not chinese
    text = prose(msgid, find(msgid, source.document.profile, msgid=True))
    han = count_han(text)
    return han > count_latin_words(text) if chinese else not han


def _describe_merge(old: Catalog, new: Catalog) -> str:
    before = {unit.key for unit in old.units if not unit.obsolete}
    after = {unit.key for unit in new.units if not unit.obsolete}
    stale = sum(1 for unit in new.units if not unit.obsolete and unit.state is State.STALE)
    added, gone = len(after - before) if before else 0, len(before - after)
    parts = [_texts(len(after))]
    parts += [Message("{count} new", count=added)] if added else []
    parts += [Message("{count} gone", count=gone)] if gone else []
    parts += [Message("{count} stale", count=stale)] if stale else []
    parts += [Message("without {oddity}", oddity=oddity) for oddity in old.oddities]
    return listed(parts)


def _texts(count: int) -> Message:
    return counted("{count} text", "{count} texts", count)
