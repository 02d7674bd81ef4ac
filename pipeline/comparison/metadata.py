"""How the front matter of two versions of a post differs."""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.structure import is_data
from pipeline.constructs import front_matter as heads
from pipeline.markdown import TEXT_KEYS
from pipeline.model import Document, Severity
from pipeline.wording import Message

_OWN_KEYS = frozenset(
    (
        "lang",
        "locale",
        "language",
        "translation",
        "translation_key",
        "slug",
        "permalink",
        "url",
        "ref",
        "lastmod",
        "last_modified_at",
        "updated",
        "modified",
    )
)
"""Front-matter keys in which the versions of a post differ by their nature."""


def drift(source: Document, target: Document) -> Iterator[tuple[Message, Severity]]:
    """Yield what the front matter of ``target`` lacks or has otherwise, and how bad that is."""
    before, after = (
        heads.read(document.name, document.text, document.profile) for document in (source, target)
    )
    if before.syntax and not after.syntax:
        yield Message("the front matter of the source is missing"), Severity.ERROR
        return
    for key in TEXT_KEYS:
        if key in before.keys - after.keys:
            yield Message('the front matter lacks "{key}"', key=key), Severity.WARNING
    values = after.other_values(TEXT_KEYS)
    for path, value in before.other_values(TEXT_KEYS).items():
        key, new = heads.dotted(path), values.get(path)
        if path[0] in _OWN_KEYS or new == value:
            continue
        if new is None:
            yield Message('the front matter lacks "{key}"', key=key), Severity.WARNING
        else:
            level = Severity.ERROR if is_data(value) or key == "layout" else Severity.WARNING
            said = Message(
                'the front-matter value "{key}" is {there}, in the source {here}',
                key=key,
                there=new,
                here=value,
            )
            yield said, level
