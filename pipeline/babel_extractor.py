"""Posts as Babel sees them: the extraction method ``diglot`` of ``pybabel extract``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import IO

from pipeline.catalog import wanted
from pipeline.errors import PipelineError
from pipeline.markdown import parse
from pipeline.project import load_project
from pipeline.wording import Message

Extracted = tuple[int, str | None, str | tuple[str, str], list[str]]


def extract(
    fileobj: IO[bytes],
    keywords: Collection[str],
    comment_tags: Collection[str],
    options: Mapping[str, str],
) -> Iterator[Extracted]:
    """Yield line, function, text and comments of every segment of a post.

    The settings are those of the project in the folder that the option ``project`` names, by
    default the current one; so the texts are those of ``diglot extract``. The function is
    ``pgettext`` for a text with a context. Raises ``PipelineError`` for a post that cannot be read.
    """
    project = load_project(Path(options.get("project", ".")))
    name = getattr(fileobj, "name", "")
    try:
        text = fileobj.read().decode("utf-8")
    except UnicodeDecodeError as error:
        raise PipelineError(
            Message("not UTF-8"), path=name, hint=Message("Save the file as UTF-8.")
        ) from error
    segments = parse(name, text, project.profile, project.front_matter).segments
    notes = {unit.key: list(unit.notes) for unit in wanted(segments, name)}
    for segment in segments:
        comments = notes.pop(segment.key, [])
        if segment.context is not None and "pgettext" in keywords:
            yield segment.line, "pgettext", (segment.context, segment.msgid), comments
        else:
            yield segment.line, None, segment.msgid, comments
