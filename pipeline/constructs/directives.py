"""Directives in HTML comments: what to skip, and what to tell a translator.

``<!-- i18n:skip -->`` skips the next block, ``<!-- i18n:skip-start -->`` everything up to
``<!-- i18n:skip-end -->``; ``<!-- i18n:comment: … -->`` is a note on the next segment,
``<!-- i18n:context: … -->`` its msgctxt.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from markdown_it.token import Token

_DIRECTIVE = re.compile(
    r"<!--\s*i18n:(skip-start|skip-end|skip|comment|context)\s*(?::\s*(.*?))?\s*-->", re.S
)


@dataclass(slots=True)
class Directives:
    """What the comments before the current token ask for."""

    context: str | None = None
    note: str = ""
    skipping: bool = False
    skip_level: int | None = None
    """Level of the block that a plain ``skip`` applies to; -1 until that block comes."""

    def see(self, token: Token) -> None:
        """Take in a token that is no text."""
        if token.type == "verbatim" and token.tag == "comment":
            self._read(token.content)
        elif self.skip_level == -1:
            # The next block: all of it if it has an inside, else just this token.
            self.skip_level = token.level if token.nesting == 1 else None
        elif token.nesting == -1 and token.level == self.skip_level:
            self.skip_level = None

    def _read(self, comment: str) -> None:
        for name, argument in _DIRECTIVE.findall(comment):
            if name == "comment":
                self.note = " ".join(argument.split())
            elif name == "context":
                self.context = argument or None
            elif name == "skip":
                self.skip_level = -1
            else:
                self.skipping = name == "skip-start"

    def skips(self) -> bool:
        """Tell whether the current text is not to be translated."""
        return self.skipping or self.skip_level is not None

    def take(self) -> tuple[str | None, str]:
        """Return context and note for the current segment, and forget them."""
        taken = self.context, self.note
        self.context, self.note = None, ""
        return taken
