"""What the parser finds in a post itself: names, severities and explanations of these findings."""

from __future__ import annotations

from pipeline.checks.pair import Rule
from pipeline.model import Severity

RULES = (
    Rule(
        "nesting-limit",
        "posts",
        Severity.WARNING,
        "Find text that is nested too deeply to be read, and so is not translated.",
    ),
    Rule(
        "alias",
        "posts",
        Severity.WARNING,
        "Find front-matter values that a YAML alias repeats, and that so stay as they are.",
    ),
    Rule(
        "directive",
        "posts",
        Severity.WARNING,
        "Find directives such as <!-- i18n:skip --> that are not known or have no effect.",
    ),
    Rule("mdx", "posts", Severity.WARNING, "Find posts in MDX, which is not read."),
)
