"""What of a post may stand in a page of ours: escaped text, harmless tags, links that lead away.

Nothing that a post says is ever copied into a page: tags are written anew, with attributes from a
short list, and a link has one of a few schemes or none.
"""

from __future__ import annotations

import html
import re
from html.parser import HTMLParser

INLINE_TAGS = frozenset(
    "abbr b bdi bdo cite code del dfn em i ins kbd mark q rp rt ruby s samp small strong sub sup "
    "u var".split()
)
"""Elements of a text that a page keeps, without their attributes."""

_SCHEMES = frozenset(("http", "https", "mailto", "tel", "ftp", "xmpp", "magnet"))
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*):")
_UNSEEN = re.compile(r"[\x00-\x20\x7f-\xa0\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]+")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")


def escape(text: str) -> str:
    """Return ``text`` for an element's content or a quoted attribute."""
    return html.escape(text.replace("\x00", "\ufffd"))


def plain(text: str) -> str:
    """Return what Markdown's escapes and entities stand for."""
    return html.unescape(_ESCAPED.sub(r"\1", text))


def safe_url(destination: str) -> str | None:
    """Return where a link of the post leads; ``None`` for scripts, data and Liquid."""
    url = plain(destination.strip())
    if url.startswith("<") and url.endswith(">"):
        url = url[1:-1]
    if "{{" in url or "{%" in url:
        return None
    scheme = _SCHEME.match(_UNSEEN.sub("", url))
    if scheme and scheme[1].lower() not in _SCHEMES:
        return None
    return _UNSEEN.sub(lambda match: "%20" if match[0] == " " else "", url.strip())


class _FirstTag(HTMLParser):
    """The name and the attributes of the first tag."""

    def __init__(self) -> None:
        super().__init__()
        self.name = ""
        self.attributes: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if not self.name:
            self.name = tag
            self.attributes = {name: value or "" for name, value in attrs}


def opening_tag(text: str) -> tuple[str, dict[str, str]]:
    """Return name and attributes of a tag; an empty name where ``text`` is none."""
    parser = _FirstTag()
    parser.feed(text)
    return parser.name, parser.attributes
