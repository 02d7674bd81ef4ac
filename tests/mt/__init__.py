"""Measure how good an engine's translations are, and how well its bad ones are recognised.

It needs test sets, which are not part of Diglot, and ``pip install sacrebleu``::

    python -m tests.mt CORPORA                 # 200 texts of each set, with the engine local
    python -m tests.mt CORPORA --count 60 --sets pairs,terms --refused
    python -m tests.mt CORPORA --engine nmt --json figures.json

``CORPORA`` is a folder with ``mt/ntrex128.src.en.txt`` and ``mt/ntrex128.ref.zh-CN.txt`` (news, a
sentence a line), ``mt/glossary_d2l.tsv`` (terms: English, Chinese) and, anywhere below ``pairs``,
posts in two languages, ``NAME.en.md`` and ``NAME.zh.md``.

What is measured is what ``translate`` does with a text: sentences, masks, terms, gates, checks and
all. ``news`` are the first lines, ``pairs`` are taken evenly from the blocks that correspond (equal
kinds below headings that correspond), ``terms`` are those blocks whose source holds a term and
whose reference holds its translation, once with the glossary and once without it. For each set and
direction the table says: how many texts were taken, and how many left untranslated; how many
requests that took (sentences and, where those failed, pieces of them); BLEU (with the tokeniser
``zh``) and chrF of what was taken; the mean chrF of single texts that were taken and, with
``--refused``, of the drafts that the engine ``local`` was too unsure of, which tells whether the
right ones were refused; how many terms are right; whether markup survived; seconds per 1,000 words
(a Chinese word is 1.7 characters), and at the end the peak memory.
"""
