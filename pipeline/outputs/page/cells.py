"""How a pair of texts stands on the page: side by side, or once across it."""

from __future__ import annotations

from dataclasses import dataclass

from pipeline.outputs.page.bitext import Bitext, Pair
from pipeline.outputs.page.words import words
from pipeline.project import bcp47

_DEEPEST = 6
"""Lists nested deeper are indented no further."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a block stands: how deep in lists, whether in a quote, and its item's marker."""

    depth: int = 0
    quoted: bool = False
    marker: str = ""

    def classes(self, *names: str) -> str:
        """Return the value of ``class`` for a block that stands here."""
        depth = f"d{min(self.depth, _DEEPEST)}" if self.depth else ""
        return " ".join(filter(None, (*names, depth, "q" if self.quoted else "")))

    def unmarked(self) -> Place:
        """Return the place of what follows the first block of an item."""
        return Place(self.depth, self.quoted)


@dataclass(frozen=True, slots=True)
class Cells:
    """Writes pairs in the two languages of a page."""

    bitext: Bitext

    def row(self, pair: Pair, place: Place, *names: str) -> str:
        """Return a text as two paragraphs side by side, or as one across the page."""
        marker = f'<span class="marker" aria-hidden="true">{place.marker}</span>'
        before = marker if place.marker else ""
        if not pair.target:
            return self._single(pair, "p", f' class="{place.classes("one", *names)}"', before)
        sides = self._sides(pair, "p", before)
        return f'<div class="{place.classes("pair", *names)}">{sides}</div>\n'

    def element(self, pair: Pair, tag: str, attributes: str = "") -> str:
        """Return one element, such as a heading or a cell, that holds a text in both languages."""
        if not pair.target:
            return self._single(pair, tag, f'{attributes} class="one"', "")
        return f'<{tag}{attributes} class="pair">{self._sides(pair, "span", "")}</{tag}>\n'

    def spans(self, pair: Pair) -> str:
        """Return a text in both languages without an element around it."""
        return self._sides(pair, "span", "") if pair.target else self._single(pair, "span", "", "")

    def _sides(self, pair: Pair, tag: str, marker: str) -> str:
        source, target = bcp47(self.bitext.source), bcp47(self.bitext.target)
        kind = "tgt machine" if pair.machine else "tgt"
        mark = self._mark("machine", "mark") if pair.machine else ""
        return (
            f'<{tag} class="src" lang="{source}">{marker}{pair.source}</{tag}> '
            f'<{tag} class="{kind}" lang="{target}">{marker}{pair.target}{mark}</{tag}>'
        )

    def _single(self, pair: Pair, tag: str, attributes: str, marker: str) -> str:
        mark = self._mark("missing", "mark none") if pair.missing else ""
        lang = bcp47(self.bitext.source)
        return f'<{tag}{attributes} lang="{lang}">{marker}{pair.source}{mark}</{tag}>\n'

    def _mark(self, word: str, kind: str) -> str:
        said = words(self.bitext.target)
        lang = bcp47(self.bitext.target)
        return f' <small class="{kind}" lang="{lang}" title="{said["notice"]}">{said[word]}</small>'
