"""The report for people: by file, with the line and a caret below it, each hint once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby, islice

from pipeline.model import Finding, Severity
from pipeline.reports.context import Context, by_file, file_of, place_in, severity_name
from pipeline.reports.safe import one_line, whole_line
from pipeline.widths import char_width, width
from pipeline.wording import Message, _, counted, listed, ngettext, told

_COLOURS = {Severity.ERROR: "31", Severity.WARNING: "33", Severity.INFO: "36"}
_BOLD, _DIM = "1", "2"
_MANY, _MOST_PLACES = 3, 15
"""What is said more than so many times after the first is gathered; so many lines are named."""
_WIDEST = 76
_BEFORE = 20
"""So much of a line that is too long is shown before the place."""


def report(findings: Sequence[Finding], context: Context) -> str:
    """Return ``path:line: severity [check] message (catalog:line)`` lines and a summary.

    Below each stands the line of the post and, where it is known what is wrong in the translation,
    that part of it; carets show the place.
    """
    if not findings:
        return _("No problems found.") + "\n"
    lines: list[str] = []
    explained: set[str] = set()
    for _name, group in groupby(by_file(findings), key=lambda finding: file_of(finding)[0]):
        for finding, others in _gathered(group):
            lines += _lines(finding, context, explained)
            if others:
                lines.append(_styled(_places(others), _DIM if context.colour else ""))
        lines.append("")
    return "\n".join([*lines, summary(findings), ""])


def summary(findings: Sequence[Finding]) -> str:
    """Return how many findings of each severity there are, as a sentence."""
    counts = Counter(finding.severity for finding in findings)
    parts = [_counted(severity, counts[severity]) for severity in sorted(counts, reverse=True)]
    files = len({file_of(finding)[0] for finding in findings})
    text = ngettext("{findings} in {count} file.", "{findings} in {count} files.", files)
    return text.format(findings=told(listed(parts)), count=files)


def _counted(severity: Severity, count: int) -> Message:
    if severity is Severity.ERROR:
        return counted("{count} error", "{count} errors", count)
    if severity is Severity.WARNING:
        return counted("{count} warning", "{count} warnings", count)
    return counted("{count} note", "{count} notes", count)


def headline(finding: Finding, say: Callable[[str], str] = told) -> str:
    """Return what a finding says in one line of plain text; ``say`` chooses the language."""
    return whole_line(f"{_place(finding)} {_what(finding, say)}".lstrip())


def _gathered(findings: Iterable[Finding]) -> Iterator[tuple[Finding, Sequence[Finding]]]:
    """Yield the findings of a file, the first of many that say the same with all the others.

    Those that quote something are never the same.
    """
    alike: dict[object, list[Finding]] = {}
    ordered = list(findings)
    for finding in ordered:
        if not finding.quote:
            alike.setdefault(_said(finding), []).append(finding)
    for finding in ordered:
        first, *others = alike.get(_said(finding), [finding])
        if finding.quote or len(others) < _MANY:
            yield finding, ()
        elif finding is first:
            yield finding, others


def _said(finding: Finding) -> tuple[object, ...]:
    return finding.severity, finding.check, finding.message, finding.catalog


def _places(findings: Sequence[Finding]) -> str:
    numbers = [line for _, line in map(file_of, findings) if line]
    shown = ", ".join(map(str, numbers[:_MOST_PLACES])) + (", …" if numbers[_MOST_PLACES:] else "")
    count = len(findings)
    if shown:
        text = _("and the same {count} more times: lines {lines}").format(count=count, lines=shown)
    else:
        text = _("and the same {count} more times").format(count=count)
    return f"    {text}"


def _lines(finding: Finding, context: Context, explained: set[str]) -> Iterator[str]:
    colour = _COLOURS[finding.severity] if context.colour else ""
    yield _painted(finding, colour)
    line = context.line(finding)
    if line.strip():
        carets = not finding.target or finding.quote in line
        yield from islice(_excerpt(line, finding.quote, colour), 1 + carets)
    if finding.target:
        yield from _excerpt(finding.target, finding.quote, colour)
    if finding.hint and finding.hint not in explained:
        explained.add(finding.hint)
        yield _styled(whole_line(f"    {told(finding.hint)}"), _DIM if colour else "")


def _painted(finding: Finding, colour: str) -> str:
    text = headline(finding)
    place, severity, rest = text.partition(f" {told(severity_name(finding.severity))} ")
    if not colour or not severity:
        return text
    return f"{_styled(place, _BOLD)} {_styled(severity.strip(), colour)} {rest}"


def _excerpt(line: str, quote: str, colour: str) -> Iterator[str]:
    """Yield a line, as much of it as fits, and below it the carets."""
    place = place_in(line, quote)
    line = line.replace("\t", " ")
    cut = max(place.start - 1 - _BEFORE, 0)
    before = ("…" if cut else "") + one_line(line[cut : place.start - 1])
    start, end = place.start - 1, place.end - 1
    wrong = _cut(one_line(line[start : min(end, start + _WIDEST + 1)]), _WIDEST - width(before))
    after = _cut(one_line(line[end : end + _WIDEST + 1]), _WIDEST - width(before + wrong))
    yield one_line(f"    | {before}{wrong}{after}".rstrip())  # parts may make a command together
    carets = "^" * (max(width(wrong), 1) if place.end - place.start <= len(quote) else 1)
    yield f"    | {' ' * width(before)}{_styled(carets, colour)}"


def _cut(text: str, columns: int) -> str:
    used = 0
    for end, character in enumerate(text):
        used += char_width(character)
        if used >= columns and text[end + 1 :]:
            return text[:end] + "…"
    return text


def _styled(text: str, code: str) -> str:
    return f"\x1b[{code}m{text}\x1b[0m" if code else text


def _place(finding: Finding) -> str:
    name, line = file_of(finding)
    return "".join(f"{part}:" for part in (name, line) if part)


def _what(finding: Finding, say: Callable[[str], str]) -> str:
    severity = say(severity_name(finding.severity))
    what = f"{severity} [{finding.check}] {say(finding.message)}"
    if not (finding.path and finding.catalog):
        return what
    line = f":{finding.catalog_line}" if finding.catalog_line else ""
    return f"{what} ({finding.catalog}{line})"
