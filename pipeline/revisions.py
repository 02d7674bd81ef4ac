"""What has changed in a folder since a revision, as Git tells it."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.wording import Message

_GIT = ("git", "-c", "core.fsmonitor=false", "-c", "core.quotePath=false")
_PATIENCE = 120
_HINT = Message("In CI, check out the whole history (fetch-depth: 0).")
_NO_TREE = Message("this is no Git work tree")
_UNKNOWN = Message("Git cannot say what has changed")
_HOOK = frozenset(("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"))
"""What Git tells its hooks, which would mislead it in another folder."""


def changed_files(root: Path, revision: str) -> frozenset[str]:
    """Return the files in ``root`` that differ from where its history left ``revision``'s.

    Names are relative to ``root``, which may be any folder of the work tree. What is not committed
    and what Git does not track yet counts as well. Raises ``PipelineError``.
    """
    _git(root, "rev-parse", "--is-inside-work-tree", problem=_NO_TREE)
    start = _merge_base(root, revision)
    found = _git(root, "diff", "--name-only", "--no-renames", "--relative", "-z", start, "--")
    found += _git(root, "ls-files", "--others", "--exclude-standard", "-z", "--")
    return frozenset(name for name in found.split("\0") if name)


def _merge_base(root: Path, revision: str) -> str:
    """Return the commit at which the present history and that of ``revision`` part."""
    wanted = f"{revision}^{{commit}}"
    unknown = Message('Git knows no revision "{revision}" here', revision=revision)
    # Behind --end-of-options nothing is an option, whatever a revision is called.
    commit = _git(root, "rev-parse", "--verify", "--end-of-options", wanted, problem=unknown)
    apart = Message('"{revision}" shares no history with what is checked out', revision=revision)
    return _git(root, "merge-base", commit.strip(), "HEAD", problem=apart).split()[0]


def _git(root: Path, *arguments: str, problem: Message = _UNKNOWN) -> str:
    """Return what Git prints; raise the ``problem`` as ``PipelineError`` if it fails."""
    try:
        done = subprocess.run(
            [*_GIT, *arguments],
            cwd=root,
            capture_output=True,
            timeout=_PATIENCE,
            check=False,
            stdin=subprocess.DEVNULL,
            env={name: value for name, value in os.environ.items() if name not in _HOOK},
        )
    except (OSError, ValueError, subprocess.TimeoutExpired) as error:
        raise PipelineError(
            problem, path=root, hint=Message("git: {error}", error=error)
        ) from error
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
        raise PipelineError(
            problem,
            path=root,
            hint=Message("git: {error}. {hint}", error=said or done.returncode, hint=_HINT),
        )
    return done.stdout.decode("utf-8", "surrogateescape")
