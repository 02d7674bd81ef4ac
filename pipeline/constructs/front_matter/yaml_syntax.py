"""YAML front matter: where its scalars stand.

The block is never loaded and dumped. PyYAML's events say where each node stands; its scanner
(libyaml) is the one behind Ruby's YAML, which Jekyll uses. Aliases stay what they are, a node of
their own, so that nothing can grow by repeating itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.constructs.front_matter.tree import (
    MAX_NESTING,
    BrokenError,
    Copy,
    Entry,
    NoMappingError,
    Path,
    Slot,
    Tree,
)
from pipeline.patterns import lazy
from pipeline.wording import Message

_STRING = "tag:yaml.org,2002:str"
_LINE_END = lazy(r"\r\n|\r|\n")
_UNPRINTABLE = lazy(r"[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_PROPERTIES = lazy(r"(?:[&!]\S*+(?:\s++(?:#.*\s++)*+)?)++")
"""An anchor and a tag, which stand before the value itself."""


def scan(source: str) -> Tree:
    """Read a mapping.

    Raises:
        BrokenError: it is not valid YAML, no mapping, or has a key twice.
    """
    walk = _Walk(source)
    for event in _events(source):
        walk.see(event)
    repeats = {anchor: tuple(paths) for anchor, paths in walk.repeats.items()}
    slot, keys = walk.slot(), frozenset(walk.keys)
    return Tree(slot, tuple(walk.entries), keys, repeats, tuple(walk.copies))


def _events(source: str) -> Iterator[Any]:
    """Yield the parser's events; a scalar's tag is resolved as in YAML 1.1."""
    import yaml

    unprintable = _UNPRINTABLE.search(source)
    if unprintable:
        what = Message(
            "is not valid YAML: it holds the character U+{code:04X}",
            code=ord(unprintable.group()),
        )
        raise BrokenError(what, unprintable.start(), Message("Delete it."))
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(source)
    try:
        while loader.check_event():
            event = loader.get_event()
            if isinstance(event, yaml.ScalarEvent) and event.tag in (None, "!"):
                event.tag = loader.resolve(yaml.ScalarNode, event.value, event.implicit)
            yield event
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        what = Message("is not valid YAML: {problem}", problem=error.problem or error.context)
        index = mark.index if mark else 0
        raise BrokenError(
            what, index, Message("Quote the value, or fix the indentation.")
        ) from None
    finally:
        loader.dispose()


@dataclass(slots=True)
class _Node:
    """A mapping or list that is being read."""

    path: Path
    is_mapping: bool
    is_flow: bool
    anchors: tuple[int, ...]
    is_key: bool = False
    key: str | None = None
    """The key whose value comes next."""
    index: int = 0
    seen: set[str] = field(default_factory=set)

    def child_path(self) -> Path:
        """Return the path of the next value."""
        if not self.is_mapping:
            return (*self.path, self.index)
        return (*self.path, self.key if self.key is not None else "?")

    def advance(self) -> None:
        """Note that a value has been read."""
        self.index += 1
        self.key = None


class _Walk:
    """A walk over the events of one block."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.entries: list[Entry] = []
        self.copies: list[Copy] = []
        self.repeats: dict[int, list[Path]] = {}
        self.keys: set[str] = set()
        self.stack: list[_Node] = []
        self.anchored: dict[str, tuple[int, Path, Entry | None]] = {}
        """The node that an anchor means so far: its number, path, and itself if it is a scalar."""
        self.anchor_count = 0
        self.root: tuple[int, bool] | None = None
        """Where the first key starts, and whether braces are around it."""
        self.values_end = 0

    def see(self, event: Any) -> None:
        """Take the next event."""
        import yaml

        start = event.start_mark.index
        if isinstance(event, yaml.CollectionEndEvent):
            self._leave(event)
        elif isinstance(event, yaml.DocumentStartEvent) and self.root:
            raise BrokenError(Message("is not valid YAML: a second document starts"), start)
        elif isinstance(event, yaml.NodeEvent):
            if not self.stack and not isinstance(event, yaml.MappingStartEvent):
                hint = Message("Write `key: value` lines between the two --- lines.")
                raise NoMappingError(Message("is not a list of keys and values"), start, hint)
            self._node(event)

    def _node(self, event: Any) -> None:
        import yaml

        parent = self.stack[-1] if self.stack else None
        is_key = parent is not None and parent.is_mapping and parent.key is None
        if isinstance(event, yaml.CollectionStartEvent):
            self._enter(event, is_key)
        elif parent and is_key:
            self._key(event, parent)
        elif parent:
            self._scalar(event, parent)
            parent.advance()
            self._note_end(event)

    def _enter(self, event: Any, is_key: bool) -> None:
        import yaml

        if len(self.stack) >= MAX_NESTING:
            raise BrokenError(
                Message("is not valid YAML: nested too deeply"), event.start_mark.index
            )
        parent = self.stack[-1] if self.stack else None
        path = parent.child_path() if parent else ()
        anchors = parent.anchors if parent else ()
        if event.anchor:
            anchors = (*anchors, self._anchor(event.anchor, path, None))
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        self.stack.append(_Node(path, is_mapping, bool(event.flow_style), anchors, is_key))
        if not parent:
            self.root = event.end_mark.index, bool(event.flow_style)

    def _leave(self, event: Any) -> None:
        node = self.stack.pop()
        if self.stack and node.is_key:
            self.stack[-1].key = "?"
        elif self.stack:
            self.stack[-1].advance()
            self._note_end(event)

    def _note_end(self, event: Any) -> None:
        if len(self.stack) == 1:
            self.values_end = event.end_mark.index

    def _key(self, event: Any, parent: _Node) -> None:
        start = event.start_mark.index
        key = getattr(event, "value", "?")
        if key in parent.seen:
            raise BrokenError(
                Message('has the key "{key}" twice', key=key),
                start,
                Message("Delete one of the two."),
            )
        if key != "<<":
            parent.seen.add(key)
        parent.key = key
        if len(self.stack) == 1:
            if not self.keys:
                self.root = start, parent.is_flow
            self.keys.add(key)

    def _scalar(self, event: Any, parent: _Node) -> None:
        import yaml

        if isinstance(event, yaml.AliasEvent):
            self._alias(event, parent)
            return
        start, end = event.start_mark.index, event.end_mark.index
        if event.anchor or self.source[start : start + 1] == "!":
            properties = _PROPERTIES.match(self.source, start, end)
            start = properties.end() if properties else start
        path, is_text = parent.child_path(), event.tag == _STRING
        anchors = parent.anchors
        if event.anchor:
            anchors = (*anchors, self.anchor_count)
        entry = Entry(path, event.value, start, end, is_text, parent.is_flow, anchors)
        if event.anchor:
            self._anchor(event.anchor, path, entry)
        self.entries.append(entry)

    def _anchor(self, name: str, path: Path, entry: Entry | None) -> int:
        number = self.anchor_count
        self.anchored[name] = number, path, entry
        self.anchor_count += 1
        return number

    def _alias(self, event: Any, parent: _Node) -> None:
        start, end, path = event.start_mark.index, event.end_mark.index, parent.child_path()
        if event.anchor not in self.anchored:
            raise BrokenError(
                Message("is not valid YAML: *{anchor} stands for nothing", anchor=event.anchor),
                start,
            )
        number, source, original = self.anchored[event.anchor]
        # What repeats an alias in turn is not traced; the empty path is that of no key.
        self.repeats.setdefault(number, []).append(() if parent.anchors else path)
        if original is None:
            self.copies.append(Copy(path, source, start))
            return
        text, is_text = original.text, original.is_text
        entry = Entry(path, text, start, end, is_text, parent.is_flow, parent.anchors)
        self.entries.append(entry)

    def slot(self) -> Slot:
        """Return the place for more keys: the end, or in braces the last value's end."""
        newline = _LINE_END.search(self.source)
        line_end = newline.group() if newline else "\n"
        if self.root is None:
            return Slot(len(self.source), "", line_end, line_end)
        start, is_flow = self.root
        if is_flow:
            comma = ", " if self.keys else ""
            return Slot(self.values_end if self.keys else start, comma, ", ")
        indent = self.source[self.source.rfind("\n", 0, start) + 1 : start]
        return Slot(len(self.source), indent, line_end + indent, line_end)
