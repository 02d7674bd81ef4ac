"""What ``diglot glossary check`` finds in glossaries: names, severities and explanations.

The findings themselves are made by ``pipeline.glossary.review``.
"""

from __future__ import annotations

from pipeline.checks.pair import Rule
from pipeline.model import Severity

_FAMILY = "glossaries"

RULES = (
    Rule(
        "glossary-file",
        _FAMILY,
        Severity.ERROR,
        "Find glossaries and rows that cannot be read, or that hold for no post.\n\n"
        "Wrong: a row with a flag that there is not\n"
        "Right: a row with the flag keep",
    ),
    Rule(
        "empty-term",
        _FAMILY,
        Severity.WARNING,
        "Find terms without a text in a language of the project.\n\n"
        "Where two other languages have one it is a note.\n\n"
        "Wrong: en batch, zh_CN nothing\n"
        "Right: en PyTorch, zh_CN nothing, flags keep",
    ),
    Rule(
        "forbidden-term",
        _FAMILY,
        Severity.ERROR,
        "Find terms that forbid their own text.\n\n"
        "Wrong: zh_CN 噪声, forbidden:zh_CN 噪声\n"
        "Right: zh_CN 噪声, forbidden:zh_CN 噪音",
    ),
    Rule(
        "duplicate-term",
        _FAMILY,
        Severity.WARNING,
        "Find terms that stand in two rows with the same translation.\n\n"
        "Wrong: batch, 批次 in two rows\n"
        "Right: batch, 批次 in one",
    ),
    Rule(
        "conflicting-term",
        _FAMILY,
        Severity.WARNING,
        "Find terms that two rows translate in different ways.\n\n"
        "Rows that name different parts of speech may differ.\n\n"
        "Wrong: train, 训练 in one row and train, 火车 in another\n"
        "Right: train, 训练 with pos verb and train, 火车 with pos noun",
    ),
    Rule(
        "off-term",
        _FAMILY,
        Severity.WARNING,
        "Find rows with the flag off that switch no term off.\n\n"
        "Wrong: batch, flags off, where no outer glossary has batch\n"
        "Right: the same row below a glossary that has it",
    ),
    Rule(
        "unused-term",
        _FAMILY,
        Severity.INFO,
        "Find terms that occur in none of the posts for which their glossary holds.\n\n"
        "Wrong: batch, 批次, where no post says batch\n"
        "Right: batch, 批次, where one does",
    ),
)
