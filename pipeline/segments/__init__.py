"""What a translator sees of a span of the post, and how a target is written back into it.

``read`` makes the msgid: inline Markdown on one line, destinations and Liquid as ``{1}``, literal
braces doubled, soft line breaks joined, hard ones kept as ``\n``. ``write`` is its way back for a
target that differs from the msgid; where it does not, the span itself is the answer, so nothing
that ``read`` normalises is ever lost.
"""

from __future__ import annotations

from pipeline.segments.reading import Reading, Readings, has_text, read
from pipeline.segments.writing import write

__all__ = ["Reading", "Readings", "has_text", "read", "write"]
