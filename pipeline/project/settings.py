"""Configuration: every key in one table, and how ``diglot.toml`` becomes a ``Project``.

``SETTINGS`` is the one place of a key: validation, the commented ``diglot.toml`` of
``diglot init`` and the README's table all come from it.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import takewhile
from pathlib import Path
from typing import Any, cast

from pipeline.errors import PipelineError, did_you_mean
from pipeline.files import read_text
from pipeline.model import PROFILES, Profile, Severity
from pipeline.patterns import lazy
from pipeline.project import engine_settings, readers
from pipeline.project.layouts import LAYOUTS
from pipeline.wording import NOTHING, Message, as_message, listed


@dataclass(frozen=True, slots=True)
class Setting:
    """One key: its dotted name, its default as TOML holds it, how it is read, what it does."""

    name: str
    default: str | bool | float | list[str] | dict[str, str]
    read: Callable[[object], object]
    doc: str


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "locales",
        ["en", "zh_CN"],
        readers.locales,
        "The project's languages; a post may be written in any of them.",
    ),
    Setting("posts", "posts", readers.inner_path, "The folder that holds the posts."),
    Setting(
        "patterns",
        ["**/*.md", "**/*.markdown"],
        readers.some_words,
        "Which files in that folder are posts.",
    ),
    Setting(
        "exclude",
        [],
        readers.words,
        'Which of them are left out, such as ["drafts/**", "README.md"].',
    ),
    Setting("catalogs", "locales", readers.inner_path, "The folder that holds the PO files."),
    Setting(
        "layout",
        "plain",
        readers.choice(LAYOUTS),
        f"How the site keeps the versions of a post: {', '.join(LAYOUTS)}. It decides the "
        "defaults of output, link_key, permalink and profile.",
    ),
    Setting(
        "output",
        "site/{lang}/{path}",
        readers.output,
        "Where built posts go. Fields: {lang} zh-CN, {tag} zh-cn, {locale} zh_CN, "
        "{path} 2026/x.md, {stem} 2026/x, {name} x.md, {suffix} .md.",
    ),
    Setting(
        "permalink",
        "",
        readers.permalink,
        "The address of a built post, such as /{lang}/:year/:title/, if it is to stand in its "
        "front matter; a translation of a post with one of its own gets that below /{lang}.",
    ),
    Setting(
        "pages",
        "site",
        readers.inner_path,
        "The folder for what `build --format` writes: parallel/zh-CN/x.html, bilingual-md/….",
    ),
    Setting(
        "profile",
        "jekyll",
        readers.choice(PROFILES),
        f"The Markdown dialect: {', '.join(PROFILES)}.",
    ),
    Setting(
        "inline_math",
        "auto",
        readers.choice(("auto", True, False)),
        'Whether $…$ is math; "auto" asks for TeX between the dollars.',
    ),
    Setting(
        "hard_wrap",
        False,
        readers.boolean,
        "Whether every line break in a paragraph shows as one.",
    ),
    Setting(
        "translate_code_comments",
        False,
        readers.boolean,
        "Whether comments in fenced code are translated, for the languages that Diglot knows.",
    ),
    Setting(
        "wiki_links",
        "auto",
        readers.choice(("auto", True, False)),
        'Whether `[[wiki links]]` are links; "auto": in all dialects but kramdown and commonmark, '
        "and in jekyll a bare one stays as it is.",
    ),
    Setting(
        "image_text",
        True,
        readers.boolean,
        "Whether the alternative texts and titles of images are translated.",
    ),
    Setting(
        "admonitions",
        "auto",
        readers.choice(("auto", True, False)),
        'Whether `!!! note`, `??? tip`, `=== "Tab"` and `::: tip` are blocks with a body of their '
        'own; "auto": in all dialects but kramdown and commonmark.',
    ),
    Setting(
        "front_matter",
        ["title", "description", "excerpt", "summary", "subtitle"],
        readers.words,
        "The front-matter keys whose values or lists of values are translated; "
        '"image.alt" is a key inside another.',
    ),
    Setting(
        "glossary_keys",
        ["tags", "categories", "keywords"],
        readers.words,
        "The front-matter keys whose values are translated where the glossary has just that term.",
    ),
    Setting(
        "link_key",
        "translation_key",
        readers.front_matter_key,
        "The added front-matter key that ties the versions of a post together.",
    ),
    Setting(
        "keep_heading_ids",
        True,
        readers.boolean,
        "Whether a translated heading keeps the id that it has in the source, so that links to it "
        "work in every language.",
    ),
    Setting(
        "hosts",
        [],
        readers.hosts,
        "Sites that exist in each language, such as "
        '[{en = "en.wikipedia.org", zh_CN = "zh.wikipedia.org"}]; links in translations are led '
        "to the reader's.",
    ),
    Setting(
        "engine",
        "local",
        readers.word,
        "The engine that translates what no memory knows; `diglot engines` lists them.",
    ),
    Setting(
        "style",
        "",
        readers.text,
        "Notes on style for engines that read them, such as tone and how to address the reader.",
    ),
    Setting(
        "publish",
        "machine",
        readers.choice(("machine", "reviewed", "all")),
        'What is published: "machine" and reviewed text, only "reviewed" text, or "all".',
    ),
    Setting(
        "threshold",
        0.0,
        readers.number(0, 1),
        "A post with a smaller share of publishable segments is built as a draft.",
    ),
    Setting(
        "stale",
        "source",
        readers.choice(("source", "keep")),
        'What is shown where the source has changed: its text ("source"), or the old translation '
        'as long as it fits ("keep").',
    ),
    Setting(
        "notice",
        False,
        readers.boolean,
        "Whether a translation that holds machine text says so at its top.",
    ),
    Setting(
        "templates",
        False,
        readers.boolean,
        "Whether extract writes a POT template for every post, as Weblate wants.",
    ),
    Setting(
        "line_numbers",
        False,
        readers.boolean,
        "Whether references in PO files name lines; a moved line then shows as a change.",
    ),
    Setting(
        "glossary",
        "locales/glossary.csv",
        readers.inner_path,
        "The glossary. For a folder of posts there may be another one beside it: "
        "locales/glossary/2026.csv holds for the posts below 2026.",
    ),
    Setting(
        "fail_on",
        "error",
        readers.severity,
        'From which severity on the check fails: "info", "warning" or "error".',
    ),
    Setting(
        "derive",
        {},
        readers.derivations,
        'Which locale is converted from which, by OpenCC: zh_TW = "zh_CN".',
    ),
    Setting(
        "checks",
        {},
        readers.checks,
        'The severity of checks and families, such as links = "warning"; "off" silences one. A '
        'table also holds options: zh-latin-spacing = {severity = "warning", style = "require"}.',
    ),
    Setting(
        "memory.threshold",
        0.75,
        readers.number(0.5, 1),
        "How similar a text must be for its translation to be taken, marked fuzzy; 1: the same.",
    ),
    Setting(
        "memory.similar",
        "first",
        readers.choice(("first", "last")),
        'Whether translations of similar texts come "first", or "last": where the engine has none.',
    ),
    *(Setting(*row) for row in engine_settings.rows()),
)

Option = readers.EngineOption


@dataclass(frozen=True, slots=True)
class Source:
    """The file that settings come from, kept so that a complaint can name the line of a key."""

    path: Path | None = None
    text: str = ""
    table: tuple[str, ...] = ()

    def error(
        self, name: str, what: Message, hint: Message = NOTHING, word: str = ""
    ) -> PipelineError:
        """Return the error about the setting ``name``, or about ``word`` in its value."""
        if self.path is None:
            return PipelineError(what, hint=hint)
        line = _line_of(self.text, (*self.table, *name.split(".")), word)
        return PipelineError(what, path=self.path, line=line, hint=hint)

    @property
    def place(self) -> Message:
        """Where a user is to write a setting."""
        return (
            Message("[tool.diglot] of pyproject.toml") if self.table else as_message("diglot.toml")
        )


@dataclass(frozen=True, slots=True)
class Project:
    """A project's settings, every one of them set; see ``SETTINGS`` for what they mean.

    Paths are relative to ``root``, with slashes. ``checks`` maps the id of a check or family to its
    severity, None for off, ``check_options`` to its options; ``engines`` the name of an engine to
    its options.
    """

    root: Path
    source: Source = field(compare=False, repr=False)
    locales: tuple[str, ...]
    derive: Mapping[str, str]
    posts: str
    patterns: tuple[str, ...]
    exclude: tuple[str, ...]
    catalogs: str
    output: str
    permalink: str
    pages: str
    profile: Profile
    front_matter: tuple[str, ...]
    glossary_keys: tuple[str, ...]
    link_key: str
    wants_head: bool
    reads_names: bool
    keep_heading_ids: bool
    hosts: tuple[Mapping[str, str], ...]
    engine: str
    style: str
    publish: str
    threshold: float
    stale: str
    notice: bool
    templates: bool
    line_numbers: bool
    glossary: str
    fail_on: Severity
    checks: Mapping[str, Severity | None]
    memory_threshold: float
    memory_similar: str
    check_options: Mapping[str, Mapping[str, object]]
    engines: Mapping[str, Mapping[str, Option]]


def load_project(root: Path) -> Project:
    """Read the settings of the project in ``root``.

    They stand in ``diglot.toml`` or, only where there is no such file, in ``[tool.diglot]`` of
    ``pyproject.toml``; without either every setting has its default. Raises ``PipelineError`` with
    file and line for a file that is not TOML, an unknown key and a value that a key cannot take.
    """
    source, table = _find(root)
    given = dict(_read(source, table))
    _require_locales(source, given)
    values: dict[str, Any] = {s.name: s.read(s.default) for s in SETTINGS} | given
    layout = asdict(LAYOUTS[values.pop("layout")])
    values |= {name: value for name, value in layout.items() if name not in given}
    values["profile"] = replace(PROFILES[values["profile"]], **_dialect(values, given))
    rules = values.pop("checks")
    values["checks"] = {name: readers.LEVELS[level] for name, (level, _) in rules.items() if level}
    values["check_options"] = {name: options for name, (_, options) in rules.items() if options}
    engines: dict[str, dict[str, Option]] = {}
    for name in [name for name in values if "." in name]:
        group, *rest = name.split(".", 2)
        if group == "engines":
            engine, option = rest
            engines.setdefault(engine, {})[option] = values.pop(name)
        else:
            values[name.replace(".", "_")] = values.pop(name)
    return Project(root=root, source=source, engines=engines, **values)


def _require_locales(source: Source, given: Mapping[str, Any]) -> None:
    """Make sure that what is derived, and what from, are locales of the project."""
    locales = given.get("locales", _BY_NAME["locales"].default)
    for pair in given.get("derive", {}).items():
        for locale in pair:
            if locale not in locales:
                what = Message(
                    '"derive" names {locale}, which is not among the "locales"', locale=locale
                )
                raise source.error(
                    "derive", what, Message("Add {locale} to the locales.", locale=locale), locale
                )


def _dialect(values: dict[str, Any], given: Collection[str]) -> dict[str, Any]:
    """Take from ``values`` what changes the profile, and return it as fields of ``Profile``."""
    fields = {name: values.pop(name) for name in ("hard_wrap", "image_text")}
    fields["code_comments"] = values.pop("translate_code_comments")
    for name in ("inline_math", "wiki_links"):
        value = values.pop(name)
        if name in given:  # a dialect may have a default of its own
            fields[name] = {True: "on", False: "off"}.get(value, value)
    admonitions = values.pop("admonitions")
    if admonitions != "auto":
        fields["admonitions"] = admonitions
    return fields


def _find(root: Path) -> tuple[Source, dict[str, object]]:
    if not root.is_dir():
        raise PipelineError(Message("There is no such folder"), path=root)
    own, shared = root / "diglot.toml", root / "pyproject.toml"
    if own.exists():
        source = Source(own, read_text(own).removeprefix("\ufeff"))
        return source, _parse(source)
    if shared.exists():
        source = Source(shared, read_text(shared), ("tool", "diglot"))
        tools = _parse(source).get("tool")
        table = tools.get("diglot") if isinstance(tools, dict) else None
        if isinstance(table, dict):
            return source, table
    return Source(), {}


def _parse(source: Source) -> dict[str, object]:
    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        what, _, place = str(error).partition(" (at ")
        line = re.match(r"line (\d+)", place)
        raise PipelineError(
            Message("this is not TOML: {what}", what=what[:1].lower() + what[1:]),
            path=source.path,
            line=int(line[1]) if line else source.text.count("\n") + 1,
            hint=Message('A setting is written as in posts = "posts".'),
        ) from error


def _read(
    source: Source, table: Mapping[str, object], prefix: str = ""
) -> Iterator[tuple[str, object]]:
    """Yield the dotted name and the value of every setting in ``table``."""
    for key, value in table.items():
        name = prefix + key
        if setting := _BY_NAME.get(name):
            try:
                yield name, setting.read(value)
            except readers.InvalidValueError as error:
                hint = error.hint or _example(setting)
                what = Message('"{name}" {problem}', name=name, problem=error.problem)
                raise source.error(name, what, hint, error.word) from error
        elif prefix == "engines." and engine_settings.is_third_party(key):
            yield from _read_engine(source, name, value)
        elif name not in _TABLES:
            raise source.error(
                name, Message('unknown key "{name}"', name=name), _known_key(key, prefix)
            )
        elif not isinstance(value, dict):
            raise source.error(
                name,
                Message('"{name}" must be a table', name=name),
                Message("Write [{name}] above its keys.", name=name),
            )
        else:
            yield from _read(source, cast(dict[str, object], value), name + ".")


def _read_engine(source: Source, table: str, options: object) -> Iterator[tuple[str, Option]]:
    """Yield the options of a third party's engine, which alone knows which there are."""
    if not isinstance(options, dict):
        raise source.error(
            table,
            Message('"{name}" must be a table', name=table),
            Message("Write [{name}] above its keys.", name=table),
        )
    for key, value in options.items():
        name = f"{table}.{key}"
        try:
            yield name, readers.engine_option(value)
        except readers.InvalidValueError as error:
            what = Message('"{name}" {problem}', name=name, problem=error.problem)
            raise source.error(name, what) from error


def _example(setting: Setting) -> Message:
    if setting.default == {}:
        return Message("Write [{name}] above its keys.", name=setting.name)
    key = setting.name.rpartition(".")[2]
    return Message("For example: {key} = {value}.", key=key, value=readers.toml(setting.default))


def _known_key(key: str, prefix: str) -> Message:
    """Return the hint for a ``key`` that is not known below ``prefix``."""
    if prefix and key in _BY_NAME:
        return Message('Move "{key}" above the first [table].', key=key)
    names = [*_BY_NAME, *_TABLES]
    known = [name.removeprefix(prefix).split(".")[0] for name in names if name.startswith(prefix)]
    return did_you_mean(key, known) or Message(
        "The keys are {keys}.", keys=listed(dict.fromkeys(known))
    )


_BY_NAME = {setting.name: setting for setting in SETTINGS}
_TABLES = tuple(
    dict.fromkeys(
        ".".join(parts[:depth])
        for parts in (name.split(".") for name in _BY_NAME)
        for depth in range(1, len(parts))
    )
)

_NAME = r"""(?:[A-Za-z0-9_-]+|"[^"\n]*"|'[^'\n]*')"""
_NAMES = rf"{_NAME}(?:[ \t]*\.[ \t]*{_NAME})*"
_HEADER = lazy(rf"[ \t]*\[\[?[ \t]*({_NAMES})[ \t]*\]\]?[ \t]*(?:#.*)?")
_ASSIGNMENT = lazy(rf"[ \t]*({_NAMES})[ \t]*=")


def _line_of(text: str, keys: tuple[str, ...], word: str) -> int:
    """Return the line (from 1) that sets ``keys``, or the one of its value that holds ``word``."""
    lines = text.split("\n")
    table: tuple[str, ...] = ()
    found, depth = 1, 0
    for number, line in enumerate(lines, 1):
        if header := _HEADER.fullmatch(line.rstrip("\r")):
            here = table = _split(header[1])
        elif assignment := _ASSIGNMENT.match(line):
            here = table + _split(assignment[1])
        else:
            continue
        pairs = takewhile(lambda pair: pair[0] == pair[1], zip(here, keys, strict=False))
        shared = len(list(pairs))
        if shared > depth:
            found, depth = number, shared
    if word:
        return next((n for n, line in enumerate(lines, 1) if n >= found and word in line), found)
    return found


def _split(names: str) -> tuple[str, ...]:
    return tuple(re.sub(r"""["']""", "", name).strip() for name in re.findall(_NAME, names))
