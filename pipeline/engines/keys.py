"""API keys: taken from the environment, here alone, and hidden wherever a message might show one.

Messages of libraries quote URLs, headers and bodies; so whatever was said by somebody else's code
goes through ``redacted`` before it becomes a message, a comment or a stored answer of ours.
"""

from __future__ import annotations

import base64
import os
import re
from collections.abc import Callable, Iterator
from urllib.parse import quote, quote_plus

from pipeline.errors import EngineError
from pipeline.wording import Message

HIDDEN = "[hidden]"

_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD", re.I)
_SHORTEST = 8
"""What is shorter is no key, and might be part of a word."""

_taken: set[str] = set()


def take(variable: str, engine: str) -> str:
    """Return the key in the environment variable, from now on hidden whatever its name is.

    Raises:
        EngineError: it is not set.
    """
    value = os.environ.get(variable, "").strip()
    if not value:
        raise EngineError(
            Message(
                'The engine "{engine}" needs a key, and {variable} is not set',
                engine=engine,
                variable=variable,
            ),
            hint=Message(
                "Set the environment variable {variable}; keys are read from nowhere else.",
                variable=variable,
            ),
        )
    _taken.add(value)
    return value


def redacted(text: str) -> str:
    """Return ``text`` with every key hidden: as it is, percent-encoded, or inside base64.

    Keys are those taken before, and the values of all environment variables named like one.
    """
    return redactor()(text)


def redactor() -> Callable[[str], str]:
    """Return ``redacted`` for the keys of this moment: finding them costs more than hiding them."""
    forms = sorted({form for key in _keys() for form in _forms(key)}, key=len, reverse=True)

    def hide(text: str) -> str:
        for form in forms:
            text = text.replace(form, HIDDEN)
        return text

    return hide


def _keys() -> Iterator[str]:
    yield from (value for value in _taken if len(value) >= _SHORTEST)
    for name, value in os.environ.items():
        if _SECRET.search(name) and len(value.strip()) >= _SHORTEST:
            yield value.strip()


def _forms(key: str) -> Iterator[str]:
    yield key
    yield from (quote(key), quote(key, safe=""), quote_plus(key))
    data = key.encode("utf-8", "surrogateescape")
    for encode in (base64.b64encode, base64.urlsafe_b64encode):
        for shift in range(3):
            # The characters that depend on what stands around the key are left out.
            inner = encode(bytes(shift) + data).decode().rstrip("=")
            whole = len(inner) - (1 if (shift + len(data)) % 3 else 0)
            yield inner[(0, 2, 3)[shift] : whole]
