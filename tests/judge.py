"""Judge the parser by the real renderers, over any Markdown: a script, and what tests import.

For every text, a mark is put behind each piece of prose of each segment. Then it must be true that

- ``identity``: rendering no targets, or every msgid as its own target, gives the text back;
- ``marks``: every mark stands in the built text as often as it was put in;
- ``differences``: Diglot's own comparison of source and built text finds nothing;
- ``skeleton``: the page that the dialect's renderer makes of the built text has the same tags,
  attributes, code and math as the page of the source, and no mark stands inside code;
- ``coverage``: every text node of the source's page that has a letter carries a mark in the page
  of the built text, so nothing that a reader sees is missing in the catalog
  (but for texts with the directive ``i18n:skip``);
- ``leaks``: no segment is only code, a URL, Liquid, HTML, math or numbers.

The renderer is kramdown with Jekyll's options for ``jekyll`` and ``kramdown`` (one Ruby process for
all texts) and markdown-it-py for the others. Liquid and shortcodes are expanded first, as Jekyll
and Hugo do. Usage::

    python tests/judge.py PATH... [--profile NAME] [--show N]

``PATH`` is a Markdown file, a folder of them, or a JSON list of objects with ``markdown``.
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote

from markdown_it import MarkdownIt
from mdit_py_plugins.admon import admon_plugin
from mdit_py_plugins.container import container_plugin
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.gfm_autolink import gfm_autolink_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

from pipeline.errors import PipelineError
from pipeline.inline import find
from pipeline.markdown import TEXT_KEYS, parse, render
from pipeline.model import PROFILES, Document, Profile, Segment
from pipeline.outputs.post import differences

CATEGORIES = ("identity", "marks", "differences", "skeleton", "coverage", "leaks", "unreadable")

KRAMDOWN = """
require 'json'; require 'kramdown'; require 'kramdown-parser-gfm'
job = JSON.parse($stdin.read)
options = {input: job['input'], hard_wrap: false, syntax_highlighter: nil, auto_ids: false,
           toc_levels: 1..6}
puts JSON.generate(job['texts'].map { |text|
  begin
    Kramdown::Document.new(text, options).to_html.scrub
  rescue StandardError
    nil
  end
})
"""


@dataclass(frozen=True)
class Failure:
    """One thing that is not as it should be: where, of which category, and what."""

    where: str
    category: str
    what: str


@dataclass(frozen=True)
class Case:
    """A text as it was read, and what Diglot builds from it when every segment is marked."""

    where: str
    document: Document
    targets: dict[Segment, str]
    built: str


# --- marks ---------------------------------------------------------------------------------------

_LAST_LETTER = re.compile(r"[^\W\d_](?=[^\n]*?$)(?![^\n]*[^\W\d_])", re.M)
_MARK = re.compile(r"Zq\d+z")


def marked(segment: Segment, number: int, profile: Profile) -> str:
    """Return the msgid with the mark of segment ``number`` behind each piece of its prose."""
    mark = f"Zq{number}z"
    parts, position = [], 0
    for placeable in find(segment.msgid, profile, msgid=True):
        parts.append(_with_mark(segment.msgid[position : placeable.start], mark))
        parts.append(placeable.text)
        position = placeable.end
    return "".join([*parts, _with_mark(segment.msgid[position:], mark)])


def _with_mark(prose: str, mark: str) -> str:
    return _LAST_LETTER.sub(lambda match: match.group() + mark, prose)


# --- pages ---------------------------------------------------------------------------------------

_VERBATIM_TAGS = r"highlight|raw|comment|codeblock|mermaid|math"
_LIQUID = re.compile(
    rf"\{{%-?\s*({_VERBATIM_TAGS})\b.*?\{{%-?\s*end\1\s*-?%\}}|\{{%.*?%\}}|\{{\{{.*?\}}\}}", re.S
)
_LIQUID_ALONE = re.compile(
    rf"^([ \t]*)(?:(?:{_LIQUID.pattern.replace('1', '2')})[ \t]*)+$", re.S | re.M
)
_SHORTCODE = re.compile(
    rf"\{{\{{([<%])\s*({_VERBATIM_TAGS})\b.*?\{{\{{\1\s*/\s*\2\s*[>%]\}}\}}"
    r"|\{\{<.*?>\}\}|\{\{%.*?%\}\}",
    re.S,
)
_EXPANDED = "0HAHA0"
_TAB = re.compile(r"^([ \t]*)={3}[!+]{0,2}(?=[ \t]+\")", re.M)
"""A tab of Markdown's extensions for Python, which an admonition can stand for."""


def expanded(text: str, profile: Profile) -> str:
    """Return the text as the renderer gets it: Liquid and shortcodes replaced by a number.

    On lines of their own, Jekyll leaves of a tag an empty line, Hexo puts a comment for it.
    """
    if profile.liquid:
        text = _LIQUID_ALONE.sub("" if profile.kramdown else r"\1<!--0-->", text)
        text = _LIQUID.sub(_EXPANDED, text)
    if profile.shortcodes:
        text = _LIQUID.sub(_EXPANDED, _SHORTCODE.sub(_EXPANDED, text))
    return text if profile.kramdown else _TAB.sub(r"\1!!! tab", text)


def pages(texts: Sequence[str], profile: Profile) -> list[str | None]:
    """Return the HTML of each text, ``None`` where the renderer itself fails.

    Raises:
        FileNotFoundError: Ruby is not installed.
        RuntimeError: kramdown is not installed.
    """
    ready = [expanded(text, profile) for text in texts]
    if not profile.kramdown:
        renderer = _markdown_it(profile)
        return [renderer.render(text) for text in ready]
    job = {"input": "GFM" if profile.gfm else "kramdown", "texts": ready}
    done = subprocess.run(
        ["ruby", "-e", KRAMDOWN],
        input=json.dumps(job),
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: list[str | None] = json.loads(done.stdout)
    return found


@cache
def _markdown_it(profile: Profile) -> MarkdownIt:
    md = MarkdownIt("commonmark", {"maxNesting": 400})
    if profile.gfm:
        md.enable(["table", "strikethrough"]).use(tasklists_plugin).use(gfm_autolink_plugin)
    if profile.footnotes:
        md.use(footnote_plugin)
    if profile.shortcodes:
        md.use(deflist_plugin)
    if profile.admonitions:
        md.use(admon_plugin).use(container_plugin, "any", validate=_names_container)
    if profile.inline_math != "off":
        md.use(
            dollarmath_plugin,
            allow_labels=False,
            allow_space=False,
            allow_digits=False,
            double_inline=True,
        )
    return md


def _names_container(parameters: str, _markup: str) -> bool:
    return parameters.lstrip()[:1].isalpha() or parameters.lstrip().startswith("{")


_EMPTY_COMMENT = re.compile(r"<!-{2,3}>")
"""A comment for HTML5 and CommonMark, but not for Python's parser."""
_CODE = frozenset(("code", "d-code", "kbd", "pre", "script", "style", "textarea", "math"))
_WORDS = frozenset(("alt", "title"))
_NO_TEXT = re.compile(
    r"\\\(.*?\\\)|\\\[.*?\\\]|\$\$.*?\$\$|\$[^$\n]+\$|\\begin\{.*?\\end\{[^}]*\}"
    r"|(?:https?://|ftp://|www\.|mailto:)[^\s\u3000-\uffef]*|[\w.+-]+@[\w-]+\.[\w.-]+"
    r"|\{[:.#][^{}]*\}|:[a-z0-9_+-]+:|\[\[_?toc_?\]\]|@?\[toc\]|</?[a-z][\w-]*>|\[![a-z]+\]",
    re.S | re.I,
)
_LETTER = re.compile(r"[^\W\d_]")


def _own_words(tag: str, attributes: dict[str, str]) -> str:
    """Return what a renderer itself says in an element: an address, the name of an admonition."""
    if tag == "a":
        return unquote(attributes.get("href", "")).removeprefix("mailto:")
    classes = attributes.get("class", "").split()
    return classes[-1].title() if "admonition" in classes else ""


class Page(HTMLParser):
    """What is compared of a page: ``skeleton`` without words, ``texts`` with a letter in them."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.skeleton: list[object] = []
        self.texts: list[str] = []
        self.in_code: list[str] = []
        self.run = ""
        self.own = ""
        self.feed(_EMPTY_COMMENT.sub("", html) + "<!---->")  # ends a tag that is left open
        self.close()
        self._end_run()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "abbr":
            return
        self._end_run()
        kept = [(name, " ".join((value or "").split())) for name, value in attrs]
        self.own = _own_words(tag, dict(kept)) or self.own
        self.skeleton.append((tag, sorted(pair for pair in kept if pair[0] not in _WORDS)))
        if tag in _CODE or dict(kept).get("class", "").startswith("math "):
            self.in_code.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag == "abbr":
            return
        self._end_run()
        self.skeleton.append(f"/{tag}")
        if tag in self.in_code:
            self.in_code.remove(tag)

    def handle_comment(self, data: str) -> None:
        self._end_run()
        self.skeleton.append(f"<!--{data}")

    def handle_data(self, data: str) -> None:
        self.run += data

    def _end_run(self) -> None:
        text, self.run = self.run, ""
        if self.in_code:
            self.skeleton.append(text if "pre" in self.in_code else " ".join(text.split()))
        elif self.own and text == self.own:
            self.skeleton.append("words of the renderer")
        elif _LETTER.search(_NO_TEXT.sub("", _MARK.sub("", text.replace(_EXPANDED, "")))):
            self.skeleton.append("text")
            self.texts.append(text)


# --- the judgements ------------------------------------------------------------------------------

_LEAKS = {
    "code block": re.compile(r"\s*(?:```[^`]*$|~~~)", re.M),
    "front matter": re.compile(r"(?:---|\+\+\+)\s*$", re.M),
}
_STRIPPED = {
    "only a URL": re.compile(r"(?<!\\)<?(?:https?://|ftp://|www\.)[^\s<>`\[\]\u3000-\uffef]*>?"),
    "only Liquid": re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.S),
    "only HTML": re.compile(
        r"<!--.*?-->|</[A-Za-z][\w-]*\s*>"
        r"|<[A-Za-z][\w-]*(?:\s+[A-Za-z_:@][\w.:@-]*(?:\s*=\s*(?:'[^']*'|\"[^\"]*\"|[^\s\"'=<>`]+))?)*\s*/?>",
        re.S,
    ),
    "only math": re.compile(
        r"\$\$.*?\$\$|\$[^$\n]+\$|\\\\?\(.*?\\\\?\)|\\\\?\[.*?\\\\?\]|\\begin.*\\end\S*", re.S
    ),
    "only attributes": re.compile(r"\{:[^}]*\}"),
    "only numbers": re.compile(r"[\d\W_]+"),
}


def _identity(case: Case) -> Iterator[str]:
    document = case.document
    if render(document, {}) != document.text:
        yield "rendering nothing changes the text"
    if render(document, {segment: segment.msgid for segment in document.segments}) != document.text:
        yield "rendering the msgids changes the text"


def _marks(case: Case) -> Iterator[str]:
    expected: Counter[str] = Counter()
    for segment in case.document.segments:
        expected.update(_MARK.findall(case.targets[segment]))
    found = Counter(_MARK.findall(case.built))
    numbers = {_MARK.search(target) is not None for target in case.targets.values()}
    if found != expected or False in numbers:
        yield f"put in {dict(expected - found)}, found {dict(found - expected)}"


def _differences(case: Case) -> Iterator[str]:
    yield from differences(case.document, case.built, TEXT_KEYS)


def _leaks(case: Case) -> Iterator[str]:
    profile = case.document.profile
    for segment in case.document.segments:
        raw = case.document.text[segment.start : segment.end]
        raw = raw if profile.liquid or profile.shortcodes else raw.replace("{{", "x")
        raw = raw if profile.liquid or profile.shortcodes else raw.replace("{%", "x")
        raw = raw if profile.kramdown else raw.replace("{:", "x")
        raw = raw if profile.inline_math != "off" else re.sub(r"\$|\\[([]", "x", raw)
        kinds = [name for name, pattern in _LEAKS.items() if pattern.match(raw)]
        kinds += [n for n, pattern in _STRIPPED.items() if not _LETTER.search(pattern.sub("", raw))]
        yield from (f"{kind}: {raw!r}" for kind in kinds)


_JUDGEMENTS: dict[str, Callable[[Case], Iterator[str]]] = {
    "identity": _identity,
    "marks": _marks,
    "differences": _differences,
    "leaks": _leaks,
}


def _compare(before: str, after: str) -> Iterator[tuple[str, str]]:
    old, new = Page(before), Page(after)
    for entry in new.skeleton:
        if isinstance(entry, str) and _MARK.search(entry):
            yield "skeleton", f"a mark in code: {entry[:200]!r}"
            return
    if old.skeleton != new.skeleton:
        pairs = zip([*old.skeleton, None], [*new.skeleton, None], strict=False)
        index = next(i for i, (a, b) in enumerate(pairs) if a != b)
        yield "skeleton", f"{old.skeleton[index - 1 :][:3]} became {new.skeleton[index - 1 :][:3]}"
        return
    if "i18n:skip" in before:
        return
    for text, built in zip(old.texts, new.texts, strict=True):
        if not _MARK.search(built):
            yield "coverage", f"{text!r} is never offered"


def read_case(where: str, text: str, profile: Profile) -> Case:
    """Parse a text and build it with every segment marked.

    Raises:
        PipelineError: the text starts with broken front matter.
        ValueError: a marked target is refused.
    """
    document = parse(where, text, profile)
    targets: dict[Segment, str] = {}
    for number, segment in enumerate(document.segments):
        targets.setdefault(segment, marked(segment, number, profile))
    return Case(where, document, targets, render(document, targets))


def judge(texts: Sequence[tuple[str, str]], profile: Profile) -> list[Failure]:
    """Return all that is wrong with ``(where, text)`` pairs in one dialect."""
    failures: list[Failure] = []
    cases: list[Case] = []
    for where, text in texts:
        try:
            cases.append(read_case(where, text, profile))
        except (PipelineError, ValueError) as error:
            failures.append(Failure(where, "unreadable", str(error)))
    for case in cases:
        for category, judgement in _JUDGEMENTS.items():
            failures += [Failure(case.where, category, what) for what in judgement(case)]
    before = [case.document.text[case.document.head :] for case in cases]
    after = [case.built[parse(case.where, case.built, profile).head :] for case in cases]
    html = pages(before + after, profile)
    for case, old, new in zip(cases, html[: len(cases)], html[len(cases) :], strict=True):
        if old is None or new is None:
            failures.append(Failure(case.where, "unreadable", "the renderer fails"))
        else:
            failures += [Failure(case.where, *found) for found in _compare(old, new)]
    return failures


# --- the script ----------------------------------------------------------------------------------


def read_texts(path: Path) -> Iterator[tuple[str, str]]:
    """Yield where and what of the texts below a folder, in a Markdown file or a JSON list."""
    if path.is_dir():
        for file in sorted(path.rglob("*")):
            if file.suffix in (".md", ".markdown", ".text") and file.is_file():
                yield from read_texts(file)
    elif path.suffix == ".json":
        for number, row in enumerate(json.loads(path.read_text("utf-8"))):
            text = row["markdown"]
            # An example has no front matter, even where it starts like one.
            blank = "\n" if text.startswith(("---", "+++", "{", ";;;")) else ""
            yield f"{path.name}:{row.get('example', number)}", blank + text
    else:
        yield str(path), path.read_bytes().decode("utf-8")


def main(arguments: Sequence[str]) -> int:
    """Print what is wrong by category, and return 1 if anything is."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--profile", choices=PROFILES, default="jekyll")
    parser.add_argument("--show", type=int, default=10, help="failures to list of each category")
    options = parser.parse_args(arguments)
    texts = [pair for path in options.paths for pair in read_texts(path)]
    failures = judge(texts, PROFILES[options.profile])
    for category in CATEGORIES:
        found = [failure for failure in failures if failure.category == category]
        places = {failure.where for failure in found}
        print(f"{category}: {len(found)} in {len(places)} of {len(texts)} texts")
        for failure in found[: options.show]:
            print(f"    {failure.where}: {failure.what}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
