"""What of a text the memory compares: its words, and the places of its placeholders."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from pipeline.patterns import lazy
from pipeline.similarity import HAN

_FORMAT = lazy(r"\{\{|\}\}|\{(\d+)\}")
_PLACE = "\ue000"
_LONGEST_TOKEN = 40
_FEW_HAN = 4
_NEXT_TO_HAN = lazy(f"(?<=[{HAN}]) | (?=[{HAN}])")
_RUN = lazy(rf"([{HAN}]+)|[^\W_{HAN}]+")
_SAME_MARKS = str.maketrans(
    {"。": ".", "、": ",", "“": '"', "”": '"', "「": '"', "」": '"', "‘": "'", "’": "'"}
    | {"—": "-", "–": "-", "…": "..."}
)


def placeholders(text: str) -> list[int]:
    """Return the numbers of the text's placeholders in their order."""
    return [int(number) for number in _FORMAT.findall(text) if number]


def in_order(text: str) -> bool:
    """Tell whether the placeholders are ``{1}``, ``{2}`` … as in every source text."""
    numbers = placeholders(text)
    return numbers == list(range(1, len(numbers) + 1))


def shape(text: str) -> str:
    """Return the text with all placeholders and all white space alike, one character each."""
    plain = " ".join(text.split())
    if "{" not in plain:
        return plain
    return _FORMAT.sub(lambda found: _PLACE if found[1] else found[0], plain)


def numbering(text: str, wanted: str) -> dict[int, int] | None:
    """Return by which numbers of ``wanted`` those of ``text`` are replaced, place for place.

    ``None`` where the two do not hold the same number of placeholders, or one repeats.
    """
    old, new = placeholders(text), placeholders(wanted)
    if len(old) != len(new) or len(set(old)) < len(old):
        return None
    return dict(zip(old, new, strict=True))


def renumbered(text: str, numbers: Mapping[int, int]) -> str:
    """Return the text with its placeholders numbered anew; one without a number stays."""

    def replaced(found: re.Match[str]) -> str:
        number = int(found[1] or 0)
        return f"{{{numbers[number]}}}" if number in numbers else found[0]

    return _FORMAT.sub(replaced, text)


def well_braced(text: str) -> str:
    """Return a text from elsewhere with its braces as a msgid has them, doubled unless they are."""
    if not re.search("[{}]", _FORMAT.sub("", text)):
        return text
    parts = re.split(r"(\{\d+\})", text)
    return "".join(
        part if index % 2 else part.replace("{", "{{").replace("}", "}}")
        for index, part in enumerate(parts)
    )


def normalised(text: str) -> str:
    """Return what is left when case, spaces and the width of punctuation do not count."""
    folded = unicodedata.normalize("NFKC", shape(text).translate(_SAME_MARKS)).casefold()
    return _NEXT_TO_HAN.sub("", " ".join(folded.split()))


def tokens(text: str) -> list[str]:
    """Return the words of a normalised text, and its Han characters in overlapping pairs.

    A short run of Han characters also yields each of them.
    """
    found: list[str] = []
    for run in _RUN.finditer(text):
        word, han = run[0], run[1]
        if not han:
            found.append(word[:_LONGEST_TOKEN])
        else:
            found += (han[at : at + 2] for at in range(len(han) - 1))
            # One changed character of so few leaves no pair.
            found += han if len(han) < _FEW_HAN else ()
    return found
