"""Where front matter starts and ends: what the site generators themselves take for it.

- YAML: Jekyll's rule (``Document::YAML_FRONT_MATTER_REGEXP``): from a first line ``---`` to the
  next line ``---`` or ``...``.
- TOML: Hugo's ``+++``, in the same manner.
- JSON: Hugo's object at the very start of the file; text that merely starts with a brace is not
  taken for it.
- Hexo: also more than three dashes, and no opening line at all; ``;;;`` around the members of a
  JSON object without its braces (``rFrontMatter`` and ``rFrontMatterNew`` of hexo-front-matter).
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pipeline.constructs.front_matter import json_syntax
from pipeline.model import Profile
from pipeline.patterns import lazy

_EOL = r"[ \t\f\v]*(?:\r\n|\r|\n)"
_END = r"[ \t\f\v]*(?:\r\n|\r|\n|\Z)"
_INNER = r"(?P<inner>.*?(?<=[\r\n]))"
_YAML = lazy(rf"---{_EOL}{_INNER}(?:---|\.\.\.){_END}", re.S)
_TOML = lazy(rf"\+\+\+{_EOL}{_INNER}\+\+\+{_END}", re.S)
_OBJECT = lazy(r'\{\s*(?:"(?:[^"\\\r\n]++|\\.)*+"\s*:|\}' + _END + ")")
_REST_OF_LINE = lazy(_END)
_HEXO = lazy(rf"(?P<fence>-{{3,}}|;{{3,}}){_EOL}{_INNER}(?P=fence){_END}", re.S)
_HEXO_OPEN = lazy(
    rf"(?P<inner>[\w\"'-]+[ \t]*:.*?(?<=[\r\n]))(?P<fence>-{{3,}}|;{{3,}}){_END}", re.S
)


@dataclass(frozen=True, slots=True)
class Fenced:
    """A block of front matter: ``text[:end]`` is all of it, ``text[start:stop]`` what is in it.

    ``syntax`` is ``yaml``, ``toml``, ``json``, or ``members`` for JSON without its braces. A block
    that is only a ``guess`` is none if it cannot be read.
    """

    syntax: str
    start: int
    stop: int
    end: int
    guess: bool = False


def find(text: str, profile: Profile) -> Fenced | None:
    """Find the front matter that the generator of ``profile`` would see at the top of ``text``.

    Raises:
        BrokenError: a JSON object starts the file and does not end; its index is one in ``text``.
    """
    start = int(text.startswith("\ufeff"))
    first = text[start : start + 1]
    if profile.name == "hexo" and first not in "+{":
        return _find_hexo(text, start)
    if first == "-":
        return _fenced("yaml", _YAML.match(text, start))
    if first == "+":
        return _fenced("toml", _TOML.match(text, start))
    return _find_object(text, start) if first == "{" else None


def _fenced(syntax: str, match: re.Match[str] | None, guess: bool = False) -> Fenced | None:
    return Fenced(syntax, *match.span("inner"), match.end(), guess) if match else None


def _find_hexo(text: str, start: int) -> Fenced | None:
    match = _HEXO.match(text, start)
    opened = match is not None
    if not opened and text[start : start + 3] not in ("---", ";;;"):
        match = _HEXO_OPEN.match(text, start)
    is_json = match is not None and match["fence"].startswith(";")
    return _fenced("members" if is_json else "yaml", match, guess=is_json or not opened)


def _find_object(text: str, start: int) -> Fenced | None:
    if not _OBJECT.match(text, start):
        return None
    stop = json_syntax.end_of_value(text, start)
    rest = _REST_OF_LINE.match(text, stop)
    return Fenced("json", start, stop, rest.end() if rest else stop)
