"""A translation service that speaks as Google's page and as OpenAI's chat completions do."""

from __future__ import annotations

import html
import json
import socket
import struct
import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from typing import Any
from urllib.parse import parse_qs, urlsplit

Translate = Callable[[str], str]


@dataclass(frozen=True, slots=True)
class Item:
    """One text of a request, under the id that the request gives it."""

    id: str
    text: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server sends; ``good`` are the texts that it translates well and delivers whole.

    A ``handle`` takes over the connection instead.
    """

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    good: Sequence[str] = ()
    handle: Callable[[Handler], None] | None = None


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request: its texts, and how its protocol says a translation of them."""

    items: Sequence[Item]
    translate: Translate
    chat: bool = False
    """Whether it is OpenAI's protocol, else Google's page."""
    lines: bool = False
    """Whether a chat is asked for lines, else for JSON."""

    def says(self, pairs: Sequence[tuple[Item, str]], good: Sequence[str] = ()) -> Reply:
        """Return an answer that gives each item a text."""
        if not self.chat:
            return page("".join(text for _, text in pairs), good)
        return completion(self.content(pairs), good)

    def content(self, pairs: Sequence[tuple[Item, str]]) -> str:
        """Return what a model says to give each item a text."""
        if self.lines:
            return "\n".join(f"[[{item.id}]] {text}" for item, text in pairs)
        found = [
            {"id": item.id, "start": " ".join(item.text.split()[:4]), "text": text}
            for item, text in pairs
        ]
        return json.dumps({"translations": found}, ensure_ascii=False)

    @property
    def translations(self) -> list[tuple[Item, str]]:
        """The items with what they ought to become."""
        return [(item, self.translate(item.text)) for item in self.items]

    def good(self) -> Reply:
        """Return a perfect answer."""
        return self.changed(lambda text: text, [item.text for item in self.items])

    def changed(self, change: Translate, good: Sequence[str] = ()) -> Reply:
        """Return an answer in which every translation is changed."""
        return self.says([(item, change(text)) for item, text in self.translations], good)


def page(text: str, good: Sequence[str] = ()) -> Reply:
    """Return Google's page with a translation."""
    body = f'<html><body><div class="result-container">{html.escape(text)}</div></body></html>'
    return Reply(body.encode(), headers={"Content-Type": "text/html; charset=utf-8"}, good=good)


def completion(content: str, good: Sequence[str] = (), finish: str = "stop") -> Reply:
    """Return a chat completion that says ``content``."""
    body = {"choices": [{"finish_reason": finish, "message": {"content": content}}]}
    data = json.dumps(body, ensure_ascii=False).encode()
    return Reply(data, headers={"Content-Type": "application/json"}, good=good)


Behaviour = Callable[[Exchange, Random], Reply]


class Server(ThreadingHTTPServer):
    """Answers well, but for a ``share`` of requests, which get what ``behaviour`` makes of them."""

    daemon_threads = True

    def __init__(self, translate: Translate) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.translate = translate
        self._lock = threading.Lock()
        self.plan(lambda exchange, chance: exchange.good(), seed=0, share=0)
        threading.Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        """The address of the server."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def plan(self, behaviour: Behaviour, seed: int, share: float) -> None:
        """Behave so from now on, and forget what was asked before."""
        self._behaviour, self._chance, self._share = behaviour, Random(seed), share
        self.served: set[str] = set()
        self.repeated: Counter[str] = Counter()

    def reply(self, exchange: Exchange) -> Reply:
        """Return what a request gets, and note what is asked for though it was served."""
        with self._lock:
            self.repeated.update(i.text for i in exchange.items if i.text in self.served)
            if self._chance.random() < self._share:
                return self._behaviour(exchange, self._chance)
            return exchange.good()

    def delivered(self, reply: Reply) -> None:
        """Note that the client has got a reply."""
        with self._lock:
            self.served.update(reply.good)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing: clients that go away are part of the play."""


class Handler(BaseHTTPRequestHandler):
    """Reads one of the two protocols."""

    server: Server
    protocol_version = "HTTP/1.1"
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        query = parse_qs(urlsplit(self.path).query)
        items = [Item("1", query.get("q", [""])[0])]
        self._answer(Exchange(items, self.server.translate))

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = json.loads(body["messages"][-1]["content"])["segments"]
        items = [Item(str(segment["id"]), segment["text"]) for segment in asked]
        lines = "response_format" not in body
        self._answer(Exchange(items, self.server.translate, chat=True, lines=lines))

    def _answer(self, exchange: Exchange) -> None:
        reply = self.server.reply(exchange)
        if reply.handle:
            reply.handle(self)
            self.close_connection = True
            return
        self.server.delivered(reply)
        self.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)

    def reset(self) -> None:
        """Break the connection off."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.shutdown(socket.SHUT_RDWR)

    def log_message(self, format: str, *arguments: Any) -> None:
        """Say nothing."""
