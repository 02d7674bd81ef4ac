"""What reading finds in posts and catalogs: names, severities and explanations of it."""

from __future__ import annotations

from pipeline.checks.pair import Rule
from pipeline.model import Severity
from pipeline.wording import Message

CATALOG_FORM = Rule(
    "catalog-form",
    "posts",
    Severity.WARNING,
    "Find PO files with a byte-order mark, CRLF or CR, on which other tools fail.\n\n"
    "Wrong: a PO file that an editor saved with CRLF line ends\n"
    "Right: the same file with LF line ends",
    Message("diglot extract writes the file in the usual form."),
)

MDX = Rule(
    "mdx",
    "posts",
    Severity.WARNING,
    "Find posts in MDX, which is not read.\n\n"
    "Wrong: a post that starts with import Chart from './chart'\n"
    "Right: a post without import, export and components",
    Message("Leave the file out with the setting exclude."),
)

RULES = (
    Rule(
        "nesting-limit",
        "posts",
        Severity.WARNING,
        "Find text that is nested too deeply to be read, and so is not translated.\n\n"
        "Wrong: a hundred quotes inside each other\n"
        "Right: a list in a list in a quote",
        Message("Nest it less deeply."),
    ),
    Rule(
        "alias",
        "posts",
        Severity.WARNING,
        "Find front-matter values that a YAML alias repeats, and that so stay as they are.\n\n"
        "Wrong: title: &t Hello, description: *t\n"
        "Right: title: Hello, description: Hello",
        Message("Write the value out."),
    ),
    Rule(
        "directive",
        "posts",
        Severity.WARNING,
        "Find directives such as <!-- i18n:skip --> that are not known or have no effect.\n\n"
        "Wrong: <!-- i18n:skip-start --> without <!-- i18n:skip-end -->\n"
        "Right: <!-- i18n:skip --> above a paragraph",
        Message("Correct or remove the directive."),
    ),
    MDX,
    CATALOG_FORM,
)
