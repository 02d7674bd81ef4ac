"""What all commands share: options, errors in one line, progress, and what is printed where.

Results go to standard output; progress and complaints to standard error. Exit codes: 0 done, 1
findings, 2 usage, configuration or unusable input, 3 the engine gave up, 130 interrupted.
"""

from __future__ import annotations

import io
import os
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache, wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from pipeline.cli.language import choose, help_page, language_of_one_run, translated
from pipeline.errors import EngineError, PipelineError
from pipeline.model import Finding
from pipeline.wording import Message, _, listed, speaks_english, wished

if TYPE_CHECKING:
    from pipeline.project import Project

FINDINGS, USAGE, ENGINE, CRASH, INTERRUPTED = 1, 2, 3, 70, 130


class DiglotGroup(click.Group):
    """A group whose commands end in a message and an exit code, never in a traceback."""

    def main(self, *args: Any, **kwargs: Any) -> Any:
        """Run as a program, in the language that the environment or an option asks for."""
        with language_of_one_run():
            return super().main(*args, **kwargs)

    def make_context(self, *args: Any, **kwargs: Any) -> click.Context:
        """Choose the language before anything is said; an option may choose another one."""
        choose(wished(os.environ))
        return super().make_context(*args, **kwargs)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return a command with its help in the chosen language."""
        command = super().get_command(ctx, cmd_name)
        return command and translated(command)

    def get_help(self, ctx: click.Context) -> str:
        """Return the program's own help in the chosen language."""
        return super().get_help(ctx) if speaks_english() else help_page(self, ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which a project needs them."""
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command; turn every failure into one line."""
        _tolerate_any_text()
        if os.environ.get("NO_COLOR"):
            ctx.color = False
        try:
            return super().invoke(ctx)
        except (click.ClickException, click.exceptions.Exit, click.Abort):
            raise
        except PipelineError as error:
            fail(error.told(), ENGINE if isinstance(error, EngineError) else USAGE)
        except KeyboardInterrupt:
            fail(_("Interrupted. Finished work is saved."), INTERRUPTED)
        except BrokenPipeError:
            # Whoever read our output has gone; there is nobody left to tell.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            sys.exit(INTERRUPTED)
        except Exception as error:  # the last line of defence
            if os.environ.get("DIGLOT_DEBUG"):
                from pipeline.engines.keys import redacted

                click.echo(redacted(traceback.format_exc()), err=True)
            said = _(
                "Internal error: {error}. This is a bug in Diglot; set DIGLOT_DEBUG=1 to see where."
            )
            fail(said.format(error=f"{type(error).__name__}: {error}"), CRASH)


def _tolerate_any_text() -> None:
    """Let a terminal that lacks a character show its code instead of stopping the command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def fail(message: str, code: int) -> NoReturn:
    """Print ``message`` as one line to standard error and exit with ``code``."""
    from pipeline.engines.keys import redacted
    from pipeline.reports.safe import one_line

    click.echo(f"diglot: {one_line(redacted(message))}", err=True)
    sys.exit(code)


@dataclass(frozen=True, slots=True)
class Console:
    """How much a command says."""

    quiet: bool = False
    verbose: bool = False

    def say(self, text: str) -> None:
        """Print a result."""
        if not self.quiet:
            click.echo(text)

    def detail(self, text: str) -> None:
        """Print what only ``--verbose`` asks for."""
        if self.verbose and not self.quiet:
            click.echo(text)

    @contextmanager
    def progress(self, label: str, length: int) -> Iterator[Callable[[int], None]]:
        """Show a progress bar on a terminal; elsewhere nothing."""
        if self.quiet or not length or not sys.stderr.isatty():
            yield lambda done: None
            return
        with click.progressbar(length=length, label=label, file=sys.stderr, show_pos=True) as bar:
            yield bar.update


Command = Callable[..., Any]


def common_options(command: Command) -> Command:
    """Add ``--project``, ``--quiet`` and ``--verbose``; pass ``root`` and ``console``."""

    @click.option(
        "-C",
        "--project",
        "root",
        type=click.Path(path_type=Path),
        default=Path(),
        metavar="DIR",
        help="The project's folder; by default the current one.",
    )
    @click.option("-q", "--quiet", is_flag=True, help="Print nothing but errors.")
    @click.option("-v", "--verbose", is_flag=True, help="Also name what did not change.")
    @wraps(command)
    def wrapped(*args: Any, quiet: bool, verbose: bool, **kwargs: Any) -> Any:
        return command(*args, console=Console(quiet, verbose), **kwargs)

    return wrapped


posts_argument = click.argument("posts", nargs=-1, metavar="[POST]...")

dry_run_option = click.option(
    "-n", "--dry-run", is_flag=True, help="Say what would be written, write nothing."
)

locale_option = click.option(
    "-l",
    "--locale",
    "locales",
    multiple=True,
    metavar="LOCALE",
    help="Only this language; repeatable.",
)


def post_names(root: Path, posts: Sequence[str]) -> tuple[str, ...]:
    """Return the names, relative to the project, of posts and folders given as paths.

    A path is taken from the current folder or, if nothing is there, from the project's.
    """
    return tuple(_name(root, Path(post)) for post in posts)


def _name(root: Path, path: Path) -> str:
    for candidate in (path, root / path):
        if not candidate.exists():
            continue
        # A link keeps its own name, unless it is the way to the project itself.
        for form in (_absolute, Path.resolve):
            if form(candidate).is_relative_to(form(root)):
                return form(candidate).relative_to(form(root)).as_posix()
    return path.as_posix()


def _absolute(path: Path) -> Path:
    return Path(os.path.normpath(path.absolute()))


def known_locales(project: Project, locales: Sequence[str]) -> frozenset[str]:
    """Return the project's names of the languages that ``--locale`` was given."""
    from pipeline.project import match_locale

    known = set()
    for locale in locales:
        found = match_locale(locale, project.locales)
        if not found:
            what = Message('"{locale}" is none of the project\'s languages', locale=locale)
            hint = Message("They are {locales}.", locales=listed(project.locales))
            raise PipelineError(what, hint=hint)
        known.add(found)
    return frozenset(known)


def shown(path: Path) -> str:
    """Return a path as it is printed: relative to the current folder where it lies below it."""
    absolute, here = path.absolute(), Path.cwd()
    return (absolute.relative_to(here) if absolute.is_relative_to(here) else path).as_posix()


def file_line(verb: str, path: Path, what: str = "") -> str:
    """Return the line that says what became of a file, and what is in it."""
    return f"{verb}  {shown(path)}" + (f"  ({what})" if what else "")


def located(root: Path, findings: Sequence[Finding]) -> list[Finding]:
    """Return the findings with the paths of posts and catalogs as they are printed."""
    # There are many findings to a file, and asking for its path costs more than all the rest.
    post = cache(lambda name: name and shown(root / name))
    catalog = cache(lambda name: name and shown(Path(name)))
    return [
        replace(finding, path=post(finding.path), catalog=catalog(finding.catalog))
        for finding in findings
    ]
