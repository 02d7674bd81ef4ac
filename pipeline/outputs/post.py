"""A post in another language: the source with targets spliced in, and a few front-matter keys.

Everything that is not translated keeps its bytes. ``differences`` parses the result again and
says what else has changed: a post with differences must not be written.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from types import MappingProxyType

from pipeline.constructs import front_matter
from pipeline.errors import PipelineError
from pipeline.inline import find
from pipeline.markdown import parse, render
from pipeline.model import Document, Profile, Segment
from pipeline.outputs.notice import changes_by_notice, with_notice, without_notice
from pipeline.patterns import lazy
from pipeline.pins import Pin, lost_ids, pinned_shape
from pipeline.segments import Readings
from pipeline.wording import Message

NO_VALUES: Mapping[front_matter.Path, str] = MappingProxyType({})
_VERBATIM_KINDS = frozenset(("code", "math", "footnote"))
_MAY_BE_VERBATIM = lazy(r"[`<$\\]|\[\^")


def build_post(
    document: Document,
    targets: Mapping[Segment, str],
    additions: Mapping[str, front_matter.Field],
    pinned: Sequence[Pin] = (),
    values: Mapping[front_matter.Path, str] = NO_VALUES,
    notice: str = "",
) -> str:
    """Return the post with ``targets``, the pins of its headings and the fields ``additions``.

    ``values`` are further texts of the front matter, by their paths, ``notice`` a block for the top
    of the body.

    An addition whose key the post already has replaces that value, the others follow the post's
    own; where there are none, they are the post's front matter.

    Raises:
        PipelineError: the front matter is written in a way that nothing can be added to.
        ValueError: a target cannot stand in its place.
    """
    text = render(document, targets, [(pin.at, pin.text) for pin in pinned])
    if values:
        text = front_matter.with_values(document.name, text, values, document.profile)
    if additions:
        text = front_matter.with_fields(
            document.name, text, additions, document.profile, create=True
        )
    return with_notice(document, text, notice) if notice else text


def differences(
    source: Document,
    text: str,
    keys: Collection[str],
    added: Collection[str] = (),
    pinned: Sequence[Pin] | None = None,
    values: Mapping[front_matter.Path, str] = NO_VALUES,
    readings: Readings | None = None,
    notice: str = "",
) -> list[Message]:
    """Say in what ``text``, a built version of ``source``, differs beyond its words.

    Compared are the block structure (with the content of code, math and HTML blocks), the
    destinations and everything else behind placeholders, inline code, math and footnotes, and the
    front matter but for the translated ``keys`` and the ``added`` ones. With ``pinned``, the pins
    that were put in, the ids of all headings are compared too; ``values`` are those of
    ``build_post``. ``readings`` may be those of ``source``. A ``notice`` must stand at the top of
    the body, exactly.
    """
    plain = without_notice(source, text, notice) if notice else text
    if plain is None:
        return [Message("the notice does not stand at the top")]
    try:
        built = parse(source.name, plain, source.profile, keys, readings)
    except PipelineError as error:
        return [error.what]
    return [
        *_structure(source, built, pinned_shape(source, pinned or ())),
        *_pieces(source, built),
        *_verbatim(source, built),
        *_metadata(source, built, {*keys, *added}, values),
        *(lost_ids(source, built) if pinned is not None else ()),
        *(changes_by_notice(text, built, notice) if notice else ()),
    ]


def _structure(source: Document, built: Document, shape: Sequence[str]) -> list[Message]:
    """Compare the built post with the ``shape`` that it should have."""
    if shape == built.shape:
        return []
    pairs = zip(shape, built.shape, strict=False)
    index = next((i for i, (a, b) in enumerate(pairs) if a != b), None)
    if index is None:
        marks = len(built.shape), len(shape)
        return [
            Message("it has {there} block marks instead of {here}", there=marks[0], here=marks[1])
        ]
    texts = sum(1 for entry in shape[:index] if entry.startswith("text "))
    offered = [segment for segment in source.segments if not segment.is_metadata]
    near = offered[min(texts, len(offered) - 1)].line if offered else 1
    expected, found = shape[index], built.shape[index]
    return [
        Message(
            "near line {line} of the source, {found} stands where {expected} should",
            line=near,
            found=repr(found),
            expected=repr(expected),
        )
    ]


def _pieces(source: Document, built: Document) -> list[Message]:
    before = Counter(piece for segment in source.segments for piece in segment.pieces)
    after = Counter(piece for segment in built.segments for piece in segment.pieces)
    return _changes(Message("destination or tag"), before, after)


def _verbatim(source: Document, built: Document) -> list[Message]:
    # What is not translated is the same in both.
    before = Counter(segment.msgid for segment in source.segments)
    after = Counter(segment.msgid for segment in built.segments)
    return _changes(
        Message("inline code, math or footnote"),
        _spans(before - after, source.profile),
        _spans(after - before, source.profile),
    )


def _spans(msgids: Counter[str], profile: Profile) -> Counter[str]:
    spans: Counter[str] = Counter()
    for msgid, count in msgids.items():
        if _MAY_BE_VERBATIM.search(msgid):
            for placeable in find(msgid, profile, msgid=True):
                if placeable.kind in _VERBATIM_KINDS:
                    spans[placeable.text] += count
    return spans


def _metadata(
    source: Document,
    built: Document,
    changing: Collection[str],
    values: Mapping[front_matter.Path, str],
) -> list[Message]:
    before, after = (
        front_matter.read(post.name, post.text, post.profile).other_values(changing)
        for post in (source, built)
    )
    before |= {path: value for path, value in values.items() if path in before}
    return [
        Message('the front-matter value "{key}" is not the same', key=front_matter.dotted(path))
        for path in {**before, **after}
        if before.get(path) != after.get(path)
    ]


def _changes(what: Message, before: Counter[str], after: Counter[str]) -> list[Message]:
    lost = [
        Message("the {what} {text} is lost", what=what, text=repr(text)) for text in before - after
    ]
    new = [
        Message("the {what} {text} is new", what=what, text=repr(text)) for text in after - before
    ]
    return lost + new
