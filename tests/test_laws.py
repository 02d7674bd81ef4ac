"""Laws of putting any text into a segment, in every container and dialect."""

from __future__ import annotations

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from judge import Page, marked, pages

from pipeline.markdown import parse, render
from pipeline.model import PROFILES, Profile
from pipeline.outputs.post import differences

MARK = re.compile(r"Zq\d+z")
CONTAINERS = {
    "paragraph": "Words.\n\nAfter it.\n",
    "first of two lines": "Words  \ngo on.\n\nAfter it.\n",
    "behind a heading": "# A heading\nWords.\n\nAfter it.\n",
    "heading": "## Words ##\nAfter it.\n",
    "setext": "Words\n===\n\nAfter it.\n",
    "quote": "> Words\n> of it.\n\nAfter it.\n",
    "bullet": "- Words.\n- An item.\n",
    "loose item": "1. Words.\n\n   The same item.\n",
    "task": "- [ ] Words.\n",
    "nested": "- > 1. Words.\n",
    "cell": "| Words | b |\n|---|---|\n| c | d |\n",
    "definition": "term\n: Words.\n\nAfter it.\n",
    "footnote": "See.[^1]\n\n[^1]: Words.\n",
    "html": "<figure>\n<figcaption>Words.</figcaption>\n</figure>\n\nAfter it.\n",
}
STARTS = [
    "# 甲", "###### 甲", "#甲", "1. 甲", "2. 甲", "12) 甲", "- 甲", "-", "+ 甲", "* 甲", "*",
    "> 甲", ">甲", "```", "```py", "~~~ 甲", "| 甲 |", "甲 | 乙", "|---|", "a | b\n--- | ---",
    "---", "===", "--", "* * *", "___", "{: .x}", "{:.x #y}", "{::comment}", "{:/}", "{:toc}",
    ": 甲", ":", "*[甲]: 乙", "[甲]: /乙", "[^1]: 甲", "[^甲]: 乙", "^", "$$", "$$x$$", "\\[",
    "\\begin{a}", "<div>", "<div>甲</div>", "</div>", "<!-- 甲", "<!-- 甲 -->", "<?甲", "<!X>",
    "<script>", "<pre>", "<table>", "<b>甲</b>", "<b>甲", "<br>", "<video>", "<font>甲</font>",
    "    甲",
    "\t甲", "甲\n# 乙", "甲\n- 乙", "甲\n1. 乙", "甲\n> 乙", "甲\n```", "甲\n---", "甲\n===",
    "甲\n: 乙", "甲\n| 乙 |", "甲\n{: .x}", "甲\n<div>", "甲\n    乙", "甲\n\n乙", "甲\n^",
    "甲\n$$", "[ ] 甲", "[x] 甲", "[!NOTE]", "[!NOTE] 甲", "!!! note", "::: tip", "{{% 甲 %}}",
    "{% 甲 %}", "{{ 甲 }}", "甲 #", "甲 {#x}", "甲 \\", "甲  ", "\\", "`", "``甲", "[", "](x)",
    "**", "_甲", "&", "甲|", "\u2028甲", "\xa0甲",
]  # fmt: skip


def built_with(source: str, target: str, profile: str) -> str | None:
    """Return the post with ``target`` for its "Words"; None if it is refused, or none is there."""
    post = parse("post.md", source, PROFILES[profile])
    segment = next((segment for segment in post.segments if "Words" in segment.msgid), None)
    if segment is None:
        return None
    doubled = target.replace("{", "{{").replace("}", "}}")
    try:
        return render(post, {segment: doubled})
    except ValueError:
        return None


def block_kinds(source: str, profile: str) -> list[str]:
    shape = parse("post.md", source, PROFILES[profile]).shape
    return [entry.split(" ")[0].replace("kept", "text") for entry in shape]


@pytest.mark.parametrize("profile", PROFILES)
@pytest.mark.parametrize("source", [CONTAINERS[name] for name in CONTAINERS if name != "html"])
def test_a_target_keeps_the_blocks_or_is_refused(source: str, profile: str) -> None:
    changed = {}
    for target in STARTS:
        built = built_with(source, target, profile)
        if built is not None and block_kinds(built, profile) != block_kinds(source, profile):
            changed[target] = built
    assert changed == {}


BLOCK_TAGS = frozenset(
    (
        "p h1 h2 h3 h4 h5 h6 ul ol li blockquote pre table tr td th dl dt dd hr div figure script"
    ).split()
)


def blocks(page: str | None) -> list[str]:
    """Return the block-level tags of a page."""
    assert page is not None
    tags = (entry[0] for entry in Page(page).skeleton if isinstance(entry, tuple))
    return [tag for tag in tags if tag in BLOCK_TAGS]


def test_a_target_keeps_the_blocks_of_the_real_page(rendered_dialect: Profile) -> None:
    profile = rendered_dialect.name
    cases = [
        (name, target, source, built)
        for name, source in CONTAINERS.items()
        for target in STARTS
        if "<div" not in target  # a tag of the target is a tag of the page, and checked elsewhere
        and (built := built_with(source, target, profile)) is not None
        and not differences(parse("post.md", source, PROFILES[profile]), built, ())
    ]
    texts = [source for *_, source, _ in cases] + [built for *_, built in cases]
    html = pages(texts, rendered_dialect)
    changed = {
        f"{name}: {target!r}": built
        for (name, target, _, built), before, after in zip(
            cases, html[: len(cases)], html[len(cases) :], strict=True
        )
        if blocks(before) != blocks(after)
    }
    assert changed == {}


WORDS = st.lists(
    st.sampled_from(
        ["one", "two", "`a", "b`", "**bold**", "[a link](/u)", "$x_1$", "it's", "<b", 'class="c">']
    ),
    min_size=2,
    max_size=12,
)
CHINESE = st.lists(
    st.sampled_from(["中文", "句子。", "，然后", "“引用”了", "再来"]), min_size=2, max_size=8
)


@settings(max_examples=100, deadline=None)
@given(WORDS, CHINESE, st.randoms(use_true_random=False), st.sampled_from(sorted(PROFILES)))
def test_rewrapping_at_spaces_or_between_chinese_characters_changes_no_msgid(
    words: list[str], chinese: list[str], choice: random.Random, profile: str
) -> None:
    def wrapped(pieces: list[str], between: str) -> str:
        return "".join(piece + choice.choice([between, "\n"]) for piece in pieces[:-1]) + pieces[-1]

    # A tag alone on the first line would begin a block of HTML.
    for pieces, between in ((["So", *words], " "), (chinese, "")):
        for prefix in ("", "> ", "- "):
            once = parse("post.md", prefix + between.join(pieces), PROFILES[profile])
            again = prefix + wrapped(pieces, between).replace("\n", "\n" + prefix.replace("-", " "))
            found = parse("post.md", again, PROFILES[profile])
            assert [s.msgid for s in found.segments] == [s.msgid for s in once.segments]


@settings(max_examples=200, deadline=None)
@given(
    st.lists(st.sampled_from([*CONTAINERS.values(), *STARTS]), max_size=6),
    st.sampled_from(["\n", "\r\n", "\r"]),
)
def test_every_mark_stands_in_the_built_text_as_often_as_it_was_put_in(
    parts: list[str], newline: str
) -> None:
    for profile in PROFILES.values():
        text = "\n" + "\n\n".join(parts).replace("\n", newline)
        post = parse("post.md", text, profile)
        targets = {s: marked(s, number, profile) for number, s in enumerate(post.segments)}
        try:
            built = render(post, targets)
        except ValueError:
            continue
        for segment in post.segments:
            target = targets[segment]
            mark = next(part for part in MARK.findall(target))
            assert built.count(mark) == sum(targets[s].count(mark) for s in post.segments)
