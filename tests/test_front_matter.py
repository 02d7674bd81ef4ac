"""Front matter in YAML, TOML and JSON: found, read and written as a site generator reads it."""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from markdown_it.utils import read_fixture_file

from pipeline.cli import main
from pipeline.constructs.front_matter import read, select, write_value
from pipeline.errors import PipelineError
from pipeline.markdown import parse, render
from pipeline.model import PROFILES
from pipeline.outputs.post import build_post, differences

DATA = Path(__file__).parent / "data" / "front_matter"
JEKYLL, HUGO, HEXO = (PROFILES[name] for name in ("jekyll", "hugo", "hexo"))
KEYS = (
    *("title", "subtitle", "description", "excerpt", "summary", "tags", "image.alt"),
    *("people.name", "seo.description", "params.description"),
)
MARKS = str.maketrans({"␠": " ", "␍": "\r", "␊": "\r", "⌷": "\ufeff"})

FIXTURES = [
    pytest.param(title.split(":")[0], case, built, id=f"{file.stem}-{line}")
    for file in sorted(DATA.glob("*.txt"))
    for line, title, case, built in read_fixture_file(file)
]


@pytest.mark.parametrize(("profile", "case", "built"), FIXTURES)
def test_values_are_replaced_as_spans(profile: str, case: str, built: str) -> None:
    source, targets, built = (part.translate(MARKS) for part in (*case.split("===\n"), built))
    post = parse("post.md", source, PROFILES[profile], KEYS)
    lines = [line.replace("⏎", "\n") for line in targets.splitlines()]
    pairs = dict(zip(post.segments, lines, strict=True))
    assert render(post, pairs) == built
    assert differences(post, built, KEYS) == []
    assert render(post, {segment: segment.msgid for segment in post.segments}) == source


def load(syntax: str, block: str) -> Any:
    """Read a block with the parser that everybody uses for its syntax."""
    loaders = {"yaml": yaml.safe_load, "toml": tomllib.loads, "json": json.loads}
    return loaders[syntax](block)


def fenced(syntax: str, block: str) -> str:
    fence = {"yaml": "---\n", "toml": "+++\n", "json": ""}[syntax]
    return f"{fence}{block}{fence}" + ("\n" if syntax == "json" else "")


TEXTS = st.text(
    st.one_of(
        st.sampled_from(" \n\t\r'\"\\#:,[]{}&*!|>%@`-?=~.0123eyno\x00\x85\u2028\ufeff中，“"),
        st.characters(exclude_categories=["Cs"]),
    ),
    min_size=1,
    max_size=30,
)
STYLES = [
    ("yaml", "a: 1\n", "plain words", "  # c\nb: [x]\n", ""),
    ("yaml", "", "two\n  lines", "\nb: x\n", ""),
    ("yaml", "", "'single'", "\n", ""),
    ("yaml", "", '"double"', "\n", ""),
    ("yaml", "", "&a words", "\nb: x\n", ""),
    ("yaml", "", "|\n   lines\n", "# c\nb: x\n", "\n"),
    ("yaml", "", "|2-\n    lines\n", "b: x\n", "\n"),
    ("yaml", "", ">+\n  folded\n  text\n\n", "b: x\n", "\n"),
    ("yaml", "", "[ plain , x]", "\n", ""),
    ("yaml", "", "{k: plain, l: x}", "\n", ""),
    ("yaml", "", "\n- plain\n- x", "\n", ""),
    ("toml", "a = 1\n", '"basic"', " # c\n[b]\nx = 1\n", ""),
    ("toml", "", "'literal'", "\n", ""),
    ("toml", "", '"""\nlines\n"""', "\n", "\n"),
    ("toml", "", "'''lines'''", "\n", "\n"),
    ("toml", "", '[ "basic", 1 ]', "\n", ""),
    ("json", '{"a": 1, ', '"text"', ', "b": ["x"]}', ""),
    ("json", "{", r'"\u0041"', "}", ""),
]


@pytest.mark.parametrize(("syntax", "before", "written", "after", "lost"), STYLES)
@settings(max_examples=100, deadline=None)
@given(text=TEXTS)
def test_any_text_is_read_back_whatever_style_it_is_written_in(
    syntax: str, before: str, written: str, after: str, lost: str, text: str
) -> None:
    """``lost`` are the characters at the end of a text that a style of lines does not keep."""
    key = {"yaml": "title: ", "toml": "title = ", "json": '"title": '}[syntax]
    source = fenced(syntax, f"{before}{key}{written}{after}")
    post = parse("post.md", source, HUGO, ("title", "title.k"))
    segment = post.segments[0]
    built = render(post, {segment: text.replace("{", "{{").replace("}", "}}")})
    assert built.startswith(source[: segment.start])
    assert built.endswith(source[segment.end :])
    found = read("post.md", built, HUGO)
    entry = next(e for e in found.tree.entries if e.path[0] == "title")
    assert entry.is_text
    assert entry.text.rstrip(lost) == text.rstrip(lost)
    block = built[found.start : found.end].removesuffix(fenced(syntax, "")[:4])
    assert strings(load(syntax, block)) == {e.path: e.text for e in found.tree.entries if e.is_text}


def strings(data: Any, path: tuple[str | int, ...] = ()) -> dict[tuple[str | int, ...], str]:
    """Return all strings inside of ``data`` by their path."""
    if isinstance(data, str):
        return {path: data}
    pairs = data.items() if isinstance(data, dict) else enumerate(data)
    inner = (strings(v, (*path, k)) for k, v in pairs if isinstance(v, str | dict | list))
    return {key: value for found in inner for key, value in found.items()}


WORDS = st.text(st.sampled_from("ab \n'\"\\#=-é中,."), max_size=8)
KEY = st.text(st.sampled_from("abc-_é. '"), min_size=1, max_size=4)
VALUES = st.recursive(
    st.one_of(WORDS, st.integers(0, 99), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(KEY, inner, max_size=3)),
    max_leaves=8,
)
DATA_SETS = st.dictionaries(KEY, VALUES, min_size=1, max_size=5)


@st.composite
def toml_value(draw: st.DrawFn, value: Any) -> str:
    """Write a value as TOML in one of the many ways to do so."""
    if isinstance(value, str):
        quotes = draw(st.sampled_from(['""', "''", '""""""', "''''''", '"""\n"""']))
        return write_value("toml", quotes, value)
    if isinstance(value, list):
        gap = draw(st.sampled_from(["", " ", "\n", " # it's \"]\n "]))
        items = [gap + draw(toml_value(item)) + gap for item in value]
        return f"[{','.join(items)}{draw(st.sampled_from(['', ',' + gap])) if items else gap}]"
    if isinstance(value, dict):
        pairs = [f"{draw(toml_key(k))} = {draw(toml_value(v))}" for k, v in value.items()]
        return "{ " + ", ".join(pairs) + " }"
    return json.dumps(value)


@st.composite
def toml_key(draw: st.DrawFn, key: str) -> str:
    bare = key.isascii() and key.replace("-", "a").replace("_", "a").isalnum()
    return draw(st.sampled_from([key] * bare + [json.dumps(key, ensure_ascii=False)]))


@st.composite
def toml_document(draw: st.DrawFn, data: Mapping[str, Any]) -> str:
    """Write keys and values as lines, dotted keys, tables and arrays of tables."""
    lines, tables = [], []
    for key, value in data.items():
        name = draw(toml_key(key))
        is_tables = isinstance(value, list) and value and all(isinstance(v, dict) for v in value)
        if is_tables and draw(st.booleans()):
            for table in value:
                tables += [f"[[ {name} ]]", *(toml_lines(draw, table))]
        elif isinstance(value, dict) and value and draw(st.booleans()):
            if draw(st.booleans()):
                tables += [f"[{name}] # table", *toml_lines(draw, value)]
            else:
                lines += [f"{name} . {line}" for line in toml_lines(draw, value)]
        else:
            lines += toml_lines(draw, {key: value})
    return "".join(f"{line}\n" for line in (*lines, *tables))


def toml_lines(draw: st.DrawFn, table: Mapping[str, Any]) -> list[str]:
    return [f"{draw(toml_key(k))}={draw(toml_value(v))}" for k, v in table.items()]


@st.composite
def blocks(draw: st.DrawFn) -> tuple[str, str]:
    """Return a syntax, and keys and values in it."""
    data = draw(DATA_SETS)
    syntax = draw(st.sampled_from(["yaml", "toml", "json"]))
    if syntax == "toml":
        return syntax, draw(toml_document(data))
    if syntax == "json":
        indent = draw(st.sampled_from([None, 0, 2]))
        return syntax, json.dumps(data, indent=indent, ensure_ascii=draw(st.booleans()))
    return syntax, yaml.safe_dump(
        data,
        default_flow_style=draw(st.sampled_from([True, False, None])),
        default_style=draw(st.sampled_from([None, '"', "'", "|", ">"])),
        allow_unicode=draw(st.booleans()),
        width=draw(st.sampled_from([5, 80])),
    )


@settings(max_examples=300, deadline=None)
@given(blocks(), st.sampled_from(["\n", "\r\n"]))
def test_strings_are_found_where_a_real_parser_reads_them(
    block: tuple[str, str], newline: str
) -> None:
    syntax, source = block
    text = fenced(syntax, source).replace("\n", newline)
    head = read("post.md", text, HUGO)
    expected = strings(load(syntax, source))
    assert head.syntax == syntax
    assert {e.path: e.text for e in head.tree.entries if e.is_text} == expected
    keys = {".".join(part for part in path if isinstance(part, str)) for path in expected}
    post = parse("post.md", text, HUGO, keys)
    assert render(post, {}) == text
    assert render(post, {segment: segment.msgid for segment in post.segments}) == text
    values, kept = select(head, keys)
    assert not kept
    assert [v.text for v in values] == [text for text in expected.values() if text.strip()]


@settings(max_examples=300, deadline=None)
@given(blocks(), st.sampled_from(["plain", "- x", "2024-01-01", "a, b"]), st.booleans())
def test_added_keys_change_nothing_else(block: tuple[str, str], text: str, mark: bool) -> None:
    syntax, source = block
    added = {"lang": text, "draft": mark, "share": 7, "versions": ("en", text)}
    assume(not added.keys() & set(load(syntax, source)))
    post = parse("post.md", fenced(syntax, source), HUGO)
    built = build_post(post, {}, added)
    head = read("post.md", built, HUGO)
    inner = built[head.start : head.end].removesuffix(fenced(syntax, "")[:4])
    assert load(syntax, inner) == {**load(syntax, source), **added, "versions": ["en", text]}
    assert differences(post, built, (), added) == []


ADDED = {"lang": "zh-CN", "key": "2024", "draft": True}
ADDITIONS = [
    ("---\ntitle: x\n---\nT", '---\ntitle: x\nlang: zh-CN\nkey: "2024"\ndraft: true\n---\nT'),
    (
        "---\r\nlang: en # l\r\ndraft: no\r\n---\r\n",
        '---\r\nlang: zh-CN # l\r\ndraft: true\r\nkey: "2024"\r\n---\r\n',
    ),
    ("---\nlang:\n---\n", '---\nlang: zh-CN\nkey: "2024"\ndraft: true\n---\n'),
    ("---\n---\n", '---\nlang: zh-CN\nkey: "2024"\ndraft: true\n---\n'),
    ("---\n  a: x\n---\n", '---\n  a: x\n  lang: zh-CN\n  key: "2024"\n  draft: true\n---\n'),
    (
        "---\nlang: |\n  en\ndraft: >-\n  x\n---\n",
        '---\nlang: zh-CN\ndraft: true\nkey: "2024"\n---\n',
    ),
    ("---\n{a: b,}\n---\n", '---\n{a: b, lang: zh-CN, key: "2024", draft: true,}\n---\n'),
    ("---\n{}\n---\n", '---\n{lang: zh-CN, key: "2024", draft: true}\n---\n'),
    (
        "+++\na = 1 # one\n\n# about b\n[b]\nlang = 1\n+++\n",
        '+++\na = 1 # one\nlang = "zh-CN"\nkey = "2024"\ndraft = true\n'
        "\n# about b\n[b]\nlang = 1\n+++\n",
    ),
    ("+++\n[b]\n+++\n", '+++\nlang = "zh-CN"\nkey = "2024"\ndraft = true\n[b]\n+++\n'),
    ("+++\n+++\n", '+++\nlang = "zh-CN"\nkey = "2024"\ndraft = true\n+++\n'),
    (
        "+++\nlang = 'en'\ndraft = false # d\n+++\n",
        "+++\nlang = 'zh-CN'\ndraft = true # d\nkey = \"2024\"\n+++\n",
    ),
    (
        '{\n  "a": [1]\n}\n',
        '{\n  "a": [1],\n  "lang": "zh-CN",\n  "key": "2024",\n  "draft": true\n}\n',
    ),
    ('{"draft": 0}\n', '{"draft": true, "lang": "zh-CN", "key": "2024"}\n'),
    ("{}\n", '{"lang": "zh-CN", "key": "2024", "draft": true}\n'),
    ("None", '---\nlang: zh-CN\nkey: "2024"\ndraft: true\n---\nNone'),
    (
        "\ufefftext\r\n---\r\nmore",
        '\ufeff---\r\nlang: zh-CN\r\nkey: "2024"\r\ndraft: true\r\n---\r\ntext\r\n---\r\nmore',
    ),
]


@pytest.mark.parametrize(("source", "built"), ADDITIONS)
def test_added_keys_follow_the_posts_own(source: str, built: str) -> None:
    assert build_post(parse("post.md", source, HUGO), {}, ADDED) == built
    assert build_post(parse("post.md", source, HUGO), {}, {}) == source


def test_added_keys_stand_among_hexos_members() -> None:
    post = parse("post.md", ';;;\n"a": 1\n;;;\n', HEXO)
    assert build_post(post, {}, {"lang": "en"}) == ';;;\n"a": 1,\n"lang": "en"\n;;;\n'


@pytest.mark.parametrize(
    "source",
    [
        "---\nlang: [en]\n---\n",
        "---\nlang: &l en\nother: *l\n---\n",
        "---\n? lang\n---\n",
        "+++\nlang.code = 1\n+++\n",
        '{"lang": {}}\n',
    ],
)
def test_a_key_that_cannot_be_set_is_an_error(source: str) -> None:
    with pytest.raises(PipelineError, match=r"nothing can be added.*--no-added-keys"):
        build_post(parse("post.md", source, HUGO), {}, {"lang": "zh-CN"})


BROKEN = [
    ("---\ntitle: a: b\n---\n", 2, "not valid YAML"),
    ("---\ntitle: x\nlayout: [\n---\n", 4, "not valid YAML"),
    ("---\n- a\n- b\n---\n", 2, "not a list of keys"),
    ("---\ntitle: x\ntitle: y\n---\n", 3, 'has the key "title" twice'),
    ("---\na:\n  b: x\n  b: y\n---\n", 4, 'has the key "b" twice'),
    ("---\na:\n\tb: x\n---\n", 3, "not valid YAML"),
    ("---\na: x\nb: \x00\n---\n", 3, r"the character U\+0000"),
    ("---\na: *b\n---\n", 2, r"\*b stands for nothing"),
    ("---\na: b\n--- x\nc: d\n---\n", 3, "a second document"),
    ("---\na: " + "[" * 500 + "\n---\n", 2, "nested too deeply"),
    ("---\na: " + "[" * 50_000 + "\n---\n", 2, "not valid YAML"),
    ("---\na: " + "x" * 5_000_000 + "\n---\n", 2, "larger than"),
    ('---\na: "\\ud800"\n---\n', 2, "not valid YAML"),
    ('+++\na = "x\n+++\n', 2, "not valid TOML"),
    ("+++\r\na = 1\r\nb 2\r\n+++\r\n", 3, "not valid TOML"),
    ("+++\na = 1\nb = 2\na = 3\n+++\n", 4, "not valid TOML: Cannot overwrite"),
    ("+++\na = 2024-99-99\n+++\n", 2, "not valid TOML"),
    ("+++\na = " + "[" * 5000 + "\n+++\n", 2, "nested too deeply"),
    ("+++\n" + "a." * 30_000 + "a = 1\n+++\n", 2, "nested too deeply"),
    ("+++\na = " + "1" * 5000 + "\n+++\n", 2, "not valid TOML"),
    ('{\n"a": 1,\n}\n', 3, "not valid JSON"),
    ('{\n"a": {"b": 1,\n"b": 2}}\n', 3, 'has the key "b" twice'),
    ('{"a": ' + "[" * 500 + "]" * 500 + "}\n", 1, "nested too deeply"),
    ('{"a": ' + "[" * 100_000 + "}\n", 1, "nested too deeply"),
    ('{"a": "\\ud800"}\n', 1, "half of a character"),
]


@pytest.mark.parametrize(("source", "line", "what"), BROKEN, ids=[w[:30] for _, _, w in BROKEN])
def test_broken_front_matter_is_an_error_with_its_line(source: str, line: int, what: str) -> None:
    with pytest.raises(PipelineError, match=what) as error:
        parse("post.md", source, HUGO)
    assert (error.value.path, error.value.line) == ("post.md", line)


def test_aliases_that_repeat_each_other_cost_nothing() -> None:
    levels = "".join(f"l{n}: &l{n} [{f'*l{n - 1}, ' * 9}]\n" for n in range(1, 60))
    head = read("post.md", f"---\nl0: &l0 [x]\n{levels}---\n", JEKYLL)
    assert [entry.text for entry in head.tree.entries] == ["x"]


@pytest.mark.parametrize(
    ("block", "left", "line"),
    [
        ("title: &t Words\nslug: *t\n", "title", 2),
        ("base: &b\n  x: 1\n  title: Words\n<<: *b\n", "base.title", 4),
        ("other: &o [Words]\ntitle: *o\n", "title", 3),
    ],
)
def test_what_an_alias_repeats_elsewhere_is_left_and_reported(
    block: str, left: str, line: int
) -> None:
    post = parse("post.md", f"---\n{block}---\n", JEKYLL, ("title", "base.title"))
    assert not post.segments
    assert [(finding.check, finding.line) for finding in post.findings] == [("alias", line)]
    assert post.findings[0].message.startswith(f'"{left}" is left as it is')


@pytest.mark.parametrize(
    ("source", "lang"),
    [
        ("---\nlang: zh-CN\n---\n", "zh-CN"),
        ("---\nlocale: en\nlanguage: de\n---\n", "en"),
        ("+++\nlanguage = 'en'\n[params]\nlang = 'de'\n+++\n", "en"),
        ('{"lang": "zh-CN"}\n', "zh-CN"),
        ("---\nlang:\n---\n", None),
        ('{"lang": ["en"]}\n', None),
    ],
)
def test_the_language_is_read_from_every_syntax(source: str, lang: str | None) -> None:
    assert parse("post.md", source, HUGO).lang == lang


@pytest.mark.parametrize("extra", ["sub: y\n", ""])
def test_a_lost_or_changed_value_is_seen(extra: str) -> None:
    post = parse("post.md", "---\ntitle: x\nlayout: post\n---\n", JEKYLL)
    built = f"---\ntitle: y\n{extra or 'layout: page'}\n---\n"
    assert any("front-matter value" in what for what in differences(post, built, ("title",)))


@pytest.mark.parametrize(
    ("source", "built"),
    [
        (
            "+++\ntitle = 'Words'\n[params]\ndraft = false\n+++\n",
            '+++\ntitle = \'〖Ｗｏｒｄｓ 天地〗\'\nlang = "zh-CN"\ntranslation_key = "2024"\n'
            'translation = "machine"\ntranslation_reviewed = 0\n'
            'translated_from = "posts/2024.md@d2bbecef584f"\ndraft = true\n[params]\n'
            "draft = false\n+++\n",
        ),
        (
            '{"draft": false, "title": "Words"}\n',
            '{"draft": true, "title": "〖Ｗｏｒｄｓ 天地〗", "lang": "zh-CN", '
            '"translation_key": "2024", "translation": "machine", "translation_reviewed": 0, '
            '"translated_from": "posts/2024.md@c6c0e018194b"}\n',
        ),
    ],
)
def test_an_unread_hugo_post_becomes_a_draft(
    source: str, built: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("diglot.toml").write_text('profile = "hugo"\n')
    Path("posts").mkdir()
    Path("posts/2024.md").write_text(source)
    result = CliRunner().invoke(main, ["run", "--engine", "pseudo", "--quiet"])
    assert result.exit_code == 0, result.output
    assert Path("site/zh-CN/2024.md").read_text("utf-8") == built


@pytest.mark.skipif(not shutil.which("ruby"), reason="needs ruby")
@settings(max_examples=8, deadline=None)
@given(st.lists(TEXTS, min_size=60, max_size=60))
def test_ruby_reads_the_same_texts(texts: list[str]) -> None:
    """Psych, which Jekyll uses, reads more words and numbers as values than PyYAML does."""
    texts += "1e3 1,000 1_000 0o17 0x1F 2024-3-5 12:30 yEs NULL y .5 +.inf :a = << ~ 3D".split()
    lines = [f"- {write_value('yaml', 'x', text)}\n" for text in texts]
    flow = ", ".join(write_value("yaml-flow", "x", text) for text in texts)
    script = "STDOUT.write JSON.generate(YAML.safe_load(STDIN.read))"
    done = subprocess.run(
        ["ruby", "-Ku", "-EUTF-8:UTF-8", "-ryaml", "-rjson", "-e", script],
        input=f"block:\n{''.join(lines)}flow: [{flow}]\n".encode(),
        capture_output=True,
        timeout=60,
        check=True,
    )
    assert json.loads(done.stdout) == {"block": texts, "flow": texts}
