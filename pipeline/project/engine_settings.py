"""The settings of the engines: the rows of ``SETTINGS`` below ``engines``, as its arguments."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from pipeline.project import readers

Row = tuple[str, str | float | list[str], Callable[[object], object], str]

_NETWORK = {
    # The engine: seconds to wait, seconds between calls, calls at once.
    "google": (20.0, 0.2, 4.0),
    "mymemory": (20.0, 0.5, 2.0),
    "microsoft": (20.0, 0.1, 4.0),
    "libre": (60.0, 0.8, 2.0),
    "baidu": (20.0, 1.0, 1.0),
    "deepl": (30.0, 0.0, 2.0),
    "openai": (120.0, 0.0, 4.0),
}


def is_third_party(name: str) -> bool:
    """Tell whether an installed package adds an engine of that name."""
    from importlib.metadata import entry_points  # slow, and hardly anybody needs it

    return name in entry_points(group="diglot.engines").names


def rows() -> list[Row]:
    """Return the arguments of each setting of an engine, table by table as TOML wants them."""
    found = [*_single()]
    for engine, (timeout, interval, threads) in _NETWORK.items():
        found += _network(f"engines.{engine}", timeout, interval, threads)
    return sorted(found, key=lambda row: row[0].rpartition(".")[0])


def _network(table: str, timeout: float, interval: float, threads: float) -> Iterator[Row]:
    wait = readers.number(0.1, 3600)
    yield f"{table}.timeout", timeout, wait, "Seconds to wait for an answer."
    pause = readers.number(0, 3600)
    yield f"{table}.interval", interval, pause, "Seconds between the starts of two calls."
    yield f"{table}.threads", threads, readers.whole(1, 32), "So many calls run at once."
    default = "https://api.openai.com/v1" if table == "engines.openai" else ""
    meaning = "The address of the server" if default else "Another address than the vendor's own"
    yield (
        f"{table}.base_url",
        default,
        readers.web_address,
        f"{meaning}; a vendor's own key is sent to their own address only.",
    )


def _single() -> Iterator[Row]:
    yield (
        "engines.mymemory.email",
        "",
        readers.text,
        "An address of yours, which MyMemory rewards with a larger quota.",
    )
    yield "engines.microsoft.region", "", readers.text, "The region of your resource at Microsoft."
    yield "engines.openai.model", "", readers.text, "The model, as the server calls it."
    yield "engines.openai.segments", 10.0, readers.whole(1, 100), "At most so many texts a call."
    yield (
        "engines.command.command",
        [],
        readers.words,
        "The program and its arguments; no shell sees them.",
    )
    yield (
        "engines.command.timeout",
        60.0,
        readers.number(0.1, 3600),
        "Seconds to wait for an answer.",
    )
    yield (
        "engines.local.model",
        "",
        readers.text,
        "The path of another GGUF model, which may be one that chats.",
    )
    yield (
        "engines.local.min_logprob",
        -0.8,
        readers.number(-100, 0),
        "Drop an answer of which the model is less sure (mean log probability a token); longer "
        "texts need more, shorter ones less.",
    )
    yield (
        "engines.local.processes",
        2.0,
        readers.whole(1, 64),
        "So many copies of the model share the work, at most one a processor core.",
    )
    yield (
        "engines.nmt.en_zh",
        "",
        readers.text,
        "The model from English to Chinese: the name of a pulled one, or the folder of a "
        "CTranslate2 model; by default the first that is pulled.",
    )
    yield "engines.nmt.zh_en", "", readers.text, "The same from Chinese to English."
    yield (
        "engines.nmt.folder",
        "",
        readers.text,
        "Where models are pulled to; by default the system's folder for caches.",
    )
    yield (
        "engines.nmt.beam",
        4.0,
        readers.whole(1, 32),
        "So many translations of a sentence are pursued at once (CTranslate2).",
    )
