"""Checks of English typography: what a translation from Chinese brings along.

Like all checks of typography they look at text alone and leave alone what the source has as well.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline.checks.pair import OBJECT, Edit, Pair, marks_check, shown_before
from pipeline.inline import HAN
from pipeline.model import Severity
from pipeline.patterns import lazy

_FAMILY = "english"
_han = lazy(f"[{HAN}]")
_NARROW = dict(zip("，。、；：？！（）［］｛｝％", ",.,;:?!()[]{}%", strict=True))
_FULL = lazy("[，。、；：？！（）［］｛｝％《》〈〉]")
_LATIN = lazy(f"[A-Za-z0-9{OBJECT}]")


@marks_check(_FAMILY, Severity.ERROR, "Write the half-width mark.", "en")
def en_fullwidth_punct(pair: Pair) -> Iterator[Edit]:
    """Find full-width punctuation in English text; beside quoted Chinese it may stay.

    Most English fonts have no such marks, and no space follows them.

    Wrong: 你好，世界。 → Hello，world。
    Right: 你好，世界。 → Hello, world.
    """
    view = pair.target_view
    for match in _FULL.finditer(view):
        before, after = (
            view[max(match.start() - 1, 0) : match.start()],
            view[match.end() : match.end() + 1],
        )
        if _han.search(before + after):
            continue
        new = _NARROW.get(match[0])
        if new and new in ",.;:?!)]}" and after.isalnum():
            new += " "
        elif new and new in "([{" and before.isalnum():
            new = " " + new
        # Behind Latin letters or code it is no quotation, though the source has it there as well.
        shown = view[shown_before(view, match.start())]
        quoted = not (match[0] in "，。；：？！" and _LATIN.match(shown))
        yield Edit(match.start(), match.end(), new, quoted)


_SPACING = lazy(
    r"(?P<before>(?<=[A-Za-z0-9)]) +(?=[,;.!?](?:\s|$)))"
    r"|(?P<wide>(?<=[a-z,]) {2,}(?=[a-z]))"
    r"|(?P<bracket>(?<=[a-z]{2})(?=\((?!(?:s|es|ies|ing|ed|er|ers|al|ly)\))[A-Za-z]{2})|(?<=[a-z]\))(?=[A-Za-z]{2}))"
    r"|(?:(?<=[a-z]{2})\.|(?<=[A-Za-z])[!?])(?=[A-Z][a-z])|(?<=[a-z]),(?=[A-Za-z])"
)


@marks_check(_FAMILY, Severity.WARNING, "Write one space after a mark and none before it.", "en")
def en_spacing(pair: Pair) -> Iterator[Edit]:
    """Find missing spaces after punctuation, spaces before it, and two in a row.

    Chinese marks bring their own space, English ones do not.

    Wrong: 你好。再见。 → Hello.Bye.
    Right: 例如 a.b → e.g. a.b
    """
    was_wide = "（" in pair.unit.msgid
    for match in _SPACING.finditer(pair.target_view):
        if match["before"]:
            yield Edit(match.start(), match.end(), "")
        elif match["wide"]:
            yield Edit(match.start(), match.end(), " ")
        elif match["bracket"] is not None:
            if was_wide:  # else it is f(x) or class(es), as in the source
                yield Edit(match.start(), match.end(), " ")
        else:
            yield Edit(match.start(), match.end(), None if match[0] == "." else match[0] + " ")


_BRACKETS = lazy("[【】「」『』〔〕]+")


@marks_check(_FAMILY, Severity.WARNING, "Write English quotes or brackets.", "en", fixes=False)
def en_quotes(pair: Pair) -> Iterator[Edit]:
    """Find Chinese quotes and brackets around English text.

    Wrong: 【注】 → 【Note】
    Right: 《三体》 → *The Three-Body Problem*
    """
    view = pair.target_view
    for match in _BRACKETS.finditer(view):
        if not _han.search(view[max(match.start() - 1, 0) : match.end() + 1]):
            yield Edit(match.start(), match.end())


_MARKS = lazy("…{2,}|—{2,}|[～〜]")
_NEW = {"…": "…", "—": "—", "～": "–", "〜": "–"}


@marks_check(_FAMILY, Severity.INFO, "Write …, — and –.", "en")
def en_ellipsis_dash(pair: Pair) -> Iterator[Edit]:
    """Find Chinese ellipses, dashes and ranges: ……, ——, ～.

    Wrong: 快——很快 → fast——very fast
    Right: 等等…… → Wait…
    """
    view = pair.target_view
    for match in _MARKS.finditer(view):
        around = (
            view[max(match.start() - 1, 0) : match.start()] + view[match.end() : match.end() + 1]
        )
        if not _han.search(around):
            yield Edit(match.start(), match.end(), _NEW[match[0][0]])


_SENTENCE = lazy(r"(\S{1,40})(?<=[a-z)\]][.!?]) +([a-z]+)(?![\w'/@]|\.\w)")
_ABBREVIATIONS = frozenset(
    "e.g. i.e. etc. vs. cf. al. approx. resp. no. fig. sec. eq. ch. dr. mr. ms. mrs. st. ca. "
    "incl. excl. ed. eds. vol. pp. p. inc. "
    "ltd. co. jr. sr. a.k.a. w.r.t. s.t. viz. max. min. avg.".split()
)


@marks_check(_FAMILY, Severity.INFO, "Start the sentence with a capital letter.", "en", fixes=False)
def en_capital(pair: Pair) -> Iterator[Edit]:
    """Find sentences that start with a small letter, but for names of the source and abbreviations.

    Wrong: 完成了。再试。 → Done. try again.
    Right: 使用 npm。 → npm is used.
    """
    for match in _SENTENCE.finditer(pair.target_view):
        word, before = match[2], match[1].lstrip("([\"'“‘").lower()
        if before not in _ABBREVIATIONS and not pair.in_source(word):
            yield Edit(match.start(2), match.end(2), word[0].upper() + word[1:])


CHECKS = (en_fullwidth_punct, en_spacing, en_quotes, en_ellipsis_dash, en_capital)
