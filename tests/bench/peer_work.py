"""A peer's work on a folder of posts, timed inside its process, after its imports.

A script for the Python in which the peers are installed: ``python peer_work.py JOB POSTS CATALOGS
BUILT``. It imports nothing but what its job needs, and prints one JSON object: seconds of wall and
processor time, and the posts that failed, with the error.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

Job = Callable[[Path, Path, Path], None]
"""Work on one post; takes the paths of the post, of its PO file and of the built post."""


def mdpo_extract() -> Job:
    """Extract with mdpo, without wrapping, which is faster."""
    from mdpo.md2po import markdown_to_pofile

    def job(post: Path, po: Path, built: Path) -> None:
        markdown_to_pofile(str(post), po_filepath=str(po), save=True, wrapwidth=0)

    return job


def mdpo_build() -> Job:
    """Build with mdpo, without wrapping, which is faster."""
    from mdpo.po2md import pofile_to_markdown

    def job(post: Path, po: Path, built: Path) -> None:
        pofile_to_markdown(str(post), [str(po)], save=str(built), wrapwidth=0)

    return job


def toolkit_extract() -> Job:
    """Do what translate-toolkit's ``md2po --no-code-blocks`` does."""
    from translate.storage.markdown import MarkdownFile
    from translate.storage.po import pofile

    def job(post: Path, po: Path, built: Path) -> None:
        with post.open("rb") as source:
            units = MarkdownFile(inputfile=source, extract_code_blocks=False).units
        store = pofile()
        for unit in units:
            store.addsourceunit(unit.source).addlocations(unit.getlocations())
        store.removeduplicates("msgctxt")
        with po.open("wb") as catalog:
            store.serialize(catalog)

    return job


def toolkit_build() -> Job:
    """Do what translate-toolkit's ``po2md --no-code-blocks --maxlinelength=0`` does."""
    from translate.convert.po2md import MarkdownTranslator
    from translate.storage.po import pofile

    def job(post: Path, po: Path, built: Path) -> None:
        with po.open("rb") as catalog:
            store = pofile(catalog)
        translator = MarkdownTranslator(
            store, includefuzzy=False, outputthreshold=None, maxlength=0, extract_code_blocks=False
        )
        with post.open("rb") as source, built.open("wb") as target:
            translator.translate(source, target)

    return job


def llm_extract() -> Job:
    """Extract with the parts of mdpo-llm that need no model."""
    from mdpo_llm.manager import POManager
    from mdpo_llm.parser import BlockParser

    def job(post: Path, po: Path, built: Path) -> None:
        parser, manager = BlockParser(), POManager(skip_types=["hr"])
        blocks = parser.segment_markdown(post.read_text("utf-8").splitlines(keepends=True))
        catalog = manager.load_or_create_po(po)
        manager.sync_po(catalog, blocks, parser.context_id)
        manager.save_po(catalog, po)

    return job


def llm_build() -> Job:
    """Build with the parts of mdpo-llm that need no model."""
    from mdpo_llm.manager import POManager
    from mdpo_llm.parser import BlockParser
    from mdpo_llm.reconstructor import DocumentReconstructor

    def job(post: Path, po: Path, built: Path) -> None:
        parser, lines = BlockParser(), post.read_text("utf-8").splitlines(keepends=True)
        blocks = parser.segment_markdown(lines)
        catalog = POManager(skip_types=["hr"]).load_or_create_po(po)
        text = DocumentReconstructor(skip_types=["hr"]).rebuild_markdown(
            lines, blocks, catalog, parser.context_id
        )
        built.write_text(text, "utf-8")

    return job


def fill() -> Job:
    """Translate every entry of a PO file by its own text."""
    import polib

    def job(post: Path, po: Path, built: Path) -> None:
        catalog = polib.pofile(str(po), wrapwidth=0)
        for entry in catalog:
            entry.msgstr = entry.msgid
        catalog.save()

    return job


def toolkit_fill() -> Job:
    """Translate every entry of a PO file of translate-toolkit by its own text."""
    from translate.storage.po import pofile

    def job(post: Path, po: Path, built: Path) -> None:
        store = pofile.parsefile(str(po))
        for unit in store.units:
            if not unit.isheader():
                unit.target = unit.source
        store.save()

    return job


JOBS = {
    job.__name__: job
    for job in (
        mdpo_extract,
        fill,
        mdpo_build,
        toolkit_extract,
        toolkit_fill,
        toolkit_build,
        llm_extract,
        llm_build,
    )
}


def main(name: str, posts: Path, catalogs: Path, built: Path) -> None:
    """Do a job on every post, and print what it took."""
    job = JOBS[name]()
    wall, cpu = time.perf_counter(), time.process_time()
    failed = {}
    for post in sorted(posts.iterdir()):
        try:
            job(post, catalogs / f"{post.stem}.po", built / post.name)
        except Exception as error:  # whatever a peer raises is counted, and ends only this post
            failed[post.name] = f"{type(error).__name__}: {error}"
    took = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}
    print(json.dumps({**took, "failed": failed}))


if __name__ == "__main__":
    # Without this, mdpo-llm's imports wait for a price list from the network.
    os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"
    main(sys.argv[1], *map(Path, sys.argv[2:]))
