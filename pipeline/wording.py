"""Diglot's own texts in other languages: for its users, and for the readers of built pages.

The texts stand in English in the code. Their translations are gettext catalogs of this package,
apart from those of posts; ``python -m tests.wording`` keeps them up to date. English needs none,
and nothing is read for it.

Only what is printed is translated, and only there: commands and reports say ``_("…")`` of texts of
their own, and ``told(…)`` of what comes from below. There texts are ``Message`` values: strings in
English for files, fingerprints, engines and programs, whatever language a user reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import cache, reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from gettext import NullTranslations

DOMAIN = "diglot"
FOLDER = Path(__file__).parent / "translations"
LANGUAGES: Mapping[str, str] = {"zh": "zh_CN"}
"""The catalog that serves a language; any other language gets English."""

_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_AS_THEY_ARE = (str, int, float)
"""What stands in messages as it is; a union of them would take three times as long to ask for."""

_chosen: NullTranslations | None = None


def speak(locale: str) -> None:
    """Say everything from now on in the language of ``locale``, or in English."""
    global _chosen  # noqa: PLW0603  one program speaks one language
    _chosen = _translations(_language(locale))


def speaks_english() -> bool:
    """Tell whether nothing is translated."""
    return _chosen is None


def spoken_locale() -> str:
    """Return the locale of what is said."""
    return "en" if _chosen is None else _chosen.info()["language"]


def wished(environment: Mapping[str, str]) -> str:
    """Return the locale that the environment asks for, as gettext's programs read it.

    ``LANGUAGE`` may list several, of which the first counts that Diglot has; it counts only where
    the locale itself is not C.
    """
    listed, *others = (environment.get(name, "") for name in _VARIABLES)
    locale = next(filter(None, others), "")
    if _language(locale) == "c":
        return "en"
    names = [*listed.split(":"), locale]
    return next((name for name in names if _language(name) in ("en", *LANGUAGES)), "en")


def _(text: str) -> str:
    """Return ``text`` in the chosen language."""
    return _chosen.gettext(text) if _chosen else text


def ngettext(one: str, many: str, count: int) -> str:
    """Return the one of two texts that fits ``count``, in the chosen language."""
    if _chosen:
        return _chosen.ngettext(one, many, count)
    return one if count == 1 else many


class Message(str):
    """A text in English that can be said in other languages.

    It is made of a pattern, which the catalogs hold, and of the values that stand in it: texts,
    messages among them, numbers, and for anything else its text. A pattern without values stands as
    it is, braces included.
    """

    __slots__ = ("pattern", "plural", "values")
    pattern: str
    plural: str
    """The pattern for another ``count`` than one; empty where nothing is counted."""
    values: Mapping[str, str | int | float]

    def __new__(cls, pattern: str, /, **values: object) -> Self:
        """Make the message of a pattern, such as ``"no {thing} here"``, and its values."""
        return cls.made(pattern, "", values)

    @classmethod
    def made(cls, pattern: str, plural: str, given: Mapping[str, object]) -> Self:
        """Make the message of the pattern that fits the value ``count``, if there are two."""
        values = {
            name: value if isinstance(value, _AS_THEY_ARE) else str(value)
            for name, value in given.items()
        }
        form = plural if plural and values["count"] != 1 else pattern
        text = form.format_map(values) if values else form
        return cls.whole(text, pattern, plural, values)

    @classmethod
    def whole(
        cls, text: str, pattern: str, plural: str, values: Mapping[str, str | int | float]
    ) -> Self:
        """Make the message of its parts, which fit each other."""
        message = super().__new__(cls, text)
        message.pattern, message.plural, message.values = pattern, plural, values
        return message

    def __reduce__(self) -> tuple[Any, ...]:
        return _restored, (str(self), self.pattern, self.plural, self.values)

    def told(self) -> str:
        """Return the message in the chosen language."""
        if _chosen is None or not self:
            return str(self)
        if self.plural:
            form = ngettext(self.pattern, self.plural, int(self.values["count"]))
        else:
            form = _(self.pattern)
        return form.format_map(_mapped(self.values, told)) if self.values else form


NOTHING = Message.made("", "", {})


def as_message(text: str) -> Message:
    """Return a text that may be a message as one."""
    return text if isinstance(text, Message) else Message.made("{text}", "", {"text": text})


def counted(one: str, many: str, /, count: int, **values: object) -> Message:
    """Return the message of one of two patterns that fits ``count``, which may stand in it."""
    return Message.made(one, many, {"count": count, **values})


def listed(texts: Iterable[str]) -> str:
    """Return texts as an enumeration."""
    found = list(texts) or [""]
    return reduce(lambda some, text: Message("{some}, {text}", some=some, text=text), found)


def all_of(texts: Iterable[str]) -> str:
    """Return texts, one at least, as an enumeration of what belongs together."""
    *some, last = texts
    return Message("{some} and {last}", some=listed(some), last=last) if some else last


def told(text: str) -> str:
    """Return a text, in the chosen language if it is a message."""
    return text.told() if isinstance(text, Message) else text


def changed(text: Message, change: Callable[[str], str]) -> Message:
    """Return a message with every text that stands in it changed."""

    def inside(value: str) -> str:
        return changed(value, change) if isinstance(value, Message) else change(value)

    return Message.made(text.pattern, text.plural, _mapped(text.values, inside))


def packed_text(text: str) -> object:
    """Return a text, a message or not, as a value that JSON holds."""
    if not isinstance(text, Message):
        return text
    return [text.pattern, text.plural, _mapped(text.values, packed_text)]


def unpacked_text(value: Any) -> Any:
    """Return the text that ``packed_text`` made a value of."""
    if not isinstance(value, list):
        return value
    pattern, plural, values = value
    return Message.made(
        pattern, plural, {name: unpacked_text(inner) for name, inner in values.items()}
    )


def _restored(text: str, pattern: str, plural: str, values: Mapping[str, Any]) -> Message:
    return Message.whole(text, pattern, plural, values)


def _mapped(values: Mapping[str, Any], change: Callable[[str], object]) -> dict[str, Any]:
    return {
        name: change(value) if isinstance(value, str) else value for name, value in values.items()
    }


def texts_in(locale: str) -> Callable[[str], str]:
    """Return what translates texts to the language of ``locale``, whatever a user reads."""
    found = _translations(_language(locale))
    return found.gettext if found else str


def fitting_locale(locale: str) -> str:
    """Return the locale in which texts for ``locale`` are."""
    return LANGUAGES.get(_language(locale), "en")


def _language(locale: str) -> str:
    """Return the bare language of a locale in any spelling: ``zh`` of ``zh_CN.UTF-8``."""
    name = locale.strip().lower().replace("-", "_")
    return _first(_first(_first(name, "."), "@"), "_").replace("posix", "c")


def _first(text: str, mark: str) -> str:
    return text.partition(mark)[0]


@cache
def _translations(language: str) -> NullTranslations | None:
    if language not in LANGUAGES:
        return None
    from gettext import GNUTranslations

    path = FOLDER / LANGUAGES[language] / "LC_MESSAGES" / f"{DOMAIN}.mo"
    with path.open("rb") as file:
        return GNUTranslations(file)
