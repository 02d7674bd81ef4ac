"""Catalogs: the PO format in and out, what a post asks for, and merging."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from babel.messages.plurals import get_plural
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.catalog import KEPT, dumps, load, merge, new, save, template, wanted
from pipeline.errors import PipelineError
from pipeline.model import Catalog, Origin, Segment, State, Unit, fingerprint

WRAPPED = Path(__file__).parent / "data" / "po" / "wrapped.po"
HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
needs_gettext = pytest.mark.skipif(shutil.which("msgcat") is None, reason="needs gettext")


def po(folder: Path, text: str | bytes) -> Path:
    path = folder / "post.po"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def read(folder: Path, body: str) -> tuple[Unit, ...]:
    return load(po(folder, HEADER + body), "zh_CN").units


def catalog_of(folder: Path, *units: Unit) -> Catalog:
    return replace(new(folder / "post.po", "zh_CN", "en"), units=units)


def run(*command: str | Path) -> subprocess.CompletedProcess[str]:
    done = subprocess.run(command, capture_output=True, check=False)
    # Not text=True: it takes a carriage return for a line end.
    return subprocess.CompletedProcess(
        command, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def by_id(catalog: Catalog) -> dict[str, Unit]:
    return {unit.msgid: unit for unit in catalog.units}


# Reading: as strict as msgfmt

BROKEN = {
    # name: (text behind the header, line, words of the message, whether msgfmt names that line)
    "conflict": (
        'msgid "a"\nmsgstr "b"\n<<<<<<< ours\nmsgid "c"\n=======\n',
        6,
        "conflict",
        True,
    ),
    "conflict in an entry": ('msgid "a"\n>>>>>>> theirs\nmsgstr "b"\n', 5, "conflict", True),
    "unterminated": ('msgid "a"\nmsgstr "甲\n\nmsgid "b"\nmsgstr "c"\n', 5, "unterminated", False),
    "unterminated at the end": ('msgid "a"\nmsgstr "甲', 5, "unterminated", True),
    "escaped closing quote": ('msgid "a\\"\nmsgstr "b"\n', 4, "unterminated", False),
    "text behind": ('msgid "a"\nmsgstr "say "no" now"\n', 5, "closing quote", True),
    "unknown keyword": ('msgid "a"\nmsgstring "b"\n', 5, "keyword msgstring", True),
    "curly quotes": ("msgid “a”\n", 4, "without a string", True),
    "no string": ('msgid "a"\nmsgstr\n', 5, "without a string", False),
    "bad escape": ('msgid "a"\nmsgstr "\\q"\n', 5, r"escape \q", True),
    "hexadecimal without digits": ('msgid "\\xg"\nmsgstr ""\n', 4, r"escape \x", True),
    "bytes of no character": ('msgid "\\xff"\nmsgstr ""\n', 4, "not UTF-8", False),
    "duplicate": ('msgid "a"\nmsgstr "b"\n\nmsgid "a"\nmsgstr "c"\n', 7, "duplicate", True),
    "duplicate context": (
        'msgctxt "x"\nmsgid "a"\nmsgstr "b"\n\nmsgctxt "x"\nmsgid "a"\nmsgstr "c"\n',
        9,
        "duplicate",
        False,
    ),
    "duplicate obsolete": (
        'msgid "a"\nmsgstr "b"\n\n#~ msgid "a"\n#~ msgstr "c"\n',
        7,
        "duplicate",
        True,
    ),
    "two obsolete": (
        '#~ msgid "a"\n#~ msgstr "b"\n\n#~ msgid "a"\n#~ msgstr "c"\n',
        7,
        "duplicate",
        True,
    ),
    "second header": ('msgid ""\nmsgstr "x"\n', 4, "duplicate", True),
    "truncated": ('msgid "a"\nmsgstr "b"\n\nmsgid "c"\n', 7, "missing msgstr", True),
    "context alone": ('msgctxt "c"\n', 4, "missing msgid", False),
    "comment inside": ('msgid "a"\n# hm\nmsgstr "b"\n', 4, "missing msgstr", True),
    "msgid twice": ('msgid "a"\nmsgid "b"\nmsgstr "c"\n', 4, "missing msgstr", True),
    "msgstr twice": ('msgid "a"\nmsgstr "b"\nmsgstr "c"\n', 6, "cannot stand", True),
    "msgstr first": ('msgstr "b"\n', 4, "", True),
    "stray string": ('# c\n"a"\nmsgid "a"\nmsgstr "c"\n', 5, "without a keyword", False),
    "plural gap": (
        'msgid "a"\nmsgid_plural "b"\nmsgstr[0] "c"\nmsgstr[2] "d"\n',
        7,
        "wrong number",
        True,
    ),
    "plural without msgid_plural": ('msgid "a"\nmsgstr[0] "c"\n', 5, "cannot stand", False),
    "previous above a flag": ('#| msgid "z"\n#, fuzzy\nmsgid "a"\nmsgstr "b"\n', 4, "#|", False),
    "previous context alone": ('#| msgctxt "z"\nmsgid "a"\nmsgstr "b"\n', 4, "#|", False),
    "previous msgstr": ('#| msgstr "z"\nmsgid "a"\nmsgstr "b"\n', 4, "#|", True),
    "previous at the end": ('#| msgid "z"\n', 4, "#|", False),
    "half obsolete": ('msgid "a"\n#~ msgstr "b"\n', 5, "#~", True),
    "previous not obsolete": ('#| msgid "z"\n#~ msgid "a"\n#~ msgstr "b"\n', 5, "#~", True),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, name: str) -> None:
    body, line, words, _ = BROKEN[name]
    path = po(tmp_path, HEADER + body)
    with pytest.raises(PipelineError) as caught:
        load(path, "zh_CN")
    assert (caught.value.path, caught.value.line) == (path, line)
    assert words in caught.value.what
    assert caught.value.hint


@needs_gettext
@pytest.mark.parametrize("name", BROKEN)
def test_msgfmt_refuses_it_too(tmp_path: Path, name: str) -> None:
    body, line, _, same_line = BROKEN[name]
    path = po(tmp_path, HEADER + body)
    done = run("msgfmt", "-o", os.devnull, path)
    if name not in ("stray string", "bytes of no character"):  # it loses these without a word
        assert done.returncode != 0
    if same_line:
        assert f"{path}:{line}:" in done.stderr


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (HEADER.encode() + b'msgid "a"\nmsgstr "\xd6\xd0"\n', 5, "0xd6"),
        (b'msgid ""\r\rmsgstr "\xff"', 3, "0xff"),
        (b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=GBK\\n"\n', 3, "GBK"),
        (HEADER.encode() + b'msgid "a\0"\nmsgstr ""\n', 4, "NUL"),
        (HEADER.encode("utf-16"), 1, "0xff"),
    ],
    ids=["GBK", "CR", "charset", "NUL", "UTF-16"],
)
def test_other_encodings_are_refused(tmp_path: Path, data: bytes, line: int, words: str) -> None:
    with pytest.raises(PipelineError) as caught:
        load(po(tmp_path, data), "zh_CN")
    assert caught.value.line == line
    assert words in caught.value.what


def test_missing_file_and_folder_are_told(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.po", tmp_path / "a\0b.po"):
        with pytest.raises(PipelineError) as caught:
            load(path, "zh_CN")
        assert caught.value.path == path


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"\a\b\f\v\r\t\n\\\"", '\a\b\f\v\r\t\n\\"'),
        (r"\x41\101\1019", "AAA9"),
        (r"\xe4\xb8\xad\xE6\226\x87 x", "中文 x"),
        ("a\u2028b\u2029c\u0085d\x1ce", "a\u2028b\u2029c\u0085d\x1ce"),
        (r"\\n \\x41", r"\n \x41"),
    ],
)
def test_escapes(tmp_path: Path, written: str, text: str) -> None:
    units = read(tmp_path, f'msgid "x"\nmsgstr "{written}"\n')
    assert units[0].msgstr == text


def test_every_part_of_an_entry_is_read(tmp_path: Path) -> None:
    (unit,) = read(
        tmp_path,
        "# machine: google v2 src=0123abcd\n#no blank\n#\n#= sticky\n# kept: already zh_CN\n"
        "#. note\n#: a.md:3 \u2068b c.md\u2069:4 \u2068d e.md\u2069\n#: f.md\n"
        '#, range: 0..3, fuzzy\n#,python-brace-format\n#| msgctxt "pc"\n#| msgid "p"\n#| "q"\n'
        'msgctxt "c"\nmsgid ""\n\n"a"\n  "b"\t\nmsgstr"x"\n',
    )
    assert unit == Unit(
        "ab",
        "x",
        context="c",
        fuzzy=True,
        origin=Origin("machine", "google v2", "0123abcd"),
        previous="pq",
        previous_context="pc",
        comments=("no blank", "", "#= sticky", "kept: already zh_CN"),
        notes=("note",),
        references=("a.md:3", "b c.md:4", "d e.md", "f.md"),
        flags=("range: 0..3", "python-brace-format"),
    )
    assert unit.line == 18


@pytest.mark.parametrize("newline", ["\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_bom_and_foreign_line_ends_are_read_and_normalised(
    tmp_path: Path, newline: str, mark: str
) -> None:
    text = WRAPPED.read_text("utf-8")
    path = po(tmp_path, (mark + text.replace("\n", newline)).encode())
    catalog = load(path, "zh_CN")
    assert catalog == replace(load(WRAPPED, "zh_CN"), path=path)
    assert save(catalog)
    assert b"\r" not in path.read_bytes()
    assert path.read_bytes().startswith(b"# ")
    assert load(path, "zh_CN") == catalog


# Writing: as msgcat --no-wrap

TEXT = st.text(
    st.one_of(
        st.sampled_from('ab"\\\n\n\t\r\a\b\v\f\0\x1b\x7f\x85\u2028\u2029\ufeff中，{}[]#~| '),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=30,
)
LINE = st.text(
    st.one_of(
        st.sampled_from('ab"\\\t.:,|~=中 \u2028\x85'),
        st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"),
    ),
    max_size=20,
).filter(lambda text: not text.startswith(("machine: ", "memory: ", "#")))
NAME = st.from_regex(r"[a-z中]([ ]?[a-z中./-]){0,8}", fullmatch=True)
FLAG = st.sampled_from(["python-brace-format", "no-wrap", "range: 0..3", "ignore-links"])
UNIT = st.builds(
    Unit,
    msgid=TEXT.filter(bool),
    msgstr=TEXT,
    context=st.none() | TEXT,
    fuzzy=st.booleans(),
    origin=st.none() | st.builds(Origin, st.sampled_from(["machine", "memory"]), NAME, NAME.map(
        lambda name: "".join(name.split())
    )),
    previous=st.none() | TEXT,
    comments=st.lists(LINE, max_size=2).map(tuple),
    notes=st.lists(LINE, max_size=2).map(tuple),
    references=st.lists(
        st.builds("{}{}".format, NAME, st.sampled_from(["", ":1", ":907"])), max_size=2
    ).map(tuple),
    flags=st.lists(FLAG, max_size=3, unique=True).map(tuple),
    obsolete=st.booleans(),
)  # fmt: skip
UNITS = st.lists(UNIT, max_size=5, unique_by=lambda unit: unit.key).map(
    lambda units: tuple(sorted(units, key=lambda unit: unit.obsolete))
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("laws")


@given(units=UNITS, remarks=st.lists(LINE, max_size=2).map(tuple))
def test_what_is_saved_is_loaded(
    folder: Path, units: tuple[Unit, ...], remarks: tuple[str, ...]
) -> None:
    catalog = replace(catalog_of(folder, *units), header_comments=remarks)
    catalog.path.unlink(missing_ok=True)
    assert save(catalog)
    again = load(catalog.path, catalog.locale)
    assert again == catalog
    assert dumps(again) == dumps(catalog) == dumps(replace(again, source={}))


@given(units=UNITS)
def test_blanks_before_a_line_mean_nothing(folder: Path, units: tuple[Unit, ...]) -> None:
    """What is written as usual is read in one step, other lines one by one: to the same end."""
    catalog = catalog_of(folder, *units)
    catalog.path.write_text(dumps(catalog).replace("\n", "\n "), "utf-8", newline="")
    again = load(catalog.path, catalog.locale)
    assert again == catalog
    assert [unit.line for unit in again.units] == [
        unit.line for unit in load(po(folder, dumps(catalog)), catalog.locale).units
    ]


SHOWCASE = (
    Unit("plain", "普通"),
    Unit('a "b" \\ c\td', "甲\a\b\v\f"),
    Unit("one line\n", "一行\n"),
    Unit("two\nlines", "两\n行"),
    Unit("\n", "\n"),
    Unit("a\u2028b\u0085c\u2029d\x1ce\x7f", "😀\u200b\ufeff"),
    Unit("长" * 120, "long " * 60),
    Unit(
        "full {1}",
        "全 {1}",
        context="menu\nitem",
        fuzzy=True,
        origin=Origin("memory", "92 %", "0123abcd"),
        previous="old\ntext",
        previous_context="",
        comments=("why", "", "C:\\", "C:\\ ", "  two blanks ", ". dot", "~ tilde"),
        notes=("heading 2 · 标题", "", "{1} = https://example.org/a b"),
        references=("posts/with blank.md:12",),
        flags=("python-brace-format",),
    ),
    Unit("cup", "杯", plural="cups", plurals=("杯",), fuzzy=True, previous="c", previous_plural=""),
    Unit(
        "gone\nfor good",
        "没了\n了",
        context="c",
        comments=("remark",),
        fuzzy=True,
        previous="went\naway",
        previous_context="d",
        flags=("python-brace-format",),
        obsolete=True,
    ),
)


@needs_gettext
def test_the_form_is_that_of_msgcat(tmp_path: Path) -> None:
    catalog = replace(catalog_of(tmp_path, *SHOWCASE), header_comments=("第一行", "", "x"))
    assert save(catalog)
    assert run("msgcat", "--no-wrap", catalog.path).stdout == dumps(catalog)
    assert run("msgfmt", "-c", "-o", os.devnull, catalog.path).returncode == 0
    assert load(catalog.path, "zh_CN") == catalog


@needs_gettext
@settings(max_examples=50)
@given(units=UNITS)
def test_msgcat_agrees_on_any_text(folder: Path, units: tuple[Unit, ...]) -> None:
    # Where msgcat differs: it joins references and orders flags, cuts texts at NUL, refuses U+0004,
    # and drops fuzzy, or an obsolete entry, where nothing is translated. (All are fuzzy here
    # because msgfmt asks finished ones for the same newlines at both ends.)
    plain = [
        replace(unit, references=(), flags=(), fuzzy=bool(unit.msgstr))
        for unit in units
        if not {"\0", "\4"} & {*f"{unit.msgid}{unit.msgstr}{unit.context}{unit.previous}"}
        and (unit.msgstr or not unit.obsolete)
    ]
    catalog = catalog_of(folder, Unit("", "x", context="msgcat drops a lone header"), *plain)
    save(catalog)
    done = run("msgcat", "--no-wrap", catalog.path)
    assert done.stdout == dumps(catalog), done.stderr
    done = run("msgfmt", "-c", "-o", os.devnull, catalog.path)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("locale", ["zh_CN", "zh_TW", "zh_HK", "en", "en_GB", "fr"])
def test_a_new_catalog_is_accepted_by_the_tools(tmp_path: Path, locale: str) -> None:
    catalog = new(tmp_path / "a" / "b.po", locale, "zh_CN")
    assert dict(catalog.header)["Plural-Forms"] == get_plural(locale).plural_forms
    assert "Date" not in dumps(catalog)
    assert save(catalog)
    if shutil.which("msgfmt"):
        assert run("msgfmt", "-c", "-o", os.devnull, catalog.path).returncode == 0


def test_a_template_has_no_language(tmp_path: Path) -> None:
    catalog = template(tmp_path / "post.pot", [Unit("Tea")], "en")
    assert dumps(catalog) == (
        'msgid ""\nmsgstr ""\n"MIME-Version: 1.0\\n"\n'
        '"Content-Type: text/plain; charset=UTF-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        '"X-Source-Language: en\\n"\n"X-Generator: Diglot\\n"\n\nmsgid "Tea"\nmsgstr ""\n'
    )


def test_comments_never_break_the_file(tmp_path: Path) -> None:
    unit = Unit("a", comments=("one\rtwo\0",), notes=("x\r\ny\nmsgid",), references=("p\nq.md",))
    save(catalog_of(tmp_path, unit))
    (again,) = load(tmp_path / "post.po", "zh_CN").units
    assert again.comments == ("one", "two\ufffd")
    assert again.notes == ("x", "y", "msgid")
    assert again.references == ("p q.md",)


# A file that others write too


def test_only_the_changed_entry_is_rewritten(tmp_path: Path) -> None:
    path = po(tmp_path, WRAPPED.read_bytes())
    catalog = load(path, "zh_CN")
    units = [
        replace(unit, msgstr="参见[行会]({1})。") if "guild" in unit.msgid else unit
        for unit in catalog.units
    ]
    assert save(replace(catalog, units=tuple(units)))
    expected = WRAPPED.read_text("utf-8").replace("[茶会]", "[行会]")
    assert path.read_text("utf-8") == expected


def test_a_rewritten_entry_keeps_what_others_put_there(tmp_path: Path) -> None:
    catalog = load(WRAPPED, "zh_CN")
    text = dumps(replace(catalog, source={}, path=tmp_path / "x.po"))
    for line in WRAPPED.read_text("utf-8").splitlines():
        if line.startswith(("#", '"X-', '"Project')):
            assert line in text
    assert load(po(tmp_path, text), "zh_CN").units == catalog.units


@pytest.mark.parametrize(
    "text",
    [
        WRAPPED.read_text("utf-8"),
        HEADER + '#~ msgid "o"\n#~ msgstr "p"\n\n\n\nmsgid "a"\nmsgstr "b"\nmsgid "c"\nmsgstr ""',
        HEADER + 'msgid "a"\nmsgstr ""\n"b"\n\n# a last word\n',
        "",
    ],
    ids=["wrapped", "disorder", "last comment", "empty"],
)
def test_saving_what_was_loaded_touches_nothing(tmp_path: Path, text: str) -> None:
    path = po(tmp_path, text)
    os.utime(path, ns=(1, 1))
    assert not save(load(path, "zh_CN"))
    assert path.read_text("utf-8") == text
    assert path.stat().st_mtime_ns == 1


def test_a_last_comment_survives_a_change(tmp_path: Path) -> None:
    catalog = load(po(tmp_path, HEADER + 'msgid "a"\nmsgstr ""\n\n# a last word\n'), "zh_CN")
    assert save(replace(catalog, units=(Unit("a", "甲"),)))
    assert "# a last word\n" in catalog.path.read_text("utf-8")


def test_half_a_character_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PipelineError, match="surrogate"):
        save(catalog_of(tmp_path, Unit("a", "\ud83d")))
    assert list(tmp_path.iterdir()) == []


# What a post asks for


def segment(msgid: str, line: int = 1, kind: str = "paragraph", **fields: object) -> Segment:
    return Segment(msgid, kind, 0, 0, line, **fields)  # type: ignore[arg-type]


def test_wanted_shares_units_and_explains_them() -> None:
    units = wanted(
        [
            segment("Tea", kind="heading 1", note="short\nplease"),
            segment("[more]({1})", 3, pieces=("https://a.example",), path=("Tea", "Green\nleaf")),
            segment("[more]({1})", 5, pieces=("https://b.example/" + "x" * 300,), path=("Tea",)),
            segment("Tea", 7, context="menu"),
            *(segment("[more]({1})", 9, pieces=("https://a.example",)) for _ in range(3)),
        ],
        "posts/tea time.md",
        line_numbers=True,
    )
    long = "https://b.example/" + "x" * 300
    assert units == (
        Unit("Tea", notes=("heading 1", "note: short please"), references=("posts/tea time.md:1",)),
        Unit(
            "[more]({1})",
            notes=(
                "paragraph · Green leaf",
                "paragraph · Tea",
                "paragraph",
                "and 2 more",
                f"{{1}} = https://a.example | {long[:199]}…",
            ),
            references=("posts/tea time.md:3", "posts/tea time.md:5", "posts/tea time.md:9"),
            flags=("python-brace-format",),
        ),
        Unit("Tea", context="menu", notes=("paragraph",), references=("posts/tea time.md:7",)),
    )
    assert wanted([segment("a"), segment("a", 2)], "p.md")[0].references == ("p.md",)


# Merging

MACHINE = Origin("machine", "google", fingerprint("Tea"))


@pytest.mark.parametrize(
    ("old", "merged"),
    [
        (Unit("Tea", "茶"), Unit("Tea", "茶")),
        (
            Unit("Tea", "茶", fuzzy=True, origin=MACHINE, comments=("hm",), flags=("x", "y")),
            Unit("Tea", "茶", fuzzy=True, origin=MACHINE, comments=("hm",), flags=("x", "y")),
        ),
        (
            Unit("Tea", "茶", origin=MACHINE, previous="Te", previous_context="c"),
            Unit("Tea", "茶"),
        ),
        (
            Unit("Tea", "茶", fuzzy=True, origin=Origin("machine", "google", "00000000")),
            Unit("Tea", "茶", fuzzy=True, origin=Origin("machine", "google", "00000000")),
        ),
        (
            Unit("Tea", "茶", fuzzy=True, previous="Te"),
            Unit("Tea", "茶", fuzzy=True, previous="Te"),
        ),
        (Unit("Tea", fuzzy=True, origin=MACHINE, previous="Te"), Unit("Tea")),
        (
            Unit("Tea", "茶", comments=("kept: already en", "z"), flags=("python-brace-format",)),
            Unit("Tea", "茶", comments=("z",)),
        ),
        (
            Unit("Tea", "Tea", comments=("kept: already en",)),
            Unit("Tea", "Tea", comments=("kept: already en",)),
        ),
        (Unit("Tea", "茶", fuzzy=True, obsolete=True), Unit("Tea", "茶", fuzzy=True)),
        (
            Unit("Tea", "茶", plural="Teas", plurals=("茶",)),
            Unit("Tea", "茶", plural="Teas", plurals=("茶",)),
        ),
    ],
)
def test_a_known_unit_keeps_its_work(tmp_path: Path, old: Unit, merged: Unit) -> None:
    asked = Unit("Tea", notes=("heading 1",), references=("p.md",))
    old = replace(old, notes=("old",), references=("q.md",))
    units = merge(catalog_of(tmp_path, old), [asked]).units
    assert units == (replace(merged, notes=("heading 1",), references=("p.md",)),)


def test_order_and_flags_are_those_of_the_post(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, Unit("b", "乙"), Unit("{a}", "甲", flags=("x",)))
    asked = [Unit("{a}", flags=("python-brace-format",)), Unit("new"), Unit("b")]
    assert [(unit.msgid, unit.flags) for unit in merge(catalog, asked).units] == [
        ("{a}", ("x", "python-brace-format")),
        ("new", ()),
        ("b", ()),
    ]


LONG = "The kettle stands on the stove and sings its song until someone takes it away"
SENTENCE = "水壶放在炉子上，一直唱着它的歌，直到有人把它拿走，泡上一壶新茶。"


@pytest.mark.parametrize(
    ("old", "new_text", "similar"),
    [
        ("Getting started", "Getting  started", True),
        ("Introduction", "Introductions", True),
        (LONG, LONG.replace("someone", "a guest"), True),
        (LONG, LONG.replace("takes", "never takes"), True),
        (SENTENCE, SENTENCE.replace("新茶", "红茶"), True),
        ("机器学习基础", "机器学习的基础", True),
        ("这是", "这不是", False),
        ("这是我的猫", "这不是我的猫", False),
        ("我们今天去公园", "我们今天不去公园", False),
        ("It is safe to drink", "It is not safe to drink", False),
        ("You can use it here", "You can't use it here", False),
        ("Lecture notes 3", "Lecture notes 4", False),
        ("第一章 绪论与基础知识", "第二章 绪论与基础知识", False),
        ("Course page {1}", "Course page {2}", True),
        ("Tea", "Coffee", False),
        (LONG, "An unrelated sentence about ships that sail over the sea in the morning", False),
        (SENTENCE, "她每天早上都会去河边散步，看见白鹭从水面上飞过，心里很安静。", False),
    ],
)
def test_similar_texts(tmp_path: Path, old: str, new_text: str, similar: bool) -> None:
    before = Unit(old, "译文", origin=None, comments=("mine",), references=("p.md",))
    merged = merge(catalog_of(tmp_path, before), [Unit(new_text)])
    if similar:
        assert merged.units == (
            Unit(new_text, "译文", fuzzy=True, previous=old, comments=("mine",)),
        )
        assert merged.units[0].state is State.STALE
    else:
        assert merged.units == (
            Unit(new_text),
            Unit(old, "译文", comments=("mine",), obsolete=True),
        )


def test_each_old_unit_is_used_once_and_the_best_pair_wins(tmp_path: Path) -> None:
    old = Unit(LONG, "甲", context="c")
    nearest, farther = LONG + "!", LONG.replace("sings its song", "hums a song")
    merged = by_id(merge(catalog_of(tmp_path, old), [Unit(farther), Unit(nearest)]))
    assert merged[farther] == Unit(farther)
    assert merged[nearest] == Unit(nearest, "甲", fuzzy=True, previous=LONG, previous_context="c")
    assert LONG not in merged


def test_a_machines_text_is_not_handed_on_to_a_changed_source(tmp_path: Path) -> None:
    old = Unit(LONG, "甲", fuzzy=True, origin=MACHINE)
    merged = merge(catalog_of(tmp_path, old), [Unit(LONG + "!")])
    assert merged.units == (Unit(LONG + "!"), replace(old, obsolete=True))


def test_a_stale_text_that_changes_again_shows_what_was_translated(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, Unit(LONG, "甲"))
    for text in (LONG + "!", LONG + "!!"):
        catalog = merge(catalog, [Unit(text)])
    assert catalog.units == (Unit(LONG + "!!", "甲", fuzzy=True, previous=LONG),)


def test_what_has_gone_becomes_obsolete_and_comes_back(tmp_path: Path) -> None:
    work = Unit("Tea", "茶", fuzzy=True, origin=MACHINE, comments=("c",))
    catalog = catalog_of(
        tmp_path,
        replace(work, notes=("heading 1",), references=("p.md",)),
        Unit("Never translated"),
        Unit("中文", "中文", comments=("kept: already zh_CN",)),
        Unit("Gone before", "早没了", obsolete=True),
    )
    without = merge(catalog, [])
    assert without.units == (
        Unit("Gone before", "早没了", obsolete=True),
        replace(work, obsolete=True),
    )
    again = merge(without, [Unit("Tea", notes=("heading 2",))])
    assert again.units[0] == replace(work, notes=("heading 2",))


def test_a_catalog_without_header_gets_one(tmp_path: Path) -> None:
    catalog = merge(load(po(tmp_path, ""), "zh_CN"), [Unit("Tea")])
    assert ("Content-Type", "text/plain; charset=UTF-8") in catalog.header


WORD = st.sampled_from(["tea", "tea!", "no tea", LONG, LONG + "!", SENTENCE, "这是", "这不是"])
STATES = st.builds(
    Unit,
    msgid=WORD,
    msgstr=st.sampled_from(["", "茶", "tea"]),
    context=st.sampled_from([None, "c"]),
    fuzzy=st.booleans(),
    origin=st.sampled_from([None, MACHINE]),
    previous=st.sampled_from([None, "old", LONG]),
    comments=st.sampled_from([(), ("x",), ("kept: already en",)]),
    notes=st.sampled_from([(), ("old",)]),
    flags=st.sampled_from([(), ("python-brace-format", "x")]),
    obsolete=st.booleans(),
)
ASKED = st.lists(
    st.builds(Unit, WORD, context=st.sampled_from([None, "c"]), notes=st.just(("n",))),
    unique_by=lambda unit: unit.key,
    max_size=6,
)
OLD = st.lists(STATES, max_size=6, unique_by=lambda unit: unit.key).map(
    lambda units: tuple(sorted(units, key=lambda unit: unit.obsolete))
)


def held(units: Sequence[Unit]) -> Counter[str]:
    """Count the translations, but for copies of kept segments."""
    return Counter(
        unit.msgstr
        for unit in units
        if unit.msgstr and not (unit.msgstr == unit.msgid and KEPT + "en" in unit.comments)
    )


@given(units=OLD, asked=ASKED)
def test_merging_twice_changes_nothing(
    folder: Path, units: tuple[Unit, ...], asked: list[Unit]
) -> None:
    once = merge(catalog_of(folder, *units), asked)
    assert merge(once, asked) == once
    assert [unit.key for unit in once.units if not unit.obsolete] == [unit.key for unit in asked]
    assert held(once.units) == held(units)
    save(once)
    loaded = load(once.path, once.locale)
    assert dumps(merge(loaded, asked)) == dumps(loaded) == dumps(once)


def test_an_unchanged_unit_keeps_its_lines_through_a_merge(tmp_path: Path) -> None:
    catalog = load(po(tmp_path, WRAPPED.read_bytes()), "zh_CN")
    asked = [
        Unit(unit.msgid, notes=unit.notes, references=unit.references, flags=unit.flags[-1:])
        for unit in catalog.units
        if not unit.obsolete
    ]
    assert not save(merge(catalog, asked))
    changed = [replace(asked[0], notes=("heading 2",)), *asked[1:]]
    assert save(merge(catalog, changed))
    expected = WRAPPED.read_text("utf-8").replace("#. heading 1\n", "#. heading 2\n")
    assert catalog.path.read_text("utf-8") == expected
