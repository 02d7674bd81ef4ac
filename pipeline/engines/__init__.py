"""The registry of translation engines: what there is, made by name.

A third party adds its own through the entry point group ``diglot.engines``: an ``EngineRow``, or a
callable that takes the options of ``[engines.<name>]`` and returns an ``Engine``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from importlib import util
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from pipeline.engines.base import Answer, Engine, Request
from pipeline.engines.keys import redacted
from pipeline.engines.rows import ENGINES, EngineRow, Option
from pipeline.errors import PipelineError, did_you_mean
from pipeline.wording import Message, all_of, listed

if TYPE_CHECKING:
    from importlib import metadata

__all__ = [
    "ENGINES",
    "Answer",
    "Engine",
    "EngineRow",
    "Request",
    "create",
    "names",
    "test_engines",
]

_ANY: Mapping[str, Option] = MappingProxyType({"": ""})
"""The options of a row that does not list them."""


def names() -> tuple[str, ...]:
    """Return the names of all engines, third parties' last."""
    return tuple(dict.fromkeys([*(row.name for row in ENGINES), *_entry_points().names]))


def create(name: str, options: Mapping[str, Any] = MappingProxyType({})) -> Engine:
    """Make the engine ``name`` with the options of its configuration table."""
    for row in ENGINES:
        if row.name == name:
            return _made(row, options)
    for entry in _entry_points().select(name=name):
        return _made(_loaded(entry), options)
    known = names()
    raise PipelineError(
        Message('There is no engine "{name}"', name=name), hint=_nearest(name, known)
    )


def third_party_rows() -> Iterator[tuple[str, EngineRow | PipelineError]]:
    """Yield the name of each third party's engine, and its row or why it cannot be loaded."""
    for entry in _entry_points():
        try:
            yield entry.name, _loaded(entry)
        except PipelineError as error:
            yield entry.name, error


def _made(row: EngineRow, options: Mapping[str, Any]) -> Engine:
    _require(row)
    known = options if row.options is _ANY else {**row.options, **_valid(row, options)}
    return row.load(known)


def _require(row: EngineRow) -> None:
    missing = [module for module in row.modules if util.find_spec(module) is None]
    if missing:
        raise PipelineError(
            Message('The engine "{name}" needs {missing}', name=row.name, missing=all_of(missing)),
            hint=Message('Install it with: pip install "diglot[{extra}]"', extra=row.extra),
        )


def _valid(row: EngineRow, options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return ``options`` if the engine knows them all and their types fit."""
    for key, value in options.items():
        if key not in row.options:
            hint = _nearest(key, tuple(row.options))
            raise PipelineError(
                Message('The engine "{name}" has no option "{key}"', name=row.name, key=key),
                hint=hint,
            )
        kind, fits = _KINDS[type(row.options[key])]
        if not fits(value):
            raise PipelineError(
                Message(
                    '"{key}" of the engine "{name}" must be {kind}',
                    key=key,
                    name=row.name,
                    kind=kind,
                )
            )
    return options


_KINDS: Mapping[type, tuple[Message, Callable[[object], bool]]] = {
    str: (Message("a text in quotes"), lambda value: isinstance(value, str)),
    float: (
        Message("a number"),
        lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    ),
    tuple: (
        Message("a list of texts in quotes"),
        lambda value: isinstance(value, list | tuple) and all(isinstance(v, str) for v in value),
    ),
}


def _nearest(word: str, known: tuple[str, ...]) -> Message:
    if not known:
        return Message("It has no options at all.")
    possible = Message("Possible: {names}.", names=listed(known))
    near = did_you_mean(word, known)
    return Message("{sentence} {hint}", sentence=near, hint=possible) if near else possible


def _entry_points() -> metadata.EntryPoints:
    from importlib import metadata  # most projects name an engine of ours

    return metadata.entry_points(group="diglot.engines")


def _loaded(entry: metadata.EntryPoint) -> EngineRow:
    try:
        found = entry.load()
    except Exception as error:  # importing runs anybody's code
        raise PipelineError(
            Message(
                'The engine "{name}" cannot be loaded: {error}',
                name=entry.name,
                error=redacted(str(error)),
            ),
            hint=Message("Repair or remove the package that provides {value}.", value=entry.value),
        ) from error
    if isinstance(found, EngineRow):
        return replace(found, name=entry.name)
    return EngineRow(entry.name, entry.value, found, options=_ANY, remote=None)


def test_engines() -> frozenset[str]:
    """Return the names of the engines whose text is no translation."""
    return frozenset(row.name for row in ENGINES if row.test)
