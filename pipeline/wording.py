"""Diglot's own texts in other languages: for its users, and for the readers of built pages.

The texts stand in English in the code. Their translations are gettext catalogs of this package,
apart from those of posts; ``python -m tests.wording`` keeps them up to date. English needs none,
and nothing is read for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gettext import NullTranslations

DOMAIN = "diglot"
FOLDER = Path(__file__).parent / "translations"
LANGUAGES: Mapping[str, str] = {"zh": "zh_CN"}
"""The catalog that serves a language; any other language gets English."""

_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
_chosen: NullTranslations | None = None


def speak(locale: str) -> None:
    """Say everything from now on in the language of ``locale``, or in English."""
    global _chosen  # noqa: PLW0603  one program speaks one language
    _chosen = _translations(_language(locale))


def speaks_english() -> bool:
    """Tell whether nothing is translated."""
    return _chosen is None


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
