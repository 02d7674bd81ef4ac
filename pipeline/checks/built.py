"""Checks of the built posts as they stand on disk: where their links lead, in every language."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from pipeline.checks.pair import Rule, show
from pipeline.checks.site import Facts, is_missing
from pipeline.model import Finding, Severity
from pipeline.tree import Content, Tree, Version
from pipeline.wording import NOTHING, Message, counted

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
    Message("Run diglot build, for all posts and languages."),
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
    Message("Set keep_heading_ids = true, or give the heading an id of its own."),
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
    Message("Translate one of the two headings in other words."),
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
    Message("Run diglot build, for all posts and languages."),
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
    message: Message,
    line: int = 0,
    *,
    hint: Message = NOTHING,
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
            hint = Message(
                "Change the post, or the translation in its catalog: the next build overwrites it."
            )
            message = Message("the built post was changed by hand")
            yield _found(BUILT_FILE, version, message, hint=hint)
    hint = Message("Run diglot build.")
    if missing := [version for version in heard if version.missing]:
        message = counted(
            "the built post is missing",
            "this and {others} more built posts are missing",
            len(missing),
            others=len(missing) - 1,
        )
        yield _found(BUILT_FILE, missing[0], message, hint=hint)
    if old := [version for version in heard if version.outdated and not version.missing]:
        message = counted(
            "the built post is older than what it is made from",
            "this and {others} more built posts are older than what they are made from",
            len(old),
            others=len(old) - 1,
        )
        yield _found(BUILT_FILE, old[0], message, hint=hint, severity=Severity.INFO)


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
                message = Message(
                    'there is no "#{anchor}" in {name}',
                    anchor=show(target.anchor, 40),
                    name=target.version.name,
                )
                yield _found(BUILT_FRAGMENT, version, message, line)


def _no_target(tree: Tree, version: Version, dest: str, line: int) -> Finding:
    if tree.post_of(dest, version.post):
        message = Message("the link {dest} leads to a post that is not built", dest=show(dest))
        return _found(BUILT_LINK, version, message, line, severity=Severity.WARNING)
    message = Message("the link {dest} leads to no post", dest=show(dest))
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
    if there.draft:
        message = Message(
            "the link {dest} leads to {name}, which is a draft", dest=show(dest), name=there.name
        )
    else:
        message = Message(
            "the link {dest} leads to {name}, though {other} is published",
            dest=show(dest),
            name=there.name,
            other=right.name,
        )
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
            message = Message(
                '"#{anchor}" leads here, and to another place in the post', anchor=show(anchor, 40)
            )
            yield _found(BUILT_ANCHOR, version, message, lines[place])
