"""The child process that holds the local model: JSON lines in, JSON lines out.

It is run as a script, ``python -P local_worker.py MODEL``, and needs nothing of this package.
It says ``{"ready": true}`` once the model is loaded, or ``{"error": …}``. Then it answers each
``{"examples": …, "question": …, "cap": …}``, for a chat model ``{"messages": …, "cap": …}``, with
``{"text", "logprob", "tokens", "capped"}`` or ``{"error"}``. It ends when its input does, so that
it never outlives the program that asked.
"""

from __future__ import annotations

import json
import os
import signal
import sys
from typing import IO, Any, NoReturn


def main() -> NoReturn:
    """Load the model named by the first argument and answer until the input ends."""
    # Ctrl-C reaches the whole process group; when to stop is for the parent to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers = _private_stdout()
    code = 1
    try:
        server = _load(sys.argv[1])
        _say(answers, {"ready": True})
        for line in sys.stdin:
            _say(answers, _answer(server, json.loads(line)))
        code = 0
    except Exception as error:  # whatever a native library raises, the parent must hear of it
        _say(answers, {"error": str(error) or type(error).__name__})
    finally:
        # Destroying the server can wait for its threads for ever, so nothing is destroyed.
        os._exit(code)


def _private_stdout() -> IO[str]:
    """Return the pipe to the parent and send what native code prints to stderr instead."""
    pipe = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)
    return pipe


def _say(answers: IO[str], message: dict[str, Any]) -> None:
    answers.write(json.dumps(message) + "\n")
    answers.flush()


def _load(model: str) -> Any:
    import xllamacpp

    params = xllamacpp.CommonParams()
    params.model.path = model
    params.n_ctx = 4096
    params.n_parallel = 1
    # One thread: two slow down by ten next to other work, and their count changes the text.
    params.cpuparams.n_threads = 1
    params.cpuparams_batch.n_threads = 1
    # Without the full window Gemma 3 computes the examples anew for every sentence.
    params.swa_full = True
    params.fit_params = False
    params.warmup = False
    # A prompt cache beside the slot would bring back states that depend on the order of work.
    params.cache_ram_mib = 0
    params.verbosity = -1
    return xllamacpp.Server(params)


def _answer(server: Any, request: dict[str, Any]) -> dict[str, Any]:
    messages, cap = request.get("messages"), request["cap"]
    # What is computed together changes the last bits and so, at times, the text. This leaves
    # exactly the examples in the cache, whatever was asked before.
    if messages:
        _chat(server, messages[:-1], 1)
        reply = _chat(server, messages, cap)
    else:
        _complete(server, request["examples"] + ".", 1)
        reply = _complete(server, request["examples"] + request["question"], cap)
    if "error" in reply:
        return {"error": reply["error"]["message"]}
    choice = reply["choices"][0]
    text = choice["message"]["content"] if messages else choice["text"]
    tokens = (choice.get("logprobs") or {}).get("content") or []
    probabilities = [token["logprob"] for token in tokens]
    return {
        "text": (text or "").strip(),
        "logprob": sum(probabilities) / max(1, len(probabilities)),
        "tokens": len(probabilities),
        "capped": choice["finish_reason"] == "length",
    }


def _complete(server: Any, prompt: str, cap: int) -> dict[str, Any]:
    reply: dict[str, Any] = server.handle_completions(
        {"prompt": prompt, "stop": ["\n"], "n_probs": 1, **_options(cap)}
    )
    return reply


def _chat(server: Any, messages: list[dict[str, str]], cap: int) -> dict[str, Any]:
    reply: dict[str, Any] = server.handle_chat_completions(
        {
            "messages": messages,
            "logprobs": True,
            # Of the models that think aloud first, most can be told not to.
            "chat_template_kwargs": {"enable_thinking": False},
            **_options(cap),
        }
    )
    return reply


def _options(cap: int) -> dict[str, Any]:
    return {"max_tokens": cap, "temperature": 0, "cache_prompt": True}


if __name__ == "__main__":
    main()
