"""Kill commands while they work on catalogs, let processes compete for one, and count losses.

Run it in a checkout; it needs no network::

    python -m tests.crashes                     # 200 kills a command, 4 writers of 100 edits
    python -m tests.crashes --kills 20 --command extract

A *kill* is a project in which a person has translated, and goes on to translate, texts of several
posts; a command that has to write all of its catalogs; and SIGKILL at a random moment, every other
time at one when it writes. Then the command runs again, to its end. (Both start from a process that
has loaded the program already, so that every kill falls into its work.) Printed for every command,
summed over all kills:

- *cut short*: runs that the kill ended while some catalogs were written and others not, or a
  temporary file was there;
- *lost*: translations by the person that no catalog holds any more;
- *unreadable*: PO files that cannot be read after the kill;
- *stray*: files that are there after the next run and were not before the first.

The *writers* are processes that each put their own translations into one catalog, one at a time,
all at once; an edit is *present* in the end or was *reported* to its process as a conflict. In the
second line the processes try again, as commands do, and nothing may have to be reported.

What is lost, unreadable, stray or missing is to be 0; the exit code is 1 if it is not.
"""
