"""An engine's answer as a target: its masks replaced, its emphasis mended, its markup proved.

Proof is by scanning again: the target holds exactly the placeables of the source, links pair the
same marks, and what nested still nests. So it does not matter what the engine did.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from pipeline.engines.notation import MASK
from pipeline.inline import find
from pipeline.masking import Masked, split_masked, unmask
from pipeline.model import Placeable, Profile
from pipeline.patterns import lazy

_TAG = lazy(r"<(/?)([A-Za-z][A-Za-z0-9\-]*)")
_VOID = frozenset(("area", "br", "col", "embed", "hr", "img", "input", "source", "track", "wbr"))
_ENDS = frozenset(("close", "reference", "shortcut"))
_LAST_MARKS = lazy(r"[，。！？；：、,.!?;:…—]+$")


def restore(masked: Masked, answer: str, profile: Profile) -> str | None:
    """Return the target that ``answer`` stands for; ``None`` unless its markup is the source's.

    Emphasis that the dialect would show as asterisks (``**注意：**后文`` in CommonMark) is mended:
    marks of punctuation leave it, or a space comes before or after it.
    """
    source = _whole(masked, masked.text)
    placeables = find(source, profile, msgid=True)
    for text in _versions(masked, answer.strip(), profile):
        target = _whole(masked, text)
        if not deviation(source, placeables, target, profile):
            return target
    return None


def deviation(source: str, placeables: Sequence[Placeable], target: str, profile: Profile) -> str:
    """Say in which way the target's markup is not that of the source, nothing if it is.

    ``placeables`` are those of ``source``.
    """
    found = find(target, profile, msgid=True)
    before, after = Counter(map(_content, placeables)), Counter(map(_content, found))
    if lost := before - after:
        return f"it loses {min(lost)[1]}"
    if added := after - before:
        return f"it adds {min(added)[1]}"
    pairs, nested = _pairs(placeables)
    if Counter(pairs) != Counter(_pairs(found)[0]):
        return "it mixes up the ends of links"
    return "" if _pairs(found)[1] or not nested else "its markup does not nest"


def _content(placeable: Placeable) -> tuple[str, str]:
    return placeable.kind, placeable.text


def _whole(masked: Masked, text: str) -> str:
    return masked.lead + (unmask(text, masked.pieces) or "") + masked.trail


def _pairs(placeables: Iterable[Placeable]) -> tuple[list[tuple[str, str]], bool]:
    """Return the marks that begin and end each link, and whether all that pairs nests."""
    opened: list[str | None] = []
    places: dict[str, list[int]] = {}
    links: list[tuple[str, str]] = []
    nested = True
    for placeable in placeables:
        key, begins = _role(placeable)
        stack = places.setdefault(key, [])
        if begins or (placeable.kind == "emphasis" and not stack):
            stack.append(len(opened))
            opened.append(placeable.text)
        elif key and stack:
            place = stack.pop()
            nested &= place == len(opened) - 1
            if key == "[":
                links.append((opened[place] or "", placeable.text))
            opened[place] = None
            while opened and opened[-1] is None:
                opened.pop()
    return links, nested and not opened


def _role(placeable: Placeable) -> tuple[str, bool]:
    """Return what a placeable pairs by, if it does, and whether it certainly begins a pair."""
    kind, text = placeable.kind, placeable.text
    if kind == "emphasis":
        return text, False
    if kind == "open" or kind in _ENDS:
        return "[", kind == "open"
    if kind == "wiki" and (text == "]]" or not text.endswith("]]")):
        return "]]", text != "]]"
    tag = _TAG.match(text) if kind == "html" else None
    if tag is None or tag[2].lower() in _VOID or text.endswith("/>"):
        return "", False
    return f"<{tag[2].lower()}", not tag[1]


# Emphasis next to Chinese punctuation


def _versions(masked: Masked, answer: str, profile: Profile) -> Iterator[str]:
    """Yield the answer, then ways to write it that may show its emphasis."""
    numbers = sorted(int(number) for number in MASK.findall(answer))
    if numbers != list(range(1, len(masked.pieces) + 1)):
        return
    yield answer
    broken = _unseen(masked, answer, profile)
    if not broken:
        return
    trimmed = _rewritten(masked, answer, broken, _trim)
    yield trimmed
    yield _rewritten(masked, trimmed, broken, _free_marks)
    yield _rewritten(masked, trimmed, broken, _space)


def _unseen(masked: Masked, answer: str, profile: Profile) -> frozenset[str]:
    """Return the masks of emphasis marks that the target would show as they stand."""
    target = _whole(masked, answer)
    starts = {p.start for p in find(target, profile, msgid=True) if p.kind == "emphasis"}
    unseen, position = set(), len(masked.lead)
    for part in split_masked(answer):
        mask = MASK.fullmatch(part)
        index = int(mask[1]) - 1 if mask else 0
        size = len(masked.pieces[index] if mask else part)
        if mask and masked.sides[index] and starts.isdisjoint(range(position, position + size)):
            unseen.add(part)
        position += size
    return frozenset(unseen)


_Step = Callable[[str, str], tuple[str, str]]
"""Rewrites what stands inside and outside of a mark: as if it were a closing one."""


def _rewritten(masked: Masked, answer: str, broken: frozenset[str], step: _Step) -> str:
    parts = ["", *split_masked(answer), ""]
    for index, part in enumerate(parts):
        if part not in broken:
            continue
        side = masked.sides[int(part[2:-2]) - 1]
        inner, outer = index + side, index - side
        if MASK.fullmatch(parts[inner]) or MASK.fullmatch(parts[outer]):
            continue
        if side < 0:
            parts[inner], parts[outer] = step(parts[inner], parts[outer])
        else:
            mirrored = step(parts[inner][::-1], parts[outer][::-1])
            parts[inner], parts[outer] = mirrored[0][::-1], mirrored[1][::-1]
    return "".join(parts)


def _trim(inner: str, outer: str) -> tuple[str, str]:
    kept = inner.rstrip()
    return kept, inner[len(kept) :] + outer


def _free_marks(inner: str, outer: str) -> tuple[str, str]:
    marks = _LAST_MARKS.search(inner)
    if not marks or not marks.start() or not outer[:1].isalnum():
        return inner, outer
    return inner[: marks.start()], marks[0] + outer


def _space(inner: str, outer: str) -> tuple[str, str]:
    return inner, f" {outer}" if outer[:1].isalnum() else outer
