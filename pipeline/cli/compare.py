"""The command that compares two files, without a project."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipeline.cli.console import FINDINGS, Console
from pipeline.cli.reporting import Reporting, print_findings, reporting_options
from pipeline.errors import PipelineError
from pipeline.model import PROFILES, Severity
from pipeline.wording import Message, _

if TYPE_CHECKING:
    from pipeline.comparison import Terms, Text


@click.command()
@click.argument("source", type=click.Path(path_type=Path), required=False)
@click.argument("target", type=click.Path(path_type=Path), required=False)
@click.option("--jsonl", type=click.File("r", encoding="utf-8"), help="Compare many short pairs.")
@click.option("--profile", type=click.Choice(list(PROFILES)), default="jekyll", show_default=True)
@click.option("--from", "source_locale", metavar="LOCALE", help="The source's language.")
@click.option("--to", "target_locale", metavar="LOCALE", help="The target's language.")
@click.option("--glossary", type=click.Path(path_type=Path), help="Terms, as in glossary.csv.")
@reporting_options
def compare(
    source: Path | None,
    target: Path | None,
    jsonl: Iterator[str] | None,
    profile: str,
    source_locale: str | None,
    target_locale: str | None,
    glossary: Path | None,
    reporting: Reporting,
) -> None:
    """Compare any Markdown file with its translation, without a project.

    With --jsonl FILE each line is an object with "source", "target" and "dir" ("en>zh" or "zh>en"),
    and if you like "profile", "locale", "terms" and "options"; for each, a line of findings is
    printed.
    """
    from pipeline.baseline import identified
    from pipeline.comparison import compare as compared

    if jsonl is not None:
        if source or target:
            raise click.UsageError(_("Give either two files or --jsonl."))
        for number, line in enumerate(jsonl, 1):
            if line.strip():
                click.echo(json.dumps(_answer(line, jsonl_name(jsonl), number), ensure_ascii=False))
        return
    if source is None or target is None:
        raise click.UsageError(_("Give a SOURCE and a TARGET, or --jsonl FILE."))
    texts = _texts(source, target, source_locale, target_locale)
    findings = identified(compared(*texts, _terms(profile, glossary, *texts)), Path())
    if not print_findings(Console(), findings, reporting, reporting.fail_on or Severity.ERROR):
        raise SystemExit(FINDINGS)


def jsonl_name(lines: Iterator[str]) -> str:
    """Return what a complaint calls the file of pairs."""
    return str(getattr(lines, "name", "-"))


def _texts(
    source: Path, target: Path, source_locale: str | None, target_locale: str | None
) -> tuple[Text, Text]:
    from pipeline.comparison import Text
    from pipeline.files import read_text
    from pipeline.project.locales import guess_locale

    before, after = read_text(source), read_text(target)
    first = _locale(source_locale) or guess_locale(before, ("en", "zh_CN"))
    second = _locale(target_locale) or guess_locale(after, ("en", "zh_CN"))
    if first == second and not target_locale:
        second = "en" if first.startswith("zh") else "zh_CN"
    return Text(source.as_posix(), before, first), Text(target.as_posix(), after, second)


def _locale(tag: str | None) -> str | None:
    from pipeline.project import gettext_name
    from pipeline.project.locales import is_known, nearest_locale

    if tag is None:
        return None
    name = gettext_name(tag)
    if name is None or not is_known(name):
        raise PipelineError(
            Message('"{tag}" is no locale that Babel knows', tag=tag), hint=nearest_locale(tag)
        )
    return name


def _terms(profile: str, glossary: Path | None, source: Text, target: Text) -> Terms:
    from pipeline.comparison import Terms
    from pipeline.glossary import load_glossary

    if glossary is not None and not glossary.exists():
        raise PipelineError(Message("There is no such glossary"), path=glossary)
    terms = load_glossary([glossary], source.locale, target.locale) if glossary else None
    return Terms(PROFILES[profile], terms)


def _answer(line: str, name: str, number: int) -> dict[str, object]:
    """Compare the pair in one line; return what is printed for it."""
    from pipeline.comparison import PairError, compare_record

    try:
        record = json.loads(line)
    except ValueError as error:
        raise PipelineError(Message("this is not JSON"), path=name, line=number) from error
    try:
        findings = compare_record(record)
    except PairError as error:
        raise PipelineError(error.what, path=name, line=number) from error
    rows: list[Mapping[str, str]] = [
        {"check": f.check, "severity": f.severity.name.lower(), "message": f.message}
        for f in findings
    ]
    return {"findings": rows}
