"""The benchmark's posts: always the same, and such that Diglot keeps them whole."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest
from bench.corpus import posts
from click.testing import CliRunner

from pipeline.cli import main

POSTS = 25


def test_the_posts_are_the_same_everywhere() -> None:
    """Figures from two machines, or from before and after a change, are of the same bytes."""
    texts = "\0".join(text for _, text in posts(POSTS))
    assert hashlib.sha256(texts.encode()).hexdigest()[:16] == "589f785b211cb399"
    assert dict(posts(5)).items() <= dict(posts(POSTS)).items()


@pytest.mark.parametrize("profile", ["jekyll", "hugo"])
def test_the_posts_stay_whole(profile: str, tmp_path: Path) -> None:
    made = dict(posts(POSTS, profile))
    (tmp_path / "posts").mkdir()
    # Made-up links lead to made-up posts.
    settings = f'profile = "{profile}"\n[checks]\nlink-missing-file = "off"\n'
    (tmp_path / "diglot.toml").write_text(settings, "utf-8")
    for name, text in made.items():
        (tmp_path / "posts" / name).write_bytes(text.encode())
    for command in ("run --engine copy", "build --no-added-keys"):
        result = CliRunner().invoke(main, [*command.split(), "-C", str(tmp_path)])
        assert result.exit_code == 0, result.output
    for name, text in made.items():
        for language in ("en", "zh-CN"):
            assert (tmp_path / "site" / language / name).read_bytes() == text.encode(), name
