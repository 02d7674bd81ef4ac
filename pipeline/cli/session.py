"""Reviewing entry by entry in a terminal: what is shown, and what each key does.

Every decision is written at once, so that a session can end at any moment.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

import click

from pipeline.cli.columns import side_by_side, wrap
from pipeline.cli.console import shown
from pipeline.decisions import accepted, can_reject, rejected, rewritten, suggestion
from pipeline.memory import Hit, Index, Memory
from pipeline.model import Severity, State, Unit
from pipeline.project import Project
from pipeline.recall import catalog_feed
from pipeline.reports.context import severity_name
from pipeline.reports.safe import one_line
from pipeline.review import Entry, carry_out, reread
from pipeline.similarity import differences
from pipeline.wording import NOTHING, Message, _, told

_HITS = 3
_LOWEST = 60.0
_WIDEST = 160
_COLOURS = {Severity.ERROR: "red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_HELP = Message(
    """\
a  accept the translation          e  edit it in $EDITOR, and accept what you write
r  reject what a machine made      1  take the translation from memory with this number
s  skip, decide another time       t  take the suggestion
u  undo the last decision          q  quit; what is decided is saved"""
)


@dataclass(slots=True)
class Tally:
    """How many entries were accepted, rejected and skipped."""

    accepted: int = 0
    rejected: int = 0
    skipped: int = 0

    def message(self) -> Message:
        """Say how many they are."""
        return Message(
            "{accepted} accepted, {rejected} rejected, {skipped} skipped",
            accepted=self.accepted,
            rejected=self.rejected,
            skipped=self.skipped,
        )


@dataclass(slots=True)
class Session:
    """A review; ``todo`` are entries to come back to, ``done`` are pairs of before and after."""

    project: Project
    index: Index
    entries: Iterator[Entry]
    todo: list[Entry] = field(default_factory=list)
    done: list[tuple[Entry, Entry]] = field(default_factory=list)
    passed: list[str] = field(default_factory=list)

    def run(self) -> Tally:
        """Go through the entries until there are no more, or the person quits."""
        while (entry := self._next()) is not None:
            hits = self._hits(entry)
            click.echo("\n".join(_screen(self.project, entry, hits)))
            if not self._decide(entry, hits):
                break
        return Tally(*(self.passed.count(verb) for verb in ("accept", "reject", "skip")))

    def _next(self) -> Entry | None:
        return self.todo.pop() if self.todo else next(self.entries, None)

    def _decide(self, entry: Entry, hits: list[Hit]) -> bool:
        """Ask until the entry is dealt with; tell whether the review goes on."""
        while True:
            key = _key()
            if key == "q":
                return False
            if key == "u" and self.done:
                self._undo(entry)
                return True
            if key == "s":
                self.passed.append("skip")
                self.done.append((entry, entry))
                return True
            decision = self._decision(key, entry, hits)
            if decision is not None:
                self._carry_out(entry, decision, "reject" if key == "r" else "accept")
                return True

    def _decision(self, key: str, entry: Entry, hits: list[Hit]) -> Unit | None:
        """Return what the entry becomes, ``None`` where the key decides nothing."""
        unit = entry.unit
        if key == "a":
            return self._unless_wrong(entry, accepted(unit))
        if key == "e":
            return self._edited(entry)
        if key == "r" and can_reject(unit):
            return rejected(unit)
        offered = suggestion(unit)
        if key == "t" and offered is not None:
            return self._unless_wrong(entry, rewritten(unit, offered))
        if key.isdecimal() and 0 < int(key) <= len(hits):
            return self._unless_wrong(entry, rewritten(unit, hits[int(key) - 1].translation))
        click.echo(told(_why_not(key) or _HELP))
        return None

    def _unless_wrong(self, entry: Entry, decision: Unit) -> Unit | None:
        errors = _errors(self.project, entry, decision)
        if not errors:
            return decision
        click.secho("\n".join([*errors, _("Not accepted: edit it (e), or skip (s).")]), fg="red")
        return None

    def _edited(self, entry: Entry) -> Unit | None:
        """Return the entry with what was written in the editor; with errors it needs work still."""
        written = click.edit(entry.unit.msgstr + "\n", extension=".md")
        text = (written or "").rstrip("\n")
        if not text.strip():
            click.echo(_("Nothing was written."))
            return None
        decision = rewritten(entry.unit, text)
        errors = _errors(self.project, entry, decision)
        if errors:
            click.secho("\n".join([*errors, _("Saved as needing work.")]), fg="red")
        return rewritten(entry.unit, text, finished=not errors)

    def _carry_out(self, entry: Entry, decision: Unit, verb: str) -> None:
        after = carry_out(entry, decision)
        if after is None:
            present = reread(self.project, entry)
            click.echo(_("Somebody has changed this entry meanwhile; nothing was written."))
            self.todo += [present] if present else []
            return
        self.done.append((entry, after))
        if decision.fuzzy and verb == "accept":
            verb, self.todo = "skip", [*self.todo, after]
        self.passed.append(verb)
        catalog = entry.catalog
        self.index.learn(catalog_feed(self.project, catalog.path, catalog.locale))

    def _undo(self, entry: Entry) -> None:
        """Take the last decision back and show its entry again, before the one on the screen."""
        before, after = self.done.pop()
        self.passed.pop()
        if entry.unit != after.unit or before is after:
            self.todo.append(entry)
        if before is after or carry_out(after, before.unit):
            self.todo.append(before)
        else:
            click.echo(_("Somebody has changed that entry meanwhile; it stays as it is."))

    def _hits(self, entry: Entry) -> list[Hit]:
        memory = Memory(entry.pair.source, entry.pair.target, self.index)
        found = memory.similar(entry.unit.msgid, lowest=_LOWEST)
        others = (h for h in found if h.fits and h.translation)
        return list(islice((h for h in others if h.translation != entry.unit.msgstr), _HITS))


def _key() -> str:
    click.echo(
        click.style(_("[a]ccept [e]dit [r]eject [s]kip [u]ndo [q]uit [?]") + " ", bold=True),
        nl=False,
    )
    try:
        key = click.getchar()
    except EOFError:
        key = "q"
    click.echo(one_line(key))
    return key.lower()


_WHY_NOT = {
    "u": Message("There is nothing to undo."),
    "r": Message("This is a person's work: edit it (e), or skip (s)."),
    "t": Message("There is no suggestion."),
}


def _why_not(key: str) -> Message:
    if key.isdecimal():
        return Message("There is no such translation.")
    return _WHY_NOT.get(key, NOTHING)


def _errors(project: Project, entry: Entry, unit: Unit) -> list[str]:
    found = entry.complaints(project, unit)
    return [
        one_line(f"{f.check}: {told(f.message)}") for f in found if f.severity >= Severity.ERROR
    ]


def _screen(project: Project, entry: Entry, hits: list[Hit]) -> Iterator[str]:
    columns = min(shutil.get_terminal_size().columns, _WIDEST)
    yield ""
    yield click.style(one_line(_title(entry)), bold=True)
    yield from _texts(entry, columns)
    yield from _remarks(entry, columns)
    for finding in entry.complaints(project, entry.unit):
        severity = told(severity_name(finding.severity))
        text = f"{severity} [{finding.check}] {told(finding.message)}"
        yield from _block(text, columns, _COLOURS[finding.severity])
    for number, hit in enumerate(hits, 1):
        yield from _block(_found(entry.unit, number, hit), columns, "cyan")
    yield ""


def _title(entry: Entry) -> str:
    pair = entry.pair
    line = pair.segment.line if pair.segment else 0
    catalog = f"{shown(entry.catalog.path)}:{pair.unit.line}"
    return f"{pair.path}:{line} → {pair.target}  ({catalog})  {_state(pair.unit)}"


def _state(unit: Unit) -> str:
    if unit.state is State.STALE:
        return _("the source has changed")
    if unit.origin is None:
        return _("needs work")
    said = f"{unit.origin.kind}: {unit.origin.name}"
    return _("{origin} (draft)").format(origin=said) if unit.origin.draft else said


def _texts(entry: Entry, columns: int) -> Iterator[str]:
    source, target = _safe(entry.unit.msgid), _safe(entry.unit.msgstr)
    if columns < 60:
        yield from [*wrap(source, columns), "↓", *wrap(target, columns)]
    else:
        yield from side_by_side(source, target, columns)


def _safe(text: str) -> str:
    return "\n".join(map(one_line, text.split("\n")))


def _remarks(entry: Entry, columns: int) -> Iterator[str]:
    """Yield what the entry's comments say, what has changed, and what is suggested."""
    unit = entry.unit
    for comment in (*unit.notes, *unit.comments):
        yield from _block(comment, columns, "bright_black")
    if unit.previous is not None:
        change = differences(unit.previous, unit.msgid) or unit.previous
        said = _("source differs: {change}").format(change=change)
        yield from _block(said, columns, "magenta")


def _found(unit: Unit, number: int, hit: Hit) -> str:
    changes = hit.changes(unit.msgid) if hit.text != unit.msgid else ""
    lines = [f"{number}: {hit.score} %  {hit.file}:{hit.line}", *([changes] if changes else [])]
    return "\n".join([*lines, hit.translation])


def _block(text: str, columns: int, colour: str) -> Iterator[str]:
    for line in wrap(_safe(text), columns - 2):
        yield click.style(f"  {line}", fg=colour)
