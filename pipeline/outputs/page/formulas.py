"""TeX formulas as MathML, which browsers show without a script or a font from elsewhere."""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, field
from functools import cache
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from pipeline.outputs.page.safe import escape

if TYPE_CHECKING:
    from math_core import LatexToMathML

_LONGEST = 3000
"""Longer formulas are shown as TeX: the converter is recursive."""
_DELIMITERS = (("$$", "$$"), ("$", "$"), ("\\\\(", "\\\\)"), ("\\\\[", "\\\\]"))
_BRACKETS = (("\\(", "\\)"), ("\\[", "\\]"))
_ESCAPED = re.compile(r"\\([_*<>|])")
_NAME = re.compile(r"m[a-z]+")
_ATTRIBUTES = frozenset(
    "accent accentunder columnalign columnlines columnspan depth display displaystyle fence form "
    "height largeop linethickness lspace mathvariant maxsize minsize movablelimits rowlines "
    "rowspan rspace scriptlevel separator stretchy symmetric voffset width".split()
)
_STYLE = re.compile(r"[a-z\-]+:[ ]*[#A-Za-z0-9.%\- ]+(?:;|$)")
_NAMED = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#\d+|#x[0-9A-Fa-f]+);)[A-Za-z]+;")


@dataclass(slots=True)
class Formulas:
    """Converts the formulas of one page; their inline styles become classes of the page."""

    styles: dict[str, str] = field(default_factory=dict)
    """Class by style."""

    def html(self, written: str, *, display: bool = False) -> str:
        """Return a formula, with its delimiters, as MathML, or as code where it is no TeX."""
        tex = _bare(written)
        # Where dollars are text for the renderer, marks between them had to be escaped.
        unescaped = _ESCAPED.sub(r"\1", tex)
        mathml = self._mathml(tex, display) or self._mathml(unescaped, display)
        return mathml or f'<code class="tex">{escape(written)}</code>'

    def css(self) -> str:
        """Return the rules for the classes that the formulas use."""
        return "".join(f".{name}{{{style}}}" for style, name in self.styles.items())

    def _mathml(self, tex: str, display: bool) -> str:
        if len(tex) > _LONGEST or not tex.strip():
            return ""
        from math_core import LatexError

        try:
            text = _converter().convert_with_local_state(tex, displaystyle=display)
            root = ElementTree.fromstring(_NAMED.sub(lambda m: html.unescape(m[0]), text))
        except (LatexError, ElementTree.ParseError, RecursionError):
            return ""
        return self._written(root, tex)

    def _written(self, element: ElementTree.Element, tex: str = "") -> str:
        if not _NAME.fullmatch(element.tag):
            return ""
        parts = [f"<{element.tag}{self._attributes(element)}"]
        parts.append(f' aria-label="{escape(tex)}">' if tex else ">")
        parts.append(escape(element.text or ""))
        for child in element:
            parts += [self._written(child), escape(child.tail or "")]
        return "".join([*parts, f"</{element.tag}>"])

    def _attributes(self, element: ElementTree.Element) -> str:
        kept = {name: element.attrib[name] for name in element.attrib if name in _ATTRIBUTES}
        style = "".join(_STYLE.findall(element.get("style", "")))
        if style:
            kept["class"] = self.styles.setdefault(style, f"m{len(self.styles)}")
        return "".join(f' {name}="{escape(value)}"' for name, value in kept.items())


@cache
def _converter() -> LatexToMathML:
    from math_core import LatexToMathML

    return LatexToMathML(fancy_error=False)


def _bare(written: str) -> str:
    """Return a formula without its delimiters; an environment keeps its own."""
    text = re.sub(r"\{:[^{}]*\}\s*$", "", written.strip()).strip()
    for opening, closing in (*_DELIMITERS, *_BRACKETS):
        if text.startswith(opening) and text.endswith(closing) and len(text) > len(opening):
            return text[len(opening) : -len(closing)].strip()
    return text
