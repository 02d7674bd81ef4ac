"""Checking a post and its catalogs."""

from __future__ import annotations

from collections.abc import Collection

from pipeline.checks import check_catalog, check_document
from pipeline.glossary import load_glossary
from pipeline.model import Finding
from pipeline.project import Post, Project, glossary_paths
from pipeline.workspace import load_catalog, read_source, target_locales


def check_post(only: Collection[str], project: Project, post: Post) -> list[Finding]:
    """Return what is wrong with a post and with its translation to every locale in ``only``."""
    source = read_source(project, post)
    findings = list(check_document(source.document, project.checks))
    for locale in target_locales(project, source, only):
        findings += check_catalog(
            source.document,
            load_catalog(project, source, locale),
            source.locale,
            project.checks,
            glossary=load_glossary(glossary_paths(project, source.post), source.locale, locale),
            publish=project.publish,
        )
    return findings
