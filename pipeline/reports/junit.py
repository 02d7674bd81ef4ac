"""JUnit XML, in the subset that CI servers agree on: a suite a file, a case a finding."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from xml.sax.saxutils import escape, quoteattr

from pipeline.model import Finding
from pipeline.reports.context import Context, by_file, file_of
from pipeline.reports.safe import one_line
from pipeline.reports.text import headline


def report(findings: Sequence[Finding], context: Context) -> str:
    """Return the suites: findings that fail the run are failures, others pass with a message.

    Where nothing was found, one case has passed, because some servers refuse a file without any.
    """
    failures = sum(finding.severity >= context.fail_on for finding in findings)
    total = max(len(findings), 1)
    lines = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<testsuites name="diglot" tests="{total}" failures="{failures}" errors="0">',
    ]
    for name, group in groupby(by_file(findings), key=lambda finding: file_of(finding)[0]):
        lines += _suite(name, list(group), context)
    if not findings:
        lines += _open_suite("diglot", 1, 0)
        lines += ['    <testcase classname="diglot" name="check"/>', "  </testsuite>"]
    return "\n".join([*lines, "</testsuites>", ""])


def _suite(name: str, findings: Sequence[Finding], context: Context) -> Iterator[str]:
    failures = sum(finding.severity >= context.fail_on for finding in findings)
    yield from _open_suite(name, len(findings), failures)
    for finding in findings:
        yield from _case(finding, fails=finding.severity >= context.fail_on)
    yield "  </testsuite>"


def _open_suite(name: str, tests: int, failures: int) -> Iterator[str]:
    counts = f'tests="{tests}" failures="{failures}" errors="0" skipped="0"'
    yield f"  <testsuite name={_attribute(name)} {counts}>"


def _case(finding: Finding, *, fails: bool) -> Iterator[str]:
    name, line = file_of(finding)
    title = f"{finding.check} (line {line})" if line else finding.check
    where = f"classname={_attribute(name)} name={_attribute(title)}"
    yield f'    <testcase {where} file={_attribute(name)} line="{max(line, 1)}">'
    text = escape("\n".join(filter(None, (headline(finding, str), one_line(finding.hint)))))
    if fails:
        kind = f"type={_attribute(finding.severity.name.lower())}"
        yield f"      <failure message={_attribute(finding.message)} {kind}>{text}</failure>"
    else:
        yield f"      <system-out>{text}</system-out>"
    yield "    </testcase>"


def _attribute(text: str) -> str:
    return quoteattr(one_line(text))
