"""Measure what Diglot costs, how its cost grows, and how it stands beside its peers.

Run it in a checkout, on a machine that does nothing else::

    python -m tests.bench                                  # 100, 1,000 and 10,000 made-up posts
    python -m tests.bench --sizes 100,1000 --repeat 5      # the least of five runs of everything
    python -m tests.bench --posts ../blog/_posts           # a copy of these posts instead
    python -m tests.bench --peers ../peers --profile hugo
    python -m tests.bench --json figures.json              # the same as data

What is measured is the command line, in fresh processes that find their modules compiled: wall
time, processor time of the process and of all that it started, and the peak memory of the largest
of them. Only ``parse`` is timed
inside a process, as a function. *Cold* means that nothing is left of an earlier run: no PO files
before ``extract``, no built posts before ``build``, no caches in ``.diglot/`` before any of them.
Every figure is the least of all rounds, because whatever else a machine does only adds to it.

``--peers`` names a virtual environment with the peers' own versions of everything::

    python3 -m venv ../peers
    ../peers/bin/pip install mdpo 'translate-toolkit[markdown]' mdpo-llm

Each peer reads every post (800 made-up ones, or those of ``--posts``) into a PO file and then, with
each text translated by itself, builds every post, in one process for the whole folder. It is timed
inside that process, after its imports; Diglot is timed as a whole process with its start. Rounds
alternate between the tools. Each tool works for one target language, so Diglot builds one as well.

Translations that equal their sources flatter Diglot's builds a little: a text that stands in the
built post as it stood in the source is not scanned again when that post is verified.
"""
