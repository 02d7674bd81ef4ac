"""TMX: what other tools write is read, what we write they read, and what is bad is refused."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import PipelineError
from pipeline.memory import Entry
from pipeline.memory.tmx import read_tmx, tmx
from pipeline.project import bcp47, match_locale
from pipeline.xmlfile import representable

HEAD = '<?xml version="1.0"?>\n<tmx version="1.4">\n<header srclang="en"/>\n<body>\n'
TAIL = "\n</body>\n</tmx>\n"


def read(path: Path, content: str | bytes) -> list[tuple[str, str]]:
    """Return the pairs from English to Chinese in a TMX file with this content."""
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return [
        (entry.text, entry.translation)
        for entry in read_tmx(path, lambda tag: match_locale(tag, ("en", "zh_CN")))
        if (entry.source, entry.target) == ("en", "zh_CN")
    ]


def unit(source: str, target: str, tags: tuple[str, str] = ("en", "zh")) -> str:
    texts = zip(tags, (source, target), strict=True)
    variants = (f'<tuv xml:lang="{tag}"><seg>{text}</seg></tuv>' for tag, text in texts)
    return f"<tu>{''.join(variants)}</tu>"


INLINE = {
    "our own placeholders": (
        '<ph x="1">{1}</ph> and <ph x="2">{2}</ph>',
        '<ph x="2">{2}</ph>与<ph x="1">{1}</ph>',
        ("{1} and {2}", "{2}与{1}"),
    ),
    "empty placeholders of another tool": (
        'a <ph x="0"/> b <ph x="1" type="x"/>',
        '甲<ph x="1"/>乙<ph x="0"/>',
        ("a {1} b {2}", "甲{2}乙{1}"),
    ),
    "codes that are numbered for each text alone": (
        'see <ph x="4">[A1]</ph>',
        '见<ph x="9">[A1]</ph>',
        ("see {1}", "见{1}"),
    ),
    "paired tags": (
        'a <bpt i="1" x="1">&lt;b&gt;</bpt>bold<ept i="1">&lt;/b&gt;</ept> word',
        '<bpt i="1" x="1">&lt;b&gt;</bpt>粗<ept i="1">&lt;/b&gt;</ept>字',
        ("a <b>bold</b> word", "<b>粗</b>字"),
    ),
    "codes of a word processor": (
        r'<bpt i="1">{\b </bpt>bold<ept i="1">}</ept> <hi type="x">word</hi>',
        r'<bpt i="1">{\b </bpt>粗<ept i="1">}</ept><hi>字</hi>',
        ("bold word", "粗字"),
    ),
    "a text within a code": (
        'note<ph x="1">{fn <sub>inner <ph x="2"/> text</sub>}</ph>.',
        '注<ph x="1">{fn <sub>里面</sub>}</ph>。',
        ("note{1}.", "注{1}。"),
    ),
    "a stray tag": (
        'line<it pos="begin">&lt;br/&gt;</it>two',
        '一<it pos="begin">&lt;br/&gt;</it>二',
        ("line<br/>two", "一<br/>二"),
    ),
    "text of a PO file": (
        "See [it]({1}) {{x}}",
        "见[它]({1}) {{x}}",
        ("See [it]({1}) {{x}}", "见[它]({1}) {{x}}"),
    ),
    "braces of another tool": ("use {name} now", "用 {name}", ("use {{name}} now", "用 {{name}}")),
    "white space": ("a\tb\nc&#13;d", "甲\t乙\n丙&#13;丁", ("a\tb\nc\rd", "甲\t乙\n丙\r丁")),
    "CDATA and entities": ("<![CDATA[a<b]]> &amp; c", "甲&#x4e00;", ("a<b & c", "甲一")),
}


@pytest.mark.parametrize(("source", "target", "pair"), INLINE.values(), ids=INLINE)
def test_inline_elements(tmp_path: Path, source: str, target: str, pair: tuple[str, str]) -> None:
    assert read(tmp_path / "x.tmx", HEAD + unit(source, target) + TAIL) == [pair]


@pytest.mark.parametrize("tags", [("en-US", "zh"), ("EN", "zh-CN"), ("en_GB", "ZH-Hans-CN")])
def test_spellings_of_languages(tmp_path: Path, tags: tuple[str, str]) -> None:
    assert read(tmp_path / "x.tmx", HEAD + unit("a", "甲", tags) + TAIL) == [("a", "甲")]


@pytest.mark.parametrize(
    "body",
    [
        unit("a", "甲", ("en", "zh-TW")),
        unit("a", "甲", ("fr", "zh-CN")),
        unit("", "甲"),
        unit("a", " "),
        unit('a <ph x="1"/>', "甲"),
        "<tu><tuv><seg>a</seg></tuv></tu>",
        "",
    ],
)
def test_what_is_no_pair_of_ours_is_passed_over(tmp_path: Path, body: str) -> None:
    assert read(tmp_path / "x.tmx", HEAD + body + TAIL) == []


def test_the_source_language_of_the_file_or_of_the_unit_decides(tmp_path: Path) -> None:
    head = HEAD.replace('"en"', '"*all*"')
    own = '<tu srclang="zh-CN">' + unit("a", "甲").removeprefix("<tu>")
    path = tmp_path / "x.tmx"
    path.write_text(head + unit("b", "乙") + own + TAIL, "utf-8")
    found = list(read_tmx(path, lambda tag: match_locale(tag, ("en", "zh_CN"))))
    assert [(e.source, e.text, e.backward) for e in found] == [
        ("en", "b", False),
        ("zh_CN", "乙", True),
        ("zh_CN", "甲", False),
        ("en", "a", True),
    ]
    assert [entry.line for entry in found] == [5, 5, 5, 5]


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_encodings(tmp_path: Path, encoding: str) -> None:
    declared = {"utf-8-sig": "utf-8"}.get(encoding, encoding)
    text = (HEAD + unit("café", "&#x7532;") + TAIL).replace('"1.0"', f'"1.0" encoding="{declared}"')
    assert read(tmp_path / "x.tmx", text.encode(encoding)) == [("café", "甲")]


def test_the_document_type_that_tmx_asks_for_is_read_past(tmp_path: Path) -> None:
    head = HEAD.replace("<tmx ", '<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx ')
    assert read(tmp_path / "x.tmx", head + unit("a", "甲") + TAIL) == [("a", "甲")]


DTD = '<!DOCTYPE tmx [<!ENTITY a "b">]>'
BAD = {
    "entities": (HEAD.replace("<tmx", f"{DTD}<tmx") + unit("&a;", "甲") + TAIL, 2, "DTD"),
    "external entities": (
        HEAD.replace("<tmx", '<!DOCTYPE tmx [<!ENTITY a SYSTEM "file:///etc/passwd">]>\n<tmx'),
        2,
        "DTD",
    ),
    "an unknown entity": (
        HEAD.replace("<tmx", '<!DOCTYPE tmx SYSTEM "tmx14.dtd">\n<tmx') + unit("&a;", "甲"),
        6,
        "&a;",
    ),
    "no XML": ("not at all", 1, "well-formed"),
    "nothing": ("", 1, "well-formed"),
    "an end that is missing": (HEAD + unit("a", "甲"), 5, "well-formed"),
    "another format": ('<?xml version="1.0"?>\n<xliff/>', 2, "no TMX"),
    "an endless nesting": (HEAD + "<a>" * 100_000, 5, "levels deep"),
    "an unknown encoding": ('<?xml version="1.0" encoding="klingon"?>\n<tmx/>', 1, "encoding"),
}


@pytest.mark.parametrize(("content", "line", "what"), BAD.values(), ids=BAD)
def test_a_bad_file_is_refused_with_its_line(
    tmp_path: Path, content: str, line: int, what: str
) -> None:
    path = tmp_path / "x.tmx"
    with pytest.raises(PipelineError, match=what) as raised:
        read(path, content)
    assert (raised.value.path, raised.value.line) == (path, line)
    assert raised.value.hint


def test_a_text_longer_than_any_segment_is_passed_over(tmp_path: Path) -> None:
    body = unit("a" * 200_000, "甲") + unit("b", "乙")
    assert read(tmp_path / "x.tmx", HEAD + body + TAIL) == [("b", "乙")]


# What we write


def written(path: Path, entries: Sequence[Entry]) -> Path:
    path.write_bytes("".join(tmx(entries, bcp47)).encode("utf-8"))
    return path


def entry(text: str, translation: str) -> Entry:
    return Entry("en", "zh_CN", text, translation)


PARTS = ["甲", "word ", "{{", "}}", "<b>", "&", '"', "]]>", "\t", "\n", "\r", "\U0001f600"]
TEXTS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=8).map("".join)


@given(st.lists(st.tuples(TEXTS, TEXTS, st.integers(0, 3)), max_size=4))
def test_what_is_written_is_read_again(
    tmp_path_factory: pytest.TempPathFactory, texts: list[tuple[str, str, int]]
) -> None:
    pairs = [
        (
            text + "".join(f" {{{n}}}" for n in range(1, places + 1)),
            "".join(f"{{{n}}} " for n in range(places, 0, -1)) + translation,
        )
        for text, translation, places in texts
        if text.strip() and translation.strip()
    ]
    path = tmp_path_factory.mktemp("tmx") / "x.tmx"
    data = "".join(tmx([entry(*pair) for pair in pairs], bcp47))
    assert read(path, data) == pairs


def test_what_xml_cannot_hold_is_known() -> None:
    assert representable("a\tb\r\n\U0001f600", "甲")
    for character in "\0\x08\x0b\x1f\ufffe\ud800":
        assert not representable("a", f"甲{character}")


def test_translate_toolkit_reads_what_we_write(tmp_path: Path, toolkit: Callable[..., str]) -> None:
    pairs = [
        ("See [the course]({1}) & more", "参见[课程]({1})等"),
        ("Two\nlines\tand <b>tags</b>", "两\n行\t和<b>标签</b>"),
        ("{1} before {2}", "{2} 在 {1} 之后"),
    ]
    path = written(tmp_path / "x.tmx", [entry(*pair) for pair in pairs])
    code = """
import json, sys
from translate.storage.tmx import tmxfile
units = tmxfile.parsefile(sys.argv[1]).units
print(json.dumps([[str(unit.source), str(unit.target)] for unit in units]))
"""
    assert json.loads(toolkit(code, str(path))) == [list(pair) for pair in pairs]


def test_what_translate_toolkit_writes_is_read(tmp_path: Path, toolkit: Callable[..., str]) -> None:
    code = """
import sys
from translate.storage.tmx import tmxfile
file = tmxfile()
file.addtranslation("See [it]({1}) <now>", "en", "见[它]({1})", "zh_CN")
file.savefile(sys.argv[1])
"""
    path = tmp_path / "x.tmx"
    toolkit(code, str(path))
    assert read(path, path.read_bytes()) == [("See [it]({1}) <now>", "见[它]({1})")]
