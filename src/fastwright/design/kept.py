"""The `kept` of a resource in YAML: the table that was there before, and which column holds which member.

Written for a database that exists; a design that is made by hand has none.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import cast, get_args

from fastwright.design.model import Kept, KeptColumn
from fastwright.design.naming import IDENTIFIER_LIMIT
from fastwright.design.nodes import entries, known_entries, text_word, word_list
from fastwright.design.source import did_you_mean
from fastwright.design.tree import Node, Scalar

KEYS = ("table", "key", "key_type", "columns", "joins")
COLUMN_KEYS = ("name", "type", "native")
KEY_TYPES: tuple[str, ...] = get_args(Kept.model_fields["key_type"].annotation)
COLUMN_TYPES: tuple[str, ...] = get_args(KeptColumn.model_fields["type"].annotation)
# Names go into code and into SQL: what would end a quoted name there is refused.
_NAME = rf'[^"\\%:\x00-\x1f\x7f]{{1,{IDENTIFIER_LIMIT}}}'
_EXAMPLE = "kept: {table: products, key: id, key_type: int, columns: {name: product_name}}"


def is_usable(name: str) -> bool:
    """Tell whether a table or a column of this name can be kept."""
    return re.fullmatch(_NAME, name) is not None


def read_kept(node: Node) -> Kept:
    """Return what was there before."""
    keys = known_entries(node, KEYS, "`kept`", _EXAMPLE)
    if "table" not in keys:
        raise node.spot.fault("`kept` does not say which table", hint=f"write it as `{_EXAMPLE}`")
    columns = entries(keys["columns"], "`columns`", "columns: {name: product_name}") if "columns" in keys else ()
    joins = (
        entries(keys["joins"], "`joins`", "joins: {tags: [product_tags, product_id, tag_id]}")
        if "joins" in keys
        else ()
    )
    return Kept.model_validate(
        {
            "table": _name(keys["table"]),
            "key": _name(keys["key"]) if "key" in keys else "id",
            "key_type": _among(keys["key_type"], KEY_TYPES) if "key_type" in keys else "int",
            "columns": tuple((member.text, _column(value)) for member, value in columns),
            "joins": tuple((member.text, _join(value)) for member, value in joins),
        }
    )


def kept_lines(kept: Kept) -> Iterator[str]:
    """Yield the lines of YAML from which `read_kept` reads the same again."""
    yield f"table: {json.dumps(kept.table)}"
    yield f"key: {json.dumps(kept.key)}"
    yield f"key_type: {kept.key_type}"
    if kept.columns:
        yield "columns:"
    for member, column in kept.columns:
        parts = {name: value for name, value in column.model_dump().items() if value}
        yield f"  {member}: {json.dumps(parts if len(parts) > 1 else column.name)}"
    if kept.joins:
        yield "joins:"
    yield from (f"  {member}: {json.dumps(list(names))}" for member, names in kept.joins)


def kept_schema() -> dict[str, object]:
    """Return the JSON schema of it."""
    name: dict[str, object] = {"type": "string", "pattern": f"^{_NAME}$"}
    told = {"name": name, "type": {"enum": list(COLUMN_TYPES)}, "native": name}
    column = {"type": "object", "properties": told, "required": ["name"], "additionalProperties": False}
    join = {"type": "array", "items": name, "minItems": 3, "maxItems": 3}
    return {
        "type": "object",
        "description": "The table that was there before; it is written by `new --from-db`.",
        "properties": {
            "table": name,
            "key": name,
            "key_type": {"enum": list(KEY_TYPES)},
            "columns": {"type": "object", "additionalProperties": {"anyOf": [name, column]}},
            "joins": {"type": "object", "additionalProperties": join},
        },
        "required": ["table"],
        "additionalProperties": False,
    }


def _name(node: Node) -> str:
    word = text_word(node, "the name of a table or a column", _EXAMPLE)
    if not is_usable(word.text):
        raise word.fault(f"`{word.text}` cannot be kept: the name would have to be quoted in SQL", hint="rename it")
    return word.text


def _among(node: Node, known: tuple[str, ...]) -> str:
    word = text_word(node, "one of the types", _EXAMPLE)
    if word.text not in known:
        raise word.fault(f"there is no type `{word.text}`", hint=did_you_mean(word.text, filter(None, known)))
    return word.text


def _column(node: Node) -> KeptColumn:
    if isinstance(node, Scalar):
        return KeptColumn(name=_name(node))
    keys = known_entries(node, COLUMN_KEYS, "a column", "price: {name: price, type: number}")
    if "name" not in keys:
        raise node.spot.fault("the column has no name", hint="write it as `price: {name: price, type: number}`")
    kind = _among(keys["type"], COLUMN_TYPES) if "type" in keys else ""
    native = _name(keys["native"]) if "native" in keys else ""
    return KeptColumn.model_validate({"name": _name(keys["name"]), "type": kind, "native": native})


def _join(node: Node) -> tuple[str, str, str]:
    words = word_list(node, "a join", "tags: [product_tags, product_id, tag_id]")
    if len(words) != 3 or not all(is_usable(word.text) for word in words):
        hint = "write it as `tags: [product_tags, product_id, tag_id]`"
        raise node.spot.fault("a join is a table, and its columns for this side and the other", hint=hint)
    return cast("tuple[str, str, str]", tuple(word.text for word in words))
