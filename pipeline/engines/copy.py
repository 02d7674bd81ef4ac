"""An engine that answers with the text itself: a test of everything around it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from pipeline.engines.base import Answer, Engine, Request


class CopyEngine(Engine):
    """Returns each text as it is."""

    name = "copy"
    test = True

    def translate(self, requests: Sequence[Request], source: str, target: str) -> Iterator[Answer]:
        """Yield each request's own text."""
        for request in requests:
            yield Answer(request.text)

    def close(self) -> None:
        """Do nothing: there is nothing to release."""
