"""The reports: what people and GitHub's runner read, whatever the posts say."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.model import Finding, Severity
from pipeline.reports import REPORTS

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
FINDINGS = (
    Finding("untranslated", WARNING, "no translation", "posts/b.md", 9, "b.po", 30, "Go."),
    Finding("untranslated", WARNING, "no translation", "posts/b.md", 4, "b.po", 12, "Go."),
    Finding("code-span", ERROR, "it loses `a`", "posts/b.md", 4, "b.po", 12, "Copy."),
    Finding("nesting-limit", INFO, "too deep", "posts/a.md", 70),
    Finding("stale", ERROR, "1 entry not in the post", "posts/a.md", 0, "a.po", 8),
)

TEXT = """\
posts/a.md: error [stale] 1 entry not in the post (a.po:8)
posts/a.md:70: info [nesting-limit] too deep

posts/b.md:4: error [code-span] it loses `a` (b.po:12)
    Copy.
posts/b.md:4: warning [untranslated] no translation (b.po:12)
    Go.
posts/b.md:9: warning [untranslated] no translation (b.po:30)

2 errors, 2 warnings, 1 note in 2 files.
"""

GITHUB = """\
::error file=posts/a.md,line=1,title=diglot%3A stale::1 entry not in the post%0Aa.po:8
::error file=posts/b.md,line=4,title=diglot%3A code-span::it loses `a`%0ACopy.%0Ab.po:12
::warning file=posts/b.md,line=4,title=diglot%3A untranslated::no translation%0AGo.%0Ab.po:12
::warning file=posts/b.md,line=9,title=diglot%3A untranslated::no translation%0AGo.%0Ab.po:30
::notice file=posts/a.md,line=70,title=diglot%3A nesting-limit::too deep
"""


@pytest.mark.parametrize(("name", "expected"), [("text", TEXT), ("github", GITHUB)])
def test_report(name: str, expected: str) -> None:
    assert REPORTS[name](FINDINGS) == expected


@pytest.mark.parametrize(("name", "expected"), [("text", "No problems found.\n"), ("github", "")])
def test_report_of_nothing(name: str, expected: str) -> None:
    assert REPORTS[name](()) == expected


@pytest.mark.parametrize(
    ("finding", "text", "github"),
    [
        (
            Finding("stale", ERROR, "100 %\r\nof：it, or::none", "文,章:一%.md", 3),
            "文,章:一%.md:3: error [stale] 100 %\\u000d\\u000aof：it, or::none",
            "::error file=文%2C章%3A一%25.md,line=3,title=diglot%3A stale"
            "::100 %25\\u000d\\u000aof：it, or::none",
        ),
        (
            Finding("stale", ERROR, "##[add-mask]x", "::stop-commands::y.md", 3),
            "\\::stop-commands::y.md:3: error [stale] ## [add-mask]x",
            "::error file=%3A%3Astop-commands%3A%3Ay.md,line=3,title=diglot%3A stale"
            "::## [add-mask]x",
        ),
        (
            Finding("stale", ERROR, "red \x1b[31m and \u202eback\u3000全角"),
            "error [stale] red \\u001b[31m and \\u202eback\u3000全角",
            "::error title=diglot%3A stale::red \\u001b[31m and \\u202eback\u3000全角",
        ),
        (
            Finding("stale", WARNING, "no post", catalog="a.po", catalog_line=5),
            "a.po:5: warning [stale] no post",
            "::warning file=a.po,line=5,title=diglot%3A stale::no post",
        ),
    ],
)
def test_odd_texts(finding: Finding, text: str, github: str) -> None:
    assert REPORTS["text"]([finding]).splitlines()[0] == text
    assert REPORTS["github"]([finding]) == github + "\n"


def test_github_shows_the_same_finding_once() -> None:
    assert REPORTS["github"]([FINDINGS[0], FINDINGS[0]]).count("\n") == 1


HOSTILE = st.lists(
    st.sampled_from(
        ["::error::", "::set-output name=a::b", "##[group]", "\n", "\r", "\u2028", " ", "x"]
    )
    | st.characters(),
    max_size=8,
).map("".join)
COMMAND = re.compile(r"\s*::(?P<command>[^ :]+)(?: (?P<properties>.*?))?::(?P<data>.*)")


def commands(output: str) -> list[re.Match[str]]:
    """The workflow commands that GitHub's runner sees in the output of a step."""
    assert "##[" not in output
    lines = re.split(r"[\r\n\u0085\u2028\u2029]", output)
    return [match for line in lines if (match := COMMAND.match(line))]


@given(HOSTILE, HOSTILE, HOSTILE)
def test_no_text_becomes_a_workflow_command(message: str, path: str, catalog: str) -> None:
    finding = Finding("stale", ERROR, message, path, 1, catalog, 2, hint=message)
    assert commands(REPORTS["text"]([finding])) == []
    (command,) = commands(REPORTS["github"]([finding]))
    properties = dict(part.split("=", 1) for part in command["properties"].split(","))
    assert command["command"] == "error"
    assert properties.keys() <= {"file", "line", "title"}
    assert properties["title"] == "diglot%3A stale"
