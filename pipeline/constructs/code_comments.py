"""Comments in code, where a project wants them translated; every other byte of the code stays.

A small table says how each language writes comments and strings: ``"http://…"`` holds none. What
is in doubt is left alone: a mark that follows anything but white space, docstrings, pragmas,
commented-out code, languages that the table does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from markdown_it.rules_block import StateBlock, fence

from pipeline.constructs.state import (
    Span,
    content_start,
    profile_of,
    push_text,
    push_verbatim,
)
from pipeline.inline import count_han
from pipeline.patterns import lazy
from pipeline.wording import NOTHING, Message

# Each pattern of a string matches an unclosed one too, up to where the language would complain.
_DOUBLE = r'"(?:\\.|[^"\\\r\n])*"?'
_SINGLE = r"'(?:\\.|[^'\\\r\n])*'?"
_CHARACTER = r"'(?:\\.[^'\r\n]*|[^'\\\r\n])'"
_TEMPLATE = r"`(?:\\.|[^`\\])*`?"
_RAW = r"`[^`]*`?"
_TRIPLE = r'"""(?:\\.|[^\\])*?(?:"""|\Z)'
_TRIPLE_SINGLE = r"'''(?:\\.|[^\\])*?(?:'''|\Z)"
_APOSTROPHE = r"(?<!\w)'(?:''|[^'\r\n])*'?"
_REGEX = r"(?<=[=(,:;!&|?\[{}])[ \t]*/(?![/*])(?:\\.|[^/\\\r\n])+/?"
_SHELL_DOUBLE = r'"(?:\\.|[^"\\])*"?'
_SHELL_SINGLE = r"'[^']*'?"
_HEREDOC_END = r"(?P=quote).*?(?:[\r\n][ \t>]*(?P=heredoc)\b|\Z)"
_SHELL_HEREDOC = rf"(?<!<)<<(?!<)-?[ \t]*(?P<quote>['\"]?)(?P<heredoc>[A-Za-z_]\w*){_HEREDOC_END}"
_RUBY_HEREDOC = rf"<<[-~]?(?P<quote>['\"]?)(?P<heredoc>[A-Z]\w*){_HEREDOC_END}"
_CPP_RAW = r'R"(?P<raw>[^()\s\\"]{0,16})\(.*?(?:\)(?P=raw)"|\Z)'
_VERBATIM = r'@"(?:""|[^"])*"?'
_LONG_BRACKET = r"\[\[.*?(?:\]\]|\Z)"

_C_BLOCK = (r"/\*", r"\*/")


class _Syntax(NamedTuple):
    """How a language writes line comments, block comments and strings, as patterns."""

    line: str
    blocks: tuple[tuple[str, str], ...] = ()
    strings: tuple[str, ...] = ()


_LANGUAGES: dict[str, _Syntax] = {
    name: syntax
    for names, syntax in (
        (
            "python py python3 starlark",
            _Syntax("#(?!!)", (), (_TRIPLE, _TRIPLE_SINGLE, _DOUBLE, _SINGLE)),
        ),
        ("elixir ex graphql gql", _Syntax("#(?!!)", (), (_TRIPLE, _DOUBLE, _SINGLE))),
        ("ruby rb perl pl crystal nim", _Syntax("#(?!!)", (), (_RUBY_HEREDOC, _DOUBLE, _SINGLE))),
        ("r", _Syntax("#(?!!)", (), (_DOUBLE, _SINGLE, _RAW))),
        ("julia jl", _Syntax("#(?!!)", (("#=", "=#"),), (_TRIPLE, _DOUBLE, _CHARACTER))),
        (
            "bash sh shell zsh fish",
            _Syntax("#(?!!)", (), (_SHELL_HEREDOC, _SHELL_DOUBLE, _SHELL_SINGLE)),
        ),
        (
            "yaml yml toml dockerfile docker makefile make cmake nginx apache conf properties",
            _Syntax("#(?!!)", (), (_TRIPLE, _DOUBLE, _APOSTROPHE)),
        ),
        ("ini", _Syntax("[#;]", (), (_DOUBLE, _APOSTROPHE))),
        ("c h objc objective-c cuda glsl zig", _Syntax("//", (_C_BLOCK,), (_DOUBLE, _SINGLE))),
        ("cpp c++ cc hpp", _Syntax("//", (_C_BLOCK,), (_CPP_RAW, _DOUBLE, _SINGLE))),
        ("rust rs", _Syntax("//", (_C_BLOCK,), (_DOUBLE, _CHARACTER))),
        ("csharp c# cs", _Syntax("//", (_C_BLOCK,), (_VERBATIM, _TRIPLE, _DOUBLE, _SINGLE))),
        (
            "java kotlin kt swift scala dart groovy proto protobuf solidity",
            _Syntax("//", (_C_BLOCK,), (_TRIPLE, _DOUBLE, _SINGLE)),
        ),
        ("go golang", _Syntax("//", (_C_BLOCK,), (_RAW, _DOUBLE, _SINGLE))),
        (
            "javascript js jsx mjs cjs typescript ts tsx json5 jsonc",
            _Syntax("//", (_C_BLOCK,), (_REGEX, _TEMPLATE, _DOUBLE, _SINGLE)),
        ),
        ("php", _Syntax("(?://|#)", (_C_BLOCK,), (_DOUBLE, _SINGLE))),
        ("css", _Syntax("", (_C_BLOCK,), (_DOUBLE, _SINGLE))),
        ("scss sass less stylus", _Syntax("//", (_C_BLOCK,), (_DOUBLE, _SINGLE))),
        (
            "sql mysql postgresql postgres sqlite plsql",
            _Syntax("--", (_C_BLOCK,), (_DOUBLE, _SINGLE)),
        ),
        ("lua", _Syntax("--", ((r"--\[\[", r"\]\]"),), (_LONG_BRACKET, _DOUBLE, _SINGLE))),
        ("haskell hs elm purescript", _Syntax("--", ((r"\{-", r"-\}"),), (_DOUBLE, _CHARACTER))),
        (
            "lisp clojure clj scheme racket elisp emacs-lisp common-lisp asm nasm",
            _Syntax(";", (), (_SHELL_DOUBLE,)),
        ),
        ("tex latex erlang", _Syntax("%")),
        ("html xml xhtml svg vue", _Syntax("", (("<!--", "-->"),))),
    )
    for name in names.split()
}

_LANGUAGE = lazy(r"\s*\{?\s*\.?([A-Za-z][\w+#-]*)")
_LIQUID_LANGUAGE = lazy(r"\{%-?\s*(?:highlight\s+|codeblock\b[^%]*?\blang:\s*)([\w+#-]+)")
_MARKS = "#/*!;%-= \t"
_ORNAMENTS = "#/*-=~_"
_PRAGMA = lazy(
    r"!|noqa|nolint|type:|fmt:|isort:|yapf:|mypy:|ruff:|pylint:|pyright:|pragma|go:|\+build|eslint"
    r"|prettier|tslint|jshint|stylelint|istanbul|@|ts-|c8 |v8 |biome-|webpack|vite|region\b"
    r"|endregion\b|coding[:=]|-\*-|clang-|cspell|codespell|shellcheck|rubocop|frozen_string|syntax="
    r"|escape=|sourceMappingURL|yaml-language|language=|SPDX-|vim?:|highlight-|\[!code|<[/\w]",
    re.I,
)
_CODE = lazy(
    r"[$>]\s|[\w.]+\(.*\)$|[\w.\[\]'\"]+\s*(?:[-+*/|&:]?=|<-|=>|->)\s*\S|return(?:\s+\S+)?$"
    r"|import\s+[\w.{*]+(?:\s+as\s+\w+|\s+from\b.*)?$|from\s+\S+\s+import\b|(?:sudo|export)\s"
    r"|(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP)\s|(?:def|fn|func|function|let|var|const)\s"
    r"|.*[;{\\]$"
)
_ENDS_COMMENT = lazy(r"\*/|--!?>|-\}|\]\]|=#|\?>|[\r\v\f\x1c-\x1e\x85\u2028\u2029]|\\$|^-?>")
_FENCE = lazy(r"`{3}|~{3}")
_WORD = lazy(r"[^\W\d_]{2}")
_ONE_PLAIN_WORD = lazy(r"[^\W\d_]+[.:!?…]?$")


def code_fence(state: StateBlock, start_line: int, end_line: int, silent: bool) -> bool:
    """Match a fence, and find its comments where the project wants them."""
    if not fence(state, start_line, end_line, silent):
        return False
    if not silent and profile_of(state).code_comments:
        token = state.tokens.pop()
        language = _LANGUAGE.match(token.info)
        if not (language and push_comments(state, language[1], start_line, state.line)):
            state.tokens.append(token)
    return True


def push_highlight(state: StateBlock, start_line: int, end_line: int) -> None:
    """Report a Liquid block that holds code."""
    line = state.src[content_start(state, start_line) : state.eMarks[start_line]]
    language = _LIQUID_LANGUAGE.match(line) if profile_of(state).code_comments else None
    if language and push_comments(state, language[1], start_line, end_line):
        state.line = end_line
    else:
        push_verbatim(state, "liquid", start_line, end_line)


def push_comments(state: StateBlock, language: str, start_line: int, end_line: int) -> bool:
    """Push the code on these lines with its comments as text; push nothing if there is none.

    The first line and the last are the marks of the block.
    """
    syntax = _LANGUAGES.get(language.lower())
    if not syntax or end_line - start_line < 3:
        return False
    spans = list(_comments(state, syntax, start_line + 1, end_line - 1))
    if not spans:
        return False
    position = content_start(state, start_line)
    state.push("code_open", "code", 1).map = [start_line, end_line]
    for line, (start, end) in spans:
        state.push("verbatim", "code", 0).content = state.src[position:start]
        before = state.src[start - 1]
        prefix = before if before in " \t" else ""
        push_text(
            state, "code comment", [(start, end)], syntax="code", first_line=line, prefix=prefix
        )
        position = end
    state.push("verbatim", "code", 0).content = state.src[position : state.eMarks[end_line - 1]]
    state.push("code_close", "code", -1)
    return True


def why_no_comment(text: str, source: str, *, spaced: bool) -> Message:
    """Say why ``text`` cannot stand in a comment in place of ``source``; nothing if it can.

    ``spaced`` tells whether white space stands before it.
    """
    for match in _ENDS_COMMENT.finditer(text):
        if match.group() not in source:
            return Message("it has {text}, which could end the comment", text=repr(match.group()))
    if _FENCE.match(text):
        return Message("it starts like a fence, which would end the code")
    if _unadorned(text, 0, len(text)) != (0, len(text)):
        return Message("it starts or ends with the marks of a comment")
    if not _is_prose(text, spaced=spaced):
        return Message("it looks like code, or like an instruction to a tool")
    return NOTHING


def _is_prose(text: str, *, spaced: bool) -> bool:
    """Tell whether the text of a comment is for people; ``spaced`` if a space stands before it."""
    if _PRAGMA.match(text) or not (spaced or text[:1].isalnum()):
        return False
    if count_han(text):
        return True
    if _CODE.match(text) or not _WORD.search(text):
        return False
    return " " in text or bool(_ONE_PLAIN_WORD.match(text))


@cache
def _scanner(syntax: _Syntax) -> re.Pattern[str]:
    """Return a pattern that finds strings, and comments as the groups ``block`` and ``line``."""
    parts = [rf"(?P<block>{opening}.*?{closing})|{opening}.*" for opening, closing in syntax.blocks]
    parts += [rf"(?<!\S)(?P<line>{syntax.line}[^\r\n]*)"] if syntax.line else []
    return re.compile("|".join([*parts, *syntax.strings]), re.S)


def _comments(
    state: StateBlock, syntax: _Syntax, first_line: int, end_line: int
) -> Iterator[tuple[int, Span]]:
    """Yield line and span of each line of prose in the comments of the code."""
    line, end = first_line, state.eMarks[end_line - 1]
    for match in _scanner(syntax).finditer(state.src, state.bMarks[first_line], end):
        if match.lastgroup not in ("line", "block"):
            continue
        position = match.start()
        while position < match.end():
            while state.eMarks[line] < position:
                line += 1
            start = max(position, content_start(state, line))
            span = _bare(state.src, start, min(match.end(), state.eMarks[line]), syntax)
            text = state.src[slice(*span)]
            if text and _is_prose(text, spaced=state.src[span[0] - 1] in " \t"):
                yield line, span
            position = state.bMarks[line + 1]


def _bare(src: str, start: int, end: int, syntax: _Syntax) -> Span:
    """Return the span of a comment's line without its marks and ornaments."""
    for opening, closing in syntax.blocks:
        mark = re.compile(opening).match(src, start, end)
        start = mark.end() if mark else start
        mark = re.compile(rf"{closing}\Z").search(src, start, end)
        end = mark.start() if mark else end
    return _unadorned(src, start, end)


def _unadorned(src: str, start: int, end: int) -> Span:
    start += end - start - len(src[start:end].lstrip(_MARKS))
    end = start + len(src[start:end].rstrip())
    unadorned = src[start:end].rstrip(_ORNAMENTS)
    if unadorned[-1:] in " \t":
        end = start + len(unadorned.rstrip())
    return start, end
