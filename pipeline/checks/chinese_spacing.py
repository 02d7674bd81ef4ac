"""Checks of spaces, widths and line breaks in Chinese targets.

Like all checks of typography they look at text alone, next to Han characters, and leave alone what
the source has as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.pair import Edit, Option, Pair, marks_check
from pipeline.inline import HAN
from pipeline.model import Severity
from pipeline.patterns import lazy
from pipeline.wording import Message

_SPACE_AT_MARK = lazy(
    rf"(?<=[{HAN}]) +(?=[，。、；：？！）》」』】])"
    rf"|(?P<after>(?<=[{HAN}][，。、；：？！]) +(?=[^\s|]))"
    rf"|(?<=[（《「『【]) +(?=[{HAN}])"
)


@marks_check("zh-spacing", Severity.WARNING, "Delete the space.", "zh", marks=" ")
def zh_space_punct(pair: Pair) -> Iterator[Edit]:
    """Find spaces next to full-width punctuation, which brings its own.

    Next to markup a space may be needed, so only text counts. Where a third of a file's marks have
    a space after them, that is left alone.

    Wrong: Yes, but no. → 是， 但不。
    Right: Yes, but no. → 是，但不。
    """
    view = pair.target_view
    for match in _SPACE_AT_MARK.finditer(view):
        if match["after"] and pair.file.habits.is_loose:
            continue
        if view[match.end() : match.end() + 1] not in "\ue000\ue001":
            yield Edit(match.start(), match.end(), "")


_STYLE = Option(
    "style",
    "majority",
    Message("whether a space is required or to be stripped; by default what most of the file does"),
    ("majority", "require", "strip", "off"),
)
_TIGHT = lazy(rf"(?<=[{HAN}])(?=[A-Za-z0-9])|(?<=[A-Za-z0-9])(?=[{HAN}])")
_SPACED = lazy(rf"(?<=[{HAN}]) +(?=[A-Za-z0-9])|(?<=[A-Za-z0-9]) +(?=[{HAN}])")
_ITEM_NUMBER = lazy(r"[\s#]*(?:\d+|[A-Z])(?:\.\d+)*\.?")
_LONGEST_NUMBER = 16
"""The number of a heading, as in "3.1 安装", stands apart in any style."""
_BOUND = frozenset("年月日号时分秒点第")


@marks_check(
    "zh-spacing",
    Severity.INFO,
    "Write a space between Chinese and Latin letters or digits everywhere, or nowhere.",
    "zh",
    options=(_STYLE,),
)
def zh_latin_spacing(pair: Pair) -> Iterator[Edit]:
    """Find Chinese next to Latin letters or digits that is not spaced as the rest of the file is.

    Both ways are good; a mixture looks careless. Dates such as 3月 and 第3 are left alone.

    Wrong (zh-latin-spacing=require): Use Git here → 在这里使用Git
    Right (zh-latin-spacing=require): Use Git here → 在这里使用 Git
    """
    style = pair.option("zh-latin-spacing", _STYLE)
    style = pair.file.habits.spacing if style == "majority" else style
    view = pair.target_view
    if style == "require":
        for match in _TIGHT.finditer(view):
            around = view[match.start() - 1 : match.start() + 1]
            if not (around.strip("0123456789") in _BOUND and len(around.strip("0123456789")) == 1):
                yield Edit(match.start(), match.end(), " ")
    elif style == "strip":
        for match in _SPACED.finditer(view):
            if not _ITEM_NUMBER.fullmatch(view, 0, min(match.start(), _LONGEST_NUMBER)):
                yield Edit(match.start(), match.end(), "")


_WIDE = lazy("[Ａ-Ｚａ-ｚ０-９]+|(?<=[^\\s\u3000])\u3000+(?=[^\\s\u3000])")


@marks_check("zh-spacing", Severity.WARNING, "Write ordinary letters, digits and spaces.", "zh")
def zh_fullwidth_alnum(pair: Pair) -> Iterator[Edit]:
    """Find full-width letters and digits, and ideographic spaces inside a line.

    They are other characters: nobody who searches for ABC or 2 finds them.

    Wrong: Version 2 → 版本２
    Right: Version 2 → 版本 2
    """
    for match in _WIDE.finditer(pair.target_view):
        if not match[0].isspace() and pair.in_source(match[0]):
            continue
        yield Edit(match.start(), match.end(), "".join(map(_narrow, match[0])))


def _narrow(character: str) -> str:
    return " " if character == "\u3000" else chr(ord(character) - 0xFEE0)


_SOFT_BREAK = lazy(rf"(?<=[{HAN}，。、；：？！])(?<! {{2}})\r?\n[ \t>]*(?=[{HAN}])")


@marks_check(
    "zh-spacing",
    Severity.WARNING,
    "Write the paragraph on one line.",
    "zh",
    fixes=False,
    marks="\n",
)
def zh_soft_break(pair: Pair) -> Iterator[Edit]:
    r"""Find line breaks between Chinese characters: renderers show them as a space.

    Two spaces or a backslash before the break ask for a real one. In a catalog a break is always
    real, so this looks at posts alone.

    Wrong: one\ntwo → 第一行\n第二行
    Right: one  \ntwo → 第一行  \n第二行
    """
    if pair.raw and not pair.profile.hard_wrap:
        for match in _SOFT_BREAK.finditer(pair.target_view):
            yield Edit(match.start(), match.end(), "")


CHECKS = (zh_space_punct, zh_latin_spacing, zh_fullwidth_alnum, zh_soft_break)
