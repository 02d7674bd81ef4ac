"""The design's layers and third-party walls, read from the imports of every module."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import pipeline

ROOT = Path(pipeline.__file__).parent

ROWS = (
    ("wording",),
    ("errors", "locks", "marks", "model", "patterns", "widths"),
    ("files", "parallel", "similarity", "xmlfile"),
    ("memo", "baseline", "braces", "revisions"),
    ("leavings", "built"),
    ("project", "inline", "sentences", "glossary", "memory", "engines"),
    ("constructs", "masking", "answers", "plans", "addresses"),
    ("segments", "exchange", "asking", "restoring"),
    ("markdown", "po", "passages", "versions"),
    ("catalog", "anchors", "links", "alignment"),
    ("decisions", "pins", "tree"),
    ("workspace", "migration", "threeway", "checks", "outputs", "reuse"),
    ("policy",),
    ("recall", "drafting", "revision", "jobs", "publish", "standing", "inspection", "batch"),
    (
        *("terminology", "relinking", "comparison", "repair", "review", "moving"),
        *("babel_extractor", "pages", "incoming"),
    ),
    ("pretranslate", "extraction", "derivation"),
    ("estimate",),
    ("translation",),
    ("stages", "reports", "scaffold"),
    ("cli",),
    ("__main__",),
)
"""A module imports only from rows above its own; a package's modules may import each other."""

WALLS = {
    "markdown_it": ("constructs", "markdown"),
    "yaml": ("constructs",),
    "polib": ("po",),
    "deep_translator": ("engines",),
    "deepl": ("engines",),
    "requests": ("engines",),
    "xllamacpp": ("engines",),
    "ctranslate2": ("engines",),
    "sentencepiece": ("engines",),
    "fxtranslate": ("engines",),
    "platformdirs": ("engines",),
    "tenacity": ("engines",),
    "click": ("cli",),
    "opencc": ("derivation",),
    "ahocorasick_rs": ("glossary",),
    "rapidfuzz": ("similarity",),
    "math_core": ("outputs",),
    "watchfiles": ("stages",),
    "babel": ("project", "catalog"),
}
"""Which parts of the package may import a library."""

MODULES = sorted(ROOT.rglob("*.py"))


def part(module: Path) -> str:
    """Return the module or package directly below ``pipeline`` that a file belongs to."""
    first = module.relative_to(ROOT).parts[0]
    return first.removesuffix(".py")


def imports(module: Path) -> Iterator[str]:
    """Yield the dotted names that a file imports, wherever it does so."""
    for node in ast.walk(ast.parse(module.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module} has a relative import"
            names = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from names if node.module == "pipeline" else [str(node.module)]


def row(name: str) -> int:
    return next(number for number, names in enumerate(ROWS) if name in names)


@pytest.mark.parametrize("module", MODULES, ids=lambda m: m.relative_to(ROOT).as_posix())
def test_imports_point_up_the_layers_and_stay_inside_the_walls(module: Path) -> None:
    own = part(module)
    for name in imports(module):
        library, *rest = name.split(".")
        if library != "pipeline":
            assert own in WALLS.get(library, (own,)), f"{own} must not import {library}"
        elif (
            rest
            and own != "__init__"
            and (ROOT / rest[0]).exists() | (ROOT / f"{rest[0]}.py").exists()
        ):
            assert rest[0] == own or row(rest[0]) < row(own), f"{own} must not import {rest[0]}"


def test_every_library_of_the_walls_is_imported_somewhere() -> None:
    imported = {name.split(".")[0] for module in MODULES for name in imports(module)}
    assert set(WALLS) <= imported
