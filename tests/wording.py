"""Diglot's own message catalogs: ``python -m tests.wording`` brings them in line with the code."""

from __future__ import annotations

import inspect
import io
from collections.abc import Iterator
from pathlib import Path

import click
from babel.messages import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

import pipeline
from pipeline.checks import CHECKS, RULES, Rule
from pipeline.cli import main
from pipeline.wording import DOMAIN, FOLDER, LANGUAGES

PACKAGE = Path(pipeline.__file__).parent
KEYWORDS = {"_": None, "ngettext": (1, 2), "Message": None, "counted": (1, 2)}


def catalog_path(locale: str) -> Path:
    return FOLDER / locale / "LC_MESSAGES" / f"{DOMAIN}.po"


def template() -> Catalog:
    """Return all texts that can be translated: Diglot's, and those of click that it shows."""
    found = Catalog(project="Diglot", msgid_bugs_address="", fuzzy=False)
    for folder in (PACKAGE, Path(click.__file__).parent):
        for name, _, text, _, _ in extract_from_dir(
            folder, method_map=[("**.py", "python")], keywords=KEYWORDS
        ):
            found.add(text, locations=[(f"{folder.name}/{name}", 1)])
    for command, text in helps(main):
        found.add(text, locations=[(f"diglot/{command}", 1)])
    for rule in RULES:
        for text in explained(rule):
            found.add(text, locations=[(f"diglot/check/{rule.id}", 1)])
    return found


def helps(command: click.Command, name: str = "--help") -> Iterator[tuple[str, str]]:
    """Yield, with the names of their commands, what the pages of help say."""
    if command.help:
        yield name, inspect.cleandoc(command.help)
    for parameter in command.params:
        if isinstance(parameter, click.Option) and parameter.help:
            yield name, parameter.help
    if isinstance(command, click.Group):
        for inner in command.commands.values():
            yield from helps(inner, str(inner.name))


def explained(rule: Rule) -> Iterator[str]:
    """Yield what explains a check; examples that are pairs of texts speak for themselves."""
    yield rule.explanation
    if rule.hint:
        yield str(rule.hint)
    if rule not in CHECKS or rule.family in ("state", "terms"):
        yield from (example.text for example in rule.examples)


def is_own(message: Message) -> bool:
    """Tell whether a text is Diglot's, not one of those that click has besides."""
    return any(not place.startswith("click/") for place, _ in message.locations)


def is_translated(message: Message) -> bool:
    return any(message.string or ())  # of a text with plural forms, a tuple


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
    for message in list(catalog):
        if not (is_translated(message) or is_own(message)):
            catalog.delete(message.id)
    path = catalog_path(locale)
    with path.open("wb") as file:
        write_po(file, catalog, width=0, include_lineno=False, ignore_obsolete=True)
    path.with_suffix(".mo").write_bytes(compiled(catalog))
    yield from (str(message.id) for message in catalog if message.id and not is_translated(message))


if __name__ == "__main__":
    for language in LANGUAGES.values():
        for missing in update(language):
            print(f"{language}: {missing!r} is to be translated")
