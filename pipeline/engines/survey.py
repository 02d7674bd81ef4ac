"""Which engines there are, what each needs, and whether it is ready: a third party's as well."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from pipeline.engines import ENGINES, EngineRow, create, third_party_rows
from pipeline.engines.keys import redacted
from pipeline.errors import PipelineError
from pipeline.wording import Message, changed, listed


@dataclass(frozen=True, slots=True)
class Listed:
    """One engine as it is shown; ``problem`` says why it is not ready, empty if it is."""

    name: str
    summary: str
    needs: str
    remote: bool | None
    """Whether the text leaves this machine; ``None``: its maker does not say."""
    paid: bool
    problem: str


def survey(options: Mapping[str, Mapping[str, Any]]) -> Iterator[Listed]:
    """Yield all engines; ``options`` are the configured ones by engine.

    An engine is ready if it can be made. None is asked anything.
    """
    for row in ENGINES:
        yield _listed(row, options.get(row.name, {}))
    for name, found in third_party_rows():
        if isinstance(found, PipelineError):
            yield Listed(name, Message("broken"), "", None, False, _said(found))
        else:
            yield _listed(found, options.get(name, {}))


def _listed(row: EngineRow, options: Mapping[str, Any]) -> Listed:
    extra = f'pip install "diglot[{row.extra}]"' if row.extra else ""
    settings = [
        Message("{option} under [engines.{engine}]", option=option, engine=row.name)
        for option in row.required
    ]
    needs = listed(filter(None, [extra, *row.keys, *settings]))
    here = _is_here(str(options.get("base_url", "")))
    remote, paid = (False, False) if here else (row.remote, row.paid)
    return Listed(row.name, row.summary, needs, remote, paid, _problem(row, options))


def _is_here(address: str) -> bool:
    """Tell whether the server at an address is this machine."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def _problem(row: EngineRow, options: Mapping[str, Any]) -> str:
    """Return why the engine cannot be made, nothing if it can."""
    try:
        create(row.name, options).close()
    except PipelineError as error:
        return _said(error)
    except Exception as error:  # it may be anybody's code
        return redacted(f"{type(error).__name__}: {error}")
    return ""


def _said(error: PipelineError) -> Message:
    return changed(error.what, redacted)
