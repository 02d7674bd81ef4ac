"""A project's glossaries and its posts: review, suggestions, import and export."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pipeline.checks import Pair, configured
from pipeline.errors import PipelineError
from pipeline.files import Replacement, digest, read_text
from pipeline.glossary.candidates import Candidate, Passage, candidates
from pipeline.glossary.entries import OFF, Entry, Table, locale_key
from pipeline.glossary.matching import Matcher, Phrase
from pipeline.glossary.renderings import with_targets
from pipeline.glossary.review import (
    CONFLICT,
    contradictions,
    entry_finding,
    problems,
    review,
    unused,
)
from pipeline.glossary.table import appended, columns_for, read_table, rows, written
from pipeline.glossary.tbx import read_tbx, tbx
from pipeline.model import Finding, Segment, Severity, State, Unit
from pipeline.project import (
    Project,
    bcp47,
    glossary_files,
    glossary_path,
    glossary_paths,
    match_locale,
)
from pipeline.wording import Message
from pipeline.workspace import Source, load_catalog, read_sources, target_locales

_NO_POST = Message("Name it after a folder of posts that it is to hold for.")


def read_glossary(path: Path) -> Table:
    """Read a glossary of the project; what is wrong with it is in its ``problems``."""
    try:
        return read_table(path, read_text(path))
    except PipelineError as error:
        return Table(path, problems=(error,))


def check_glossaries(project: Project, names: Collection[str] = ()) -> list[Finding]:
    """Return what is wrong with the glossaries, and which terms occur in none of the posts.

    Findings name files as the project's root names them.
    """
    tables = [read_glossary(path) for path in glossary_files(project)]
    sources = read_sources(project, names)
    texts = {source.post.name: _texts(project, source) for source in sources}
    findings: list[Finding] = []
    for table in tables:
        outer = [t for t in tables if table.path.is_relative_to(t.path.with_suffix(""))]
        findings += review(table, project.locales, outer)
        held = [s for s in sources if table.path in glossary_paths(project, s.post)]
        prose = [(source.locale, text) for source in held for text in texts[source.post.name]]
        findings += _unused(project, table, prose if held else None)
    return list(configured(findings, project.checks))


def _unused(
    project: Project, table: Table, texts: Sequence[tuple[str, str]] | None
) -> Iterator[Finding]:
    if texts is None:
        what = Message("this glossary holds for no post")
        yield Finding("glossary-file", Severity.WARNING, what, str(table.path), 0, hint=_NO_POST)
        return
    hint = Message("It may still be of use; remove it if the word is no longer written.")
    for entry in unused(table.entries, project.locales, texts):
        yield entry_finding(entry, "unused-term", Severity.INFO, Message("occurs in no post"), hint)


def _texts(project: Project, source: Source) -> list[str]:
    return [_prose(project, segment.msgid) for segment in source.document.segments]


def _prose(project: Project, text: str) -> str:
    """Return a text as the check ``glossary`` looks at it."""
    return Pair(Unit(text), None, project.profile, "", "").source_prose


# --- suggestions ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate for the glossary, and the language of the posts that it stands in."""

    locale: str
    candidate: Candidate

    def entry(self, locales: Iterable[str]) -> Entry:
        """Return the row that would stand for it, with what is known of its translations."""
        texts = {self.locale: self.candidate.text, **self.candidate.targets}
        return Entry({locale_key(name): (texts[name],) for name in locales if name in texts})


def suggest(project: Project, names: Collection[str], minimum: int, limit: int) -> list[Suggestion]:
    """Return what the posts often say and no glossary has, the best of all languages first."""
    entries = [e for path in glossary_files(project) for e in read_glossary(path).entries]
    sources = read_sources(project, names)
    suggestions = []
    for locale in project.locales:
        passages = [
            passage
            for source in sources
            if source.locale == locale
            for passage in _passages(project, source)
        ]
        new = _unknown(candidates(passages, minimum), _names(entries, locale))
        others = [name for name in project.locales if name != locale]
        best = with_targets(list(islice(new, limit)), passages, others)
        suggestions += [Suggestion(locale, candidate) for candidate in best]
    return sorted(suggestions, key=lambda found: -found.candidate.score)[:limit]


def suggestion_rows(project: Project, found: Sequence[Suggestion]) -> str:
    """Return CSV rows that can be appended to the project's glossary, which has a header then."""
    path = glossary_path(project)
    table = read_table(path, read_text(path) if path.exists() else "")
    names = table.columns or columns_for((), project.locales)
    return rows((suggestion.entry(project.locales) for suggestion in found), names)


def _passages(project: Project, source: Source) -> Iterator[Passage]:
    reviewed = {
        locale: {
            unit.key: unit.msgstr
            for unit in load_catalog(project, source, locale).units
            if unit.state is State.TRANSLATED and not unit.obsolete and unit.msgstr != unit.msgid
        }
        for locale in target_locales(project, source)
    }
    for segment in source.document.segments:
        translations = _translations(project, segment, reviewed)
        text = _prose(project, segment.msgid)
        yield Passage(text, source.post.name, segment.line, translations)


def _translations(
    project: Project,
    segment: Segment,
    reviewed: Mapping[str, Mapping[tuple[str | None, str], str]],
) -> dict[str, str]:
    return {
        locale: _prose(project, units[segment.key])
        for locale, units in reviewed.items()
        if segment.key in units
    }


def _names(entries: Iterable[Entry], locale: str) -> Matcher:
    return Matcher.of(
        Phrase(text)
        for entry in entries
        for texts in [entry.texts.get(locale_key(locale)) or next(iter(entry.texts.values()))]
        for text in texts
    )


def _unknown(found: Iterable[Candidate], known: Matcher) -> Iterator[Candidate]:
    for candidate in found:
        spans = [(start, end) for start, end, _ in known.find(candidate.text)]
        if spans != [(0, len(candidate.text))]:
            yield candidate


# --- import and export ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Import:
    """What an import would do: the file as it will be, and what is not taken over, and why."""

    replacement: Replacement | None
    new: int
    known: int
    foreign: int
    """Entries without a text in any of the project's languages."""
    ignored: tuple[str, ...]
    """Columns that say nothing to us."""
    findings: tuple[Finding, ...]


def plan_import(project: Project, path: Path) -> Import:
    """Find out which entries of a CSV, TSV or TBX file the project's glossary is to get.

    An entry that the glossary has is passed over; one that contradicts it, or an earlier one of
    the same file, becomes a finding, and so does a row that cannot be read. Raises
    ``PipelineError`` if a file cannot be used.
    """
    table = _foreign_table(path)
    target = glossary_path(project)
    text = read_text(target) if target.exists() else ""
    present = read_table(target, text)
    if present.problems:
        raise present.problems[0]
    entries = [
        entry.localised(lambda tag: match_locale(tag, project.locales)) for entry in table.entries
    ]
    wanted = [entry for entry in entries if entry.texts and OFF not in entry.flags]
    new, conflicts = _compared(wanted, present.entries)
    data = appended(text, present, new, project.locales).encode()
    return Import(
        Replacement(target, data, digest(text.encode()) if text else None) if new else None,
        len(new),
        len(wanted) - len(new) - len({(finding.path, finding.line) for finding in conflicts}),
        len(entries) - len(wanted),
        table.ignored,
        (*problems(table.problems), *conflicts),
    )


def _compared(
    wanted: Sequence[Entry], present: Sequence[Entry]
) -> tuple[list[Entry], list[Finding]]:
    """Return the entries that say something new, and how others contradict what is there."""
    found = [(id(entry), finding) for entry, finding in contradictions([*present, *wanted])]
    refused = {number for number, _ in found}
    own = set(map(id, wanted))
    return (
        [entry for entry in wanted if id(entry) not in refused],
        [finding for number, finding in found if number in own and finding.check == CONFLICT],
    )


def _foreign_table(path: Path) -> Table:
    if path.suffix.lower() in (".tbx", ".xml"):
        return Table(path, entries=tuple(read_tbx(path)))
    return read_table(path, read_text(path), foreign=True)


def export_glossary(project: Project, kind: str) -> str:
    """Return the project's glossary as ``csv``, ``tbx2`` or ``tbx3``."""
    path = glossary_path(project)
    table = read_table(path, read_text(path))
    if table.problems:
        raise table.problems[0]
    if kind == "csv":
        return written(table.entries, project.locales)
    names = {locale_key(name): bcp47(name) for name in project.locales}
    entries = (
        entry.localised(lambda key: key if key in names else None) for entry in table.entries
    )
    return "".join(tbx(entries, int(kind[-1]), names.__getitem__))
