"""The commands on whole projects: what a user sees, gets and never loses."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from pytest_httpserver import HTTPServer
from werkzeug import Request as HttpRequest
from werkzeug import Response

from pipeline import engines
from pipeline.cli import main
from pipeline.engines import Answer, Request
from pipeline.engines.pseudo import PseudoEngine
from pipeline.errors import EngineError
from pipeline.po import load

SHARED = Path(__file__).parents[2] / "shared"
SAMPLE = Path(__file__).parent / "data" / "posts" / "resources.md"
POSTS = {
    "2026-03-14-resources.md": [SAMPLE],
    "2026-01-25-resources-to-learn-diffusion-models.md": sorted(SHARED.glob("seed/*.txt")),
}
URL = re.compile(r"https?://\S+")


def diglot(*arguments: str) -> Result:
    return CliRunner().invoke(main, arguments)


def ok(*arguments: str) -> str:
    result = diglot(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of posts in the current folder."""
    monkeypatch.chdir(tmp_path)
    Path("posts").mkdir()
    return tmp_path


def write(name: str, text: str) -> None:
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_bytes(text.encode("utf-8"))


def files(root: Path) -> dict[str, tuple[bytes, int]]:
    """Return bytes and mtime of every file below ``root``."""
    return {
        str(path.relative_to(root)): (path.read_bytes(), path.stat().st_mtime_ns)
        for path in sorted(root.rglob("*"))
        if path.is_file()
    }


# A post with links, nested full-width brackets, rules and a Chinese part


def front_matter(text: str) -> list[str]:
    return text.split("---\n")[1].splitlines()


@pytest.mark.parametrize("name", POSTS)
def test_a_post_of_links_comes_out_whole_in_both_languages(
    project: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not POSTS[name]:
        pytest.skip("no other people's posts here")
    shutil.copy(POSTS[name][0], f"posts/{name}")
    asked: list[str] = []
    translate = PseudoEngine.translate

    def recorded(
        self: PseudoEngine, requests: Sequence[Request], source: str, target: str
    ) -> Iterator[Answer]:
        asked.extend(request.text for request in requests)
        return translate(self, requests, source, target)

    monkeypatch.setattr(PseudoEngine, "translate", recorded)
    ok("run", "--engine", "pseudo")

    source = Path(f"posts/{name}").read_text("utf-8")
    entries = re.findall(r"^【.*】 https://www\.bilibili\.com/video/.*$", source, re.M)
    links = URL.findall(source)
    assert (len(entries), len(links)) == (2, 3)
    kept = [line for line in front_matter(source) if not line.startswith("title:")]
    for language in ("en", "zh-CN"):
        built = Path(f"site/{language}/{name}").read_text("utf-8")
        assert URL.findall(built) == links
        assert re.findall(r"^---$", built, re.M) == re.findall(r"^---$", source, re.M)
        assert [line for line in built.splitlines() if line in entries] == entries
        head = [line for line in front_matter(built) if not line.startswith("title:")]
        assert head[: len(kept)] == kept
        assert f"lang: {language}" in head[len(kept) :]
    english = Path(f"site/en/{name}").read_text("utf-8")
    assert english.split("---\n", 2)[2] == source.split("---\n", 2)[2]
    assert asked
    assert not [text for text in asked if "【" in text or "http" in text]
    catalog = load(Path(f"locales/zh_CN/LC_MESSAGES/{name[:-3]}.po"), "zh_CN")
    settled = [unit for unit in catalog.units if unit.msgid.startswith("【")]
    assert len(settled) == len(entries)
    assert {(u.msgstr == u.msgid, u.comments) for u in settled} == {
        (True, ("kept: already zh_CN",))
    }


# The life of a translation


def entry(catalog: str, msgid: str) -> str:
    """Return the PO entry with ``msgid``, as it stands in the file."""
    text = Path(catalog).read_text("utf-8")
    return next(part for part in text.split("\n\n") if f'\nmsgid "{msgid}"' in part)


def test_a_translation_through_its_life(project: Path) -> None:
    write("posts/a.md", "# First title\n\nSome words that a person reads.\n\nMore words there.\n")
    po, page = "locales/zh_CN/LC_MESSAGES/a.po", Path("site/zh-CN/a.md")
    ok("run", "--engine", "pseudo")
    assert "# machine: pseudo (draft) src=" in entry(po, "Some words that a person reads.")
    assert "#, fuzzy" in entry(po, "Some words that a person reads.")
    assert "〖" in page.read_text("utf-8")

    # A person takes over, in any editor.
    text = Path(po).read_text("utf-8")
    person = entry(po, "Some words that a person reads.")
    write(po, text.replace(person, re.sub(r'msgstr ".*"', 'msgstr "这里有些字。"', person)
                           .replace("#, fuzzy\n", "")))  # fmt: skip
    ok("translate", "--engine", "pseudo")
    ok("extract")
    assert "machine" not in entry(po, "Some words that a person reads.")
    ok("build")
    assert "这里有些字。" in page.read_text("utf-8")

    # The source changes: the translation is stale, kept, and not published.
    write(
        "posts/a.md",
        "# First title\n\nSome other words that a person reads.\n\nMore words there.\n",
    )
    assert "1 stale" in ok("extract")
    stale = entry(po, "Some other words that a person reads.")
    assert '#| msgid "Some words that a person reads."' in stale
    assert "这里有些字。" in stale
    ok("build")
    assert "Some other words that a person reads." in page.read_text("utf-8")
    report = diglot("check", "--fail-on", "info")
    assert report.exit_code == 1
    assert "stale" in report.output

    # It goes, and comes back with its text.
    write("posts/a.md", "# First title\n\nMore words there.\n")
    ok("extract")
    assert '#~ msgstr "这里有些字。"' in Path(po).read_text("utf-8")
    write(
        "posts/a.md",
        "# First title\n\nSome other words that a person reads.\n\nMore words there.\n",
    )
    ok("extract")
    assert "这里有些字。" in entry(po, "Some other words that a person reads.")
    assert "#~" not in Path(po).read_text("utf-8")


def test_a_second_run_touches_nothing(project: Path) -> None:
    write("posts/a.md", "---\ntitle: Words\n---\n\n# Title\n\nText with `code`.\r\nAnd more.\n")
    write("posts/中文.md", "# 标题\n\n有 **重点** 的一段话。\n")
    ok("run", "--engine", "pseudo")
    shutil.rmtree(".diglot")  # what is remembered there must not make the difference
    before = files(project)
    for command in ("extract", "translate -e pseudo", "build", "run -e pseudo", "check", "status"):
        for _ in range(2):
            ok(*command.split())
            now = files(project)
            assert {name: now[name] for name in now if ".diglot" not in name} == before, command
    assert now == files(project)


def test_a_copied_build_without_added_keys_is_the_source(project: Path) -> None:
    posts = {
        "posts/a.md": "\ufeff---\r\ntitle: 'A: b'\r\ntags: [x]\r\n---\r\n\r\nText  \r\nmore\r\n",
        "posts/b.md": "No front matter, no last line end: https://a.b/c",
    }
    for name, text in posts.items():
        write(name, text)
    ok("extract")
    ok("translate", "--engine", "copy")
    ok("build", "--no-added-keys")
    for name, text in posts.items():
        for language in ("en", "zh-CN"):
            built = Path(name.replace("posts", f"site/{language}")).read_bytes()
            assert built.decode("utf-8") == text


def test_a_dry_run_writes_nothing(project: Path) -> None:
    write("posts/a.md", "Some words.\n")
    before = files(project)
    for command in ("extract", "run"):
        ok(command, "--dry-run", *(["-e", "pseudo"] if command == "run" else []))
        assert files(project) == before
    ok("extract")
    before = files(project)
    ok("translate", "--dry-run", "--engine", "pseudo")
    ok("build", "--dry-run")
    assert files(project) == before


def test_status_counts_segments(project: Path) -> None:
    write(
        "posts/a.md",
        "---\nlang: en\n---\n# A title\n\nSome plain English words in a row.\n\n使用说明书\n",
    )
    ok("extract")
    (row,) = json.loads(ok("status", "--json"))
    assert row == {
        "post": "posts/a.md", "locale": "zh_CN", "segments": 3, "reviewed": 1, "machine": 0,
        "stale": 0, "needs_work": 0, "untranslated": 2, "words": 14,
    }  # fmt: skip
    ok("translate", "--engine", "pseudo")
    (row,) = json.loads(ok("status", "--json"))
    assert (row["reviewed"], row["machine"], row["untranslated"]) == (1, 2, 0)


# A build that would damage a post


def test_a_post_that_a_translation_would_damage_is_refused(project: Path) -> None:
    write("posts/a.md", "See [the course](https://a.b/c) now.\n")
    write("posts/b.md", "Good words.\n")
    ok("extract")
    po = "locales/zh_CN/LC_MESSAGES/a.po"
    text = Path(po).read_text("utf-8")
    write(po, text.replace('now."\nmsgstr ""', 'now."\nmsgstr "见[课程]（{1}）。"'))
    result = diglot("build")
    assert result.exit_code == 1
    assert f"{po}:" in result.output
    assert not Path("site/zh-CN/a.md").exists()
    assert Path("site/zh-CN/b.md").exists()
    assert diglot("check").exit_code == 1


# An engine in trouble


class FailingEngine(PseudoEngine):
    """Gives up, one way or another, at the third text."""

    def __init__(self, trouble: Callable[[], BaseException]) -> None:
        self.trouble = trouble

    def translate(self, requests: Sequence[Request], source: str, target: str) -> Iterator[Answer]:
        for number, answer in enumerate(super().translate(requests, source, target)):
            if number == 2:
                raise self.trouble()
            yield answer


@pytest.mark.parametrize(
    ("trouble", "code", "message"),
    [
        (lambda: EngineError("Quota used up", hint="Wait."), 3, "Quota used up. Wait."),
        (lambda: ZeroDivisionError("oops"), 3, 'The engine "pseudo" failed'),
        (KeyboardInterrupt, 130, ""),
    ],
    ids=["gives up", "crashes", "interrupted"],
)  # fmt: skip
def test_finished_work_outlives_the_engine(
    project: Path,
    monkeypatch: pytest.MonkeyPatch,
    trouble: Callable[[], BaseException],
    code: int,
    message: str,
) -> None:
    write("posts/a.md", "Words one.\n\nWords two.\n\nWords three.\n\nWords four.\n")
    ok("extract")
    monkeypatch.setattr(engines, "create", lambda name, options: FailingEngine(trouble))
    result = diglot("translate", "--engine", "pseudo")
    assert result.exit_code == code
    assert message in result.output
    assert "Traceback" not in result.output
    catalog = load(Path("locales/zh_CN/LC_MESSAGES/a.po"), "zh_CN")
    assert [bool(unit.msgstr) for unit in catalog.units] == [True, True, False, False]
    monkeypatch.undo()
    os.chdir(project)
    assert "2 to do" in ok("translate", "--engine", "pseudo")


# Bad input: one clear line, exit code 2, nothing written

PO = "locales/zh_CN/LC_MESSAGES/a.po"
HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n\n'
CONFLICT = '<<<<<<< HEAD\nmsgid "x"\nmsgstr "y"\n=======\n>>>>>>> other\n'

BAD: dict[str, tuple[dict[str, str | bytes], str, str]] = {
    "no such project": ({}, "run -C nowhere", r"nowhere: There is no such folder\."),
    "no posts folder": ({"x.md": "Text."}, "run", r'There is no folder "posts"\. .*diglot\.toml\.'),
    "no posts": ({"posts/x.txt": "Text."}, "run", r"posts: There is no post .*\.md.* here\. Put"),
    "no such post": ({"posts/a.md": "Text."}, "extract posts/b.md", r"posts/b\.md: .*no post"),
    "post not UTF-8": (
        {"posts/a.md": "Text.", "posts/b.md": "Zeile\nGr\xfc\xdfe".encode("latin-1")},
        "run", r"posts/b\.md:2: not UTF-8: byte 0xfc\. Save the file as UTF-8\.",
    ),
    "post is a folder": ({"posts/a.md/x.txt": "Text."}, "run", r"posts: There is no post"),
    "broken YAML": (
        {"posts/a.md": "Text.", "posts/b.md": "---\nlayout: x\ntitle: a: b\n---\nText."},
        "run", r"posts/b\.md:3: the front matter is not valid YAML: .*\. Quote the value",
    ),
    "conflict markers": (
        {"posts/a.md": "Text.", PO: HEAD + CONFLICT},
        "run", rf"{PO}:5: .*merge conflict.*",
    ),
    "unterminated string": (
        {"posts/a.md": "Text.", PO: HEAD + 'msgid "x"\nmsgstr "y\n'},
        "extract", rf"{PO}:6: .*",
    ),
    "unterminated string, build": (
        {"posts/a.md": "Text.", PO: HEAD + 'msgid "x"\nmsgstr "y\n'},
        "build", rf"{PO}:6: .*",
    ),
    "two posts, one catalog": (
        {"posts/a.md": "Text.", "posts/a.markdown": "Text."},
        "run", r'"posts/a\.markdown" and "posts/a\.md" have the same catalog\. Rename one',
    ),
    "unknown engine": (
        {"posts/a.md": "Text."}, "run -e gogle", r'no engine "gogle"\. Did you mean "google"\?',
    ),
    "unknown engine configured": (
        {"posts/a.md": "Text.", "diglot.toml": 'posts = "posts"\nengine = "locl"\n'},
        "run", r'diglot\.toml:2: There is no engine "locl"\. Did you mean "local"\?',
    ),
    "unknown key": (
        {"posts/a.md": "Text.", "diglot.toml": "\nlocale = []\n"},
        "check", r'diglot\.toml:2: unknown key "locale"\. Did you mean "locales"\?',
    ),
    "unknown check": (
        {"posts/a.md": "Text.", "diglot.toml": '[checks]\nlink = "off"\n'},
        "check", r'diglot\.toml:2: .*unknown check "link"\. Did you mean "links"\?',
    ),
    "unknown locale": (
        {"posts/a.md": "Text.", "diglot.toml": 'locales = ["en", "zh_CM"]\n'},
        "check", r'diglot\.toml:1: .*"zh_CM", a locale that Babel does not know\. Did you mean',
    ),
    "language not of the project": (
        {"posts/a.md": "Text."}, "check -l fr", r'"fr" is none of the project\'s languages',
    ),
    "no catalog yet": (
        {"posts/a.md": "Text."}, "build", rf"{PO}: There is no catalog .*`diglot extract` first\.",
    ),
    "a folder where a catalog goes": (
        {"posts/a.md": "Text.", f"{PO}/x": ""}, "extract", rf"{PO}: cannot .*folder.*",
    ),
    "a file where the folder goes": (
        {"posts/a.md": "Text.", "posts/b.md": "Text.", "site": "x"},
        "run -e pseudo", r"site/.*: cannot write the file: .*",
    ),
    "broken glossary": (
        {"posts/a.md": "Text.", "locales/glossary.csv": "en,fr\na,b\n"},
        "run -e pseudo", r"locales/glossary\.csv:1: .*",
    ),
}  # fmt: skip


def is_one_clear_line(result: Result, message: str) -> None:
    assert result.exit_code == 2, result.output
    assert re.fullmatch(rf"diglot: (?:.*{message}.*)\n", result.stderr), result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize(("given", "command", "message"), BAD.values(), ids=BAD)
def test_bad_input_is_one_clear_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    given: dict[str, str | bytes],
    command: str,
    message: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in given.items():
        Path(name).parent.mkdir(parents=True, exist_ok=True)
        Path(name).write_bytes(content if isinstance(content, bytes) else content.encode())
    before = files(tmp_path)
    is_one_clear_line(diglot(*command.split()), message)
    assert files(tmp_path) == before


def test_a_missing_extra_is_named(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write("posts/a.md", "Text.\n")
    monkeypatch.setattr("pipeline.engines.util.find_spec", lambda name: None)
    result = diglot("run")
    is_one_clear_line(result, r'needs xllamacpp .*pip install "diglot\[local\]"')
    assert not Path("locales").exists()


@pytest.fixture
def as_nobody(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A project in a folder that everybody may enter, seen by a user without rights in it."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        root.chmod(0o755)
        monkeypatch.chdir(root)
        write("posts/a.md", "Text.\n")
        ok("run", "--engine", "pseudo")  # everything is imported now
        shutil.rmtree("site")
        write("posts/a.md", "Other text.\n")
        if os.getuid() == 0:
            os.setresuid(65534, 65534, 0)
            yield root
            os.setresuid(0, 0, 0)
        else:
            for path in (root, *root.rglob("*")):
                path.chmod(0o555 if path.is_dir() else 0o444)
            yield root
            for path in (root, *root.rglob("*")):
                path.chmod(0o755)


@pytest.mark.skipif(not hasattr(os, "setresuid"), reason="no POSIX users")
@pytest.mark.parametrize("command", ["extract", "run -e pseudo"])
def test_no_permission_to_write_is_said_at_once(as_nobody: Path, command: str) -> None:
    before = files(as_nobody)
    is_one_clear_line(diglot(*command.split()), r"a\.\w+: cannot write the file: permission denied")
    assert files(as_nobody) == before


# Engines on the network


def test_a_post_is_translated_by_a_language_model_and_a_key_is_nowhere(
    project: Path, httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    secret = "sk-canary-0123456789"
    monkeypatch.setenv("DIGLOT_OPENAI_API_KEY", secret)

    def reply(request: HttpRequest) -> Response:
        assert request.headers["Authorization"] == f"Bearer {secret}"
        segments = json.loads(request.get_json()["messages"][1]["content"])["segments"]
        items = [{"id": s["id"], "start": s["text"], "text": CHINESE[s["text"]]} for s in segments]
        content = json.dumps({"translations": items})
        body = {"choices": [{"finish_reason": "stop", "message": {"content": content}}]}
        return Response(json.dumps(body), content_type="application/json")

    httpserver.expect_request("/v1/chat/completions").respond_with_handler(reply)
    address = httpserver.url_for("/v1")
    write(
        "diglot.toml",
        f'engine = "openai"\n[engines.openai]\nmodel = "m"\nbase_url = "{address}"\n',
    )
    write("posts/a.md", "# A large model\n\nRead [the paper](https://example.com/x) first.\n")
    ok("run")
    assert (
        Path("site/zh-CN/a.md")
        .read_text("utf-8")
        .endswith("# 一个大模型 {#a-large-model}\n\n请先读[这篇论文](https://example.com/x)。\n")
    )
    assert all(secret.encode() not in content for content, _ in files(project).values())


CHINESE = {
    "A large model": "一个大模型",
    "Read <x1/>the paper<x2/> first.": "请先读<x1/>这篇论文<x2/>。",
}


def test_an_interrupt_before_the_program_is_loaded_ends_it_quietly(tmp_path: Path) -> None:
    early = "import os, signal, time\nos.kill(os.getpid(), signal.SIGINT)\ntime.sleep(60)\n"
    (tmp_path / "click.py").write_text(early, "utf-8")  # what every command imports first
    path = os.pathsep.join([str(tmp_path), str(Path(__file__).parents[1])])
    done = subprocess.run(
        [sys.executable, "-m", "pipeline", "--version"],
        env={**os.environ, "PYTHONPATH": path},
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"")
