"""Reach into JSON values: what is at a location, and the same value with something else there."""

from __future__ import annotations

import json
from enum import Enum

from pydantic import JsonValue

from fastwright.diagnose.answers import Loc


class Missing(Enum):
    """There is nothing, which is not the same as null."""

    MISSING = "missing"


MISSING = Missing.MISSING


def get(value: JsonValue | Missing, loc: Loc) -> JsonValue | Missing:
    """Return what is at a location."""
    for key in loc:
        if isinstance(value, dict) and str(key) in value:
            value = value[str(key)]
        elif isinstance(value, list) and isinstance(key, int) and -len(value) <= key < len(value):
            value = value[key]
        else:
            return MISSING
    return value


def put(value: JsonValue, loc: Loc, new: JsonValue) -> JsonValue:
    """Return the value with `new` at a location; what is on the way there is made."""
    if not loc:
        return new
    key, rest = loc[0], loc[1:]
    if isinstance(key, int):
        items: list[JsonValue] = list(value) if isinstance(value, list) else []
        while len(items) <= key:
            items.append(None)
        items[key] = put(items[key], rest, new)
        return items
    known: dict[str, JsonValue] = dict(value) if isinstance(value, dict) else {}
    return {**known, key: put(known.get(key), rest, new)}


def remove(value: JsonValue, loc: Loc) -> JsonValue:
    """Return the value without what is at a location."""
    if not loc:
        return None
    key, rest = loc[0], loc[1:]
    if isinstance(value, dict) and str(key) in value:
        if rest:
            return {**value, str(key): remove(value[str(key)], rest)}
        return {name: one for name, one in value.items() if name != key}
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        below = [remove(value[key], rest)] if rest else []
        return [*value[:key], *below, *value[key + 1 :]]
    return value


def text(value: JsonValue) -> str:
    """Return a value as it is written in a URL, a header or a form."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, dict | list) else str(value)


def renamed(value: JsonValue, loc: Loc, name: str) -> JsonValue:
    """Return the value with another name for the key at a location, in the same place."""
    if len(loc) > 1:
        below = get(value, loc[:1])
        return value if below is MISSING else put(value, loc[:1], renamed(below, loc[1:], name))
    if not isinstance(value, dict) or not loc:
        return value
    return {name if known == loc[0] else known: one for known, one in value.items()}
