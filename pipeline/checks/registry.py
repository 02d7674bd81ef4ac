"""All checks, and all else that can be found: adding a family is one file and one line here."""

from __future__ import annotations

from pipeline.checks import (
    built,
    chinese,
    chinese_spacing,
    english,
    glossaries,
    html,
    language,
    links,
    markup,
    placeholders,
    posts,
    safety,
    site,
    state,
    structure,
    style,
    terms,
    values,
)
from pipeline.checks.pair import Check, Rule

CHECKS: tuple[Check, ...] = (
    *state.CHECKS,
    *placeholders.CHECKS,
    *links.CHECKS,
    *markup.CHECKS,
    *html.CHECKS,
    *safety.CHECKS,
    *structure.CHECKS,
    *language.CHECKS,
    *terms.CHECKS,
    *values.CHECKS,
    *chinese.CHECKS,
    *chinese_spacing.CHECKS,
    *english.CHECKS,
    *style.CHECKS,
)
"""The checks of a text and its translation."""

RULES: tuple[Rule, ...] = (
    *CHECKS,
    structure.ALIGNMENT,
    *site.RULES,
    *built.RULES,
    *posts.RULES,
    *glossaries.RULES,
)
"""All that can be found: in a translation, across the project, in a post itself, in a glossary."""

NAMES: tuple[str, ...] = (*dict.fromkeys([*(r.id for r in RULES), *(r.family for r in RULES)]),)
"""What settings and ``# diglot: ignore`` may name: checks, and families of them."""
