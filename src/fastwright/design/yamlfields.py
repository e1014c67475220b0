"""Fields and relations in a YAML design: a shorthand word, or a mapping with the same parts by name."""

from __future__ import annotations

from dataclasses import replace

from fastwright.design.bounds import Bounds
from fastwright.design.draft import FieldDraft, RelationDraft
from fastwright.design.fields import FieldParts, make_field, parse_type, parts_of
from fastwright.design.model import FieldType
from fastwright.design.nodes import description, flag, known_entries, text_word, word_list
from fastwright.design.source import Word, did_you_mean
from fastwright.design.spec import is_relation, parse_field, parse_relation
from fastwright.design.tree import Node, Scalar, describe

FIELD_KEYS = (
    "type",
    "required",
    "unique",
    "default",
    "min_length",
    "max_length",
    "minimum",
    "maximum",
    "precision",
    "scale",
    "values",
    "content_types",
    "max_size",
    "versions",
    "description",
)
RELATION_KEYS = ("to", "required", "unique", "many", "description")
_EXAMPLE = "name: str(1..80)"
_LONG_EXAMPLE = "name: {type: str, max_length: 80}"
_BOUND_KEYS = {
    FieldType.STR: ("min_length", "max_length"),
    FieldType.TEXT: ("min_length", "max_length"),
    FieldType.INT: ("minimum", "maximum"),
    FieldType.DECIMAL: ("minimum", "maximum"),
}
_ALL_BOUND_KEYS = ("min_length", "max_length", "minimum", "maximum")


def read_member(name: Word, node: Node) -> FieldDraft | RelationDraft:
    """Return the field or relation called `name`."""
    if isinstance(node, Scalar):
        spec = text_word(node, f"a type for `{name.text}`", _EXAMPLE)
        return _short_member(name, spec)
    keys = known_entries(node, (*FIELD_KEYS, *RELATION_KEYS), f"the field `{name.text}`", _LONG_EXAMPLE)
    if "to" in keys:
        return _relation(name, keys)
    if "type" not in keys:
        message = f"the field `{name.text}` has neither `type` nor `to`"
        raise name.fault(message, hint=f"write it as `{_LONG_EXAMPLE}` or `author: {{to: User}}`")
    return _field(name, keys)


def _short_member(name: Word, spec: Word) -> FieldDraft | RelationDraft:
    if is_relation(spec):
        return parse_relation(name, spec)
    return make_field(parts_of(name, parse_field(spec)))


def _relation(name: Word, keys: dict[str, Node]) -> RelationDraft:
    _check_only(keys, RELATION_KEYS, "a relation")
    target = text_word(keys["to"], "the name of a resource", "author: {to: User}")
    many = "many" in keys and flag(keys["many"], "`many`")
    required = "required" not in keys or flag(keys["required"], "`required`")
    unique = "unique" in keys and flag(keys["unique"], "`unique`")
    if many and ("required" in keys or unique):
        wrong = keys["required"] if "required" in keys else keys["unique"]
        raise wrong.spot.fault(
            "a relation to many is neither required nor unique", hint="leave `required` and `unique` out: it is a list"
        )
    return RelationDraft(
        name=name,
        target=target,
        kind="many_to_many" if many else "to_one",
        required=required and not many,
        unique=unique,
        description=description(keys.get("description")),
    )


def _check_only(keys: dict[str, Node], allowed: tuple[str, ...], what: str) -> None:
    for key, node in keys.items():
        if key not in allowed:
            raise node.spot.fault(f"{what} has no `{key}`", hint=did_you_mean(key, allowed))


def _field(name: Word, keys: dict[str, Node]) -> FieldDraft:
    """Read `type`, which may itself be a shorthand, and what the other keys add to it."""
    _check_only(keys, FIELD_KEYS, "a field")
    parts = parts_of(name, parse_field(text_word(keys["type"], "a type", _LONG_EXAMPLE)))
    kind = parse_type(parts.type)
    parts = _with_marks(parts, keys)
    parts = _with_bounds(parts, keys, kind)
    for key in ("precision", "scale", "default", "max_size"):
        if key in keys:
            word = _scalar_word(keys[key], key)
            parts = _set_once(parts, key, word)
    if "versions" in keys:
        parts = _set_once(parts, "span", _scalar_word(keys["versions"], "versions"))
    for key, example in (("values", "[draft, published]"), ("content_types", "[image/png]")):
        if key in keys:
            parts = _set_once(parts, key, word_list(keys[key], f"`{key}`", f"{key}: {example}"))
    return make_field(replace(parts, description=description(keys.get("description"))))


def _with_marks(parts: FieldParts, keys: dict[str, Node]) -> FieldParts:
    if "required" in keys:
        required = flag(keys["required"], "`required`")
        if required and not parts.required:
            raise keys["required"].spot.fault(
                "the field is both optional (`?`) and required", hint="leave `?` or `required` out"
            )
        parts = replace(parts, required=required)
    if "unique" in keys and flag(keys["unique"], "`unique`"):
        parts = replace(parts, unique=Word("unique", keys["unique"].spot))
    return parts


def _with_bounds(parts: FieldParts, keys: dict[str, Node], kind: FieldType) -> FieldParts:
    lower_key, upper_key = _BOUND_KEYS.get(kind, ("", ""))
    for key in _ALL_BOUND_KEYS:
        if key in keys and key not in {lower_key, upper_key}:
            allowed = f"use `{lower_key}` and `{upper_key}`" if lower_key else "leave it out"
            raise keys[key].spot.fault(f"`{kind}` has no `{key}`", hint=allowed)
    lower = _bound(parts.bounds.lower, lower_key, keys)
    upper = _bound(parts.bounds.upper, upper_key, keys)
    return replace(parts, bounds=Bounds(lower, upper))


def _bound(written: Word | None, key: str, keys: dict[str, Node]) -> Word | None:
    if key not in keys:
        return written
    word = _scalar_word(keys[key], key)
    if written:
        raise _twice(word, key)
    return word


def _set_once(parts: FieldParts, key: str, value: Word | tuple[Word, ...]) -> FieldParts:
    written: Word | tuple[Word, ...] | None = getattr(parts, key)
    if written is not None:
        raise _twice(written if isinstance(written, Word) else parts.type, key)
    return replace(parts, **{key: value})


def _twice(word: Word, key: str) -> Exception:
    return word.fault(f"`{key}` is written twice: in `type` and on its own", hint="leave one of them out")


def _scalar_word(node: Node, key: str) -> Word:
    if isinstance(node, Scalar) and not node.empty:
        return node.word
    if isinstance(node, Scalar) and key == "default":
        raise node.spot.fault("a default cannot be null", hint="make the field optional with `required: false`")
    raise node.spot.fault(f"expected one value for `{key}`, found {describe(node)}", hint=f"write it as `{key}: …`")
