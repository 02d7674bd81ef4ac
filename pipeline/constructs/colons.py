"""Containers fenced by colons, ``::: tip Title`` … ``:::``, and the one-line ``::name[label]``.

They are those of markdown-it-container (VuePress, VitePress, Hexo), generic directives (Docusaurus,
Astro: ``:::note[Title]{.class}``), MyST (``:::{note} Title`` with option lines) and Pandoc
(``::: {.class}``). A line of colons closes the innermost container; the end of its parent does so
too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.rules_block import StateBlock

from pipeline.constructs.containers import push_marked_line
from pipeline.constructs.state import (
    Span,
    content_start,
    indented_as_code,
    leaves_container,
    profile_of,
    push_verbatim,
    trimmed,
)
from pipeline.patterns import lazy

LABEL_TEXT = lazy(r"(?:\\.|[^\[\]\\]|\[[^\[\]]*\])*")
_LABEL = rf"\[(?P<label>{LABEL_TEXT.pattern})\]"
_BRACES = r"\{[^{}\\]*\}"
_OPENING = lazy(
    rf":{{3,}}[ \t]*(?P<name>[A-Za-z][A-Za-z0-9_-]*|{_BRACES})"
    rf"(?:{_LABEL})?(?:{_BRACES})?(?=[ \t]|$)(?P<title>.*)$"
)
_LEAF = lazy(rf"::[A-Za-z][A-Za-z0-9_-]*(?=[\[{{])(?:{_LABEL})?(?:{_BRACES})?[ \t]*$")
_ATTRIBUTES = lazy(_BRACES)
_CLOSING = lazy(r":{3,}[ \t]*$")
_OPTION = lazy(r":[A-Za-z][\w-]*:(?:[ \t]|$)")
_VERBATIM = frozenset(
    (
        "code code-block code-cell math mermaid echarts chart flowchart plantuml graphviz "
        "toctree eval-rst literalinclude"
    ).split()
)
_NO_TITLE = _VERBATIM | {"figure", "image", "include"}


@dataclass(slots=True)
class _Container:
    """A container that is being parsed: the level of its blocks, and where it was closed."""

    level: int
    next_line: int | None = None


def container(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match the first line of a container and parse its body, or a line that closes one."""
    if not profile_of(state).admonitions or indented_as_code(state, start_line):
        return False
    start, end = content_start(state, start_line), state.eMarks[start_line]
    if not state.src.startswith("::", start):
        return False
    opening = _OPENING.match(state.src, start, end)
    leaf = _LEAF.match(state.src, start, end)
    closing = _CLOSING.match(state.src, start, end)
    if silent or not (opening or leaf or closing):
        return bool(opening or leaf or closing)
    if opening:
        _push_container(state, opening, start_line, end_line)
    elif leaf:
        label = leaf.span("label") if leaf["label"] else (end, end)
        push_marked_line(state, start_line, label, syntax="label")
    else:
        _close(state, start_line, end_line)
    return True


def _push_container(
    state: StateBlock, opening: re.Match[str], start_line: int, end_line: int
) -> None:
    state.push("container_open", "", 1).map = [start_line, start_line + 1]
    name = opening["name"].strip("{}")
    if opening["label"] is not None:
        push_marked_line(state, start_line, opening.span("label"), syntax="label")
    elif name in _NO_TITLE:
        push_marked_line(state, start_line, (opening.end(), opening.end()), syntax="title")
    else:
        title = _without_tail(state.src, *opening.span("title"))
        push_marked_line(state, start_line, title, syntax="title")
    if name in _VERBATIM:
        _push_verbatim_body(state, end_line)
    else:
        if name != opening["name"]:
            _push_options(state, end_line)
        _push_body(state, end_line)
    state.push("container_close", "", -1)


def _without_tail(src: str, start: int, end: int) -> Span:
    """Return the span of a title without Pandoc's closing colons and without attributes."""
    start, end = trimmed(src, start, end)
    bare = start + len(src[start:end].rstrip(":"))
    if end - bare >= 3 and src[bare - 1] in " \t":
        start, end = trimmed(src, start, bare)
    opening = src.rfind("{", start, end)
    if opening >= 0 and _ATTRIBUTES.fullmatch(src, opening, end):
        start, end = trimmed(src, start, opening)
    return start, end


def _push_options(state: StateBlock, end_line: int) -> None:
    """Push MyST's option lines, ``:class: wide``, which stand right below the first line."""
    line = start_line = state.line
    while line < end_line and _OPTION.match(
        state.src, content_start(state, line), state.eMarks[line]
    ):
        line += 1
    if line > start_line:
        push_verbatim(state, "options", start_line, line)


def _push_body(state: StateBlock, end_line: int) -> None:
    opened = _Container(state.level)
    state.env.setdefault("containers", []).append(opened)
    old = state.parentType, state.tight
    state.parentType = "container"
    state.md.block.tokenize(state, state.line, end_line)
    state.parentType, state.tight = old
    state.env["containers"].pop()
    if opened.next_line is not None:
        state.line = opened.next_line


def _push_verbatim_body(state: StateBlock, end_line: int) -> None:
    line = start_line = state.line
    while line < end_line and not leaves_container(state, line):
        line += 1
        if _CLOSING.match(state.src, content_start(state, line - 1), state.eMarks[line - 1]):
            break
    if line > start_line:
        push_verbatim(state, "container", start_line, line)


def _close(state: StateBlock, line: int, end_line: int) -> None:
    """Push a closing line; where it closes a container, the rest of the lines is not its body."""
    push_verbatim(state, "container", line, line + 1)
    opened = state.env.get("containers")
    if opened and opened[-1].level == state.level:
        opened[-1].next_line = line + 1
        state.line = end_line
