"""Comparing two Markdown files, a text and its translation, without a project or a catalog."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from pipeline.alignment import Aligned, Block, align, blocks, skeleton
from pipeline.anchors import anchors
from pipeline.checks import RULES, Options, Pair, check_pair, ignored_in_file, severity_of
from pipeline.checks.language import llm_artifact
from pipeline.checks.links import footnote
from pipeline.checks.pair import File, Rule
from pipeline.checks.pair import compare as differing
from pipeline.checks.safety import invisible_chars
from pipeline.checks.settings import SettingError, require_known
from pipeline.checks.site import LINK_MISSING_FILE
from pipeline.checks.structure import ALIGNMENT, block_structure, front_matter, is_data
from pipeline.constructs import front_matter as heads
from pipeline.errors import PipelineError
from pipeline.glossary import Glossary
from pipeline.inline import normalize_label
from pipeline.markdown import TEXT_KEYS, parse
from pipeline.model import PROFILES, Document, Finding, Profile, Segment, Severity, Term, Unit
from pipeline.project import gettext_name, readers


@dataclass(frozen=True, slots=True)
class Text:
    """One of the two files: what findings call it, what it says, in which locale."""

    name: str
    text: str
    locale: str


@dataclass(frozen=True, slots=True)
class Terms:
    """How two files are compared."""

    profile: Profile
    glossary: Glossary | None = None
    settings: Mapping[str, Severity | None] = field(default_factory=dict)
    options: Options = field(default_factory=dict)


def compare(source: Text, target: Text, terms: Terms) -> list[Finding]:
    """Return what is wrong with ``target`` as the translation of ``source``.

    Findings name the target's file and line. Raises ``PipelineError`` where the front matter of the
    source is broken; that of the target is a finding.
    """
    before = parse(source.name, source.text, terms.profile)
    after, broken = _parsed(target, terms.profile)
    comparison = _Comparison(before, after, source, target, terms)
    found = [*broken, *comparison.findings()]
    silenced = ignored_in_file(after) | ignored_in_file(before)
    rules = {rule.id: rule for rule in RULES}
    kept = (f for f in found if silenced.isdisjoint((f.check, rules[f.check].family)))
    return list(dict.fromkeys(kept))


def _parsed(target: Text, profile: Profile) -> tuple[Document, list[Finding]]:
    try:
        return parse(target.name, target.text, profile), []
    except PipelineError as error:
        finding = Finding(
            front_matter.id,
            front_matter.severity,
            error.what,
            path=target.name,
            line=error.line or 1,
            hint=error.hint,
        )
        body = target.text.partition("\n---")[2].partition("\n")[2]
        return parse(target.name, body, profile), [finding]


_REGION_BLIND = frozenset(
    ("end-punct", "emphasis-leak", "markup-count", "length-ratio", "zh-soft-break", "doubled-word")
)
"""What means nothing for a region of several blocks."""
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


@dataclass(frozen=True, slots=True)
class _Comparison:
    before: Document
    after: Document
    source: Text
    target: Text
    terms: Terms
    file: File = field(default_factory=File)

    def findings(self) -> Iterator[Finding]:
        yield from self._structure()
        aligned = list(align(blocks(self.before), blocks(self.after), self.terms.profile))
        yield from self._metadata()
        yield from self._footnotes()
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
        self, rule: Rule, message: str, line: int, severity: Severity | None = None
    ) -> Iterator[Finding]:
        level = severity_of(rule, self.terms.settings)
        if level is not None:
            level = min(level, severity or level)
            yield Finding(rule.id, level, message, self.target.name, line, hint=rule.hint)

    def _structure(self) -> Iterator[Finding]:
        before, after = skeleton(self.before), skeleton(self.after)
        if before == after or not self.target.text.strip():
            return
        index = _first_difference(before, after)
        there = [*before, "the end"][index], [*after, "the end"][index]
        line = _line_at(self.after, index)
        message = f"{_named(there[1])} stands where the source has {_named(there[0])}"
        yield from self._finding(block_structure, message, line)

    def _footnotes(self) -> Iterator[Finding]:
        before, after = (
            [entry.partition(" ")[2] for entry in document.shape if entry.startswith("footnote_op")]
            for document in (self.before, self.after)
        )
        for message in differing(before, after, "the note of footnote "):
            yield from self._finding(footnote, message, 1)

    def _metadata(self) -> Iterator[Finding]:
        before, after = (
            heads.read(document.name, document.text, document.profile).other_values(TEXT_KEYS)
            for document in (self.before, self.after)
        )
        for path, value in before.items():
            key, new = heads.dotted(path), after.get(path)
            if path[0] in _OWN_KEYS or new == value:
                continue
            if new is None:
                message = f'the front matter lacks "{key}"'
                yield from self._finding(front_matter, message, 1, Severity.WARNING)
            else:
                mild = None if is_data(value) or key == "layout" else Severity.WARNING
                message = f'the front-matter value "{key}" is {new}, in the source {value}'
                yield from self._finding(front_matter, message, 1, mild)

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
            labels=_labels(self.before, self.after),
        )

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
            message, line = "the code block is not the one of the source", part.target[0].line
            yield from self._finding(block_structure, message, line, Severity.WARNING)

    def _uncertain(self, part: Aligned) -> Iterator[Finding]:
        line = part.target[0].line if part.target else 1
        if part.certain or not (part.source or part.target):
            return
        if part.source and part.target:
            message = (
                f"{_extent(part.target)} and {_extent(part.source)} of the source are compared as "
                "a whole: which blocks belong together is uncertain"
            )
        else:
            side = part.source or part.target
            what = "of the source are missing" if part.source else "are not in the source"
            message = f"{_extent(side)} {what}"
        yield from self._finding(ALIGNMENT, message, line)

    def _dead_anchors(self) -> Iterator[Finding]:
        there, were = anchors(self.after), anchors(self.before)
        for segment in self.after.segments:
            for piece in segment.pieces:
                if piece[:1] == "#" and piece[1:] not in there and piece[1:]:
                    broken = "" if piece[1:] in were else ", nor in the source"
                    level = None if not broken else Severity.WARNING
                    message = f"there is no heading {piece} in the file{broken}"
                    yield from self._finding(LINK_MISSING_FILE, message, segment.line, level)


def _extent(side: Sequence[Block]) -> str:
    return f"{len(side)} blocks from line {side[0].line} to {side[-1].line}"


def _is_text(part: Aligned) -> bool:
    return any(block.is_text for block in (*part.source, *part.target))


def _place(line: int) -> Segment:
    return Segment("", "paragraph", 0, 0, line)


_DEFINITION = re.compile(r"verbatim definition \[([^\]^][^\]]*)\]:")


def _labels(*documents: Document) -> frozenset[str] | None:
    """Return the labels that either post defines; None, not known, where there are none."""
    found = (_DEFINITION.match(entry) for document in documents for entry in document.shape)
    return frozenset(normalize_label(match[1]) for match in found if match) or None


def _first_difference(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = zip(one, other, strict=False)
    return next((i for i, (a, b) in enumerate(pairs) if a != b), min(len(one), len(other)))


_NAMES = {
    "bullet_list_open": "a list",
    "ordered_list_open": "a numbered list",
    "list_item_open": "a list item",
    "blockquote_open": "a quote",
    "paragraph_open": "a paragraph",
    "table_open": "a table",
    "tr_open": "a table row",
    "td_open": "a table cell",
    "footnote_open": "a footnote",
    "html_open": "an HTML block",
    "fence": "a code block",
    "code_block": "a code block",
    "hr": "a rule",
}


def _named(entry: str) -> str:
    """Return what a reader calls an entry of a skeleton."""
    kind, _, rest = entry.partition(" ")
    if kind == "heading_open":
        return f"a heading of level {rest[-1:]}"
    return _NAMES.get(kind, entry.removeprefix("verbatim ").replace("_open", "").replace("_", " "))


def _line_at(document: Document, index: int) -> int:
    """Return the line of the text nearest to an entry of the document's skeleton."""
    texts = sum(1 for entry in skeleton(document)[: index + 1] if entry == "text")
    body = [segment.line for segment in document.segments if not segment.is_metadata]
    return body[min(texts, len(body)) - 1] if texts and body else 1


class PairError(ValueError):
    """A record that is no pair of texts; the argument says why."""


_DIRECTIONS = {"en>zh": ("en", "zh_CN"), "zh>en": ("zh_CN", "en")}


def compare_record(record: object) -> list[Finding]:
    """Compare the texts of a record as ``diglot compare --jsonl`` reads it.

    Raises ``PairError`` where a key is missing or has a value that it cannot have.
    """
    if not isinstance(record, dict):
        raise PairError("a pair is an object")
    for key in ("source", "target"):
        if not isinstance(record.get(key), str):
            raise PairError(f'"{key}" must be a string')
    if record.get("dir") not in _DIRECTIONS:
        raise PairError('"dir" must be "en>zh" or "zh>en"')
    source, target = _DIRECTIONS[record["dir"]]
    chinese = _chinese(record.get("locale"))
    source, target = (chinese if locale == "zh_CN" else locale for locale in (source, target))
    profile = record.get("profile", "jekyll")
    if profile not in PROFILES:
        raise PairError(f'"profile" must be one of {", ".join(PROFILES)}')
    settings, options = _configured(record.get("options", {}))
    terms = Terms(
        PROFILES[profile],
        _glossary(record.get("terms", []), source, target),
        settings,
        options,
    )
    return compare(
        Text("source", record["source"], source), Text("target", record["target"], target), terms
    )


def _chinese(locale: object) -> str:
    if locale is None:
        return "zh_CN"
    name = gettext_name(locale) if isinstance(locale, str) else None
    if name is None or not name.startswith("zh"):
        raise PairError('"locale" must be a variant of Chinese, such as "zh_TW"')
    return name


def _configured(given: object) -> tuple[dict[str, Severity | None], dict[str, dict[str, object]]]:
    """Read options as the settings have them; a bare word that is no severity is a style."""
    if not isinstance(given, dict):
        raise PairError('"options" must be an object of checks')
    table = {
        check: {"style": value} if isinstance(value, str) and value not in readers.LEVELS else value
        for check, value in given.items()
    }
    try:
        rules = readers.checks(table)
        options = {check: options for check, (_, options) in rules.items() if options}
        require_known(rules, options)
    except readers.InvalidValueError as error:
        raise PairError(f'"options" {error.problem}') from error
    except SettingError as error:
        raise PairError(f'"options" {error.what}') from error
    return {check: readers.LEVELS[level] for check, (level, _) in rules.items() if level}, options


def _glossary(rows: object, source: str, target: str) -> Glossary:
    """Read glossary rows: texts under their locales, ``variants_<locale>``, ``keep``."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PairError('"terms" must be a list of objects')
    return Glossary(tuple(term for row in rows for term in _terms_of(row, source, target)))


def _terms_of(row: Mapping[str, object], source: str, target: str) -> Iterator[Term]:
    texts = [
        [text for text in (row.get(locale), *_listed(row.get(f"variants_{locale}"))) if text]
        for locale in (source, target)
    ]
    for before in texts[0]:
        for after in texts[1]:
            yield Term(
                str(before),
                str(after),
                keep=row.get("keep") is True,
                case_sensitive=row.get("case_sensitive") is True,
                forbidden=tuple(map(str, _listed(row.get("forbidden")))),
            )


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()
