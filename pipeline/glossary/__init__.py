"""The termbase: glossary files, and the matcher that finds their terms in a text.

One matcher finds the terms of a source text, checks its translation and says which terms never
occur, so what one of them sees the others see too.
"""

from pipeline.glossary.cascade import load_glossary
from pipeline.glossary.termbase import Glossary, Violation

__all__ = ["Glossary", "Violation", "load_glossary"]
