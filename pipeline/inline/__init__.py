"""The inline scanner: the one place that knows what inside a text is not prose.

Placeholders in msgids, masks for engines and the checks all come from ``find``. It walks a text
once, left to right, and returns what it meets as ``Placeable`` values of these kinds:

==============  ===========================================================================
``code``        a code span, or a ``<code>`` or ``<kbd>`` element
``math``        ``$…$``, ``$$…$$``, ``\\(…\\)``, ``\\[…\\]``
``liquid``      Liquid output and tags, Hugo shortcodes
``attributes``  a kramdown attribute list or extension, ``{: .x}``
``comment``     an HTML comment, declaration or processing instruction
``html``        any other HTML tag
``url``         a bare URL, or an autolink with its angle brackets
``open``        ``[`` or ``![`` of a link or image
``close``       what ends it: ``](dest "title")``; ``dest`` says where the destination stands
``reference``   what ends a reference link: ``][label]``, in kramdown also ``] [label]``
``wiki``        ``[[Page|`` and ``]]`` of a wiki link, or all of a bare one; ``dest`` is the page
``embed``       what a wiki embeds, ``![[…]]``, or shows without a text of its own
``image``       a whole image, where the profile keeps alternative texts
``shortcut``    ``]`` or ``][]`` of a reference link that names its label by its text
``footnote``    ``[^1]``
``emphasis``    one delimiter run, ``**``, ``_``, ``~~``, that has a partner
``emoji``       ``:smile:``
``entity``      ``&nbsp;``
``placeholder`` ``{1}``, in msgids only
``brace``       a doubled brace that stands for one, in msgids only
==============  ===========================================================================

Every step looks at a bounded stretch or remembers what it did not find, so the work is linear in
the length of the text.
"""

from __future__ import annotations

from pipeline.inline.characters import (
    HAN,
    count_han,
    count_latin_words,
    has_han,
    is_cjk,
    join_lines,
)
from pipeline.inline.links import normalize_label
from pipeline.inline.scanner import find, prose, starts_with_letter
from pipeline.inline.spans import is_mailbox

__all__ = [
    "HAN",
    "count_han",
    "count_latin_words",
    "find",
    "has_han",
    "is_cjk",
    "is_mailbox",
    "join_lines",
    "normalize_label",
    "prose",
    "starts_with_letter",
]
