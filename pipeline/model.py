"""Frozen values that every layer shares.

A ``Document`` is a post's text with ``Segment`` spans on it; a ``Catalog`` is what is known about
the segments' text. Positions (``start``, ``end``, ``line``) do not take part in equality.
"""

from __future__ import annotations

import enum
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from pipeline.wording import NOTHING, Message


class State(enum.Enum):
    """What a unit's PO entry says about its translation."""

    UNTRANSLATED = "untranslated"
    MACHINE = "machine"
    STALE = "stale"
    NEEDS_WORK = "needs work"
    TRANSLATED = "reviewed"


class Severity(enum.IntEnum):
    """How bad a finding is; ``check`` fails at or above a configured one."""

    INFO = 1
    WARNING = 2
    ERROR = 3


@dataclass(frozen=True, slots=True)
class Profile:
    """What one Markdown dialect understands beyond CommonMark."""

    name: str
    kramdown: bool = False
    """Attribute lists, ``$$`` math, tables without a header, its own emphasis."""
    gfm: bool = False
    """Tables, strikethrough, task lists, bare URLs as links; for kramdown: GFM input."""
    liquid: bool = False
    """``{{ … }}`` and ``{% … %}``."""
    shortcodes: bool = False
    """Hugo's ``{{< … >}}`` and ``{{% … %}}``."""
    footnotes: bool = False
    definitions: bool = False
    """Definition lists: ``: text`` below a term."""
    inline_math: str = "auto"
    """``$…$``: ``"auto"`` (only where TeX stands between the dollars), ``"on"`` or ``"off"``."""
    hard_wrap: bool = False
    """Every line break of a paragraph shows as one."""
    wiki_links: str = "auto"
    """``[[Page|text]]``: ``"on"``, ``"off"``, or ``"auto"`` (a bare ``[[Page]]`` gets no text of
    its own where its pipe could make a table)."""
    image_text: bool = True
    """Alternative texts and titles of images are for translators."""
    code_comments: bool = False
    """Comments in fenced code are for translators."""
    admonitions: bool = True
    """``!!! note``, ``??? tip``, ``=== "Tab"`` and ``::: tip``; most dialects have a plugin."""


PROFILES: Mapping[str, Profile] = MappingProxyType(
    {
        profile.name: profile
        for profile in (
            Profile(
                "jekyll", kramdown=True, gfm=True, liquid=True, footnotes=True, definitions=True
            ),
            Profile(
                "kramdown",
                kramdown=True,
                footnotes=True,
                definitions=True,
                admonitions=False,
                wiki_links="off",
            ),
            Profile("gfm", gfm=True, footnotes=True),
            Profile("commonmark", inline_math="off", admonitions=False, wiki_links="off"),
            Profile("hugo", gfm=True, shortcodes=True, footnotes=True, definitions=True),
            Profile("hexo", gfm=True, liquid=True, footnotes=True),
        )
    }
)


@dataclass(frozen=True, slots=True)
class Placeable:
    """A part of an inline text that a translation must carry over as it is.

    ``kind`` is one of the names listed in ``pipeline.inline``; ``text`` is the part itself.
    """

    kind: str
    text: str
    start: int = field(default=0, compare=False)
    end: int = field(default=0, compare=False)
    dest: tuple[int, int] | None = field(default=None, compare=False)
    """Where a link's destination stands in the scanned text, ``[start, end)``."""


FRONT_MATTER = frozenset(("yaml", "yaml-flow", "toml", "json"))
"""How a front-matter value is written; ``yaml-flow`` is YAML in brackets or braces."""


@dataclass(frozen=True, slots=True)
class Segment:
    """One block's inline text: a span of the post that is offered for translation.

    ``msgid`` is the text as a translator sees it (see ``pipeline.markdown``), ``pieces`` the
    verbatim source text behind ``{1}``, ``{2}`` …, ``prefix`` what stands before each further line
    of the span (``"> "``, indentation), ``path`` the headings above it.
    """

    msgid: str
    kind: str
    start: int = field(compare=False)
    end: int = field(compare=False)
    line: int = field(compare=False)
    pieces: tuple[str, ...] = ()
    path: tuple[str, ...] = ()
    context: str | None = None
    note: str = ""
    prefix: str = ""
    hard_break: str = "  "
    """What stands before a line break of the target, so that it shows as one."""
    syntax: str = "markdown"
    """Where it stands: ``markdown``, ``setext``, ``heading``, ``title``, ``label``, ``cell``,
    ``html``, ``code``, or one of ``FRONT_MATTER``."""

    @property
    def key(self) -> tuple[str | None, str]:
        """What ties the segment to its unit: ``(msgctxt, msgid)``."""
        return self.context, self.msgid

    @property
    def is_metadata(self) -> bool:
        """Whether it is a front-matter value: text, but not Markdown."""
        return self.syntax in FRONT_MATTER


@dataclass(frozen=True, slots=True)
class Finding:
    """A quality problem: which check, how bad, where in the post and in the catalog, what to do."""

    check: str
    severity: Severity
    message: Message
    path: str = ""
    line: int = 0
    catalog: str = ""
    catalog_line: int = 0
    hint: Message = NOTHING
    unit: str = ""
    """What the entry is known by, wherever it stands, see ``Unit.id``."""
    quote: str = ""
    """The text that it is about, as it stands in the post or in the translation, if it tells."""
    target: str = ""
    """The part of the translation that holds the quote."""
    fingerprint: str = ""
    """What the same finding is known by in other runs, see ``pipeline.baseline``."""


@dataclass(frozen=True, slots=True)
class Document:
    """A post as it stands on disk, and the segments that lie on it, in order, never overlapping."""

    name: str
    text: str
    segments: tuple[Segment, ...]
    profile: Profile
    lang: str | None = None
    """The language that the front matter declares, as written there."""
    limits: tuple[tuple[int, Message], ...] = ()
    """Lines where a parsing limit was hit, and what is therefore not offered for translation."""
    findings: tuple[Finding, ...] = ()
    """What else of the post could not be read as it was meant."""
    shape: tuple[str, ...] = field(default=(), repr=False)
    """The block structure with all that is not text: what a translation must not change."""
    head: int = 0
    """Where the front matter ends and the body starts."""
    headings: tuple[tuple[int, int, int], ...] = field(default=(), repr=False)
    """Of each heading, where its text stands: index in ``shape``, start and end in ``text``."""
    kept: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    """Where texts stand that hold nothing to translate, but links perhaps: start and end."""
    html: tuple[tuple[int, int], ...] = field(default=(), repr=False)
    """Where the markup of HTML blocks stands: start and end."""


@lru_cache(maxsize=1024)  # a unit is asked for its state again and again
def fingerprint(text: str) -> str:
    """Return the short hash of ``text`` that an origin comment carries as ``src=``."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:8]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a translation that no person has confirmed comes from.

    In the PO file it is the translator comment ``# machine: NAME src=HASH`` or, when ``kind`` is
    ``"memory"``, ``# memory: 92 % src=HASH`` (``name`` is then the score, ``"92 %"``). A ``draft``
    must not go live unread; its comment says ``# machine: NAME (draft) src=HASH``.
    """

    kind: str
    name: str
    src: str
    draft: bool = False


@dataclass(frozen=True, slots=True)
class Unit:
    """One PO entry.

    ``flags`` leaves out ``fuzzy``, ``comments`` (``# …``) the origin; ``notes`` are the extracted
    comments (``#. …``); texts are unescaped, comment texts are without their marker.
    """

    msgid: str
    msgstr: str = ""
    context: str | None = None
    fuzzy: bool = False
    origin: Origin | None = None
    previous: str | None = None
    previous_context: str | None = None
    comments: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    flags: tuple[str, ...] = ()
    obsolete: bool = False
    plural: str | None = None
    plurals: tuple[str, ...] = ()
    previous_plural: str | None = None
    line: int = field(default=0, compare=False)

    @property
    def key(self) -> tuple[str | None, str]:
        """What identifies the entry within its catalog: ``(msgctxt, msgid)``."""
        return self.context, self.msgid

    @property
    def id(self) -> str:
        """A short text that stands for the key."""
        return fingerprint("\x04".join(part for part in self.key if part is not None))

    @property
    def state(self) -> State:
        """The unit's state, as the flag, the previous msgid and the origin's hash tell it."""
        if not self.msgstr:
            return State.UNTRANSLATED
        if not self.fuzzy:
            return State.TRANSLATED
        if self.previous is not None:
            return State.STALE
        if self.origin is None:
            return State.NEEDS_WORK
        return State.MACHINE if self.origin.src == fingerprint(self.msgid) else State.STALE


@dataclass(frozen=True, slots=True)
class Catalog:
    """One PO file: header, units in the order of the post, obsolete ones last.

    ``header`` holds the header fields in order, ``header_comments`` the comment lines above them.
    ``source`` holds, by its key, each unit as it was read and the very lines it was read from.
    ``digest`` stands for the content of the file that it was read from, ``""`` for no file: the
    catalog takes the place of that content only. With ``None`` it takes the place of any.
    ``oddities`` name what of the file's form the next write will change.
    """

    path: Path
    locale: str
    units: tuple[Unit, ...] = ()
    header: tuple[tuple[str, str], ...] = ()
    header_comments: tuple[str, ...] = ()
    source: Mapping[tuple[str | None, str], tuple[Unit, str]] = field(
        default_factory=dict, compare=False, repr=False
    )
    digest: str | None = field(default=None, compare=False, repr=False)
    oddities: tuple[str, ...] = field(default=(), compare=False)


@dataclass(frozen=True, slots=True)
class Term:
    """A glossary row for one direction: ``source`` is to be rendered as ``target``.

    The texts in ``also`` will do as well, those in ``forbidden`` never. ``part_of_speech`` is
    ``noun``, ``verb`` …, or empty.
    """

    source: str
    target: str
    note: str = ""
    case_sensitive: bool = False
    keep: bool = False
    forbidden: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    part_of_speech: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A term found in a text, at ``[start, end)``."""

    term: Term
    start: int
    end: int
