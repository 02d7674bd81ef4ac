"""The page as a whole: its head with the policy and the style, the switch, the post."""

from __future__ import annotations

import base64
import hashlib
import re
from functools import cache
from pathlib import Path

from pipeline.constructs.blocks import block_tree
from pipeline.outputs.page.bitext import Bitext, Texts, of_kind, references
from pipeline.outputs.page.block_writer import BlockWriter
from pipeline.outputs.page.cells import Cells
from pipeline.outputs.page.formulas import Formulas
from pipeline.outputs.page.header import header, repeated_title, titles
from pipeline.outputs.page.inline import InlineWriter, Picture
from pipeline.outputs.page.safe import escape
from pipeline.outputs.page.words import words
from pipeline.project import bcp47, language_name

_HEAD = """\
<!doctype html>
<html lang="{lang}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="color-scheme" content="light dark">
<meta name="generator" content="Diglot">
<title>{title}</title>
<link rel="icon" href="data:,">
<style>{style}</style>
</head>
<body>
<a class="skip" href="#diglot-text">{skip}</a>
"""


def parallel_page(
    bitext: Bitext, picture: Picture = lambda source: None, *, script: str = ""
) -> str:
    """Return the page; ``picture`` gives the images that are to be part of it.

    ``script`` is one of ours that the page is to run, for a preview.
    """
    blocks = block_tree(bitext.document)
    labels = (note.name for note in of_kind(blocks, "footnote"))
    notes = {label: f"diglot-note-{number}" for number, label in enumerate(labels, 1)}
    formulas = Formulas()
    inline = InlineWriter(
        bitext.document.profile,
        references(blocks),
        formulas,
        picture,
        lambda label: notes.get(label, ""),
    )
    texts, cells = Texts(bitext, inline), Cells(bitext)
    writer = BlockWriter(texts, cells, repeated_title(texts, blocks), notes)
    body = "".join([*header(texts, cells), *writer.body(blocks)])
    style = _style() + formulas.css()
    head = _HEAD.format(
        lang=bcp47(bitext.source),
        policy=_policy(style, script),
        title=escape(" · ".join(titles(texts))),
        style=style,
        skip=words(bitext.source)["skip"],
    )
    end = f"<script>{script}</script>\n" if script else ""
    main = f'<main id="diglot-text">\n{body}</main>\n'
    return f"{head}{_switch(bitext)}{main}{end}</body>\n</html>\n"


def _policy(style: str, script: str) -> str:
    rules = ["default-src 'none'", f"style-src {_hash(style)}", "img-src data:"]
    rules += [f"script-src {_hash(script)}", "connect-src 'self'"] if script else []
    return "; ".join([*rules, "base-uri 'none'", "form-action 'none'"])


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


@cache
def _style() -> str:
    text = (Path(__file__).parent / "page.css").read_text("utf-8")
    return re.sub(r"/\*.*?\*/|^\s+|\n", "", text, flags=re.S | re.M)


def _switch(bitext: Bitext) -> str:
    here, there = words(bitext.source), words(bitext.target)
    both, legend = (
        " · ".join(dict.fromkeys((here[word], there[word]))) for word in ("both", "languages")
    )
    views = (
        ("both", both, " checked", ""),
        ("source", language_name(bitext.source), "", f' lang="{bcp47(bitext.source)}"'),
        ("target", language_name(bitext.target), "", f' lang="{bcp47(bitext.target)}"'),
    )
    buttons = "".join(
        f'<input type="radio" name="diglot-view" id="diglot-{name}"{checked}>'
        f'<label for="diglot-{name}"{lang}>{escape(label)}</label>'
        for name, label, checked, lang in views
    )
    return f'<fieldset class="views"><legend>{legend}</legend>{buttons}</fieldset>\n'
