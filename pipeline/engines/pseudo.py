"""Pseudo-translation: shows at a glance what is translatable, and what a longer text breaks.

Latin targets get accents and about a third more text, Chinese ones full-width letters and some
Han characters; both are in brackets that mean nothing in Markdown. Every character stands for
one of the source, so that only what Markdown reads as text is changed.
"""

from __future__ import annotations

import re
import string
from collections.abc import Iterator, Sequence

from pipeline.engines.base import Answer, Engine, Request

_KEEP = re.compile(r"<x\d+/>|&#?\w+;|\\.", re.DOTALL)
_ACCENTS = str.maketrans(
    string.ascii_letters, "åƀçđéƒĝħïĵķļṁñøþɋŕşŧûṽŵẋýžÅƁÇĐÉƑĜĦÎĴĶĻṀÑØÞɊŔŞŦÛṼŴẊÝŽ"
)
_WIDE = str.maketrans(
    string.ascii_letters, "".join(chr(ord(letter) + 0xFEE0) for letter in string.ascii_letters)
)
_WORDS = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_HAN = (
    "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏闰余成岁律吕调阳云腾致雨露结为霜"
    "金生丽水玉出昆冈剑号巨阙珠称夜光果珍李柰菜重芥姜海咸河淡鳞潜羽翔龙师火帝鸟官人皇"
    "始制文字乃服衣裳推位让国有虞陶唐吊民伐罪周发殷汤坐朝问道垂拱平章爱育黎首臣伏戎羌"
)
_LONGER = 0.35
_HAN_SHARE = 0.15


class PseudoEngine(Engine):
    """Answers with the text itself, disguised as one in another language."""

    name = "pseudo"
    draft = True
    test = True

    def translate(self, requests: Sequence[Request], source: str, target: str) -> Iterator[Answer]:
        """Yield the disguised text of each of ``requests``."""
        chinese = target.startswith("zh")
        for request in requests:
            yield Answer(_disguise(request.text, chinese))

    def close(self) -> None:
        """Do nothing: there is nothing to release."""


def _disguise(text: str, chinese: bool) -> str:
    body = text.strip()
    if not body:
        return text
    head, tail = text[: text.index(body)], text[text.index(body) + len(body) :]
    table, opening, closing = (_WIDE, "〖", "〗") if chinese else (_ACCENTS, "⟦", "⟧")
    size = len(_KEEP.sub("", body))
    padding = _han(size) if chinese else _words(size)
    # The spaces keep a bare URL at either end one, and emphasis marks next to a space.
    gap = " " if body.startswith("<x") else ""
    return f"{head}{opening}{gap}{_outside(body, table)} {padding}{closing}{tail}"


def _outside(text: str, table: dict[int, int]) -> str:
    """Translate the characters of ``text`` that are not part of markup."""
    parts = re.split(f"({_KEEP.pattern})", text, flags=re.DOTALL)
    return "".join(part if i % 2 else part.translate(table) for i, part in enumerate(parts))


def _words(size: int) -> str:
    """Return number words that make up about a third of ``size`` characters."""
    wanted, words = size * _LONGER - len("⟦ ⟧"), [_WORDS[0]]
    while len(" ".join(words)) < wanted:
        words.append(_WORDS[len(words) % len(_WORDS)])
    return " ".join(words)


def _han(size: int) -> str:
    count = max(2, round(size * _HAN_SHARE))
    return (_HAN * (count // len(_HAN) + 1))[:count]
