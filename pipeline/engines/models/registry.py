"""Which translation models there are: the list that comes with Diglot, and a list of the user's.

A list is a TOML file of ``[[model]]`` tables. It says what each file must be, byte for byte, so
that where a file comes from need not be trusted. It is read as data from outside: it cannot name a
file outside a model's folder, nor an address that is neither HTTPS nor on this machine.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

from pipeline.errors import PipelineError, did_you_mean
from pipeline.files import read_text
from pipeline.wording import Message, listed

RUNTIMES = ("ctranslate2", "firefox")
"""What can run a model: CTranslate2 with SentencePiece, or ``fxtranslate``."""

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_FILE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,127}")
_SHA256 = re.compile(r"[0-9a-f]{64}")
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
_TEXTS = ("name", "source", "target", "runtime", "licence", "about")


@dataclass(frozen=True, slots=True)
class ModelFile:
    """A file of a model: ``size`` in bytes and ``sha256`` in hexadecimal digits."""

    name: str
    url: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model for one direction, ``source`` and ``target`` being languages such as ``zh``."""

    name: str
    source: str
    target: str
    runtime: str
    licence: str
    about: str
    files: tuple[ModelFile, ...]

    @property
    def size(self) -> int:
        """The bytes of all files."""
        return sum(file.size for file in self.files)


def load(path: Path | None = None) -> tuple[Model, ...]:
    """Return the models of the user's list at ``path``, if any, then those that Diglot knows.

    The user's model takes the place of one of ours that has its name.
    """
    ours = parse(resources.files(__package__).joinpath("registry.toml").read_text("utf-8"))
    theirs = parse(read_text(path), path) if path else ()
    return tuple({model.name: model for model in (*ours, *theirs)}.values())


def find(models: Sequence[Model], name: str) -> Model:
    """Return the model of that name."""
    for model in models:
        if model.name == name:
            return model
    known = [model.name for model in models]
    hint = did_you_mean(name, known)
    if known and not hint:
        hint = Message("Known: {names}.", names=listed(known))
    raise PipelineError(Message('There is no model "{name}"', name=name), hint=hint)


def parse(text: str, path: Path | None = None) -> tuple[Model, ...]:
    """Return the models of a list; ``path`` is where it stands, for messages."""
    try:
        tables = tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError as error:
        raise PipelineError(
            Message("not TOML: {error}", error=error),
            path=path,
            hint=Message("Correct the list of models."),
        ) from None
    found = tables.get("model")
    if set(tables) != {"model"} or not isinstance(found, list):
        _refuse(path, Message("a list of models consists of [[model]] tables"))
    return tuple(_model(table, path) for table in found)


def dump(model: Model) -> str:
    """Return a list of that one model."""
    lines = ["[[model]]", *(f"{key} = {json.dumps(getattr(model, key))}" for key in _TEXTS)]
    for file in model.files:
        lines += ["", "[[model.file]]"]
        lines += [f"{key} = {json.dumps(getattr(file, key))}" for key in ModelFile.__slots__]
    return "\n".join(lines) + "\n"


def allowed(url: str) -> bool:
    """Tell whether ``url`` is one that files may come from: HTTPS, or HTTP on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    return (parts.scheme == "https" and bool(host)) or (
        parts.scheme == "http" and host in _LOOPBACK
    )


def _model(table: object, path: Path | None) -> Model:
    texts = {key: _text(table, key, path) for key in _TEXTS}
    assert isinstance(table, Mapping)
    name = texts["name"]
    if not _NAME.fullmatch(name):
        _refuse(
            path,
            Message(
                '"{name}" is no name of a model; it may hold a-z, 0-9, ".", "_" and "-"', name=name
            ),
        )
    if texts["runtime"] not in RUNTIMES:
        _refuse(
            path,
            Message(
                'the runtime of "{name}" must be one of {runtimes}',
                name=name,
                runtimes=listed(RUNTIMES),
            ),
        )
    files = table.get("file")
    if not isinstance(files, list) or not files:
        _refuse(path, Message('"{name}" has no [[model.file]] tables', name=name))
    read = tuple(_file(file, path) for file in files)
    if len({file.name for file in read}) < len(read):
        _refuse(path, Message('"{name}" has two files of one name', name=name))
    return Model(**texts, files=read)


def _file(table: object, path: Path | None) -> ModelFile:
    name, url = _text(table, "name", path), _text(table, "url", path)
    sha256 = _text(table, "sha256", path).lower()
    assert isinstance(table, Mapping)
    size: Any = table.get("size")
    if not _FILE.fullmatch(name):
        _refuse(
            path,
            Message(
                '"{name}" is no name of a file; it must be a plain name without folders', name=name
            ),
        )
    if not allowed(url):
        _refuse(path, Message('the address of "{name}" must start with https://', name=name))
    if not _SHA256.fullmatch(sha256):
        _refuse(path, Message('the sha256 of "{name}" must be 64 hexadecimal digits', name=name))
    if type(size) is not int or size <= 0:
        _refuse(path, Message('the size of "{name}" must be its number of bytes', name=name))
    return ModelFile(name, url, size, sha256)


def _text(table: object, key: str, path: Path | None) -> str:
    value = table.get(key) if isinstance(table, Mapping) else None
    if not isinstance(value, str) or not value.strip() or "\n" in value:
        _refuse(path, Message('a table lacks the text "{key}"', key=key))
    return value


def _refuse(path: Path | None, what: Message) -> NoReturn:
    raise PipelineError(what, path=path, hint=Message("Correct the list of models."))
