"""Bodies that the endpoints of an app accept, told by the fields of their models."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import Literal

from fastwright.project.model import Endpoint
from fastwright.project.names import Symbol
from fastwright.project.source import last_name
from fastwright.recipes._recipe import Known
from fastwright.recipes._suite.contract import Contract

Which = Literal["first", "second"]
# Long, and of all the kinds of characters that apps ask for.
PASSWORD = "Violet-Staircase-42!"  # noqa: S105 - it is sent to a scratch copy only
ADDRESS = "new-account@example.com"
# Lower case, so that no two names look alike.
NAME = "ada.lovelace"
_SAMPLES: dict[str, object] = {
    "str": "AdaLovelace",
    "int": 1,
    "bool": True,
    "float": 1.5,
    "Decimal": "1.5",
    "date": "1990-01-15",
    "datetime": "1990-01-15T12:00:00",
}
_DIGITS: dict[Which, int] = {"first": 1, "second": 2}
_PHONE = re.compile(r"phone|mobile|cell")
_USER = re.compile(r"user_?name|login|nick|handle")


def identity(body: Mapping[str, object]) -> str:
    """Return the field of an account that no other one has: its address, or else the name of its user."""
    for pattern in (r"e_?mail", _USER, r"name"):
        found = next((field for field in body if re.search(pattern, field)), "")
        if found:
            return found
    return ""


def another(body: Mapping[str, object], which: Which) -> dict[str, object]:
    """Return a body for an account of its own: what apps keep unique differs from that of all others."""

    def changed(name: str, value: object) -> object:
        if not isinstance(value, str):
            return value
        if _PHONE.search(name):
            return f"{value[:-1]}{_DIGITS[which]}"
        is_own = "@" in value or name == identity(body) or _USER.search(name)
        return f"{which}{value}" if is_own else value

    return {name: changed(name, value) for name, value in body.items()}


def schema(known: Known, name: str | None) -> Symbol | None:
    """Return where a model of answers is defined."""
    if not name or not name.isidentifier():
        return None
    return next(((file.path, name) for file in known.source.own if name in file.definitions), None)


def sample_body(known: Known, endpoint: Endpoint) -> dict[str, object] | None:
    """Return a body that an endpoint of registration takes, or nothing if that cannot be told."""
    where = schema(known, endpoint.request_model)
    fields = dict(fields_of(known, where)) if where else {}
    documented = _documented(known, endpoint)
    found: dict[str, object] = {}
    for name, (kind, has_default) in fields.items():
        if re.search(r"e_?mail", name):
            found[name] = ADDRESS
        elif "password" in name or name in ("pw", "pwd"):
            found[name] = PASSWORD
        elif not has_default:
            if kind not in _SAMPLES and name not in documented:
                return None
            value = _SAMPLES[kind] if kind in _SAMPLES else documented[name]
            found[name] = "9876543210" if kind == "str" and _PHONE.search(name) else value
    return found or None


def _documented(known: Known, endpoint: Endpoint) -> Mapping[str, object]:
    """Return a body that the OpenAPI document allows; of names, addresses and passwords it knows too little."""
    body = Contract(known.rehearsal).sample(endpoint) if known.rehearsal else None
    return body if isinstance(body, dict) else {}


def fields_of(known: Known, where: Symbol, depth: int = 4) -> Iterator[tuple[str, tuple[str, bool]]]:
    """Yield the fields of a model with their types, those of its bases first."""
    definition = known.names.definition(where)
    if not isinstance(definition, ast.ClassDef) or not depth:
        return
    for base in definition.bases:
        above = known.names.resolve(where[0], base)
        if above is not None and above != where:
            yield from fields_of(known, above, depth - 1)
    for node in definition.body:
        if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            kind, *said = _annotated(node.annotation)
            required = node.value is None and not any(_has_default(one) for one in said)
            if node.value is not None:
                required = isinstance(node.value, ast.Call) and not _has_default(node.value)
            yield node.target.id, (last_name(kind), not required)


def _annotated(annotation: ast.expr) -> list[ast.expr]:
    """Return the type of a field, and what `Annotated` says of it besides."""
    if isinstance(annotation, ast.Subscript) and last_name(annotation.value) == "Annotated":
        inner = annotation.slice
        return list(inner.elts) if isinstance(inner, ast.Tuple) else [inner]
    return [annotation]


def _has_default(value: ast.expr) -> bool:
    """Tell whether a call such as `Field(…)` gives a default; three dots are none."""
    if not isinstance(value, ast.Call):
        return False
    first = value.args[0] if value.args else None
    named = {one.arg for one in value.keywords} & {"default", "default_factory"}
    return bool(named) or (first is not None and not (isinstance(first, ast.Constant) and first.value is Ellipsis))
