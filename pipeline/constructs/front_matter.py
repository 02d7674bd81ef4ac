"""Front matter: which values are text for translators, and how a new value is written.

The block is never loaded and dumped. PyYAML composes it only to learn where each value stands;
everything else keeps its bytes. Its scanner is the one behind Ruby's YAML, which Jekyll uses.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.errors import PipelineError

if TYPE_CHECKING:
    import yaml

_YAML = re.compile(
    r"(\ufeff?---[ \t]*(?:\r\n|\r|\n))(.*?)^(?:---|\.\.\.)[ \t]*(?:(?:\r\n|\r|\n)|\Z)", re.S | re.M
)
_TOML = re.compile(
    r"\ufeff?\+\+\+[ \t]*(?:\r\n|\r|\n).*?^\+\+\+[ \t]*(?:(?:\r\n|\r|\n)|\Z)", re.S | re.M
)
_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class Value:
    """A scalar of the front matter: its text, and where it is written."""

    key: str
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a post starts with: ``[0, end)`` is its span, ``[inner_start, inner_end)`` the YAML.

    ``values`` are the texts of the wanted keys, ``places`` the scalars of them, text or not.
    """

    end: int = 0
    inner_start: int = 0
    inner_end: int = 0
    values: tuple[Value, ...] = ()
    fields: tuple[tuple[str, str], ...] = ()
    keys: tuple[str, ...] = ()
    """All top-level keys, in order."""
    places: tuple[Value, ...] = ()
    is_flow: bool = False
    """It is one mapping in braces, to which no line can be added."""


def read(name: str, text: str, wanted: Collection[str]) -> FrontMatter:
    """Find the front matter of ``text`` and the values of the ``wanted`` top-level keys.

    Raises:
        PipelineError: the YAML is broken, no mapping, or has a key twice.
    """
    match = _YAML.match(text)
    if not match:
        toml = _TOML.match(text)
        return FrontMatter(end=toml.end()) if toml else FrontMatter(end=int(text[:1] == "\ufeff"))
    inner_start, inner_end = match.span(2)
    root = _compose(name, text[inner_start:inner_end])
    pairs = _unique(name, root) if root else {}
    places = {
        key: Value(key, node.value, inner_start + start, inner_start + end)
        for key, node in pairs.items()
        if key in wanted and isinstance(node.value, str)
        for start, end in [(node.start_mark.index, node.end_mark.index)]
    }
    return FrontMatter(
        end=match.end(),
        inner_start=inner_start,
        inner_end=inner_end,
        values=tuple(value for key, value in places.items() if _is_text(pairs[key])),
        fields=tuple((key, n.value) for key, n in pairs.items() if isinstance(n.value, str)),
        keys=tuple(pairs),
        places=tuple(places.values()),
        is_flow=bool(root and root.flow_style),
    )


def _is_text(node: yaml.Node) -> bool:
    return node.tag == "tag:yaml.org,2002:str" and bool(node.value.strip())


def _compose(name: str, source: str) -> yaml.MappingNode | None:
    """Return the YAML mapping with the marks of its nodes, or ``None`` for an empty one."""
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        root = yaml.compose(source, Loader=loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise PipelineError(
            f"the front matter is not valid YAML: {error.problem or error.context}",
            path=name,
            line=mark.line + 2 if mark else 1,
            hint="Quote the value, or fix the indentation.",
        ) from None
    except (yaml.YAMLError, RecursionError) as error:
        reason = getattr(error, "reason", "nested too deeply")
        raise PipelineError(
            f"the front matter is not valid YAML: {reason}", path=name, line=1
        ) from None
    if root is None:
        return None
    if not isinstance(root, yaml.MappingNode):
        raise PipelineError(
            "the front matter is not a list of keys and values",
            path=name,
            line=2,
            hint="Write `key: value` lines between the two --- lines.",
        )
    return root


def _unique(name: str, root: yaml.MappingNode) -> Mapping[str, yaml.Node]:
    pairs: dict[str, yaml.Node] = {}
    for key, node in root.value:
        if not isinstance(key.value, str):
            continue
        if key.value in pairs:
            raise PipelineError(
                f'the front matter has the key "{key.value}" twice',
                path=name,
                line=key.start_mark.line + 2,
                hint="Delete one of the two.",
            )
        pairs[key.value] = node
    return pairs


def write_value(written: str, value: str) -> str:
    """Return ``value`` in the style of ``written``, the source text of the value it replaces."""
    if written.startswith('"'):
        return _double_quoted(value)
    if written.startswith("'"):
        return "'" + " ".join(value.split("\n")).replace("'", "''") + "'"
    if written[:1] in ("|", ">"):
        return _block_scalar(written, value)
    return value if _is_plain(value) else _double_quoted(value)


def _double_quoted(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return '"' + re.sub(r"[\x00-\x1f\x7f\x85\u2028\u2029\ufeff]", _escape, escaped) + '"'


def _escape(match: re.Match[str]) -> str:
    return f"\\u{ord(match.group()):04x}"


def _is_plain(value: str) -> bool:
    """Tell whether YAML reads the bare ``value`` as exactly this string."""
    import yaml

    if value != value.strip() or "\n" in value:
        return False
    try:
        root = yaml.compose(f"key: {value}\n", Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))
    except yaml.YAMLError:
        return False
    node = root.value[0][1] if isinstance(root, yaml.MappingNode) and len(root.value) == 1 else None
    return (
        isinstance(node, yaml.ScalarNode)
        and node.tag == "tag:yaml.org,2002:str"
        and node.value == value
        and not node.style
    )


def _block_scalar(written: str, value: str) -> str:
    """Put ``value`` into a ``|`` or ``>`` scalar; keep its header, indentation and line end."""
    lines = _LINE_END.split(written)
    newline = (_LINE_END.search(written) or _LINE_END.match("\n")).group()  # type: ignore[union-attr]
    body = [line for line in lines[1:] if line.strip()]
    indent = body[0][: len(body[0]) - len(body[0].lstrip(" "))] if body else "  "
    paragraphs = value.rstrip("\n").split("\n")
    glue = newline if written[0] == "|" else newline + newline
    text = glue.join(indent + paragraph if paragraph else "" for paragraph in paragraphs)
    return lines[0] + newline + text + (newline if not lines[-1].strip() and len(lines) > 1 else "")
