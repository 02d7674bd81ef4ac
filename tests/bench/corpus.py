"""Made-up posts that look like real ones: the same constructs, shares of them, and sizes.

The same seed gives the same bytes, and the first posts of a large corpus are those of a small one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from random import Random

from .words import CHINESE, ENGLISH, Language

MEDIAN_BYTES, SPREAD, LARGEST_BYTES = 4_300, 1.0, 80_000
"""Sizes are log-normal, as those of real blogs are; these make a mean of about 7 KB."""

HUGO = "hugo"


@dataclass(slots=True)
class Post:
    """A post in the making: where chance comes from, its dialect, and what it must still define."""

    rng: Random
    language: Language
    profile: str
    definitions: list[str] = field(default_factory=list)
    """Reference definitions and footnotes that the text has called for."""


def posts(count: int, profile: str = "jekyll", seed: int = 0) -> Iterator[tuple[str, str]]:
    """Yield the names and texts of ``count`` posts, two thirds of them English."""
    for number in range(count):
        rng = Random(f"{seed}:{profile}:{number}")
        language = rng.choices((ENGLISH, CHINESE), (2, 1))[0]
        size = min(rng.lognormvariate(0, SPREAD) * MEDIAN_BYTES, LARGEST_BYTES)
        name = f"{2015 + number % 11}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}-{number}.md"
        yield name, _post(Post(rng, language, profile), int(size))


def long_post(size: int, profile: str = "jekyll", seed: int = 0) -> str:
    """Return one English post of about ``size`` bytes."""
    return _post(Post(Random(f"{seed}:{profile}"), ENGLISH, profile), size)


def _post(made: Post, size: int) -> str:
    blocks = [_front_matter(made), _paragraph(made)]
    written = sum(len(block.encode()) for block in blocks)
    while written < size:
        block = made.rng.choices(list(BLOCKS), list(BLOCKS.values()))[0](made)
        blocks.append(block)
        written += len(block.encode())
    return "\n\n".join([*blocks, *made.definitions]) + "\n"


def _front_matter(made: Post) -> str:
    rng, language = made.rng, made.language
    lines = [
        f'title: "{language.title(rng)}"',
        f"date: 2024-{rng.randint(1, 12):02}-{rng.randint(1, 28):02} 09:30:00 +0800",
        f"tags: [{rng.choice(language.words['noun'])}, {rng.choice(language.words['noun'])}]",
    ]
    if made.profile != HUGO:
        lines.insert(0, "layout: post")
    if rng.random() < 0.4:
        lines.append(f"description: {language.title(rng).replace(':', ',')}")
    return "\n".join(["---", *lines, "---"])


# Inline text


def _text(made: Post, sentences: int) -> str:
    """Return running text with inline markup in about every second sentence."""
    parts = []
    for _ in range(sentences):
        parts.append(made.language.sentence(made.rng))
        if made.rng.random() < 0.5:
            kind = made.rng.choices(list(INLINE), list(INLINE.values()))[0]
            parts.append(_glued(made, kind(made)))
    return made.language.space.join(parts)


def _glued(made: Post, markup: str) -> str:
    """Return a short sentence that holds ``markup``."""
    if made.language is ENGLISH:
        return f"See {markup} for the {made.rng.choice(ENGLISH.words['noun'])}."
    return f"参见 {markup} 里的{made.rng.choice(CHINESE.words['noun'])}。"


def _url(made: Post) -> str:
    rng = made.rng
    host = rng.choice(("example.org", "docs.example.com", "blog.example.net/notes"))
    query = rng.choice(("", "", "?page=2&sort=new", "#section_3"))
    return f"https://{host}/{rng.choice(ENGLISH.words['noun'])}/{rng.randint(1, 9999)}{query}"


def _link(made: Post) -> str:
    title = f' "{made.language.phrase(made.rng)}"' if made.rng.random() < 0.1 else ""
    return f"[{made.language.phrase(made.rng)}]({_url(made)}{title})"


def _reference_link(made: Post) -> str:
    label = f"{made.rng.choice(ENGLISH.words['noun'])} {len(made.definitions)}"
    made.definitions.append(f"[{label}]: {_url(made)}")
    return f"[{made.language.phrase(made.rng)}][{label}]"


def _footnote(made: Post) -> str:
    label = f"note{len(made.definitions)}"
    made.definitions.append(f"[^{label}]: {made.language.sentence(made.rng)}")
    return f"{made.language.phrase(made.rng)}[^{label}]"


def _code(made: Post) -> str:
    noun = made.rng.choice(ENGLISH.words["noun"])
    return made.rng.choice((f"`{noun}()`", f"`--{noun}=2`", f"`{noun}.py`", f"`{{{noun}}}`"))


def _math(made: Post) -> str:
    return made.rng.choice((r"$x_i^2$", r"$\nabla f(x)$", r"$p(x \mid y)$", r"$\mathcal{O}(n)$"))


def _emphasis(made: Post) -> str:
    mark = made.rng.choice(("**", "**", "*", "~~"))
    return f"{mark}{made.language.phrase(made.rng)}{mark}"


def _inline_html(made: Post) -> str:
    key = made.rng.choice(("Ctrl", "Esc", "Tab"))
    return made.rng.choice((f"<kbd>{key}</kbd>", f"<mark>{made.language.phrase(made.rng)}</mark>"))


def _site_link(made: Post) -> str:
    slug = f"{made.rng.choice(ENGLISH.words['noun'])}-{made.rng.randint(1, 99)}"
    if made.profile == HUGO:
        target = f'{{{{< ref "posts/{slug}.md" >}}}}'
    else:
        target = f"{{% post_url 2020-01-02-{slug} %}}"
    return f"[{made.language.phrase(made.rng)}]({target})"


def _emoji(made: Post) -> str:
    return made.rng.choice((":rocket:", ":tada:", "🙂"))


INLINE: dict[Callable[[Post], str], int] = {
    _link: 30,
    _code: 30,
    _emphasis: 20,
    _math: 6,
    _reference_link: 4,
    _footnote: 3,
    _inline_html: 3,
    _site_link: 2,
    _url: 2,
    _emoji: 2,
}
"""Inline markup, and how often each kind of it comes."""


# Blocks


def _paragraph(made: Post) -> str:
    text = _text(made, made.rng.randint(1, 5))
    if made.language is ENGLISH and made.rng.random() < 0.2:
        return text.replace(". ", ".\n")
    return text


def _heading(made: Post) -> str:
    title = made.language.title(made.rng)
    identifier = f" {{#part-{made.rng.randint(1, 999)}}}" if made.rng.random() < 0.15 else ""
    return f"{'#' * made.rng.choice((2, 2, 3, 3, 4))} {title}{identifier}"


def _list(made: Post) -> str:
    rng = made.rng
    marker = rng.choice(("- ", "- ", "* ", "1. ", "- [ ] "))
    gap = rng.choice(("\n", "\n", "\n\n"))
    nested = " " * (3 if marker == "1. " else 2)
    items = []
    for _ in range(rng.randint(2, 6)):
        items.append(f"{marker}{_text(made, 1)}")
        if rng.random() < 0.25:
            items.append(f"{nested}- {_text(made, 1)}")
    return gap.join(items)


def _quote(made: Post) -> str:
    return "\n>\n".join(f"> {_text(made, made.rng.randint(1, 2))}" for _ in range(2))


def _callout(made: Post) -> str:
    if made.profile == HUGO:
        return f"> [!NOTE]\n> {_text(made, 2)}"
    return f"> {_text(made, 2)}\n{{: .prompt-tip }}"


def _fence(made: Post) -> str:
    rng = made.rng
    nouns = [rng.choice(ENGLISH.words["noun"]) for _ in range(rng.randint(3, 12))]
    lines = [f"def {noun}(x):\n    return {{'{noun}': x | 1}}  # {noun}" for noun in nouns]
    return "\n".join(["```python", *lines, "```"])


def _table(made: Post) -> str:
    columns = made.rng.randint(2, 4)
    rows = [[made.language.phrase(made.rng) for _ in range(columns)] for _ in range(4)]
    rows[1][-1] = _code(made)
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join([lines[0], "|" + " --- |" * columns, *lines[1:]])


def _definitions(made: Post) -> str:
    terms = [made.language.phrase(made.rng) for _ in range(2)]
    return "\n\n".join(f"{term}\n: {_text(made, 1)}" for term in terms)


def _math_block(made: Post) -> str:
    body = made.rng.choice((r"\int_0^1 f(x)\,dx = 1", r"\sum_{i} w_i x_i", r"A = U \Sigma V^\top"))
    return f"$$\n{body}\n$$"


def _image(made: Post) -> str:
    name = made.rng.choice(ENGLISH.words["noun"])
    image = f"![{made.language.phrase(made.rng)}](/assets/img/{name}.png)"
    return image if made.profile == HUGO else f"{image}{{: width='60%' .center}}"


def _figure(made: Post) -> str:
    name = made.rng.choice(ENGLISH.words["noun"])
    caption = made.language.phrase(made.rng)
    return (
        f'<figure class="wide">\n  <img src="/assets/{name}.svg" alt="{caption}">\n'
        f"  <figcaption>{made.language.sentence(made.rng)}</figcaption>\n</figure>"
    )


def _template(made: Post) -> str:
    name = made.rng.choice(ENGLISH.words["noun"])
    if made.profile == HUGO:
        return f'{{{{< figure src="/{name}.png" title="{name}" >}}}}'
    return made.rng.choice(
        (
            f'{{% include figure.html src="/assets/{name}.png" %}}',
            f"{{% highlight sh %}}\nmake {name}\n{{% endhighlight %}}",
            f"{{% raw %}}\n{{{{ {name} }}}}\n{{% endraw %}}",
        )
    )


def _video(made: Post) -> str:
    rng = made.rng
    noun, topic = rng.choice(CHINESE.words["noun"]), rng.choice(CHINESE.words["adjective"])
    code = "".join(rng.choices("123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz", k=10))
    title = f"【{noun}入门（附{topic}的例子）【第 {rng.randint(1, 60)} 讲】】"
    return f"{title} https://www.bilibili.com/video/BV{code}/?share_source=copy_web"


def _link_line(made: Post) -> str:
    return f"{'Link: ' if made.language is ENGLISH else '链接：'}{_url(made)}"


def _rule(_: Post) -> str:
    return "---"


BLOCKS: dict[Callable[[Post], str], int] = {
    _paragraph: 46,
    _heading: 18,
    _list: 9,
    _fence: 7,
    _image: 4,
    _quote: 3,
    _math_block: 2,
    _table: 2,
    _link_line: 2,
    _video: 2,
    _callout: 1,
    _definitions: 1,
    _figure: 1,
    _template: 1,
    _rule: 1,
}
"""The blocks of a post, and how often each kind of them comes."""
