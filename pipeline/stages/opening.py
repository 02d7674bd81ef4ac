"""What comes before any stage: the project, and whether the way is clear."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import permutations
from pathlib import Path

from pipeline.files import require_writable
from pipeline.project import (
    Post,
    Project,
    catalog_path,
    glossary_files,
    load_project,
    output_path,
)
from pipeline.wording import Message


def open_project(root: Path) -> Project:
    """Read the settings of the project in ``root``, those that only a stage can judge as well.

    Raises:
        PipelineError: there are none that can be used; a check that they name does not exist, or
            has not the options that they give it.
    """
    project = load_project(root)
    if project.checks or project.check_options:
        _require_known_checks(project)
    return project


def _require_known_checks(project: Project) -> None:
    from pipeline.checks.settings import SettingError, require_known

    try:
        require_known(project.checks, project.check_options)
    except SettingError as error:
        what = Message('"checks" {what}', what=error.what)
        raise project.source.error(f"checks.{error.check}", what, error.hint, error.word) from error


def preflight(project: Project, posts: Iterable[Post]) -> None:
    """Find what would stop a stage for these posts before the first has written anything.

    Raises:
        PipelineError: the glossary cannot be used, or a file cannot be written.
    """
    from pipeline.glossary import load_glossary

    for source, target in permutations(project.locales, 2):
        for path in glossary_files(project):
            load_glossary([path], source, target)
    for post in posts:
        for locale in project.locales:
            require_writable(catalog_path(project, post, locale))
            require_writable(output_path(project, post, locale))
