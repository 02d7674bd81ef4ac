"""The commands that have to do with engines: translate, and engines, which lists them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.columns import table
from pipeline.cli.console import (
    Console,
    common_options,
    dry_run_option,
    known_locales,
    locale_option,
    post_names,
    posts_argument,
)
from pipeline.errors import PipelineError
from pipeline.wording import Message, _, told

if TYPE_CHECKING:
    from pipeline.batch import Inputs
    from pipeline.engines import Engine
    from pipeline.plans import Plan, Tally
    from pipeline.project import Project

engine_option = click.option(
    "-e",
    "--engine",
    "engine_name",
    metavar="NAME",
    help='One of "diglot engines", or "none" for memory only; by default the configured one.',
)


@click.command()
@posts_argument
@engine_option
@locale_option
@click.option("--estimate", is_flag=True, help="Say what would be asked; ask and write nothing.")
@click.option("--limit", type=click.IntRange(0), metavar="N", help="At most N texts by the engine.")
@click.option(
    "--max-cost",
    type=click.IntRange(0),
    metavar="N",
    help="Send the engine texts of at most N characters in all.",
)
@click.option("--only-new", is_flag=True, help="Leave what was refused before or has changed.")
@click.option("--fresh", is_flag=True, help="Ask again what an engine answered in earlier runs.")
@dry_run_option
@common_options
def translate(
    root: Path,
    console: Console,
    posts: Sequence[str],
    engine_name: str | None,
    locales: Sequence[str],
    estimate: bool,
    limit: int | None,
    max_cost: int | None,
    only_new: bool,
    fresh: bool,
    dry_run: bool,
) -> None:
    """Fill what is untranslated from memory, then with an engine.

    Machine text is always marked fuzzy; what a person wrote is never touched. Answers are kept as
    they arrive, so that a run that was interrupted goes on where it ended and pays nothing twice.
    """
    from pipeline.batch import Inputs
    from pipeline.plans import Limits
    from pipeline.stages.opening import open_project
    from pipeline.stages.translate import plan_translation

    project = open_project(root)
    only = known_locales(project, locales)
    limits = Limits(limit, max_cost, only_new=only_new, fresh=fresh)
    with made_engine(project, engine_name) as engine:
        inputs = Inputs(project, post_names(root, posts))
        plan = plan_translation(inputs, only, limits, dry_run=dry_run or estimate)
        if estimate:
            _estimate(console, plan, engine)
        else:
            fill(console, plan, engine, dry_run)
            inputs.forget(name for name, _ in plan.catalogs)
            derive(inputs, console, only, dry_run)


@click.command()
@common_options
def engines(root: Path, console: Console) -> None:
    """List the engines: what each needs, whether it is ready, and where the text goes."""
    from pipeline.engines.survey import survey
    from pipeline.stages.opening import open_project

    project = open_project(root)
    rows = [[_("engine"), _("ready"), _("text"), _("needs"), _("what it is")]]
    places = {True: _("leaves this machine"), False: _("stays here"), None: _("unknown")}
    for listed in survey(project.engines):
        where = places[listed.remote]
        cost = _(", may cost") if listed.paid else ""
        ready = _("no: {why}").format(why=told(listed.problem)) if listed.problem else _("yes")
        mark = _(" (configured)") if listed.name == project.engine else ""
        rows.append(
            [listed.name + mark, ready, where + cost, told(listed.needs), told(listed.summary)]
        )
    console.say("\n".join(table(rows)))


@contextmanager
def made_engine(project: Project, name: str | None) -> Iterator[Engine | None]:
    """Make the engine that is asked for, and release it whatever happens."""
    chosen = name or project.engine
    if chosen == "none":
        yield None
        return
    engine = _created(project, chosen, is_configured=name is None)
    try:
        yield engine
    finally:
        engine.close()


def _created(project: Project, name: str, *, is_configured: bool) -> Engine:
    from pipeline.engines import create, names

    try:
        return create(name, project.engines.get(name, {}))
    except PipelineError as error:
        if is_configured and name not in names():
            raise project.source.error("engine", error.what, error.hint, name) from error
        raise


def fill(console: Console, plan: Plan, engine: Engine | None, dry_run: bool) -> None:
    """Translate what is planned and print what came of it."""
    from pipeline.stages.translate import translate

    with console.progress(_("translate"), plan.size + plan.changed) as advance:
        # Asking costs time, and with some engines money: a dry run only counts.
        asked = None if dry_run else engine
        tally = translate(plan, asked, dry_run=dry_run, advance=advance)
    _summarize(console, plan, tally, asked, engine)


def derive(
    inputs: Inputs, console: Console, only: Collection[str] = (), dry_run: bool = False
) -> None:
    """Derive what is derived from other locales and print how much that was."""
    if not inputs.project.derive:
        return
    from pipeline.stages.derive import derive

    found = derive(inputs, only, dry_run=dry_run)
    for locale in dict.fromkeys(derived.locale for derived in found):
        count = sum(derived.units for derived in found if derived.locale == locale)
        said = _("derive: {count} texts in {locale} from {source}")
        console.say(said.format(count=count, locale=locale, source=inputs.project.derive[locale]))


def _summarize(
    console: Console, plan: Plan, tally: Tally, asked: Engine | None, engine: Engine | None
) -> None:
    left = plan.size - tally.memory - tally.machine
    memory = _("{count} from memory").format(count=tally.memory)
    if tally.similar:
        memory += _(", {count} of them for similar texts").format(count=tally.similar)
    parts = [_("{count} to do").format(count=plan.size), memory]
    if asked is not None:
        machine = _("{count} by the {engine} engine")
        parts.append(machine.format(count=tally.machine, engine=asked.name))
        if asked.draft and tally.machine:
            parts[-1] += _(", drafts: read them before you publish")
    if tally.suggested:
        parts.append(_("{count} suggested for changed texts").format(count=tally.suggested))
    if engine and not asked:
        parts.append(_("{count} for the {engine} engine").format(count=left, engine=engine.name))
    else:
        parts.append(_("{count} left").format(count=left))
    console.say(_("translate: {what}").format(what=_("; ").join(parts)))
    for reason, count in Counter(tally.reasons).most_common(None if console.verbose else 3):
        console.say(f"  {count} x {told(reason)}")


def _estimate(console: Console, plan: Plan, engine: Engine | None) -> None:
    from pipeline.stages.translate import estimate

    if engine is None:
        raise PipelineError(
            Message("There is nothing to estimate without an engine"), hint=Message("Name one.")
        )
    rows = [
        [
            *(_("engine"), _("to"), _("texts"), _("from memory")),
            *(_("requests"), _("characters"), _("tokens, about")),
        ]
    ]
    for found in estimate(plan, engine):
        numbers = (found.units, found.memory, found.requests, found.characters, found.tokens)
        rows.append([found.engine, found.locale, *map(str, numbers)])
    console.say("\n".join(table(rows, left=2)))
