"""A site that the real Hugo builds."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .pages import Page, read_pages

CONFIG = """\
baseURL = "/"
defaultContentLanguage = "en"
defaultContentLanguageInSubdir = true
disableKinds = ["home", "section", "taxonomy", "term", "RSS", "sitemap"]
[markup.goldmark.renderer]
unsafe = true
[languages.en]
languageCode = "en"
contentDir = "content/en"
[languages.zh-cn]
languageCode = "zh-CN"
contentDir = "content/zh-cn"
"""
"""What a bilingual site sets; without a folder of its own, a language goes by the file's name."""


def build_site(root: Path, *, folders: bool) -> dict[str, Page]:
    """Build the site in ``root`` and return its pages by their address.

    ``folders`` says whether each language has a folder of its own.

    Raises:
        RuntimeError: Hugo fails, or warns, as it does of links to pages that are not there.
    """
    lines = CONFIG.splitlines(keepends=True)
    config = "".join(line for line in lines if folders or not line.startswith("contentDir"))
    (root / "config.toml").write_text(config, "utf-8")
    done = subprocess.run(
        ["hugo", "--quiet", "--panicOnWarning"],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode or done.stderr.strip():
        raise RuntimeError(done.stdout + done.stderr)
    pages = read_pages(root / "public")
    del pages["/"]  # which leads to the first language
    return pages
