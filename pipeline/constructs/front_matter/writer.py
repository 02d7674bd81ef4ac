"""Writing front matter: a value in its place, and keys that a build adds."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.constructs.front_matter import json_syntax, toml_syntax, yaml_writer
from pipeline.constructs.front_matter.reader import FrontMatter, line_of, read, style_of
from pipeline.constructs.front_matter.tree import Entry, Path
from pipeline.errors import PipelineError
from pipeline.model import Profile
from pipeline.wording import Message

Field = str | bool | int | tuple[str, ...]
"""What a build can add: a string, a boolean, a number or a list of strings."""


_EMPTY = "---\n---\n"


def write_value(syntax: str, written: str, value: Field) -> str:
    """Return ``value`` as it stands in place of ``written``, in the same style if it can be.

    ``syntax`` is that of a ``Value``. Reading the result back gives ``value``; in a block of
    lines, but for line ends after it.
    """
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, tuple):
        style, empty = ("yaml-flow", "") if syntax.startswith("yaml") else (syntax, '""')
        return f"[{', '.join(write_value(style, empty, item) for item in value)}]"
    if syntax == "toml":
        return toml_syntax.write(written, value)
    if syntax == "json":
        return json_syntax.write(written, value)
    return yaml_writer.write(written, value, is_flow=syntax == "yaml-flow")


def with_fields(
    name: str, text: str, fields: Mapping[str, Field], profile: Profile, *, create: bool = False
) -> str:
    """Return ``text`` with top-level ``fields`` in its front matter.

    A key that is there gets the new value in its place, the others follow the last one. Text that
    has no front matter gets some if told to ``create`` it, and is left as it is otherwise.

    Raises:
        PipelineError: the front matter is written in a way that nothing can be added to.
    """
    head = read(name, text, profile)
    if not head.syntax:
        block = with_fields(name, _EMPTY, fields, profile) if create else ""
        line_end = "\r\n" if "\r\n" in text else "\n"
        return text[: head.end] + block.replace("\n", line_end) + text[head.end :]
    result = _splice(head, text, fields)
    try:
        done = read(name, result, profile)
    except PipelineError:
        done = FrontMatter()
    if not _holds(head, done, fields):
        raise PipelineError(
            Message("nothing can be added to front matter that is written like this"),
            path=name,
            line=line_of(text, head.start),
            hint=Message("Write one key and its value a line, or build with --no-added-keys."),
        )
    return result


def _splice(head: FrontMatter, text: str, fields: Mapping[str, Field]) -> str:
    present = {e.path[0]: e for e in head.tree.entries if len(e.path) == 1}
    slot = head.tree.slot
    pair = {"toml": toml_syntax.field, "json": json_syntax.field}.get(
        head.syntax, yaml_writer.field
    )
    edits: list[tuple[int, int, str]] = []
    added = []
    for key, value in fields.items():
        entry = present.get(key)
        if entry is None:
            empty = '""' if head.syntax != "yaml" else ""
            style = "yaml-flow" if head.syntax == "yaml" and not slot.after else head.syntax
            added.append(pair(key, write_value(style, empty, value)))
        elif not _is_value(entry, value):
            edits.append((entry.start, entry.end, _replacement(head, text, entry, value)))
    if added:
        edits.append((slot.at, slot.at, slot.before + slot.between.join(added) + slot.after))
    for start, end, new in sorted(edits, reverse=True):
        text = text[: head.start + start] + new + text[head.start + end :]
    return text


def _replacement(head: FrontMatter, text: str, entry: Entry, value: Field) -> str:
    """Return ``value`` as it stands in place of ``entry``; a block of lines becomes one."""
    start, end = head.start + entry.start, head.start + entry.end
    written, style = text[start:end], style_of(head, entry)
    if head.syntax != "yaml":
        return write_value(style, written if entry.is_text else '""', value)
    space = "" if written or text[start - 1].isspace() else " "
    line_end = written[len(written.rstrip("\r\n")) :]
    return space + write_value(style, "" if line_end else written, value) + line_end


def _is_value(entry: Entry, value: Field) -> bool:
    if isinstance(value, bool):
        return not entry.is_text and entry.text == ("true" if value else "false")
    if isinstance(value, int):
        return not entry.is_text and entry.text == str(value)
    return entry.is_text and entry.text == value


def _holds(before: FrontMatter, after: FrontMatter, fields: Mapping[str, Field]) -> bool:
    """Tell whether ``fields`` are what was added, and nothing else has changed."""
    return (
        after.keys == before.keys | fields.keys()
        and before.other_values(fields.keys()) == after.other_values(fields.keys())
        and all(_is_held(after, key, value) for key, value in fields.items())
    )


def _is_held(head: FrontMatter, key: str, value: Field) -> bool:
    entries = [entry for entry in head.tree.entries if entry.path[0] == key]
    values = value if isinstance(value, tuple) else (value,)
    return len(entries) == len(values) and all(map(_is_value, entries, values))


def with_values(name: str, text: str, values: Mapping[Path, str], profile: Profile) -> str:
    """Return ``text`` with other values at places of its front matter that hold a text."""
    head = read(name, text, profile)
    for entry in reversed(head.tree.entries):
        if entry.path in values:
            start, end = head.start + entry.start, head.start + entry.end
            new = write_value(style_of(head, entry), text[start:end], values[entry.path])
            text = text[:start] + new + text[end:]
    return text
