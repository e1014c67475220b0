"""By what names a request and the code of the app call the same values."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydantic import JsonValue

from fastwright.diagnose.answers import Loc, Part, Schema
from fastwright.diagnose.request import FILE_KEYS
from fastwright.diagnose.sampling import Sampler
from fastwright.diagnose.scene import Scene

# `request.headers.get("x-key")`, `request.query_params["page"]`
_READ = re.compile(r"""\b(headers|cookies|query_params|path_params)(?:\.get\(|\[)\s*b?["']([\w-]+)["']""")
_READ_PARTS: Mapping[str, Part] = {
    "headers": "header",
    "cookies": "cookie",
    "query_params": "query",
    "path_params": "path",
}


def place_in(scene: Scene, base: Loc | None, name: str) -> Loc | None:
    """Return where the value is that the code calls by an expression, such as `self.end` or `item.quantity`.

    In a validator, `base` is the value that it was given; a plain name there is that value itself.
    """
    read = _READ.search(name)
    if read is not None:
        return (_READ_PARTS[read[1]], read[2].lower() if read[1] == "headers" else read[2])
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
