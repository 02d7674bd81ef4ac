"""Pairs of short texts as records, such as the lines of a JSON Lines file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from pipeline.checks.settings import SettingError, require_known
from pipeline.comparison.posts import Terms, Text, compare
from pipeline.glossary import Glossary
from pipeline.model import PROFILES, Finding, Severity, Term
from pipeline.project import gettext_name, readers
from pipeline.wording import Message, listed


class PairError(ValueError):
    """A record that is no pair of texts; ``what`` says why."""

    def __init__(self, what: Message) -> None:
        super().__init__(what)
        self.what = what


_DIRECTIONS = {"en>zh": ("en", "zh_CN"), "zh>en": ("zh_CN", "en")}


def compare_record(record: object) -> list[Finding]:
    """Compare the texts of a record as ``diglot compare --jsonl`` reads it.

    Raises ``PairError`` where a key is missing or has a value that it cannot have.
    """
    if not isinstance(record, dict):
        raise PairError(Message("a pair is an object"))
    for key in ("source", "target"):
        if not isinstance(record.get(key), str):
            raise PairError(Message('"{key}" must be a string', key=key))
    if record.get("dir") not in _DIRECTIONS:
        raise PairError(Message('"dir" must be "en>zh" or "zh>en"'))
    source, target = _DIRECTIONS[record["dir"]]
    chinese = _chinese(record.get("locale"))
    source, target = (chinese if locale == "zh_CN" else locale for locale in (source, target))
    profile = record.get("profile", "jekyll")
    if profile not in PROFILES:
        raise PairError(Message('"profile" must be one of {profiles}', profiles=listed(PROFILES)))
    settings, options = _configured(record.get("options", {}))
    terms = Terms(
        PROFILES[profile],
        _glossary(record.get("terms", []), source, target),
        settings,
        options,
        excerpts=True,
    )
    return compare(
        Text("source", record["source"], source), Text("target", record["target"], target), terms
    )


def _chinese(locale: object) -> str:
    if locale is None:
        return "zh_CN"
    name = gettext_name(locale) if isinstance(locale, str) else None
    if name is None or not name.startswith("zh"):
        raise PairError(Message('"locale" must be a variant of Chinese, such as "zh_TW"'))
    return name


def _configured(given: object) -> tuple[dict[str, Severity | None], dict[str, dict[str, object]]]:
    """Read options as the settings have them; a bare word that is no severity is a style."""
    if not isinstance(given, dict):
        raise PairError(Message('"options" must be an object of checks'))
    table = {
        check: {"style": value} if isinstance(value, str) and value not in readers.LEVELS else value
        for check, value in given.items()
    }
    try:
        rules = readers.checks(table)
        options = {check: options for check, (_, options) in rules.items() if options}
        require_known(rules, options)
    except readers.InvalidValueError as error:
        raise PairError(Message('"options" {problem}', problem=error.problem)) from error
    except SettingError as error:
        raise PairError(Message('"options" {what}', what=error.what)) from error
    return {check: readers.LEVELS[level] for check, (level, _) in rules.items() if level}, options


def _glossary(rows: object, source: str, target: str) -> Glossary:
    """Read glossary rows: texts under their locales, ``variants_<locale>``, ``keep``."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise PairError(Message('"terms" must be a list of objects'))
    return Glossary(tuple(term for row in rows for term in _terms_of(row, source, target)))


def _terms_of(row: Mapping[str, object], source: str, target: str) -> Iterator[Term]:
    texts = [
        [text for text in (row.get(locale), *_listed(row.get(f"variants_{locale}"))) if text]
        for locale in (source, target)
    ]
    for before in texts[0]:
        for after in texts[1]:
            yield Term(
                str(before),
                str(after),
                keep=row.get("keep") is True,
                case_sensitive=row.get("case_sensitive") is True,
                forbidden=tuple(map(str, _listed(row.get("forbidden")))),
            )


def _listed(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else ()
