"""What comes before any stage: the project, and whether the way is clear."""

from __future__ import annotations

from collections.abc import Collection
from itertools import permutations
from pathlib import Path

from pipeline.errors import did_you_mean
from pipeline.files import require_writable
from pipeline.project import Project, catalog_path, glossary_files, load_project, output_path


def open_project(root: Path) -> Project:
    """Read the settings of the project in ``root``, those that only a stage can judge as well.

    Raises:
        PipelineError: there are none that can be used; a check that they name does not exist.
    """
    project = load_project(root)
    if project.checks:
        _require_known_checks(project)
    return project


def _require_known_checks(project: Project) -> None:
    from pipeline.checks import NAMES

    for name in project.checks:
        if name not in NAMES:
            hint = did_you_mean(name, NAMES) or f"The checks are {', '.join(NAMES)}."
            what = f'"checks" names an unknown check "{name}"'
            raise project.source.error(f"checks.{name}", what, hint, name)


def preflight(project: Project, names: Collection[str] = ()) -> None:
    """Find what would stop a later stage before the first one has written anything.

    Raises:
        PipelineError: the glossary cannot be used, or a file cannot be written.
    """
    from pipeline.glossary import load_glossary
    from pipeline.workspace import select_posts

    for source, target in permutations(project.locales, 2):
        for path in glossary_files(project):
            load_glossary([path], source, target)
    for post in select_posts(project, names):
        for locale in project.locales:
            require_writable(catalog_path(project, post, locale))
            require_writable(output_path(project, post, locale))
