"""What the local model is asked.

It is a base model: it continues a list of translations. The eight pairs come first and never
change, so that their part of the prompt is computed once a process.
"""

from __future__ import annotations

from collections.abc import Sequence

from pipeline.engines import gates

Pair = tuple[str, str]

_PAIRS: tuple[Pair, ...] = (
    ("Getting Started", "快速入门"),
    ("The code for this post is available on GitHub.", "本文的代码可以在 GitHub 上找到。"),
    (
        "We trained the model for 3 days on a single machine, and the loss was still going down.",
        "我们在一台机器上把模型训练了 3 天，损失仍在下降。",
    ),
    (
        "What happens if the input is longer than the context window?",
        "如果输入比上下文窗口还长，会发生什么？",
    ),
    (
        "I took these notes last year while preparing for an interview, so they are neither "
        "complete nor very polished.",
        "这些笔记是我去年准备面试时记下的，所以既不完整，也不够精炼。",
    ),
    ("Why Small Models Still Matter", "为什么小模型依然重要"),
    (
        "Although attention is expensive on long sequences, it lets every token look at every "
        "other token, which is why the architecture works so well in practice.",
        "虽然注意力机制在长序列上开销很大，但它让每个词元都能看到其他所有词元，"
        "这正是该架构在实践中表现出色的原因。",
    ),
    (
        "In the next section, we will write a simple training loop from scratch.",
        "在下一节中，我们将从零开始编写一个简单的训练循环。",
    ),
)

_MASKED: tuple[Pair, ...] = (
    ("Install it with <x1/> and restart the server.", "使用 <x1/> 安装，然后重启服务器。"),
    (
        "The <x1/>original paper<x2/> explains the idea in more detail.",
        "<x1/>原论文<x2/>更详细地解释了这一思路。",
    ),
)


def prompt(text: str, *, chinese: bool, terms: Sequence[Pair] = ()) -> tuple[str, str]:
    """Return what to ask about one line of text, as (examples, question).

    ``chinese`` is the language of the translation, ``terms`` are shown as further translations,
    (source, target) each. The examples depend on ``chinese`` only.
    """
    names = ("English", "Chinese") if chinese else ("Chinese", "English")

    def show(pairs: Sequence[Pair]) -> str:
        return "".join(f"{names[0]}: {a}\n{names[1]}: {b}\n\n" for a, b in pairs)

    def directed(pairs: Sequence[Pair]) -> Sequence[Pair]:
        return pairs if chinese else [pair[::-1] for pair in pairs]

    more = [*(directed(_MASKED) if gates.TOKEN.search(text) else ()), *terms]
    return (
        f"{_task(chinese)}\n\n{show(directed(_PAIRS))}",
        f"{show(more)}{names[0]}: {text}\n{names[1]}:",
    )


def cap(text: str, *, chinese: bool) -> int:
    """Return the most tokens that a translation of ``text`` can need; ``chinese`` as above."""
    if chinese:
        return round(3.2 * len(text.split())) + 16
    return round(1.6 * len(text)) + 16


def _task(chinese: bool) -> str:
    if chinese:
        return "Translate English into Simplified Chinese."
    return "Translate Simplified Chinese into English."
