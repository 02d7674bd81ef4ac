"""Regular expressions that are compiled when they are first used.

Compiling all of Diglot's takes longer than extracting a small post, which needs few of them.
"""

from __future__ import annotations

import re
from typing import cast

_METHODS = ("match", "fullmatch", "search", "sub", "split", "findall", "finditer")


class _Lazy:
    """Stands for a pattern; its methods are the pattern's own from the first use on."""

    __slots__ = ("_source", *_METHODS)

    def __init__(self, pattern: str, flags: int) -> None:
        self._source = pattern, flags

    def __getattr__(self, name: str) -> object:
        compiled = re.compile(*self._source)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def lazy(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what acts as ``re.compile(pattern, flags)``."""
    return cast(re.Pattern[str], _Lazy(pattern, flags))
