"""Requests that come to an endpoint: a path and a body that it takes, and what may have to be around them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from typing import Any

from pydantic import JsonValue

from fastwright.project.model import Endpoint
from fastwright.project.probe.columns import row_uuid
from fastwright.proof.calls import Around, Call
from fastwright.recipes._platform.limiting import refusing
from fastwright.recipes._recipe import Known
from fastwright.recipes._suite.contract import Contract

_PARAMETER = re.compile(r"\{([^}:]+)[^}]*\}")
_ROWS = 2


def attempts(known: Known, endpoint: Endpoint) -> Iterator[tuple[Call, Around]]:
    """Yield a request with what may have to be around it: rows or none, and whether flags are set."""
    if known.rehearsal is None:
        return
    contract = Contract(known.rehearsal)
    fill = {model.table: _ROWS for model in known.project.models if model.table}
    body = _with_keys(known, contract.sample(endpoint)) if contract.body(endpoint) is not None else None
    call = Call(method=endpoint.method, path=_path(known, endpoint, contract), json_body=body)
    for rows, flag in product((fill, {}), (False, True)):
        yield call, Around(admits=refusing([endpoint]), fill=rows, flag=flag, rows=tuple(fill))


def _path(known: Known, endpoint: Endpoint, contract: Contract) -> str:
    def value(found: re.Match[str]) -> str:
        schema = contract.parameter(endpoint, found[1])
        if schema.get("format") == "uuid" or _is_uuid(known, found[1]):
            return str(row_uuid(1))
        return f"{1:06}{found[1]}" if schema.get("type") == "string" else "1"

    return _PARAMETER.sub(value, endpoint.path)


def _is_uuid(known: Known, parameter: str) -> bool:
    """Tell a parameter that is named like keys which are UUIDs, such as `book_uid`, whatever its own type is."""
    keys = [column for model in known.project.models for column in model.columns if column.primary_key]
    meant = [one.type for one in keys if parameter == one.name or parameter.endswith(f"_{one.name}")]
    return bool(meant) and all(kind in ("UUID", "CHAR(32)") for kind in meant)


def _with_keys(known: Known, body: JsonValue) -> JsonValue:
    """Return a body that refers to rows which are there, where its fields are named like keys."""
    if isinstance(body, list):
        return [_with_keys(known, one) for one in body] or body
    if not isinstance(body, dict):
        return body
    keys = {
        column.name: column.type for model in known.project.models for column in model.columns if column.primary_key
    }
    found: dict[str, Any] = {}
    for name, value in body.items():
        if isinstance(value, dict | list):
            found[name] = _with_keys(known, value)
        elif name.endswith("_id") and isinstance(value, int):
            found[name] = 1
        elif isinstance(value, str) and (name.endswith("_id") or (_is_uuid(known, name) and name not in keys)):
            found[name] = str(row_uuid(1))
        elif keys.get(name, "").startswith("VARCHAR") and name != "id":
            found[name] = f"{1:06}{name}"
        else:
            found[name] = value
    return found
