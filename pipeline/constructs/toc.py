"""The place of a table of contents, which the renderer or a plug-in fills in.

In kramdown it is a list with ``{:toc}``, whose text never shows; plug-ins, editors and GitLab know
``[TOC]``, ``[[toc]]``, ``[[_TOC_]]``, ``@[toc]`` and ``${toc}``: a translated one would stay empty.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

from pipeline.constructs.state import (
    content_start,
    indented_as_code,
    leaves_container,
    line_text,
    profile_of,
    push_verbatim,
)
from pipeline.patterns import lazy

_MARK = lazy(r"(?:@?\[toc\]|\[\[(?:toc|_toc_)\]\]|\$\{toc\})[ \t]*$", re.I)
_ITEM = lazy(r"(?:[*+-]|[0-9]+\.)[ \t]")
_TOC_LIST = lazy(r"\{:(?:[^{}]*[ \t])?toc(?:[ \t][^{}]*)?\}[ \t]*$")


def toc(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a mark that stands alone on its line, or an item above ``{:toc}``."""
    if silent or indented_as_code(state, start_line):
        return False
    lines = _length(state, start_line, end_line)
    if lines:
        push_verbatim(state, "toc", start_line, start_line + lines)
    return bool(lines)


def _length(state: StateBlock, line: int, end_line: int) -> int:
    """Return the number of lines that it takes, 0 if there is none."""
    profile = profile_of(state)
    start, end = content_start(state, line), state.eMarks[line]
    if profile.admonitions and _MARK.match(state.src, start, end):
        return 1
    if not (profile.kramdown and _ITEM.match(state.src, start, end)) or line + 1 >= end_line:
        return 0
    marked = not leaves_container(state, line + 1) and _TOC_LIST.match(line_text(state, line + 1))
    return 2 if marked else 0
