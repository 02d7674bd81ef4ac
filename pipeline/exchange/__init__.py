"""Formats in which translators' tools exchange what a catalog holds."""

from pipeline.exchange.entries import Incoming, Outgoing
from pipeline.exchange.xliff1 import XLIFF_1
from pipeline.exchange.xliff2 import XLIFF_2
from pipeline.exchange.xliff_files import read_xliff

__all__ = ["XLIFF_1", "XLIFF_2", "Incoming", "Outgoing", "read_xliff"]
