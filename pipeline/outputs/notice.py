"""The notice that a built post holds machine text, for its readers, in the page's language."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from pipeline.constructs import front_matter
from pipeline.markdown import parse
from pipeline.model import Document, Profile
from pipeline.project import Post, Project, bcp47, built_path, language_in, percent
from pipeline.wording import Message, fitting_locale, texts_in


@dataclass(frozen=True, slots=True)
class Notice:
    """What a reader in ``locale`` is told about a post that was written in ``source``.

    Of its ``segments`` so many are ``machine`` text, and of so many the translation was
    ``reviewed`` by a person. ``link`` leads to the source, empty if nothing does.
    """

    locale: str
    source: str
    segments: int
    machine: int
    reviewed: int
    link: str = ""

    def text(self, profile: Profile) -> str:
        """Return the notice as one paragraph of Markdown."""
        _ = texts_in(self.locale)
        reader = fitting_locale(self.locale)
        origin = (
            _("A machine translated this post from {language}.")
            if self.machine == self.segments
            else _("A machine translated parts of this post from {language}.")
        )
        read = (
            _("A person has read {share} of the translation.")
            if self.reviewed
            else _("No person has read the translation yet.")
        )
        parts = [
            origin.format(language=language_in(self.source, reader, beside=self.locale)),
            read.format(share=percent(self.reviewed, self.segments, reader)),
        ]
        if self.link:
            mark = f'{{: hreflang="{bcp47(self.source)}"}}' if profile.kramdown else ""
            words = _("Read the original.")
            parts.append(f"[{words}]({self.link}){mark}")
        return ("" if reader.startswith("zh") else " ").join(parts)

    def block(self, profile: Profile) -> str:
        """Return the notice as a block of its own, as the dialect writes it."""
        mark = "{: .diglot-notice }\n" if profile.kramdown else ""
        return f"> {self.text(profile)}\n{mark}"


def source_link(
    project: Project, post: Post, here: str, there: str, language: str, address: str
) -> str:
    """Return what leads from the built post ``here`` to the source's, built as ``there``.

    Both are paths, ``language`` is the source's locale, ``address`` where the source is on the
    site, if that is known. Where nothing is known to lead there, as between posts of Jekyll without
    addresses, nothing is returned.
    """
    if address:
        path = quote(address)
        return f'{{{{ "{path}" | relative_url }}}}' if project.profile.name == "jekyll" else path
    name = Path(there).relative_to(project.root).as_posix()
    if project.profile.shortcodes and name.startswith("content/"):
        page = f'path="/{quote(built_path(project, post))}" lang="{bcp47(language).lower()}"'
        return f"{{{{< ref {page} >}}}}"
    if "/_posts/" in f"/{name}":
        return ""
    return quote(posixpath.relpath(there, posixpath.dirname(here)))


def with_notice(document: Document, text: str, block: str) -> str:
    """Return a post built from ``document`` with ``block`` at the top of its body."""
    at = front_matter.read(document.name, text, document.profile).end
    return text[:at] + _fitted(block, text[:at], text[at:]) + text[at:]


def without_notice(document: Document, text: str, block: str) -> str | None:
    """Return a built post without its notice, None where that is not exactly what it should be."""
    at = front_matter.read(document.name, text, document.profile).end
    for behind in ("", "\n"):
        written = _fitted(block, text[:at], behind)
        if text.startswith(written, at):
            plain = text[:at] + text[at + len(written) :]
            if with_notice(document, plain, block) == text:
                return plain
    return None


def changes_by_notice(text: str, plain: Document, block: str) -> Iterator[Message]:
    """Say whether the notice of the built post ``text`` changes more than it adds."""
    built = parse(plain.name, text, plain.profile, ())
    alone = parse(plain.name, block, plain.profile, ())
    texts = [segment.msgid for segment in plain.segments if not segment.is_metadata]
    if (
        built.shape != (*alone.shape, *plain.shape)
        or [segment.msgid for segment in built.segments][len(alone.segments) :] != texts
    ):
        yield Message("the notice at the top changes what follows it")


def _fitted(block: str, before: str, behind: str) -> str:
    """Return ``block`` with the empty lines that it needs between two parts of a post."""
    lines = before.lstrip("\ufeff")
    opening = ("" if lines.endswith(("\n", "\r")) else "\n") + "\n" if lines else ""
    closing = "" if behind.startswith(("\n", "\r")) else "\n"
    newline = "\r\n" if "\r\n" in before else "\n"
    return (opening + block + closing).replace("\n", newline)
