"""YAML text as a tree of values with places: YAML 1.2 words, no duplicate keys, nothing executed, bounded in size.

PyYAML's events are used and not its constructors: those follow YAML 1.1 (where `no` is false), keep the last of two
equal keys, and expand aliases without a limit.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import yaml
from yaml.events import (
    AliasEvent,
    CollectionEndEvent,
    DocumentStartEvent,
    Event,
    MappingStartEvent,
    NodeEvent,
    ScalarEvent,
    SequenceStartEvent,
)

from fastwright.design.source import Spot, Word

MAX_NODES = 100_000
MAX_DEPTH = 20
# The line breaks that YAML counts, which are fewer than `str.splitlines` does.
_LINE_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
NULLS = frozenset({"", "~", "null", "Null", "NULL"})


@dataclass(frozen=True, slots=True)
class Scalar:
    """One word or text; `plain` when it was written without quotes."""

    word: Word
    plain: bool

    @property
    def spot(self) -> Spot:
        return self.word.spot

    @property
    def empty(self) -> bool:
        return self.plain and self.word.text in NULLS


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    spot: Spot
    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values, in order; no two keys are equal."""

    spot: Spot
    entries: tuple[tuple[Word, Node], ...]


Node = Scalar | Items | Mapping


def parse_tree(text: str, source: str) -> Node:
    """Return the one document that `text` holds."""
    try:
        return _Composer(text, source).document()
    except yaml.MarkedYAMLError as error:
        raise _syntax_fault(error, text, source) from None
    except yaml.YAMLError as error:
        hint = "save the file as plain UTF-8 text"
        raise Spot(source).fault(f"this is not YAML: {_first_line(error)}", hint=hint) from None


def describe(node: Node) -> str:
    """Return what a node is, for messages about what was found."""
    if isinstance(node, Items):
        return "a list"
    if isinstance(node, Mapping):
        return "a mapping"
    return "nothing" if node.empty else f"`{node.word.text}`"


def _first_line(error: Exception) -> str:
    return str(error).partition("\n")[0]


def _syntax_fault(error: yaml.MarkedYAMLError, text: str, source: str) -> Exception:
    mark = error.problem_mark or error.context_mark
    if mark is None:
        return Spot(source).fault(f"this is not YAML: {_first_line(error)}", hint="check the indentation")
    spot = Spot(source, mark.line + 1, mark.column + 1)
    before = text[: mark.index + 1].rpartition("\n")[2]
    if "\t" in before:
        spot = Spot(source, spot.line, before.index("\t") + 1)
        return spot.fault("a tab cannot be used for indentation or alignment", hint="replace the tab with spaces")
    problem = error.problem or _first_line(error)
    hint = "check the indentation; put quotes around text with `: ` or ` #`, and around a shorthand within `{…}`"
    return spot.fault(f"this is not YAML: {problem}", hint=hint)


class _Composer:
    """Builds the tree from events, with limits on what aliases may expand to."""

    def __init__(self, text: str, source: str) -> None:
        self._lines = _LINE_BREAK.split(text)
        self._source = source
        # The stubs leave the type of the events out.
        self._events: Iterator[Event] = yaml.parse(text, Loader=yaml.SafeLoader)  # pyright: ignore[reportUnknownMemberType]
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._nodes = 0

    def document(self) -> Node:
        root: Node | None = None
        for event in self._events:
            if not isinstance(event, DocumentStartEvent):
                continue
            if root is not None:
                raise self._spot(event).fault(
                    "there is a second document", hint="keep one design per file: remove `---`"
                )
            root = self._node(next(self._events), depth=0)
        if root is None:
            hint = "start with `name: shop` and `resources:`"
            raise Spot(self._source, 1, 1).fault("the design is empty", hint=hint)
        return root

    def _spot(self, event: Event) -> Spot:
        mark = event.start_mark
        return Spot(self._source, mark.line + 1, mark.column + 1) if mark else Spot(self._source)

    def _node(self, event: Event, depth: int) -> Node:
        if isinstance(event, AliasEvent):
            return self._alias(event)
        before = self._nodes
        self._count(event, 1)
        if depth > MAX_DEPTH:
            raise self._spot(event).fault("this is nested too deeply", hint=f"use at most {MAX_DEPTH} levels")
        self._check_tag(event)
        node = self._compose(event, depth)
        anchor = event.anchor if isinstance(event, NodeEvent) else None
        if anchor:
            self._anchors[anchor] = node, self._nodes - before
        return node

    def _compose(self, event: Event, depth: int) -> Node:
        if isinstance(event, MappingStartEvent):
            return Mapping(self._spot(event), tuple(self._entries(depth)))
        if isinstance(event, SequenceStartEvent):
            items = tuple(self._node(item, depth + 1) for item in self._until_end())
            return Items(self._spot(event), items)
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        raise self._spot(event).fault("this is not YAML that a design can have", hint="use mappings, lists and words")

    def _until_end(self) -> Iterator[Event]:
        for event in self._events:
            if isinstance(event, CollectionEndEvent):
                return
            yield event

    def _entries(self, depth: int) -> Iterator[tuple[Word, Node]]:
        lines: dict[str, int] = {}
        for event in self._until_end():
            key = self._node(event, depth + 1)
            if not isinstance(key, Scalar) or key.empty:
                raise key.spot.fault(f"expected a key, found {describe(key)}", hint="write keys as in `name: shop`")
            if key.word.text in lines:
                message = f"the key `{key.word.text}` is there twice: first in line {lines[key.word.text]}"
                raise key.spot.fault(message, hint="rename or remove one of them")
            lines[key.word.text] = key.spot.line
            yield key.word, self._node(next(self._events), depth + 1)

    def _scalar(self, event: ScalarEvent) -> Scalar:
        plain = event.style is None
        spot = self._spot(event)
        if not plain and event.style in {"'", '"'}:
            spot = Spot(spot.source, spot.line, spot.column + 1)
        line = self._lines[spot.line - 1] if spot.line <= len(self._lines) else ""
        literal = line.startswith(event.value, spot.column - 1)
        return Scalar(Word(event.value, spot, literal), plain)

    def _alias(self, event: AliasEvent) -> Node:
        if event.anchor not in self._anchors:
            message = f"`*{event.anchor}` names no anchor that stands before it"
            raise self._spot(event).fault(message, hint=f"mark the value to repeat with `&{event.anchor}`")
        node, size = self._anchors[event.anchor]
        self._count(event, size)
        return node

    def _count(self, event: Event, nodes: int) -> None:
        self._nodes += nodes
        if self._nodes > MAX_NODES:
            raise self._spot(event).fault(
                f"the design has more than {MAX_NODES} values", hint="use fewer aliases, or several designs"
            )

    def _check_tag(self, event: Event) -> None:
        tag = getattr(event, "tag", None)
        if tag is not None and tag != "tag:yaml.org,2002:str":
            raise self._spot(event).fault(f"the tag `{tag}` is not used in designs", hint="leave the tag out")
