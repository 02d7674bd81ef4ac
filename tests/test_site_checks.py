"""Checks that need a project: what only a catalog knows, or only all posts together."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from pipeline.batch import Inputs
from pipeline.cli import main
from pipeline.model import Finding
from pipeline.project import load_project
from pipeline.stages.check import check

ENTRY = '#: posts/2024-01-01-a.md\n{comments}msgid "{source}"\nmsgstr "{target}"\n'
HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "diglot.toml").write_text("", encoding="utf-8")
    return tmp_path


def write(root: Path, name: str, text: str, catalog: str | None = None) -> None:
    """Write a post and, unless it is ``None``, the entries of its Chinese catalog."""
    path = root / "posts" / f"{name}.md"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    if catalog is not None:
        po = root / "locales" / "zh_CN" / "LC_MESSAGES" / f"{name}.po"
        po.parent.mkdir(parents=True, exist_ok=True)
        po.write_text(HEADER + catalog, encoding="utf-8")


def entry(source: str, target: str, comments: str = "") -> str:
    return ENTRY.format(source=source, target=target, comments=comments)


def found(root: Path, *ids: str) -> list[Finding]:
    return [finding for finding in check(Inputs(load_project(root))) if finding.check in ids]


@pytest.mark.parametrize(
    ("comments", "publish", "expected"),
    [
        ('#, fuzzy\n#| msgid "Version 1 is out."\n', "machine", "stale"),
        ("# machine: google src=00000000\n#, fuzzy\n", "machine", "stale"),
        ("", "machine", ""),
        ("#, fuzzy\n", "all", "fuzzy-published"),
        ("#, fuzzy\n", "machine", ""),
        ("", "all", ""),
    ],
)
def test_the_state_of_an_entry(root: Path, comments: str, publish: str, expected: str) -> None:
    (root / "diglot.toml").write_text(f'publish = "{publish}"\n', encoding="utf-8")
    write(root, "a", "Version 2 is out.\n", entry("Version 2 is out.", "版本 2 已发布。", comments))
    ids = [finding.check for finding in found(root, "stale", "fuzzy-published")]
    assert ids == ([expected] if expected else [])


def test_one_text_in_two_words_is_inconsistent(root: Path) -> None:
    write(root, "a", "Next steps\n", entry("Next steps", "下一步"))
    write(root, "b", "Next steps\n", entry("Next steps", "下一步"))
    assert found(root, "inconsistent") == []
    write(
        root, "c", "Hello\n\nNext steps\n", entry("Hello", "你好") + entry("Next steps", "后续步骤")
    )
    (finding,) = found(root, "inconsistent")
    assert (finding.path, finding.line, finding.catalog_line) == ("posts/c.md", 3, 9)
    assert finding.message == '"Next steps" is "后续步骤" here, "下一步" in posts/a.md:1'


def test_an_entry_silences_a_check_across_the_project(root: Path) -> None:
    write(root, "a", "Next steps\n", entry("Next steps", "下一步"))
    comment = "# diglot: ignore inconsistent\n"
    write(root, "c", "Next steps\n", entry("Next steps", "后续步骤", comment))
    assert found(root, "inconsistent") == []


LINKING = """\
* toc
{:toc}

## Here

```html
<a id="fenced"></a> [preface](LINK)
```

`<a href="LINK">`, ![preface](LINK)

See [the preface](LINK)[^1].
[2](LINK)

An <a class="x" href="LINK">element</a>.

<p>Text
<a href="LINK">Preface</a></p>

[2](LINK)

[^1]: Note <!-- <a href="LINK"> -->
"""


@pytest.mark.parametrize(
    ("link", "missing"),
    [
        ("{% post_url 2024-01-01-a %}", False),
        ("{% post_url 2024-01-01-b %}", True),
        ("mailto:a@example.org", False),
        ("2024-01-01-a.md", False),
        ("./2024-01-01-a.md#intro", False),
        ("2024-01-01-a.md#outro", True),
        ("b.md", True),
        ("#here", False),
        ("#there", True),
        ("/about/", False),
        ("https://example.org/b.md", False),
        ("{% link posts/2024-01-01-a.md %}", False),
        ("{% link posts/2024-01-01-b.md %}", False),
        ("{% post_url 2024-01-01-a %}#intro", False),
        ("{% post_url 2024-01-01-a %}#outro", True),
        ("2024-01-01-a.md?x=1#intro", False),
        ("2024%2D01-01-a.md", False),
        ("../2024-01-01-a.md", True),
        ("notes.txt", False),
        ("#top", False),
        ("#fn:1", False),
        ("#fn:2", True),
        ("#fenced", True),
        ("#markdown-toc-here", False),
    ],
)
def test_links_within_the_project(root: Path, link: str, missing: bool) -> None:
    write(root, "2024-01-01-a", "## Intro\n\nText.\n")
    text = LINKING.replace("LINK", link)
    write(root, "2024-01-02-c", text)
    lines = [(finding.path, finding.line) for finding in found(root, "link-missing-file")]
    expected = [("posts/2024-01-02-c.md", line) for line in (12, 13, 15, 18, 20)]
    assert lines == (expected if missing else [])


def test_an_address_of_a_person_is_no_link_to_a_post(root: Path) -> None:
    write(root, "a", "See [b](b.md), <me@example.md> or you@example.md.\n\n[c](notes@home.md)\n")
    said = [finding.message for finding in found(root, "link-missing-file")]
    assert [message.split()[-1] for message in said] == ["b.md", "notes@home.md"]


REFS = {
    "one.md": False,
    "/one.md": False,
    "../s/one.md": False,
    "s/one.md": False,
    "/s/one.md": False,
    "in.md": False,
    "two.md": False,  # there are two: which one is meant, Hugo will ask
    "three.md": True,
    "four.md": False,
    "../s/four.md": False,
    "/s/four.md": False,
    "/t/four.md": True,
    "/t/one.md": True,
}


@pytest.mark.parametrize(("ref", "missing"), REFS.items())
def test_refs_of_hugo_are_found_as_hugo_finds_them(root: Path, ref: str, missing: bool) -> None:
    (root / "diglot.toml").write_text('layout = "hugo-suffix"\n', encoding="utf-8")
    for name in ("s/one", "s/two", "t/two", "s/four.zh-cn"):
        write(root, name, "Words.\n")
    write(root, "u/in", f'See [it]({{{{< relref "{ref}" >}}}}).\n')
    assert bool(found(root, "link-missing-file")) == missing


def test_counterparts_that_are_missing_or_have_drifted(root: Path) -> None:
    post = "---\nlang: {}\ntranslation_key: {}\ndate: {}\n---\n{}\n"
    write(root, "a", post.format("en", "intro", "2024-01-01", "Hello there."))
    assert found(root, "counterpart") == []
    write(root, "b", post.format("zh", "intro", "2024-02-01", "你好。"))
    write(root, "c", post.format("en", "end", "2024-01-01", "Good night."))
    assert [finding.message for finding in found(root, "counterpart")] == [
        '"date" is 2024-02-01 here, 2024-01-01 in posts/a.md',
        'there is no version in zh_CN of the post with the key "end"',
    ]


def test_a_second_run_finds_the_same(root: Path) -> None:
    write(root, "a", "Next steps [x](#no)\n", entry("Next steps [x]({{1}})", "下一步 [x]({{1}})"))
    write(root, "b", "Next steps\n", entry("Next steps", "后续"))
    first = check(Inputs(load_project(root)))
    assert first == check(Inputs(load_project(root)))
    assert {finding.check for finding in first} >= {"link-missing-file", "stale"}


@pytest.mark.parametrize(
    ("place", "silent"),
    [("post", True), ("header", True), ("project", True), ("entry", True), ("nowhere", False)],
)
def test_where_a_check_can_be_silenced(root: Path, place: str, silent: bool) -> None:
    comment = "# diglot: ignore zh-marks\n"
    text = "Why?\n" + ("\n<!-- diglot: ignore zh-marks -->\n" if place == "post" else "")
    write(root, "a", text, entry("Why?", "为什么?", comment if place == "entry" else ""))
    po = root / "locales/zh_CN/LC_MESSAGES/a.po"
    if place == "header":
        po.write_text(comment + po.read_text("utf-8"), encoding="utf-8")
    if place == "project":
        (root / "diglot.toml").write_text('[checks]\nzh-marks = "off"\n', encoding="utf-8")
    assert (found(root, "zh-halfwidth-punct") == []) == silent


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        (
            'zh-quotes = "off"\nlink-dst = "off"',
            '3: "checks" names an unknown check "link-dst". Did you mean "link-dest"?',
        ),
        (
            'zh-latin-spacing = { style = "loose" }',
            '2: "checks" zh-latin-spacing style cannot be "loose". '
            "It takes majority, require, strip, off.",
        ),
        (
            "[checks.zh-latin-spacing]\nseverity = 'info'\nstile = 'strip'",
            '4: "checks" zh-latin-spacing has no option "stile". Did you mean "style"?',
        ),
        ("numbers = { slack = 2 }", '2: "checks" numbers has no option "slack". It has only'),
        ("length-ratio = { slack = true }", '2: "checks" length-ratio slack cannot be "True".'),
    ],
)
def test_a_wrong_setting_of_a_check_is_named(root: Path, settings: str, complaint: str) -> None:
    write(root, "a", "Hello\n")
    (root / "diglot.toml").write_text(f"[checks]\n{settings}\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["check", "-C", str(root)])
    assert result.exit_code == 2
    assert f"diglot.toml:{complaint}" in result.output


def test_options_reach_the_checks(root: Path) -> None:
    write(root, "a", "Use Git here\n", entry("Use Git here", "在这里使用Git"))
    assert found(root, "zh-latin-spacing") == []
    settings = '[checks]\nzh-latin-spacing = { severity = "error", style = "require" }\n'
    (root / "diglot.toml").write_text(settings, encoding="utf-8")
    (finding,) = found(root, "zh-latin-spacing")
    assert (finding.severity.name, finding.message) == (
        "ERROR",
        'the translation has "这里使用Git" for "这里使用 Git"',
    )
    memo = (root / ".diglot" / "check.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line) for line in memo][1][0] == "posts/a.md"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ("", "info [unused-term]"),
        ('unused-term = "warning"', "warning [unused-term]"),
        ('glossaries = "off"', "No problems found."),
    ],
)
def test_settings_hold_for_the_checks_of_glossaries(root: Path, settings: str, said: str) -> None:
    write(root, "a", "Hello\n")
    (root / "locales").mkdir()
    (root / "locales" / "glossary.csv").write_text("en,zh_CN\nbatch,批次\n", encoding="utf-8")
    (root / "diglot.toml").write_text(f"[checks]\n{settings}\n", encoding="utf-8")
    result = CliRunner().invoke(main, ["glossary", "check", "-C", str(root)])
    assert result.exit_code == 0, result.output
    assert said in result.output
