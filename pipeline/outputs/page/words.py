"""What a page itself says, in the languages of its readers."""

from __future__ import annotations

from collections.abc import Mapping

_TEXTS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "both": "Both",
        "languages": "Languages",
        "skip": "Skip to the text",
        "machine": "machine",
        "missing": "not translated yet",
        "notice": "What is marked “machine” is a machine’s translation that nobody has read yet.",
    },
    "zh": {
        "both": "双语",
        "languages": "语言",
        "skip": "跳到正文",
        "machine": "机译",
        "missing": "尚未翻译",
        "notice": "标有“机译”的文字由机器翻译，尚未经人校阅。",
    },
}


def words(locale: str) -> Mapping[str, str]:
    """Return what a page says in the language of ``locale``, or in English."""
    return _TEXTS.get(locale.split("_")[0], _TEXTS["en"])
