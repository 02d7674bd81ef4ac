"""Directives in comments: what to skip, and what to tell a translator.

``<!-- i18n:skip -->`` skips the next block, ``<!-- i18n:skip-start -->`` everything up to
``<!-- i18n:skip-end -->``; ``<!-- i18n:comment: … -->`` is a note on the next segment,
``<!-- i18n:context: … -->`` its msgctxt. Inside a text they mean that text. kramdown's
``{::comment}i18n:skip{:/}`` does as well as an HTML comment.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from markdown_it.token import Token

from pipeline.errors import did_you_mean
from pipeline.patterns import lazy
from pipeline.wording import Message, listed

_NAMES = ("skip", "skip-start", "skip-end", "comment", "context")
_COMMENT = lazy(r"<!--(.*?)(?:-->|\Z)|\{::comment\}(.*?)(?:\{:/(?:comment)?\}|\Z)", re.S)
_DIRECTIVE = lazy(r"\s*i18n:([\w-]*)(.*)", re.S)
_COMMENT_TOKENS = frozenset(("comment", "html", "attributes"))


@dataclass(slots=True)
class Directives:
    """What the comments before the current token ask for, and what is wrong with them.

    ``mistakes`` holds line (0-based), message and hint.
    """

    context: str | None = None
    notes: list[str] = field(default_factory=list)
    skipping_since: int | None = None
    skip_level: int | None = None
    """Level of the block that a plain ``skip`` applies to; -1 until that block comes."""
    line: int = 0
    mistakes: list[tuple[int, Message, Message]] = field(default_factory=list)

    def see(self, token: Token) -> None:
        """Take in a token that is no text."""
        if token.map:
            self.line = token.map[0]
        if self.skip_level is not None and token.tag != "comment":
            self._pass(token)
        if token.tag in _COMMENT_TOKENS and "i18n:" in token.content:
            for line, name, argument in _directives(token.content):
                self._obey(self.line + line, name, argument)

    def see_text(self, text: str, line: int) -> bool:
        """Take in a text; tell whether it is to be translated."""
        skipped = False
        if "i18n:" in text:
            for offset, name, argument in _directives(text):
                if name in ("skip-start", "skip-end"):
                    what = Message('"i18n:{name}" inside a paragraph has no effect', name=name)
                    hint = Message("Put it on a line of its own.")
                    self._complain(line + offset, what, hint)
                elif name == "skip":
                    skipped = True
                else:
                    self._obey(line + offset, name, argument)
        return not (skipped or self.skipping_since is not None or self.skip_level is not None)

    def take(self) -> tuple[str | None, str]:
        """Return context and note for the current segment, and forget them."""
        taken = self.context, " ".join(self.notes)
        self.context, self.notes = None, []
        return taken

    def end(self) -> None:
        """Take in the end of the post."""
        if self.skipping_since is not None:
            what = Message('"i18n:skip-start" is never ended, so nothing below it is translated')
            hint = Message("Put <!-- i18n:skip-end --> where translation is to go on.")
            self._complain(self.skipping_since, what, hint)

    def _pass(self, token: Token) -> None:
        """Find out where the block that a plain ``skip`` applies to begins and ends."""
        if self.skip_level == -1:
            # The next block: all of it if it has an inside, else just this token.
            self.skip_level = token.level if token.nesting == 1 else None
        elif token.nesting == -1 and token.level == self.skip_level:
            self.skip_level = None

    def _obey(self, line: int, name: str, argument: str) -> None:
        if name == "comment":
            self.notes.append(argument)
        elif name == "context":
            # gettext parts context and text by U+0004, and so allows no other one.
            self.context = argument.replace("\4", "") or None
        elif name == "skip":
            self.skip_level = -1
        elif name == "skip-start":
            self.skipping_since = line if self.skipping_since is None else self.skipping_since
        elif name == "skip-end":
            if self.skipping_since is None:
                what = Message('"i18n:skip-end" ends nothing')
                hint = Message("Put <!-- i18n:skip-start --> above what to skip.")
                self._complain(line, what, hint)
            self.skipping_since = None
        else:
            hint = did_you_mean(name, _NAMES) or Message(
                "The directives are {names}.", names=listed(_NAMES)
            )
            self._complain(line, Message('"i18n:{name}" is no directive', name=name), hint)

    def _complain(self, line: int, what: Message, hint: Message) -> None:
        self.mistakes.append((line, what, hint))


def _directives(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield each directive in the comments of ``text``: lines before it, name, argument."""
    for match in _COMMENT.finditer(text):
        directive = _DIRECTIVE.match(match[1] or match[2] or "")
        if directive:
            argument = " ".join(directive[2].split()).removeprefix(":").strip()
            yield text.count("\n", 0, match.start()), directive[1], argument
