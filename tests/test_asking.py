"""What is asked of an engine is paid once: stored answers, interruptions, limits, estimates."""

from __future__ import annotations

import base64
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from importlib import metadata
from pathlib import Path
from urllib.parse import quote

import pytest
from click.testing import CliRunner
from engines_for_tests import FakeEngine, chinese, register

from pipeline.answers import TRIES, Answers
from pipeline.asking import NOT_ASKED, Allowance, Asker
from pipeline.catalog import load, save
from pipeline.cli import main
from pipeline.engines import Answer, Engine, Request
from pipeline.errors import EngineError, PipelineError
from pipeline.model import State

TEXTS = [Request(f"Text number {number}") for number in range(9)]


@pytest.fixture
def store(tmp_path: Path) -> Callable[..., Answers]:
    return lambda **options: Answers.open(tmp_path, **options)


def asker(engine: Engine, answers: Answers, **limits: int) -> Asker:
    return Asker(engine, "en", "zh_CN", answers, Allowance(**limits))


# The store


def test_what_was_answered_is_never_asked_again(store: Callable[..., Answers]) -> None:
    first, second = FakeEngine(), FakeEngine()
    found = asker(first, store()).ask([*TEXTS, TEXTS[0]])
    assert asker(second, store()).ask([*TEXTS, TEXTS[0]]) == found
    assert (len(first.requests), second.requests) == (len(TEXTS), [])


@pytest.mark.parametrize(
    ("engine", "target", "request_"),
    [
        (FakeEngine(name="other"), "zh_CN", TEXTS[0]),
        (FakeEngine(identity="model 2"), "zh_CN", TEXTS[0]),
        (FakeEngine(), "zh_TW", TEXTS[0]),
        (FakeEngine(), "zh_CN", replace(TEXTS[0], style="Use 您.")),
        (FakeEngine(), "zh_CN", replace(TEXTS[0], reason="it was bad")),
    ],
)
def test_another_question_is_asked(
    store: Callable[..., Answers], engine: FakeEngine, target: str, request_: Request
) -> None:
    asker(FakeEngine(), store()).ask(TEXTS)
    Asker(engine, "en", target, store()).ask([request_])
    assert len(engine.requests) == 1


def test_errors_are_not_kept(store: Callable[..., Answers]) -> None:
    failing, working = FakeEngine(lambda text: Answer(error="busy")), FakeEngine()
    assert asker(failing, store()).ask(TEXTS[:1]) == [Answer(error="busy")]
    assert asker(working, store()).ask(TEXTS[:1]) == [Answer(chinese(TEXTS[0].text))]


def test_a_refused_answer_is_asked_for_again_but_not_for_ever(
    store: Callable[..., Answers],
) -> None:
    for run in range(TRIES + 1):
        engine = FakeEngine()
        now = asker(engine, store())
        (answer,) = now.ask(TEXTS[:1])
        assert len(engine.requests) == (run < TRIES)
        if run < TRIES:
            now.refuse(TEXTS[:1], "too bad")
    assert answer.error == f"refused {TRIES} times (--fresh asks again): too bad"
    fresh = FakeEngine()
    assert asker(fresh, store(fresh=True)).ask(TEXTS[:1])[0].text
    assert len(fresh.requests) == 1


def test_fresh_ignores_earlier_runs_only(store: Callable[..., Answers]) -> None:
    asker(FakeEngine(), store()).ask(TEXTS)
    engine, answers = FakeEngine(), store(fresh=True)
    for _ in range(2):
        asker(engine, answers).ask(TEXTS)
    assert len(engine.requests) == len(TEXTS)


@pytest.mark.parametrize("damage", [b"", b"no database" * 1000, None])
def test_a_damaged_store_costs_answers_only(tmp_path: Path, damage: bytes | None) -> None:
    with closing(Answers.open(tmp_path)) as answers:
        asker(FakeEngine(), answers).ask(TEXTS)
    path = tmp_path / ".diglot" / "answers.sqlite3"
    if damage is None:
        path.unlink()
        path.mkdir()
    else:
        path.write_bytes(damage)
    engine = FakeEngine()
    assert all(answer.text for answer in asker(engine, Answers.open(tmp_path)).ask(TEXTS))
    assert len(engine.requests) == len(TEXTS)


WORKER = """
import os, signal, sys
from pathlib import Path
from pipeline.answers import Answers
from pipeline.asking import Asker
from pipeline.engines import Answer, Engine, Request

class Mortal(Engine):
    name = "mortal"

    def translate(self, requests, source, target):
        for number, request in enumerate(requests):
            if number == int(sys.argv[2]):
                os.kill(os.getpid(), signal.SIGKILL)
            with open("served", "a") as served:
                served.write(request.text + "\\n")
            yield Answer(request.text)

requests = [Request(f"text {number}") for number in range(8)]
answers = Asker(Mortal(), "en", "zh_CN", Answers.open(Path(sys.argv[1]))).ask(requests)
assert [answer.text for answer in answers] == [request.text for request in requests]
"""


def test_no_answer_is_paid_twice_though_the_process_is_killed_again_and_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parents[1]))
    for killed_at in (1, 3, 0, 2, 99):
        command = [sys.executable, "-c", WORKER, str(tmp_path), str(killed_at)]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == (0 if killed_at == 99 else -9), done.stderr
    served = Counter(Path("served").read_text().splitlines())
    assert served == Counter(f"text {number}" for number in range(8))


# Engines that fail


class Dying(FakeEngine):
    """Raises ``error`` when it is to answer the third text."""

    def __init__(self, error: BaseException) -> None:
        super().__init__(self.fail_at_third)
        self.error = error

    def fail_at_third(self, text: str) -> str:
        if len(self.requests) == 3:
            raise self.error
        return chinese(text)


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (EngineError("No network"), "No network"),
        (PipelineError("No such language"), "No such language"),
        (ValueError("boom"), 'The engine "fake" failed: ValueError: boom'),
        (KeyboardInterrupt(), ""),
    ],
)
def test_what_was_answered_before_the_end_stands(
    store: Callable[..., Answers], error: BaseException, message: str
) -> None:
    now = asker(Dying(error), store())
    found = now.ask(TEXTS)
    assert [answer.error for answer in found] == ["", ""] + [NOT_ASKED] * (len(TEXTS) - 2)
    assert message in str(now.stopped)
    assert now.ask(TEXTS[:4]) == found[:4]


@pytest.mark.parametrize("answers", [0, 2])
def test_an_engine_that_says_too_little_is_stopped(
    store: Callable[..., Answers], answers: int
) -> None:
    class Short(FakeEngine):
        def translate(self, requests, source, target):  # type: ignore[no-untyped-def]
            yield from (Answer("字") for _ in requests[:answers])

    now = asker(Short(), store())
    assert [answer.text for answer in now.ask(TEXTS[:3])] == (["字"] * answers + [""] * 3)[:3]
    assert "left texts unanswered" in str(now.stopped)


# Keys

CANARY = "sk-CANARY+7f3a/9c=="
FORMS = (CANARY, quote(CANARY, safe=""), base64.b64encode(f"u:{CANARY}".encode()).decode())


@pytest.mark.parametrize("form", FORMS)
def test_no_key_is_ever_shown_or_kept(
    project: Path, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    monkeypatch.setenv("SOME_API_KEY", CANARY)
    monkeypatch.setenv("DIGLOT_DEBUG", "1")
    output = ""
    for engine in (
        Dying(EngineError(f"cannot reach {form}", hint=form)),
        Dying(ValueError(f"GET /?key={form}")),
        FakeEngine(lambda text: Answer(error=f"refused: {form}")),
        FakeEngine(lambda text: f"字词 {form}"),
    ):
        register(monkeypatch, engine)
        result = CliRunner().invoke(main, ["translate", "--engine", "fake", "--fresh", "-v"])
        output += result.output
    kept = b"".join(path.read_bytes() for path in project.rglob("*") if path.is_file())
    for shown in (output.encode(), kept):
        assert not any(known.rstrip("=").encode() in shown for known in FORMS)
    assert "[hidden]" in output


# The command


POSTS = {
    "a": "# First title\n\nSome words of a post.\n\nMore words of it.\n",
    "b": "# Second title\n\nSome words of a post.\n\nStill other words.\n",
}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of which nothing is translated."""
    monkeypatch.chdir(tmp_path)
    Path("posts").mkdir()
    for name, text in POSTS.items():
        Path(f"posts/{name}.md").write_text(text, "utf-8")
    assert CliRunner().invoke(main, ["extract"]).exit_code == 0
    return tmp_path


@pytest.fixture
def translate(monkeypatch: pytest.MonkeyPatch, project: Path) -> Callable[..., str]:
    """Run ``diglot translate`` with an engine and return what it says."""

    def run(engine: Engine, *options: str, code: int = 0) -> str:
        register(monkeypatch, engine)
        result = CliRunner().invoke(main, ["translate", "--engine", engine.name, *options])
        assert result.exit_code == code, result.output
        return result.output

    return run


def states() -> Counter[State]:
    catalogs = [load(path, "zh_CN") for path in sorted(Path("locales").rglob("*.po"))]
    return Counter(unit.state for catalog in catalogs for unit in catalog.units)


@pytest.mark.parametrize(
    ("error", "code", "message"),
    [
        (EngineError("The service is down"), 3, "diglot: The service is down."),
        (ValueError("boom"), 3, 'diglot: The engine "fake" failed: ValueError: boom.'),
        (KeyboardInterrupt(), 130, "diglot: Interrupted. Finished work is saved."),
    ],
)
def test_trouble_saves_what_is_finished_and_the_next_run_goes_on(
    translate: Callable[..., str], error: BaseException, code: int, message: str
) -> None:
    assert message in translate(Dying(error), code=code)
    assert states() == {State.MACHINE: 2, State.UNTRANSLATED: 4}
    rest = FakeEngine()
    translate(rest)
    assert states() == {State.MACHINE: 6}
    assert len(rest.requests) == 3  # one of the six texts stands in both posts


def test_an_estimate_asks_nothing_and_is_what_is_asked_then(
    translate: Callable[..., str], project: Path
) -> None:
    before = sorted(project.rglob("*"))
    engine = FakeEngine()
    header, row = translate(engine, "--estimate").splitlines()
    assert engine.requests == []
    assert sorted(project.rglob("*")) == before
    numbers = [int(cell) for cell in row.split()[2:]]
    translate(engine)
    assert row.split()[:2] == ["fake", "zh_CN"]
    assert numbers[0] == 6
    assert numbers[2:4] == [5 + 1, sum(map(len, engine.asked)) + len("Some words of a post.")]
    assert header.split() == "engine to texts from memory requests characters tokens, about".split()
    (_,) = translate(FakeEngine(), "--estimate").splitlines()


def test_a_limit_of_texts_leaves_the_rest_for_the_next_run(translate: Callable[..., str]) -> None:
    engine = FakeEngine()
    assert "2 by the fake engine; 4 left" in translate(engine, "--limit", "2")
    assert len(engine.requests) == 2
    translate(engine)
    assert states() == {State.MACHINE: 6}
    assert len(engine.requests) == 5


def test_the_cost_stays_below_the_limit(translate: Callable[..., str]) -> None:
    engine = FakeEngine()
    translate(engine, "--max-cost", "40")
    assert 0 < sum(map(len, engine.asked)) <= 40
    assert states()[State.UNTRANSLATED] == 4
    translate(FakeEngine(), "--max-cost", "0")
    assert states()[State.UNTRANSLATED] == 4


def test_only_new_leaves_what_was_refused(translate: Callable[..., str]) -> None:
    translate(FakeEngine(lambda text: "" if "title" in text else chinese(text)))
    engine = FakeEngine()
    assert "0 to do" in translate(engine, "--only-new")
    assert engine.requests == []
    assert "2 to do" in translate(engine)
    assert states() == {State.MACHINE: 6}


def test_a_changed_text_gets_a_suggestion_once(translate: Callable[..., str]) -> None:
    (path,) = Path("locales").rglob("a.po")
    catalog = load(path, "zh_CN")
    Path("posts/a.md").write_text("Old words stay here. This sentence is as it was.\n", "utf-8")
    assert CliRunner().invoke(main, ["extract"]).exit_code == 0
    catalog = load(path, "zh_CN")
    units = [
        replace(unit, msgstr="旧词留在这里。这句话照旧。") if "Old" in unit.msgid else unit
        for unit in catalog.units
    ]
    save(replace(catalog, units=tuple(units)))
    Path("posts/a.md").write_text("Old words stay here. This sentence is as it is.\n", "utf-8")
    assert CliRunner().invoke(main, ["extract"]).exit_code == 0
    engine = FakeEngine(lambda text: "这句话如此。")
    said = translate(engine, "posts/a.md")
    assert "1 suggested for changed texts" in said
    text = path.read_text("utf-8")
    assert "旧词留在这里。这句话如此。" in text
    assert 'msgstr "旧词留在这里。这句话照旧。"' in text
    assert "#| msgid" in text
    assert "suggested" not in translate(engine, "posts/a.md")
    assert engine.asked == ["This sentence is as it is."]
    assert path.read_text("utf-8") == text


# The list of engines


def test_engines_are_listed_with_what_they_need(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    register(monkeypatch, FakeEngine(), remote=True, paid=True, keys=("FAKE_KEY",))
    points = metadata.EntryPoints(
        [
            metadata.EntryPoint("theirs", "engines_for_tests:FakeEngine", "diglot.engines"),
            metadata.EntryPoint("row", "engines_for_tests:ROW", "diglot.engines"),
            metadata.EntryPoint("gone", "no_such_module:f", "diglot.engines"),
            metadata.EntryPoint("broken", "engines_for_tests:broken", "diglot.engines"),
        ]
    )
    monkeypatch.setattr(metadata, "entry_points", lambda group: points.select(group=group))
    here = '[engines.libre]\nbase_url = "http://127.0.0.1:5000"\n'
    Path("diglot.toml").write_text(here, "utf-8")
    result = CliRunner().invoke(main, ["engines"])
    assert result.exit_code == 0, result.output
    lines = {line.split()[0]: line for line in result.output.splitlines()}
    assert "yes" in lines["fake"] and "leaves this machine, may cost  FAKE_KEY" in lines["fake"]
    assert "(configured)" in lines["local"] and "stays here" in lines["local"]
    assert "stays here" in lines["libre"] and "leaves this machine" in lines["openai"]
    assert "yes" in lines["theirs"] and "unknown" in lines["theirs"]
    assert "stays here" in lines["row"] and "a row of theirs" in lines["row"]
    assert "no: The engine" in lines["gone"] and "no_such_module" in lines["gone"]
    assert "no: ZeroDivisionError" in lines["broken"]
