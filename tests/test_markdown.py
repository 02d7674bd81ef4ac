"""Posts as documents: what becomes a segment, and that nothing but words ever changes."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest
from hypothesis import example, given, reject, settings
from hypothesis import strategies as st
from markdown_it.utils import read_fixture_file

from pipeline.errors import PipelineError
from pipeline.inline import find
from pipeline.markdown import parse, render
from pipeline.masking import mask
from pipeline.model import PROFILES, Document, Profile, Segment
from pipeline.outputs.post import differences
from pipeline.restoring import restore
from pipeline.segments import Readings

DATA = Path(__file__).parent / "data" / "markdown"
JEKYLL = PROFILES["jekyll"]

FIXTURES = [
    pytest.param(title.split(":")[0], source, expected, id=f"{file.stem}-{line}")
    for file in sorted(DATA.glob("*.txt"))
    for line, title, source, expected in read_fixture_file(file)
]


def document(text: str, profile: str = "jekyll") -> Document:
    return parse("post.md", text, PROFILES[profile])


def listing(segments: tuple[Segment, ...]) -> str:
    """Write segments as the fixtures do: kind, msgid, and what stands behind placeholders."""
    lines = []
    for segment in segments:
        pieces = " ".join(f"<{piece}>" for piece in segment.pieces).replace("\n", "⏎")
        msgid = segment.msgid.replace("\n", "⏎")
        lines.append(f"{segment.kind}: {msgid}" + (f"    {pieces}" if pieces else "") + "\n")
    return "".join(lines)


@pytest.mark.parametrize(("profile", "source", "expected"), FIXTURES)
def test_segments_of_a_construct(profile: str, source: str, expected: str) -> None:
    assert listing(document(source, profile).segments) == expected.replace("(none)\n", "")


@pytest.mark.parametrize(("profile", "source", "expected"), FIXTURES)
def test_every_segment_is_replaced_once_and_the_rest_stays(
    profile: str, source: str, expected: str
) -> None:
    post = document(source, profile)
    built = render(post, {segment: f"{segment.msgid}記" for segment in post.segments})
    assert built.count("記") == len(post.segments)
    assert differences(post, built, ()) == []


def test_a_segment_names_the_headings_above_it() -> None:
    post = document("# A\n\ntext\n\n## B\n\n## C *d*\n\ntext\n\n# E\n")
    assert [segment.path for segment in post.segments] == [
        (), ("A",), ("A",), ("A",), ("A", "C d"), (),
    ]  # fmt: skip


TEXTS = st.text(
    st.one_of(
        st.sampled_from("#>-*+_`~|=[](){}<>!:$^\\/.1 \t\n\r\ufeff\x00\u2028中文。，（）“”a"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=200,
)
MARKS = [
    "# ", "## ", " {#id}", "> ", "- ", "1. ", "* ", "  ", "    ", "\n", "\n\n", "\r\n",
    "```", "~~~", "`", "``", "**", "_", "~~", "[a]", "](b)", "[^1]", "[^1]: ", "[a]: /b",
    "![", "<div>", "</div>", "<b>", "<!-- ", "-->", "{% raw %}", "{% endraw %}", "{{ x }}",
    "{: .x}", "$$", "$x_1$", "|", "---", "===", ": ", "*[A]: ", "text", "中文", "。",
    "https://a.b/c", "{::comment}", "{:/}", "\\", "&amp;", ":smile:", "<code>", "</code>",
    "<pre>", "</pre>", "- [ ] ", "> [!NOTE]\n", "{{< x >}}", "+++\n", "---\n", "title: a\n",
    "\\[", "\\]", "<br>  ",
    "::: tip ", "::::note[", ":::\n", "::x[", '!!! note "A"\n', "??? tip\n    ",
    "[[", "]]", "![[", "[[a|b]]",
]  # fmt: skip
MARKUP = st.lists(
    st.sampled_from(MARKS),
    max_size=30,
).map("".join)
PROFILE_NAMES = st.sampled_from(sorted(PROFILES))


def any_document(text: str, profile: str) -> Document:
    """Parse a made-up text, unless it happens to start with broken front matter."""
    try:
        return document(text, profile)
    except PipelineError:
        reject()


@settings(max_examples=400, deadline=None)
@given(st.one_of(TEXTS, MARKUP), PROFILE_NAMES)
@example("!!! note", "jekyll")
def test_rendering_nothing_or_the_msgids_gives_the_text_back(text: str, profile: str) -> None:
    post = any_document(text, profile)
    assert render(post, {}) == text
    assert render(post, {segment: segment.msgid for segment in post.segments}) == text


@settings(max_examples=400, deadline=None)
@given(st.one_of(TEXTS, MARKUP), PROFILE_NAMES)
def test_segments_lie_in_order_and_apart(text: str, profile: str) -> None:
    post = any_document(text, profile)
    position = 0
    for segment in post.segments:
        assert position <= segment.start < segment.end <= len(text)
        assert any(character.isalpha() for character in segment.msgid)
        position = segment.end


@settings(max_examples=300, deadline=None)
@given(MARKUP)
def test_masking_for_an_engine_can_be_undone(text: str) -> None:
    for segment in any_document(text, "jekyll").segments:
        masked = mask(segment.msgid, JEKYLL)
        assert restore(masked, masked.text, JEKYLL) == segment.msgid


@settings(max_examples=300, deadline=None)
@example("`|``", "Some words.\n")
@given(
    st.text(st.sampled_from("#>-*+_`~|=[](){}<!:$^\\.1 ab中。"), min_size=1, max_size=12),
    st.sampled_from(
        [
            "Some words.\n",
            "> Some words\n> go on.\n",
            "- Some words\n\n  More.\n",
            "1. [ ] Words\n",
            "::: tip Words\nbody\n:::\n",
            ":::tip[Words]{.x}\nbody\n:::\n",
            '!!! tip "Words"\n    body\n',
        ]
    ),
)
def test_a_target_cannot_become_another_block(target: str, source: str) -> None:
    """Whatever is put in a segment, block structure is kept or the target is refused."""
    post = document(source)
    segment = post.segments[0]
    try:
        built = render(post, {segment: target.replace("{", "{{").replace("}", "}}")})
    except ValueError:
        return
    expected = [entry.split(" ")[0] for entry in post.shape]
    found = [entry.split(" ")[0].replace("kept", "text") for entry in document(built).shape]
    assert found == expected


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("One two three four.", "One two\nthree four."),
        ("中文文字在这里。", "中文文字\n在这里。"),
        ("> A quote of words", "> A quote\n> of words"),
        ("- An item of words", "- An item\n  of words"),
        ("See `a b` and more", "See `a b`\nand more"),
    ],
)
def test_rewrapping_a_paragraph_changes_no_msgid(text: str, same: str) -> None:
    assert [s.msgid for s in document(text).segments] == [s.msgid for s in document(same).segments]


@pytest.mark.parametrize(
    ("source", "target", "built"),
    [
        ("Words here.", "# 标题", "\\# 标题"),
        ("Words here.", "1. 一", "1\\. 一"),
        ("Words here.", "- 一", "\\- 一"),
        ("Words here.", "> 一", "\\> 一"),
        ("Words here.", "甲 | 乙", "甲 \\| 乙"),
        ("Words here.", "---", "\\---"),
        ("> One  \n> two", "甲\n乙", "> 甲  \n> 乙"),
        ("> One\\\n> two", "甲\n- 乙", "> 甲\\\n> \\- 乙"),
        ("* One  \n  two", "甲\n乙", "* 甲  \n  乙"),
        (
            "| a b | c d |\n|---|---|\n| e f | g |",
            "x | y",
            "| x \\| y | c d |\n|---|---|\n| e f | g |",
        ),
        ("# Words #", "标题 #", "# 标题 \\# #"),
        ("A [b](c d.png) e", "甲 [乙]({1})", "甲 [乙](c d.png)"),
        ("Use {x}", "用 {{x}}", "用 {x}"),
        ("::: tip Words\n:::", "标题 {{x}}", "::: tip 标题 {x\\}\n:::"),
        (":::tip[Words]\n:::", "[甲 [乙](c)", ":::tip[\\[甲 [乙](c)]\n:::"),
        ("Words here.", "::: tip", "\\::: tip"),
        ("Words here.", "??? tip", "&#63;?? tip"),
        ("Words here.", "!!!真好", "!!!真好"),
    ],
)
def test_how_a_target_is_written(source: str, target: str, built: str) -> None:
    post = document(source)
    assert render(post, {post.segments[0]: target}) == built


@pytest.mark.parametrize(
    ("source", "target", "built"),
    [
        ("See [[Page]] now", "看[[{1}|页面]]", "看[[Page|页面]]"),
        ("See [[Page]] now", "看[[{1}|Page]]", "看[[Page]]"),
        ("See [[Page|Page]] now", "看[[{1}|Page]]", "看[[Page|Page]]"),
        ("| [[Page]] a |\n|---|\n| b |", "[[{1}|页面]]", "| [[Page\\|页面]] |\n|---|\n| b |"),
    ],
)
@pytest.mark.parametrize("profile", ["jekyll", "gfm"])
def test_how_a_wiki_link_is_written(source: str, target: str, built: str, profile: str) -> None:
    post = parse("post.md", source, replace(PROFILES[profile], wiki_links="on"))
    written = render(post, {post.segments[0]: target})
    assert written == built
    assert differences(post, written, ()) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("![alt](/a.png)", []),
        ("![alt][a]\n\n[a]: /a.png", []),
        ("See ![an *alt* [x](y)](/a.png 'title') there", ["See {1} there"]),
        ("[![alt](/a.png) words](/b)", ["[{1} words]({2})"]),
        ("a ![b", ["a ![b"]),
    ],
)
def test_image_text_is_kept_where_so_configured(text: str, expected: list[str]) -> None:
    post = parse("post.md", text, replace(JEKYLL, image_text=False))
    assert [segment.msgid for segment in post.segments] == expected
    built = render(post, {segment: f"{segment.msgid}記" for segment in post.segments})
    assert differences(post, built, ()) == []


@pytest.mark.parametrize(
    ("source", "target", "reason"),
    [
        ("Words here.", "一\n\n二", "empty line"),
        ("Words here.", "看 {1}", "{1}"),
    ],
)
def test_what_cannot_be_written_is_refused(source: str, target: str, reason: str) -> None:
    post = document(source)
    with pytest.raises(ValueError, match=reason.replace("{", r"\{")):
        render(post, {post.segments[0]: target})


@pytest.mark.parametrize(
    ("damaged", "what"),
    [
        ("# A [b](/d)\n\n`code` here\n", "destination"),
        ("# A [b](/c)\n\n`other` here\n", "inline code"),
        ("A [b](/c)\n\n`code` here\n", "stands where"),
        ("# A [b](/c)\n\n`code` here\n\nmore\n", "block marks"),
    ],
)
def test_damage_to_a_built_post_is_seen(damaged: str, what: str) -> None:
    post = document("# A [b](/c)\n\n`code` here\n")
    assert any(what in difference for difference in differences(post, damaged, ()))


NESTED = ["> ", "- ", "* _a ", "[", "![", "`" + "a", "<div>", "{{", "**a _b ", "1. "]


@pytest.mark.parametrize("unit", NESTED)
def test_deep_nesting_loses_nothing(unit: str) -> None:
    text = unit * 3000 + "end\n"
    post = document(text)
    assert render(post, {}) == text
    assert all(line == 1 for line, _ in post.limits)


@pytest.mark.parametrize(
    ("text", "line"), [("> " * 1000 + "text\n", 1), ("::: note\n" * 1000, 101)]
)
def test_a_nesting_limit_is_reported(text: str, line: int) -> None:
    assert document(text).limits == ((line, "nested more than 100 levels deep"),)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "<!-- i18n:comment: A name. -->\n<!-- i18n:comment Keep it. -->\nA",
            ("A name. Keep it.", None),
        ),
        ("- B\n\n  <!-- i18n:comment: A name. -->\n\n  A", ("A name.", None)),
        ("{::comment}i18n:context: menu{:/}\n\nA", ("", "menu")),
        ("# A <!-- i18n:context: menu --> <!-- i18n:comment: C -->", ("C", "menu")),
        ("<div>\n<!-- i18n:comment: C -->\n<p>A</p>\n</div>", ("C", None)),
    ],
)
def test_a_directive_tells_a_translator(text: str, expected: tuple[str, str | None]) -> None:
    *others, segment = document(text).segments
    assert (segment.note, segment.context) == expected
    assert not any(other.note or other.context for other in others)


@pytest.mark.parametrize(
    ("text", "line", "message", "hint"),
    [
        ("A\n\n<!-- i18n:skip-start -->\nB\n", 3, "never ended", "i18n:skip-end"),
        ("---\nlang: en\n---\n<!-- i18n:skip-end -->\nB\n", 4, "ends nothing", "i18n:skip-start"),
        ("> A\n>\n> <!-- i18n:skp -->\n> B\n", 3, '"i18n:skp" is no', 'mean "skip"?'),
        ("{::comment}\n\ni18n:ignore\n{:/}\nB\n", 1, '"i18n:ignore" is no', "skip, skip-start"),
        ("A <!-- i18n:skip-start -->\nB\n", 1, "inside a paragraph", "a line of its own"),
    ],
)
def test_a_directive_without_effect_is_found(text: str, line: int, message: str, hint: str) -> None:
    (finding,) = document(text).findings
    assert (finding.check, finding.path, finding.line) == ("directive", "post.md", line)
    assert message in finding.message
    assert hint in finding.hint


IMPORT = "import {\n  Card\n} from '../card'\n"


@pytest.mark.parametrize(
    ("name", "body", "line"),
    [
        ("a.mdx", "# Words\n\n<!-- i18n:unknown -->\n", 4),
        ("a.md", f"# Words\n\n{IMPORT}\n<Card>\n  Text\n</Card>\n", 6),
        ("a.md", "export const x = 1\n\nSee <Card text={x} /> here.\n", 4),
        ("a.md", "import './style.css';\n\n<Tabs.Item>\n", 4),
        ("a.md", f"# Words\n\n```jsx\n\n{IMPORT}\n<Card />\n```\n", None),
        ("a.md", f"{IMPORT}\nNo component.\n", None),
        ("a.md", "Words import <Card> from 'x'.\n", None),
        ("a.md", "<Card>\n\nVue in Markdown.\n\n</Card>\n", None),
    ],
)
def test_of_mdx_only_the_front_matter_is_offered(name: str, body: str, line: int | None) -> None:
    post = parse(name, f"---\ntitle: A title\n---\n{body}", PROFILES["gfm"])
    assert (len(post.segments) == 1) == (line is not None)
    assert [(f.check, f.line) for f in post.findings] == ([("mdx", line)] if line else [])
    built = render(post, {post.segments[0]: "题"})
    assert built == f"---\ntitle: 题\n---\n{body}"
    assert differences(post, built, ("title",)) == []


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("太好了:smile:，:+1::tada: done :100:", [":smile:", ":+1:", ":tada:", ":100:"]),
        ("std::vector::iterator: 12:30:45, 1:100:2, a:b:c, ::x::", []),
        ("`:no:` :not here:", []),
    ],
)
def test_emoji_codes_are_no_text(text: str, codes: list[str]) -> None:
    assert [found.text for found in find(text, JEKYLL) if found.kind == "emoji"] == codes


def test_kinds_of_placeables_are_found_in_order() -> None:
    text = "**a** `b` $c_1$ [d](e) <f> {{ g }} https://h.i :j: &amp; [^k]"
    kinds = Counter(placeable.kind for placeable in find(text, JEKYLL))
    assert kinds == Counter(
        emphasis=2, code=1, math=1, open=1, close=1, html=1, liquid=1, url=1, emoji=1, entity=1,
        footnote=1,
    )  # fmt: skip


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_readings_of_another_version_change_nothing(profile: Profile) -> None:
    texts = ("[甲] 乙\n", "[甲] 乙\n\n[甲]: /x\n", "---\ntitle: '[甲] 乙'\n---\n<p>[甲] 乙</p>\n")
    for one, other in product(texts, repeat=2):
        readings = Readings()
        parse("post.md", one, profile, readings=readings)
        found = parse("post.md", other, profile, readings=readings)
        assert found == parse("post.md", other, profile)
