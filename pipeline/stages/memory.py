"""Memory: search what has been translated, and exchange it with other tools as TMX."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.files import holds, require_writable, write_atomically
from pipeline.memory import Entry, Hit, Memory
from pipeline.memory.tmx import tmx
from pipeline.project import Project, bcp47, inside
from pipeline.project.locales import guess_locale
from pipeline.recall import open_index, tmx_entries, tmx_folder
from pipeline.wording import Message, listed
from pipeline.xmlfile import representable

_ENDING = ".tmx"


@dataclass(frozen=True, slots=True)
class Exported:
    """A TMX file's content, its number of pairs, and how many XML could not hold."""

    data: bytes
    pairs: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Imported:
    """A TMX file of the project: where it lies, its number of pairs, whether it was written."""

    path: Path
    pairs: int
    written: bool


def search(
    project: Project, text: str, targets: Collection[str] = (), *, limit: int
) -> list[tuple[str, Hit]]:
    """Return target locale and hit of what is known of texts like ``text``, the best first."""
    with closing(open_index(project)) as index:
        found = []
        for target in targets or project.locales:
            source = guess_locale(text, [name for name in project.locales if name != target])
            if targets or source == guess_locale(text, project.locales):
                hits = Memory(source, target, index).similar(text, machines=True)
                found += [(target, hit) for hit in islice(hits, limit)]
    return sorted(found, key=lambda pair: -pair[1].score)[:limit]


def export_tmx(project: Project, targets: Collection[str] = ()) -> Exported:
    """Return what people have translated, into ``targets`` or all languages, as TMX."""
    with closing(open_index(project)) as index:
        entries = {
            Entry(source, target, known.text, known.translation): None
            for source, target, known in index.reviewed()
            if known.text != known.translation and (not targets or target in targets)
        }
    fitting = [entry for entry in entries if representable(entry.text, entry.translation)]
    data = "".join(tmx(fitting, bcp47)).encode("utf-8")
    return Exported(data, len(fitting), len(entries) - len(fitting))


def import_tmx(
    project: Project, paths: Sequence[Path], *, replace: bool, dry_run: bool
) -> list[Imported]:
    """Copy TMX files to where the memory reads them; all are read through before any is copied.

    Raises:
        PipelineError: a file is no TMX, holds nothing in the project's languages, or would replace
            another one, though ``replace`` is not set.
    """
    imports = [_planned(project, path, replace=replace) for path in paths]
    targets = [imported.path for imported, _ in imports]
    for path, target in zip(paths, targets, strict=True):
        if targets.count(target) > 1:
            what = Message("two of the files have this name")
            raise PipelineError(what, path=path, hint=Message("Import them one by one, renamed."))
    for imported, data in imports:
        if imported.written and not dry_run:
            write_atomically(imported.path, data)
    return [imported for imported, _ in imports]


def _planned(project: Project, path: Path, *, replace: bool) -> tuple[Imported, bytes]:
    pairs = sum(not entry.backward for entry in tmx_entries(project, path))
    if not pairs:
        what = Message(
            "no pair of texts in the project's languages ({locales})",
            locales=listed(project.locales),
        )
        raise PipelineError(what, path=path, hint=Message("Check the xml:lang of its texts."))
    data = path.read_bytes()
    name = path.name if path.suffix == _ENDING else path.name + _ENDING
    target = inside(project.root, f"{tmx_folder(project).relative_to(project.root)}/{name}")
    require_writable(target)
    written = not holds(target, data)
    if written and target.exists() and not replace:
        what = Message("a memory of this name was imported before, and it differs")
        raise PipelineError(
            what, path=target, hint=Message("Add --replace, or rename the new one.")
        )
    return Imported(target, pairs, written), data
