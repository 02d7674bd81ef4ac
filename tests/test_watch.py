"""Watching and the preview: what is saved is rebuilt, shown, and shown to this machine alone."""

from __future__ import annotations

import os
import select
import signal
import subprocess
import sys
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from queue import Empty, Queue

import pytest
from browser import browser
from click.testing import CliRunner

from pipeline.cli import main
from pipeline.errors import PipelineError
from pipeline.po import load, save
from pipeline.project import load_project
from pipeline.stages.preview import Preview, serving
from pipeline.stages.watching import bursts

SECONDS = 60


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project with one post and its catalog."""
    (tmp_path / "posts").mkdir()
    (tmp_path / "posts" / "x.md").write_text("# Title\n\nSome words.\n", "utf-8")
    assert CliRunner().invoke(main, ["extract", "-q", "-C", str(tmp_path)]).exit_code == 0
    return tmp_path


def translate(project: Path, text: str) -> None:
    catalog = load(project / "locales/zh_CN/LC_MESSAGES/x.po", "zh_CN")
    save(replace(catalog, units=tuple(replace(unit, msgstr=text) for unit in catalog.units)))


@contextmanager
def watching(root: Path, poll: bool) -> Iterator[Queue[frozenset[str]]]:
    """Watch a project in a thread; what has changed comes out of the queue."""
    stop, found = threading.Event(), Queue[frozenset[str]]()

    def watch() -> None:
        for names in bursts(root, stop, poll=poll):
            found.put(names)

    thread = threading.Thread(target=watch)
    thread.start()
    try:
        yield found
    finally:
        stop.set()
        thread.join(SECONDS)


@pytest.fixture(params=[True, False], ids=["looking", "told"])
def poll(request: pytest.FixtureRequest) -> bool:
    if not request.param:
        pytest.importorskip("watchfiles")
    return bool(request.param)


def put(path: Path, text: str) -> None:
    """Save as editors do: another file takes the place of the one that was there."""
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.parent / ".new"
    new.write_text(text, "utf-8")
    new.replace(path)


def until_seen(found: Queue[frozenset[str]], path: Path) -> None:
    """Save a file until the watch tells of it: until it has begun, a change may go unseen."""
    for attempt in range(20):
        for text in ("# A\n", "# B\n", f"# C{attempt}\n"):
            put(path, text)
        try:
            while str(path) not in found.get(timeout=SECONDS / 20):
                continue
            return
        except Empty:
            continue
    raise AssertionError(f"{path} was not seen")


def test_a_burst_of_changes_is_one(project: Path, poll: bool) -> None:
    new = project / "posts" / "new.md"
    with watching(project, poll) as found:
        until_seen(found, new)
        (project / "posts" / ".hidden.md").write_text("x", "utf-8")
        new.unlink()
        assert found.get(timeout=SECONDS) == {str(new)}


def test_what_is_not_there_yet_is_watched_and_what_is_replaced(tmp_path: Path, poll: bool) -> None:
    put(tmp_path / "posts" / "x.md", "Words.\n")
    with watching(tmp_path, poll) as found:
        until_seen(found, tmp_path / "posts" / "x.md")
        for path in (tmp_path / "locales" / "glossary.csv", tmp_path / "diglot.toml"):
            for text in ("# one\n", "# two, longer\n", "# the third\n"):
                put(path, text)
                while str(path) not in found.get(timeout=SECONDS):
                    continue


def test_what_new_settings_name_is_watched(project: Path, poll: bool) -> None:
    put(project / "texts" / "y.md", "Words.\n")
    with watching(project, poll) as found:
        until_seen(found, project / "posts" / "x.md")
        put(project / "diglot.toml", 'posts = "texts"\n')
        until_seen(found, project / "texts" / "y.md")


@pytest.fixture
def address(project: Path) -> Iterator[tuple[Preview, str]]:
    preview = Preview(load_project(project))
    with serving(preview, 0) as url:
        yield preview, url


def answer(url: str, **headers: str) -> tuple[int, str]:
    request = urllib.request.Request(url, headers=headers)
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as reply:
            return reply.status, reply.read().decode("utf-8")
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode("utf-8")


def test_the_preview_shows_pages_and_lists_them(
    project: Path, address: tuple[Preview, str]
) -> None:
    _, url = address
    assert '<a href="/zh-CN/x.html">' in answer(url)[1]
    translate(project, "一些词。")
    status, page = answer(url + "zh-CN/x.html")
    assert status == 200
    assert "Some words." in page and "一些词。" in page


STRANGE = {
    "another name": ("", {"Host": "evil.example"}, 403),
    "another name with our port": ("", {"Host": "evil.example:8765"}, 403),
    "another page's request": ("", {"Origin": "https://evil.example"}, 403),
    "a post's source": ("posts/x.md", {}, 404),
    "a way out": ("../../../../etc/passwd", {}, 404),
    "a coded way out": ("%2e%2e/%2e%2e/etc/passwd", {}, 404),
    "a coded slash": ("zh-CN%2f..%2f..%2fdiglot.toml", {}, 404),
    "a zero": ("%00", {}, 404),
}


@pytest.mark.parametrize(("path", "headers", "status"), STRANGE.values(), ids=STRANGE)
def test_the_preview_gives_away_nothing_else(
    address: tuple[Preview, str], path: str, headers: dict[str, str], status: int
) -> None:
    assert answer(address[1] + path, **headers)[0] == status


def test_the_preview_says_why_a_post_is_not_built(
    project: Path, address: tuple[Preview, str]
) -> None:
    _, url = address
    translate(project, "一些 {7} <script>")
    status, page = answer(url + "zh-CN/x.html")
    assert status == 200
    assert "Not built" in page and "posts/x.md:1" in page
    (project / "locales/zh_CN/LC_MESSAGES/x.po").write_text("no PO <script>", "utf-8")
    page = answer(url + "zh-CN/x.html")[1]
    assert "Not built" in page and "no PO <script>" not in page


def test_a_taken_port_is_said(address: tuple[Preview, str], project: Path) -> None:
    port = int(address[1].rstrip("/").rpartition(":")[2])
    again = serving(Preview(load_project(project)), port)
    with pytest.raises(PipelineError, match=f"port {port} cannot be used"):
        again.__enter__()


def test_chromium_reloads_the_page(
    project: Path, address: tuple[Preview, str], tmp_path: Path
) -> None:
    preview, url = address
    with browser(tmp_path / "profile") as window:
        window.open(url + "zh-CN/x.html")
        assert "Some words." in window.value("document.body.innerText")
        translate(project, "换了。")
        preview.refresh(load_project(project))
        window.wait_for("Page.loadEventFired")
        assert "换了。" in window.value("document.body.innerText")
        assert window.complaints == []
        assert all(request.startswith((url, "data:")) for request in window.requests)


class Watch:
    """The command in a process of its own."""

    def __init__(self, project: Path) -> None:
        command = [sys.executable, "-u", "-m", "pipeline", "watch", "--port", "0", "--poll"]
        self.process = subprocess.Popen(
            [*command, "-C", str(project)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            bufsize=0,
            env={**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent)},
        )
        assert self.process.stdout is not None
        self.output = self.process.stdout

    def until(self, words: str) -> str:
        """Return the first line of output that holds the words."""
        while select.select([self.output], [], [], SECONDS)[0]:
            line = self.output.readline().decode("utf-8")
            assert line, f"the watch has ended before {words!r}"
            if words in line:
                return line
        raise AssertionError(f"{words!r} did not come")


def test_the_command_rebuilds_complains_goes_on_and_ends(project: Path) -> None:
    watch = Watch(project)
    try:
        address = watch.until("preview").split()[1]
        watch.until("watching")
        post = project / "posts" / "x.md"
        post.write_text("# Title\n\nOther words.\n", "utf-8")
        watch.until("locales/zh_CN/LC_MESSAGES/x.po")
        watch.until("site/en/x.md")
        assert "Other words." in answer(address + "zh-CN/x.html")[1]
        post.write_bytes(b"\xff\xfe broken")
        assert "not UTF-8" in watch.until("diglot: ")
        post.write_text("# Title\n\nAt last.\n", "utf-8")
        watch.until("site/en/x.md")
        post.rename(post.with_name("y.md"))
        assert watch.until("site/en/x.md").startswith("removed")
        watch.process.send_signal(signal.SIGINT)
        watch.until("ended")
        assert watch.process.wait(SECONDS) == 0
    finally:
        watch.process.kill()
        watch.process.wait(SECONDS)
        watch.output.close()
