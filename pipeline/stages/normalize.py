"""Normalize: take over catalogs that were made by other rules."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from pipeline import catalog as catalogs
from pipeline.errors import PipelineError
from pipeline.files import Replacement, Spool, holds
from pipeline.migration import Migrated, migrate
from pipeline.model import Catalog, Unit
from pipeline.project import Project, match_locale
from pipeline.wording import Message
from pipeline.workspace import Source, load_catalog, read_sources, target_locales


@dataclass(frozen=True, slots=True)
class Normalized:
    """A catalog's path, what it has taken over, and whether that changes the file."""

    path: Path
    migrated: Migrated
    written: bool


def normalize(
    project: Project,
    names: Collection[str] = (),
    only: Collection[str] = (),
    *,
    foreign: Path | None = None,
    dry_run: bool = False,
) -> list[Normalized]:
    """Take over earlier translations in every catalog of the chosen posts.

    ``foreign`` is a PO file of another tool, in the one locale that ``only`` names, or else in the
    one that its header does. Raises ``PipelineError``, also where neither says so.
    """
    units: tuple[Unit, ...] = ()
    if foreign:
        catalog = catalogs.load(foreign, "")
        units, only = catalog.units, only or {_language(project, catalog)}
    results = []
    with Spool() as spool:
        for source in read_sources(project, names):
            for locale in target_locales(project, source, only):
                found, new = _normalized(project, source, locale, units)
                results.append(found)
                if new:
                    spool.add(new)
        if not dry_run:
            spool.commit(durable=True)
    return results


def _language(project: Project, catalog: Catalog) -> str:
    found = match_locale(dict(catalog.header).get("Language", ""), project.locales)
    if found is None:
        what = Message("the header names no language of the project")
        raise PipelineError(what, path=catalog.path, hint=Message("Name it with --locale."))
    return found


def _normalized(
    project: Project, source: Source, locale: str, foreign: tuple[Unit, ...]
) -> tuple[Normalized, Replacement | None]:
    old = load_catalog(project, source, locale)
    document = source.document
    wanted = catalogs.wanted(document.segments, document.name, line_numbers=project.line_numbers)
    found = migrate(old, wanted, document, foreign)
    data = catalogs.encoded(found.catalog)
    same = (old.source and old == found.catalog) or holds(old.path, data)
    new = None if same else Replacement(old.path, data, old.digest)
    return Normalized(old.path, found, new is not None), new
