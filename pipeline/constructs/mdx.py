"""How to know MDX, which is not Markdown: JavaScript statements and components between the text.

Diglot cannot tell there what is text, so that it offers nothing of such a post's body.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from pipeline.patterns import lazy

_STATEMENT = lazy(
    r"import\s+(?:[\w*{][^'\"]{0,500}?\sfrom\s+)?(['\"])[^'\"\n]+\1\s*(?:;|$)"
    r"|export\s+(?:default|const|let|var|function|async|class)\s|export\s+[{*]",
    re.M,
)
_COMPONENT = lazy(r"</?[A-Z][\w.]*(?=[\s/>])")


def mdx_line(name: str, text: str, tokens: Iterable[Token]) -> int | None:
    """Return the line (0-based, of the body) that shows that a post is MDX; None if it is not.

    It is by its name, or where a paragraph is an ``import`` or ``export`` and there is a component.
    """
    if name.lower().endswith(".mdx"):
        return 0
    if "import" not in text and "export" not in text:
        return None
    line, has_component = None, False
    for token in tokens:
        if line is None and token.type == "text" and token.tag == "paragraph":
            statement = _STATEMENT.match(text, token.meta["lines"][0][0])
            line = token.map[0] if statement and token.map else None
        has_component = has_component or any(map(_COMPONENT.search, _markup(text, token)))
    return line if has_component else None


def _markup(text: str, token: Token) -> Iterator[str]:
    """Yield the parts of a token that may hold tags: all but code."""
    if token.type == "text":
        yield from (text[start:end] for start, end in token.meta["lines"])
    elif token.tag == "html":
        yield token.content
