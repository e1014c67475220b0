"""What Schemathesis cannot read off the OpenAPI document: rules that JSON Schema has no words for.

Only requests that have to be accepted are touched. Those that have to be refused are sent as they were made up.
"""

import hashlib
import json
import os
import string
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import schemathesis
from hypothesis import strategies
from schemathesis import Case, GenerationMode, HookContext, Response

API = "/api/v1/"
PRECONDITIONS = ("If-Match", "If-None-Match")
KEY = "Idempotency-Key"
PASSWORDS = ("password", "new_password")
NAMES = strategies.text(string.ascii_lowercase + string.digits, min_size=1, max_size=20)
# Domains that are reserved are refused, since no mail could ever reach them.
DOMAINS = strategies.sampled_from(["mail.net", "post.org"])

# The fields of each resource that name rows of another one; a row that does not exist is a conflict, rightly.
REFERENCES: dict[str, dict[str, str]] = {
    "categories": {
        "parent_id": "categories",
    },
    "products": {
        "category_id": "categories",
        "tag_ids": "tags",
    },
    "posts": {
        "tag_ids": "tags",
    },
    "orders": {
        "product_id": "products",
    },
}
# The rows that are known, by resource and the user whose they are; None for everybody's.
known: defaultdict[tuple[str, str | None], dict[str, None]] = defaultdict(dict)
for _user, _resources in json.loads(Path(os.environ["CONTRACT_ROWS"]).read_text(encoding="utf-8")).items():
    for _name, _ids in _resources.items():
        known[_name, _user].update(dict.fromkeys(_ids))
        known[_name, None].update(dict.fromkeys(_ids))

schemathesis.openapi.format("email", strategies.builds("{}@{}".format, NAMES, DOMAINS))


@schemathesis.hook
def before_call(_context: HookContext, case: Case[Any], _kwargs: dict[str, Any]) -> None:
    """Make a valid request one that can be fulfilled: it refers to what exists, and breaks no rule besides."""
    if case.meta is None or case.meta.generation.mode is not GenerationMode.POSITIVE:
        return
    case.query.pop("cursor", None)  # only one that a list handed out is valid
    if any(where == "header" and part.mode is GenerationMode.NEGATIVE for where, part in case.meta.components.items()):
        # Schemathesis 4.32 can put a header that has to be refused into a request that has to be accepted.
        for name in PRECONDITIONS:
            case.headers.pop(name, None)
    if KEY in case.headers:
        case.headers[KEY] = uuid4().hex  # one that was sent with another request before is refused
    if isinstance(case.body, dict):
        body: dict[str, Any] = case.body
        case.body = {name: _fulfillable(case, name, value) for name, value in body.items()}


def _fulfillable(case: Case[Any], name: str, value: Any) -> Any:  # noqa: ANN401 - JSON
    if name in PASSWORDS and isinstance(value, str):
        return _hard_to_guess(len(value))
    if isinstance(value, float) and value.is_integer():
        return int(value)  # for JSON Schema 1.0 is an integer, too
    target = REFERENCES.get(_resource(case), {}).get(name)
    if target and value:
        rows = _usable(case, target)
        if rows and isinstance(value, list):
            return rows[-len(value) :]
        if rows:
            return rows[-1]
    return value


def _usable(case: Case[Any], resource: str) -> list[str]:
    """Return the rows that are the caller's, or else everybody's."""
    return [*(known[resource, case.auth_identity] or known[resource, None])]


def _hard_to_guess(length: int) -> str:
    """Return a password of the length that was to be tried: common ones are refused, and so is one's own name."""
    return hashlib.shake_128(b"contract").hexdigest(64)[:length]


@schemathesis.hook
def after_call(_context: HookContext, case: Case[Any], response: Response) -> None:
    """Remember the rows that an answer shows, and forget those that are gone."""
    resource = _resource(case)
    if case.method == "DELETE" and response.status_code == 204:
        for row in (case.path_parameters or {}).values():
            for rows in known.values():
                rows.pop(str(row), None)
    elif response.status_code in (200, 201):
        for row in _shown(response):
            known[resource, None][row] = None
            if case.method == "POST":
                known[resource, case.auth_identity][row] = None


def _shown(response: Response) -> Iterator[str]:
    try:
        body = response.json()
    except ValueError:
        return
    shown = body["items"] if isinstance(body, dict) and "next_cursor" in body else [body]
    yield from (str(row["id"]) for row in shown if isinstance(row, dict) and "id" in row)


def _resource(case: Case[Any]) -> str:
    """Return the first segment of the path behind the version: `products`."""
    path: str = case.operation.path
    return path.removeprefix(API).partition("/")[0]
