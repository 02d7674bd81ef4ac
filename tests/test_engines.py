"""Engines: what they answer, and what they do when something outside goes wrong."""

from __future__ import annotations

import argparse
import base64
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from pipeline.engines import (
    ENGINES,
    Answer,
    Request,
    create,
    gates,
    keys,
    local_process,
    names,
)
from pipeline.engines.notation import BRACKETS, HTML, TAGS, XML, Notation
from pipeline.errors import EngineError, PipelineError
from pipeline.model import Term


def answers(name: str, text: str, source: str = "en", target: str = "zh_CN") -> str:
    engine = create(name)
    (answer,) = engine.translate([Request(text)], source, target)
    assert not answer.error
    return answer.text


# The registry


def test_names_are_those_of_the_rows() -> None:
    assert names()[: len(ENGINES)] == tuple(row.name for row in ENGINES)


@pytest.mark.parametrize("row", ENGINES, ids=lambda row: row.name)
def test_a_row_makes_the_engine_of_its_name(row: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    if any(importlib.util.find_spec(module) is None for module in row.modules):
        pytest.skip(f"needs the extra {row.extra}")
    for variable in (*row.keys, "OPENAI_API_KEY"):
        monkeypatch.setenv(variable, "a key of no worth")
    needed = {name: type(row.options[name])(["true"]) for name in row.required}
    engine = create(row.name, {**row.options, **needed})
    assert engine.name == row.name
    engine.close()


def test_listing_engines_imports_nothing_heavy() -> None:
    code = (
        "import sys, pipeline.engines as e; e.names(); "
        "print({'deep_translator', 'requests', 'xllamacpp', 'tenacity'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[1],
    )
    assert done.stdout.strip() == "set()"


@pytest.mark.parametrize(
    ("name", "options", "message"),
    [
        ("gogle", {}, 'no engine "gogle". Did you mean "google"?'),
        ("zzz", {}, "Possible: local, nmt, google, mymemory, "),
        ("google", {"time_out": 3}, 'Did you mean "timeout"?'),
        ("google", {"timeout": "20"}, '"timeout" of the engine "google" must be a number'),
        ("google", {"timeout": True}, "must be a number"),
        ("command", {"command": "rm -r x"}, "must be a list of texts"),
        ("google", {"timeout": 0}, "needs a positive timeout"),
        ("google", {"interval": -1}, "an interval that is not negative"),
        ("copy", {"x": 1}, "no options at all"),
    ],
)
def test_a_mistake_is_named(name: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(PipelineError) as caught:
        create(name, options)
    assert message in str(caught.value)
    assert not isinstance(caught.value, EngineError)


def test_a_missing_extra_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(PipelineError, match=r'pip install "diglot\[local\]"'):
        create("local")


def test_a_third_party_engine_gets_its_options(monkeypatch: pytest.MonkeyPatch) -> None:
    points = metadata.EntryPoints(
        [
            metadata.EntryPoint("mine", "types:SimpleNamespace", "diglot.engines"),
            metadata.EntryPoint("broken", "no_such_module:f", "diglot.engines"),
        ]
    )
    monkeypatch.setattr(metadata, "entry_points", lambda group: points.select(group=group))
    monkeypatch.setattr("types.SimpleNamespace", lambda options: argparse.Namespace(**options))
    assert set(names()[-2:]) == {"mine", "broken"}
    assert vars(create("mine", {"a": 1})) == {"a": 1}
    with pytest.raises(PipelineError, match="no_such_module"):
        create("broken")


# copy and pseudo

MARKUP = [
    "plain words of a sentence",
    "<x1/>bold<x2/> &amp; &#169; AT&T \\*not\\* \\\\ 1\\. x",
    "`code`",
    "**strong** and _weak_",
    "_all of it_",
    "![alt](u) [text](v)",
    "中文，English 混排。",
    "  spaces around  ",
    "line one\nline two",
]


@given(st.sampled_from(MARKUP) | st.text())
def test_copy_is_the_text(text: str) -> None:
    assert answers("copy", text) == text


@pytest.mark.parametrize("target", ["en", "zh_CN"])
@given(text=st.lists(st.sampled_from([*MARKUP, "<x3/>", " ", "&lt;", "\\_", "Ab"])).map("".join))
def test_pseudo_keeps_what_is_not_text(target: str, text: str) -> None:
    def frame(text: str) -> Counter[str]:
        tokens = gates.TOKEN.findall(text) + [e for e in ("&amp;", "&#169;") if e in text]
        rest = gates.TOKEN.sub("", text)
        return Counter([*tokens, *(char for char in rest if char in "*_`[]()!#<>&;|~\\\n")])

    answer = answers("pseudo", text, target=target)
    assert frame(answer) == frame(text)
    assert answer == answers("pseudo", text, target=target)


@pytest.mark.parametrize("target", ["en", "zh_CN"])
@pytest.mark.parametrize("text", [text for text in MARKUP if "<x" not in text])
def test_pseudo_keeps_the_structure_that_markdown_sees(target: str, text: str) -> None:
    def shape(text: str) -> list[str]:
        (inline,) = (t for t in MarkdownIt("commonmark").parse(text) if t.type == "inline")
        return [child.type for child in inline.children or () if child.type != "text"]

    assert shape(answers("pseudo", text, target=target)) == shape(text)


def test_pseudo_is_visibly_longer_and_of_the_targets_script() -> None:
    text = "An author sees at a glance what is not translatable here."
    latin, chinese = answers("pseudo", text, target="en"), answers("pseudo", text)
    assert latin.startswith("⟦Åñ åûŧħøŕ ") and latin.endswith("⟧")
    assert 1.3 <= len(latin) / len(text) <= 1.45
    assert chinese.startswith("〖Ａｎ ａｕｔｈｏｒ ") and chinese.endswith("〗")
    assert sum("\u4e00" <= char <= "\u9fff" for char in chinese) >= 5
    assert answers("pseudo", " ") == " "


# The local model's gates


@pytest.mark.parametrize(
    ("source", "answer", "reason"),
    [
        # Good ones.
        ("The model has 3 layers.", "该模型有 3 层。", ""),
        ("Getting Started", "快速入门", ""),
        ("Applications", "应用程序与案例", ""),
        ("Use <x1/> on 8 GPUs in March 2025.", "2025年3月在 8 块 GPU 上使用 <x1/>。", ""),
        ("In March it cost 1,000 dollars.", "3月它花费了 1000 美元。", ""),
        ("It runs with pip install.", "它可以通过 pip install 来运行并使用。", ""),
        # Bad ones.
        ("Getting Started", "", "empty"),
        ("Getting Started", "<x1/>", "empty"),
        ("Getting Started", "getting started", "repeats the source"),
        ("A neural network learns.", "Un réseau apprend.", "no Chinese characters"),
        ("It is a neural network model.", "它是 neural network model", "words untranslated"),
        ("It is a model.", "это模型是一种模型。", "another script"),
        ("One two three four five six seven eight.", "一二", "too short"),
        ("One two three four.", "很长" * 10, "too long"),
        ("It goes on and on and on for ever.", "它一直走下去它一直走下去它一直走下去。", "itself"),
        ("It has 270 million weights.", "它有权重三百万。", "loses the number 270"),
        ("It has many weights in it.", "它有 350 个权重。", "invents the number 350"),
        ("It cost 35 million dollars.", "它花费了 3500 万美元。", ""),
        ("It cost 350,000 dollars.", "它花费了 35 万美元。", ""),
        ("It cost 35 million dollars.", "它花费了 35 万美元。", "loses the number 35000000"),
        ("It runs on the CPU and GPU here.", "它在这里的 CPU 上运行。", "loses GPU"),
        ("It works quite well.", "它运行得很好吗？", "turns into a question"),
    ],
)
def test_gates_to_chinese(source: str, answer: str, reason: str) -> None:
    found = ", ".join(gates.reasons(source, answer, chinese=True))
    assert reason in found
    assert bool(reason) == bool(found)


@pytest.mark.parametrize(
    ("source", "answer", "reason"),
    [
        ("该模型有 ３ 层。", "The model has 3 layers.", ""),
        ("环境准备", "Setting Up the Environment", ""),
        ("2024年1月发布", "Released in January 2024", ""),
        ("你好吗？", "How are you?", ""),
        ("你好吗？", "I am well.", "no question any more"),
        ("这是一个模型。", "This is 模型.", "Chinese characters"),
        ("这里使用 LoRA 微调。", "Here LLM tuning is used.", "loses LoRA"),
        ("使用 pip 安装。", "Install it with Pip.", ""),
        ("这是一个很长很长的句子，讲述了模型的训练过程。", "Yes.", "too short"),
        ("他来了。", "He came and he came and he came and he came and he came.", "itself"),
    ],
)
def test_gates_to_english(source: str, answer: str, reason: str) -> None:
    found = ", ".join(gates.reasons(source, answer, chinese=False))
    assert reason in found
    assert bool(reason) == bool(found)


def test_gates_know_the_cap_and_the_glossary() -> None:
    assert gates.reasons("A model.", "一个模型。", chinese=True, capped=True)
    assert gates.reasons("An LLM.", "一个大语言模型。", chinese=True)
    assert not gates.reasons("An LLM.", "一个大语言模型。", chinese=True, exempt=["LLM"])


@pytest.mark.parametrize(
    ("text", "chinese", "expected"),
    [
        ("GPU", False, False),
        ("6.S184 (2025) <x1/>", False, False),
        ("A 3 × 3", False, False),
        ("Model", False, True),
        ("MAJOR PUBLICATIONS", False, True),
        ("PyTorch", True, False),
        ("使用 PyTorch", True, True),
    ],
)
def test_what_needs_no_translation(text: str, chinese: bool, expected: bool) -> None:
    assert gates.translatable(text, chinese=chinese) is expected


# The local engine, with a model that is a table

WORKER = """
import json, re, sys, time
replies, log = json.load(open(sys.argv[1])), open(sys.argv[2], "a")
def say(**reply): print(json.dumps(reply), flush=True)
say(ready=True)
for line in sys.stdin:
    request = json.loads(line)
    print(line.strip(), file=log, flush=True)
    if "messages" in request: text = request["messages"][-1]["content"]
    else: text = request["question"].rsplit("\\n", 2)[-2].split(": ", 1)[1]
    reply = replies.get(text, "")
    if reply == "die": sys.exit(3)
    if reply == "garble": print("ggml: out of tune", flush=True)
    elif reply == "list": print("[]", flush=True)
    elif reply == "shape": say(text="x")
    elif reply == "sleep": time.sleep(60)
    elif reply == "slow": time.sleep(0.2); say(text="慢", tokens=5, capped=False, logprob=-0.5)
    elif reply == "error": say(error="the text is too long")
    else:
        sureness, text = re.fullmatch(r"(-[\\d.]+)?(.*)", reply).groups()
        say(text=text, tokens=5, capped=False, logprob=float(sureness or -0.5))
"""


class Local:
    """The local engine with ``replies`` for a model, and a record of what it was asked."""

    def __init__(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self._script, self._table = folder / "worker.py", folder / "replies.json"
        self._log = folder / "log"
        self._script.write_text(WORKER, "utf-8")
        monkeypatch.setattr("pipeline.engines.local_process.command", self._command)
        monkeypatch.setattr("pipeline.engines.local_process.PATIENCE", 5.0)

    def _command(self, model: Path) -> list[str]:
        return [sys.executable, str(self._script), str(self._table), str(self._log)]

    def translate(
        self,
        replies: dict[str, str],
        *requests: Request | str,
        to: str = "zh_CN",
        model: Path | None = None,
        processes: int = 1,
    ) -> Iterator[Answer]:
        from pipeline.engines.local import LocalEngine

        self._table.write_text(json.dumps(replies), "utf-8")
        engine = LocalEngine(model=str(model or self._script), processes=processes)
        source = "en" if to == "zh_CN" else "zh_CN"
        full = [r if isinstance(r, Request) else Request(r) for r in requests]
        try:
            yield from engine.translate(full, source, to)
        finally:
            engine.close()

    def asked(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self._log.read_text("utf-8").splitlines()]


@pytest.fixture
def local(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Local:
    return Local(tmp_path, monkeypatch)


def test_local_passes_good_drafts_and_withholds_the_others(local: Local) -> None:
    replies = {"Good news": "好消息。", "Odd news": "-2怪消息", "Bad news": "bad news"}
    good, odd, bad, name, long = local.translate(
        {**replies, "Long news": "error"},
        "Good news",
        "Odd news",
        "Bad news",
        "GPU <x1/>",
        "Long news",
    )
    assert good == Answer("好消息")
    assert odd == Answer(error="draft withheld: the model is unsure of it (min_logprob = -0.8)")
    assert "repeats the source" in bad.error
    assert name == Answer("GPU <x1/>")
    assert "too long" in long.error
    assert len(local.asked()) == 4


@pytest.mark.parametrize(
    ("text", "replies", "expected"),
    [
        # Masked parts and spaces at the ends are never shown to the model.
        (" <x1/>Good news<x2/> ", {"Good news": "好消息"}, " <x1/>好消息<x2/> "),
        ("News: <x1/>", {"News:": "消息"}, "消息： <x1/>"),
        # Lines are its unit.
        (
            "Good news\nBad news\n",
            {"Good news": "好消息", "Bad news": "坏消息"},
            "好消息\n坏消息\n",
        ),
        # All masks came back.
        (
            "The <x1/>good<x2/> news.",
            {"The <x1/>good<x2/> news.": "这个 <x1/> 好 <x2/> 消息。"},
            "这个 <x1/>好<x2/> 消息。",
        ),
        # One did not, or came twice: piece by piece.
        (
            "The <x1/>good<x2/> news, <x3/>.",
            {
                "The <x1/>good<x2/> news, <x3/>.": "<x1/>好<x1/>消息<x3/>。",
                "good": "好的。",
                "news": "消息",
            },
            "<x1/>好的<x2/> 消息，<x3/>。",
        ),
    ],
)
def test_local_keeps_masked_parts(
    local: Local, text: str, replies: dict[str, str], expected: str
) -> None:
    assert list(local.translate(replies, text)) == [Answer(expected)]


def test_local_withholds_a_text_if_one_piece_is_bad(local: Local) -> None:
    (answer,) = local.translate({"good": "好的", "news": "news"}, "A good <x1/> news")
    assert not answer.text
    assert "repeats the source" in answer.error


def test_local_asks_again_only_for_a_missing_term(local: Local) -> None:
    term = Term("diffusion model", "扩散模型")
    replies = {
        "Diffusion models learn.": "传播模型会学习。",
        "扩散模型 learn.": "扩散模型会学习。",
        "A diffusion model is here.": "扩散模型在这里。",
    }
    requests = [Request(text, terms=(term,)) for text in list(replies)[::2]]
    assert [answer.text for answer in local.translate(replies, *requests)] == [
        "扩散模型会学习。",
        "扩散模型在这里。",
    ]
    plain, shots, written, second = (request["question"] for request in local.asked())
    assert "diffusion model\nChinese: 扩散模型" in shots
    assert "扩散模型 learn." in written
    assert "扩散模型" not in plain + second


def test_local_prefers_a_usable_draft_to_a_term(local: Local) -> None:
    term = Term("token", "词元")
    replies = {
        "Each token counts.": "每个标记都重要。",
        "Each 词元 counts.": "词元 each token counts",
    }
    (answer,) = local.translate(replies, Request("Each token counts.", terms=(term,)))
    assert answer.text == "每个标记都重要。"


def test_local_works_from_chinese(local: Local) -> None:
    replies = {"环境准备": "Setting up.", "它很快。": "It is fast."}
    found = list(local.translate(replies, "环境准备", "它很快。", to="en"))
    assert found == [Answer("Setting up"), Answer("It is fast.")]
    first, second = local.asked()
    assert first["examples"] == second["examples"]
    assert first["examples"].startswith("Translate Simplified Chinese into English.")


def test_local_talks_with_a_model_that_chats(local: Local, tmp_path: Path) -> None:
    model = tmp_path / "chat.gguf"
    model.write_bytes(b"GGUF...tokenizer.chat_template...")
    term = Term("token", "词元")
    request = Request("Each token counts.", terms=(term,))
    (answer,) = local.translate({request.text: "每个词元都重要。"}, request, model=model)
    assert answer.text == "每个词元都重要。"
    (asked,) = local.asked()
    assert [turn["role"] for turn in asked["messages"][:4]] == [
        "system",
        "user",
        "assistant",
        "user",
    ]
    assert asked["messages"][-1] == {"role": "user", "content": request.text}


def test_local_shares_work_among_processes_and_answers_in_order(
    local: Local, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pipeline.engines.local_process.cores", lambda: 2)
    replies = {"Slow news": "slow", "Good news": "好消息", "Bad news": "坏消息"}
    found = list(local.translate(replies, *replies, *replies, processes=2))
    assert [answer.text for answer in found] == ["慢", "好消息", "坏消息"] * 2
    questions = Counter(asked["question"] for asked in local.asked())
    assert list(questions.values()) == [2, 2, 2]


def test_local_asks_more_sureness_of_longer_texts(local: Local) -> None:
    word, text = "Prerequisites", "You need a computer and one whole hour of time for all of this."
    replies = {word: "-1.0准备工作", text: "-0.79要完成这一切，你需要一台电脑和一整个小时的时间。"}
    short, long = local.translate(replies, word, text)
    assert short.text == "准备工作"
    assert "unsure" in long.error


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ("die", r"ended unexpectedly \(exit code 3\)"),
        ("garble", "not JSON"),
        ("list", "wrong shape"),
        ("shape", "wrong shape"),
        ("sleep", "did not answer for 1 seconds"),
    ],
)
def test_local_stops_when_its_process_fails(
    local: Local, fault: str, reason: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if fault == "sleep":
        monkeypatch.setattr("pipeline.engines.local_process.PATIENCE", 1.0)
    found = local.translate({"Good news": "好消息", "Bad news": fault}, "Good news", "Bad news")
    assert next(found) == Answer("好消息")
    with pytest.raises(EngineError, match=reason):
        next(found)


@pytest.mark.parametrize(("source", "target"), [("en", "zh_TW"), ("fr", "zh_CN"), ("en", "en")])
def test_local_knows_two_directions(source: str, target: str) -> None:
    from pipeline.engines.local import LocalEngine

    with pytest.raises(PipelineError, match="en and zh_CN only"):
        list(LocalEngine().translate([Request("Hello")], source, target))


def test_local_says_that_its_model_is_not_there(tmp_path: Path) -> None:
    from pipeline.engines.local import LocalEngine

    engine = LocalEngine(model=str(tmp_path / "none.gguf"))
    with pytest.raises(PipelineError, match=r"none\.gguf: .* does not exist"):
        list(engine.translate([Request("Hello there")], "en", "zh_CN"))


# The real model

needs_model = pytest.mark.skipif(
    any(importlib.util.find_spec(module) is None for module in ENGINES[0].modules),
    reason="needs the extra local",
)


@pytest.mark.slow
@needs_model
def test_local_really_translates_and_order_does_not_matter() -> None:
    texts = ["Theory and Mathematical Foundations", "Getting the Data"]
    texts += ["Diffusion models are everywhere today.", "The <x1/>data<x2/> is here."]
    found = []
    for order in (texts, texts[::-1]):
        engine = create("local", {"min_logprob": -5.0})
        requests = [Request(text) for text in order]
        found.append(dict(zip(order, engine.translate(requests, "en", "zh_CN"), strict=True)))
        engine.close()
    assert found[0] == found[1]
    assert all("\u4e00" <= found[0][text].text[0] <= "\u9fff" for text in texts[:3])
    assert "数学" in found[0][texts[0]].text


@pytest.mark.parametrize("chat", [False, True], ids=["continues", "chats"])
def test_any_gguf_model_answers(chat: bool, tmp_path: Path) -> None:
    for module in ("gguf", "xllamacpp"):
        pytest.importorskip(module)
    import tiny_models

    model = tmp_path / "tiny.gguf"
    tiny_models.gguf(model, chat=chat)
    assert local_process.has_chat_template(model) is chat
    turns = [{"role": "system", "content": "Spell."}, {"role": "user", "content": "news"}]
    prompt = {"messages": turns} if chat else {"examples": "a: b\n", "question": "news:"}
    process = local_process.Process.start(local_process.command(model))
    first, again = (process.complete(prompt, 8) for _ in range(2))
    process.close()
    assert isinstance(first, local_process.Completion)
    assert re.fullmatch("[a-z]{8}", first.text)
    assert (first.tokens, first.capped) == (8, True)
    assert first.logprob < 0
    assert again == first


@pytest.mark.slow
@needs_model
def test_local_says_that_a_file_is_no_model(tmp_path: Path) -> None:
    from pipeline.engines.local import LocalEngine

    bad = tmp_path / "bad.gguf"
    bad.write_bytes(b"this is no model")
    with pytest.raises(EngineError, match=r"bad\.gguf: The local model cannot be loaded"):
        list(LocalEngine(model=str(bad)).translate([Request("Hello there")], "en", "zh_CN"))


@pytest.mark.slow
@needs_model
@pytest.mark.skipif(sys.platform != "linux", reason="looks for the worker in /proc")
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_local_leaves_no_process_behind(number: signal.Signals) -> None:
    code = (
        "from pipeline.engines import create, Request\n"
        "for _ in create('local').translate([Request('Hello there')] * 10**6, 'en', 'zh_CN'):\n"
        "    print('.', flush=True)"
    )
    program = subprocess.Popen(
        [sys.executable, "-c", code],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[1],
        start_new_session=True,
    )
    assert program.stdout is not None
    assert program.stdout.readline() == b".\n"
    # A second process may just be starting.
    workers = [
        pid
        for path in Path(f"/proc/{program.pid}/task").glob("*/children")
        for pid in path.read_text().split()
    ]
    assert workers
    if number == signal.SIGINT:
        os.killpg(program.pid, number)  # as a terminal does
    else:
        program.kill()
    program.communicate(timeout=60)
    deadline = time.monotonic() + 60
    while any(map(running, workers)) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not any(map(running, workers))


@pytest.mark.slow
@needs_model
def test_local_worker_ends_when_nobody_waits_for_the_model() -> None:
    worker = subprocess.Popen(
        local_process.command(local_process.model_file()),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert worker.stdin is not None
    assert worker.stdout is not None
    worker.stdin.close()
    worker.stdout.close()
    try:
        worker.wait(timeout=60)
    finally:
        worker.kill()


def running(pid: str) -> bool:
    """Tell whether the process exists and is more than an entry nobody has collected."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text("utf-8").rpartition(")")[2].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in "ZX"


# How masks are written and read


@pytest.mark.parametrize("notation", [TAGS, BRACKETS, XML, HTML], ids=lambda n: n.template)
@given(
    text=st.lists(st.sampled_from([*MARKUP, "<x3/>", "<x12/>", "a < b && c", "&lt;x1/&gt;"])).map(
        " ".join
    )
)
def test_what_is_written_reads_back(notation: Notation, text: str) -> None:
    assert notation.read(notation.write(text)) == text


@pytest.mark.parametrize(
    ("notation", "answer", "masked"),
    [
        (TAGS, "见＜ x1 ／＞。", "见<x1/>。"),
        (BRACKETS, "见 〚 2 〛。", "见 <x2/>。"),
        (XML, "见<x id=“1”></x>和<x id='2' />。", "见<x1/>和<x2/>。"),
        (HTML, '1 &lt; 2 <SPAN translate="no"> 3 </SPAN>', "1 < 2 <x3/>"),
    ],
)
def test_masks_are_read_as_engines_write_them(notation: Notation, answer: str, masked: str) -> None:
    assert notation.read(answer) == masked


# Keys

CANARY = "sk-CANARY/+=ü 7f3a"


@given(before=st.binary(max_size=4), after=st.binary(max_size=4))
def test_a_key_is_hidden_in_every_form(before: bytes, after: bytes) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("SOME_API_KEY", CANARY)
        data = before + CANARY.encode() + after
        shown = keys.redacted(
            f"{CANARY} {quote(CANARY)} {quote_plus(CANARY)} {base64.b64encode(data).decode()} "
            f"{base64.urlsafe_b64encode(data).decode()} done"
        )
    assert shown.count(keys.HIDDEN) == 5
    assert shown.endswith(" done")
    assert "CANARY" not in shown
    assert "Q0FOQVJZ" not in shown


def test_a_key_that_was_taken_is_hidden_whatever_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_LLM", CANARY)
    assert keys.take("MY_LLM", "mine") == CANARY
    assert keys.redacted(f"?q={CANARY}") == f"?q={keys.HIDDEN}"
    monkeypatch.delenv("MY_LLM")
    with pytest.raises(EngineError, match="MY_LLM is not set"):
        keys.take("MY_LLM", "mine")
