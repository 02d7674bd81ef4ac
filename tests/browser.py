"""Chromium without a window, asked over a pipe: what a page says, requests and shows."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

_SECONDS = 60


@dataclass
class Browser:
    """One page of a running Chromium; ``requests`` and ``complaints`` are those of the page."""

    commands: int
    replies: int
    session: str = ""
    sent: int = 0
    unread: bytes = b""
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def ask(self, method: str, **parameters: object) -> dict[str, Any]:
        """Send a command of the DevTools protocol; return its result."""
        self.sent += 1
        message: dict[str, object] = {"id": self.sent, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        while True:
            reply = self._read()
            if reply.get("id") == self.sent:
                assert "error" not in reply, reply
                return dict(reply["result"])

    def open(self, url: str) -> None:
        """Go to a page and wait until it is loaded."""
        for domain in ("Page", "Network", "Log", "Runtime", "Accessibility"):
            self.ask(f"{domain}.enable")
        self.ask("Page.navigate", url=url)
        self.wait_for("Page.loadEventFired")

    def wait_for(self, event: str) -> None:
        """Wait until something has happened."""
        while self._read().get("method") != event:
            continue

    def value(self, expression: str) -> Any:
        """Return the value of a JavaScript expression on the page."""
        found = self.ask("Runtime.evaluate", expression=expression, returnByValue=True)
        return found["result"].get("value")

    def spoken(self) -> list[str]:
        """Return the names of all that the accessibility tree holds."""
        nodes = self.ask("Accessibility.getFullAXTree")["nodes"]
        return [str(node["name"]["value"]) for node in nodes if "name" in node]

    def _read(self) -> dict[str, Any]:
        while b"\0" not in self.unread:
            assert select.select([self.replies], [], [], _SECONDS)[0], "Chromium does not answer"
            data = os.read(self.replies, 1 << 16)
            assert data, "Chromium has gone"
            self.unread += data
        message, _, self.unread = self.unread.partition(b"\0")
        reply: dict[str, Any] = json.loads(message)
        self._note(reply.get("method", ""), reply.get("params", {}))
        return reply

    def _note(self, event: str, about: Mapping[str, Any]) -> None:
        if event == "Network.requestWillBeSent":
            self.requests.append(about["request"]["url"])
        elif event == "Log.entryAdded":
            self.complaints.append(about["entry"]["text"])
        elif event in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown"):
            self.complaints.append(json.dumps(about))


@contextmanager
def browser(folder: Path) -> Iterator[Browser]:
    """Run Chromium with its profile in ``folder``; skip the test where there is none."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("Chromium is not installed")
    (read_command, commands), (replies, write_reply) = os.pipe(), os.pipe()
    options = ["--headless=new", "--no-sandbox", "--disable-gpu", "--remote-debugging-pipe"]
    # Chromium reads commands from descriptor 3 and writes to 4.
    moved = f'exec "$0" "$@" 3<&{read_command} 4>&{write_reply}'
    process = subprocess.Popen(
        ["bash", "-c", moved, program, *options, f"--user-data-dir={folder}"],
        pass_fds=(read_command, write_reply),
        stderr=subprocess.DEVNULL,
    )
    os.close(read_command)
    os.close(write_reply)
    try:
        found = Browser(commands, replies)
        target = found.ask("Target.createTarget", url="about:blank")["targetId"]
        attached = found.ask("Target.attachToTarget", targetId=target, flatten=True)
        found.session = attached["sessionId"]
        yield found
    finally:
        process.kill()
        process.wait(_SECONDS)
        os.close(commands)
        os.close(replies)
