"""The block constructs of every dialect, and the block parser that they make up.

``CONSTRUCTS`` is the order in which the rules are tried. Adding a construct is one new module and
one row. Rules that markdown-it has right (fences, lists, quotes, rules, reference definitions)
are its own.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

from markdown_it import MarkdownIt
from markdown_it.ruler import Ruler
from markdown_it.rules_block import StateBlock, blockquote, hr
from markdown_it.token import Token

from pipeline.constructs.abbreviations import abbreviation
from pipeline.constructs.admonitions import admonition
from pipeline.constructs.attributes import attributes
from pipeline.constructs.code import indented_code
from pipeline.constructs.code_comments import code_fence
from pipeline.constructs.colons import container
from pipeline.constructs.definitions import definition
from pipeline.constructs.footnotes import footnote
from pipeline.constructs.headings import heading
from pipeline.constructs.html import html
from pipeline.constructs.liquid import liquid
from pipeline.constructs.lists import markdown_list
from pipeline.constructs.math import math
from pipeline.constructs.paragraphs import paragraph
from pipeline.constructs.references import reference
from pipeline.constructs.state import LineState, push_verbatim
from pipeline.constructs.tables import table
from pipeline.constructs.toc import toc
from pipeline.marks import Marks
from pipeline.model import Profile
from pipeline.wording import Message

Rule = Callable[[StateBlock, int, int, bool], bool]

MAX_NESTING = 100
"""So many containers may stand inside each other; the parser is recursive."""


def too_deep(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Report what is nested too deeply as verbatim text instead of dropping it."""
    if silent or state.level < MAX_NESTING:
        return False
    state.env["limits"].append(
        (start_line + 1, Message("nested more than {count} levels deep", count=MAX_NESTING))
    )
    push_verbatim(state, "too deep", start_line, end_line)
    return True


_KRAMDOWN = ("kramdown paragraph", "kramdown gfm paragraph")
_KRAMDOWN_GFM = ("kramdown gfm paragraph",)
_NOT_LIST = ("paragraph", "reference", "blockquote")
_ALL = (*_NOT_LIST, "list")

CONSTRUCTS: tuple[tuple[str, Rule, str, tuple[str, ...]], ...] = (
    ("too deep", too_deep, "", ()),
    ("code", indented_code, "", ()),
    ("fence", code_fence, "`~", (*_ALL, *_KRAMDOWN_GFM)),
    ("math", math, "$\\", (*_NOT_LIST, *_KRAMDOWN)),
    ("liquid", liquid, "{", (*_ALL, *_KRAMDOWN_GFM)),
    ("attributes", attributes, "{^", (*_ALL, *_KRAMDOWN)),
    ("admonition", admonition, "!?=", (*_ALL, *_KRAMDOWN_GFM)),
    ("container", container, ":", (*_ALL, *_KRAMDOWN_GFM)),
    ("blockquote", blockquote, ">", (*_ALL, *_KRAMDOWN_GFM)),
    ("toc", toc, "[@$*+-0123456789", ()),
    ("hr", hr, "*-_", _ALL),
    ("list", markdown_list, "*+-0123456789", (*_NOT_LIST, *_KRAMDOWN)),
    ("definition", definition, ":", (*_NOT_LIST, *_KRAMDOWN)),
    ("html", html, "<", (*_NOT_LIST, *_KRAMDOWN)),
    ("heading", heading, "#", (*_NOT_LIST, *_KRAMDOWN_GFM)),
    ("table", table, "", ("paragraph", "reference", *_KRAMDOWN_GFM)),
    ("footnote", footnote, "[", _ALL),
    ("abbreviation", abbreviation, "*", ()),
    ("reference", reference, "[", ()),
    ("paragraph", paragraph, "", ()),
)
"""Name, rule, the characters that it starts with (``""`` for any), the blocks it can interrupt.

kramdown's paragraphs are a kind of block of their own.
"""


class _Rules(Ruler[Rule]):
    """The rules, each chain of them as one that tries only those which fit a line's first letter.

    Most lines start with a letter that no rule but the paragraph's asks for.
    """

    def __init__(self) -> None:
        super().__init__()
        for name, rule, _, interrupts in CONSTRUCTS:
            self.push(name, rule, {"alt": list(interrupts)})
        chains = {"", *(chain for *_, interrupts in CONSTRUCTS for chain in interrupts)}
        self._chains = {chain: [_first_fitting(chain)] for chain in chains}

    def getRules(self, chainName: str = "") -> list[Rule]:  # noqa: N802, N803
        """Return the chain that markdown-it asks for."""
        return self._chains[chainName]


def _first_fitting(chain: str) -> Rule:
    rows = [row for row in CONSTRUCTS if not chain or chain in row[3]]
    letters = {letter for _, _, starts, _ in rows for letter in starts}
    rules = {
        letter: [rule for _, rule, starts, _ in rows if not starts or letter in starts]
        for letter in letters
    }
    others = [rule for _, rule, starts, _ in rows if not starts]

    def fitting(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
        start = state.bMarks[start_line] + state.tShift[start_line]
        for rule in rules.get(state.src[start : start + 1], others):
            if rule(state, start_line, end_line, silent):
                return True
        return False

    return fitting


@cache
def _parser() -> MarkdownIt:
    md = MarkdownIt("zero", {"maxNesting": 2 * MAX_NESTING})
    md.block.ruler = _Rules()
    return md


def tokenize(text: str, start: int, profile: Profile) -> tuple[list[Token], dict[str, object]]:
    """Return the block tokens of ``text[start:]`` and the parse's findings.

    The findings are ``references`` (the normalised labels of link reference definitions) and
    ``limits`` (line and text of every limit that was hit).
    """
    env: dict[str, object] = {
        "profile": profile,
        "references": {},
        "limits": [],
        "absent": set(),
        "marks": Marks(text),
        "container ends": {},
    }
    tokens: list[Token] = []
    md = _parser()
    state = LineState(text, md, env, tokens, start)
    md.block.tokenize(state, 0, state.lineMax)
    return tokens, env
