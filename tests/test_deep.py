"""The engines that go through deep-translator, asked over real HTTP, and what they share."""

from __future__ import annotations

import os
import signal
import socket
import struct
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest
from conftest import FakeClock
from hypothesis import given
from hypothesis import strategies as st
from pytest_httpserver import HTTPServer
from werkzeug import Request as HttpRequest
from werkzeug import Response

from pipeline.engines import ENGINES, Answer, Request, create
from pipeline.engines.deep import DeepEngine
from pipeline.engines.network import RefusedError
from pipeline.engines.services import SERVICES
from pipeline.engines.splitting import parts
from pipeline.errors import EngineError, PipelineError

PAGE = '<html><body><div class="result-container">{}</div></body></html>'
SECRET = "sk-canary-0123456789"
KEYS = [key for service in SERVICES.values() for key in service.keys.values()]

GOOD: dict[str, Callable[[str], Any]] = {
    "google": lambda text: Response(PAGE.format(text), content_type="text/html; charset=utf-8"),
    "mymemory": lambda text: {"responseData": {"translatedText": text}, "responseStatus": 200},
    "microsoft": lambda text: [{"translations": [{"text": text, "to": "zh-Hans"}]}],
    "libre": lambda text: {"translatedText": text},
    "baidu": lambda text: {"from": "en", "to": "zh", "trans_result": [{"src": "x", "dst": text}]},
}
"""How each service says a translation."""

QUESTIONS: dict[str, Callable[[HttpRequest], str]] = {
    "google": lambda request: request.args["q"],
    "mymemory": lambda request: request.args["q"],
    "microsoft": lambda request: request.get_json()[0]["text"],
    "libre": lambda request: request.form["q"],
    "baidu": lambda request: request.form["q"],
}
"""How each service is told a text."""

Reply = str | int | Response | dict[str, Any] | list[Any] | Callable[[HttpRequest], Response]


def reset(request: HttpRequest) -> Response:
    """Break the connection off."""
    connection: socket.socket = request.environ["werkzeug.socket"]
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.shutdown(socket.SHUT_RDWR)
    return Response("never seen")


def cut_short(request: HttpRequest) -> Response:
    """Promise more than is sent."""
    response = Response(b'{"translatedText": "')
    response.headers["Content-Length"] = "500"
    return response


class Bench:
    """An engine of ``name`` and a server that answers it."""

    def __init__(self, server: HTTPServer, clock: FakeClock, name: str, **options: Any) -> None:
        self.server, self.clock, self.name = server, clock, name
        self.asked: list[HttpRequest] = []
        given = {"timeout": 0.5, "interval": 0, "threads": 1, **options}
        extra = {"mymemory": {"email": ""}, "microsoft": {"region": "here"}}.get(name, {})
        given = {**extra, **given}
        self.engine = DeepEngine(name, base_url=server.url_for("/t/"), clock=clock, **given)

    def serve(self, *replies: Reply) -> None:
        """Answer with ``replies`` in turn, the last one again and again."""

        def handle(request: HttpRequest) -> Response:
            reply = replies[min(len(self.asked), len(replies) - 1)]
            self.asked.append(request)
            return self._response(reply, request)

        for path in ("/t/", "/t/translate"):
            self.server.expect_request(path).respond_with_handler(handle)

    def _response(self, reply: Reply, request: HttpRequest) -> Response:
        if isinstance(reply, str):
            reply = GOOD[self.name](reply)
        if isinstance(reply, int):
            return Response(f"no, {SECRET}", status=reply)
        if isinstance(reply, dict | list):
            import json

            return Response(json.dumps(reply), content_type="application/json")
        return reply if isinstance(reply, Response) else reply(request)

    def answers(self, *texts: str, source: str = "en", target: str = "zh_CN") -> list[Answer]:
        return list(self.engine.translate([Request(text) for text in texts], source, target))


@pytest.fixture(autouse=True)
def secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in KEYS:
        monkeypatch.setenv(f"DIGLOT_{variable}", SECRET)


@pytest.fixture(params=SERVICES)
def bench(request: Any, httpserver: HTTPServer, clock: FakeClock) -> Iterator[Bench]:
    """A bench for every service in turn."""
    bench = Bench(httpserver, clock, request.param)
    yield bench
    bench.engine.close()


@pytest.fixture
def make(httpserver: HTTPServer, clock: FakeClock) -> Iterator[Callable[..., Bench]]:
    made: list[Bench] = []

    def build(name: str, **options: Any) -> Bench:
        made.append(Bench(httpserver, clock, name, **options))
        return made[-1]

    yield build
    for bench in made:
        bench.engine.close()


# What every one of them does


def test_it_translates_and_keeps_spaces(bench: Bench) -> None:
    bench.serve("你好，&lt;x1/&gt;！" if bench.name == "google" else "你好，<x1/>！", "好")
    assert bench.answers(" Hello, <x1/>! ", "good", " ") == [
        Answer(" 你好，<x1/>！ "),
        Answer("好"),
        Answer(" "),
    ]
    assert [QUESTIONS[bench.name](request) for request in bench.asked] == ["Hello, <x1/>!", "good"]


def test_no_key_is_in_an_address_or_in_a_message(bench: Bench) -> None:
    bench.serve(403)
    with pytest.raises(EngineError) as caught:
        bench.answers("private words")
    assert SECRET not in bench.asked[0].url
    assert SECRET not in str(caught.value) + repr(bench.engine.identity)
    assert "private" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize(
    "trouble",
    [429, 500, 503, 408, reset, cut_short, "Error 500 (Server Error)!!1500.That’s an error."],
)
def test_it_recovers_from_what_passes(bench: Bench, trouble: Reply) -> None:
    bench.serve(trouble, trouble, "你好")
    assert bench.answers("Hello") == [Answer("你好")]
    assert len(bench.asked) == 3
    assert [nap >= 1 for nap in bench.clock.naps] == [True, True]


@pytest.mark.parametrize(
    "trouble", ["", {}, [], {"x": 1}, Response("<html>Log in</html>")], ids=str
)
def test_an_answer_of_another_shape_is_no_translation(bench: Bench, trouble: Reply) -> None:
    bench.serve(trouble)
    (answer,) = bench.answers("Hello")
    assert not answer.text
    assert "no translation" in answer.error or "not what was expected" in answer.error


@pytest.mark.parametrize(
    ("reply", "reason"),
    [("Hello", "gave the text back"), (413, "does not take this text (413)")],
)
def test_one_text_is_skipped_and_the_next_is_translated(
    bench: Bench, reply: Reply, reason: str
) -> None:
    bench.serve(reply, "好")
    first, second = bench.answers("Hello", "good")
    assert not first.text
    assert reason in first.error
    assert second == Answer("好")


@pytest.mark.parametrize(
    ("trouble", "texts", "calls", "reason"),
    [
        (429, 3, 1 + 4, "too many requests (429)"),
        (401, 3, 1 + 1, "does not accept the key (401)"),
        (456, 3, 1 + 1, "quota is used up (456)"),
        (500, 9, 1 + 5 * 4, "trouble of its own (500)"),
    ],
)
def test_it_gives_up_and_keeps_finished_work(
    bench: Bench, trouble: int, texts: int, calls: int, reason: str
) -> None:
    bench.serve("好", trouble)
    done: list[Answer] = []
    with pytest.raises(EngineError) as caught:
        for answer in bench.engine.translate([Request("secret words")] * texts, "en", "zh_CN"):
            done.append(answer)
    assert done == [Answer("好")]
    assert len(bench.asked) == calls
    assert reason in str(caught.value)


@pytest.mark.parametrize("name", ["microsoft", "libre", "baidu"])
def test_a_key_is_not_sent_to_where_it_is_redirected(make: Any, name: str) -> None:
    bench = make(name)
    bench.serve(Response("", status=307, headers={"Location": bench.server.url_for("/other")}))
    with pytest.raises(EngineError, match="refuses to answer \\(307\\)"):
        bench.answers("Hello")
    assert len(bench.asked) == 1


# What is particular


@pytest.mark.parametrize(
    ("name", "source", "target", "codes"),
    [
        ("google", "en_GB", "zh_TW", "en zh-TW"),
        ("google", "zh_CN", "pt_BR", "zh-CN pt"),
        ("mymemory", "en", "zh_CN", "en-US|zh-CN"),
        ("mymemory", "zh_HK", "de", "zh-HK|de-DE"),
        ("microsoft", "zh_CN", "en_US", "zh-Hans en"),
        ("microsoft", "en", "zh_TW", "en zh-Hant"),
        ("libre", "en", "zh_CN", "en zh"),
        ("baidu", "zh_TW", "ja", "cht jp"),
    ],
)
def test_locales_are_called_what_the_service_calls_them(
    make: Any, name: str, source: str, target: str, codes: str
) -> None:
    bench = make(name)
    bench.serve("好")
    bench.answers("text", source=source, target=target)
    (asked,) = bench.asked
    sent = {**asked.args, **asked.form}
    names = [("sl", "tl"), ("langpair", "langpair"), ("from", "to"), ("source", "target")]
    pair = next((a, b) for a, b in names if a in sent)
    assert " ".join(dict.fromkeys(sent[key] for key in pair)) == codes


@pytest.mark.parametrize(("name", "locale"), [("google", "tlh"), ("libre", "zh_TW")])
def test_a_language_that_it_does_not_know(make: Any, name: str, locale: str) -> None:
    with pytest.raises(PipelineError, match=f"does not know the language {locale}") as caught:
        make(name).answers("Hello", target=locale)
    assert not isinstance(caught.value, EngineError)


@pytest.mark.parametrize(
    ("name", "text", "size"),
    [
        ("google", "这是一句很长的话。" * 400, lambda request: len(request.query_string)),
        ("mymemory", "这是一句很长的话。" * 40, lambda request: len(request.args["q"].encode())),
        ("baidu", "这是一句很长的话。" * 400, lambda request: len(request.form["q"].encode())),
        ("libre", "这是一句很长的话，" * 400, lambda request: len(request.form["q"])),
    ],
)
def test_it_is_asked_in_parts_that_it_takes(
    make: Any, name: str, text: str, size: Callable[[HttpRequest], int]
) -> None:
    bench = make(name)
    bench.serve("Part.")
    (answer,) = bench.answers(text, source="zh_CN", target="en")
    assert "".join(map(QUESTIONS[name], bench.asked)) == text
    limit = {"google": 16_000, "mymemory": 500, "baidu": 6_000, "libre": 2_000}[name]
    assert max(map(size, bench.asked)) <= limit
    assert answer.text == " ".join(["Part."] * len(bench.asked))
    assert len(bench.asked) > 1


WARNING = "MYMEMORY WARNING: YOU USED ALL AVAILABLE FREE TRANSLATIONS FOR TODAY. "


@pytest.mark.parametrize(
    ("name", "reply", "reason"),
    [
        ("mymemory", WARNING, "the day's quota is used up"),
        ("mymemory", {"responseData": {"translatedText": "好"}, "quotaFinished": True}, "quota"),
        (
            "mymemory",
            {"responseData": {"translatedText": "INVALID LANGUAGE PAIR"}, "responseStatus": "403"},
            "refuses to answer (403)",
        ),
        ("microsoft", {"error": {"code": 400036, "message": SECRET}}, "does not know the language"),
        ("baidu", {"error_code": "54001", "error_msg": SECRET}, "does not accept the key (54001)"),
        ("baidu", {"error_code": "54004", "error_msg": "x"}, "balance is used up"),
        ("baidu", {"error_code": 58002, "error_msg": "x"}, "has been closed"),
    ],
)
def test_notices_that_mean_the_end(make: Any, name: str, reply: Reply, reason: str) -> None:
    bench = make(name)
    bench.serve(reply)
    with pytest.raises(EngineError) as caught:
        bench.answers("Hello", "good")
    assert reason in str(caught.value)
    assert SECRET not in str(caught.value)
    assert len(bench.asked) == 1


def test_words_about_quotas_can_be_translated(make: Any) -> None:
    bench = make("mymemory")
    bench.serve("The quota of each user is 10 GB.")
    assert bench.answers("每个用户的配额", source="zh_CN", target="en")[0].text.startswith(
        "The quota"
    )


def test_baidu_is_asked_again_where_it_was_too_fast(make: Any) -> None:
    bench = make("baidu")
    bench.serve({"error_code": "54003", "error_msg": "Invalid Access Limit"}, "好")
    assert bench.answers("good") == [Answer("好")]


def test_google_answers_none_for_marks(make: Any) -> None:
    bench = make("google")
    bench.serve("……")
    assert bench.answers("……") == [Answer(error="Google Translate: it gave no translation")]


def test_google_without_a_space_to_cut_at(make: Any) -> None:
    (answer,) = make("google").answers("a" * 6000)
    assert "too long" in answer.error


def test_microsoft_is_told_key_and_region_and_nothing_is_asked_before(make: Any) -> None:
    bench = make("microsoft")
    bench.serve("好")
    bench.answers("good")
    (asked,) = bench.asked
    assert asked.headers["Ocp-Apim-Subscription-Key"] == SECRET
    assert asked.headers["Ocp-Apim-Subscription-Region"] == "here"


def test_a_server_of_ones_own_needs_no_key(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIGLOT_LIBRE_API_KEY")
    monkeypatch.setenv("LIBRE_API_KEY", "the key of libretranslate.com")
    bench = make("libre")
    bench.serve("好")
    assert bench.answers("good") == [Answer("好")]
    assert "api_key" not in bench.asked[0].form


@pytest.mark.parametrize("name", [row.name for row in ENGINES if row.keys and not row.extra])
def test_a_key_that_is_not_set_is_named(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in SERVICES[name].keys.values():
        monkeypatch.delenv(f"DIGLOT_{variable}")
    (row,) = (row for row in ENGINES if row.name == name)
    with pytest.raises(EngineError, match=f"{row.keys[0]} is not set"):
        create(name)
    if name != "libre":
        monkeypatch.setenv(row.keys[0], "the vendor's")
        with pytest.raises(EngineError, match=f"DIGLOT_{row.keys[0]} is not set"):
            create(name, {"base_url": "https://elsewhere.example"})


# Time


@pytest.mark.parametrize("header", ["45", "date"])
def test_it_waits_as_long_as_it_is_told(make: Any, clock: FakeClock, header: str) -> None:
    bench = make("google")
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=45), usegmt=True)
    after = soon if header == "date" else header
    bench.serve(Response("slow down", status=429, headers={"Retry-After": after}), "你好")
    assert bench.answers("Hello") == [Answer("你好")]
    assert max(clock.naps) == pytest.approx(45, abs=5)


@pytest.mark.parametrize("value", ["-3", "soon", "", "1e9", "Tue, 99 Foo 2026"])
def test_a_retry_after_that_says_nothing(make: Any, clock: FakeClock, value: str) -> None:
    bench = make("google")
    bench.serve(Response("slow down", status=429, headers={"Retry-After": value}), "你好")
    assert bench.answers("Hello") == [Answer("你好")]
    assert max(clock.naps) < 5


def test_it_does_not_wait_for_hours(make: Any, clock: FakeClock) -> None:
    bench = make("google")
    bench.serve(Response("tomorrow", status=429, headers={"Retry-After": "36000"}))
    with pytest.raises(EngineError, match="it asks for 36000 seconds of silence"):
        bench.answers("Hello")
    assert not clock.naps
    assert len(bench.asked) == 1


def test_calls_keep_their_distance(make: Any, clock: FakeClock) -> None:
    bench = make("google", interval=2.0)
    bench.serve("好")
    bench.answers(*"abcd")
    assert clock.naps == [2.0] * 3


def trickle(release: threading.Event) -> Callable[[HttpRequest], Response]:
    def pour() -> Iterator[bytes]:
        while not release.wait(0.05):
            yield b" "

    return lambda request: Response(pour())


@pytest.mark.parametrize("manner", ["silent", "trickling"])
def test_it_does_not_wait_for_ever(make: Any, manner: str) -> None:
    release = threading.Event()
    bench = make("google", timeout=0.2)
    silent = lambda request: Response(str(release.wait(10)))  # noqa: E731
    bench.serve(silent if manner == "silent" else trickle(release))
    release_later = threading.Timer(8, release.set)
    release_later.start()
    try:
        (answer,) = bench.answers("Hello")
        assert "no answer within 0.2 seconds" in answer.error
    finally:
        release_later.cancel()
        release.set()


def test_without_a_network(clock: FakeClock) -> None:
    engine = DeepEngine("google", interval=0, base_url="http://127.0.0.1:9/m", clock=clock)
    with pytest.raises(EngineError, match=r"no connection \(ConnectionError\)") as caught:
        list(engine.translate([Request("secret words")], "en", "zh_CN"))
    assert "secret" not in str(caught.value)
    assert len(clock.naps) == 3


def test_an_address_that_is_none(clock: FakeClock) -> None:
    engine = DeepEngine("google", interval=0, base_url="http://[oops/m", clock=clock)
    with pytest.raises(EngineError, match="no connection"):
        list(engine.translate([Request("Hello")], "en", "zh_CN"))
    assert not clock.naps


# Threads


@pytest.fixture
def crowd() -> Iterator[HTTPServer]:
    """A server that answers many at once."""
    server = HTTPServer(threaded=True)
    server.start()
    yield server
    server.clear()
    server.stop()


def test_no_answer_is_that_of_another_text(crowd: HTTPServer, clock: FakeClock) -> None:
    bench = Bench(crowd, clock, "google", threads=8, timeout=30)

    def reply(request: HttpRequest) -> Response:
        text = request.args["q"]
        time.sleep(hash(text) % 5 / 1000)
        return Response(PAGE.format(f"译：{text}"), content_type="text/html; charset=utf-8")

    bench.serve(reply)
    texts = [f"text number {number}" for number in range(400)]
    found = bench.answers(*texts)
    bench.engine.close()
    assert [answer.text for answer in found] == [f"译：{text}" for text in texts]
    assert len(bench.asked) == 400


def test_what_the_others_have_finished_is_not_lost(crowd: HTTPServer, clock: FakeClock) -> None:
    """The first text ends it, but only when three others have been answered."""
    bench = Bench(crowd, clock, "google", threads=4, timeout=30)
    rest = threading.Semaphore(0)
    served: set[str] = set()

    def reply(request: HttpRequest) -> Response:
        text = request.args["q"]
        if text == "0":
            for _ in range(3):
                rest.acquire(timeout=10)
            return Response(status=403)
        served.add(text)
        rest.release()
        return Response(PAGE.format("好"), content_type="text/html; charset=utf-8")

    bench.serve(reply)
    done = []
    with pytest.raises(EngineError, match="403"):
        for answer in bench.engine.translate([Request(n) for n in "01234567"], "en", "zh_CN"):
            done.append(answer)
    bench.engine.close()
    assert done[0].error
    assert {str(number) for number, answer in enumerate(done) if answer.text} == served
    assert len(served) >= 3


def test_a_stream_that_nobody_reads_on_asks_no_more(make: Any) -> None:
    bench = make("google")
    bench.serve("好")
    stream = bench.engine.translate([Request("a")] * 1000, "en", "zh_CN")
    next(stream)
    stream.close()
    asked = len(bench.asked)
    assert bench.answers("b") == [Answer("好")]
    assert len(bench.asked) <= asked + 2


def test_a_call_of_a_stream_that_was_left_is_not_made_again(
    crowd: HTTPServer, clock: FakeClock
) -> None:
    bench = Bench(crowd, clock, "google", threads=2, timeout=30)
    release = threading.Event()
    answered = threading.Event()

    def reply(request: HttpRequest) -> Response:
        if request.args["q"] == "left":
            release.wait(10)
            answered.set()
            return Response(status=500)
        return Response(PAGE.format("好"), content_type="text/html; charset=utf-8")

    bench.serve(reply)
    stream = bench.engine.translate([Request("first"), Request("left")], "en", "zh_CN")
    next(stream)
    while len(bench.asked) < 2:
        time.sleep(0.01)
    stream.close()
    found = bench.engine.translate([Request(str(n)) for n in range(99)], "en", "zh_CN")
    assert next(found) == Answer("好")
    release.set()
    assert answered.wait(10)
    assert list(found) == [Answer("好")] * 98
    bench.engine.close()
    assert [request.args["q"] for request in bench.asked].count("left") == 1


@pytest.mark.skipif(sys.platform == "win32", reason="sends a signal")
def test_ctrl_c_ends_it_though_the_server_is_silent(crowd: HTTPServer) -> None:
    called = threading.Event()
    release = threading.Event()

    def hang(request: HttpRequest) -> Response:
        called.set()
        release.wait(60)
        return Response("late")

    crowd.expect_request("/m").respond_with_handler(hang)
    code = (
        "from pipeline.engines import create, Request\n"
        f"engine = create('google', {{'base_url': {crowd.url_for('/m')!r}, 'timeout': 120}})\n"
        "try:\n    list(engine.translate([Request('a')] * 9, 'en', 'zh_CN'))\n"
        "except KeyboardInterrupt:\n    print('interrupted')\n"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )
    try:
        assert called.wait(30)
        os.kill(program.pid, signal.SIGINT)
        assert program.communicate(timeout=30)[0] == "interrupted\n"
    finally:
        program.kill()
        release.set()


# Cutting

TEXTS = st.lists(
    st.sampled_from(["一句话。", "半句，", "word ", "Sentence. ", "<x1/>", "\n", "长" * 9, "”"])
).map("".join)


@given(text=TEXTS, limit=st.integers(27, 200))
def test_parts_are_the_text_and_fit(text: str, limit: int) -> None:
    try:
        found = parts(text, lambda part: len(part.encode()), limit)
    except RefusedError:
        assert max(len(word.encode()) for word in text.split()) > limit - 2
        return
    assert "".join(found) == text
    assert all(0 < len(part.encode()) <= limit for part in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("一二三。四五六。", ["一二三。", "四五六。"]),
        ("One. Two. Three.", ["One. ", "Two. ", "Three."]),
        ("v1.2 is it, and so on", ["v1.2 ", "is it, ", "and so ", "on"]),
    ],
)
def test_parts_are_cut_where_it_hurts_least(text: str, expected: list[str]) -> None:
    assert parts(text, len, 7) == expected
