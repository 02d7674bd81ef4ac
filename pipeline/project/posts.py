"""A project's posts: which files they are, their language, and the files that belong to them."""

from __future__ import annotations

import os
import posixpath
import re
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path, PurePosixPath
from typing import NoReturn

from pipeline.errors import PipelineError
from pipeline.patterns import lazy
from pipeline.project.locales import bcp47, guess_locale, match_locale
from pipeline.project.settings import Project
from pipeline.wording import Message, listed

POST_FOLDERS: Mapping[str, str] = {
    "_posts": "jekyll",
    "source/_posts": "hexo",
    "content/posts": "hugo",
    "content/post": "hugo",
    "content": "hugo",
}
"""Folders where site generators keep posts, and the profile that fits each."""

_UNWRITABLE = lazy("[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Post:
    """One source file: ``name`` is its path from the root, ``relative`` from the posts folder."""

    name: str
    path: Path
    relative: str

    @property
    def stem(self) -> str:
        """``relative`` without its ending."""
        return posixpath.splitext(self.relative)[0]


def find_posts(project: Project) -> list[Post]:
    """Return the project's posts in the order of their names.

    Hidden files and folders are passed over. Raises ``PipelineError`` where there is no post, where
    a link leads out of the project, and where two posts, or a post and a built file, are in each
    other's way.
    """
    folder = posts_folder(project)
    prefix = _prefix(project)
    posts = sorted(
        (
            Post(prefix + name, folder / name, name)
            for name in _files(project, folder)
            if _is_post(project, name)
        ),
        key=lambda post: post.name,
    )
    if not posts:
        patterns = listed(project.patterns)
        place = project.source.place
        raise PipelineError(
            Message("There is no post ({patterns}) here", patterns=patterns),
            path=folder,
            hint=Message(
                "Put a Markdown file there, or set posts or patterns in {place}.", place=place
            ),
        )
    for post in posts:
        _refuse_unusable(project, post)
    _refuse_collisions(project, posts)
    return posts


def catalog_path(project: Project, post: Post, locale: str) -> Path:
    """Return the PO file of a post's translation to ``locale``."""
    return inside(project.root, catalog_name(project, post, locale))


def catalog_name(project: Project, post: Post, locale: str) -> str:
    """Return the path of a post's PO file from the root, wherever links on it lead."""
    return f"{project.catalogs}/{locale}/LC_MESSAGES/{post.stem}.po"


def catalog_folder(project: Project) -> Path:
    """Return the folder of the PO files, which need not exist."""
    return inside(project.root, project.catalogs)


def template_path(project: Project, post: Post) -> Path:
    """Return the POT file of a post."""
    return inside(project.root, f"{project.catalogs}/templates/{post.stem}.pot")


def output_path(project: Project, post: Post, locale: str) -> Path:
    """Return the file that the build writes for a post in ``locale``."""
    return inside(project.root, output_name(project, post, locale))


def output_name(project: Project, post: Post, locale: str) -> str:
    """Return the path of a built post from the root, wherever links on it lead."""
    path = built_path(project, post)
    stem, suffix = posixpath.splitext(path)
    name = project.output.format(
        lang=bcp47(locale),
        tag=bcp47(locale).lower(),
        locale=locale,
        path=path,
        stem=stem,
        name=posixpath.basename(path),
        suffix=suffix,
    )
    return posixpath.normpath(name)


def built_path(project: Project, post: Post) -> str:
    """Return the post's path from the posts folder as its versions have it.

    A language at the end of its name is left out where the site's generator would read it.
    """
    stem, dot, tag = post.stem.rpartition(".")
    if not (project.reads_names and dot and "/" not in tag):
        return post.relative
    named = match_locale(tag, project.locales)
    return stem + posixpath.splitext(post.relative)[1] if named else post.relative


def page_path(project: Project, post: Post, locale: str, kind: str, ending: str = "") -> Path:
    """Return the file for a page of some ``kind`` that shows a post beside its translation.

    It has the post's own ending or, if given, another one. Raises ``PipelineError`` where the
    pages would lie among the posts.
    """
    if f"{project.pages}/".startswith(_prefix(project)):
        hint = Message("Choose another folder.")
        raise project.source.error("pages", Message("the pages would lie among the posts"), hint)
    name = post.stem + ending if ending else post.relative
    return inside(project.root, f"{project.pages}/{kind}/{bcp47(locale)}/{name}")


def glossary_path(project: Project) -> Path:
    """Return the project's glossary, which need not exist."""
    return inside(project.root, project.glossary)


def glossary_paths(project: Project, post: Post) -> list[Path]:
    """Return the glossaries that hold for a post, the project's first, the nearest last.

    That of the folder ``2026/notes`` of posts is ``2026/notes.csv`` in a folder beside the
    project's glossary that has its name without the ending. None of them need exist.
    """
    folder = posixpath.splitext(project.glossary)[0]
    parents = [str(parent) for parent in PurePosixPath(post.relative).parents][-2::-1]
    names = [f"{folder}/{parent}.csv" for parent in parents]
    return [glossary_path(project), *(inside(project.root, name) for name in names)]


def glossary_files(project: Project) -> list[Path]:
    """Return all glossaries that exist, the project's first, outer ones before inner ones."""
    name = posixpath.splitext(project.glossary)[0]
    folder = inside(project.root, name)
    below = sorted(folder.rglob("*.csv"), key=lambda path: (len(path.parts), path))
    paths = [glossary_path(project), *below]
    names = [path.relative_to(project.root).as_posix() for path in paths if path.is_file()]
    return [inside(project.root, name) for name in names]


def inside(root: Path, relative: str) -> Path:
    """Return ``root / relative``; raise ``PipelineError`` where a link leads it out of ``root``."""
    path = root / relative
    if not _has_link(root, relative):
        return path
    try:
        if path.resolve().is_relative_to(root.resolve()):
            return path
        problem = Message("a symbolic link leads out of the project")
    except (OSError, RuntimeError):  # RuntimeError: a loop, before Python 3.13
        problem = Message("a symbolic link leads nowhere")
    raise PipelineError(problem, path=path, hint=Message("Replace it by a real file or folder."))


def _has_link(root: Path, relative: str) -> bool:
    """Tell whether a symbolic link stands on the way from ``root``; resolving a path costs more."""
    place = os.fspath(root)
    for part in relative.split("/"):
        place = f"{place}/{part}"
        try:
            mode = os.lstat(place).st_mode
        except FileNotFoundError:
            return False
        except (OSError, ValueError):
            return True
        if stat.S_ISLNK(mode):
            return True
    return False


def source_locale(project: Project, post: Post, text_lang: str | None, text: str) -> str:
    """Return the locale that a post is written in.

    ``text_lang``, the language that its front matter declares, comes first, then its path
    (``en/x.md``, ``x.zh-cn.md``), then the share of Chinese in its prose. What names none of the
    project's locales says nothing.
    """
    declared = match_locale(text_lang, project.locales) if text_lang else None
    return declared or _path_locale(project, post) or guess_locale(text, project.locales)


def _path_locale(project: Project, post: Post) -> str | None:
    """Return the locale that the path names, nearest to the file first."""
    *folders, stem = PurePosixPath(post.name).with_suffix("").parts
    tags = (stem.rpartition(".")[2], *reversed(folders))
    return next(filter(None, (match_locale(tag, project.locales) for tag in tags)), None)


def posts_folder(project: Project) -> Path:
    """Return the folder of the posts; raise ``PipelineError`` where there is none."""
    folder = inside(project.root, project.posts)
    if folder.is_dir():
        return folder
    if folder.exists():
        raise project.source.error(
            "posts", Message('"{posts}" is not a folder', posts=project.posts)
        )
    known = next((name for name in POST_FOLDERS if (project.root / name).is_dir()), None)
    place = project.source.place
    hint = Message("Create it, or set posts in {place}.", place=place)
    if known and is_built_into(known, project.output):
        hint = Message(
            'Move the posts that you write there: "{folder}" is where they are built.', folder=known
        )
    elif known:
        hint = Message('Set posts = "{folder}" in {place}.', folder=known, place=place)
    raise project.source.error(
        "posts", Message('There is no folder "{posts}"', posts=project.posts), hint
    )


def is_built_into(folder: str, output: str) -> bool:
    """Tell whether built posts go where the site generator takes the posts of a folder from."""
    return folder.partition("/")[0] == output.partition("/")[0]


def _prefix(project: Project) -> str:
    """Return what the name of a file in the posts folder starts with."""
    return "" if project.posts == "." else f"{project.posts}/"


def _files(project: Project, folder: Path) -> Iterator[str]:
    """Yield the path from ``folder`` of every file that is not hidden; no folder twice."""
    seen = set()
    for place, folders, names in os.walk(folder, onerror=_refuse_unreadable, followlinks=True):
        here = Path(place)
        relative = here.relative_to(folder)
        folders[:] = sorted(name for name in folders if not _skip(project, relative / name))
        for name in folders:
            inside(project.root, str((here / name).relative_to(project.root)))
        real = here.resolve()
        if real in seen:
            folders.clear()
            continue
        seen.add(real)
        prefix = "" if here == folder else f"{relative.as_posix()}/"
        yield from (prefix + name for name in names if not name.startswith("."))


def _skip(project: Project, relative: Path) -> bool:
    return relative.name.startswith(".") or _matches(f"{relative.as_posix()}/", project.exclude)


def _is_post(project: Project, relative: str) -> bool:
    return _matches(relative, project.patterns) and not _matches(relative, project.exclude)


def _matches(relative: str, patterns: Iterable[str]) -> bool:
    return any(_glob(pattern).fullmatch(relative) for pattern in patterns)


@cache
def _glob(pattern: str) -> re.Pattern[str]:
    """Compile a glob: ``*`` and ``?`` stay within a folder, ``**/`` is any folders, or none."""
    special = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}
    parts = re.split(r"(\*\*/|\*\*|\*|\?)", pattern)
    return re.compile("".join(special.get(part) or re.escape(part) for part in parts), re.S)


def _refuse_unreadable(error: OSError) -> NoReturn:
    raise PipelineError(Message("cannot read this folder"), path=error.filename) from error


def _refuse_unusable(project: Project, post: Post) -> None:
    if _UNWRITABLE.search(post.name):
        name = post.name.encode("unicode_escape").decode()
        raise PipelineError(
            Message("the name of this file is not text"), path=name, hint=Message("Rename it.")
        )
    inside(project.root, post.name)
    if not post.path.is_file():
        hint = Message("Remove it, or name it in exclude.")
        raise PipelineError(Message("this is not a regular file"), path=post.path, hint=hint)


def _refuse_collisions(project: Project, posts: list[Post]) -> None:
    """Refuse two posts with one catalog or one built file, and a built file that is a post."""
    catalogs: dict[str, Post] = {}
    outputs: dict[str, Post] = {}
    prefix = _prefix(project)
    for post in posts:
        _refuse_same(
            post,
            catalogs.setdefault(post.stem, post),
            Message("catalog"),
            Message("Rename one of them."),
        )
        for locale in project.locales:
            name = output_name(project, post, locale)
            other = outputs.setdefault(name, post)
            _refuse_same(post, other, Message("built file"), _way_out(project, post, other))
            if name.startswith(prefix):
                _refuse_output(project, name, name.removeprefix(prefix))


def _way_out(project: Project, post: Post, other: Post) -> Message:
    place = project.source.place
    if built_path(project, post) == built_path(project, other):
        return Message(
            "Diglot writes every version of a post: name one in exclude, in {place}.", place=place
        )
    return Message("Use {{path}} in output, in {place}.", place=place)


def _refuse_same(post: Post, other: Post, thing: Message, hint: Message) -> None:
    if post != other:
        what = Message(
            '"{name}" and "{other}" have the same {thing}',
            name=other.name,
            other=post.name,
            thing=thing,
        )
        raise PipelineError(what, hint=hint)


def _refuse_output(project: Project, name: str, relative: str) -> None:
    if _is_post(project, relative):
        hint = Message(
            "Choose an output outside of the posts folder, or name that output in exclude."
        )
        raise project.source.error(
            "output", Message('the built file "{name}" would be a post', name=name), hint
        )
