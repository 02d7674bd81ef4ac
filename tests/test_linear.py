"""Texts that make a careless parser slow: the work on each grows with its size, not faster.

The inputs are those that other Markdown parsers have stumbled over (cmark's, cmark-gfm's, md4c's,
mistune's, markdown-it's and po4a's), and some for each construct and check of ours.

Two tests guard them. One counts the calls of functions, Python's and C's, for a text and for one
twice as long: it notices a loop in a loop, but no regular expression or search that goes over the
same characters again and again. Those show in the other, which parses a longer text: quadratic work
takes seconds there. ``python tests/test_linear.py 25000 jekyll`` prints seconds of CPU
for each text and for one twice as long, and the memory that the process has needed so far.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import FrameType

import pytest

from pipeline import catalog as catalogs
from pipeline.anchors import places
from pipeline.checks import check_catalog
from pipeline.engines import create
from pipeline.errors import PipelineError
from pipeline.glossary import Glossary
from pipeline.jobs import Job
from pipeline.links import changed_wrongly, destinations, links
from pipeline.markdown import parse, render
from pipeline.memory import Index, Memory
from pipeline.model import PROFILES, Document, Unit
from pipeline.outputs.page import Bitext, Target, parallel_page
from pipeline.outputs.post import differences
from pipeline.plans import Tally
from pipeline.pretranslate import pretranslate

Text = Callable[[int], str]

CASES: dict[str, Text] = {
    # emphasis
    "nested strong": lambda n: "*a **a " * n + "b" + " a** a*" * n,
    "nested emphasis": lambda n: "*" * n + "a" + "*" * n,
    "closers only": lambda n: "a_ " * n,
    "openers only": lambda n: "_a " * n,
    "openers of two kinds": lambda n: "*a_ " * n,
    "openers and closers that never fit": lambda n: "a**b" + "c* " * n,
    "strong and stray": lambda n: "*a " + "_a*_ " * n,
    "marks alone": lambda n: "*_" * n,
    "strikes": lambda n: "~~a" * n,
    "punctuation and closers": lambda n: "?c_" * n,
    "three kinds": lambda n: "*a _b ~~c " * n,
    "mixed runs": lambda n: "**a *b _c __d " * n,
    "emphasis after a bracket": lambda n: "[ a_" * n,
    # brackets, links
    "open brackets": lambda n: "[" * n,
    "bracket texts": lambda n: "[a" * n,
    "closing brackets": lambda n: "a]" * n,
    "nested brackets": lambda n: "[" * n + "a" + "]" * n,
    "nested links": lambda n: "[" * n + "a" + "](b)" * n,
    "bracket in a destination": lambda n: "[ (](" * n,
    "images in images": lambda n: "![[]()" * n,
    "images": lambda n: "![" * n + "a" + "](b)" * n,
    "unclosed angle destinations": lambda n: "[a](<b" * n,
    "unclosed destinations": lambda n: "[a](b" * n,
    "unclosed titles": lambda n: '[a](b "c' * n,
    "unclosed titles, empty": lambda n: '[]( "' * n,
    "parenthesised titles": lambda n: "[a](b (c" * n,
    "destination of spaces": lambda n: "[a](" + " " * n,
    "destinations of spaces": lambda n: ("[a](" + " " * 50) * n,
    "destination of words": lambda n: "[a](" + "b " * n,
    "destinations of words": lambda n: "[a](b c" * n,
    "balanced parentheses": lambda n: "[a](" + "(" * n,
    "shallow parentheses": lambda n: "[a]((b)" * n,
    "Liquid destinations": lambda n: "[a]({{" * n,
    "Liquid tags in destinations": lambda n: "[a]({% " * n,
    "reference links": lambda n: "[a][b] " * n + "\n\n[b]: c\n",
    "collapsed references": lambda n: "[b][] " * n + "\n\n[b]: c\n",
    "shortcut references": lambda n: "[b] " * n + "\n\n[b]: c\n",
    "a nest of shortcut references": lambda n: "[b " * n + "]" * n + "\n\n[b]: c\n",
    "shortcuts in one line": lambda n: "text {{ x }} [b] " * n + "\n\n[b]: c\n",
    "unclosed labels": lambda n: "[a][" * n,
    "long labels": lambda n: ("[" + "a" * 90 + "][" + "b" * 90) * n,
    "footnote marks": lambda n: "[^a" * n,
    "footnote marks with long names": lambda n: ("[^" + "a" * 190) * n,
    # code, math, HTML, entities
    "growing backticks": lambda n: "".join("e" + "`" * i for i in range(int((2 * n) ** 0.5))),
    "backticks": lambda n: "`a``b" * n,
    "bracket and backticks": lambda n: "[" + "`a" * n + "]",
    "closing tags and comments": lambda n: "</" * n + "<!--" * n,
    "comments": lambda n: "<!-- " * n,
    "inline comments": lambda n: "a <!-- " * n,
    "processing instructions": lambda n: "<?" * n,
    "inline processing instructions": lambda n: "a <?" * n,
    "declarations": lambda n: "<!A " * n,
    "inline declarations": lambda n: "a <!A " * n,
    "CDATA": lambda n: "a <![CDATA[" * n,
    "unclosed tags": lambda n: "<a " * n,
    "unclosed attributes": lambda n: 'x <a b="' * n,
    "one tag of many attributes": lambda n: "x <a" + " b" * n,
    "one tag of many values": lambda n: "x <a" + ' b="c"' * n,
    "one tag of blanks": lambda n: "x <a" + " " * n,
    "tags of blanks": lambda n: ("x <a" + " " * 60) * n,
    "closing tags of blanks": lambda n: ("x </a" + " " * 60) * n,
    "addresses in angles": lambda n: "<a@" * n,
    "an address": lambda n: "<" + "a" * n + "@",
    "an address without angles": lambda n: "a" * n + "@b.example",
    "addresses without angles": lambda n: "a@b.example" * n,
    "a domain of many labels": lambda n: "a@" + "b." * n + "c1",
    "a domain of one label": lambda n: "a@" + "b" * n,
    "addresses": lambda n: "<a.b" * n,
    "schemes": lambda n: "<ab:" * n,
    "unclosed code elements": lambda n: "x <code>" * n,
    "unclosed elements of ten kinds": lambda n: "<kbd>a <code>b <svg>c " * n,
    "elements of many spellings": lambda n: "<code>a <Code>b <CODE>c <cOde>d <coDe> " * n,
    "dollars": lambda n: "$a " * n,
    "dollars with digits": lambda n: "$1 " * n,
    "escaped dollars": lambda n: "$a\\$ " * n,
    "dollar and escapes": lambda n: "$a" + "\\$" * n,
    "dollars and escapes": lambda n: "x $a\\$b\\$c " * n,
    "double dollars": lambda n: "$$a " * n,
    "TeX dollars far apart": lambda n: ("$a" + "b " * 60) * n,
    "TeX parentheses": lambda n: "\\(" * n,
    "TeX brackets": lambda n: "\\[a " * n,
    "doubled TeX brackets": lambda n: "\\\\[a " * n,
    "closed TeX without TeX": lambda n: "\\(" * n + "\\)",
    "backslashes": lambda n: "\\" * n,
    "braces": lambda n: "{" * n,
    "double braces": lambda n: "{{" * n,
    "closing braces": lambda n: "}}" * n,
    "Liquid tags": lambda n: "{%" * n,
    "Liquid tags on lines": lambda n: "{% a\n" * n,
    "Liquid outputs on lines": lambda n: "{{ a\n" * n,
    "Liquid tag after tag": lambda n: "{% a %}" * n + "x",
    "Liquid lines after lines": lambda n: ("{% a %}" * 20 + "x\n") * n,
    "shortcodes": lambda n: "{{< a " * n,
    "attribute lists": lambda n: "a{: b " * n,
    "extensions": lambda n: "a{::b " * n,
    "placeholders": lambda n: "{1} " * n,
    "entities": lambda n: "&" * n,
    "named entities": lambda n: "&aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" * n,
    "emoji codes": lambda n: ":a" * n,
    "one emoji code": lambda n: ":" + "a" * n,
    "colons": lambda n: ":" * n,
    "URLs": lambda n: "http://" * n,
    "one URL": lambda n: "http://a" + "b" * n,
    "a URL of dots": lambda n: "http://a" + "." * n,
    "a URL of brackets": lambda n: "http://a" + "(" * n + ")" * n,
    "URLs of brackets": lambda n: "http://a))) " * n,
    "hosts": lambda n: "www." * n,
    "words and marks": lambda n: "wwwhttpftp" * n,
    "pipes": lambda n: "|" * n,
    "pipes and letters": lambda n: "a|" * n,
    "pipes and code": lambda n: "`|" * n,
    "pipes and growing backticks": lambda n: "|".join(
        "`" * i for i in range(int((2 * n) ** 0.5))
    ),
    "pipes and code elements": lambda n: "<code>|" * n,
    "a formula of pipes": lambda n: "$|x|$ " * n,
    "formulas and pipes": lambda n: "$a_1$ | " * n,
    # long lines and strange characters
    "one line": lambda n: "word " * n,
    "one word": lambda n: "a" * n,
    "one Chinese line": lambda n: "中文" * n,
    "full-width commas": lambda n: "，" * n,
    "zero-width spaces": lambda n: "\u200b" * n,
    "tabs": lambda n: "\t" * n,
    "spaces": lambda n: " " * n + "a",
    "trailing spaces": lambda n: "a" + " " * n,
    "spaces between words": lambda n: "a" + " " * n + "b",
    "spaces at line ends": lambda n: ("a" + " " * 60 + "\n") * n,
    "NUL": lambda n: "\0" * n,
    "U+2028": lambda n: "a\u2028" * n,
    "numbers": lambda n: "1" * n,
    "CR": lambda n: "a\r" * n,
    "blank lines": lambda n: "\n" * n,
    "blank CRLF lines": lambda n: "\r\n" * n,
    "half width and full width": lambda n: "a，" * n,
    "dashes": lambda n: "-" * n,
    "dashes with spaces": lambda n: "- " * n + "a",
    "stars with spaces": lambda n: "* " * n + "a",
    "underline-like": lambda n: "a\n=" + "=" * n + " b",
    "hashes": lambda n: "#" * n,
    "a closed heading": lambda n: "# a" + " #" * n + " b",
    "heading of hashes and blanks": lambda n: "# " + "# " * n + "b",
    "heading ids": lambda n: "# " + "{#a " * n,
    "heading of blanks": lambda n: "# a" + " " * n + "b",
    "backslashes at line ends": lambda n: "a\\\n" * n,
    # blocks
    "quotes": lambda n: "> " * n + "a",
    "quotes without a space": lambda n: ">" * n + "a",
    "quotes with emphasis": lambda n: ">" * n + "a*" * n,
    "quote lines": lambda n: "> a\n" * n,
    "quotes of growing depth": lambda n: "".join(
        ">" * (i % 150) + "a\n" for i in range(n // 75)
    ),
    "quote lines and lazy lines": lambda n: "> a\nb\n" * n,
    "empty quote lines": lambda n: ">\n" * n,
    "list of lists": lambda n: "- " * n,
    "list of lists and blank lines": lambda n: "- " * n + "\n" * n,
    "numbered lists in lists": lambda n: "1. " * n + "a",
    "deep lists": lambda n: "".join(
        "  " * i + "- a\n" for _ in range(max(1, n // 5000)) for i in range(int((n / 2) ** 0.5))
    ),
    "list items": lambda n: "- a\n" * n,
    "loose list items": lambda n: "- a\n\n" * n,
    "list items of ever other marks": lambda n: "- a\n+ b\n" * n,
    "numbered items": lambda n: "".join(f"{i}. a\n" for i in range(n)),
    "empty items": lambda n: "-\n" * n,
    "empty items and blank lines": lambda n: "-\n\n" * n,
    "list in quote": lambda n: "> - a\n" * n,
    "quote in list": lambda n: "- > a\n" * n,
    "quotes in lists in quotes": lambda n: "> - " * n + "a",
    "quote of quotes with lazy lines": lambda n: "> " * 20 + "a\n" + "b\n" * n,
    "deep list with lazy lines": lambda n: "- " * 20 + "a\n" + "b\n" * n,
    "deep list with blank lines": lambda n: "- " * 20 + "a\n" + "\nb\n" * n,
    "task items": lambda n: "- [ ] a\n" * n,
    "unclosed fence": lambda n: "````\n" + "a\n" * n,
    "unclosed fences": lambda n: "".join("`" * (3 + i % 7) + "x\n" for i in range(n)),
    "unclosed fences in items": lambda n: "- ```\n" * n,
    "unclosed fences in quotes": lambda n: "> ```\n\n" * n,
    "fences of tildes": lambda n: "~~~\n```\n" * n,
    "fence-like lines": lambda n: "``` a ` b\n" * n,
    "code lines": lambda n: "    a\n" * n,
    "code lines and blank lines": lambda n: "    a\n\n" * n,
    "unclosed math": lambda n: "$$\n" + "a\n" * n,
    "unclosed math paragraphs": lambda n: "$$ a\n\n" * n,
    "unclosed TeX brackets": lambda n: "\\[ a\n\n" * n,
    "unclosed environments": lambda n: "\\begin{a}\n\n" * n,
    "unclosed environments of many names": lambda n: "".join(
        f"\\begin{{{_letters(i)}}}\n\n" for i in range(n)
    ),
    "unclosed math in items": lambda n: "- $$ a\n" * n,
    "unclosed math in quotes": lambda n: "> $$ a\n\n" * n,
    "unclosed comment extensions": lambda n: "{::comment}\na\n\n" * n,
    "unclosed nomarkdown": lambda n: "{::nomarkdown}\n" * n,
    "unclosed extensions": lambda n: "{::a b\n" * n,
    "an extension of slashes": lambda n: "{::a " + "/" * n,
    "attribute-like lines": lambda n: "{: a\n" * n,
    "an attribute list of braces": lambda n: "{:" + "}" * n + "a",
    "unclosed raw": lambda n: "{% raw %}\na\n" * n,
    "unclosed raws in items": lambda n: "- {% raw %}\n" * n,
    "unclosed highlights": lambda n: "{% highlight a %}\n\n" * n,
    "unclosed shortcodes": lambda n: "{{< highlight >}}\n\n" * n,
    "unclosed Liquid in items": lambda n: "- {% a\n" * n,
    "HTML comment lines": lambda n: "<!--\n" * n,
    "HTML comments in items": lambda n: "- <!--\n" * n,
    "HTML comments in quotes": lambda n: "> <!--\n\n" * n,
    "PHP lines": lambda n: "<?\n\n" * n,
    "unclosed pre": lambda n: "<pre>\n\n" * n,
    "unclosed elements": lambda n: "<div>\n" * n,
    "unclosed elements, loose": lambda n: "<div>\n\n" * n,
    "unclosed elements in items": lambda n: "- <div>\n" * n,
    "unclosed elements in quotes": lambda n: "> <div>\n\n" * n,
    "unclosed elements of many names": lambda n: "".join(
        f"<x{_letters(i)}>\n\n" for i in range(n)
    ),
    "nested elements": lambda n: "<div>\n" * n + "a\n" + "</div>\n" * n,
    "nested elements on a line": lambda n: "<div>" * n + "a" + "</div>" * n,
    "elements after elements": lambda n: "<div>a</div>\n\n" * n,
    "elements on one line": lambda n: "<div>a</div>" * n,
    "elements in one element": lambda n: "<div>\n" + "<p>a</p>\n" * n + "</div>\n",
    "paragraphs in one element": lambda n: "<div>\n" + "a\n\n" * n + "</div>\n",
    "code elements in one element": lambda n: "<div>\n" + "<code>a\n" * n + "</div>\n",
    "closed code in one element": lambda n: "<div>\n" + "<code>a</code>\n" * n + "</div>\n",
    "code elements never closed": lambda n: "<div>" + "<code>" * n,
    "iframes never closed": lambda n: "<div>" + "<iframe>a" * n,
    "comments in one element": lambda n: "<div>" + "<!-- " * n,
    "Liquid in one element": lambda n: "<div>" + "{{ a {% b " * n,
    "PHP in one element": lambda n: "<div>" + "<?<![CDATA[" * n,
    "an element of blanks": lambda n: "<div" + " " * n + "a",
    "an element of attributes": lambda n: "<div" + " a" * n,
    "an element of values": lambda n: "<div" + ' a="b"' * n,
    "elements of open values": lambda n: '<div a="b\n\n' * n,
    "self-closed elements": lambda n: "<div/>\n" * n,
    "void elements": lambda n: "<br>\n<hr>\n" * n,
    "Markdown in HTML": lambda n: '<div markdown="1">\n' * n,
    "Markdown in HTML, loose": lambda n: '<div markdown="1">\n\na\n\n' * n,
    "span elements on lines": lambda n: "<b>\na\n" * n,
    "directives": lambda n: "<!-- i18n:comment: a -->\n\nb\n\n" * n,
    "unclosed directives": lambda n: "<!-- i18n:comment: " * n,
    "one directive of blanks": lambda n: "<!-- i18n:comment:" + " " * n + "-->",
    "one comment of directives": lambda n: "<!--" + "\n" * n + "i18n:skip" + "\n" * n + "x -->",
    "a directive of directives": lambda n: "<!-- i18n:note " * n + "-->",
    "definitions": lambda n: "a\n: b\n\n" * n,
    "definitions of one term": lambda n: "a\n" + ": b\n" * n,
    "definitions in definitions": lambda n: "a\n" + ": " * n + "b",
    "terms": lambda n: "a\n" * n + ": b",
    "definition-like lines": lambda n: ": a\n\n" * n,
    "abbreviations": lambda n: "*[a]: b\n" * n,
    "abbreviation-like lines": lambda n: "*[a" * n,
    "footnotes": lambda n: "".join(f"[^{i}]: a\n" for i in range(n)),
    "footnotes in footnotes": lambda n: "[^1]: " * n + "a",
    "footnotes and their marks": lambda n: "".join(f"a[^{i}]\n\n[^{i}]: b\n\n" for i in range(n)),
    "reference definitions": lambda n: "".join(f"[a{i}]: b\n" for i in range(n)),
    "reference definitions and links": lambda n: "".join(
        f"[a{i}]: b\n\n[a{i}] c\n\n" for i in range(n)
    ),
    "the same definition": lambda n: "[a]: b\n" * n,
    "definitions without end": lambda n: "[a]:\n" * n,
    "definition with a long title": lambda n: '[a]: b "' + "c " * n,
    "definitions with open titles": lambda n: '[a]: b "c\n' * n,
    "a definition of blanks": lambda n: "[a]: b" + " " * n + "c",
    "a definition of words": lambda n: "[a]: " + "b " * n,
    "labels that collide": lambda n: "".join(f"[{_colliding(i)}]: b\n" for i in range(n)),
    "nested labels": lambda n: "[" * n + "]: a\n" * n,
    "headings": lambda n: "# a\n\n" * n,
    "deep headings": lambda n: "".join("#" * (1 + i % 6) + f" a{i}\n\nb{i}\n\n" for i in range(n)),
    "a long heading over many paragraphs": lambda n: "# " + "a " * n + "\n\n" + "b\n\n" * n,
    "setext headings": lambda n: "a\n=\n" * n,
    "a setext heading of many lines": lambda n: "a\n" * n + "===",
    "rules": lambda n: "---\n" * n,
    "rule-like lines": lambda n: "- - - a\n" * n,
    "end-of-block marks": lambda n: "^\n" * n,
    "carets": lambda n: "^" * n,
    "callouts": lambda n: "> [!NOTE]\n> a\n\n" * n,
    # tables
    "a wide table": lambda n: "|a" * n + "\n" + "|-" * n + "\n" + "|b" * n + "\n",
    "a wide header": lambda n: "|a" * n + "\n" + "|-" * (n - 1) + "\n",
    "a long table": lambda n: "|a|\n|-|\n" + "|b|\n" * n,
    "a long kramdown table": lambda n: "a|b\n" * n,
    "a kramdown table that is none": lambda n: "a|b\n" * n + "c\n",
    "kramdown tables that are none": lambda n: "a|b\nc\n" * n,
    "a kramdown table among lists": lambda n: "- a|b\n" * n + "c",
    "tables": lambda n: "|a|\n|-|\n\n" * n,
    "delimiter rows": lambda n: "|-|\n" * n,
    "a delimiter row": lambda n: "a|b\n" + "-|" * n + "x",
    "a delimiter of dashes": lambda n: "a|b\n" + "-" * n + "x",
    "rows of code": lambda n: "|`a|`|\n" * n,
    "rows of open code": lambda n: "|`a|``b|```c|\n" * n,
    "a row of open code": lambda n: "|a|\n|-|\n|" + "`a|" * n,
    "a row of code elements": lambda n: "|a|\n|-|\n|" + "<code>a|" * n,
    "a row of escapes": lambda n: "|a|\n|-|\n|" + "\\|" * n,
    "separators": lambda n: "a|b\n" + "=" * n + "\n",
    "separators of pluses": lambda n: "+" * n,
    "lines of separators": lambda n: "+-+\n" * n,
    # units
    "the same text": lambda n: "a {{ x }}\n\n" * n,
    "the same text with other pieces": lambda n: "".join(f"a {{{{ x{i} }}}}\n\n" for i in range(n)),
    "different texts": lambda n: "".join(f"text {_letters(i)}\n\n" for i in range(n)),
    "hard breaks": lambda n: "a  \n" * n,
    "soft breaks": lambda n: "a\n" * n,
    "soft breaks in Chinese": lambda n: "中\n" * n,
    "indented continuations": lambda n: "a\n" + "      b\n" * n,
    "a paragraph of pipes": lambda n: "a `|` b\n" * n,
    "a paragraph that could end on each line": lambda n: "a\n2. b\n" * n,
    "stars at line starts": lambda n: "a\n*b\n" * n,
    "brackets at line starts": lambda n: "a\n[b\n" * n,
    "angles at line starts": lambda n: "a\n<b\n" * n,
    "dollars at line starts": lambda n: "a\n$$ b\n" * n,
    "braces at line starts": lambda n: "a\n{{ b\n" * n,
    "tags at line starts": lambda n: "a\n{% b\n" * n,
    "colons at line starts": lambda n: "a\n: b\n" * n,
    # a mark's partner far away, or behind the end of the container
    "far closing dollars": lambda n: "$$ a\n\n" * n + "x $$ y",
    "far closing environment": lambda n: "\\begin{a}\n\n" * n + "\\end{a} x",
    "far closing Liquid": lambda n: "{% a\n\n" * n + "%} x",
    "far closing raw": lambda n: "{% raw %}\n\n" * n + "{% endraw %} x",
    "far closing comment extension": lambda n: "{::comment}\n\n" * n + "{:/}",
    "far closing comment": lambda n: "a\n<!--\n\n" * n + "-->",
    "far closing element": lambda n: "<div>\n\n" * n + "</div>",
    "far closing TeX": lambda n: "\\( a " * n + "\\)",
    "far closing code element": lambda n: "x <code " * n + "></code>",
    "far closing inline comment": lambda n: "x <a <!-" * n + "-->",
    "far closing angle": lambda n: "[a](<b\n" * n + ">",
    "math in one item": lambda n: "- a\n\n" + "  $$ b\n\n" * n + "c",
    "environments in one item": lambda n: "- a\n\n" + "  \\begin{a}\n\n" * n + "c",
    "Liquid in one item": lambda n: "- a\n\n" + "  {% b\n\n" * n + "c",
    "raw in one item": lambda n: "- a\n\n" + "  {% raw %}\n\n" * n + "c",
    "comment extensions in one item": lambda n: "- a\n\n" + "  {::comment}\n\n" * n + "c",
    "comments in one item": lambda n: "- a\n\n" + "  b\n  <!--\n\n" * n + "c",
    "elements in one item": lambda n: "- a\n\n" + "  <div>\n\n" * n + "c",
    "closed elements in one item": lambda n: "- a\n\n" + "  <p>b</p>\n\n" * n + "c",
    "Markdown in HTML in one item": lambda n: "- a\n\n" + '  <p markdown="1">\n\n' * n + "c",
    "paragraphs in one item": lambda n: "- a\n\n" + "  b\n\n" * n + "c",
    "pipes in one item": lambda n: "- a\n\n" + "  b|c\n  d\n\n" * n + "c",
    "definitions in one item": lambda n: "- a\n\n" + "  b\n  : c\n\n" * n + "c",
    "math in one quote": lambda n: "> a\n>\n" + "> $$ b\n>\n" * n + "c",
    "elements in one quote": lambda n: "> a\n>\n" + "> <div>\n>\n" * n + "c",
    "lazy math": lambda n: "> a\n" + "$$ b\n" * n,
    "lazy elements": lambda n: "> a\n" + "<div>\n" * n,
    "lazy Liquid": lambda n: "> a\n" + "{% b\n" * n,
    "table rows and math": lambda n: "|a|\n|-|\n" + "$$ b\n" * n,
    "URLs after letters": lambda n: "ahttp://" * n,
    "chained Liquid": lambda n: "{{\n{{ a }}" * n + "x",
    "blanks in a paragraph of two lines": lambda n: "a" + " " * n + "b\nc",
    "one heading id": lambda n: "# {#" + "a" * n,
    "a wide rule and many rows": lambda n: "|-" * n + "\n" + "|a\n" * n,
    "span tags in one element": lambda n: "<div>\n" + "<b>\n" * n + "a\n</div>",
    "a long heading over different paragraphs": lambda n: "# "
    + "a " * n
    + "\n\n"
    + "".join(f"b {_letters(i)}\n\n" for i in range(n)),
    "escaped labels": lambda n: "[a\\]] " * n + "\n\n[a\\]]: b\n",
    "admonitions": lambda n: "!!! note\n" * n,
    "admonitions in admonitions": lambda n: "".join(
        "    " * (i % 40) + "!!! note\n" for i in range(n)
    ),
    "titles of quotes": lambda n: '!!! a "' * n,
    "colon containers": lambda n: "::: a\n" * n,
    "colon containers, closed": lambda n: "::: a\nb\n:::\n" * n,
    "labels of colon containers": lambda n: "::: a[" + "[b]" * n + "\n",
    "open labels of colon containers": lambda n: "::: a[" + "[" * n + "\n",
    "closing colons in a title": lambda n: "::: a" + " :::" * n + "\n",
    # front matter
    "deep front matter": lambda n: "---\na: " + "[" * n + "\n---\n",
    "deep front matter, block": lambda n: "---\n" + "- " * n + "\n---\n",
    "aliases": lambda n: "---\na: &a b\n" + "".join(f"c{i}: *a\n" for i in range(n)) + "---\n",
    "front matter": lambda n: "---\n" + "".join(f"a{i}: b\n" for i in range(n)) + "---\n",
    "wanted values": lambda n: "---\ntitle: " + "a " * n + "\n---\n",
    "unclosed front matter": lambda n: "---\n" + "a: b\n" * n,
    "unclosed TOML": lambda n: "+++\n" + "a = 1\n" * n,
    "tags that link": lambda n: '<a href="b.md" id="c">x</a> [^1]\n' * n,
    "a block of tags that link": lambda n: "<div>\n" + "<a href='b.md'><!-- x\n" * n,
    "tags that do not end": lambda n: "<div>\n<a " + 'href="b.md" id="c" name=x ' * n,
    "a list in front matter": lambda n: "---\na:\n" + "- b\n" * n + "---\n",
    "rules like front matter": lambda n: "---\n\n" * n,
    "TOML marks": lambda n: "+++\n" * n,
}  # fmt: skip


def _letters(number: int) -> str:
    """Return a name of letters alone that no other number has."""
    return "".join("abcdefghij"[int(digit)] for digit in str(number))


def _colliding(number: int) -> str:
    """Return a label that differs from its neighbours in case and blanks alone."""
    bits = f"{number % 256:08b}"
    return "".join("Ab"[int(bit)] if bit == "1" else "aB"[int(bit)] for bit in bits)


def work(text: str, profile: str, path: Path) -> None:
    """Take a text through everything: parse, extract, load, check, build, show."""
    try:
        post = parse("post.md", text, PROFILES[profile])
    except PipelineError:
        return  # broken front matter, found in time
    assert render(post, {segment: segment.msgid for segment in post.segments}) == text
    wanted = catalogs.wanted(post.segments, post.name)
    new = catalogs.merge(catalogs.new(path, "zh_CN", "en"), wanted)
    units = tuple(replace(unit, msgstr=f"{unit.msgid}記") for unit in new.units)
    path.write_text(catalogs.dumps(replace(new, units=units)), "utf-8")
    catalog = catalogs.merge(catalogs.load(path, "zh_CN"), wanted)
    built = build(post, {unit.key: unit.msgstr for unit in catalog.units})
    differences(post, built, ())
    targets = {segment: Target(segment.msgid + "記") for segment in post.segments}
    parallel_page(Bitext(post, "en", "zh_CN", targets))
    list(check_catalog(post, catalog, "en", {}))
    assert not changed_wrongly(post, post, {})
    assert {link.dest for link in links(post)} <= {*destinations(post)}
    places(post)


def build(post: Document, targets: dict[tuple[str | None, str], str]) -> str:
    try:
        return render(post, {segment: targets[segment.key] for segment in post.segments})
    except ValueError:
        return post.text  # a target that cannot stand there is refused


def count_calls(work: Callable[[], object]) -> int:
    calls = 0

    def count(frame: FrameType, event: str, argument: object) -> None:
        nonlocal calls
        calls += event in ("call", "c_call")

    sys.setprofile(count)
    try:
        work()
    finally:
        sys.setprofile(None)
    return calls


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_twice_the_text_takes_twice_the_calls(text: Text, tmp_path: Path) -> None:
    path = tmp_path / "x.po"
    work(text(2), "jekyll", path)
    once, twice = (count_calls(lambda n=n: work(text(n), "jekyll", path)) for n in (60, 120))
    assert twice < 2.5 * once + 500


def translate(size: int) -> None:
    """Fill a catalog of ``size`` units that many batches are made of."""
    units = tuple(Unit(f"Text number {number} of many.") for number in range(size))
    catalog = replace(catalogs.new(Path("x.po"), "zh_CN", "en"), units=units)
    memory, copy = Memory("en", "zh_CN", Index()), create("copy", {})
    job = Job("en", "zh_CN", PROFILES["jekyll"], {}, memory, Glossary(()), copy)
    assert all(unit.msgstr for unit in pretranslate(catalog, job, Tally()).units)


def test_twice_the_units_take_twice_the_calls_to_translate() -> None:
    translate(20)
    once, twice = (count_calls(lambda n=n: translate(n)) for n in (400, 800))
    assert twice < 2.2 * once


@pytest.mark.parametrize("text", CASES.values(), ids=CASES)
def test_a_large_text_ends(text: Text) -> None:
    source = text(1500)
    try:
        post = parse("post.md", source, PROFILES["jekyll"])
    except PipelineError:
        return
    assert render(post, {segment: segment.msgid for segment in post.segments}) == source


def measure(size: int, profile: str, names: list[str]) -> None:
    """Print seconds of CPU for each text, for one twice as long, and the peak of memory."""
    with tempfile.TemporaryDirectory() as folder:
        for name in names or CASES:
            seconds = []
            for repeats in (size, 2 * size):
                text = CASES[name](repeats)
                start = time.process_time()
                work(text, profile, Path(folder) / "x.po")
                seconds.append(time.process_time() - start)
            once, twice = seconds
            ratio = twice / once if twice > 0.05 else 0.0
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            print(f"{name:45} {once:7.2f} {twice:7.2f} ×{ratio:3.1f} {peak:6} MiB", flush=True)


if __name__ == "__main__":
    measure(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
