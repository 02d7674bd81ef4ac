"""Checking a post and its catalogs, and what the rest of the project has to know of them."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pipeline.anchors import places
from pipeline.checks import check_catalog, check_document, ignored, ignored_in_file
from pipeline.checks.site import Facts
from pipeline.checks.structure import is_data
from pipeline.constructs import front_matter
from pipeline.glossary import load_glossary
from pipeline.links import links_with_lines
from pipeline.model import Catalog, Document, Finding, State
from pipeline.project import Post, Project, catalog_path, glossary_paths
from pipeline.workspace import Source, load_catalog, read_source, target_locales


@dataclass(frozen=True, slots=True)
class Inspected:
    """What is wrong with one post and its catalogs, and what only all posts together can tell."""

    findings: list[Finding]
    facts: Facts


def check_post(only: Collection[str], project: Project, post: Post) -> Inspected:
    """Return what is wrong with a post and with its translation to every locale in ``only``."""
    source = read_source(project, post)
    findings = list(check_document(source.document, project.checks))
    catalogs = []
    for locale in target_locales(project, source, only):
        catalogs.append(load_catalog(project, source, locale))
        findings += check_catalog(
            source.document,
            catalogs[-1],
            source.locale,
            project.checks,
            options=project.check_options,
            glossary=load_glossary(glossary_paths(project, source.post), source.locale, locale),
            publish=project.publish,
        )
    return Inspected(findings, _facts(project, source, catalogs))


def _facts(project: Project, source: Source, catalogs: Sequence[Catalog]) -> Facts:
    document = source.document
    head = front_matter.read(document.name, document.text, document.profile)
    fields = head.other_values(())
    written = (
        locale
        for locale in target_locales(project, source)
        if catalog_path(project, source.post, locale).exists()
    )
    return Facts(
        name=document.name,
        locale=source.locale,
        key=fields.get((project.link_key,), ""),
        catalogs=tuple(written),
        anchors=tuple(places(document).items()),
        links=tuple(links_with_lines(document)),
        texts=tuple(text for catalog in catalogs for text in _texts(document, catalog)),
        fields=tuple(
            (front_matter.dotted(path), value)
            for path, value in fields.items()
            if front_matter.dotted(path) == "layout" or is_data(value)
        ),
        silenced=tuple(sorted(ignored_in_file(document))),
    )


def _texts(document: Document, catalog: Catalog) -> Iterator[tuple[str, str, str, int, str, int]]:
    """Yield the confirmed translations that one text alone decides."""
    lines = {segment.key: segment.line for segment in reversed(document.segments)}
    for unit in catalog.units:
        confirmed = unit.state is State.TRANSLATED and unit.context is None and not unit.obsolete
        if confirmed and unit.key in lines and not {"inconsistent", "site"} & ignored(unit):
            line, path = lines[unit.key], str(catalog.path)
            yield catalog.locale, unit.msgid, unit.msgstr, line, path, unit.line
