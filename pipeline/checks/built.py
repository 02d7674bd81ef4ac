"""Checks of the built posts as they stand on disk: where their links lead, in every language."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from pipeline.checks.pair import Rule, show
from pipeline.checks.site import Facts, is_missing
from pipeline.model import Finding, Severity
from pipeline.tree import Content, Tree, Version

BUILT_LINK = Rule(
    "built-link",
    "built",
    Severity.ERROR,
    "Find links in built posts to posts of the project that are not there.\n\n"
    "Looked at are the files that diglot build wrote, and in them links to .md files,\n"
    "{% post_url %} and {% link %}, Hugo's ref and relref, and addresses of posts, in Markdown\n"
    "and in <a href>. A post that is there but not built yet is a warning. What is wrong in the\n"
    "post itself is found there, by link-missing-file.\n\n"
    "Wrong: [Preface](preface.md) in site/zh-CN/a.md, and no site/zh-CN/preface.md\n"
    "Right: [Preface](../en/preface.md), where it has no version in Chinese",
    "Run diglot build, for all posts and languages.",
)
BUILT_FRAGMENT = Rule(
    "built-fragment",
    "built",
    Severity.ERROR,
    "Find #anchors that work in a post and not in a built version of it.\n\n"
    "What a version offers is what its renderer makes of it: the ids of headings, of HTML and of\n"
    "attribute lists, the names of <a>, and footnotes.\n\n"
    "Wrong: [above](#setup) where the built heading is 安装 and has no other id\n"
    "Right: [above](#setup) and ## 安装 {#setup}",
    "Set keep_heading_ids = true, or give the heading an id of its own.",
)
BUILT_ANCHOR = Rule(
    "built-anchor",
    "built",
    Severity.WARNING,
    "Find #anchors that lead to another place in a built version than in the post.\n\n"
    "A browser goes to the first of two elements with one id. In GFM, CommonMark and Hexo a\n"
    'heading keeps its id as <a id="…">, while the renderer gives it a new one, which may be that\n'
    "of another heading.\n\n"
    'Wrong: ## Setup above ## <a id="setup"></a>Installation, which was Setup in the post\n'
    'Right: ## Preparations above ## <a id="setup"></a>Installation',
    "Translate one of the two headings in other words.",
)
BUILT_LANGUAGE = Rule(
    "built-language",
    "built",
    Severity.WARNING,
    "Find links in built posts that lead to the wrong version of another post.\n\n"
    "Right is the version in the same language if it is published, else the source. Links get old\n"
    "where only some of the posts are built anew.\n\n"
    "Wrong: ../en/b.md in site/zh-CN/a.md, where site/zh-CN/b.md is published\n"
    "Right: ../en/b.md in site/zh-CN/a.md, where site/zh-CN/b.md is a draft",
    "Run diglot build, for all posts and languages.",
)
BUILT_FILE = Rule(
    "built-file",
    "built",
    Severity.WARNING,
    "Find built posts that are missing, changed by hand or out of date (a note).\n\n"
    "The next build overwrites what was changed in a built post. What a post that is out of date\n"
    "says is not looked at.\n\n"
    "Wrong: a typo corrected in site/zh-CN/a.md\n"
    "Right: a typo corrected in posts/a.md or in locales/zh_CN/LC_MESSAGES/a.po",
    "",
)

RULES = (BUILT_LINK, BUILT_FRAGMENT, BUILT_ANCHOR, BUILT_LANGUAGE, BUILT_FILE)


def check_tree(
    tree: Tree, facts: Sequence[Facts], locales: Collection[str], *, keeps_ids: bool
) -> Iterator[Finding]:
    """Yield what is wrong with the built versions, in ``locales``, of the posts of ``facts``.

    ``keeps_ids`` says whether headings are to keep the ids of their source.
    """
    if all(version.missing for version in tree.versions):
        return  # nothing is built yet, or not any more
    about = {post.name: post for post in facts}
    versions = [v for v in tree.versions if v.post in about and v.locale in locales]
    yield from _of_files(versions, about)
    for version in versions:
        if content := version.current:
            found = [*_of_links(tree, version, content, about)]
            if keeps_ids and not (version.is_source or version.changed):
                found += _of_anchors(version, content, about)
            silenced = about[version.post].silenced
            yield from (f for f in found if not {"built", f.check} & set(silenced))


def _found(
    rule: Rule,
    version: Version,
    message: str,
    line: int = 0,
    *,
    hint: str = "",
    severity: Severity | None = None,
) -> Finding:
    return Finding(
        rule.id,
        rule.severity if severity is None else severity,
        message,
        version.name,
        line,
        version.catalog,
        hint=hint or rule.hint,
    )


def _of_files(versions: Sequence[Version], about: Mapping[str, Facts]) -> Iterator[Finding]:
    """Yield how files stand; what one build will mend for all is said once."""
    heard = [v for v in versions if not {"built", BUILT_FILE.id} & set(about[v.post].silenced)]
    for version in heard:
        if version.changed:
            hint = (
                "Change the post, or the translation in its catalog: the next build overwrites it."
            )
            yield _found(BUILT_FILE, version, "the built post was changed by hand", hint=hint)
    hint = "Run diglot build."
    if missing := [version for version in heard if version.missing]:
        yield _found(BUILT_FILE, missing[0], _all_of(missing, "missing"), hint=hint)
    if old := [version for version in heard if version.outdated and not version.missing]:
        message = _all_of(
            old, "older than what they are made from", "older than what it is made from"
        )
        yield _found(BUILT_FILE, old[0], message, hint=hint, severity=Severity.INFO)


def _all_of(versions: Sequence[Version], what: str, of_one: str = "") -> str:
    others = len(versions) - 1
    if not others:
        return f"the built post is {of_one or what}"
    return f"this and {others} more built posts are {what}"


def _of_links(
    tree: Tree, version: Version, content: Content, about: Mapping[str, Facts]
) -> Iterator[Finding]:
    for dest, line in content.links:
        target = tree.follow(dest, version)
        if target is None:
            continue
        if target.version is None:
            if not _is_lost(tree, dest, about[version.post]):
                yield _no_target(tree, version, dest, line)
        elif there := target.version.current:
            yield from _of_language(tree, version, target.version, dest, line)
            lost = is_missing(target.anchor, there.anchors)
            if lost and target.anchor in _source_anchors(tree, about, target.version.post):
                message = f'there is no "#{show(target.anchor, 40)}" in {target.version.name}'
                yield _found(BUILT_FRAGMENT, version, message, line)


def _no_target(tree: Tree, version: Version, dest: str, line: int) -> Finding:
    if tree.post_of(dest, version.post):
        message = f"the link {show(dest)} leads to a post that is not built"
        return _found(BUILT_LINK, version, message, line, severity=Severity.WARNING)
    message = f"the link {show(dest)} leads to no post"
    return _found(BUILT_LINK, version, message, line)


def _is_lost(tree: Tree, dest: str, post: Facts) -> bool:
    """Tell whether a link leads nowhere in the post itself; that is found there."""
    return any(dest == own for own, _ in post.links) and tree.post_of(dest, post.name) is None


def _of_language(
    tree: Tree, version: Version, there: Version, dest: str, line: int
) -> Iterator[Finding]:
    right = tree.preferred(there.post, version.locale)
    if there.post == version.post or right is None or right is there or right.current is None:
        return
    why = "which is a draft" if there.draft else f"though {right.name} is published"
    message = f"the link {show(dest)} leads to {there.name}, {why}"
    yield _found(BUILT_LANGUAGE, version, message, line)


def _source_anchors(tree: Tree, about: Mapping[str, Facts], post: str) -> Mapping[str, int]:
    """Return the anchors of a post: as it stands or, if it is not looked at, as it was built.

    What has no such anchor in the post itself is found there.
    """
    if post in about:
        return dict(about[post].anchors)
    source = tree.source_of(post)
    return source.content.anchors if source and source.content else {}


def _of_anchors(
    version: Version, content: Content, about: Mapping[str, Facts]
) -> Iterator[Finding]:
    """Yield the anchors that lead to another heading than in the post."""
    before = dict(about[version.post].anchors)
    lines = (1, *content.headings)
    for anchor, place in content.anchors.items():
        if before.get(anchor, place) != place:
            message = f'"#{show(anchor, 40)}" leads here, and to another place in the post'
            yield _found(BUILT_ANCHOR, version, message, lines[place])
