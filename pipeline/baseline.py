"""What a finding is known by from run to run, and the file of those that are known already.

A fingerprint stands for the check, the post, the catalog, the entry and the message, not for any
line: it stays when texts above are added or removed, and goes when the entry's source changes.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from pipeline.errors import PipelineError
from pipeline.files import digest, read_text
from pipeline.model import Finding
from pipeline.wording import Message

_FORMAT = "diglot-baseline-1"
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Compared:
    """Findings that a baseline does not know, and what it knows and does not occur any more."""

    new: list[Finding]
    known: int
    gone: list[str]


def identified(findings: Sequence[Finding], root: Path) -> list[Finding]:
    """Return the findings with their fingerprints; those that are alike are numbered.

    ``root`` is the folder to which the paths of catalogs are taken.
    """
    seen: Counter[str] = Counter()
    catalog = cache(lambda name: below(root, name))  # there are many findings to a file
    result = []
    for finding in findings:
        key = "\0".join(_features(finding, catalog(finding.catalog)))
        seen[key] += 1
        fingerprint = digest(f"{key}\0{seen[key]}".encode("utf-8", "surrogatepass"))
        result.append(replace(finding, fingerprint=fingerprint))
    return result


def baseline(findings: Sequence[Finding]) -> bytes:
    """Return the content of a baseline file that knows ``findings``; one line each."""
    rows = sorted((f.path, f.check, f.message, f.fingerprint) for f in findings)
    known = {
        fingerprint: f"{path}: [{check}] {message}" for path, check, message, fingerprint in rows
    }
    text = json.dumps({"format": _FORMAT, "findings": known}, ensure_ascii=False, indent=1)
    return (text + "\n").encode("utf-8", "backslashreplace")


def compare(findings: Sequence[Finding], known: Mapping[str, str]) -> Compared:
    """Part the findings by whether a baseline knows them."""
    new = [finding for finding in findings if finding.fingerprint not in known]
    present = {finding.fingerprint for finding in findings}
    gone = [said for fingerprint, said in known.items() if fingerprint not in present]
    return Compared(new, len(findings) - len(new), gone)


def load_baseline(path: Path) -> dict[str, str]:
    """Return fingerprint and description of what a baseline file knows; raise PipelineError."""
    try:
        content = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        raise _unusable(path) from error
    if not isinstance(content, dict) or content.get("format") != _FORMAT:
        raise _unusable(path)
    known = content.get("findings")
    if not isinstance(known, dict) or not all(isinstance(said, str) for said in known.values()):
        raise _unusable(path)
    return known


def below(root: Path, name: str) -> str:
    """Return a file's name relative to ``root``, where it lies below it."""
    path, folder = Path(name).absolute(), root.absolute()
    return path.relative_to(folder).as_posix() if path.is_relative_to(folder) else name


def _unusable(path: Path) -> PipelineError:
    hint = Message("Write it anew with --update-baseline.")
    return PipelineError(Message("this is no baseline of Diglot"), path=path, hint=hint)


def _features(finding: Finding, catalog: str) -> Iterator[str]:
    yield from (finding.check, finding.path, catalog, finding.unit)
    # What is said of a whole file counts its texts.
    yield finding.message if finding.unit else _NUMBER.sub("#", finding.message)
