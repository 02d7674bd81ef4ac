"""What can be set about checks: whether a name is one, and a value what an option can take."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from pipeline.checks import NAMES, RULES, Option
from pipeline.errors import did_you_mean
from pipeline.wording import Message, listed


class SettingError(ValueError):
    """A setting that no check has; ``what`` follows "checks", ``word`` is what is wrong."""

    def __init__(self, check: str, what: Message, hint: Message, word: str) -> None:
        super().__init__(what)
        self.check = check
        self.what = what
        self.hint = hint
        self.word = word


def require_known(names: Iterable[str], options: Mapping[str, Mapping[str, object]]) -> None:
    """Raise ``SettingError`` for a check or family that there is not, and for a wrong option."""
    for name in [*names, *options]:
        if name not in NAMES:
            hint = did_you_mean(name, NAMES) or Message("See diglot check --list.")
            raise SettingError(
                name, Message('names an unknown check "{name}"', name=name), hint, name
            )
    known = {rule.id: {option.name: option for option in rule.options} for rule in RULES}
    for check, given in options.items():
        for name, value in given.items():
            _require_option(check, name, value, known.get(check, {}))


def _require_option(check: str, name: str, value: object, known: Mapping[str, Option]) -> None:
    if name not in known:
        hint = did_you_mean(name, [*known, "severity"])
        hint = hint or (
            Message("It has {names}.", names=listed(known))
            if known
            else Message("It has only a severity.")
        )
        raise SettingError(
            check, Message('{check} has no option "{name}"', check=check, name=name), hint, name
        )
    option = known[name]
    if not takes(option, value):
        example = option.choices or (option.default or Message("a list of strings"),)
        hint = Message("It takes {values}.", values=listed(map(_shown, example)))
        raise SettingError(
            check,
            Message('{check} {name} cannot be "{value}"', check=check, name=name, value=value),
            hint,
            name,
        )


def _shown(value: object) -> str:
    return value if isinstance(value, str) else str(value)


def takes(option: Option, value: object) -> bool:
    """Tell whether an option can have ``value``."""
    if option.choices:
        return value in option.choices
    if isinstance(option.default, tuple):
        return isinstance(value, list | tuple) and all(isinstance(item, str) for item in value)
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return number and 0 < float(str(value)) < 1000
