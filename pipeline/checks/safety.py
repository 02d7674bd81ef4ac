"""Checks of what a reader does not see: invisible characters, hosts that look like others."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator

from pipeline.checks.pair import Guard, Pair, check, show
from pipeline.model import Severity
from pipeline.patterns import lazy
from pipeline.wording import Message, counted

_INVISIBLE = lazy(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\uffff\ud800-\udfff"
    "\U000e0000-\U000e0fff]"
)
_JOINED = lazy("(?<=[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff])\u200d")


@check(
    "safety",
    Severity.ERROR,
    "Delete the character.",
    Guard.POST,
)
def invisible_chars(pair: Pair) -> Iterator[Message]:
    r"""Find control, zero-width and direction characters that the source has not.

    They break searching and copying, can reverse what a line seems to say, and some make a page or
    a file invalid. Those of the source and the joiners inside emoji may stay.

    Wrong: Hello → 你好\u202e
    Right: a\u200db → a\u200db
    """
    target = Counter(_INVISIBLE.findall(_JOINED.sub("", pair.unit.msgstr)))
    if not target:
        return
    added = target - Counter(_INVISIBLE.findall(pair.unit.msgid))
    for character, count in sorted(added.items()):
        yield counted(
            "the translation holds U+{code:04X} ({name})",
            "the translation holds U+{code:04X} ({name}) {count} times",
            count,
            code=ord(character),
            name=unicodedata.name(character, "") or Message("control character"),
        )


_HOST = lazy(r"<?(?:[a-z][a-z0-9+.\-]*:)?//(?:[^/?#\s@]*@)?([^/?#:\s>)]+)", re.I)


@check(
    "safety", Severity.ERROR, "Write the address of the source.", Guard.POST, kinds=("url", "open")
)
def url_homograph(pair: Pair) -> Iterator[Message]:
    """Find hosts in other letters than Latin ones, or in punycode, that the source has not.

    Such a host can look like a well-known one and be somebody else's.

    Wrong: [x](https://apple.com) → [x](https://xn--pple-43d.com)
    Right: [x](https://例子.测试) → [x](https://例子.测试)
    """
    known = set(_hosts(pair, source=True))
    for host in dict.fromkeys(_hosts(pair, source=False)):
        if host not in known and (not host.isascii() or "xn--" in host):
            yield Message("the host {host} is not in the source", host=show(host))


def _hosts(pair: Pair, *, source: bool) -> Iterator[str]:
    links = pair.source_links if source else pair.target_links
    urls = pair.texts("url")[0 if source else 1]
    for dest in [*(link.dest for link in links), *urls]:
        if match := _HOST.match(dest):
            yield match[1].lower()


CHECKS = (invisible_chars, url_homograph)
