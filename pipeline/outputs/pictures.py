"""Paragraphs that are an image: they are shown once, whatever their text is in other languages."""

from __future__ import annotations

import re

_IMAGE = re.compile(r"!\[(.*)\]\(\s*\{1\}(?:\s[^()]*)?\)(?:\{\d\})?", re.S)


def lone_image_text(msgid: str) -> str | None:
    """Return the alternative text of an image that is all of a text, ``None`` for other texts."""
    image = _IMAGE.fullmatch(msgid)
    return image[1] if image and "](" not in image[1] else None
