"""The language that the command line speaks: how it is chosen, and pages of help in it."""

from __future__ import annotations

import gettext
import inspect
import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from copy import copy
from typing import TypeVar

import click

from pipeline.cli.columns import wrap
from pipeline.widths import width
from pipeline.wording import DOMAIN, FOLDER, _, fitting_locale, speak, speaks_english, spoken_locale

_LANGUAGE = "LANGUAGE"
_NO_DOMAIN = "messages"
"""What gettext starts with; there are no texts of this name."""
_COLUMN = 30


@contextmanager
def language_of_one_run() -> Iterator[None]:
    """Give everything back as it was before ``choose`` changed it."""
    before, domain, locale = os.environ.get(_LANGUAGE), gettext.textdomain(), spoken_locale()
    try:
        yield
    finally:
        speak(locale)
        gettext.textdomain(domain)
        os.environ.pop(_LANGUAGE, None)
        os.environ.update({} if before is None else {_LANGUAGE: before})


def choose(locale: str) -> None:
    """Say everything in the language of ``locale``, click's own texts included."""
    speak(locale)
    if speaks_english():
        gettext.textdomain(_NO_DOMAIN)
        return
    # Click asks gettext, and gettext looks here.
    os.environ[_LANGUAGE] = fitting_locale(locale)
    gettext.bindtextdomain(DOMAIN, str(FOLDER))
    gettext.textdomain(DOMAIN)


def _chosen_by_option(context: click.Context, parameter: click.Parameter, tag: str | None) -> None:
    from pipeline.project import gettext_name

    if tag is None:
        return
    name = gettext_name(tag)
    if name is None:
        raise click.BadParameter(_('"{tag}" is no locale, such as zh_CN or en.').format(tag=tag))
    choose(name)


language_option = click.option(
    "--ui-lang",
    metavar="LOCALE",
    callback=_chosen_by_option,
    expose_value=False,
    is_eager=True,
    help="Speak this language, zh_CN or en; by default that of the system. Write it first.",
)


def help_page(group: click.Group, context: click.Context) -> str:
    """Return the help of the whole program in the chosen language."""
    own = translated(group)
    with own.context_class(own, info_name=context.info_name) as page:
        return click.Group.get_help(own, page)


C = TypeVar("C", bound=click.Command)


def translated(command: C) -> C:
    """Return a command with its help in the chosen language; in English, the command itself."""
    if speaks_english():
        return command
    command = copy(command)
    command.context_class = _Context
    command.params = [_translated_parameter(parameter) for parameter in command.params]
    if command.help:
        command.help = _(inspect.cleandoc(command.help))
        sentence, stop, _rest = command.help.partition("\n\n")[0].partition("。")
        command.short_help = sentence.partition("；")[0] if stop else sentence
    if isinstance(command, click.Group):
        command.commands = {name: translated(inner) for name, inner in command.commands.items()}
    return command


def _translated_parameter(parameter: click.Parameter) -> click.Parameter:
    if isinstance(parameter, click.Option) and (said := parameter.help):
        parameter = copy(parameter)
        parameter.help = _(said)
    return parameter


class _Formatter(click.HelpFormatter):
    """Writes help in which characters may be two columns wide."""

    def write_usage(self, prog: str, args: str = "", prefix: str | None = None) -> None:
        super().write_usage(prog, args, _("Usage:"))

    def write_heading(self, heading: str) -> None:
        self.write(f"{'':>{self.current_indent}}{heading}：\n")

    def write_text(self, text: str) -> None:
        margin = " " * self.current_indent
        for number, paragraph in enumerate(text.split("\n\n")):
            self.write("\n" if number else "")
            for line in wrap(paragraph.removeprefix("\b\n"), self.width - self.current_indent):
                self.write(f"{margin}{line}\n")

    def write_dl(
        self, rows: Iterable[tuple[str, str]], col_max: int = _COLUMN, col_spacing: int = 2
    ) -> None:
        rows = list(rows)
        margin = " " * self.current_indent
        first = min(max(width(term) for term, _text in rows), col_max) + col_spacing
        for term, text in rows:
            if width(term) > first - col_spacing:
                self.write(f"{margin}{term}\n")
            lines = wrap(_(text), self.width - first - self.current_indent)
            for number, line in enumerate(lines):
                cell = "" if number or width(term) > first - col_spacing else term
                self.write(f"{margin}{cell}{' ' * (first - width(cell))}{line}".rstrip() + "\n")


class _Context(click.Context):
    formatter_class = _Formatter
