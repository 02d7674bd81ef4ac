"""Translation models: the list of them, downloading, verifying, removing, and running them."""

from __future__ import annotations

import errno
import hashlib
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from pytest_httpserver import HTTPServer
from werkzeug import Request as HttpRequest
from werkzeug import Response

from pipeline.cli import main
from pipeline.engines import Answer, Engine, Request, create
from pipeline.engines.models import registry
from pipeline.engines.models.fetch import fetch
from pipeline.engines.models.registry import ModelFile
from pipeline.errors import EngineError, PipelineError

BLOCK = 1 << 16
DATA = bytes(range(256)) * 1000


@dataclass
class Shelf:
    """A file on a server that can do what servers do wrong; ``asked`` records the ranges."""

    data: bytes = DATA
    etag: str = '"1"'
    cuts: list[int] = field(default_factory=list)
    """After so many bytes each of the next answers ends."""
    ranges: bool = True
    asked: list[str | None] = field(default_factory=list)

    def __call__(self, request: HttpRequest) -> Response:
        self.asked.append(request.headers.get("Range"))
        start = 0
        fresh = request.headers.get("If-Range") in (None, self.etag)
        if self.ranges and fresh and "Range" in request.headers:
            start = int(request.headers["Range"].removeprefix("bytes=").rstrip("-"))
        body = self.data[start:]
        headers = {"ETag": self.etag, "Content-Length": str(len(body))}
        if start:
            headers["Content-Range"] = f"bytes {start}-{len(self.data) - 1}/{len(self.data)}"
        if start >= len(self.data):
            return Response(status=416)
        sent = body[: self.cuts.pop(0)] if self.cuts else body
        return Response(self._pieces(sent), 206 if start else 200, headers)

    @staticmethod
    def _pieces(data: bytes) -> Iterator[bytes]:
        for start in range(0, len(data), 10_000):
            yield data[start : start + 10_000]


@pytest.fixture
def shelf(httpserver: HTTPServer) -> Shelf:
    shelf = Shelf()
    httpserver.expect_request("/model.bin").respond_with_handler(shelf)
    return shelf


@pytest.fixture
def wanted(httpserver: HTTPServer) -> ModelFile:
    digest = hashlib.sha256(DATA).hexdigest()
    return ModelFile("model.bin", httpserver.url_for("/model.bin"), len(DATA), digest)


def test_a_download_goes_on_where_it_was_cut(
    shelf: Shelf, wanted: ModelFile, tmp_path: Path
) -> None:
    shelf.cuts = [BLOCK, 2 * BLOCK]
    seen: list[int] = []
    fetch(wanted, tmp_path, seen.append)
    assert (tmp_path / "model.bin").read_bytes() == DATA
    assert shelf.asked == [None, f"bytes={BLOCK}-", f"bytes={3 * BLOCK}-"]
    assert sum(seen) == len(DATA)
    assert [path.name for path in tmp_path.iterdir()] == ["model.bin"]


def test_what_is_there_is_not_asked_for(shelf: Shelf, wanted: ModelFile, tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(DATA)
    fetch(wanted, tmp_path)
    assert not shelf.asked


def test_a_later_run_goes_on(shelf: Shelf, wanted: ModelFile, tmp_path: Path) -> None:
    shelf.cuts = [BLOCK, 0, 0, 0]
    with pytest.raises(EngineError, match=r"65,536 of 256,000 bytes .* goes on where"):
        fetch(wanted, tmp_path)
    assert not (tmp_path / "model.bin").exists()
    shelf.asked.clear()
    fetch(wanted, tmp_path)
    assert shelf.asked == [f"bytes={BLOCK}-"]
    assert (tmp_path / "model.bin").read_bytes() == DATA


@pytest.mark.parametrize("change", ["another version", "no ranges"])
def test_a_download_that_cannot_go_on_starts_anew(
    change: str, shelf: Shelf, wanted: ModelFile, tmp_path: Path
) -> None:
    shelf.data, shelf.etag, shelf.cuts = DATA[::-1], '"0"', [100_000, 0, 0, 0]
    with pytest.raises(EngineError):
        fetch(wanted, tmp_path)
    shelf.data, shelf.etag = DATA, '"1"'
    shelf.ranges = change != "no ranges"
    seen: list[int] = []
    fetch(wanted, tmp_path, seen.append)
    assert (tmp_path / "model.bin").read_bytes() == DATA
    assert sum(seen) == len(DATA)


def test_a_part_that_is_too_long_starts_anew(
    shelf: Shelf, wanted: ModelFile, tmp_path: Path
) -> None:
    (tmp_path / "model.bin.part").write_bytes(DATA + b"more")
    fetch(wanted, tmp_path)
    assert (tmp_path / "model.bin").read_bytes() == DATA


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (DATA[::-1], "wrong checksum"),
        (DATA + b"more", "sends more than"),
        (DATA[:-1], "was cut off"),
    ],
)
def test_a_wrong_file_is_not_taken(
    data: bytes, message: str, shelf: Shelf, wanted: ModelFile, tmp_path: Path
) -> None:
    shelf.data = data
    with pytest.raises(PipelineError, match=message):
        fetch(wanted, tmp_path)
    assert not list(tmp_path.iterdir())


def test_a_file_that_the_server_does_not_have(
    httpserver: HTTPServer, wanted: ModelFile, tmp_path: Path
) -> None:
    httpserver.expect_request("/model.bin").respond_with_data("Not Found", status=404)
    with pytest.raises(EngineError, match=r"/model\.bin: the server .* \(status 404\)"):
        fetch(wanted, tmp_path)


def test_redirections_are_followed_but_not_out_of_https(
    httpserver: HTTPServer, shelf: Shelf, wanted: ModelFile, tmp_path: Path
) -> None:
    for start, goal in (("/old", "/model.bin"), ("/loop", "/loop"), ("/out", "http://example.org")):
        httpserver.expect_request(start).respond_with_response(
            Response(status=302, headers={"Location": goal})
        )

    def at(path: str) -> ModelFile:
        return ModelFile("model.bin", httpserver.url_for(path), wanted.size, wanted.sha256)

    with pytest.raises(EngineError, match="without end"):
        fetch(at("/loop"), tmp_path)
    with pytest.raises(EngineError, match=r"example\.org: .* not HTTPS"):
        fetch(at("/out"), tmp_path)
    fetch(at("/old"), tmp_path)
    assert (tmp_path / "model.bin").read_bytes() == DATA


def test_a_full_disk_is_noticed_before_and_while_it_fills(
    shelf: Shelf, wanted: ModelFile, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(shutil, "disk_usage", lambda path: usage._replace(free=1000))
        with pytest.raises(PipelineError, match=r"no space left .* Make room"):
            fetch(wanted, tmp_path)
    assert not shelf.asked

    def full(descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(PipelineError, match=r"no space left .* what has arrived is kept"):
            fetch(wanted, tmp_path)
    fetch(wanted, tmp_path)
    assert (tmp_path / "model.bin").read_bytes() == DATA


# Lists of models

LIST = f"""
[[model]]
name = "tiny"
source = "en"
target = "zh"
runtime = "ctranslate2"
licence = "MIT"
about = "our own"
[[model.file]]
name = "model.bin"
url = "https://example.org/model.bin"
size = 256000
sha256 = "{hashlib.sha256(DATA).hexdigest()}"
"""


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "tiny"', 'name = "../tiny"', "no name of a model"),
        ('name = "tiny"', "name = 1", 'lacks the text "name"'),
        ('name = "model.bin"', 'name = "../model.bin"', "no name of a file"),
        ('name = "model.bin"', 'name = ".."', "no name of a file"),
        ("https://example.org", "http://example.org", "must start with https"),
        ("https://example.org", "file:///etc", "must start with https"),
        ("https://example.org", "https://[::", "must start with https"),
        ("256000", "0", "its number of bytes"),
        ("256000", "true", "its number of bytes"),
        ('sha256 = "', 'sha256 = "0', "64 hexadecimal digits"),
        ("ctranslate2", "marian", "one of ctranslate2, firefox"),
        ("[[model.file]]", "[[model.fil]]", r"no \[\[model.file\]\] tables"),
        ("[[model]]", "[[models]]", r"consists of \[\[model\]\] tables"),
        ("[[model]]", "[[model", "not TOML"),
        ("[[model]]", "model = 3", "not TOML"),
    ],
)
def test_a_list_of_models_is_not_trusted(old: str, new: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "list.toml"
    path.write_text(LIST.replace(old, new), "utf-8")
    with pytest.raises(PipelineError, match=message) as caught:
        registry.load(path)
    assert caught.value.path == path


def test_a_list_reads_as_it_was_written() -> None:
    (model,) = registry.parse(LIST)
    assert registry.parse(registry.dump(model)) == (model,)


def test_our_own_list_is_sound() -> None:
    models = registry.load()
    assert len({model.name for model in models}) == len(models) > 0
    assert all(file.url.startswith("https://") for model in models for file in model.files)


# The commands


def diglot(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["models", *map(str, arguments)])


def test_a_model_is_pulled_verified_and_removed(
    httpserver: HTTPServer, shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    listed, folder = tmp_path / "list.toml", tmp_path / "models"
    listed.write_text(LIST.replace("https://example.org", httpserver.url_for("")), "utf-8")
    assert "pulled" not in diglot("list", "--folder", folder, "--list", listed).output
    shelf.cuts = [1000, 0, 0, 0]
    cut = diglot("pull", "--folder", folder, "--list", listed, "tiny")
    assert cut.exit_code == 3, cut.output
    assert "tiny" not in diglot("list", "--folder", folder).output, "half of it is not pulled"
    pulled = diglot("pull", "--folder", folder, "--list", listed, "tiny")
    assert (pulled.exit_code, pulled.output) == (0, f"tiny: 0.3 MB in {folder / 'tiny'}\n")
    assert "tiny              en to zh     0.3 MB  MIT             pulled" in (
        diglot("list", "--folder", folder).output
    )
    assert diglot("verify", "--folder", folder).output == "tiny: as it should be\n"
    (folder / "tiny" / "model.bin").write_bytes(DATA[::-1])
    damaged = diglot("verify", "--folder", folder, "tiny")
    assert (damaged.exit_code, "damaged: model.bin" in damaged.output) == (1, True)
    assert diglot("remove", "--folder", folder, "tiny").output == "tiny: removed 0.3 MB\n"
    assert not list(folder.iterdir())


@pytest.mark.parametrize("command", ["pull", "verify", "remove"])
@pytest.mark.parametrize("name", ["tinny", "../models", "."])
def test_a_model_that_is_not_there(command: str, name: str, tmp_path: Path) -> None:
    (tmp_path / "models").mkdir()
    result = diglot(command, "--folder", tmp_path / "models", name)
    assert result.exit_code == 2
    assert name in result.output
    assert (tmp_path / "models").exists()


# The engine, on tiny models


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with a random model for each runtime, as if both had been pulled."""
    for module in ("ctranslate2", "fxtranslate", "numpy", "sentencepiece"):
        pytest.importorskip(module, reason="needs the extra nmt")
    import tiny_models

    folder = tmp_path_factory.mktemp("models")
    makers = (("ctranslate2", "en", "zh"), ("firefox", "zh", "en"))
    for runtime, source, target in makers:
        (tiny_models.opus if runtime == "ctranslate2" else tiny_models.firefox)(folder / runtime)
        (model,) = registry.parse(LIST)
        model = replace(model, name=runtime, runtime=runtime, source=source, target=target)
        text = registry.dump(model)
        (folder / runtime / "model.toml").write_text(text, "utf-8")
    return folder


def ask(engine: Engine, texts: list[str], source: str, target: str) -> list[Answer]:
    return list(engine.translate([Request(text) for text in texts], source, target))


@pytest.mark.parametrize(
    ("source", "target", "texts", "script"),
    [
        ("en", "zh_CN", ["The model learns from data.", "Fast", "GPU", "Fast"], "\u4e00-\u9fff"),
        ("zh_CN", "en", ["模型从数据中学习。", "小模型", "PyTorch", "小模型"], "a-z"),
    ],
)
def test_a_pulled_model_answers_every_text(
    source: str, target: str, texts: list[str], script: str, tiny: Path, monkeypatch: Any
) -> None:
    # What random weights say passes no test of sense.
    monkeypatch.setattr("pipeline.engines.gates.reasons", lambda *args, **options: ())
    engine = create("nmt", {"folder": str(tiny)})
    long, short, name, again = ask(engine, texts, source, target)
    assert not any(answer.error for answer in (long, short, name, again))
    assert re.search(f"[{script}]", long.text + short.text)
    assert short == again
    assert name.text == texts[2]
    assert ask(engine, texts[:2], source, target) == [long, short]
    engine.close()


def test_a_model_that_babbles_is_not_believed(tiny: Path) -> None:
    (answer,) = ask(create("nmt", {"folder": str(tiny)}), ["小模型很快。"], "zh_CN", "en")
    assert not answer.text
    assert "repeats itself" in answer.error


def test_models_are_chosen_by_name_or_folder(tiny: Path, tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("pipeline.engines.gates.reasons", lambda *args, **options: ())
    package = tmp_path / "argos"
    shutil.copytree(tiny / "ctranslate2", package / "model")
    (package / "model" / "source.spm").rename(package / "sentencepiece.model")
    texts = ["The model learns from data."]
    found = {
        ask(create("nmt", {"folder": str(tiny), "en_zh": chosen}), texts, "en", "zh_CN")[0].text
        for chosen in ("", "ctranslate2", str(tiny / "ctranslate2"))
    }
    assert len(found) == 1
    (answer,) = ask(create("nmt", {"en_zh": str(package)}), texts, "en", "zh_CN")
    assert answer.text


@pytest.mark.parametrize(
    ("options", "damage", "message"),
    [
        ({"en_zh": "tinny"}, "", 'There is no model "tinny"'),
        ({"en_zh": "firefox"}, "", r'No model from en to zh .* "diglot models pull"'),
        ({}, "ctranslate2/model.bin", "ctranslate2: The model cannot be loaded"),
        ({}, "ctranslate2/source.spm", "ctranslate2: The model lacks the files"),
        ({}, "ctranslate2/target.spm!", "ctranslate2: The model cannot be loaded"),
    ],
)
def test_a_model_that_cannot_be_used(
    options: dict[str, str], damage: str, message: str, tiny: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "models"
    shutil.copytree(tiny, folder)
    if damage.endswith("!"):
        (folder / damage[:-1]).write_bytes(b"this is no model")
    elif damage:
        (folder / damage).unlink()
    engine = create("nmt", {"folder": str(folder), **options})
    with pytest.raises(PipelineError, match=message):
        ask(engine, ["The model learns."], "en", "zh_CN")


def test_a_damaged_firefox_model(tiny: Path, tmp_path: Path) -> None:
    folder = tmp_path / "models"
    shutil.copytree(tiny, folder)
    (folder / "firefox" / "model.enzh.intgemm.alphas.bin").write_bytes(b"this is no model")
    engine = create("nmt", {"folder": str(folder)})
    with pytest.raises(PipelineError, match="firefox: The model cannot be loaded"):
        ask(engine, ["小模型很快。"], "zh_CN", "en")
