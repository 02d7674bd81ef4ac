"""How a post is published in each locale: draft marks, added front matter, notices.

A post whose translation would damage it is refused with findings that name the PO entry; it is
never written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pipeline.addresses import addresses, permalink
from pipeline.built import BuildOptions, Built
from pipeline.constructs.front_matter import Field, FrontMatter, dotted, read
from pipeline.constructs.front_matter import Path as KeyPath
from pipeline.errors import PipelineError
from pipeline.files import Replacement, digest, digest_of
from pipeline.glossary import load_glossary
from pipeline.links import destinations, host_of, leads_to_a_post
from pipeline.model import Catalog, Finding, Segment, Severity
from pipeline.outputs.notice import Notice, source_link
from pipeline.outputs.post import build_post, differences
from pipeline.pins import Pin, pins
from pipeline.policy import NOTHING, Shown, refused, shown
from pipeline.project import Post, Project, bcp47, glossary_paths, output_path
from pipeline.wording import Message
from pipeline.workspace import Source, existing_catalog, read_source

_DRAFT_MARKS = {"jekyll": "published", "kramdown": "published", "hexo": "published"}


def publish_post(options: BuildOptions, project: Project, post: Post) -> list[Built]:
    """Build a post in every locale, its own included, and make sure that each is whole.

    Raises:
        PipelineError: there is no catalog, or it cannot be read.
    """
    source = read_source(project, post)
    links = _links(project, source)
    fields = _head(source).fields
    versions = [
        Built(
            locale,
            str(output_path(project, post, locale)),
            post=post.name,
            is_source=locale == source.locale,
            addresses=addresses(project, post, fields, source.locale, locale),
            links=links,
        )
        for locale in project.locales
        if not options.locales or locale in options.locales
    ]
    planned = [
        _Plan(built) if built.is_source else _planned(project, source, built, options)
        for built in versions
    ]
    published = tuple(
        bcp47(plan.built.locale)
        for plan in planned
        if not (plan.built.draft or plan.built.findings)
    )
    return [_version(project, source, plan, options, published) for plan in planned]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be built of a post in one locale; without a catalog, it is the source."""

    built: Built
    catalog: Catalog | None = None
    shown: Shown = NOTHING


def _links(project: Project, source: Source) -> tuple[str, ...]:
    hosts = {host for group in project.hosts for host in group.values()}
    found = {
        dest
        for dest in destinations(source.document)
        if (host_of(dest) in hosts if "://" in dest else leads_to_a_post(dest))
    }
    return tuple(sorted(found))


def _head(source: Source) -> FrontMatter:
    document = source.document
    return read(document.name, document.text, document.profile)


def _planned(project: Project, source: Source, built: Built, options: BuildOptions) -> _Plan:
    catalog = existing_catalog(project, source, built.locale)
    found = shown(project, source, built.locale, catalog)
    draft = found.is_draft(project.threshold) and not options.publish_drafts
    findings = tuple(refused(source, built.locale, catalog, found))
    return _Plan(replace(built, draft=draft, findings=findings), catalog, found)


def _version(
    project: Project,
    source: Source,
    plan: _Plan,
    options: BuildOptions,
    published: tuple[str, ...],
) -> Built:
    """Return a version as it is to be written, or why it is not whole."""
    built, catalog = plan.built, plan.catalog
    if built.findings:
        return built
    fields = _fields(project, source, plan, options, published)
    if catalog is None:
        return _written(built, _spliced(source, {}, fields, [], {}, ""))
    values = _terms(project, source, built.locale)
    targets = plan.shown.targets
    pinned = pins(source.document, targets) if project.keep_heading_ids else None
    notice = ""
    if options.added_keys:
        notice = notice_block(project, source, built.locale, plan.shown, built)
    text = _spliced(source, targets, fields, pinned or [], values, notice)
    keys, readings = project.front_matter, source.readings
    changed = differences(source.document, text, keys, fields, pinned, values, readings, notice)
    if changed:
        damaged = tuple(damage(source, catalog, reason) for reason in changed)
        return replace(built, findings=damaged)
    return _written(replace(built, marked=built.draft and bool(fields)), text)


def notice_block(
    project: Project, source: Source, locale: str, found: Shown, here: Built | None = None
) -> str:
    """Return what tells readers of machine text, nothing where there is none to be told of.

    With ``here``, the version that it is for, it leads to the source.
    """
    if not (project.notice and found.machine):
        return ""
    notice = Notice(
        locale,
        source.locale,
        segments=found.total,
        machine=found.machine,
        reviewed=found.reviewed,
        link=_link_to_source(project, source, here) if here else "",
    )
    return notice.block(source.document.profile)


def _link_to_source(project: Project, source: Source, here: Built) -> str:
    fields = _head(source).fields
    if fields.get("published") == "false" or fields.get("draft") == "true":
        return ""
    there = str(output_path(project, source.post, source.locale))
    own = addresses(project, source.post, fields, source.locale, source.locale)
    address = "".join(own[:1])
    if ":" in address or address in here.addresses[:1]:
        return ""  # only the site knows which version is where
    return source_link(project, source.post, here.path, there, source.locale, address)


def _terms(project: Project, source: Source, locale: str) -> dict[KeyPath, str]:
    """Return the front-matter values, such as tags, that are terms, with their translations."""
    head = _head(source)
    found = [
        entry
        for entry in head.tree.entries
        if entry.is_text and not entry.anchors and dotted(entry.path) in project.glossary_keys
    ]
    if not found:
        return {}
    glossary = load_glossary(glossary_paths(project, source.post), source.locale, locale)
    terms = {term.source.casefold(): term.target for term in reversed(glossary.terms)}
    values = {entry.path: terms.get(entry.text.casefold(), "") for entry in found}
    return {path: value for path, value in values.items() if value}


def _written(built: Built, text: str) -> Built:
    data = text.encode("utf-8")
    has = digest(data)
    if not built.links and digest_of(Path(built.path)) == has:
        return replace(built, digest=has)
    return replace(built, digest=has, new=Replacement(Path(built.path), data))


def damage(source: Source, catalog: Catalog, reason: Message) -> Finding:
    """Return the finding that a built post would not be whole."""
    return Finding(
        "build",
        Severity.ERROR,
        Message("the built post would not be whole: {reason}", reason=reason),
        path=source.post.name,
        line=1,
        catalog=str(catalog.path),
        hint=Message("Look for markup in a translation near that place."),
    )


def _spliced(
    source: Source,
    targets: Mapping[Segment, str],
    fields: Mapping[str, Field],
    pinned: Sequence[Pin],
    values: Mapping[KeyPath, str],
    notice: str,
) -> str:
    try:
        return build_post(source.document, targets, fields, pinned, values, notice)
    except PipelineError as error:
        error.path = source.post.path
        raise


def _fields(
    project: Project,
    source: Source,
    plan: _Plan,
    options: BuildOptions,
    published: tuple[str, ...],
) -> dict[str, Field]:
    """Return the front-matter fields to add; where there is none, only a layout wants some.

    What the author has set stands, but for the language of a translation and the draft mark.
    """
    head = _head(source)
    if not (options.added_keys and (head.syntax or project.wants_head)):
        return {}
    locale, translated = plan.built.locale, plan.catalog is not None
    fields: dict[str, Field] = {"lang": bcp47(locale), project.link_key: source.post.stem}
    fields |= _about_translation(source, plan) if translated else {}
    fields |= {"alternates": published} if len(published) > 1 else {}
    kept = set(head.keys) - ({"lang"} if translated else set())
    fields = {key: value for key, value in fields.items() if key not in kept}
    if project.permalink:
        address = permalink(project, head.fields, locale, translated=translated)
        fields |= {"permalink": address} if address else {}
    return fields | draft_mark(project) if plan.built.draft else fields


def _about_translation(source: Source, plan: _Plan) -> dict[str, Field]:
    """Return how far a translation is, and which text it was made from."""
    total = plan.shown.total
    share = 100 * plan.shown.reviewed // total if total else 100
    made_from = f"{source.post.name}@{digest(source.document.text.encode('utf-8'))[:12]}"
    return {
        "translation": plan.shown.mark,
        "translation_reviewed": share,
        "translated_from": made_from,
    }


def draft_mark(project: Project) -> dict[str, Field]:
    """Return the front-matter field that keeps a post from going live."""
    key = _DRAFT_MARKS.get(project.profile.name)
    return {key: False} if key else {"draft": True}
