"""One HTML page with filters: it needs no network, and what it quotes cannot act in it.

The page's own script and style are allowed by their hashes and nothing else is; without scripts
all findings are shown, and no filters.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from importlib import resources
from itertools import groupby

from pipeline.model import Finding
from pipeline.reports.context import Context, by_file, file_of, place_in
from pipeline.reports.safe import one_line
from pipeline.reports.text import summary

_AROUND = 60
"""So many characters of a line are shown on either side of the place."""


def report(findings: Sequence[Finding], context: Context) -> str:
    """Return the page."""
    style, script = _asset("report.css"), _asset("report.js")
    policy = (
        f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
        "base-uri 'none'; form-action 'none'"
    )
    title = summary(findings) if findings else "No problems found."
    parts = [
        '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">',
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>Diglot: {_text(title)}</title>",
        f"<style>{style}</style>",
        f'<header><h1>Diglot</h1><p id="count">{_text(title)}</p>',
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
    yield '<form hidden role="search" aria-label="Filters">'
    severities = sorted({finding.severity for finding in findings}, reverse=True)
    names = [severity.name.lower() for severity in severities]
    yield _choice("severity", names, Counter(f.severity.name.lower() for f in findings))
    checks = Counter(finding.check for finding in findings)
    yield _choice("check", sorted(checks), checks)
    files = Counter(file_of(finding)[0] for finding in findings)
    yield _choice("file", sorted(files), files)
    yield '<label>Text <input type="search" name="text"></label>'
    yield "</form>"


def _choice(name: str, values: Iterable[str], counts: Counter[str]) -> str:
    options = "".join(
        f'<option value="{_text(value)}">{_text(value)} ({counts[value]})</option>'
        for value in values
    )
    every = '<option value="">all</option>'
    return f'<label>{name.capitalize()} <select name="{name}">{every}{options}</select></label>'


def _files(findings: Sequence[Finding], context: Context) -> Iterator[str]:
    for name, group in groupby(by_file(findings), key=lambda finding: file_of(finding)[0]):
        yield f"<section><h2>{_text(name) or 'The project'}</h2><ol>"
        for finding in group:
            yield from _item(finding, name, context)
        yield "</ol></section>"


def _item(finding: Finding, name: str, context: Context) -> Iterator[str]:
    severity = finding.severity.name.lower()
    data = {"severity": severity, "check": finding.check, "file": name}
    attributes = " ".join(f'data-{key}="{_text(value)}"' for key, value in data.items())
    _, line = file_of(finding)
    yield f'<li class="{severity}" {attributes}>'
    yield f"<p><b>{severity}</b> <code>{_text(finding.check)}</code> {_text(finding.message)}</p>"
    yield f"<p class=place>{_where(finding, line)}</p>"
    text = context.line(finding)
    for quoted in (text, finding.target):
        if quoted.strip():
            yield f"<pre>{_marked(quoted, finding)}</pre>"
    if finding.hint:
        yield f"<p class=hint>{_text(finding.hint)}</p>"
    yield "</li>"


def _where(finding: Finding, line: int) -> str:
    post = f"line {line}" if finding.path and line else ""
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
