"""Diglot: a bilingual content pipeline and translation aid for Markdown posts."""

__version__ = "0.1.0"
