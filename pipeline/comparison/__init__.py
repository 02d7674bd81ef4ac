"""Comparing a text and its translation, without a project or a catalog."""

from pipeline.comparison.posts import Terms, Text, compare
from pipeline.comparison.records import PairError, compare_record

__all__ = ["PairError", "Terms", "Text", "compare", "compare_record"]
