"""Settings, posts, locales and paths of a project, and what ``diglot init`` writes."""

from __future__ import annotations

import csv
import re
import tomllib
from dataclasses import replace
from importlib import metadata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import PipelineError
from pipeline.glossary import Glossary, load_glossary
from pipeline.model import PROFILES, Severity
from pipeline.project import (
    SETTINGS,
    Post,
    bcp47,
    catalog_path,
    find_posts,
    gettext_name,
    glossary_path,
    load_project,
    match_locale,
    output_path,
    source_locale,
    template_path,
)
from pipeline.scaffold import settings_file, settings_table, write_missing


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty project, which is the current folder too."""
    monkeypatch.chdir(tmp_path)
    return Path()


def write(name: str, text: str = "Text.\n") -> None:
    """Write a file below the current folder."""
    Path(name).parent.mkdir(parents=True, exist_ok=True)
    Path(name).write_text(text, encoding="utf-8")


def names(root: Path) -> list[str]:
    """The names of the project's posts."""
    return [post.name for post in find_posts(load_project(root))]


# --- settings ---------------------------------------------------------------------------------


def test_no_configuration_is_a_whole_project(root: Path) -> None:
    write("posts/x.md")
    project = load_project(root)
    assert project.locales == ("en", "zh_CN")
    assert project.profile == PROFILES["jekyll"]
    assert project.fail_on is Severity.ERROR
    google = {"timeout": 20.0, "interval": 0.2, "threads": 4.0, "base_url": ""}
    assert project.engines["google"] == google
    (post,) = find_posts(project)
    assert post == Post("posts/x.md", Path("posts/x.md"), "x.md")
    assert catalog_path(project, post, "zh_CN") == Path("locales/zh_CN/LC_MESSAGES/x.po")
    assert template_path(project, post) == Path("locales/templates/x.pot")
    assert output_path(project, post, "zh_CN") == Path("site/zh-CN/x.md")
    assert glossary_path(project) == Path("locales/glossary.csv")


def test_every_setting_is_read(root: Path) -> None:
    write(
        "diglot.toml",
        '\ufefflocales = ["zh-Hans", "EN-gb", "zh-Hant-HK"]\nposts = "_posts/"\n'
        'profile = "kramdown"\ninline_math = false\nhard_wrap = true\nthreshold = 1\n'
        'publish = "all"\nfail_on = "warning"\nengines.google.timeout = 3\n'
        '[checks]\nlinks = "off"\nstale = "info"\n[engines.local]\nmodel = "/models/other.gguf"\n',
    )
    project = load_project(root)
    assert project.locales == ("zh_CN", "en_GB", "zh_HK")
    assert project.posts == "_posts"
    assert project.profile == replace(PROFILES["kramdown"], inline_math="off", hard_wrap=True)
    assert (project.threshold, project.publish) == (1.0, "all")
    assert project.fail_on is Severity.WARNING
    assert project.checks == {"links": None, "stale": Severity.INFO}
    assert project.engines["google"]["timeout"] == 3.0
    assert project.engines["local"]["model"] == "/models/other.gguf"
    assert project.engines["local"]["min_logprob"] == -0.8


def test_a_third_partys_engine_has_options_of_its_own(
    root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    points = metadata.EntryPoints([metadata.EntryPoint("theirs", "t:t", "diglot.engines")])
    monkeypatch.setattr(metadata, "entry_points", lambda group: points.select(group=group))
    write("diglot.toml", '[engines.theirs]\n"max.size" = 3\nname = "x"\nmore = ["a", "b"]\n')
    options = {"max.size": 3, "name": "x", "more": ("a", "b")}
    assert load_project(root).engines["theirs"] == options
    write("diglot.toml", "[engines.theirs]\na = 1\nb = { c = 1 }\n")
    with pytest.raises(PipelineError, match=r'3: "engines.theirs.b" must be a string, a number'):
        load_project(root)


@pytest.mark.parametrize(
    ("profile", "setting", "expected"),
    [
        ("commonmark", "", "off"),
        ("commonmark", 'inline_math = "auto"', "auto"),
        ("commonmark", "inline_math = true", "on"),
        ("jekyll", "", "auto"),
        ("jekyll", "inline_math = false", "off"),
    ],
)
def test_math_is_up_to_the_profile_unless_configured(
    root: Path, profile: str, setting: str, expected: str
) -> None:
    write("diglot.toml", f'profile = "{profile}"\n{setting}\n')
    assert load_project(root).profile.inline_math == expected


@pytest.mark.parametrize(
    ("profile", "line", "expected"),
    [
        ("jekyll", "", {}),
        ("jekyll", "admonitions = false", {"admonitions": False}),
        ("commonmark", 'admonitions = "auto"', {"admonitions": False}),
        ("commonmark", "admonitions = true", {"admonitions": True}),
        ("jekyll", "wiki_links = true", {"wiki_links": "on"}),
        ("hugo", "wiki_links = false", {"wiki_links": "off"}),
        ("hexo", "image_text = false", {"image_text": False}),
        ("hexo", "translate_code_comments = true", {"code_comments": True}),
    ],
)
def test_a_setting_changes_the_dialect(
    root: Path, profile: str, line: str, expected: dict[str, object]
) -> None:
    write("diglot.toml", f'profile = "{profile}"\n{line}\n')
    assert load_project(root).profile == replace(PROFILES[profile], **expected)  # type: ignore[arg-type]


def test_diglot_toml_wins_over_pyproject(root: Path) -> None:
    write("pyproject.toml", '[project]\nname = "x"\n[tool.diglot]\nposts = "from-pyproject"\n')
    assert load_project(root).posts == "from-pyproject"
    write("diglot.toml", 'engine = "copy"\n')
    assert (load_project(root).posts, load_project(root).engine) == ("posts", "copy")


def test_a_pyproject_of_something_else_says_nothing(root: Path) -> None:
    defaults = load_project(root)
    for text in ('[tool.other]\nposts = "x"\n', "tool = 3\n", ""):
        write("pyproject.toml", text)
        assert load_project(root) == defaults


PATHS = "must be a path inside the project"
BAD_SETTINGS = [
    ('\n\nlocale = ["en"]', '3: unknown key "locale". Did you mean "locales"?'),
    ('Publish = "all"', '1: unknown key "Publish". Did you mean "publish"?'),
    ("# posts\n[check]\nlinks = 'off'", '2: unknown key "check". Did you mean "checks"?'),
    ("[engines.gogle]", '1: unknown key "engines.gogle". Did you mean "google"?'),
    (
        "[engines.google]\n\ntimout = 3",
        '3: unknown key "engines.google.timout". Did you mean "timeout"?',
    ),
    (
        'engines.google = { interval = 1, key = "x" }',
        '1: unknown key "engines.google.key". The keys are timeout, interval, threads, base_url.',
    ),
    (
        '[engines.local]\nposts = "x"',
        '2: unknown key "engines.local.posts". Move "posts" above the first [table].',
    ),
    ("engines = 3", '1: "engines" must be a table. Write [engines] above its keys.'),
    ("posts = 3", '1: "posts" must be a string, not 3. For example: posts = "posts".'),
    ('posts = " "', '1: "posts" must not be empty. For example: posts = "posts".'),
    ('posts = "../x"', f'1: "posts" {PATHS}, not "../x". For example: posts = "posts".'),
    ('posts = "/x"', f'1: "posts" {PATHS}, not "/x". For example: posts = "posts".'),
    ('posts = "C:/x"', f'1: "posts" {PATHS}, not "C:/x". For example: posts = "posts".'),
    (
        "catalogs = 'a\\b'",
        '1: "catalogs" must be written with "/", not "a\\\\b". For example: catalogs = "locales".',
    ),
    (
        'locales = "en"',
        '1: "locales" must be a list of strings, not "en". For example: locales = ["en", "zh_CN"].',
    ),
    (
        'locales = [\n  "en",\n  "zh_CH",\n]',
        '3: "locales" names "zh_CH", a locale that Babel does not know. Did you mean "zh_CN"?',
    ),
    (
        'locales = ["English", "zh_CN"]',
        '1: "locales" names "English", a locale that Babel does not know. Did you mean "en"?',
    ),
    (
        'locales = ["en", "zh", "zh-Hans"]',
        '1: "locales" names zh_CN twice. Leave one of them out.',
    ),
    (
        'locales = ["en"]',
        '1: "locales" must name at least two locales. For example: locales = ["en", "zh_CN"].',
    ),
    (
        "patterns = []",
        '1: "patterns" must not be an empty list. '
        'For example: patterns = ["**/*.md", "**/*.markdown"].',
    ),
    (
        'exclude = ["a", ""]',
        '1: "exclude" must not hold an empty string. For example: exclude = [].',
    ),
    (
        'profile = "jekyl"',
        '1: "profile" must be "jekyll", "kramdown", "gfm", "commonmark", "hugo" or "hexo", '
        'not "jekyl". Did you mean "jekyll"?',
    ),
    (
        "inline_math = 1",
        '1: "inline_math" must be "auto", true or false, not 1. For example: inline_math = "auto".',
    ),
    (
        'hard_wrap = "yes"',
        '1: "hard_wrap" must be true or false, not "yes". For example: hard_wrap = false.',
    ),
    (
        'publish = "review"',
        '1: "publish" must be "machine", "reviewed" or "all", not "review". '
        'Did you mean "reviewed"?',
    ),
    (
        "threshold = 1.5",
        '1: "threshold" must be from 0 to 1, not 1.5. For example: threshold = 0.0.',
    ),
    (
        "threshold = nan",
        '1: "threshold" must be from 0 to 1, not nan. For example: threshold = 0.0.',
    ),
    (
        "threshold = true",
        '1: "threshold" must be a number, not true. For example: threshold = 0.0.',
    ),
    (
        'link_key = "a: b"',
        '1: "link_key" must be a front-matter key, not "a: b". '
        'For example: link_key = "translation_key".',
    ),
    (
        '[checks]\nlinks = "off"\nstale = "of"',
        '3: "checks" stale must be "off", "info", "warning" or "error", not "of". '
        'Did you mean "off"?',
    ),
    ('checks = "off"', '1: "checks" must be a table, not "off". Write [checks] above its keys.'),
    (
        'output = "site/{path}"',
        '1: "output" must contain {lang}. For example: output = "site/{lang}/{path}".',
    ),
    (
        'output = "site/{lang}"',
        '1: "output" must contain {path}, {stem} or {name}. '
        'For example: output = "site/{lang}/{path}".',
    ),
    (
        'output = "site/{language}/{path}"',
        '1: "output" has an unknown field {language}. Did you mean "lang"?',
    ),
    (
        'output = "site/{lang}/{0}"',
        '1: "output" has an unknown field {0}. '
        "The fields are {lang}, {tag}, {locale}, {path}, {stem}, {name}, {suffix}.",
    ),
    (
        'output = "site/{lang}/{path"',
        '1: "output" holds a single brace: "site/{lang}/{path". '
        'For example: output = "site/{lang}/{path}".',
    ),
    (
        'output = "{lang!r}/{path}"',
        '1: "output" takes fields without a format, not "{lang!r}/{path}". '
        'For example: output = "site/{lang}/{path}".',
    ),
    (
        'output = "../{lang}/{path}"',
        f'1: "output" {PATHS}, not "../{{lang}}/{{path}}". '
        'For example: output = "site/{lang}/{path}".',
    ),
    (
        'engine = "copy"\nposts = _posts',
        '2: this is not TOML: invalid value. A setting is written as in posts = "posts".',
    ),
    (
        'engine = "copy"\nengine = "local"',
        "2: this is not TOML: cannot overwrite a value. "
        'A setting is written as in posts = "posts".',
    ),
]


@pytest.mark.parametrize(("text", "message"), BAD_SETTINGS)
def test_a_bad_setting_is_named_with_its_line(root: Path, text: str, message: str) -> None:
    write("diglot.toml", text + "\n")
    with pytest.raises(PipelineError) as caught:
        load_project(root)
    assert str(caught.value) == f"diglot.toml:{message}"


def test_a_bad_setting_in_pyproject_is_named_with_its_line(root: Path) -> None:
    write("pyproject.toml", '[project]\nlocale = "x"\n\n[tool.diglot]\nlocale = "x"\n')
    with pytest.raises(PipelineError) as caught:
        load_project(root)
    expected = 'pyproject.toml:5: unknown key "locale". Did you mean "locales"?'
    assert str(caught.value) == expected


def test_a_setting_that_turns_out_wrong_later_can_be_named(root: Path) -> None:
    write("diglot.toml", 'engine = "gogle"\n\n[checks]\nlnks = "off"\n')
    source = load_project(root).source
    assert str(source.error("engine", "no such engine")) == "diglot.toml:1: no such engine."
    assert str(source.error("checks.lnks", "no such check")) == "diglot.toml:4: no such check."


def test_a_missing_root_is_refused(root: Path) -> None:
    with pytest.raises(PipelineError, match="no such folder"):
        load_project(root / "nowhere")


# --- posts ------------------------------------------------------------------------------------


def test_posts_are_found_sorted_without_hidden_and_excluded_ones(root: Path) -> None:
    for name in ("b.md", "a/c.markdown", "a b/图.md", "x.txt", ".x.md", ".git/x.md", "d/e/f.md"):
        write("posts/" + name)
    for name in ("drafts/x.md", "drafts/deep/x.md", "README.md", "a/README.md"):
        write("posts/" + name)
    write("diglot.toml", 'exclude = ["drafts/**", "README.md"]\n')
    assert names(root) == [
        "posts/a b/图.md",
        "posts/a/README.md",
        "posts/a/c.markdown",
        "posts/b.md",
        "posts/d/e/f.md",
    ]


def test_patterns_choose_posts(root: Path) -> None:
    for name in ("a.md", "b/c.md", "b/d/e.md", "b/[f].md", "b/cc.md"):
        write("posts/" + name)
    write("diglot.toml", 'patterns = ["b/?.md", "b/[f].md"]\n')
    assert names(root) == ["posts/b/[f].md", "posts/b/c.md"]


def test_posts_may_lie_in_the_root(root: Path) -> None:
    write("x.md")
    write("site/en/x.md")
    write("diglot.toml", 'posts = "."\nexclude = ["site/**"]\n')
    assert names(root) == ["x.md"]


def test_links_within_the_project_are_followed_once(root: Path) -> None:
    write("texts/x.md")
    write("posts/y.md")
    Path("posts/more").symlink_to("../texts")
    Path("posts/again").symlink_to("../posts")
    Path("posts/y2.md").symlink_to("y.md")
    assert names(root) == ["posts/more/x.md", "posts/y.md", "posts/y2.md"]


@pytest.mark.parametrize("link", ["posts", "posts/sub", "posts/x.md"])
def test_a_link_out_of_the_project_is_refused(
    root: Path, link: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    outside = tmp_path_factory.mktemp("outside")
    (outside / "x.md").write_text("Secret.\n")
    Path(link).parent.mkdir(exist_ok=True)
    Path(link).symlink_to(outside / "x.md" if link.endswith(".md") else outside)
    with pytest.raises(PipelineError, match=f"^{link}: a symbolic link leads out of the project"):
        names(root)


@pytest.mark.parametrize("link", ["site", "locales"])
def test_nothing_is_written_through_a_link_out_of_the_project(
    root: Path, link: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    write("posts/x.md")
    Path(link).symlink_to(tmp_path_factory.mktemp("outside"))
    project = load_project(root)
    (post,) = find_posts(project)
    path = output_path if link == "site" else catalog_path
    with pytest.raises(PipelineError, match="a symbolic link leads out of the project"):
        path(project, post, "en")


@pytest.mark.parametrize(
    ("files", "settings", "message"),
    [
        (
            [],
            "",
            'There is no folder "posts". Create it, or set posts in diglot.toml.',
        ),
        (["_posts/x.md"], "", 'There is no folder "posts". Set posts = "_posts" in diglot.toml.'),
        (
            ["source/_posts/x.md"],
            "\nposts = 'blog'\n",
            'diglot.toml:2: There is no folder "blog". Set posts = "source/_posts" in diglot.toml.',
        ),
        (
            ["_posts/x.md"],
            "layout = 'jekyll-folders'",
            'diglot.toml:1: There is no folder "posts". Move the posts that you write there: '
            '"_posts" is where they are built.',
        ),
        (["posts"], "posts = 'posts'", 'diglot.toml:1: "posts" is not a folder.'),
        (
            ["posts/x.txt"],
            "",
            "posts: There is no post (**/*.md, **/*.markdown) here. "
            "Put a Markdown file there, or set posts or patterns in diglot.toml.",
        ),
        (
            ["posts/a/x.md", "posts/a/x.markdown"],
            "",
            '"posts/a/x.markdown" and "posts/a/x.md" have the same catalog. Rename one of them.',
        ),
        (
            ["posts/a/x.md", "posts/b/x.md"],
            'output = "{lang}/{name}"',
            '"posts/a/x.md" and "posts/b/x.md" have the same built file. '
            "Use {path} in output, in diglot.toml.",
        ),
        (
            ["posts/x.en.md", "posts/x.zh-cn.md"],
            'layout = "hugo-suffix"',
            '"posts/x.en.md" and "posts/x.zh-cn.md" have the same built file. '
            "Diglot writes every version of a post: name one in exclude, in diglot.toml.",
        ),
        (
            ["content/en/x.md"],
            'posts = "content"\noutput = "content/{lang}/{path}"',
            'diglot.toml:2: the built file "content/en/en/x.md" would be a post. '
            "Choose an output outside of the posts folder, or name that output in exclude.",
        ),
        (
            ["posts/x\ny.md"],
            "",
            "posts/x\\ny.md: the name of this file is not text. Rename it.",
        ),
    ],
)
def test_posts_that_cannot_be_used_are_refused(
    root: Path, files: list[str], settings: str, message: str
) -> None:
    for name in files:
        write(name)
    if settings:
        write("diglot.toml", settings)
    with pytest.raises(PipelineError) as caught:
        names(root)
    assert str(caught.value) == message


def test_what_is_no_file_is_refused(root: Path) -> None:
    write("posts/x.md")
    Path("posts/gone.md").symlink_to("nowhere.md")
    with pytest.raises(PipelineError, match=r"posts/gone\.md: this is not a regular file"):
        names(root)


def test_output_fields(root: Path) -> None:
    write("posts/2026/x.zh-cn.md")
    for pattern, expected in {
        "{locale}/{path}": "zh_CN/2026/x.zh-cn.md",
        "out/{stem}.{lang}.md": "out/2026/x.zh-cn.zh-CN.md",
        "{lang}-{name}": "zh-CN-x.zh-cn.md",
        "{{{lang}}}/{path}": "{zh-CN}/2026/x.zh-cn.md",
    }.items():
        write("diglot.toml", f'output = "{pattern}"\n')
        project = load_project(root)
        (post,) = find_posts(project)
        assert output_path(project, post, "zh_CN") == Path(expected)
        assert catalog_path(project, post, "en").name == "x.zh-cn.po"


# --- locales ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("en", "en"),
        ("EN-us", "en_US"),
        ("zh", "zh_CN"),
        ("zh-cn", "zh_CN"),
        ("zh_Hans", "zh_CN"),
        ("zh-Hans-CN", "zh_CN"),
        ("zh-Hans-SG", "zh_SG"),
        ("zh-hant", "zh_TW"),
        ("zh-Hant-HK", "zh_HK"),
        ("zh-Hant-CN", "zh_TW"),
        ("zh_TW", "zh_TW"),
        ("sr-latn", "sr_Latn"),
        ("es-419", "es_419"),
        ("cn", "zh_CN"),
        ("Chinese", "zh_CN"),
        ("", None),
        ("posts", None),
        ("en-us-x-y", None),
        ("2026-01-25-x", None),
    ],
)
def test_spellings_of_locales(tag: str, name: str | None) -> None:
    assert gettext_name(tag) == name


@given(st.sampled_from(["en", "en_GB", "zh_CN", "zh_TW", "zh_HK", "pt_BR", "sr_Latn"]))
def test_both_spellings_mean_the_same_locale(locale: str) -> None:
    assert gettext_name(bcp47(locale)) == locale


@pytest.mark.parametrize(
    ("tag", "locales", "expected"),
    [
        ("zh", ("en", "zh_CN"), "zh_CN"),
        ("zh", ("en", "zh_TW"), "zh_TW"),
        ("cn", ("en", "zh_TW"), "zh_TW"),
        ("zh-Hans", ("en", "zh_TW", "zh_CN"), "zh_CN"),
        ("zh-Hant", ("en", "zh_CN", "zh_HK"), "zh_HK"),
        ("zh-Hant", ("en", "zh_CN"), None),
        ("zh-SG", ("en", "zh_CN"), "zh_CN"),
        ("en-US", ("en_GB", "en", "zh_CN"), "en"),
        ("en-US", ("en_GB", "zh_CN"), "en_GB"),
        ("English", ("en", "zh_CN"), "en"),
        ("fr", ("en", "zh_CN"), None),
        ("en-tips", ("en", "zh_CN"), None),
        ("drafts", ("en", "zh_CN"), None),
    ],
)
def test_a_declared_language_means_a_locale(
    tag: str, locales: tuple[str, ...], expected: str | None
) -> None:
    assert match_locale(tag, locales) == expected


CHINESE = "这篇文章介绍扩散模型的基础，也推荐几门课程。\n"
ENGLISH = "This post says how diffusion models work and lists a few courses on them.\n"


@pytest.mark.parametrize(
    ("relative", "declared", "text", "expected"),
    [
        ("x.md", "zh-Hans", ENGLISH, "zh_CN"),
        ("en/x.md", "zh", ENGLISH, "zh_CN"),
        ("en/x.md", "fr", CHINESE, "en"),
        ("en/x.md", None, CHINESE, "en"),
        ("zh/en-us/x.md", None, CHINESE, "en"),
        ("en/x.zh-cn.md", None, ENGLISH, "zh_CN"),
        ("2026/zh.md", None, ENGLISH, "zh_CN"),
        ("x.md", None, CHINESE, "zh_CN"),
        ("x.md", "", ENGLISH, "en"),
        ("x.md", None, "", "en"),
        ("x.md", None, ENGLISH * 4 + "【论文精读】", "en"),
        ("x.md", None, CHINESE + "用 PyTorch 和 Hugging Face Diffusers 训练。\n", "zh_CN"),
        ("x.md", None, "---\ntitle: " + ENGLISH * 9 + "---\n" + CHINESE, "zh_CN"),
        ("x.md", None, "---\ntitle: 标题很长很长很长很长\n---\nEnglish.\n", "en"),
        ("x.md", None, CHINESE + "~~~~py\n" + ENGLISH * 9 + "~~~\n" + ENGLISH + "~~~~\n", "zh_CN"),
        ("x.md", None, "```\n" + CHINESE * 9 + "```\n" + ENGLISH, "en"),
        (
            "x.md",
            None,
            "短文 https://example.org/" + "a-b-" * 99 + " `" + "c d " * 99 + "`",
            "zh_CN",
        ),
    ],
)
def test_the_language_of_a_post(
    root: Path, relative: str, declared: str | None, text: str, expected: str
) -> None:
    post = Post("posts/" + relative, root / "posts" / relative, relative)
    assert source_locale(load_project(root), post, declared, text) == expected


def test_chinese_is_the_locale_that_the_project_has(root: Path) -> None:
    write("diglot.toml", 'locales = ["zh_TW", "ja"]\n')
    post = Post("posts/x.md", root / "posts/x.md", "x.md")
    assert source_locale(load_project(root), post, "zh", ENGLISH) == "zh_TW"
    assert source_locale(load_project(root), post, None, CHINESE) == "zh_TW"
    assert source_locale(load_project(root), post, None, ENGLISH) == "ja"


# --- init -------------------------------------------------------------------------------------


def test_the_written_settings_are_the_defaults(root: Path) -> None:
    defaults = load_project(root)
    text = settings_file({})
    write("diglot.toml", text)
    assert load_project(root) == defaults
    shown = re.sub(r"^#(?=\w+ = )", "", text, flags=re.M)
    values = tomllib.loads(shown)
    for setting in SETTINGS:
        value: object = values
        for key in setting.name.split("."):
            assert isinstance(value, dict)
            value = value[key]
        assert value == setting.default
        assert setting.doc in text.replace("\n# ", " ")
    write("diglot.toml", shown)
    assert load_project(root) == defaults


def test_the_table_of_settings_names_each_once() -> None:
    rows = settings_table().splitlines()[2:]
    assert [row.split("`")[1] for row in rows] == [setting.name for setting in SETTINGS]
    assert all(row.count("|") == 4 for row in rows)


def test_init_writes_what_is_missing_and_never_overwrites(root: Path) -> None:
    write("diglot.toml", 'locales = ["en", "zh_TW"]\n')
    expected = [
        ("diglot.toml", False),
        ("locales/glossary.csv", True),
        (".github/actions/diglot-check/action.yml", True),
        (".github/workflows/diglot.yml", True),
        (".gitattributes", True),
    ]
    assert write_missing(root) == expected
    assert Path("diglot.toml").read_text() == 'locales = ["en", "zh_TW"]\n'
    with Path("locales/glossary.csv").open(newline="") as file:
        assert list(csv.reader(file)) == [["en", "zh_TW", "note", "flags"]]
    assert load_glossary([Path("locales/glossary.csv")], "zh_TW", "en") == Glossary()
    before = {path: path.stat().st_mtime_ns for path in Path().rglob("*")}
    assert write_missing(root) == [(name, False) for name, _ in expected]
    assert {path: path.stat().st_mtime_ns for path in Path().rglob("*")} == before


def test_init_leaves_settings_in_pyproject_alone(root: Path) -> None:
    write("pyproject.toml", '[tool.diglot]\nposts = "blog"\n')
    assert ("diglot.toml", False) in write_missing(root)
    assert load_project(root).posts == "blog"


@pytest.mark.parametrize(
    ("folder", "profile"), [("_posts", "jekyll"), ("source/_posts", "hexo"), ("content", "hugo")]
)
def test_init_fits_the_generator_that_is_there(root: Path, folder: str, profile: str) -> None:
    write(f"{folder}/x.md")
    write_missing(root)
    project = load_project(root)
    assert (project.posts, project.profile.name) == (folder, profile)
    assert [post.relative for post in find_posts(project)] == ["x.md"]


@pytest.mark.parametrize(
    ("folder", "layout", "posts", "profile"),
    [
        ("_posts", "jekyll-folders", "posts", "jekyll"),
        ("content/posts", "hugo-suffix", "posts", "hugo"),
        ("content", "hugo-folders", "posts", "hugo"),
        ("source/_posts", "jekyll-folders", "source/_posts", "hexo"),
        ("posts", "hugo-folders", "posts", "hugo"),
        ("_posts", "plain", "_posts", "jekyll"),
    ],
)
def test_init_leaves_room_for_what_a_layout_builds(
    root: Path, folder: str, layout: str, posts: str, profile: str
) -> None:
    write(f"{folder}/x.md")
    write_missing(root, layout)
    project = load_project(root)
    assert (project.posts, project.profile.name) == (posts, profile)
