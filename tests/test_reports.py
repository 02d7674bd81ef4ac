"""The reports: what people, CI servers and GitHub's runner read, whatever the posts say."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipeline.baseline import identified
from pipeline.cli.reporting import FORMATS
from pipeline.model import Finding, Severity
from pipeline.reports import REPORTS, Context, step_summary
from pipeline.widths import width

ERROR, WARNING, INFO = Severity.ERROR, Severity.WARNING, Severity.INFO
FINDINGS = (
    Finding("untranslated", WARNING, "no translation", "posts/b.md", 9, "b.po", 30, "Go."),
    Finding("untranslated", WARNING, "no translation", "posts/b.md", 4, "b.po", 12, "Go."),
    Finding("code-span", ERROR, "it loses `a`", "posts/b.md", 4, "b.po", 12, "Copy.", quote="`a`"),
    Finding(
        "zh-quotes",
        WARNING,
        'it has "运行“"',
        "posts/b.md",
        5,
        "b.po",
        16,
        "Close it.",
        quote="“运行“",
        target="按“运行“键",
    ),
    Finding("nesting-limit", INFO, "too deep", "posts/a.md", 70),
    Finding("stale", ERROR, "1 entry not in the post", "posts/a.md", 0, "a.po", 8),
)
LINES = {("posts/b.md", 4): "- 用 `a` here", ("posts/b.md", 5): '  Press "Run"'}
CONTEXT = Context(line_of=lambda name, number: LINES.get((name, number), ""))


def written(name: str, findings: Sequence[Finding], context: Context = CONTEXT) -> str:
    """A report of findings as it comes out of a command."""
    return REPORTS[name](identified(findings, Path()), context)


TEXT = """\
posts/a.md: error [stale] 1 entry not in the post (a.po:8)
posts/a.md:70: info [nesting-limit] too deep

posts/b.md:4: error [code-span] it loses `a` (b.po:12)
    | - 用 `a` here
    |      ^^^
    Copy.
posts/b.md:4: warning [untranslated] no translation (b.po:12)
    | - 用 `a` here
    | ^
    Go.
posts/b.md:5: warning [zh-quotes] it has "运行“" (b.po:16)
    |   Press "Run"
    | 按“运行“键
    |   ^^^^^^
    Close it.
posts/b.md:9: warning [untranslated] no translation (b.po:30)

2 errors, 3 warnings, 1 note in 2 files.
"""

GITHUB = """\
::error file=posts/a.md,line=1,title=diglot%3A stale::1 entry not in the post%0Aa.po:8
::error file=posts/b.md,line=4,title=diglot%3A code-span::it loses `a`%0ACopy.%0Ab.po:12
::warning file=posts/b.md,line=4,title=diglot%3A untranslated::no translation%0AGo.%0Ab.po:12
::warning file=posts/b.md,line=5,title=diglot%3A zh-quotes::it has "运行“"%0AClose it.%0Ab.po:16
::warning file=posts/b.md,line=9,title=diglot%3A untranslated::no translation%0AGo.%0Ab.po:30
::notice file=posts/a.md,line=70,title=diglot%3A nesting-limit::too deep
"""


@pytest.mark.parametrize(("name", "expected"), [("text", TEXT), ("github", GITHUB)])
def test_report(name: str, expected: str) -> None:
    assert written(name, FINDINGS) == expected


def test_what_is_said_again_and_again_is_gathered() -> None:
    many = [replace(FINDINGS[0], line=line, catalog_line=line) for line in range(20, 3, -1)]
    quoting = [replace(FINDINGS[2], line=line) for line in (5, 6, 7, 8)]
    lines = written("text", [*quoting, *many]).splitlines()
    found = [line for line in lines if line.startswith(("posts", "    and"))]
    places = ", ".join(map(str, range(5, 20)))
    assert found == [
        "posts/b.md:4: warning [untranslated] no translation (b.po:4)",
        f"    and the same 16 more times: lines {places}, …",
        *(f"posts/b.md:{line}: error [code-span] it loses `a` (b.po:12)" for line in (5, 6, 7, 8)),
    ]
    assert lines[-1] == "4 errors, 17 warnings in 1 file."
    assert written("jsonl", many).count("\n") == 17


@pytest.mark.parametrize(
    ("name", "expected"),
    [("text", "No problems found.\n"), ("github", ""), ("jsonl", ""), ("gitlab", "[]\n")],
)
def test_report_of_nothing(name: str, expected: str) -> None:
    assert written(name, ()) == expected


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
    assert written("text", [finding]).splitlines()[0] == text
    assert written("github", [finding]) == github + "\n"


def test_colours_stand_only_in_what_a_terminal_gets() -> None:
    coloured = REPORTS["text"](FINDINGS, replace(CONTEXT, colour=True))
    assert "\x1b[31merror\x1b[0m [code-span]" in coloured
    assert re.sub(r"\x1b\[\d+m", "", coloured) == TEXT


def test_lines_are_read_from_files_unless_they_are_far_too_long(tmp_path: Path) -> None:
    path = tmp_path / "a.md"
    path.write_text(f"one\r\ntwo\r{'x' * 10_001}\n\nlast", "utf-8")
    line_of = Context().line_of
    assert [line_of(str(path), number) for number in range(7)] == [
        *("", "one", "two", "", "", "last", "")
    ]
    assert line_of(str(tmp_path / "none.md"), 1) == ""


@pytest.mark.parametrize("name", ["text", "html"])
def test_a_finding_of_a_catalog_alone_shows_the_catalog_s_line(name: str) -> None:
    finding = Finding("stale", ERROR, "gone", catalog="a.po", catalog_line=3)
    context = Context(
        line_of=lambda name, number: 'msgid "A"' if (name, number) == ("a.po", 3) else ""
    )
    assert "msgid" in written(name, [finding], context)


@given(st.text("a中\t，\x1b", max_size=300), st.text("a中，", max_size=40))
def test_an_excerpt_fits_and_its_carets_stand_below_the_quote(around: str, quote: str) -> None:
    finding = Finding("x", ERROR, "m", "a.md", 1, quote=f"<{quote}>")
    context = Context(line_of=lambda name, number: f"{around}<{quote}>{around}")
    _, line, carets, *_ = REPORTS["text"]([finding], context).split("\n")
    assert width(line) <= 90
    start = width(carets[: carets.index("^")])
    before = line[: line.index("<")]
    assert width(before) == start


# GitHub


def test_github_shows_ten_of_a_kind_and_the_rest_in_the_log_and_the_summary() -> None:
    many = [Finding("stale", WARNING, f"number {n}", "a.md", n + 1) for n in range(25)]
    lines = written("github", [FINDINGS[2], *many, many[0]]).splitlines()
    assert [line[:9] for line in lines[:11]] == ["::error f", *["::warning"] * 10]
    assert lines[11:-1] == [f"a.md:{n + 1}: warning [stale] number {n}" for n in range(10, 25)]
    assert lines[-1] == "1 error, 26 warnings in 2 files."
    shown = step_summary([FINDINGS[2], *many])
    assert shown.count("\n| warning | stale |") == 25
    assert "| error | code&#45;span | posts&#47;b&#46;md&#58;4 | it loses &#96;a&#96; |" in shown


def test_the_summary_stays_below_what_github_takes() -> None:
    many = [Finding("stale", WARNING, "中" * 500, "a.md", n) for n in range(1000)]
    shown = step_summary(many)
    assert len(shown.encode()) < 2**20
    left = re.search(r"… and (\d+) more\.\n\Z", shown)
    assert left
    assert shown.count("| warning |") + int(left[1]) == 1000


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
    finding = Finding("stale", ERROR, message, path, 1, catalog, 2, hint=message, quote=message)
    context = Context(line_of=lambda name, number: message)
    for quote in (message, message[1:3]):
        assert commands(REPORTS["text"]([replace(finding, quote=quote)], context)) == []
    many = [replace(finding, line=n) for n in range(12)]
    found = commands(REPORTS["github"](many, context))
    assert 1 <= len(found) <= 10
    for command in found:
        properties = dict(part.split("=", 1) for part in command["properties"].split(","))
        assert command["command"] == "error"
        assert properties.keys() <= {"file", "line", "title"}
        assert properties["title"] == "diglot%3A stale"


@given(HOSTILE | st.text("|`*_[]()<>&@#:/\\!~www.", max_size=20))
def test_no_text_acts_in_the_summary(text: str) -> None:
    row = step_summary([Finding("stale", ERROR, text, text, 1)]).splitlines()[-1]
    assert row.count("|") == 5
    assert not set("`*[]<>@:\\!~.") & set(row)


# Formats that programs read


def parsed(name: str, findings: Sequence[Finding]) -> Any:
    text = written(name, findings)
    if name == "junit":
        return ElementTree.fromstring(text)
    if name == "jsonl":
        return [json.loads(line) for line in text.splitlines()]
    return json.loads(text)


def fingerprints(name: str, findings: Sequence[Finding]) -> list[str]:
    found = parsed(name, findings)
    if name == "sarif":
        results = found["runs"][0]["results"]
        return [r["partialFingerprints"]["primaryLocationLineHash"] for r in results]
    return [row["fingerprint"] for row in found]


@pytest.mark.parametrize("name", ["sarif", "gitlab", "jsonl"])
def test_fingerprints_differ_and_survive_moved_lines(name: str) -> None:
    alike = [replace(FINDINGS[0], unit="1"), replace(FINDINGS[0], unit="2")]
    found = [*FINDINGS, *alike, alike[1]]
    moved = [replace(f, line=f.line + 7, catalog_line=f.catalog_line + 3) for f in found]
    before = fingerprints(name, found)
    assert len(set(before)) == len(found)
    assert sorted(fingerprints(name, moved)) == sorted(before)


def test_json_lines_hold_place_and_message() -> None:
    rows = parsed("jsonl", FINDINGS)
    assert [(row["check"], row["line"], row["column"], row["end_column"]) for row in rows] == [
        ("stale", 0, 0, 0),
        ("nesting-limit", 70, 0, 0),
        ("code-span", 4, 5, 8),
        ("untranslated", 4, 1, 13),
        ("zh-quotes", 5, 3, 14),
        ("untranslated", 9, 0, 0),
    ]
    assert rows[2]["message"] == "it loses `a`"


def test_gitlab_gets_the_severe_ones_first() -> None:
    found = parsed("gitlab", FINDINGS)
    assert [issue["severity"] for issue in found] == ["major"] * 2 + ["minor"] * 3 + ["info"]
    assert found[1]["location"] == {"path": "posts/b.md", "lines": {"begin": 4}}


def test_junit_has_a_suite_a_file_and_fails_for_what_fails_the_run() -> None:
    root = parsed("junit", FINDINGS)
    assert root.attrib == {"name": "diglot", "tests": "6", "failures": "2", "errors": "0"}
    assert [suite.get("name") for suite in root] == ["posts/a.md", "posts/b.md"]
    failed = [
        case.get("name") for case in root.iter("testcase") if case.find("failure") is not None
    ]
    assert failed == ["stale", "code-span (line 4)"]
    strict = REPORTS["junit"](FINDINGS, Context(fail_on=INFO))
    assert ElementTree.fromstring(strict).get("failures") == "6"
    assert len(parsed("junit", ()).findall("testsuite/testcase")) == 1


# What the SARIF 2.1.0 schema, its text and GitHub ask of each object that we write: the type of
# every property, those that must be there, and no other.
URI = re.compile(r"[A-Za-z0-9._~/%-]+")
SARIF: Mapping[str, tuple[Mapping[str, object], set[str]]] = {
    "log": ({"$schema": str, "version": "2.1.0", "runs": ["run"]}, {"version", "runs"}),
    "run": (
        {
            "tool": "tool",
            "columnKind": "unicodeCodePoints",
            "automationDetails": "details",
            "results": ["result"],
            "invocations": ["invocation"],
        },
        {"tool"},
    ),
    "tool": ({"driver": "driver"}, {"driver"}),
    "driver": ({"name": str, "semanticVersion": str, "rules": ["rule"]}, {"name"}),
    "rule": (
        {
            "id": str,
            "shortDescription": "text",
            "fullDescription": "text",
            "help": "text",
            "defaultConfiguration": "configuration",
            "properties": "bag",
        },
        {"id", "shortDescription", "help"},
    ),
    "configuration": ({"level": ("error", "warning", "note")}, set()),
    "bag": ({"tags": [str]}, set()),
    "details": ({"id": str}, set()),
    "text": ({"text": str}, {"text"}),
    "result": (
        {
            "ruleId": str,
            "ruleIndex": int,
            "level": ("error", "warning", "note"),
            "message": "text",
            "partialFingerprints": "fingerprints",
            "locations": ["location"],
            "relatedLocations": ["location"],
        },
        {"message", "locations", "partialFingerprints"},
    ),
    "fingerprints": ({"primaryLocationLineHash": str}, set()),
    "location": ({"physicalLocation": "physical"}, set()),
    "physical": ({"artifactLocation": "artifact", "region": "region"}, {"artifactLocation"}),
    "artifact": ({"uri": URI}, {"uri"}),
    "region": ({"startLine": 1, "startColumn": 1, "endColumn": 1}, {"startLine"}),
    "invocation": (
        {"executionSuccessful": bool, "toolExecutionNotifications": ["notification"]},
        {"executionSuccessful"},
    ),
    "notification": ({"level": ("warning",), "message": "text"}, {"message"}),
}


def require(value: Any, wanted: Any) -> None:
    """Assert that a value of a SARIF log is what is wanted of it."""
    if isinstance(wanted, list):
        for item in value:
            require(item, wanted[0])
    elif isinstance(wanted, str) and wanted in SARIF:
        properties, needed = SARIF[wanted]
        assert needed <= value.keys() <= properties.keys(), wanted
        for name, part in value.items():
            require(part, properties[name])
    elif isinstance(wanted, tuple):
        assert value in wanted
    elif isinstance(wanted, re.Pattern):
        assert wanted.fullmatch(value)
    elif isinstance(wanted, type):
        assert isinstance(value, wanted)
    elif isinstance(wanted, int):
        assert value >= wanted
    else:
        assert value == wanted


@given(HOSTILE, HOSTILE.filter(bool))
def test_sarif_is_what_its_schema_asks(message: str, path: str) -> None:
    odd = Finding("code-span", ERROR, message, f"posts/{path}.md", 1, "a.po", 2, "[a](b) {1}")
    log = parsed("sarif", [*FINDINGS, odd])
    require(log, "log")
    run = log["runs"][0]
    rules = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
    assert len(set(rules)) == len(rules)
    for result in run["results"]:
        assert rules[result["ruleIndex"]] == result["ruleId"]
        text = result["message"]["text"]
        assert not re.search(r"(?<!\\)[\[\]]", text)
        assert not re.search(r"[{}]", text.replace("{{", "").replace("}}", ""))


def test_sarif_marks_the_quote_in_code_points() -> None:
    results = parsed("sarif", FINDINGS)["runs"][0]["results"]
    places = [result["locations"][0]["physicalLocation"]["region"] for result in results]
    assert {"startLine": 4, "startColumn": 5, "endColumn": 8} in places


def test_sarif_says_how_many_results_github_would_not_take(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("pipeline.reports.sarif._MOST", 4)
    log = parsed("sarif", FINDINGS)
    require(log, "log")
    assert len(log["runs"][0]["results"]) == 4
    assert "2 more" in json.dumps(log["runs"][0]["invocations"])


@pytest.mark.parametrize("name", FORMATS)
@given(HOSTILE)
@example("\ud800\udc80\udfff")
def test_every_format_takes_any_text(name: str, text: str) -> None:
    finding = Finding("stale", ERROR, text, text, 1, text, 2, text, quote=text, target=text)
    context = Context(line_of=lambda name, number: text)
    content = REPORTS[name](identified([finding], Path()), context)
    content.encode("utf-8")
    if name == "junit":
        ElementTree.fromstring(content)


# The page


@given(HOSTILE | st.text("<>&\"' script", max_size=20))
def test_no_text_acts_in_the_page(text: str) -> None:
    plain, odd = (
        written("html", [Finding("stale", ERROR, said, "a.md", 1, quote=said)])
        for said in ("x", text)
    )
    assert tags(odd) == tags(plain)
    assert "default-src 'none'" in odd
    assert "http" not in odd.replace("http-equiv", "")


def tags(page: str) -> list[str]:
    return [tag for tag in re.findall(r"<[^>]*>", page) if not tag.startswith("<li")]


@pytest.mark.skipif(shutil.which("chromium") is None, reason="needs Chromium")
def test_the_page_filters_by_severity_check_file_and_text(tmp_path: Path) -> None:
    page = written("html", FINDINGS)
    assert seen(tmp_path, page, "") == 6
    for field, value, count in (
        ("severity", "error", 2),
        ("check", "untranslated", 2),
        ("file", "posts/a.md", 2),
        ("text", "LOSES", 1),
    ):
        act = f"document.querySelector('[name={field}]').value = '{value}'; show();"
        assert seen(tmp_path, page, act) == count


def seen(folder: Path, page: str, act: str) -> int:
    """How many findings Chromium shows when the page's script has gone on to do something."""
    file = folder / "page.html"
    file.write_text(without_policy(page).replace("</script>", f"{act}</script>"), "utf-8")
    command = ["chromium", "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    dom = subprocess.run(
        [*command, file.as_uri()], capture_output=True, text=True, timeout=120, check=True
    ).stdout
    return len([tag for tag in re.findall(r"<li [^>]*>", dom) if "hidden" not in tag])


def without_policy(page: str) -> str:
    return re.sub(r"<meta http-equiv.*", "", page)
