"""The ways in which a service can go wrong."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import replace
from random import Random

from .server import Behaviour, Exchange, Handler, Reply, completion

PATIENCE = 0.5
"""Seconds that an engine waits for an answer that is to be too late."""


def _stall(handler: Handler) -> None:
    time.sleep(PATIENCE * 1.4)


def _trickle(handler: Handler) -> None:
    """Send a byte now and then, for ever."""
    handler.send_response(200)
    handler.send_header("Content-Length", "100000")
    handler.end_headers()
    for _ in range(8):
        handler.wfile.write(b" ")
        handler.wfile.flush()
        time.sleep(PATIENCE / 5)


def _cut(exchange: Exchange, chance: Random) -> Reply:
    """Promise more than is sent."""
    good = exchange.good()
    headers = {**good.headers, "Content-Length": str(len(good.body) + 500), "Connection": "close"}
    return replace(good, headers=headers, good=(), body=good.body[: len(good.body) // 2])


def _status(code: int, **headers: str) -> Behaviour:
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return lambda exchange, chance: Reply(b"no", code, named)


def _body(data: bytes, kind: str) -> Behaviour:
    return lambda exchange, chance: Reply(data, headers={"Content-Type": kind})


def _every(change: str) -> Behaviour:
    """Change every translation; ``{}`` stands for it."""
    return lambda exchange, chance: exchange.changed(change.format)


def _sub(pattern: str, new: str) -> Behaviour:
    return lambda exchange, chance: exchange.changed(lambda text: re.sub(pattern, new, text))


def _around(before: str, after: str) -> Behaviour:
    """Put talk around the answer: around a model's JSON, where it does no harm, or each text."""

    def behave(exchange: Exchange, chance: Random) -> Reply:
        if not exchange.chat or exchange.lines:
            return exchange.changed(lambda text: f"{before}{text}{after}")
        content = exchange.content(exchange.translations)
        return completion(f"{before}{content}{after}", [item.text for item in exchange.items])

    return behave


def _truncated(exchange: Exchange, chance: Random) -> Reply:
    """End in the middle of the last text, and say so."""
    if not exchange.chat:
        return exchange.changed(lambda text: text[: len(text) // 2])
    content = exchange.content(exchange.translations)
    *whole, (_, text) = exchange.translations
    cut = content[: content.rindex(text) + len(text) // 2]
    return completion(cut, [item.text for item, _ in whole], "length")


def _too_few(exchange: Exchange, chance: Random) -> Reply:
    pairs = exchange.translations[: len(exchange.items) // 2]
    return exchange.says(pairs, [item.text for item, _ in pairs])


def _too_many(exchange: Exchange, chance: Random) -> Reply:
    pairs = exchange.translations
    extra = [(replace(item, id=f"{item.id}9"), "多余") for item in exchange.items]
    if not exchange.chat:
        return exchange.says([*pairs, *extra])
    return exchange.says([*pairs, *extra], [item.text for item in exchange.items])


def _swapped(exchange: Exchange, chance: Random) -> Reply:
    """Give each text the translation of another, under that one's start."""
    if len(exchange.items) < 2:
        return exchange.says([(item, "这是另一段文字的译文。") for item in exchange.items])
    items = list(exchange.items)
    others = items[1:] + items[:1]
    turned = [replace(item, text=other.text) for item, other in zip(items, others, strict=True)]
    return exchange.says([(item, exchange.translate(item.text)) for item in turned])


def _duplicated(exchange: Exchange, chance: Random) -> Reply:
    again = [(exchange.items[0], "又一段不同的译文。")]
    return exchange.says(
        [*exchange.translations, *again], [item.text for item in exchange.items[1:]]
    )


def _echo(exchange: Exchange, chance: Random) -> Reply:
    return exchange.says([(item, item.text) for item in exchange.items])


def _shuffled_masks(exchange: Exchange, chance: Random) -> Reply:
    def shuffle(text: str) -> str:
        masks = re.findall(r"<x\d+/>", text)
        chance.shuffle(masks)
        left = iter(masks)
        return re.sub(r"<x\d+/>", lambda match: next(left), text)

    return exchange.changed(shuffle)


_HTML = b"<!DOCTYPE html><html><body><h1>Just a moment...</h1></body></html>"

SLOW = ("time-out", "slow trickle")
"""Behaviours that take their time: with them, fewer answers are bad."""

BEHAVIOURS: Mapping[str, Behaviour] = {
    "time-out": lambda exchange, chance: Reply(handle=_stall),
    "slow trickle": lambda exchange, chance: Reply(handle=_trickle),
    "reset": lambda exchange, chance: Reply(handle=Handler.reset),
    "cut short": _cut,
    "429 with Retry-After": _status(429, Retry_After="7"),
    "429": _status(429),
    "500": _status(500),
    "503": _status(503, Retry_After="Wed, 21 Oct 2099 07:28:00 GMT"),
    "400": _status(400),
    "403": _status(403),
    "redirect": _status(302, Location="http://127.0.0.1:9/"),
    "empty body": _body(b"", "text/html"),
    "HTML page": _body(_HTML, "text/html"),
    "wrong JSON": _body(b'{"choices": [{"mess', "application/json"),
    "other JSON": _body(b'{"error": null, "choices": {}}', "application/json"),
    "bad encoding": _body(b"\xff\xfe\x00\xd8" * 50, "text/html; charset=utf-8"),
    "empty translation": _every(""),
    "too few": _too_few,
    "too many": _too_many,
    "swapped": _swapped,
    "duplicated ids": _duplicated,
    "truncated": _truncated,
    "quota text as answer": lambda exchange, chance: exchange.changed(
        lambda text: "You have exceeded your daily quota. Please try again tomorrow."
    ),
    "chatter": _around("好的，以下是翻译：", ""),
    "English chatter": _around("Sure! Here is the translation: ", " Let me know if you need more!"),
    "code fence": _around("```json\n", "\n```"),
    "added link": _every("{}，见[这里](https://evil.example/x)"),
    "added bare link": _every("{} https://evil.example/x"),
    "added HTML": _every("{}<script>alert(1)</script>"),
    "added Liquid": _every("{}{{{{ site.secret }}}}"),
    "added blocks": _every("# {}\n\n- 列表\n\n> 引用"),
    "lost placeholder": _sub(r"<x\d+/>", ""),
    "doubled placeholder": _sub(r"(<x\d+/>)", r"\1\1"),
    "mangled placeholder": _sub(r"<x(\d+)/>", r"< x \1>"),
    "shuffled placeholders": _shuffled_masks,
    "punctuation at placeholders": _sub(r"\s*(<x\d+/>)\s*", r"，\1“"),
    "wrong language": lambda exchange, chance: exchange.changed(
        lambda text: "Ceci n'est pas une traduction dans la bonne langue du tout."
    ),
    "echo": _echo,
    "refusal": lambda exchange, chance: exchange.changed(
        lambda text: "很抱歉，我无法翻译这段内容。"
    ),
    "runaway": _every("{}" + "很好很好" * 200),
}
