"""Translate against a server that misbehaves, and count what goes wrong.

Run it in a checkout; it needs no network::

    python -m tests.faults                        # 50 runs of every behaviour with every engine
    python -m tests.faults --runs 5 --engine google --behaviour reset --behaviour truncated

A *run* is a project with one post that ``diglot translate`` works on ``ROUNDS`` times in a row, as
a user would after an engine has given up. In each run half of the server's answers (fewer where it
is slow), chosen by chance with a seed of their own, are those of the behaviour; the others are
good. The engines are the real ones over real HTTP; only their waiting takes no time.

Printed for every behaviour and engine, the sums over all runs:

- *accepted*: texts that were translated, of all there are;
- *wrong*: findings of severity error that ``diglot check`` has about them;
- *lost*: translations that a later round no longer had;
- *repeated*: requests for a text after the server had given it a good answer, whole and delivered.

The last three are to be 0; the exit code is 1 if they are not.
"""
