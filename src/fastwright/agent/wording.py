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
    if isinstance(value, dict):
        fields = cast("dict[str, Any]", value)
        return " ".join(f"{name}={_value(one)}" for name, one in fields.items() if one not in (None, True))
    if isinstance(value, list):
        return ", ".join(_value(one) for one in cast("list[Any]", value))
    return str(value)
