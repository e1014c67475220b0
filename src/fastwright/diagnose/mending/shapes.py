"""Lists and objects that are allowed, with what was sent in them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import cast

from pydantic import JsonValue

from fastwright.diagnose.answers import Schema
from fastwright.diagnose.mending.case import Case
from fastwright.diagnose.mending.texts import longer, nearest, shorter
from fastwright.diagnose.sampling import another

_ENCLOSED = re.compile(r"'([^']*)'|\"([^\"]*)\"|(\S+)")


def more(case: Case) -> JsonValue:
    value = case.value
    least = int(case.context.get("min_length", 1))
    if isinstance(value, list):
        items = list(value)
        while len(items) < least:
            item = case.sampler.sample(case.schema.get("items"), case.name.removesuffix("s"))
            items.append(another(item, len(items)) if item in items else item)
        return items
    if isinstance(value, dict):
        inner = cast("Schema", case.schema.get("additionalProperties") or {})
        return {**value, **{f"key{n}": case.sampler.sample(inner) for n in range(least - len(value))}}
    return longer(case)


def fewer(case: Case) -> JsonValue:
    value, most = case.value, int(case.context["max_length"])
    if isinstance(value, list):
        return value[:most]
    if isinstance(value, dict):
        return dict(list(value.items())[:most])
    return shorter(case)


def collection(case: Case) -> JsonValue:
    """Return a list: what was sent as its only item, or what a text lists."""
    value = case.value
    if isinstance(value, str):
        parsed = _parsed(value)
        if isinstance(parsed, list):
            return parsed
        if "," in value:
            return [part.strip() for part in value.split(",") if part.strip()]
    if isinstance(value, dict) and value and all(key.isdigit() for key in value):
        return list(value.values())
    return [cast("JsonValue", value)] if value is not None else case.sample()


def mapping(case: Case) -> JsonValue:
    value = case.value
    if isinstance(value, str) and isinstance(parsed := _parsed(value), dict):
        return parsed
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], dict):
        return value[0]
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return value[0]
    return case.sample()


def _parsed(text: str) -> JsonValue:
    try:
        found: JsonValue = json.loads(text)
    except ValueError:
        return None
    return found


def tag(case: Case) -> JsonValue:
    """Return the object with the tag that is nearest to the one that was sent, or the first one."""
    value = case.value if isinstance(case.value, dict) else {}
    key = str(case.context.get("discriminator", "type")).strip("'\"")
    tags = [one[0] or one[1] for one in _ENCLOSED.findall(str(case.context.get("expected_tags", ""))) if any(one[:2])]
    if not tags:
        return case.sample()
    tag = nearest(value.get(key, ""), list(tags)) if key in value else _tag_by_fields(case, value) or tags[0]
    return {**value, key: tag}


def _tag_by_fields(case: Case, value: Mapping[str, JsonValue]) -> str | None:
    """Return the tag of the alternative that has most of the keys that were sent."""
    mapping: dict[str, str] = case.schema.get("discriminator", {}).get("mapping", {})
    scores = {
        tag: len(set(case.sampler.resolved({"$ref": reference}).get("properties", {})) & set(value))
        for tag, reference in mapping.items()
    }
    return max(scores, key=lambda tag: scores[tag]) if any(scores.values()) else None
