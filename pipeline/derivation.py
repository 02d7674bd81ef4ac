"""Deriving the catalogs of one kind of Chinese from those of another: the glossary, then OpenCC.

Conversion by phrases is right far more often than it is wrong, but not always (后台 may become
後臺): what is derived is fuzzy, and says where it comes from and which text was written, so that
one that a person has changed is never written again.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace

from pipeline import catalog as catalogs
from pipeline.catalog import KEPT, wants
from pipeline.checks import Pair, refusals
from pipeline.errors import PipelineError
from pipeline.files import Replacement
from pipeline.glossary import Glossary, load_glossary
from pipeline.masking import mask, mask_terms, unmask
from pipeline.model import Origin, Profile, Segment, State, Unit, fingerprint
from pipeline.project import Post, Project, glossary_paths
from pipeline.repair import enabled, repaired
from pipeline.wording import Message
from pipeline.workspace import Source, existing_catalog, read_source, target_locales

KIND = "derived"
"""The kind of origin of what was derived."""

_CONVERSIONS = {
    ("CN", "TW"): "s2twp",
    ("CN", "HK"): "s2hk",
    ("TW", "CN"): "tw2sp",
    ("HK", "CN"): "hk2s",
}
_USABLE = frozenset((State.TRANSLATED, State.MACHINE))


@dataclass(frozen=True, slots=True)
class Derived:
    """A catalog: how many of its units were derived anew, and its new content."""

    path: str
    locale: str
    base: str
    units: int
    new: Replacement | None = None


def derive_post(only: Collection[str], project: Project, post: Post) -> list[Derived]:
    """Return what becomes of every derived catalog of a post.

    Raises:
        PipelineError: OpenCC is not installed, or a catalog is missing or cannot be read.
    """
    source = read_source(project, post)
    return [
        _derived(project, source, locale, project.derive[locale])
        for locale in target_locales(project, source, only)
        if locale in project.derive
    ]


def _derived(project: Project, source: Source, locale: str, base: str) -> Derived:
    catalog = existing_catalog(project, source, locale)
    texts = _texts(project, source, base)
    terms = load_glossary(glossary_paths(project, source.post), base, locale)
    segments = {segment.key: segment for segment in source.document.segments}
    derivation = Derivation(project, source.locale, locale, base, terms, segments)
    units = tuple(
        derivation.unit(unit, texts[unit.key]) if unit.key in texts and _is_open(unit) else unit
        for unit in catalog.units
    )
    count = sum(a != b for a, b in zip(catalog.units, units, strict=True))
    if not count:
        return Derived(str(catalog.path), locale, base, 0)
    data = catalogs.encoded(replace(catalog, units=units))
    return Derived(
        str(catalog.path), locale, base, count, Replacement(catalog.path, data, catalog.digest)
    )


def _texts(project: Project, source: Source, base: str) -> Mapping[tuple[str | None, str], Unit]:
    """Return what there is to convert, as units by key: those of the post itself if it is in it."""
    if source.locale == base:
        segments = source.document.segments
        return {segment.key: Unit(segment.msgid, segment.msgid) for segment in segments}
    units = existing_catalog(project, source, base).units
    return {unit.key: unit for unit in units if unit.state in _USABLE and not unit.obsolete}


def _is_open(unit: Unit) -> bool:
    """Tell whether nobody has touched the unit: it is empty, kept, or as it was derived."""
    if wants(unit) or any(text.startswith(KEPT) for text in unit.comments):
        return True
    origin = unit.origin
    if not unit.fuzzy or origin is None or origin.kind != KIND or unit.obsolete:
        return False
    return origin.name.endswith(f" {fingerprint(unit.msgstr)}")


@dataclass(frozen=True, slots=True)
class Derivation:
    """Converts the texts of one catalog."""

    project: Project
    source: str
    target: str
    base: str
    terms: Glossary
    segments: Mapping[tuple[str | None, str], Segment]

    def unit(self, unit: Unit, base: Unit) -> Unit:
        """Return the unit with what becomes of the base's translation, if that can be taken."""
        profile = self.project.profile
        text = converted(base.msgstr, self.terms, profile, _converter(self.base, self.target))
        languages = profile, self.source, self.target
        comments = tuple(text for text in unit.comments if not text.startswith(KEPT))
        new = replace(unit, msgstr=text, fuzzy=True, comments=comments)
        segment = self.segments.get(unit.key)
        pair = Pair(new, segment, *languages, options=self.project.check_options)
        text = repaired(pair, enabled(self.project.checks))
        is_kept = unit.origin is None and text == unit.msgstr
        if is_kept or refusals(unit.msgid, text, *languages, segment):
            return unit
        draft = base.origin is not None and base.fuzzy and base.origin.draft
        name = f"{self.base} {fingerprint(text)}"
        return replace(new, msgstr=text, origin=Origin(KIND, name, fingerprint(unit.msgid), draft))


def converted(text: str, terms: Glossary, profile: Profile, convert: Callable[[str], str]) -> str:
    """Return the text of a catalog in the other script: its words only, the terms by ``terms``."""
    masked = mask_terms(mask(text, profile), terms)
    return masked.lead + (unmask(convert(masked.text), masked.pieces) or "") + masked.trail


@functools.cache
def _converter(base: str, target: str) -> Callable[[str], str]:
    try:
        from opencc import OpenCC
    except ImportError as error:
        raise PipelineError(
            Message('Deriving "{target}" from "{base}" needs OpenCC', target=target, base=base),
            hint=Message('Install it with: pip install "diglot[opencc]"'),
        ) from error
    convert: Callable[[str], str] = OpenCC(_CONVERSIONS[_region(base), _region(target)]).convert
    return convert


def _region(locale: str) -> str:
    """Return which of the three kinds of written Chinese a locale means."""
    territory = locale.partition("_")[2]
    return {"SG": "CN", "MO": "HK", "": "CN"}.get(territory, territory)
