"""The place of a table of contents: ``[TOC]``, ``[[toc]]``, ``[[_TOC_]]``, ``@[toc]``, ``${toc}``.

Plug-ins, editors and GitLab fill it in; a translated one would stay empty.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

from pipeline.constructs.state import (
    content_start,
    indented_as_code,
    profile_of,
    push_verbatim,
)

_MARK = re.compile(r"(?:@?\[toc\]|\[\[(?:toc|_toc_)\]\]|\$\{toc\})[ \t]*$", re.I)


def toc(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a mark that stands alone on its line."""
    if not profile_of(state).admonitions or indented_as_code(state, start_line):
        return False
    if not _MARK.match(state.src, content_start(state, start_line), state.eMarks[start_line]):
        return False
    if not silent:
        push_verbatim(state, "toc", start_line, start_line + 1)
    return True
