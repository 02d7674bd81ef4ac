"""The built posts as they stand on disk, read again where they have changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import unquote

from pipeline.anchors import places
from pipeline.batch import Inputs
from pipeline.errors import PipelineError
from pipeline.files import digest
from pipeline.leavings import Leavings, Written
from pipeline.links import PostNames, leads_to_a_post, links_with_lines, reference
from pipeline.markdown import parse
from pipeline.memo import Memo
from pipeline.parallel import in_order
from pipeline.project import Post, Project, bcp47, catalog_name, find_posts, output_name
from pipeline.tree import Content, Tree, Version


def read_tree(inputs: Inputs) -> Tree:
    """Return what builds of posts have written, as far as the project still has the posts."""
    project = inputs.project
    posts = find_posts(project) if inputs.names else inputs.posts
    written = Leavings.open(project.root, "posts").files
    files = dict(_files(project, posts, written)) if written else {}
    contents = _contents(project, files)
    versions = [
        _version(inputs, name, *files[name], written[name], *contents[name]) for name in files
    ]
    return Tree(
        versions,
        PostNames(post.name for post in posts),
        language=lambda locale: bcp47(locale).lower(),
        exists=lambda name: (project.root / name).exists(),
    )


def _files(
    project: Project, posts: Iterable[Post], written: Mapping[str, Written]
) -> Iterator[tuple[str, tuple[Post, str]]]:
    """Yield the name of every built file, and what it is a version of."""
    for post in posts:
        for locale in project.locales:
            name = output_name(project, post, locale)
            if name in written:
                yield name, (post, locale)


def _version(
    inputs: Inputs,
    name: str,
    post: Post,
    locale: str,
    record: Written,
    seen: str,
    content: Content | None,
) -> Version:
    project = inputs.project
    catalog = "" if record.is_source else str(project.root / catalog_name(project, post, locale))
    return Version(
        name,
        post.name,
        locale,
        record.is_source,
        catalog,
        record.addresses,
        record.draft,
        missing=not seen,
        changed=bool(seen) and seen != record.digest,
        outdated=inputs.made_from(post, locale) != record.made_from,
        content=content,
    )


def _contents(project: Project, names: Iterable[str]) -> dict[str, tuple[str, Content | None]]:
    """Return the digest of each file, "" for one that is not there, and what it says."""
    conditions = repr((project.profile, project.front_matter))
    memo = Memo.open(project.root, "tree", conditions)
    found: dict[str, tuple[str, Content | None]] = {}
    left, size = [], 0
    for name in names:
        data = _data(project, name)
        seen = "" if data is None else digest(data)
        known = memo.get(name, seen)
        found[name] = seen, _unpacked(known) if known else None
        if seen and known is None:
            left.append(name)
            size += len(data or b"")
    for name, new in zip(left, in_order(partial(_read, project), left, size), strict=True):
        found[name] = seen, content = new
        if content:
            memo.put(name, seen, [content.anchors, content.headings, content.links])
    memo.keep_only(found)
    memo.save()
    return found


def _data(project: Project, name: str) -> bytes | None:
    try:
        # Making thousands of paths would take longer than reading.
        with open(f"{project.root}/{name}", "rb") as file:  # noqa: PTH123
            return file.read()
    except OSError:
        return None


def _read(project: Project, name: str) -> tuple[str, Content | None]:
    """Return digest and content of a file."""
    data = _data(project, name)
    if data is None:
        return "", None
    try:
        text = data.decode("utf-8")
        document = parse(name, text, project.profile, project.front_matter)
    except (PipelineError, UnicodeDecodeError):  # it was changed by hand, which is said
        return digest(data), None
    anchors = places(document)
    starts = [start for _, start, _ in document.headings]
    return digest(data), Content(
        anchors,
        tuple(text.count("\n", 0, start) + 1 for start in starts),
        tuple((dest, line) for dest, line in links_with_lines(document) if _matters(dest, anchors)),
    )


def _matters(dest: str, anchors: Mapping[str, int]) -> bool:
    """Tell whether a link may lead to another post, or to what the post itself has not."""
    if dest.startswith("#"):
        return unquote(dest[1:]) not in anchors
    return leads_to_a_post(dest) or reference(dest) is not None


def _unpacked(row: Sequence[Any]) -> Content:
    anchors, headings, links = row
    return Content(anchors, headings, tuple(map(tuple, links)))
