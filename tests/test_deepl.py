"""The engine for DeepL, through the vendor's package over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from conftest import FakeClock
from pytest_httpserver import HTTPServer
from werkzeug import Request as HttpRequest
from werkzeug import Response

from pipeline.engines import Answer, Request, create
from pipeline.engines.base import Context
from pipeline.errors import EngineError
from pipeline.model import Term

pytest.importorskip("deepl", reason="needs the extra deepl")

SECRET = "canary-0123456789:fx"


class DeepL:
    """A server that answers like DeepL and remembers its glossaries."""

    def __init__(self, server: HTTPServer, clock: FakeClock) -> None:
        from pipeline.engines.deepl import DeepLEngine

        self.asked: list[dict[str, Any]] = []
        self.troubles: list[Response] = []
        self.glossaries: dict[str, dict[str, str]] = {}
        self.calls: list[str] = []
        self.change: Callable[[list[str]], list[str]] = lambda texts: ["译：" + t for t in texts]
        server.expect_request("/v2/translate").respond_with_handler(self._translate)
        server.expect_request("/v3/glossaries", "GET").respond_with_handler(self._list)
        server.expect_request("/v3/glossaries", "POST").respond_with_handler(self._create)
        for name in ("Diglot EN-ZH", "Diglot ZH-EN"):
            path = f"/v3/glossaries/id of {name}/dictionaries"
            server.expect_request(path, "PUT").respond_with_handler(self._replace)
        self.engine = DeepLEngine(server.url_for("/"), timeout=5, threads=1, clock=clock)

    def answers(self, *texts: str | Request, pair: tuple[str, str] = ("en", "zh_CN")) -> Any:
        requests = [text if isinstance(text, Request) else Request(text) for text in texts]
        return list(self.engine.translate(requests, *pair))

    def _translate(self, request: HttpRequest) -> Response:
        self.calls.append("translate")
        if self.troubles:
            return self.troubles.pop(0)
        body = request.get_json()
        assert request.headers["Authorization"] == f"DeepL-Auth-Key {SECRET}"
        self.asked.append(body)
        texts = self.change(body["text"])
        return self._json(
            {
                "translations": [
                    {"text": text, "detected_source_language": "EN", "billed_characters": 1}
                    for text in texts
                ]
            }
        )

    def _list(self, request: HttpRequest) -> Response:
        self.calls.append("list")
        return self._json({"glossaries": [self._info(name) for name in self.glossaries]})

    def _create(self, request: HttpRequest) -> Response:
        self.calls.append("create")
        body = request.get_json()
        self.glossaries[body["name"]] = self._entries(body["dictionaries"][0])
        return self._json(self._info(body["name"]))

    def _replace(self, request: HttpRequest) -> Response:
        self.calls.append("replace")
        body = request.get_json()
        (name,) = (name for name in self.glossaries if name in request.path)
        self.glossaries[name] = self._entries(body)
        source, target = body["source_lang"], body["target_lang"]
        return self._json({"source_lang": source, "target_lang": target, "entry_count": 1})

    @staticmethod
    def _entries(dictionary: dict[str, str]) -> dict[str, str]:
        return dict(line.split("\t") for line in dictionary["entries"].splitlines())

    @staticmethod
    def _info(name: str) -> dict[str, Any]:
        source, target = name.removeprefix("Diglot ").split("-")
        pair = {"source_lang": source, "target_lang": target, "entry_count": 1}
        return {
            "glossary_id": f"id of {name}",
            "name": name,
            "creation_time": "2026-01-01T00:00:00.000Z",
            "dictionaries": [pair],
        }

    @staticmethod
    def _json(body: object) -> Response:
        return Response(json.dumps(body), content_type="application/json")


@pytest.fixture
def deepl(
    httpserver: HTTPServer, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> Iterator[DeepL]:
    monkeypatch.setenv("DIGLOT_DEEPL_AUTH_KEY", SECRET)
    deepl = DeepL(httpserver, clock)
    yield deepl
    deepl.engine.close()


def test_texts_go_in_one_call_with_masks_that_it_leaves_alone(deepl: DeepL) -> None:
    text = deepl.engine.notation.write("Tom & <x1/> < 3")
    found = deepl.answers(text, "two", "")
    assert [deepl.engine.notation.read(answer.text) for answer in found[:2]] == [
        "译：Tom & <x1/> < 3",
        "译：two",
    ]
    (asked,) = deepl.asked
    assert asked["text"] == ['Tom &amp; <x id="1"/> &lt; 3', "two", ""]
    assert (asked["source_lang"], asked["target_lang"]) == ("EN", "ZH-HANS")
    assert (asked["tag_handling"], asked["ignore_tags"]) == ("xml", ["x"])
    assert "glossary_id" not in asked


def test_at_most_fifty_texts_of_one_post_go_in_one_call(deepl: DeepL) -> None:
    texts = [Request(f"text {n}", context=Context(title="AB"[n > 80])) for n in range(90)]
    assert [answer.text for answer in deepl.answers(*texts)] == [f"译：text {n}" for n in range(90)]
    assert [(len(body["text"]), body["context"]) for body in deepl.asked] == [
        (50, "A"),
        (31, "A"),
        (9, "B"),
    ]


@pytest.mark.parametrize(
    ("source", "target", "codes"),
    [
        ("zh_CN", "en", ("ZH", "EN-US")),
        ("zh_TW", "en_GB", ("ZH", "EN-GB")),
        ("en_US", "zh_TW", ("EN", "ZH-HANT")),
        ("en", "pt_BR", ("EN", "PT-BR")),
        ("en", "de", ("EN", "DE")),
    ],
)
def test_locales(deepl: DeepL, source: str, target: str, codes: tuple[str, str]) -> None:
    deepl.answers("text", pair=(source, target))
    assert (deepl.asked[0]["source_lang"], deepl.asked[0]["target_lang"]) == codes


def test_terms_go_into_a_glossary_that_is_used_again(deepl: DeepL) -> None:
    model = Term("diffusion model", "扩散模型")
    gpu = Term("GPU", "显卡", case_sensitive=True)
    deepl.answers(Request("a", terms=(model,)))
    deepl.answers(Request("b", terms=(model,)), "c")
    deepl.answers(Request("d", terms=(gpu,)))
    deepl.answers("e")
    assert deepl.calls == (
        "list create translate translate list replace translate translate".split()
    )
    assert deepl.glossaries == {
        "Diglot EN-ZH": {
            "diffusion model": "扩散模型",
            "Diffusion model": "扩散模型",
            "GPU": "显卡",
        }
    }
    used = [body.get("glossary_id") for body in deepl.asked]
    assert used == ["id of Diglot EN-ZH"] * 3 + [None]


def test_each_direction_has_a_glossary(deepl: DeepL) -> None:
    deepl.answers(Request("a", terms=(Term("model", "模型"),)))
    deepl.answers(Request("甲", terms=(Term("模型", "model"),)), pair=("zh_CN", "en"))
    assert deepl.glossaries["Diglot ZH-EN"] == {"模型": "model"}


@pytest.mark.parametrize("status", [429, 500, 503])
def test_it_recovers(deepl: DeepL, clock: FakeClock, status: int) -> None:
    deepl.troubles = [Response("{}", status=status, headers={"Retry-After": "7"})] * 2
    assert deepl.answers("a") == [Answer("译：a")]
    assert [nap >= 7 for nap in clock.naps if nap] == [True, True]


@pytest.mark.parametrize(
    ("status", "reason"),
    [(403, "refuses to answer (403)"), (456, "quota is used up (456)"), (401, "accept the key")],
)
def test_it_gives_up(deepl: DeepL, status: int, reason: str) -> None:
    deepl.troubles = [Response(json.dumps({"message": SECRET}), status=status)]
    with pytest.raises(EngineError) as caught:
        deepl.answers("private")
    assert reason in str(caught.value)
    assert SECRET not in str(caught.value)
    assert deepl.calls == ["translate"]


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: [*t, "more"], lambda t: []])
def test_an_answer_of_the_wrong_length_is_none(deepl: DeepL, change: Any) -> None:
    deepl.change = change
    found = deepl.answers("a", "b")
    assert not any(answer.text for answer in found)
    assert all("not answer each text once" in answer.error for answer in found)


@pytest.mark.parametrize("body", ["<html>", "{}", '{"translations": [{}]}', '{"translations": 3}'])
def test_an_answer_of_another_shape_is_none(deepl: DeepL, body: str) -> None:
    deepl.troubles = [Response(body)] * 4
    (answer,) = deepl.answers("a")
    assert not answer.text
    assert answer.error


def test_the_vendors_key_is_for_the_vendor(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DIGLOT_DEEPL_AUTH_KEY", raising=False)
    monkeypatch.setenv("DEEPL_AUTH_KEY", SECRET)
    engine: Any = create("deepl")
    assert engine._client.server_url == "https://api-free.deepl.com"
    with pytest.raises(EngineError, match="DIGLOT_DEEPL_AUTH_KEY is not set"):
        create("deepl", {"base_url": "https://elsewhere.example"})
