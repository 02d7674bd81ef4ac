"""Liquid and shortcodes that stand on lines of their own, and what they fence off.

``{% highlight %}`` … ``{% endhighlight %}`` and their kind hold no prose; what stands between any
other pair of tags is Markdown.
"""

from __future__ import annotations

import re

from markdown_it.rules_block import StateBlock

from pipeline.constructs.code_comments import push_highlight
from pipeline.constructs.state import (
    content_start,
    indented_as_code,
    line_before,
    marks_of,
    profile_of,
    skip_blanks,
)
from pipeline.patterns import lazy

_TAG = lazy(r"\{%-?\s*(\w*)|\{\{[<%]\s*(/?[\w.\-]*)|\{\{")
_VERBATIM = frozenset(
    (
        "highlight raw comment codeblock code mermaid echarts math katex latex tikz "
        "typograms vega chart plantuml graphviz asciinema gist"
    ).split()
)


def liquid(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match lines that hold nothing but tags, and a verbatim tag's whole body."""
    profile = profile_of(state)
    if not (profile.liquid or profile.shortcodes) or indented_as_code(state, start_line):
        return False
    start = content_start(state, start_line)
    opening = _TAG.match(state.src, start, state.eMarks[start_line])
    if not opening or (silent and opening.group() == "{{"):
        return False
    name = opening.group(1) or opening.group(2) or ""
    end = _body_end(state, name, opening, end_line) if name in _VERBATIM else -1
    end = end if end >= 0 else _tags_end(state, start, end_line)
    last_line = line_before(state, end, start_line, end_line)
    if end < 0 or state.src[end : state.eMarks[last_line]].strip(" \t"):
        return False
    if not silent:
        push_highlight(state, start_line, last_line + 1)
    return True


def _body_end(state: StateBlock, name: str, opening: re.Match[str], end_line: int) -> int:
    """Return where the closing tag of a verbatim tag ends, or -1."""
    if opening.group().startswith("{%"):
        closing = re.compile(rf"\{{%-?\s*end{name}\s*-?%\}}")
    else:
        closing = re.compile(rf"\{{\{{[<%]\s*/\s*{re.escape(name)}\s*[%>]\}}\}}")
    match = marks_of(state).search(closing, opening.end(), state.eMarks[end_line - 1])
    return match.end() if match else -1


def _tags_end(state: StateBlock, start: int, end_line: int) -> int:
    """Return where a run of tags, parted by white space on one line, ends, or -1."""
    limit = state.eMarks[end_line - 1]
    ends: dict[tuple[int, int], int] = state.env.setdefault("tag runs", {})
    starts, end = [], -1
    while state.src.startswith(("{%", "{{"), start):
        if (start, limit) in ends:  # a run that an earlier line ran into
            end = ends[start, limit]
            break
        starts.append(start)
        closing = "%}" if state.src[start + 1] == "%" else "}}"
        found = marks_of(state).find(closing, start + 2)
        if not 0 <= found <= limit - 2:
            end = -1
            break
        end = found + 2
        start = skip_blanks(state.src, end)
    ends.update(((start, limit), end) for start in starts)
    return end
