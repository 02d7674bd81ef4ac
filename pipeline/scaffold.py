"""What ``diglot init`` writes: settings that explain themselves, a glossary, a CI workflow, and
how Git merges PO files.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from importlib import resources
from pathlib import Path

from pipeline.files import write_atomically
from pipeline.project import (
    POST_FOLDERS,
    SETTINGS,
    Project,
    inside,
    is_built_into,
    load_project,
)
from pipeline.project.layouts import LAYOUTS
from pipeline.project.readers import toml

_CI = {
    ".github/actions/diglot-check/action.yml": "action.yml",
    ".github/workflows/diglot.yml": "workflow.yml",
}
ATTRIBUTES = """\
# With `git config merge.diglot.driver "diglot merge-driver %O %A %B %P"`, Git merges PO files entry
# by entry; without it, line by line, which can put a translation beside another source.
*.po merge=diglot
"""
_WIDTH = 96


def files(project: Project, chosen: Mapping[str, object]) -> dict[str, str]:
    """Return the files of a new project, name to text; ``chosen`` are settings to write as such."""
    return {
        "diglot.toml": settings_file(chosen),
        project.glossary: ",".join((*project.locales, "note", "flags")) + "\n",
        **{name: _shipped(file) for name, file in _CI.items()},
        ".gitattributes": ATTRIBUTES,
    }


def write_missing(root: Path, layout: str = "") -> list[tuple[str, bool]]:
    """Write the files that ``root`` lacks; return each name and whether it was written.

    A file that is there is never touched, and settings in ``pyproject.toml`` count as settings.
    ``layout`` is the setting to write, with what its sites need besides.
    """
    project = load_project(root)
    chosen = _fitting(project, layout or "plain") | ({"layout": layout} if layout else {})
    results = []
    for name, text in {**files(project, chosen), **_of_layout(layout)}.items():
        path = inside(root, name)
        configured = name == "diglot.toml" and project.source.path is not None
        wanted = not (configured or path.exists() or path.is_symlink())
        if wanted:
            write_atomically(path, text.encode())
        results.append((name, wanted))
    return results


def _shipped(name: str) -> str:
    return resources.files("pipeline").joinpath("ci", name).read_text("utf-8")


def _of_layout(layout: str) -> dict[str, str]:
    """Return the file that a site with this layout includes in the heads of its pages."""
    if layout not in LAYOUTS or layout == "plain":
        return {}
    is_hugo = layout.startswith("hugo")
    folder = "layouts/partials" if is_hugo else "_includes"
    template = resources.files("pipeline").joinpath(
        "layouts", "hugo.html" if is_hugo else f"{layout}.html"
    )
    text = template.read_text("utf-8").replace("KEY", LAYOUTS[layout].link_key)
    return {f"{folder}/diglot-alternates.html": text}


def settings_file(chosen: Mapping[str, object]) -> str:
    """Return a ``diglot.toml`` that explains every key; all but ``chosen`` are comments."""
    lines = ["# The settings of Diglot. A line that begins with # shows a default."]
    table = ""
    for setting in SETTINGS:
        section, _, key = setting.name.rpartition(".")
        if setting.default == {}:  # the table itself is the setting
            lines += ["", *_comment(setting.doc), f"[{setting.name}]"]
            continue
        if section != table:
            lines += ["", f"[{section}]"]
            table = section
        mark = "" if setting.name in chosen else "#"
        value = chosen.get(setting.name, setting.default)
        lines += ["", *_comment(setting.doc), f"{mark}{key} = {toml(value)}"]
    return "\n".join(lines) + "\n"


def settings_table() -> str:
    """Return the table of all settings for the README, in Markdown."""
    return "\n".join(["| Key | Default | Meaning |", "| --- | --- | --- |", *_rows()]) + "\n"


def _rows() -> Iterator[str]:
    for setting in SETTINGS:
        default = f"`{toml(setting.default)}`"
        yield f"| `{setting.name}` | {default} | {setting.doc} |"


def _fitting(project: Project, layout: str) -> dict[str, object]:
    """Return the settings that fit the site generator whose posts folder is there.

    A layout that builds into that folder wants the posts that one writes elsewhere.
    """
    if (project.root / project.posts).exists():
        return {}
    for folder, profile in POST_FOLDERS.items():
        if (project.root / folder).is_dir():
            free = not is_built_into(folder, LAYOUTS[layout].output)
            return {"posts": folder, "profile": profile} if free else {}
    return {}


def _comment(text: str) -> list[str]:
    return textwrap.wrap(
        text, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False
    )
