"""How far a post is in each language that it is translated to."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from pipeline.inline import count_han, count_latin_words
from pipeline.model import State
from pipeline.project import Post, Project
from pipeline.workspace import Source, load_catalog, read_source, target_locales


@dataclass(frozen=True, slots=True)
class Standing:
    """How far a post is in one locale, in segments; ``words`` are those of the source."""

    post: str
    locale: str
    segments: int
    reviewed: int
    machine: int
    stale: int
    needs_work: int
    untranslated: int
    words: int


def post_standings(project: Project, post: Post) -> list[Standing]:
    """Return how far a post is in every locale that it is translated to."""
    source = read_source(project, post)
    return [_standing(project, source, locale) for locale in target_locales(project, source)]


def _standing(project: Project, source: Source, locale: str) -> Standing:
    units = {u.key: u for u in load_catalog(project, source, locale).units if not u.obsolete}
    segments = source.document.segments
    states = Counter(
        units[segment.key].state if segment.key in units else State.UNTRANSLATED
        for segment in segments
    )
    return Standing(
        post=source.post.name,
        locale=locale,
        segments=len(segments),
        reviewed=states[State.TRANSLATED],
        machine=states[State.MACHINE],
        stale=states[State.STALE],
        needs_work=states[State.NEEDS_WORK],
        untranslated=states[State.UNTRANSLATED],
        words=sum(count_han(s.msgid) + count_latin_words(s.msgid) for s in segments),
    )
