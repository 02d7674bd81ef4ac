"""How masks are written to an engine: inside Diglot ``<x1/>``, outside what the engine keeps best.

Reading is tolerant, since engines put spaces and full-width marks into masks; whether every mask
came back is for ``pipeline.masking`` to judge.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field

from pipeline.patterns import lazy

MASK = lazy(r"<x(\d+)/>")
"""A mask as it is inside Diglot; the number is that of its piece."""


@dataclass(frozen=True, slots=True)
class Notation:
    """One way to write masks: ``template`` with ``{}`` for the number.

    ``reads`` finds them in answers, its first group that takes part is the number. With ``markup``
    the engine is told that the text is XML or HTML, so that ``&`` and ``<`` in it are escaped.
    """

    template: str
    reads: re.Pattern[str] = field(repr=False)
    markup: bool = False

    def write(self, text: str) -> str:
        """Return a masked text as the engine is to see it."""
        parts = MASK.split(text)
        if self.markup:
            parts[::2] = [html.escape(part, quote=False) for part in parts[::2]]
        parts[1::2] = [self.template.format(number) for number in parts[1::2]]
        return "".join(parts)

    def read(self, answer: str) -> str:
        """Return an answer with Diglot's own masks in it."""
        parts, position = [], 0
        for match in self.reads.finditer(answer):
            number = next(group for group in match.groups() if group is not None)
            parts += [self._plain(answer[position : match.start()]), f"<x{int(number)}/>"]
            position = match.end()
        return "".join([*parts, self._plain(answer[position:])])

    def _plain(self, text: str) -> str:
        return html.unescape(text) if self.markup else text


TAGS = Notation("<x{}/>", lazy(r"[<＜]\s*[xX]\s*(\d{1,6})\s*[/／]\s*[>＞]"))
"""``<x1/>``: what Diglot uses itself."""

BRACKETS = Notation("⟦{}⟧", lazy(r"[⟦〚]\s*(\d{1,6})\s*[⟧〛]"))
"""``⟦1⟧``: for engines that take tags apart."""

XML = Notation(
    '<x id="{}"/>',
    lazy(r"<x\s+id\s*=\s*[\"“”']?\s*(\d{1,6})\s*[\"“”']?\s*(?:/\s*>|>\s*</\s*x\s*>)", re.I),
    markup=True,
)
"""``<x id="1"/>``: for engines that are told that the text is XML."""

HTML = Notation(
    '<span translate="no">{}</span>',
    lazy(r"<span\s+translate\s*=\s*[\"“”']?no[\"“”']?\s*>\s*(\d{1,6})\s*</\s*span\s*>", re.I),
    markup=True,
)
"""``<span translate="no">1</span>``: for engines that are told that the text is HTML."""
