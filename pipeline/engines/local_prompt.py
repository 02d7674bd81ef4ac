"""What the local model is asked.

A base model continues a list of translations, a chat model goes on with a conversation in which
it translated. The pairs come first and never change, so that their part is computed once a process:
more of them cost nothing later, and twenty translate better than eight.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

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
    ("Installation and Configuration", "安装与配置"),
    (
        "The mayor said on Tuesday that the new bridge will open next spring, two years later than "
        "planned.",
        "市长周二表示，新大桥将于明年春天通车，比原计划晚了两年。",
    ),
    (
        "If you have not installed Python 3.11 yet, download it from the official website first.",
        "如果你还没有安装 Python 3.11，请先从官方网站下载。",
    ),
    (
        '"We do not know yet what caused the fire," said Maria Lopez, who leads the investigation.',
        "负责调查的玛丽亚·洛佩斯说：“我们还不知道起火的原因。”",
    ),
    (
        "The company, which employs about 12,000 people in Europe, reported a loss in 2019.",
        "该公司在欧洲约有 12,000 名员工，2019 年报告了亏损。",
    ),
    (
        "Note that the file must be saved as UTF-8, otherwise the Chinese characters will be "
        "garbled.",
        "请注意，该文件必须以 UTF-8 保存，否则中文字符会变成乱码。",
    ),
    ("What We Learned from Our First Release", "我们从首次发布中学到了什么"),
    (
        "She lost her glasses on the train, so her brother had to read the letter aloud.",
        "她把眼镜丢在了火车上，所以她弟弟只好把信念出来。",
    ),
    (
        "Unlike the first version, this one does not need a server, and it is less efficient only "
        "for very large files.",
        "与第一个版本不同，这个版本不需要服务器，只有在处理非常大的文件时效率才会更低。",
    ),
    (
        "Click the button in the upper right corner to add a new page.",
        "点击右上角的按钮即可添加新页面。",
    ),
    (
        "The team beat its rivals 3-1 and will play the final in Madrid on 12 May.",
        "该队以 3 比 1 击败对手，将于 5 月 12 日在马德里参加决赛。",
    ),
    (
        "Thanks to everyone who reported bugs and helped us translate the documentation.",
        "感谢所有报告问题并帮助我们翻译文档的人。",
    ),
)

_MASKED: tuple[Pair, ...] = (
    ("Install it with <x1/> and restart the server.", "使用 <x1/> 安装，然后重启服务器。"),
    (
        "The <x1/>original paper<x2/> explains the idea in more detail.",
        "<x1/>原论文<x2/>更详细地解释了这一思路。",
    ),
)


_ONLY = "Answer with the translation alone."


def prompt(
    text: str, *, chinese: bool, chat: bool = False, terms: Sequence[Pair] = ()
) -> dict[str, Any]:
    """Return what to ask about one line of text, as the worker takes it.

    ``chinese`` is the language of the translation, ``chat`` the kind of model, ``terms`` are shown
    as further translations, (source, target) each. What comes first depends on ``chinese`` only.
    """
    pairs = _directed(_PAIRS, chinese)
    more = [*(_directed(_MASKED, chinese) if gates.TOKEN.search(text) else ()), *terms]
    if chat:
        return {"messages": _conversation([*pairs, *more], text, _task(chinese))}
    return {
        "examples": f"{_task(chinese)}\n\n{_list(pairs, chinese)}",
        "question": f"{_list(more, chinese)}{_NAMES[not chinese]}: {text}\n{_NAMES[chinese]}:",
    }


_NAMES = ("English", "Chinese")


def _list(pairs: Sequence[Pair], chinese: bool) -> str:
    return "".join(f"{_NAMES[not chinese]}: {a}\n{_NAMES[chinese]}: {b}\n\n" for a, b in pairs)


def _conversation(pairs: Sequence[Pair], text: str, task: str) -> list[dict[str, str]]:
    turns = [("system", f"{task} {_ONLY}")]
    for source, target in pairs:
        turns += [("user", source), ("assistant", target)]
    return [{"role": role, "content": content} for role, content in (*turns, ("user", text))]


def _directed(pairs: Sequence[Pair], chinese: bool) -> Sequence[Pair]:
    return pairs if chinese else [pair[::-1] for pair in pairs]


def cap(text: str, *, chinese: bool) -> int:
    """Return the most tokens that a translation of ``text`` can need; ``chinese`` as above."""
    if chinese:
        return round(3.2 * len(text.split())) + 16
    return round(1.6 * len(text)) + 16


def _task(chinese: bool) -> str:
    if chinese:
        return "Translate English into Simplified Chinese."
    return "Translate Simplified Chinese into English."
