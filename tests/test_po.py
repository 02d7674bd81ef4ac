"""The PO format: what is read, what is refused, and in which form it is written."""

from __future__ import annotations

import os
import re
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest
from babel.messages.plurals import get_plural
from hypothesis import given, settings
from hypothesis import strategies as st
from po_files import DATA, HEADER, WRAPPED, catalog_of, needs_gettext, po, run

from pipeline.catalog import dumps, load, new, save, template
from pipeline.errors import PipelineError
from pipeline.model import Origin, Unit

CORPORA = sorted((Path(__file__).parents[2] / "shared" / "corpora" / "po").rglob("*.po"))


def read(folder: Path, body: str) -> tuple[Unit, ...]:
    return load(po(folder, HEADER + body), "zh_CN").units


# Reading: as strict as msgfmt

REFUSED = tomllib.loads((DATA / "refused.toml").read_text("utf-8"))["case"]
refused = pytest.mark.parametrize("case", REFUSED, ids=lambda case: case["name"])


def text_of(case: Mapping[str, str]) -> str:
    return case["text"] if "whole" in case else HEADER + case["text"]


@refused
def test_a_broken_file_is_refused_with_its_line(tmp_path: Path, case: Mapping[str, str]) -> None:
    path = po(tmp_path, text_of(case))
    with pytest.raises(PipelineError) as caught:
        load(path, "zh_CN")
    assert str(caught.value) == f"{path}:{case['diglot']}. {caught.value.hint}"
    assert caught.value.hint


@needs_gettext
@refused
def test_msgfmt_says_so_too(tmp_path: Path, case: Mapping[str, str]) -> None:
    path = po(tmp_path, text_of(case))
    done = run("msgfmt", "-c", "-o", os.devnull, path)
    errors = [
        line for line in done.stderr.splitlines() if re.match(r".*\.po:\d[\d:]*:(?! warning)", line)
    ]
    assert [line.removeprefix(f"{path}:") for line in errors[:1]] == (
        [case["msgfmt"]] if case["msgfmt"] else []
    )


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
    ends = {"\r\n": "CRLF line ends", "\r": "CR line ends"}[newline]
    assert catalog.oddities == (*(["a byte-order mark"] if mark else []), ends)
    assert save(catalog)
    assert b"\r" not in path.read_bytes()
    assert path.read_bytes().startswith(b"# ")
    assert load(path, "zh_CN") == catalog


@pytest.mark.parametrize("header", ["", HEADER.replace("UTF-8", "CHARSET")])
def test_a_file_of_ascii_needs_no_charset_until_it_gets_other_text(
    tmp_path: Path, header: str
) -> None:
    catalog = load(po(tmp_path, header + 'msgid "a"\nmsgstr "b"\n'), "zh_CN")
    assert save(replace(catalog, units=(Unit("a", "甲"),)))
    again = load(catalog.path, "zh_CN")
    assert again.header == (("Content-Type", "text/plain; charset=UTF-8"),)
    assert again.units == (Unit("a", "甲"),)


@pytest.mark.skipif(not CORPORA, reason="no other people's catalogs here")
@pytest.mark.parametrize("path", CORPORA, ids=lambda path: "/".join(path.parts[-4:]))
def test_other_peoples_catalogs_stay_whole(tmp_path: Path, path: Path) -> None:
    try:
        catalog = load(path, "zh_CN")
    except PipelineError as error:
        assert error.line
        assert not msgfmt_accepts(path)
        return
    again = load(po(tmp_path, dumps(replace(catalog, source={}))), "zh_CN")
    assert again.units == catalog.units
    assert (again.header, again.header_comments) == (catalog.header, catalog.header_comments)
    assert msgfmt_accepts(again.path) or not msgfmt_accepts(path)


def msgfmt_accepts(path: Path) -> bool:
    return not shutil.which("msgfmt") or not run("msgfmt", "-o", os.devnull, path).returncode


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
    context=st.none() | TEXT.map(lambda text: text.replace("\4", "")),
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


ALPHABET = (
    *"abcdefghijklmnopqrstuvwxyz ABC 0123456789 .,;:!?()[]{}<>*_`~|#%&/-+='",
    *"中文的一是不了人我在有他这为之大来以个，。！？；：“”（）《》——……、·",
    *'"\\\n\t\r\a\b\v\f\x1b\x7f\x85\u200b\u2028\u2029\ufeff😀éß\u202e',
)


def random_units(chance: Random, count: int) -> tuple[Unit, ...]:
    """Return units of which msgcat keeps all: see ``test_where_msgcat_differs`` for the others."""

    def text(longest: int) -> str:
        return "".join(chance.choices(ALPHABET, k=chance.randint(0, longest)))

    def line() -> str:
        return re.sub(r"[\r\n]", "", text(40))

    def texts() -> tuple[str, ...]:
        return tuple(line() for _ in range(chance.randint(0, 3)))

    def unit(number: int) -> Unit:
        obsolete = number >= count * 0.9
        msgstr = text(200) if not obsolete else f"译{text(200)}"
        return Unit(
            f"{number} {text(200)}",
            msgstr,
            context=chance.choice((None, None, text(9))),
            fuzzy=bool(msgstr),  # msgfmt asks finished ones for the same newlines at both ends
            origin=chance.choice((None, Origin("machine", "google", "0123abcd"))),
            previous=chance.choice((None, text(200))),
            comments=texts(),
            notes=() if obsolete else texts(),
            references=() if obsolete else (f"posts/{number}.md",),
            flags=("python-brace-format",) if chance.random() < 0.3 else (),
            obsolete=obsolete,
        )

    return tuple(unit(number) for number in range(count))


@needs_gettext
def test_5000_random_entries_have_the_form_of_msgcat(tmp_path: Path) -> None:
    catalog = catalog_of(tmp_path, *random_units(Random(5), 5000))
    assert save(catalog)
    ours = catalog.path.read_bytes().decode()
    assert run("msgcat", "--no-wrap", catalog.path).stdout == ours
    assert run("msgfmt", "-c", "-o", os.devnull, catalog.path).returncode == 0
    assert load(catalog.path, "zh_CN") == catalog


DIFFERENCES = {
    # name: (what we write, what msgcat makes of it)
    "references stand on lines of their own": ("#: a.md\n#: b.md\n", "#: a.md b.md\n"),
    "flags keep their order": (
        "#, no-wrap, python-brace-format\n",
        "#, python-brace-format, no-wrap\n",
    ),
    "flags of other tools stay": ("#, ignore-links\n", ""),
}


@needs_gettext
@pytest.mark.parametrize("name", DIFFERENCES)
def test_where_msgcat_differs(tmp_path: Path, name: str) -> None:
    ours, theirs = DIFFERENCES[name]
    body = 'msgid "a"\nmsgstr "b"\n'
    catalog = load(po(tmp_path, HEADER + ours + body), "zh_CN")
    assert dumps(replace(catalog, source={})) == HEADER + ours + body
    assert run("msgcat", "--no-wrap", catalog.path).stdout == HEADER + theirs + body


@needs_gettext
@pytest.mark.parametrize(
    ("unit", "words"),
    [
        (Unit("a", fuzzy=True), "fuzzy"),
        (Unit("gone", obsolete=True), "gone"),
        (Unit("a\0b", "c"), r"a\000b"),
    ],
    ids=["fuzzy without a text", "obsolete without a text", "behind a NUL"],
)
def test_what_msgcat_loses(tmp_path: Path, unit: Unit, words: str) -> None:
    catalog = catalog_of(tmp_path, unit, Unit("x", "y"))
    save(catalog)
    assert load(catalog.path, "zh_CN").units == tuple(
        sorted(catalog.units, key=lambda unit: unit.obsolete)
    )
    (entry, *_) = (part for part in dumps(catalog).split("\n\n") if words in part)
    assert entry not in run("msgcat", "--no-wrap", catalog.path).stdout


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
