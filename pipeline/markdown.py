"""Posts as documents: parse finds the segments, render puts targets into them.

The law of this module: ``render(parse(name, text), {}) == text`` for every text, and a target that
equals its segment's msgid changes no byte. Nothing is ever re-rendered; a document is its text
with spans on it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from pipeline.constructs import front_matter, tokenize
from pipeline.constructs.directives import Directives
from pipeline.constructs.mdx import mdx_line
from pipeline.inline import find, prose
from pipeline.model import Document, Finding, Profile, Segment, Severity
from pipeline.segments import Readings, has_text, read, write
from pipeline.wording import Message

TEXT_KEYS = ("title", "description", "excerpt", "summary", "subtitle")


@dataclass(slots=True)
class _Walk:
    """What is known while walking over the block tokens of one post."""

    text: str
    profile: Profile
    readings: Readings
    directives: Directives = field(default_factory=Directives)
    segments: list[Segment] = field(default_factory=list)
    shape: list[str] = field(default_factory=list)
    headings: list[tuple[int, str]] = field(default_factory=list)
    path: tuple[str, ...] = ()
    """The titles of ``headings``."""
    heading_spans: list[tuple[int, int, int]] = field(default_factory=list)
    containers: list[str] = field(default_factory=list)
    kept: list[tuple[int, int]] = field(default_factory=list)
    html: list[tuple[int, int]] = field(default_factory=list)

    def text_token(self, token: Token) -> None:
        """Turn a text token into a segment, unless there is nothing to translate in it."""
        kind = token.tag
        level = int(kind[-1]) if kind.startswith("heading") else 0
        if level:
            self._leave_sections(level)
        spans, syntax = token.meta["lines"], token.meta["syntax"]
        start, end = spans[0][0], spans[-1][1]
        if len(spans) == 1:
            raw = self.text[start:end]
        else:
            raw = "\n".join([self.text[first:last] for first, last in spans])
        found = self.readings.read(raw, syntax)
        line = token.map[0] if token.map else 0
        if self.directives.see_text(raw, line) and found.has_text:
            self.shape.append(f"text {kind}")
            context, note = self.directives.take()
            self.segments.append(
                Segment(
                    msgid=found.msgid,
                    kind=self._kind(kind),
                    start=start,
                    end=end,
                    line=line + 1,
                    pieces=found.pieces,
                    path=self.path,
                    context=context,
                    note=note,
                    prefix=token.meta["prefix"],
                    hard_break=found.style if found.style or self.profile.hard_wrap else "  ",
                    syntax=syntax,
                )
            )
        else:
            self.shape.append(f"kept {raw}")
            self.kept.append((start, end))
        if level:
            self.heading_spans.append((len(self.shape) - 1, spans[0][0], spans[-1][1]))
            title = prose(found.msgid, find(found.msgid, self.profile, msgid=True))
            self.headings.append((level, " ".join(title.split())))
            self.path = tuple(title for _, title in self.headings)

    def _kind(self, kind: str) -> str:
        if kind != "paragraph":
            return kind
        return self.containers[-1] if self.containers else kind

    def _leave_sections(self, level: int) -> None:
        while self.headings and self.headings[-1][0] >= level:
            self.headings.pop()
        self.path = tuple(title for _, title in self.headings)


_CONTAINERS = {
    "list_item_open": "list item",
    "blockquote_open": "quote",
    "footnote_open": "footnote",
    "dd_open": "definition",
    "admonition_open": "admonition",
    "container_open": "admonition",
}
_CONTAINER_ENDS = frozenset(kind.removesuffix("open") + "close" for kind in _CONTAINERS)


def _walk(walk: _Walk, tokens: Iterable[Token]) -> None:
    for token in tokens:
        kind = token.type
        if kind == "text":
            walk.text_token(token)
            continue
        if kind in _CONTAINERS:
            walk.containers.append(_CONTAINERS[kind])
        elif kind in _CONTAINER_ENDS:
            walk.containers.pop()
        elif token.meta and token.tag == "html":
            walk.html.append(token.meta["span"])
        walk.directives.see(token)
        walk.shape.append(_describe(token))
    walk.directives.end()


def _describe(token: Token) -> str:
    """Return what must be equal in a post and its translation about a block token."""
    if not (token.info or token.content):
        return f"{token.type} {token.tag}" if token.tag else token.type
    parts = [token.type, token.tag, token.info.strip(), token.content]
    return " ".join(part for part in parts if part)


def parse(
    name: str,
    text: str,
    profile: Profile,
    keys: Collection[str] = TEXT_KEYS,
    readings: Readings | None = None,
) -> Document:
    """Find the segments of a post.

    ``name`` is the path that errors and catalogs show, ``keys`` the front-matter keys whose
    values are translated. With the ``readings`` of another version of the post, what the two have
    in common takes less time.

    Raises:
        PipelineError: the front matter is broken.
    """
    head = front_matter.read(name, text, profile)
    tokens, findings = tokenize(text, head.end, profile)
    labels = findings["references"]
    assert isinstance(labels, dict)
    readings = readings or Readings()
    readings.begin(profile, labels)
    walk = _Walk(text, profile, readings)
    _walk(walk, tokens)
    offset = front_matter.line_of(text, head.end) - 1
    mdx = mdx_line(name, text, tokens)
    body = [_shifted(segment, offset) for segment in walk.segments] if mdx is None else []
    limits = findings["limits"]
    assert isinstance(limits, list)
    values, kept = front_matter.select(head, keys)
    return Document(
        name=name,
        text=text,
        segments=(*_front_matter_segments(text, values, profile), *body),
        profile=profile,
        lang=_declared_language(head),
        limits=tuple((line + offset, what) for line, what in limits),
        findings=(
            *(_alias_finding(name, front_matter.line_of(text, at), what) for at, what in kept),
            *(
                _directive_findings(name, walk.directives, offset)
                if mdx is None
                else [_mdx_finding(name, mdx + offset)]
            ),
        ),
        shape=tuple(walk.shape) if mdx is None else (),
        head=head.end,
        headings=tuple(walk.heading_spans) if mdx is None else (),
        kept=tuple(walk.kept) if mdx is None else (),
        html=tuple(walk.html) if mdx is None else (),
    )


def _directive_findings(name: str, directives: Directives, offset: int) -> Iterator[Finding]:
    for line, message, hint in directives.mistakes:
        yield Finding(
            "directive",
            Severity.WARNING,
            message,
            path=name,
            line=line + offset + 1,
            hint=hint,
        )


def _mdx_finding(name: str, line: int) -> Finding:
    return Finding(
        "mdx",
        Severity.WARNING,
        Message("this is MDX, which Diglot does not read, so nothing of its body is translated"),
        path=name,
        line=line + 1,
        hint=Message('Leave the post out with the setting "exclude", or write it in Markdown.'),
    )


def _alias_finding(name: str, line: int, what: Message) -> Finding:
    return Finding(
        "alias",
        Severity.WARNING,
        what,
        path=name,
        line=line,
        hint=Message("Write the text out in one of the two places."),
    )


def _shifted(segment: Segment, lines: int) -> Segment:
    """Return ``segment`` with its line counted from the top of the file."""
    if lines:
        object.__setattr__(segment, "line", segment.line + lines)
    return segment


def _front_matter_segments(
    text: str, values: Iterable[front_matter.Value], profile: Profile
) -> Iterator[Segment]:
    for value in values:
        msgid, pieces, _ = read(value.text, profile, (), syntax=value.syntax)
        if has_text(msgid, profile):
            line = front_matter.line_of(text, value.start)
            yield Segment(
                msgid, value.key, value.start, value.end, line, pieces=pieces, syntax=value.syntax
            )


def _declared_language(head: front_matter.FrontMatter) -> str | None:
    fields = head.fields
    return next((fields[key] for key in ("lang", "locale", "language") if fields.get(key)), None)


def render(
    document: Document, targets: Mapping[Segment, str], insertions: Sequence[tuple[int, str]] = ()
) -> str:
    """Return the post with ``targets`` in place of their segments; all else keeps its bytes.

    A segment without a target, or with an empty one, stays as it is. ``insertions`` are places
    outside of segments, in order, and what is put there besides.

    Raises:
        ValueError: a target cannot stand in its place; see ``pipeline.segments.write``.
    """
    edits = [(at, at, text) for at, text in insertions]
    for segment in document.segments:
        target = targets.get(segment)
        if target:
            written = document.text[segment.start : segment.end]
            new = write(segment, target, written, document.profile)
            edits.append((segment.start, segment.end, new))
    if insertions:
        edits.sort(key=lambda edit: edit[:2])
    parts: list[str] = []
    position = 0
    for start, end, new in edits:
        parts += (document.text[position:start], new)
        position = end
    parts.append(document.text[position:])
    return "".join(parts)
