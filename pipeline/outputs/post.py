"""A post in another language: the source with targets spliced in, and a few front-matter keys.

Everything that is not translated keeps its bytes. ``differences`` parses the result again and
says what else has changed: a post with differences must not be written.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping

from pipeline.constructs import front_matter
from pipeline.errors import PipelineError
from pipeline.inline import find
from pipeline.markdown import parse, render
from pipeline.model import Document, Segment

_VERBATIM_KINDS = frozenset(("code", "math", "footnote"))


def build_post(
    document: Document, targets: Mapping[Segment, str], additions: Mapping[str, str]
) -> str:
    """Return the post with ``targets`` in it and the front-matter fields ``additions``.

    ``additions`` are plain YAML values. One whose key the post already has replaces that value,
    the others follow the post's own lines; a post without front matter gets none.

    Raises:
        PipelineError: the front matter is written in a way that nothing can be added to.
        ValueError: a target cannot stand in its place.
    """
    text = render(document, targets)
    return _with_fields(document.name, text, additions) if additions else text


def _with_fields(name: str, text: str, additions: Mapping[str, str]) -> str:
    head = front_matter.read(name, text, additions)
    if not head.inner_start:
        return text
    if head.is_flow:
        raise PipelineError(
            "nothing can be added to front matter that is written in braces",
            path=name,
            line=2,
            hint="Write one `key: value` a line, or build with --no-added-keys.",
        )
    newline = _newline(text[: head.inner_start])
    missing = [key for key in additions if key not in head.keys]
    added = "".join(f"{key}: {additions[key]}{newline}" for key in missing)
    text = text[: head.inner_end] + added + text[head.inner_end :]
    present = sorted((v for v in head.places if v.key in additions), key=lambda v: -v.start)
    for value in present:
        written = text[value.start : value.end]
        if value.text != additions[value.key]:
            space = "" if written or text[value.start - 1].isspace() else " "
            text = text[: value.start] + space + additions[value.key] + text[value.end :]
    return text


def _newline(text: str) -> str:
    match = re.search(r"\r\n|\r|\n", text)
    return match.group() if match else "\n"


def differences(source: Document, text: str, keys: Collection[str]) -> list[str]:
    """Say in what ``text``, a built version of ``source``, differs beyond its words.

    Compared are the block structure (with the content of code, math and HTML blocks), the
    destinations and everything else behind placeholders, and inline code, math and footnotes.
    """
    built = parse(source.name, text, source.profile, keys)
    return [*_structure(source, built), *_pieces(source, built), *_verbatim(source, built)]


def _structure(source: Document, built: Document) -> list[str]:
    if source.shape == built.shape:
        return []
    pairs = zip(source.shape, built.shape, strict=False)
    index = next((i for i, (a, b) in enumerate(pairs) if a != b), None)
    if index is None:
        return [f"it has {len(built.shape)} block marks instead of {len(source.shape)}"]
    texts = sum(1 for entry in source.shape[:index] if entry.startswith("text "))
    offered = [segment for segment in source.segments if segment.syntax != "yaml"]
    near = offered[min(texts, len(offered) - 1)].line if offered else 1
    expected, found = source.shape[index], built.shape[index]
    return [f"near line {near} of the source, {found!r} stands where {expected!r} should"]


def _pieces(source: Document, built: Document) -> list[str]:
    before = Counter(piece for segment in source.segments for piece in segment.pieces)
    after = Counter(piece for segment in built.segments for piece in segment.pieces)
    return _changes("destination or tag", before, after)


def _verbatim(source: Document, built: Document) -> list[str]:
    return _changes("inline code, math or footnote", _spans(source), _spans(built))


def _spans(document: Document) -> Counter[str]:
    return Counter(
        placeable.text
        for segment in document.segments
        for placeable in find(segment.msgid, document.profile, msgid=True)
        if placeable.kind in _VERBATIM_KINDS
    )


def _changes(what: str, before: Counter[str], after: Counter[str]) -> list[str]:
    lost = [f"the {what} {text!r} is lost" for text in before - after]
    new = [f"the {what} {text!r} is new" for text in after - before]
    return lost + new
