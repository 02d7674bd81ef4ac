"""Other people's Jekyll posts as a site: translated, built, and compared page by page.

What a post needs of its own site is made up: layouts, includes, and tags of plug-ins, which show
their own text. Links to posts that are not there lead to ``/missing/``.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from urllib.parse import unquote, urldefrag

from click.testing import CliRunner

from pipeline.cli import main
from tests.blog.jekyll import build_site
from tests.blog.pages import Page

CONFIG = """\
markdown: kramdown
kramdown: {input: GFM, math_engine: mathjax}
exclude: [posts, locales, diglot.toml]
future: true
defaults: [{scope: {path: ""}, values: {layout: post}}]
"""
LAYOUT = "<html><body><article>{{ content }}</article></body></html>"
PLUGIN = """\
module Stub
  class Tag < Liquid::Tag
    def initialize(name, text, tokens) super; @shown = "#{name} #{text}" end
    def render(context) @shown.strip end
  end
  class Block < Liquid::Block; end
  class PostUrl < Jekyll::Tags::PostUrl
    def initialize(name, text, tokens) super rescue @missing = true end
    def render(context) @missing ? "/missing/" : (super rescue "/missing/") end
  end
end
Liquid::Template.register_tag("post_url", Stub::PostUrl)
"""
_TAG = re.compile(r"\{%-?\s*(\w+)")
_KNOWN = frozenset(
    "include raw endraw highlight endhighlight if endif for endfor assign capture endcapture "
    "comment endcomment unless endunless else elsif case when endcase post_url link".split()
)
_INCLUDE = re.compile(r"\{%-?\s*include\s+([\w./-]+)")
_LAYOUT = re.compile(r"^layout:\s*[\"']?([\w-]+)", re.M)
_DATED = re.compile(r"\d{4}-\d\d?-\d\d?-")


def make_site(root: Path, posts: Iterable[Path]) -> int:
    """Write a project with copies of the posts, translate and build it; return how many posts."""
    texts = {_name(post): post.read_text("utf-8") for post in posts}
    everything = "\n".join(texts.values())
    tags = set(_TAG.findall(everything)) - _KNOWN
    blocks = {tag for tag in tags if f"end{tag}" in tags}
    registered = [
        f'Liquid::Template.register_tag("{tag}", Stub::{"Block" if tag in blocks else "Tag"})\n'
        for tag in sorted(tags)
        if tag.removeprefix("end") not in blocks or tag in blocks
    ]
    files = {
        "diglot.toml": 'layout = "jekyll-folders"\nengine = "pseudo"\n',
        "_config.yml": CONFIG,
        "_plugins/stubs.rb": PLUGIN + "".join(registered),
        **{f"_layouts/{name}.html": LAYOUT for name in {"post", *_LAYOUT.findall(everything)}},
        **{f"_includes/{name}": "" for name in _INCLUDE.findall(everything)},
        **{f"posts/{name}": text for name, text in texts.items()},
    }
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, "utf-8")
    for step in (["extract"], ["translate"], ["build", "--publish-drafts"]):
        result = CliRunner().invoke(main, [*step, "-q", "-C", str(root)])
        if result.exit_code:
            print(result.output)
    return len(texts)


def _name(post: Path) -> str:
    """Return the name of a post on the site, without what an archive put before it."""
    name = f"{post.stem.rpartition('__')[2]}.md"
    return name if _DATED.match(name) else f"2020-01-01-{name}"


def report(root: Path, posts: int) -> Iterator[str]:
    """Build the site and yield lines with counts."""
    pages = build_site(root, safe=False)
    sources, built = _sources(root), []
    for address, translation in pages.items():
        language, other = ("en", "zh-CN") if address.startswith("/zh-CN/") else ("zh-CN", "en")
        if sources.get(_words(address.split("/")[-2])) == language:
            own = address.removeprefix(f"/{other}")
            source = pages.get(f"/{language}{own}") or pages.get(own)
            built += [(source, translation)] if source and source is not translation else []
    yield f"posts built in both languages: {len(built)} of {posts}"
    for name in ("links", "ids", "code", "math"):
        kept = total = 0
        for page, translation in built:
            before, after = (_neutral(getattr(p, name)) for p in (page, translation))
            kept, total = kept + (before & after).total(), total + (before | after).total()
        yield f"{name} equal: {kept} of {total}"
    for which, side in (("sources", 0), ("translations", 1)):
        found = [_resolves(pair[side], pages) for pair in built]
        whole = sum(sum(f) for f in found)
        yield f"#fragments that resolve in {which}: {whole} of {sum(map(len, found))}"


def _sources(root: Path) -> dict[str, str]:
    """Return the language of each post by the last part of its address."""
    languages = {"zh_CN": "en", "en": "zh-CN"}
    return {
        _words(_DATED.sub("", path.stem)): languages[path.parts[-3]]
        for path in (root / "locales").glob("*/LC_MESSAGES/*.po")
    }


def _words(name: str) -> str:
    """Return a name without the marks that Jekyll leaves out of addresses."""
    return "".join(filter(str.isalnum, name))


def _neutral(values: Iterable[str]) -> Counter[str]:
    return Counter(re.sub(r"^/(?:en|zh-CN)/", "/", value) for value in values)


def _resolves(page: Page, pages: Mapping[str, Page]) -> list[bool]:
    return [
        unquote(fragment) in page.all_ids
        for target, fragment in map(urldefrag, page.links)
        if fragment and not target
    ]
