"""Characters and what is counted of them: Chinese text, full-width marks, Latin words."""

from __future__ import annotations

from pipeline.patterns import lazy

HAN = "\u2e80-\u2fdf\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
CJK = HAN + "\u3000-\u30ff\u3100-\u312f\u31a0-\u31bf\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6"
_SHARED_MARKS = "“”‘’—…·"
_cjk = lazy(f"[{CJK}]")
_cjk_or_mark = lazy(f"[{CJK}{_SHARED_MARKS}]")
_han = lazy(f"[{HAN}]")
_latin_word = lazy(r"[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f'’\-]*")


def is_cjk(character: str) -> bool:
    """Tell whether ``character`` is Chinese or Japanese text or a full-width mark."""
    return bool(_cjk.match(character))


def has_cjk(text: str) -> bool:
    """Tell whether there is Chinese or Japanese text or a full-width mark in ``text``."""
    return bool(_cjk.search(text))


def has_han(text: str) -> bool:
    """Tell whether there is a Han character in ``text``."""
    return bool(_han.search(text))


def count_han(text: str) -> int:
    """Return the number of Han characters in ``text``."""
    return len(_han.findall(text))


def count_latin_words(text: str) -> int:
    """Return the number of words in Latin letters in ``text``."""
    return len(_latin_word.findall(text))


def join_lines(left: str, right: str) -> str:
    """Return what stands for a soft line break: a space, or nothing in Chinese."""
    if not left or not right:
        return ""
    before, after = left[-1], right[0]
    both = _cjk_or_mark.match(before) and _cjk_or_mark.match(after)
    return "" if both and (_cjk.match(before) or _cjk.match(after)) else " "
