"""What a page itself says, in the languages of its readers."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pipeline.wording import texts_in


@cache
def words(locale: str) -> Mapping[str, str]:
    """Return what a page says in the language of ``locale``, or in English."""
    _ = texts_in(locale)
    return {
        "both": _("Both"),
        "languages": _("Languages"),
        "skip": _("Skip to the text"),
        "machine": _("machine"),
        "missing": _("not translated yet"),
        "notice": _(
            "What is marked “machine” is a machine’s translation that nobody has read yet."
        ),
    }
