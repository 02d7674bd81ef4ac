"""Judge built posts by the real kramdown and Jekyll: ``python -m tests.blog PATH… [--site]``.

Printed is, for both inputs of kramdown, how many of all headings have the id that Diglot says, and
how many of all headings keep their id when every text of the post is marked as a translation.
Plain kramdown knows fences of tildes only, so those of backticks are rewritten for it.

With ``--site``, the posts are translated by the engine ``pseudo``, built, and made a site by the
real Jekyll; printed is how much of the pages is equal in both languages.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from pipeline.anchors import headings
from pipeline.errors import PipelineError
from pipeline.markdown import parse
from pipeline.model import PROFILES, Document, Profile, Segment
from pipeline.outputs.post import build_post
from pipeline.pins import pins
from pipeline.segments import write
from tests.blog.renderers import heading_ids, kramdown
from tests.blog.site import make_site, report

_FENCE = re.compile(r"^([ \t>]*)```+([^`\n]*)$", re.M)
_LIQUID = re.compile(r"\{%-?\s*(highlight|raw)\b.*?end\1\s*-?%\}|\{%.*?%\}|\{\{.*?\}\}", re.S)


def files_of(paths: Sequence[Path]) -> list[Path]:
    """Return the files among ``paths``, and the Markdown files in the folders among them."""
    return [
        file for path in paths for file in (sorted(path.rglob("*.md")) if path.is_dir() else [path])
    ]


def read_posts(paths: Sequence[Path], profile: Profile) -> Iterator[Document]:
    """Yield the posts below folders, as the renderer gets them: without what it does not know."""
    for file in files_of(paths):
        try:
            text = file.read_text("utf-8")
            head = parse(file.name, text, profile).head
            body = text[head:] if profile.gfm else _FENCE.sub(r"\1~~~\2", text[head:])
            yield parse(file.name, _LIQUID.sub("0", body) if profile.liquid else body, profile)
        except (PipelineError, UnicodeDecodeError) as error:
            print(f"passed over  {file}: {error}", file=sys.stderr)


def can_change(document: Document, segment: Segment) -> bool:
    """Tell whether a text takes a translation: not if it leaves an HTML tag open, for example."""
    try:
        written = document.text[segment.start : segment.end]
        write(segment, f"译{segment.msgid}", written, document.profile)
    except ValueError:
        return False
    return True


def marked(document: Document) -> str:
    """Return the post as built from a catalog in which every text is changed that can be."""
    targets = {s: f"译{s.msgid}" for s in document.segments if can_change(document, s)}
    return build_post(document, targets, {}, pins(document, targets))


def main(arguments: Sequence[str]) -> int:
    """Print the counts, and every id that differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.blog", description=__doc__)
    parser.add_argument("paths", nargs="+", type=Path)
    parser.add_argument("--site", action="store_true", help="build a site with Jekyll")
    options = parser.parse_args(arguments)
    if options.site:
        with tempfile.TemporaryDirectory() as folder:
            count = make_site(Path(folder), files_of(options.paths))
            print("\n".join(report(Path(folder), count)))
        return 0
    for profile in (PROFILES["jekyll"], PROFILES["kramdown"]):
        posts = list(read_posts(options.paths, profile))
        pages = kramdown([post.text for post in posts], profile)
        built = kramdown([marked(post) for post in posts], profile)
        total = known = kept = 0
        for post, page, translation in zip(posts, pages, built, strict=True):
            ours = Counter(heading.id for heading in headings(post))
            before, after = (Counter(filter(None, heading_ids(p))) for p in (page, translation))
            total += before.total()
            known += (before & ours).total()
            kept += (before & after).total()
            for what, lacking in (("not foreseen", before - ours), ("lost", before - after)):
                if lacking:
                    print(f"  {post.name}: {what}: {', '.join(lacking.elements())}")
        print(
            f"{profile.name}: {len(posts)} posts, {known} ids as foreseen of {total}, {kept} kept"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
