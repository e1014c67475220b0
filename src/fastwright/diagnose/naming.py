"""By what names a request and the code of the app call the same values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from pydantic import JsonValue

from fastwright.diagnose import values
from fastwright.diagnose.answers import Loc, Route, Schema
from fastwright.diagnose.request import FILE_KEYS, Request, path_parameters
from fastwright.diagnose.sampling import Sampler
from fastwright.diagnose.scene import Scene

_MOST = 30


def named_values(request: Request, route: Route | None) -> dict[str, Any]:
    """Return the values in a request that may be keys of rows, by their names where they have one."""
    pairs: list[tuple[str, JsonValue]] = list((path_parameters(request.path, route) if route else {}).items())
    pairs += list(request.query)
    whole = request.json
    form = request.form
    if form is not None:
        pairs += [(part.name, part.text) for part in form.parts if part.filename is None]
    elif not isinstance(whole, values.Missing):
        pairs += _leaves(whole, "")
    keys = [(name, value) for name, value in pairs if _is_key(name)]
    words = [name for name, _value in keys] + [step for step in request.path.split("/") if step]
    return {"values": [value for _name, value in keys][:_MOST], "named": dict(reversed(keys)), "words": words}


def _is_key(name: str) -> bool:
    """Tell whether a name is that of a key: `id`, `product_id`, `userId`, `tag_ids`, `slug`."""
    plain = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name).lower()
    return (
        bool(re.search(r"(^|_)(ids?|uuid|pk|key|slug|code|no|number|name|username|sku|isbn|ref)$", plain)) or not plain
    )


def _leaves(value: JsonValue, name: str) -> list[tuple[str, JsonValue]]:
    if isinstance(value, dict):
        return [pair for key, one in value.items() for pair in _leaves(one, key)]
    if isinstance(value, list):
        return [pair for one in value for pair in _leaves(one, name)]
    return [(name, value)]


def place_in(scene: Scene, base: Loc | None, name: str) -> Loc | None:
    """Return where the value is that the code calls by an expression, such as `self.end` or `item.quantity`.

    In a validator, `base` is the value that it was given; a plain name there is that value itself.
    """
    words = re.findall(r"[A-Za-z_]\w*", re.sub(r"\[(\d+)\]", "", name))
    words = [word for word in words if word not in ("data", "values", "info", "get", "self", "cls")]
    if base is not None:
        return _in_validator(scene, base, name, words)
    if not words:
        return None
    for word in reversed(words):
        for field in scene.operation.fields:
            if word in (field.name, field.alias) and not field.whole:
                of_file = words[-1:] if field.kind == "file" and words[-1] in FILE_KEYS else []
                return (field.part, field.alias, *of_file)
    for field in scene.operation.fields:
        for word in reversed(words if field.schema_ else []):
            below = _below(field.schema_ or {}, word)
            if below is not None:
                return (field.part, *(() if field.whole else (field.alias,)), below)
    return None


def _in_validator(scene: Scene, base: Loc, name: str, words: list[str]) -> Loc | None:
    value = scene.value(base)
    if isinstance(value, dict):
        key = _key(value, words[-1]) if words else None
        if key is not None:
            return (*base, key)
        return None if words and ("." in name or "[" in name) else base
    if "." in name or "[" in name:
        sibling = scene.value(base[:-1]) if len(base) > 1 else None
        key = _key(sibling, words[-1]) if isinstance(sibling, dict) and words else None
        return (*base[:-1], key) if key is not None else base
    return base if words else None


def _key(value: Mapping[str, JsonValue], word: str) -> str | None:
    return next((key for key in value if _plain(key) == _plain(word)), None)


def _below(schema: Schema, word: str) -> str | None:
    sampler = Sampler(schema.get("$defs", {}))
    properties = sampler.resolved(schema).get("properties", {})
    return next((key for key in properties if _plain(key) == _plain(word)), None)


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())
