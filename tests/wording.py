"""Diglot's own message catalogs: ``python -m tests.wording`` brings them in line with the code."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import pipeline
from pipeline.wording import DOMAIN, FOLDER, LANGUAGES

PACKAGE = Path(pipeline.__file__).parent
KEYWORDS = {"_": None, "ngettext": (1, 2)}


def catalog_path(locale: str) -> Path:
    return FOLDER / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def template() -> Catalog:
    """Return all texts of Diglot that can be translated."""
    found = Catalog(project="Diglot", msgid_bugs_address="", fuzzy=False)
    for name, _, text, _, _ in extract_from_dir(
        PACKAGE, method_map=[("**.py", "python")], keywords=KEYWORDS
    ):
        found.add(text, locations=[(f"pipeline/{name}", 1)])
    return found


def load(locale: str) -> Catalog:
    with catalog_path(locale).open("rb") as file:
        return read_po(file, locale=locale, abort_invalid=True)


def compiled(catalog: Catalog) -> bytes:
    """Return the ``.mo`` file that belongs to a catalog."""
    file = io.BytesIO()
    write_mo(file, catalog)
    return file.getvalue()


def update(locale: str) -> Iterator[str]:
    """Bring one catalog in line with the code; say what is to be translated."""
    catalog = load(locale)
    catalog.update(template(), no_fuzzy_matching=True, update_creation_date=False)
    path = catalog_path(locale)
    with path.open("wb") as file:
        write_po(file, catalog, width=0, include_lineno=False, ignore_obsolete=True)
    path.with_suffix(".mo").write_bytes(compiled(catalog))
    yield from (str(message.id) for message in catalog if message.id and not message.string)


if __name__ == "__main__":
    for language in LANGUAGES.values():
        for missing in update(language):
            print(f"{language}: {missing!r} is to be translated")
