"""Running one step of a stage on many posts: on all cores, and only where something has changed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from pathlib import Path
from typing import Any, Generic, TypeVar

from pipeline.files import digest, digest_of
from pipeline.memo import Memo
from pipeline.parallel import in_order
from pipeline.project import Post, Project, catalog_path, glossary_files
from pipeline.workspace import select_posts

R = TypeVar("R")


def _no_catalogs(result: object) -> dict[Path, bytes]:
    return {}


@dataclass(frozen=True)
class Step(Generic[R]):
    """What a stage does with one post, and how the result is kept for the next run.

    ``pack`` turns a result into what JSON can hold, ``unpack`` back; ``None`` says that it does
    not hold any more. ``writes`` tells what the catalogs of the post will be when the step's
    result has been written. ``work`` and ``writes`` must be picklable.
    """

    name: str
    work: Callable[[Project, Post], R]
    pack: Callable[[R], object]
    unpack: Callable[[Any], R | None]
    writes: Callable[[R], Mapping[Path, bytes]] = _no_catalogs
    conditions: Sequence[str] = field(default=())
    """All that the result depends on beyond the settings, the post and its catalogs."""


class Inputs:
    """The chosen posts of a project, and a digest of each and its catalogs; both are found once.

    The stages of one run share it. What one of them writes it has to forget.
    """

    def __init__(self, project: Project, names: Collection[str] = ()) -> None:
        self.project = project
        self.names = names
        self._seen: dict[str, Seen] = {}

    @cached_property
    def posts(self) -> list[Post]:
        """The chosen posts in the order of their names."""
        return select_posts(self.project, self.names)

    def seen(self, post: Post) -> Seen:
        """Return what stands for the post and its catalogs."""
        if post.name not in self._seen:
            self._seen[post.name] = _inputs(self.project, post)
        return self._seen[post.name]

    def made_from(self, post: Post, locale: str) -> str:
        """Return what stands for the post and its catalog in ``locale``, if it has one."""
        seen = self.seen(post)
        return f"{seen.post} {seen.catalogs[self.project.locales.index(locale)]}"

    def forget(self, names: Iterable[str]) -> None:
        """Look again at the files of these posts."""
        for name in names:
            self._seen.pop(name, None)


@contextmanager
def remembered(project: Project, step: Step[R], *, remember: bool = True) -> Iterator[Memo]:
    """Open what the last run of the step left; write it back when everything went well."""
    settings = repr(project)
    memo = Memo.open(project.root, step.name, settings, *step.conditions)
    yield memo
    if remember:
        memo.save()


def glossary_digests(project: Project) -> list[str]:
    """Return the condition of a step whose result depends on the project's glossaries."""
    return [f"{path} {digest_of(path)}" for path in glossary_files(project)]


def run_step(inputs: Inputs, step: Step[R], memo: Memo) -> Iterator[R]:
    """Yield the step's result for each of the chosen posts, in their order."""
    project, posts = inputs.project, inputs.posts
    if not inputs.names:
        memo.keep_only(post.name for post in posts)
    known: dict[str, R] = {}
    size, left = 0, []
    for post in posts:
        seen = inputs.seen(post)
        value = memo.get(post.name, seen.digest)
        result = None if value is None else step.unpack(value)
        if result is None:
            left.append((post, seen))
            size += seen.size
        else:
            known[post.name] = result
    fresh = in_order(partial(_worked, step.work, step.writes, project), left, size)
    for post in posts:
        if post.name in known:
            yield known.pop(post.name)
        else:
            result, made_from = next(fresh)
            memo.put(post.name, made_from, step.pack(result))
            if step.writes(result):
                inputs.forget([post.name])
            yield result


def _worked(
    work: Callable[[Project, Post], R],
    writes: Callable[[R], Mapping[Path, bytes]],
    project: Project,
    seen: tuple[Post, Seen],
) -> tuple[R, str]:
    """Return the result, and the digest of what it was made from as it will stand then.

    ``seen`` is a post with what stood for it and its catalogs when the step began.
    """
    post, before = seen
    result = work(project, post)
    after = _inputs(project, post)
    written = writes(result)
    if before != after:  # somebody is at work in the files: nothing is certain
        return result, ""
    return result, (_inputs(project, post, written) if written else before).digest


@dataclass(frozen=True, slots=True)
class Seen:
    """Digests of a post and of its catalogs, one a locale, and the size of the post in bytes."""

    post: str
    catalogs: tuple[str, ...]
    size: int

    @property
    def digest(self) -> str:
        """What stands for all of them."""
        return digest("\0".join((self.post, *self.catalogs)).encode())


def _inputs(project: Project, post: Post, written: Mapping[Path, bytes] | None = None) -> Seen:
    text = _content(post.path)
    catalogs = []
    for locale in project.locales:
        path = catalog_path(project, post, locale)
        data = written.get(path) if written else None
        catalogs.append(digest(_content(path) if data is None else data))
    return Seen(digest(text), tuple(catalogs), len(text))


def _content(path: Path) -> bytes:
    """Return the file's bytes; for one that cannot be read nothing: the work itself will say so."""
    try:
        return path.read_bytes()
    except OSError:
        return b""
