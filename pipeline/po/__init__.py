"""The PO format: strict reading, faithful writing."""

from pipeline.po.reader import load
from pipeline.po.writer import dumps, encoded, save, update

__all__ = ["dumps", "encoded", "load", "save", "update"]
