"""Sentences in English and Chinese, put together from a small vocabulary.

They mean little, but they have the length, the punctuation and the spaces of real ones, and hardly
any stands twice in thousands of posts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True, slots=True)
class Language:
    """The templates and words of a language; ``<noun>`` in a template is a slot for a word."""

    tag: str
    sentences: Sequence[str]
    titles: Sequence[str]
    words: Mapping[str, Sequence[str]]
    space: str
    """What stands between two sentences, and around inline markup."""

    def title(self, rng: Random) -> str:
        """Return a heading of a few words."""
        text = self._filled(rng, self.titles)
        return text[0].upper() + text[1:]

    def phrase(self, rng: Random) -> str:
        """Return one word or two, for the text of a link or a cell."""
        return self._filled(rng, ("<adjective><of><noun>", "<noun>"))

    def sentence(self, rng: Random) -> str:
        """Return a whole sentence with its full stop."""
        text = self._filled(rng, self.sentences)
        return text[0].upper() + text[1:]

    def _filled(self, rng: Random, templates: Sequence[str]) -> str:
        return re.sub(
            r"<(\w+)>", lambda slot: rng.choice(self.words[slot[1]]), rng.choice(templates)
        )


ENGLISH = Language(
    tag="en",
    sentences=(
        "The <noun> <verb> the <noun> before the <adjective> <noun> is ready.",
        "When I first read about the <noun>, I thought that its <noun> was <adjective>.",
        "It took <number> days to see that a <adjective> <noun> never <verb> its <noun>.",
        "Most people “know” the <noun>, but few ask how it <verb> a <adjective> <noun>.",
        "A <noun> that <verb> too early, or too late, costs more than the <noun> itself.",
        "Don't trust a <noun> (not even a <adjective> one) until it <verb> the <noun>.",
        "There are <number> reasons for this: the <noun>, the <noun>, and above all the <noun>.",
        "So we measured the <noun> again — this time with a <adjective> <noun>.",
        "Is the <noun> worth the <adjective> <noun> that comes with it?",
        "Version <number>.<number> made the <noun> <adjective>; everything else stayed as it was.",
        "That’s why the <adjective> <noun> and the <noun> belong together.",
        "<adjective> <noun>s are easy to write and hard to read.",
    ),
    titles=(
        "why the <noun> <verb> the <noun>",
        "<adjective> <noun>s: a short note",
        "the <noun> and the <noun>",
        "<number> things about <adjective> <noun>s",
        "what comes after the <noun>?",
    ),
    words={
        "noun": (
            "garden bridge ledger compiler scheduler window harbour notebook parser gradient "
            "kernel lantern market orchestra packet queue river sampler tensor umbrella valley "
            "workshop archive ladder cache decoder engine fixture grammar handler island journal "
            "lattice mirror network object pipeline query record signal template unit vector"
        ).split(),
        "verb": (
            "builds carries changes covers describes drops fills finds follows guards hides joins "
            "keeps leaves loads marks meets moves names opens passes plans reads replaces returns "
            "sends shapes shows sorts splits starts stores teaches turns updates weighs writes"
        ).split(),
        "adjective": (
            "ancient brief calm careful cheap clear common dense early exact familiar formal "
            "gentle heavy honest hidden large lazy light local narrow noisy odd plain quiet random "
            "rare shallow sharp simple slow small sparse steady strict subtle sudden warm wide"
        ).split(),
        "number": tuple(map(str, range(2, 40))),
        "of": (" ",),
    },
    space=" ",
)

CHINESE = Language(
    tag="zh-CN",
    sentences=(
        "在<adjective>的<noun>准备好之前，<noun>会先<verb><noun>。",
        "第一次读到<noun>的时候，我以为它的<noun>很<adjective>。",
        "花了 <number> 天我才明白，<adjective>的<noun>从来不<verb>自己的<noun>。",
        "大家都说“懂”<noun>，却很少有人问它怎样<verb>一个<adjective>的<noun>。",
        "<noun>如果<verb>得太早，或者太晚，代价都比<noun>本身更高。",
        "不要相信任何<noun>（哪怕是<adjective>的），除非它真的<verb>了<noun>。",
        "原因有 <number> 个：<noun>、<noun>，以及最重要的<noun>。",
        "于是我们又测了一遍<noun>——这次换成了<adjective>的<noun>。",
        "为了<noun>，值得忍受这么<adjective>的<noun>吗？",
        "从 <number>.<number> 版开始，<noun>变得<adjective>了；其他部分都没有变。",
        "这就是<adjective>的<noun>和<noun>总要放在一起讲的原因。",
        "用 Python 写<adjective>的<noun>很容易，读懂却很难！",
    ),
    titles=(
        "为什么<noun>会<verb><noun>",
        "<adjective>的<noun>：一点笔记",
        "<noun>与<noun>",
        "关于<noun>的 <number> 件事",
        "<noun>之后是什么？",
    ),
    words={
        "noun": (
            "花园 桥梁 账本 编译器 调度器 窗口 港口 笔记 解析器 梯度 内核 灯笼 "
            "市场 乐队 数据包 队列 河流 采样器 张量 雨伞 山谷 作坊 档案 分支 "
            "缓存 解码器 引擎 夹具 语法 处理器 索引 日志 格子 镜子 网络 对象 "
            "流水线 查询 记录 信号 模板 单元 向量"
        ).split(),
        "verb": (
            "建造 携带 改变 覆盖 描述 丢掉 填满 找到 跟随 守护 隐藏 连接 "
            "保留 离开 加载 标记 遇见 移动 命名 打开 传递 规划 读取 替换 "
            "返回 发送 塑造 展示 排序 拆分 启动 保存 教会 转换 更新 衡量 "
            "写入"
        ).split(),
        "adjective": (
            "古老 简短 平静 细心 便宜 清楚 普通 稠密 早期 精确 熟悉 正式 "
            "温和 沉重 诚实 隐蔽 庞大 懒惰 轻便 本地 狭窄 嘈杂 奇怪 朴素 "
            "安静 随机 罕见 浅显 锋利 简单 缓慢 细小 稀疏 稳定 严格 微妙 "
            "突然 温暖 宽阔"
        ).split(),
        "number": tuple(map(str, range(2, 40))),
        "of": ("的",),
    },
    space="",
)
