"""Reading XLIFF files of either version."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.exchange import xliff1, xliff2
from pipeline.exchange.entries import Incoming
from pipeline.wording import Message
from pipeline.xmlfile import Kind, elements

_XLIFF = Kind("XLIFF", ("xliff",))


def read_xliff(path: Path) -> Iterator[Incoming]:
    """Yield the translations in an XLIFF file, 1.x or 2.x.

    Raises ``PipelineError`` with the line for what is no XLIFF, or not well-formed.
    """
    for found in elements(path, _XLIFF, ("trans-unit", "unit")):
        version = found.around.get("xliff", {}).get("version", "")
        if not version.startswith(("1.", "2.")):
            what = Message('XLIFF of the version "{version}" is not known', version=version)
            raise PipelineError(
                what, path=path, line=found.line, hint=Message("Export 1.2 or 2.1.")
            )
        reader = xliff1 if version.startswith("1.") else xliff2
        yield from reader.read_unit(found)
