"""Words that begin, end or make no term; our own lists, short on purpose."""

from __future__ import annotations

ENGLISH = frozenset(
    """
    a an the this that these those some any each every either neither both all most many much few
    more less least other another such same own own's no not nor none only just very too so quite
    rather enough even still yet already always never often sometimes usually again once twice here
    there now then when where why how what which who whom whose whether while until till since
    because although though if unless else otherwise as at by for from in into of off on onto out
    over to up upon with within without about above across after against along among around before
    behind below beneath beside besides between beyond despite down during except inside like near
    outside past per through throughout toward towards under via and or but plus
    i you he she it we they me him her us them my your his its our their mine yours hers ours theirs
    myself yourself itself ourselves themselves someone something anyone anything everyone
    everything nothing nobody one ones two three four five six seven eight nine ten first second
    third last next previous
    am is are was were be been being do does did done doing have has had having can could may might
    must shall should will would ought need needs needed let lets make makes made making get gets
    got getting go goes went gone going come comes came coming take takes took taken taking give
    gives gave given giving see sees saw seen seeing know knows knew known think thinks thought say
    says said want wants wanted use uses used using find finds found put puts keep keeps kept try
    tries tried run runs ran show shows showed shown look looks looked work works worked call calls
    called ask asks asked tell tells told seem seems become becomes became mean means meant set sets
    help helps helped start starts started turn turns turned begin begins write writes wrote written
    read reads add adds added allow allows allowed include includes included including contain
    contains create creates created provide provides provided support supports supported consider
    learn learns learned understand follow follows following followed happen happens leave leaves
    left bring require requires required return returns returned change changes changed build built
    good better best bad worse new old great big small large little long short high low right wrong
    different similar possible able likely simple easy hard important useful true false full whole
    early late recent current final main several various certain sure clear real common general
    thing things way ways time times day days week weeks month months year years people person
    man men lot lots kind kinds sort bit part parts case cases example examples fact point points
    place places end side number numbers reason reasons question questions answer answers problem
    problems idea ideas result results step steps line lines word words name names section chapter
    figure table page pages post posts link links note notes file files list lists
    well also however therefore thus hence instead maybe perhaps probably really actually simply
    almost together apart away back forward soon later ago today tomorrow yesterday please thank
    thanks hello yes okay ok etc eg ie vs don doesn didn isn aren wasn weren won couldn wouldn
    shouldn haven hasn let's it's don't doesn't can't i'm i've you're you'll we'll we're that's
    there's what's
    january february march april may june july august september october november december
    monday tuesday wednesday thursday friday saturday sunday
    """.split()
)

HAN_INSIDE = frozenset("的了是吗呢吧啊呀嘛哦您你我他她它们这那哪么什谁怎")
"""Characters that stand in no term."""

HAN_START = HAN_INSIDE | frozenset(
    "和与及或且并而但若如则即便就才都也还又再更最很太挺较被把将让使令从自向往于在对为以因由给跟比按据经过至到"
    "着地得不没未无有个些种次位件条项份页张只每各某该此其所之者等上下里中前后内外间会能可应要想请已正曾刚"
    "一二三四五六七八九十几两多少说看来去做用当时其实只"
)
"""Characters that begin no term, or end none."""

HAN_END = HAN_INSIDE | frozenset(
    "和与及或且并而但若如则即便就才都也还又再更最很太较被把将让使从向往于在对为以因由给跟比按据至到着地得不没"
    "未有个些每各某该此其所之等上下里中前后内外间会能可应要想请已正曾一二三四五六七八九十几两多"
)

HAN_WORDS = frozenset(
    """
    可以 可能 能够 应该 需要 必须 如果 因为 所以 但是 然后 而且 或者 以及 虽然 不过 由于 因此
    其中 其他 之后 之前 以后 以前 时候 时间 现在 已经 开始 最后 首先 其次 例如 比如 比较 非常
    一些 一个 一种 一样 一下 一点 一直 一定 不同 不是 不会 不能 没有 还有 只有 所有 有些 有人
    大家 自己 别人 问题 方法 方式 情况 结果 部分 方面 地方 东西 使用 通过 进行 出现 得到 成为
    作为 认为 觉得 知道 看到 看看 发现 希望 表示 包括 提供 支持 实现 完成 产生 存在 对于 关于
    根据 按照 为了 除了 并且 甚至 尤其 特别 主要 重要 简单 复杂 直接 完全 基本 一般 通常 同时
    当然 其实 确实 只是 就是 还是 也是 都是 于是 这样 那样 如何 为何 为什么 我们 你们 他们 它们
    今天 明天 昨天 今年 去年 每天 每个 许多 很多 多少 不少 第一 第二 第三 下面 上面 里面 前面
    后面 左右 以上 以下 之间 内容 文章 介绍 说明 例子 相关 具体 实际 真正 容易 困难 喜欢 想要
    来说 起来 出来 下来 过来 进去 这些 那些 采用 利用 选择 添加 修改 删除 返回 执行 运行 写作
    建议 注意 接下来 是否 无法 任何 任意 整个 各种 多个 两个 三个 几个 对应 变成 用于 属于 等等
    尽管 发生 确定 影响 工作 报道 无论 即使 仍然 随着 目前 随后 曾经 似乎 正在 继续 来自 超过
    达到 引起 准备 决定 处理 分别 加上 左边 右边 存放 查看 打开 点击 输入 显示 设置 作者 读者
    朋友 感觉 时代 世界 生活 事情 之一 一年 两年 几年 一次 一起 一切 上述 如下 如果说 不仅 不用
    不要 不再 不好 不错 还要 还会 也会 也可以 就会 就可以
    """.split()
)
"""Common words; what consists of one is no term."""
