"""Comparing two Markdown files, a text and its translation, without a project or a catalog."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.alignment import Aligned, Block, align, blocks
from pipeline.anchors import anchors, headings
from pipeline.checks import RULES, Options, Pair, check_pair, ignored_in_file, severity_of
from pipeline.checks.language import llm_artifact
from pipeline.checks.links import footnote
from pipeline.checks.markup import kramdown_ial
from pipeline.checks.pair import File, Rule
from pipeline.checks.pair import compare as differing
from pipeline.checks.posts import MDX
from pipeline.checks.safety import invisible_chars
from pipeline.checks.site import LINK_MISSING_FILE
from pipeline.checks.structure import ALIGNMENT, block_structure, front_matter
from pipeline.comparison.metadata import drift
from pipeline.comparison.outline import difference
from pipeline.errors import PipelineError
from pipeline.glossary import Glossary
from pipeline.inline import normalize_label
from pipeline.markdown import parse
from pipeline.model import Document, Finding, Profile, Segment, Severity, Unit
from pipeline.wording import Message, as_message


@dataclass(frozen=True, slots=True)
class Text:
    """One of the two files: what findings call it, what it says, in which locale."""

    name: str
    text: str
    locale: str


@dataclass(frozen=True, slots=True)
class Terms:
    """How two files are compared; excerpts may lack the definitions of their references."""

    profile: Profile
    glossary: Glossary | None = None
    settings: Mapping[str, Severity | None] = field(default_factory=dict)
    options: Options = field(default_factory=dict)
    excerpts: bool = False


def compare(source: Text, target: Text, terms: Terms) -> list[Finding]:
    """Return what is wrong with ``target`` as the translation of ``source``.

    Findings name the target's file and line. Raises ``PipelineError`` where the front matter of the
    source is broken; that of the target is a finding.
    """
    before = parse(source.name, source.text, terms.profile)
    after, broken = _parsed(target, terms.profile)
    found = _Comparison(before, after, source, target, terms).findings(broken)
    silenced = ignored_in_file(after) | ignored_in_file(before)
    rules = {rule.id: rule for rule in RULES}
    kept = (f for f in found if silenced.isdisjoint((f.check, rules[f.check].family)))
    return list(dict.fromkeys(kept))


def _parsed(target: Text, profile: Profile) -> tuple[Document, PipelineError | None]:
    """Parse a text; where its front matter is broken, what stands below it, on the same lines."""
    try:
        return parse(target.name, target.text, profile), None
    except PipelineError as error:
        head, _, rest = target.text.partition("\n---")
        body = "\n" * (head.count("\n") + 1) + rest.partition("\n")[2]
        return parse(target.name, body, profile), error


_REGION_BLIND = frozenset(
    ("end-punct", "emphasis-leak", "markup-count", "length-ratio", "zh-soft-break", "doubled-word")
)
"""What means nothing for a region of several blocks."""


@dataclass(frozen=True, slots=True)
class _Comparison:
    before: Document
    after: Document
    source: Text
    target: Text
    terms: Terms
    file: File = field(default_factory=File)

    def findings(self, broken: PipelineError | None) -> Iterator[Finding]:
        """Yield all that is found; ``broken`` is what is wrong with the target's front matter."""
        yield from self._unread()
        yield from self._structure()
        aligned = list(align(blocks(self.before), blocks(self.after), self.terms.profile))
        yield from self._metadata(broken)
        yield from self._footnotes()
        yield from self._heading_ids()
        pairs = [self._pair(part) for part in aligned if _is_text(part)]
        pairs += list(self._values())
        self.file.pairs.extend(pairs)
        found = [finding for pair in pairs for finding in self._checked(pair)]
        yield from found
        yield from self._whole({finding.check for finding in found})
        for part in aligned:
            yield from self._code(part)
            yield from self._uncertain(part)
        yield from self._dead_anchors()

    def _finding(
        self, rule: Rule, message: Message, line: int, severity: Severity | None = None
    ) -> Iterator[Finding]:
        level = severity_of(rule, self.terms.settings)
        if level is not None:
            level = min(level, severity or level)
            yield Finding(rule.id, level, message, self.target.name, line, hint=rule.hint)

    def _unread(self) -> Iterator[Finding]:
        for finding in self.after.findings:
            if finding.check == MDX.id:
                yield from self._finding(MDX, as_message(finding.message), finding.line)

    def _structure(self) -> Iterator[Finding]:
        if self.target.text.strip() and (found := difference(self.before, self.after)):
            message, line = found
            yield from self._finding(block_structure, message, line)

    def _footnotes(self) -> Iterator[Finding]:
        before, after = (
            [entry.partition(" ")[2] for entry in document.shape if entry.startswith("footnote_op")]
            for document in (self.before, self.after)
        )
        for message in differing(before, after, Message("the note of footnote")):
            yield from self._finding(footnote, message, 1)

    def _metadata(self, broken: PipelineError | None) -> Iterator[Finding]:
        if broken:
            yield from self._finding(front_matter, broken.what, broken.line or 1)
            return
        for message, severity in drift(self.before, self.after):
            yield from self._finding(front_matter, message, 1, severity)

    def _heading_ids(self) -> Iterator[Finding]:
        """Yield the ids of the source's headings that are gone; a build adds some of its own."""
        before, after = (
            [heading.id for heading in headings(document) if heading.explicit]
            for document in (self.before, self.after)
        )
        if Counter(before) - Counter(after):
            for message in differing(before, after, Message("the heading id")):
                yield from self._finding(kramdown_ial, message, 1)

    def _values(self) -> Iterator[Pair]:
        """Yield the pairs of front-matter texts under the same key."""
        texts = {s.kind: s for s in self.after.segments if s.is_metadata}
        for segment in self.before.segments:
            if segment.is_metadata and segment.kind in texts:
                target = texts[segment.kind]
                yield self._of(segment.msgid, target.msgid, target)

    def _pair(self, part: Aligned) -> Pair:
        source, target = (
            "\n\n".join(block.text for block in side if block.is_text)
            for side in (part.source, part.target)
        )
        segment = next((block.segment for block in part.target if block.segment), None)
        line = part.target[0].line if part.target else 1
        return self._of(source, target, segment or _place(line))

    def _of(self, source: str, target: str, segment: Segment) -> Pair:
        return Pair(
            Unit(source, target),
            segment,
            self.terms.profile,
            self.source.locale,
            self.target.locale,
            glossary=self.terms.glossary,
            path=self.target.name,
            options=self.terms.options,
            file=self.file,
            raw=True,
            labels=self._labels(),
        )

    def _labels(self) -> frozenset[str] | None:
        """Return the labels that either post defines; None where they are not known."""
        entries = (*self.before.shape, *self.after.shape)
        found = filter(None, map(_DEFINITION.match, entries))
        labels = frozenset(normalize_label(match[1]) for match in found)
        return labels if labels or not self.terms.excerpts else None

    def _checked(self, pair: Pair) -> Iterator[Finding]:
        blind = _REGION_BLIND if "\n\n" in pair.unit.msgid or "\n\n" in pair.unit.msgstr else ()
        yield from check_pair(pair, self.terms.settings, blind)

    def _whole(self, known: Collection[str]) -> Iterator[Finding]:
        """Look at all of the texts for what stands between or around blocks."""
        pair = self._of(self.source.text, self.target.text, _place(1))
        for check in (llm_artifact, invisible_chars):
            if check.id not in known:
                for message in check.run(pair):
                    yield from self._finding(check, message, 1)

    def _code(self, part: Aligned) -> Iterator[Finding]:
        if part.certain and not _is_text(part) and part.source[0].text != part.target[0].text:
            message = Message("the code block is not the one of the source")
            yield from self._finding(
                block_structure, message, part.target[0].line, Severity.WARNING
            )

    def _uncertain(self, part: Aligned) -> Iterator[Finding]:
        line = part.target[0].line if part.target else 1
        if part.certain or not (part.source or part.target):
            return
        if part.source and part.target:
            message = Message(
                "{there} and {here} of the source are compared as a whole: which blocks "
                "belong together is uncertain",
                there=_extent(part.target),
                here=_extent(part.source),
            )
        else:
            side = part.source or part.target
            message = Message("{blocks} are not in the source", blocks=_extent(side))
            if part.source:
                message = Message("{blocks} of the source are missing", blocks=_extent(side))
        yield from self._finding(ALIGNMENT, message, line)

    def _dead_anchors(self) -> Iterator[Finding]:
        there, were = anchors(self.after), anchors(self.before)
        for segment in self.after.segments:
            for piece in segment.pieces:
                if piece[:1] == "#" and piece[1:] not in there and piece[1:]:
                    level = None
                    message = Message("there is no heading {anchor} in the file", anchor=piece)
                    if piece[1:] not in were:
                        level = Severity.WARNING
                        message = Message(
                            "there is no heading {anchor} in the file, nor in the source",
                            anchor=piece,
                        )
                    yield from self._finding(LINK_MISSING_FILE, message, segment.line, level)


def _extent(side: Sequence[Block]) -> Message:
    return Message(
        "{count} blocks from line {first} to {last}",
        count=len(side),
        first=side[0].line,
        last=side[-1].line,
    )


def _is_text(part: Aligned) -> bool:
    return any(block.is_text for block in (*part.source, *part.target))


def _place(line: int) -> Segment:
    return Segment("", "paragraph", 0, 0, line)


_DEFINITION = re.compile(r"verbatim definition \[([^\]^][^\]]*)\]:")
