"""The engine that is any program, with programs of all kinds."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from pipeline.engines import Answer, Request, create
from pipeline.engines.base import Context, Engine, Pair
from pipeline.errors import EngineError, PipelineError
from pipeline.model import Term

HEAD = """
import json, os, sys, time
def say(**reply): print(json.dumps(reply), flush=True)
"""
LOOP = HEAD + "for line in sys.stdin:\n    request = json.loads(line)\n    "
PLAIN = LOOP + "say(id=request['id'], text='译：' + request['text'])"

Run = Callable[..., Engine]


@pytest.fixture
def run() -> Iterator[Run]:
    """Make an engine of a Python program."""
    made: list[Engine] = []

    def start(code: str, *arguments: str, timeout: float = 20.0) -> Engine:
        command = [sys.executable, "-c", code, *arguments]
        made.append(create("command", {"command": command, "timeout": timeout}))
        return made[-1]

    yield start
    for engine in made:
        engine.close()


def answers(engine: Engine, *texts: str) -> list[Answer]:
    return list(engine.translate([Request(text) for text in texts], "en", "zh_CN"))


def test_it_is_started_once_and_answers_in_order(run: Run) -> None:
    engine = run(LOOP + "say(id=request['id'], text=f\"{os.getpid()} {request['text']}\")")
    found = answers(engine, *map(str, range(50))) + answers(engine, "50")
    assert [answer.text.split()[1] for answer in found] == [str(n) for n in range(51)]
    assert len({answer.text.split()[0] for answer in found}) == 1


def test_what_a_program_is_told(run: Run, tmp_path: Path) -> None:
    log = tmp_path / "log"
    code = LOOP + "open(sys.argv[1], 'w').write(line); say(id=request['id'], text='好')"
    request = Request(
        "见 <x1/> “two”\n",
        kind="cell",
        terms=(Term("model", "模型"),),
        context=Context("Title", ("Part",), (Pair("a", "甲"),), (Pair("b"),)),
    )
    assert list(run(code, str(log)).translate([request], "en", "zh_CN")) == [Answer("好")]
    assert json.loads(log.read_text("utf-8")) == {
        "id": 1,
        "text": "见 <x1/> “two”\n",
        "source": "en",
        "target": "zh_CN",
        "kind": "cell",
        "terms": [{"source": "model", "target": "模型"}],
        "context": {
            "title": "Title",
            "headings": ["Part"],
            "before": [{"source": "a", "target": "甲"}],
            "after": [{"source": "b", "target": ""}],
        },
    }


def test_answers_may_come_in_any_order(run: Run) -> None:
    code = HEAD + (
        "requests = [json.loads(sys.stdin.readline()) for _ in range(3)]\n"
        "for r in reversed(requests): say(id=r['id'], text=r['text'].upper())\n"
        "sys.stdin.read()"
    )
    assert answers(run(code), "a", "b", "c") == [Answer("A"), Answer("B"), Answer("C")]


def test_one_text_may_fail(run: Run) -> None:
    code = LOOP + (
        "t = request['text']\n"
        "    say(id=request['id'], **{'a': {'error': 'too hard'}, 'b': {'text': ' '},"
        " 'c': {'text': 3}}.get(t, {'text': t}))"
    )
    assert answers(run(code), "a", "b", "c", "d") == [
        Answer(error="too hard"),
        Answer(error="the program gave no translation"),
        Answer(error="the program gave no translation"),
        Answer("d"),
    ]


def test_a_program_that_writes_much_before_it_reads_does_not_block(run: Run) -> None:
    code = HEAD + "sys.stderr.write('x' * 10**6)\n" + PLAIN.removeprefix(HEAD)
    text = "long " * 20_000
    assert answers(run(code), *[text] * 20) == [Answer("译：" + text)] * 20


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("print('warming up', flush=True)", "wrote a line that is not JSON"),
        ("print('[1]', flush=True)", "wrote a line that is no JSON object"),
        ("print('no such model', file=sys.stderr); sys.exit(3)", r"ended .*\(exit code 3\)"),
        ("time.sleep(60)", "did not answer for 0.5 seconds"),
        ("say(id=99, text='x'); time.sleep(60)", "did not answer"),
        ("os.close(1); time.sleep(60)", "ended unexpectedly"),
    ],
)
def test_it_gives_up_and_keeps_finished_work(
    run: Run, fault: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.engines.command._PATIENCE", 1.0)
    code = PLAIN.replace("    say(", f"    if request['text'] == 'bad': {fault}\n    say(")
    engine = run(code, timeout=0.5 if "0.5" in reason or "99" in fault else 20.0)
    stream = engine.translate([Request("good"), Request("bad")], "en", "zh_CN")
    assert next(stream) == Answer("译：good")
    with pytest.raises(EngineError, match=reason) as caught:
        next(stream)
    assert ("It said: no such model" in str(caught.value)) is ("no such model" in fault)


def test_what_it_says_when_it_dies_holds_no_key(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SOME_API_KEY", "sk-canary-0123456789")
    with pytest.raises(EngineError) as caught:
        answers(run("import os, sys; sys.exit('bad key ' + os.environ['SOME_API_KEY'])"), "a")
    assert "bad key [hidden]" in str(caught.value)


def test_it_may_be_asked_again_after_a_stream_that_was_given_up(run: Run) -> None:
    engine = run(PLAIN)
    stream = engine.translate([Request(text) for text in "abcdefghij"], "en", "zh_CN")
    next(stream)
    del stream
    assert answers(engine, "x") == [Answer("译：x")]


def test_no_shell_sees_the_arguments(run: Run, tmp_path: Path) -> None:
    code = LOOP + "say(id=request['id'], text=sys.argv[1])"
    argument = f"$(touch {tmp_path}/pwned); `id` > x | y"
    assert answers(run(code, argument), "a") == [Answer(argument)]
    assert not (tmp_path / "pwned").exists()


@pytest.mark.parametrize("manner", ["polite", "deaf"])
def test_no_program_is_left_behind(
    run: Run, manner: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("pipeline.engines.command._PATIENCE", 0.2 if manner == "deaf" else 20.0)
    end = "time.sleep(600)" if manner == "deaf" else "open(sys.argv[1], 'w').write('bye')"
    engine: Any = run(f"{PLAIN}\n{end}", str(tmp_path / "note"))
    assert answers(engine, "a") == [Answer("译：a")]
    child = engine._program._child
    engine.close()
    assert child.returncode is not None
    assert (tmp_path / "note").exists() is (manner == "polite")


@pytest.mark.parametrize("command", [[], ["/no/such/program"]])
def test_a_program_that_cannot_be_started(command: list[str]) -> None:
    with pytest.raises(PipelineError, match=r"command.* under \[engines\.command\]"):
        answers(create("command", {"command": command}), "a")
