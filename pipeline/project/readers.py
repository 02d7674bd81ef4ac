"""How the value of a setting is read: each reader returns the value to use or says what is wrong.

A complaint is the end of a sentence that begins with the setting's name.
"""

from __future__ import annotations

import json
import re
import string
from collections.abc import Callable, Iterable, Mapping
from pathlib import PurePosixPath, PureWindowsPath

from pipeline.errors import did_you_mean
from pipeline.model import Severity
from pipeline.project.locales import gettext_name, is_known, is_tag, nearest_locale
from pipeline.wording import NOTHING, Message, listed

LEVELS: Mapping[str, Severity | None] = {
    "off": None,
    "info": Severity.INFO,
    "warning": Severity.WARNING,
    "error": Severity.ERROR,
}
OUTPUT_FIELDS = ("lang", "tag", "locale", "path", "stem", "name", "suffix")
PERMALINK_FIELDS = ("year", "month", "day", "title")


EngineOption = str | float | tuple[str, ...]
"""What an engine can be told."""


class InvalidValueError(Exception):
    """A value that a setting cannot take; ``word`` is the part of it that is wrong."""

    def __init__(self, problem: Message, hint: Message = NOTHING, word: str = "") -> None:
        super().__init__(problem)
        self.problem = problem
        self.hint = hint
        self.word = word


def toml(value: object) -> str:
    """Return ``value`` as TOML writes it: a string, number, boolean or list."""
    return json.dumps(value, ensure_ascii=False, default=str)


def text(value: object) -> str:
    """Read any string."""
    if not isinstance(value, str):
        raise InvalidValueError(Message("must be a string, not {value}", value=toml(value)))
    return value


def engine_option(value: object) -> EngineOption:
    """Read what any engine may be told: a string, a number, a boolean, or a list of strings."""
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return tuple(value)
    raise InvalidValueError(
        Message("must be a string, a number, true, false, or a list of strings")
    )


def word(value: object) -> str:
    """Read a string that says something."""
    if not text(value).strip():
        raise InvalidValueError(Message("must not be empty"))
    return text(value).strip()


def front_matter_key(value: object) -> str:
    """Read a key that YAML takes without quotes."""
    if not re.fullmatch(r"[A-Za-z_][A-Za-z0-9_-]*", word(value)):
        raise InvalidValueError(
            Message("must be a front-matter key, not {value}", value=toml(value))
        )
    return word(value)


def hosts(value: object) -> tuple[Mapping[str, str], ...]:
    """Read a list of tables, each with the host of one site in several locales."""
    if not isinstance(value, list) or not all(isinstance(group, dict) for group in value):
        raise InvalidValueError(Message("must be a list of tables, not {value}", value=toml(value)))
    return tuple(_hosts(group) for group in value)


def _hosts(group: Mapping[str, object]) -> Mapping[str, str]:
    found = {}
    for tag, host in group.items():
        locale = gettext_name(tag)
        if locale is None:
            raise InvalidValueError(Message("has an unknown locale {tag}", tag=toml(tag)), word=tag)
        if not re.fullmatch(r"[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", word(host)):
            raise InvalidValueError(
                Message("must be a host such as en.wikipedia.org, not {host}", host=toml(host))
            )
        found[locale] = word(host).lower()
    return found


def boolean(value: object) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise InvalidValueError(Message("must be true or false, not {value}", value=toml(value)))
    return value


def number(low: float, high: float) -> Callable[[object], float]:
    """Return a reader of numbers from ``low`` to ``high``."""

    def read(value: object) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidValueError(Message("must be a number, not {value}", value=toml(value)))
        if not low <= value <= high:  # also true for nan
            raise InvalidValueError(
                Message(
                    "must be from {low:g} to {high:g}, not {value}", low=low, high=high, value=value
                )
            )
        return float(value)

    return read


def whole(low: int, high: int) -> Callable[[object], float]:
    """Return a reader of whole numbers from ``low`` to ``high``."""
    within = number(low, high)

    def read(value: object) -> float:
        if not within(value).is_integer():
            raise InvalidValueError(
                Message("must be a whole number, not {value}", value=toml(value))
            )
        return within(value)

    return read


def web_address(value: object) -> str:
    """Read the address of a server, or nothing."""
    if text(value) and not re.fullmatch(r"https?://[^\s/@?#][^\s@]*", text(value)):
        raise InvalidValueError(
            Message(
                "must be an address that starts with https:// or http://, not {value}",
                value=toml(value),
            ),
            Message("Keys do not belong into it: they are read from environment variables."),
        )
    return text(value)


def words(value: object) -> tuple[str, ...]:
    """Read a list of strings, each of which says something."""
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise InvalidValueError(
            Message("must be a list of strings, not {value}", value=toml(value))
        )
    if not all(item.strip() for item in value):
        raise InvalidValueError(Message("must not hold an empty string"))
    return tuple(value)


def some_words(value: object) -> tuple[str, ...]:
    """Read a list of at least one string."""
    if not words(value):
        raise InvalidValueError(Message("must not be an empty list"))
    return words(value)


def choice(values: Iterable[str | bool]) -> Callable[[object], str | bool]:
    """Return a reader of one of ``values``."""
    choices = list(values)

    def read(value: object) -> str | bool:
        for known in choices:
            if type(value) is type(known) and value == known:
                return known
        *others, last = map(toml, choices)
        valid = Message("{some} or {last}", some=listed(others), last=last)
        strings = [known for known in choices if isinstance(known, str)]
        hint = did_you_mean(value, strings) if isinstance(value, str) else NOTHING
        raise InvalidValueError(
            Message("must be {valid}, not {value}", valid=valid, value=toml(value)), hint
        )

    return read


def severity(value: object) -> Severity:
    """Read the name of a severity."""
    return Severity[str(choice(tuple(LEVELS)[1:])(value)).upper()]


def checks(value: object) -> dict[str, tuple[str, dict[str, object]]]:
    """Read a table of checks: each a severity, "off", or a table of a severity and options.

    Returns the name of the severity, empty where none is given, and the options as they stand;
    which of them a check knows is for ``pipeline.checks`` to say.
    """
    if not isinstance(value, dict):
        raise InvalidValueError(Message("must be a table, not {value}", value=toml(value)))
    read = choice(LEVELS)
    found: dict[str, tuple[str, dict[str, object]]] = {}
    for check, given in value.items():
        table = given if isinstance(given, dict) else {"severity": given}
        options = {name: option for name, option in table.items() if name != "severity"}
        try:
            level = str(read(table["severity"])) if "severity" in table else ""
        except InvalidValueError as error:
            raise InvalidValueError(
                Message("{check} {problem}", check=check, problem=error.problem), error.hint, check
            ) from error
        found[check] = level, options
    return found


def locales(value: object) -> tuple[str, ...]:
    """Read at least two locales in any spelling as their gettext names."""
    found: list[str] = []
    for tag in words(value):
        name = gettext_name(tag)
        if name is None or not is_tag(tag) or not is_known(name):
            problem = Message("names {tag}, a locale that Babel does not know", tag=toml(tag))
            raise InvalidValueError(problem, nearest_locale(tag), tag)
        if name in found:
            raise InvalidValueError(
                Message("names {name} twice", name=name), Message("Leave one of them out."), tag
            )
        found.append(name)
    if len(found) < 2:
        raise InvalidValueError(Message("must name at least two locales"))
    return tuple(found)


def derivations(value: object) -> dict[str, str]:
    """Read a table of which Chinese locale is derived from which."""
    if not isinstance(value, dict):
        raise InvalidValueError(Message("must be a table, not {value}", value=toml(value)))
    found = {}
    for target, base in value.items():
        pair = gettext_name(target), gettext_name(text(base))
        if None in pair or any(not str(name).startswith("zh_") for name in pair):
            problem = Message(
                "knows Chinese locales only, not {target} from {base}", target=target, base=base
            )
            raise InvalidValueError(problem, Message('For example: zh_TW = "zh_CN".'), target)
        if pair[0] == pair[1]:
            raise InvalidValueError(
                Message("derives {locale} from itself", locale=pair[0]), word=target
            )
        found[str(pair[0])] = str(pair[1])
    twice = sorted(set(found) & set(found.values()))
    if twice:
        raise InvalidValueError(
            Message("derives from {locale}, which is derived itself", locale=twice[0]),
            word=twice[0],
        )
    return found


def inner_path(value: object) -> str:
    """Read a path that stays inside the project."""
    path = word(value)
    if "\\" in path:
        raise InvalidValueError(Message('must be written with "/", not {path}', path=toml(path)))
    outside = path.startswith(("/", "~")) or PureWindowsPath(path).drive
    if outside or ".." in PurePosixPath(path).parts:
        raise InvalidValueError(
            Message("must be a path inside the project, not {path}", path=toml(path))
        )
    return str(PurePosixPath(path))


def permalink(value: object) -> str:
    """Read the pattern of a post's address, or nothing."""
    pattern = text(value)
    if not pattern:
        return pattern
    for name in re.findall(r":([a-z_]*)", pattern):
        if name not in PERMALINK_FIELDS:
            known = _fields(f":{field}" for field in PERMALINK_FIELDS)
            raise InvalidValueError(Message("has an unknown field :{name}", name=name), known)
    rest = pattern.replace("{lang}", "", 1)
    if not pattern.startswith("/") or ":title" not in pattern or re.search(r"[\s{}]", rest):
        raise InvalidValueError(
            Message(
                "must be an address such as /{{lang}}/:year/:title/, not {pattern}",
                pattern=toml(pattern),
            )
        )
    return pattern


def _fields(names: Iterable[str]) -> Message:
    return Message("The fields are {fields}.", fields=listed(names))


def output(value: object) -> str:
    """Read the pattern of built files."""
    pattern = inner_path(value)
    try:
        parts = list(string.Formatter().parse(pattern))
    except ValueError as error:
        raise InvalidValueError(
            Message("holds a single brace: {pattern}", pattern=toml(pattern))
        ) from error
    fields = [name for _, name, _, _ in parts if name is not None]
    for name in fields:
        if name not in OUTPUT_FIELDS:
            known = _fields(f"{{{field}}}" for field in OUTPUT_FIELDS)
            hint = did_you_mean(name, OUTPUT_FIELDS) or known
            raise InvalidValueError(Message("has an unknown field {{{name}}}", name=name), hint)
    if any(spec or conversion for _, _, spec, conversion in parts):
        raise InvalidValueError(
            Message("takes fields without a format, not {pattern}", pattern=toml(pattern))
        )
    if not {"lang", "tag", "locale"}.intersection(fields):
        raise InvalidValueError(Message("must contain {lang}"))
    if not {"path", "stem", "name"}.intersection(fields):
        raise InvalidValueError(Message("must contain {path}, {stem} or {name}"))
    return pattern
