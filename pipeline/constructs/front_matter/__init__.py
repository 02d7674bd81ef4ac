"""Front matter: which of its values are text for translators, and how new values are written.

The block is never loaded and dumped. A value is replaced as a span, all else keeps its bytes, and
what was written is read again by a real parser of its syntax. Where the block stands, ``fences``
knows; each syntax is a module that knows where values stand and how they are quoted.
"""

from pipeline.constructs.front_matter.reader import FrontMatter, Value, line_of, read, select
from pipeline.constructs.front_matter.tree import Path, dotted
from pipeline.constructs.front_matter.writer import Field, with_fields, with_values, write_value

__all__ = [
    "Field",
    "FrontMatter",
    "Path",
    "Value",
    "dotted",
    "line_of",
    "read",
    "select",
    "with_fields",
    "with_values",
    "write_value",
]
