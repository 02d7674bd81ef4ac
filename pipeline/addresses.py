"""Where the versions of a post are on the site, as Jekyll fills in the setting ``permalink``."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping

from pipeline.patterns import lazy
from pipeline.project import Post, Project, bcp47

_NOT_IN_ADDRESS = lazy(r"[^\w.~!$&'()+,;=@]+")
"""What ``slugify`` of Jekyll replaces in titles."""
_DATE = lazy(r"(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)(?!\d)")
_NAME = lazy(r"(?:(?P<year>\d{4})-(?P<month>\d\d?)-(?P<day>\d\d?)-)?(?P<title>.*)", re.S)


def addresses(
    project: Project, post: Post, fields: Mapping[str, str], source: str, locale: str
) -> tuple[str, ...]:
    """Return the address of a version, and how other posts may write it without its language.

    ``fields`` is the front matter of the post, ``source`` the locale that it is written in. There
    is none where the project does not say.
    """
    if not project.permalink:
        return ()
    lang = f"/{bcp47(locale)}"
    if own := _own(fields):
        return (own,) if locale == source else (lang + own,)
    filled = project.permalink
    name = _NAME.match(posixpath.basename(post.stem))
    date = _DATE.match(fields.get("date", ""))
    values = (name.groupdict("") if name else {}) | (date.groupdict() if date else {})
    for key, value in values.items():
        slug = _NOT_IN_ADDRESS.sub("-", value).strip("-")
        filled = filled.replace(f":{key}", value.zfill(2) if key != "title" else slug)
    return filled.replace("{lang}", lang[1:]), filled.replace("/{lang}", "")


def permalink(project: Project, fields: Mapping[str, str], locale: str, *, translated: bool) -> str:
    """Return the front-matter value that gives a version its address; "" to add none.

    An address that the author has given is that of the source.
    """
    own = _own(fields)
    if not own:
        return project.permalink.replace("{lang}", bcp47(locale))
    return f"/{bcp47(locale)}{own}" if translated else ""


def _own(fields: Mapping[str, str]) -> str:
    """Return the address that the author gives to the post; a style of Jekyll's is none."""
    own = fields.get("permalink", "")
    return own if own.startswith("/") else ""
