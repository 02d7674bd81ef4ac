"""Checks of Chinese punctuation, after GB/T 15834 and common practice.

Like all checks of typography they look at text alone, next to Han characters, and leave alone what
the source has as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from pipeline.checks.pair import MARK, OBJECT, Edit, Option, Pair, marks_check, shown_before
from pipeline.inline import HAN
from pipeline.model import Severity
from pipeline.patterns import lazy
from pipeline.wording import Message

_FAMILY = "zh-marks"
_han = lazy(f"[{HAN}]")
_FULL = dict(zip(",.;:?!", "，。；：？！", strict=True))
_HALFWIDTH = lazy(
    rf"(?<=[{HAN}）》」』”])({MARK}*+)([?!]{{1,8}}|[,;](?!\d)|:(?!//|[\d:])|\.(?![\w.]))( *)"
    rf"|(?<=[A-Za-z0-9{OBJECT}])()([,;:?!])( *)(?=[{HAN}])"
)


@marks_check(
    _FAMILY, Severity.WARNING, "Write the full-width mark, without a space.", "zh", marks=",.;:?!"
)
def zh_halfwidth_punct(pair: Pair) -> Iterator[Edit]:
    """Find half-width , . ; : ? ! in Chinese text.

    Beside Han characters they look cramped, and some screens break lines before them.

    Wrong: Why? → 为什么?
    Right: See a.md. → 见 a.md。
    """
    view = pair.target_view
    for match in _HALFWIDTH.finditer(view):
        group = 2 if match[2] else 5
        marks, after = match[group], view[match.end() : match.end() + 1]
        spaced = bool(match[group + 1]) and group == 5
        if spaced and pair.file.habits.spacing != "strip" and marks == ":":
            continue  # "key: 值" is how lists of settings are written
        end = match.end() if after and after not in "\n" else match.end(group)
        new = "".join(_FULL[mark] for mark in marks)
        yield Edit(match.start(group), end, new, _may_be_quoted(pair, match.start(group)))


def _may_be_quoted(pair: Pair, mark: int) -> bool:
    """Tell whether a mark may be the source's, of which the markup before it tells nothing."""
    shown = shown_before(pair.target_view, mark)
    return shown == mark - 1 or pair.in_source(pair.unit.msgstr[shown : mark + 1])


_QUOTES = Option(
    "style",
    "majority",
    Message(
        "curly “ ” or corner 「 」; by default what most of the file has, or else curly in zh_CN "
        "and corner in zh_TW and zh_HK"
    ),
    ("majority", "curly", "corner"),
)
_PAIRS = {"curly": "“”", "corner": "「」"}


@marks_check(
    _FAMILY,
    Severity.WARNING,
    "Use “ and ” (or 「 and 」) in pairs.",
    "zh",
    options=(_QUOTES,),
    marks="\"'“”「」",
)
def zh_quotes(pair: Pair) -> Iterator[Edit]:
    """Find straight, mismatched and foreign quotation marks in Chinese text.

    Inch marks and quotes around Latin text alone are left alone.

    Wrong: the "Run" key → “运行“键
    Right: the "Run" key → “运行”键
    """
    style = str(pair.option("zh-quotes", _QUOTES))
    if style == "majority":
        traditional = pair.target.endswith(("TW", "HK", "MO"))
        style = pair.file.habits.quotes or ("corner" if traditional else "curly")
    right = _PAIRS[style]
    for wrong in ('""', "“”", "「」"):
        if wrong != right or wrong == "“”":
            yield from _wrong_quotes(pair.target_view, wrong, right)
    for match in _STRAIGHT_SINGLE.finditer(pair.target_view):
        if _han.search(match[1]):
            yield Edit(match.start(), match.end())


_STRAIGHT_SINGLE = lazy(r"(?<![A-Za-z0-9'])'([^'\n]{1,40})'(?![A-Za-z0-9'])")


def _wrong_quotes(view: str, wrong: str, right: str) -> Iterator[Edit]:
    places = [match.start() for match in re.finditer(f"[{wrong}]", view)]
    if wrong == '""':
        places = [place for place in places if not view[place - 1 : place].isdigit()]
    elif wrong == right and "".join(map(view.__getitem__, places)) == wrong * (len(places) // 2):
        return
    for index, place in enumerate(places):
        new = right[index % 2] if len(places) % 2 == 0 else None
        if view[place] != new and _has_han_beside(view, place):
            yield Edit(place, place + 1, new)


def _has_han_beside(view: str, place: int) -> bool:
    around = view[max(place - 1, 0) : place] + view[place + 1 : place + 2]
    return bool(_han.search(around))


_DOTS = lazy(rf"\.{{3,}}|(?<=[{HAN}])\.\.(?![A-Za-z0-9./])|。{{3,}}|[…⋯]+")


@marks_check(_FAMILY, Severity.WARNING, "Write ……, six dots.", "zh", marks=".。…⋯")
def zh_ellipsis(pair: Pair) -> Iterator[Edit]:
    """Find ellipses that are not ……: some dots, one …, centred ⋯⋯, or full stops in a row.

    Wrong: Wait... → 等等。。。
    Right: Wait... → 等等……
    """
    view = pair.target_view
    for match in _DOTS.finditer(view):
        around = (
            view[max(match.start() - 1, 0) : match.start()] + view[match.end() : match.end() + 1]
        )
        if match[0] != "……" and _han.search(around):
            yield Edit(match.start(), match.end(), "……")


_DASH = lazy(r"(?<=\S) ?(?:-{2,3}|(?<= )-(?= )|[–—]) ?(?=\S)")
_SOURCE_DASH = lazy(r"--|—|\s[–-]\s|——")
_BESIDE = f"{HAN}，。、；：？！”“（）《》「」"
_beside = lazy(f"[{_BESIDE}]")


@marks_check(_FAMILY, Severity.WARNING, "Write ——, without spaces.", "zh", fixes=False, marks="-–—")
def zh_dash(pair: Pair) -> Iterator[Edit]:
    """Find dashes that are not ——: a hyphen between spaces, --, or half of it.

    A single — between two things of a kind (北京—上海, 3—5) joins them and is right.

    Wrong: Fast — really fast. → 快 - 非常快。
    Right: Fast — really fast. → 快——非常快。
    """
    if not _SOURCE_DASH.search(pair.source_view):
        return
    view, joined = pair.target_view, " - " in pair.unit.msgid
    for match in _DASH.finditer(view):
        around = view[match.start() - 1], view[match.end() : match.end() + 1]
        doubled = "—" in match[0] and "—" in "".join(around)
        if doubled or (joined and match[0].strip() == "-"):
            continue
        if all(_beside.match(character) for character in around):
            yield Edit(match.start(), match.end(), "——")


_COMMA_AND = lazy(
    rf"(?<=[{HAN}A-Za-z0-9”》）])、(?=和(?![平谐睦服解气声弦尚])"
    r"|与(?![会其此众时]|[^。；！？\n]{1,60}(?:以及|、))|以及|及(?![时格早其])|或(?![许]))"
)
"""与 is "with" where the list goes on behind it."""


@marks_check(
    _FAMILY, Severity.INFO, "Leave out 、 before 和, 与, 及 and 或.", "zh", fixes=False, marks="、"
)
def zh_enum_comma(pair: Pair) -> Iterator[Edit]:
    """Find enumeration commas before 和, 与, 及 or 或.

    The word joins the last two members; the comma of English before "and" has no place here.

    Wrong: A, B, and C → 甲、乙、和丙
    Right: “A”, “B” → “甲”“乙”
    """
    for match in _COMMA_AND.finditer(pair.target_view):
        yield Edit(match.start(), match.end(), "")


_TITLE = lazy(r"《([^《》]{1,60})》")
_TITLE_MARK = lazy("[《》〈〉]")


@marks_check(
    _FAMILY,
    Severity.INFO,
    "Write 《 and 》 around titles of works alone.",
    "zh",
    fixes=False,
    marks="《》〈〉",
)
def zh_book_title(pair: Pair) -> Iterator[Edit]:
    """Find title marks that do not pair, or stand for mere emphasis.

    Wrong: *really* → 《真的》
    Right: "A Study of <X>" → 《〈X〉研究》
    """
    opened: list[re.Match[str]] = []
    for match in _TITLE_MARK.finditer(pair.target_view):
        if match[0] in "《〈":
            opened.append(match)
        elif opened and opened[-1][0] + match[0] in ("《》", "〈〉"):
            opened.pop()
        else:
            yield Edit(match.start(), match.end())
    yield from (Edit(match.start(), match.end()) for match in opened)
    if _emphasis_is_no_title(pair):
        yield from (Edit(m.start(), m.end()) for m in _TITLE.finditer(pair.target_view))


def _emphasis_is_no_title(pair: Pair) -> bool:
    """Tell whether the source emphasises only words in lower case, and the target nothing."""
    source, target = pair.texts("emphasis")
    if len(source) != 2 or target or "《" in pair.unit.msgid or '"' in pair.unit.msgid:
        return False
    marks = [token for token in pair.source_tokens if token.kind == "emphasis"]
    text = pair.unit.msgid[marks[0].end : marks[1].start]
    return text == text.lower() and len(pair.source_prose.split()) == len(text.split())


_BRACKETS = Option(
    "style",
    "majority",
    Message("wide （） or narrow () around Chinese; by default what most of the file has"),
    ("majority", "wide", "narrow"),
)
_BRACKET = lazy(r"(?<![:;]-)[()]|[（）]")
"""All but the mouth of a smiley."""


@marks_check(
    _FAMILY,
    Severity.WARNING,
    "Write （ and ） around Chinese, ( and ) around Latin text, never one of each.",
    "zh",
    options=(_BRACKETS,),
    marks="()（）",
)
def zh_brackets(pair: Pair) -> Iterator[Edit]:
    """Find brackets that open in one width and close in the other, or differ from the file's.

    So are wide ones without a partner, where those of the source have theirs.

    Wrong: see (below) → 见（下文)
    Right: Git (VCS) → Git (VCS)
    """
    style = pair.option("zh-brackets", _BRACKETS)
    style = pair.file.habits.brackets if style == "majority" else style
    view = pair.target_view
    for start, end in _bracketed(view):
        marks = view[start] + view[end]
        around = (
            view[max(start - 1, 0) : end + 1] if end - start < 200 else view[start - 1 : start + 2]
        )
        if not _han.search(around):
            continue
        inner = _han.search(view, start + 1, min(end, start + 200))
        mixed = marks in ("(）", "（)")
        if mixed or (inner and marks == "()" and style == "wide"):
            yield from _rewritten(view, start, end, "（）")
        elif inner and marks == "（）" and style == "narrow":
            yield from _rewritten(view, start, end, "()")
    if not _lone_brackets(pair.source_view):
        for place in _lone_brackets(view):
            if view[place] in "（）" and not _ITEM.fullmatch(view, max(place - 3, 0), place):
                yield Edit(place, place + 1)


_ITEM = lazy(r".*[\dA-Za-z一二三四五六七八九十]", re.S)
"""What stands before the bracket of 1）, which needs no partner."""


_SPACE_AND_TEXT = lazy(r" (?=[^\s\ue000\ue001])")


def _rewritten(view: str, start: int, end: int, marks: str) -> Iterator[Edit]:
    if view[start] != marks[0]:
        space = marks == "（）" and view[max(start - 1, 0) : start] == " "
        yield Edit(start - space, start + 1, marks[0])
    if view[end] != marks[1]:
        space = marks == "（）" and bool(_SPACE_AND_TEXT.match(view, end + 1))
        yield Edit(end, end + 1 + space, marks[1])


def _bracketed(view: str) -> Sequence[tuple[int, int]]:
    """Return where the brackets stand that have a partner."""
    return _sorted_brackets(view)[0]


def _lone_brackets(view: str) -> Sequence[int]:
    """Return where the brackets stand that have none."""
    return _sorted_brackets(view)[1]


@lru_cache(maxsize=4)
def _sorted_brackets(view: str) -> tuple[list[tuple[int, int]], list[int]]:
    opened: list[int] = []
    found, lone = [], []
    for match in _BRACKET.finditer(view):
        if match[0] in "(（":
            opened.append(match.start())
        elif opened:
            found.append((opened.pop(), match.start()))
        else:
            lone.append(match.start())
    return found, [*lone, *opened]


_REPEATED = lazy(r"[，。、；：！？]{2,}")
_ALLOWED = frozenset(("？！", "！？"))
_HALF = str.maketrans("，。、；：！？", ",.,;:!?")


@marks_check(_FAMILY, Severity.INFO, "Write one mark.", "zh", fixes=False)
def zh_repeat_punct(pair: Pair) -> Iterator[Edit]:
    """Find punctuation that is doubled or mixed though the source's is not.

    Wrong: Wow! → 哇！！！
    Right: Wow!!! → 哇！！！
    """
    for match in _REPEATED.finditer(pair.target_view):
        marks = match[0]
        copied = len(set(marks)) == 1 and pair.in_source(marks[:2].translate(_HALF))
        if (
            marks not in _ALLOWED
            and not copied
            and not (len(set(marks)) == 1 and marks[:3] == "。。。")
        ):
            yield Edit(match.start(), match.end())


CHECKS = (
    zh_halfwidth_punct,
    zh_quotes,
    zh_ellipsis,
    zh_dash,
    zh_enum_comma,
    zh_book_title,
    zh_brackets,
    zh_repeat_punct,
)
