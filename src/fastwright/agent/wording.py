"""A step in words."""

from __future__ import annotations

from typing import Any, cast

from fastwright.agent.plan import Step


def shown(step: Step) -> str:
    """Return a step as people read it: `protect /api/orders, DELETE, role admin`."""
    parts = [
        str(part) for part in (step.args.get("capability"), step.args.get("resource"), step.args.get("path")) if part
    ]
    rest = [
        f"{name} {_value(value)}"
        for name, value in step.args.items()
        if name not in {"capability", "resource", "path", "endpoint", "name"}
    ]
    named = [str(step.args[name]) for name in ("endpoint", "name") if name in step.args and step.verb != "add"]
    return ", ".join([" ".join([step.verb, *parts, *named]), *rest])


def _value(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_value(one) for one in cast("list[Any]", value))
    return _described(cast("dict[str, Any]", value)) if isinstance(value, dict) else str(value)


def _described(value: dict[str, Any]) -> str:
    """Return a field, a relation or a resource as the design language has it: `code:str(..8)!`, `->User`."""
    if "to" in value:
        return f"{_ARROWS[value['kind']]}{value['to']}"
    if "resource" in value:
        inside = ", ".join(_value(value[part]) for part in ("fields", "relations") if value.get(part))
        return f"{value['resource']} ({inside})" if inside else str(value["resource"])
    bounds = ["" if value.get(end) is None else str(value[end]) for end in ("min", "max")]
    marks = "!" * bool(value.get("unique")) + "?" * (not value.get("required", True))
    return "".join([value["name"], ":", value["type"], f"({'..'.join(bounds)})" if any(bounds) else "", marks])


_ARROWS = {"many-to-one": "->", "one-to-many": "<-", "many-to-many": "<->"}
