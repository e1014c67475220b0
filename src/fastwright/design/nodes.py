"""Taking values out of a YAML tree: what was expected, what was found, and where."""

from __future__ import annotations

from collections.abc import Collection

from fastwright.design.source import Faults, Word, did_you_mean
from fastwright.design.tree import Items, Mapping, Node, Scalar, describe

MAX_DESCRIPTION = 1_000
_FLAGS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}


def entries(node: Node, what: str, example: str) -> tuple[tuple[Word, Node], ...]:
    """Return the entries of a mapping; an empty value is an empty mapping."""
    if isinstance(node, Scalar) and node.empty:
        return ()
    if not isinstance(node, Mapping):
        raise node.spot.fault(f"expected a mapping for {what}, found {describe(node)}", hint=f"write it as `{example}`")
    return node.entries


def known_entries(node: Node, known: Collection[str], what: str, example: str) -> dict[str, Node]:
    """Return a mapping's values by key, if it has no other keys than the `known` ones."""
    faults = Faults()
    found: dict[str, Node] = {}
    for key, value in entries(node, what, example):
        found[key.text] = value
        if key.text not in known:
            faults.extend([key.fault(f"{what} has no key `{key.text}`", hint=did_you_mean(key.text, known))])
    faults.raise_any()
    return found


def text_word(node: Node, what: str, example: str) -> Word:
    """Return the one word or text that a node is."""
    if not isinstance(node, Scalar) or node.empty:
        raise node.spot.fault(f"expected {what}, found {describe(node)}", hint=f"write it as `{example}`")
    return node.word


def word_list(node: Node, what: str, example: str) -> tuple[Word, ...]:
    """Return the words of a list."""
    if not isinstance(node, Items):
        raise node.spot.fault(f"expected a list for {what}, found {describe(node)}", hint=f"write it as `{example}`")
    return tuple(text_word(item, f"a word in {what}", example) for item in node.nodes)


def flag(node: Node, what: str) -> bool:
    if not isinstance(node, Scalar) or not node.plain or node.word.text not in _FLAGS:
        raise node.spot.fault(
            f"expected true or false for {what}, found {describe(node)}", hint="use `true` or `false`"
        )
    return _FLAGS[node.word.text]


def description(node: Node | None) -> str:
    """Return a description on one line, as it goes into docstrings and into OpenAPI."""
    if node is None or (isinstance(node, Scalar) and node.empty):
        return ""
    word = text_word(node, "a text for the description", "description: Sold by its owner")
    text = " ".join(word.text.split())
    if not text.isprintable():
        raise word.fault("the description has characters that cannot be printed", hint="use plain text")
    if len(text) > MAX_DESCRIPTION:
        message = f"the description has {len(text)} characters"
        raise word.fault(message, hint=f"use at most {MAX_DESCRIPTION}")
    return text
