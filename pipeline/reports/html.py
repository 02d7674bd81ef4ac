"""One HTML page with filters: it needs no network, and what it quotes cannot act in it.

The page's own script and style are allowed by their hashes and nothing else is; without scripts
all findings are shown, and no filters.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from importlib import resources
from itertools import groupby

from pipeline.model import Finding
from pipeline.reports.context import Context, by_file, file_of, place_in, severity_name
from pipeline.reports.safe import one_line
from pipeline.reports.text import summary
from pipeline.wording import _, spoken_locale, told

_AROUND = 60
"""So many characters of a line are shown on either side of the place."""


def report(findings: Sequence[Finding], context: Context) -> str:
    """Return the page."""
    style, script = _asset("report.css"), _asset("report.js")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    title = summary(findings) if findings else _("No problems found.")
    lang = spoken_locale().replace("_", "-")
    shown = _("{shown} of {count} shown. {summary}")
    parts = [
        f'<!doctype html>\n<html lang="{lang}">\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>Diglot: {_text(title)}</title>",
        f"<style>{style}</style>",
        f'<header><h1>Diglot</h1><p id="count" data-shown="{_text(shown)}">{_text(title)}</p>',
        *_filters(findings),
        "</header>\n<main>",
        *_files(findings, context),
        f"</main>\n<script>{script}</script>\n</html>\n",
    ]
    return "\n".join(parts)


def _asset(name: str) -> str:
    return resources.files("pipeline.reports").joinpath(name).read_text("utf-8")


def _hash(text: str) -> str:
    digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
    return f"'sha256-{digest}'"


def _text(text: str) -> str:
    return escape(one_line(text))


def _filters(findings: Sequence[Finding]) -> Iterator[str]:
    if not findings:
        return
    label = _("Filters")
    yield f'<form hidden role="search" aria-label="{_text(label)}">'
    severities = sorted({finding.severity for finding in findings}, reverse=True)
    names = {severity.name.lower(): told(severity_name(severity)) for severity in severities}
    counts = Counter(finding.severity.name.lower() for finding in findings)
    yield _choice("severity", _("Severity"), names, counts)
    checks = Counter(finding.check for finding in findings)
    yield _choice("check", _("Check"), {check: check for check in sorted(checks)}, checks)
    files = Counter(file_of(finding)[0] for finding in findings)
    yield _choice("file", _("File"), {name: name for name in sorted(files)}, files)
    label = _("Text")
    yield f'<label>{_text(label)} <input type="search" name="text"></label>'
    yield "</form>"


def _choice(name: str, label: str, values: Mapping[str, str], counts: Counter[str]) -> str:
    options = "".join(
        f'<option value="{_text(value)}">{_text(shown)} ({counts[value]})</option>'
        for value, shown in values.items()
    )
    every = _("all")
    options = f'<option value="">{_text(every)}</option>{options}'
    return f'<label>{_text(label)} <select name="{name}">{options}</select></label>'


def _files(findings: Sequence[Finding], context: Context) -> Iterator[str]:
    for name, group in groupby(by_file(findings), key=lambda finding: file_of(finding)[0]):
        heading = name or _("The project")
        yield f"<section><h2>{_text(heading)}</h2><ol>"
        for finding in group:
            yield from _item(finding, name, context)
        yield "</ol></section>"


def _item(finding: Finding, name: str, context: Context) -> Iterator[str]:
    severity = finding.severity.name.lower()
    data = {"severity": severity, "check": finding.check, "file": name}
    attributes = " ".join(f'data-{key}="{_text(value)}"' for key, value in data.items())
    _, line = file_of(finding)
    yield f'<li class="{severity}" {attributes}>'
    shown, message = told(severity_name(finding.severity)), told(finding.message)
    yield f"<p><b>{_text(shown)}</b> <code>{_text(finding.check)}</code> {_text(message)}</p>"
    yield f"<p class=place>{_where(finding, line)}</p>"
    text = context.line(finding)
    for quoted in (text, finding.target):
        if quoted.strip():
            yield f"<pre>{_marked(quoted, finding)}</pre>"
    if finding.hint:
        yield f"<p class=hint>{_text(told(finding.hint))}</p>"
    yield "</li>"


def _where(finding: Finding, line: int) -> str:
    post = _("line {line}").format(line=line) if finding.path and line else ""
    number = f":{finding.catalog_line}" if finding.catalog_line else ""
    catalog = f"{finding.catalog}{number}" if finding.catalog else ""
    return _text(" · ".join(filter(None, (post, catalog))))


def _marked(text: str, finding: Finding) -> str:
    place = place_in(text, finding.quote)
    start, end = place.start - 1, place.end - 1
    end = min(end, start + 2 * _AROUND)
    first, last = max(start - _AROUND, 0), end + _AROUND
    before = "…" * (first > 0) + text[first:start]
    wrong, after = text[start:end], text[end:last] + "…" * (last < len(text))
    if finding.quote and finding.quote in text:
        return f"{_text(before)}<mark>{_text(wrong)}</mark>{_text(after)}"
    return _text(before + wrong + after)
