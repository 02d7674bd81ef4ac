"""Checks across a project: of small facts that each post leaves, joined when all are there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.checks.pair import Rule, show
from pipeline.links import PostNames
from pipeline.model import Finding, Severity
from pipeline.wording import Message

INCONSISTENT = Rule(
    "inconsistent",
    "site",
    Severity.INFO,
    "Find texts that the project translates in two ways.\n\n"
    "Only what people have confirmed counts, between the same two languages; two translations are\n"
    "right where msgctxt tells the two texts apart.\n\n"
    "Wrong: Next steps → 下一步 in one post, Next steps → 后续步骤 in another\n"
    "Right: Next steps → 下一步 in both",
    Message("Choose one of them, or ask for two with <!-- i18n:context: … -->."),
)
LINK_MISSING_FILE = Rule(
    "link-missing-file",
    "site",
    Severity.ERROR,
    "Find links to posts of the project, and to #anchors, that do not exist.\n\n"
    "Looked at are links to .md files, {% post_url %} and {% link %}, Hugo's ref and relref, and\n"
    "#anchors in a post itself or in one that is linked by its file, in Markdown and in <a href>.\n"
    "#top is the top of every page.\n\n"
    "Wrong: [Preface]({% post_url 2024-01-01-b %}) where there is no such post\n"
    "Right: [mail](mailto:a@ex.org)",
    Message("Correct the link, or add the post or heading."),
)
COUNTERPART = Rule(
    "counterpart",
    "site",
    Severity.WARNING,
    "Find posts without a counterpart, and counterparts whose front matter has drifted.\n\n"
    "Posts that are written in both languages by hand are tied by the same value under link_key.\n"
    "Where a project has such pairs, one that lacks its other half is found, and one whose halves\n"
    "have different dates, tags, categories or layouts.\n\n"
    "Wrong: a post with translation_key: intro in English, no post and no catalog in Chinese\n"
    "Right: two posts with translation_key: intro, and the same date in both",
    Message("Translate the post, or make the front matter of both agree."),
)

RULES = (INCONSISTENT, LINK_MISSING_FILE, COUNTERPART)


@dataclass(frozen=True, slots=True)
class Facts:
    """What one post says about itself to the rest of the project; all of it JSON can hold.

    ``anchors`` are (id, number of headings before it, its own included), ``links`` (destination,
    line), ``texts`` (target locale, msgid, msgstr, line in the post,
    catalog, line there) of confirmed translations, ``fields`` the front matter that counterparts
    share, ``silenced`` the checks that the post's file is not asked about.
    """

    name: str
    locale: str
    key: str
    catalogs: tuple[str, ...]
    anchors: tuple[tuple[str, int], ...]
    links: tuple[tuple[str, int], ...]
    texts: tuple[tuple[str, str, str, int, str, int], ...]
    fields: tuple[tuple[str, str], ...]
    silenced: tuple[str, ...]

    @classmethod
    def unpacked(cls, row: Sequence[object]) -> Facts:
        """Return the facts that were written as JSON with ``dataclasses.astuple``."""
        return cls(*(tuple(map(_hashable, v)) if isinstance(v, list) else v for v in row))  # type: ignore[arg-type]


def _hashable(value: object) -> object:
    return tuple(value) if isinstance(value, list) else value


def check_site(
    facts: Sequence[Facts], names: Iterable[str], locales: Sequence[str]
) -> Iterator[Finding]:
    """Yield what is wrong between posts; ``names`` are those of all posts of the project."""
    yield from _inconsistent(facts)
    yield from _missing(facts, frozenset(names))
    yield from _counterparts(facts, locales)


def _found(
    rule: Rule, post: Facts, message: Message, line: int = 1, catalog: str = "", at: int = 0
) -> Iterator[Finding]:
    if not {rule.id, rule.family} & set(post.silenced):
        yield Finding(rule.id, rule.severity, message, post.name, line, catalog, at, rule.hint)


def _inconsistent(facts: Iterable[Facts]) -> Iterator[Finding]:
    first: dict[tuple[str, str, str], tuple[str, str]] = {}
    for post in facts:
        for locale, msgid, msgstr, line, catalog, at in post.texts:
            where = f"{post.name}:{line}"
            known, place = first.setdefault((post.locale, locale, msgid), (msgstr, where))
            if known != msgstr:
                message = Message(
                    '"{msgid}" is "{here}" here, "{there}" in {place}',
                    msgid=show(msgid, 30),
                    here=show(msgstr, 30),
                    there=show(known, 30),
                    place=place,
                )
                yield from _found(INCONSISTENT, post, message, line, catalog, at)


def _missing(facts: Sequence[Facts], names: frozenset[str]) -> Iterator[Finding]:
    anchors = {post.name: dict(post.anchors) for post in facts}
    known = PostNames(names)
    for post in facts:
        for dest, line in post.links:
            page, anchor = known.resolve(dest, post.name)
            if page is None:
                message = Message("there is no post for the link {dest}", dest=show(dest))
                yield from _found(LINK_MISSING_FILE, post, message, line)
            elif page in anchors and is_missing(anchor, anchors[page]):
                message = Message(
                    'there is no heading "#{anchor}" in {page}', anchor=show(anchor, 40), page=page
                )
                yield from _found(LINK_MISSING_FILE, post, message, line)


def is_missing(anchor: str, anchors: Container[str]) -> bool:
    """Tell whether nothing of a page is what ``#anchor`` leads to; its top always is."""
    return anchor.lower() not in ("", "top") and anchor not in anchors


def _counterparts(facts: Sequence[Facts], locales: Sequence[str]) -> Iterator[Finding]:
    groups: dict[str, list[Facts]] = defaultdict(list)
    for post in facts:
        if post.key:
            groups[post.key].append(post)
    if not any(len({post.locale for post in group}) > 1 for group in groups.values()):
        return
    for key, group in groups.items():
        there = {post.locale for post in group}.union(*(post.catalogs for post in group))
        for locale in locales:
            if locale not in there:
                message = Message(
                    'there is no version in {locale} of the post with the key "{key}"',
                    locale=locale,
                    key=show(key, 40),
                )
                yield from _found(COUNTERPART, group[0], message)
        yield from _drifted(group)


def _drifted(group: Sequence[Facts]) -> Iterator[Finding]:
    first = dict(group[0].fields)
    for post in group[1:]:
        for name, value in post.fields:
            if name in first and first[name] != value:
                message = Message(
                    '"{name}" is {here} here, {there} in {place}',
                    name=name,
                    here=show(value, 30),
                    there=show(first[name], 30),
                    place=group[0].name,
                )
                yield from _found(COUNTERPART, post, message)
