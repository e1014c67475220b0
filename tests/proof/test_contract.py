"""Schemas and access, before and after: what counts as breaking, for those who send and for those who receive."""

from __future__ import annotations

from typing import Any

import pytest

from fastwright.project.model import Auth, Guard
from fastwright.proof.access import verdict_of
from fastwright.proof.contract import is_announced
from fastwright.proof.schemas import Comparison, Side

Schema = dict[str, Any]
TEXT: Schema = {"type": "string"}
WHOLE: Schema = {"type": "integer"}
NUMBER: Schema = {"type": "number"}
NULL: Schema = {"type": "null"}


def either(*schemas: Schema) -> Schema:
    return {"anyOf": list(schemas)}


def model(required: tuple[str, ...] = (), **properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(required)}


def found(side: Side, old: Schema, new: Schema) -> dict[str, str]:
    comparison = Comparison(old, new, side)
    comparison.compare(old.get("root", old), new.get("root", new), "")
    return {one.rule: one.severity for one in comparison.found}


@pytest.mark.parametrize(
    ("old", "new", "request_rules", "response_rules"),
    [
        (TEXT, TEXT, {}, {}),
        (TEXT, WHOLE, {"request-type-changed": "breaking"}, {"response-type-changed": "breaking"}),
        (WHOLE, NUMBER, {}, {"response-type-changed": "breaking"}),
        (NUMBER, WHOLE, {"request-type-changed": "breaking"}, {}),
        ({}, TEXT, {"request-type-changed": "breaking"}, {}),
        (TEXT, {}, {}, {"response-type-changed": "breaking"}),
        (TEXT, either(TEXT, NULL), {}, {"response-nullable": "breaking"}),
        (either(TEXT, NULL), TEXT, {"request-not-nullable": "breaking"}, {}),
        (either(TEXT, WHOLE), TEXT, {"request-type-changed": "breaking"}, {}),
        ({"type": ["string", "null"]}, either(TEXT, NULL), {}, {}),
        ({**TEXT, "enum": ["a", "b"]}, {**TEXT, "enum": ["a"]}, {"request-enum-value-removed": "breaking"}, {}),
        ({**TEXT, "enum": ["a"]}, {**TEXT, "enum": ["a", "b"]}, {}, {"response-enum-value-added": "note"}),
        (TEXT, {**TEXT, "enum": ["a"]}, {"request-enum-added": "breaking"}, {}),
        ({**TEXT, "const": "a"}, {**TEXT, "enum": ["a"]}, {}, {}),
        (TEXT, {**TEXT, "maxLength": 5}, {"request-narrowed": "breaking"}, {}),
        ({**TEXT, "maxLength": 5}, {**TEXT, "maxLength": 6}, {}, {}),
        ({**WHOLE, "minimum": 1}, {**WHOLE, "minimum": 2}, {"request-narrowed": "breaking"}, {}),
        (TEXT, {**TEXT, "pattern": "^a"}, {"request-narrowed": "breaking"}, {}),
        (TEXT, {**TEXT, "format": "uuid"}, {"request-format-changed": "breaking"}, {"response-format-changed": "note"}),
        ({**TEXT, "format": "date"}, TEXT, {"request-format-changed": "note"}, {"response-format-changed": "breaking"}),
        (model(a=TEXT), model(("a",), a=TEXT), {"request-field-required": "breaking"}, {}),
        (model(("a",), a=TEXT), model(a=TEXT), {}, {"response-field-optional": "breaking"}),
        (model(), model(a=TEXT), {"request-field-added": "note"}, {"response-field-added": "note"}),
        (
            model(),
            model(("a",), a=TEXT),
            {"request-required-field-added": "breaking"},
            {"response-field-added": "note"},
        ),
        (model(a=TEXT), model(), {"request-field-removed": "warning"}, {"response-field-removed": "breaking"}),
        (model(), model() | {"additionalProperties": False}, {"request-closed": "breaking"}, {}),
        (
            {"type": "array", "items": WHOLE},
            {"type": "array", "items": TEXT},
            {"request-type-changed": "breaking"},
            {"response-type-changed": "breaking"},
        ),
    ],
)
def test_a_request_may_widen_and_a_response_may_narrow(
    old: Schema, new: Schema, request_rules: dict[str, str], response_rules: dict[str, str]
) -> None:
    assert found("request", old, new) == request_rules
    assert found("response", old, new) == response_rules


@pytest.mark.parametrize(
    ("name", "is_secret"),
    [
        ("password", True),
        ("hashed_password", True),
        ("passwordHash", True),
        ("pw_hash", True),
        ("api_key", True),
        ("has_password", False),
        ("password_changed_at", False),
        ("access_token", False),
        ("name", False),
    ],
)
def test_a_field_that_is_a_secret_by_its_name_is_a_leak(name: str, is_secret: bool) -> None:
    rule = "response-secret-added" if is_secret else "response-field-added"
    assert list(found("response", model(), model() | {"properties": {name: TEXT}})) == [rule]


def test_a_field_that_is_masked_is_no_leak() -> None:
    masked = model(password={**TEXT, "format": "password", "writeOnly": True})
    assert list(found("response", model(), masked)) == ["response-field-added"]


def test_models_are_compared_by_what_they_are_and_not_by_their_names() -> None:
    old = {"root": {"$ref": "#/defs/Old"}, "defs": {"Old": model(a=WHOLE)}}
    new = {"root": {"allOf": [{"$ref": "#/defs/Renamed"}]}, "defs": {"Renamed": model(a=WHOLE)}}
    assert found("response", old, new) == {}
    new["defs"] = {"Renamed": model(a=TEXT)}
    assert found("response", old, new) == {"response-type-changed": "breaking"}


def test_a_model_that_contains_itself_ends() -> None:
    def tree(leaf: Schema) -> Schema:
        node = model(leaf=leaf, children={"type": "array", "items": {"$ref": "#/defs/Node"}})
        return {"root": {"$ref": "#/defs/Node"}, "defs": {"Node": node}}

    assert found("request", tree(WHOLE), tree(WHOLE)) == {}
    assert found("request", tree(WHOLE), tree(TEXT)) == {"request-type-changed": "breaking"}


def auth(required: bool, *guards: str, proven: bool = True, roles: tuple[str, ...] = ()) -> Auth:
    made = tuple(Guard(name=name, shown=name, level="endpoint", chain=(name,), refuses=True) for name in guards)
    return Auth(required=required, proven=proven, claimed=required, roles=roles, guards=made)


@pytest.mark.parametrize(
    ("old", "new", "rule", "severity"),
    [
        (auth(True, "user"), auth(True, "user"), "same", "same"),
        (auth(True, "user"), auth(False), "endpoint-public", "public"),
        (auth(True, "user"), auth(False, proven=False), "endpoint-public", "public"),
        (auth(False), auth(True, "user"), "protected", "note"),
        (auth(True, "user"), auth(True, "user", proven=False), "refusal-not-seen", "weaker"),
        (auth(True, "user", roles=("admin",)), auth(True, "user"), "roles-changed", "weaker"),
        (auth(True, "user", roles=("a",)), auth(True, "user", roles=("a", "b")), "roles-changed", "weaker"),
        (auth(True, "user"), auth(True, "user", roles=("admin",)), "role-required", "warning"),
        (auth(True, "user", "active"), auth(True, "user"), "guard-removed", "weaker"),
        (auth(True, "user", "active"), auth(True, "user", "enabled"), "guard-changed", "warning"),
        (auth(True, "user"), auth(True, "user", "active"), "guard-added", "note"),
    ],
)
def test_a_refusal_that_is_lost_is_harmful(old: Auth, new: Auth, rule: str, severity: str) -> None:
    assert verdict_of(old, new)[:2] == (rule, severity)


def test_that_an_endpoint_becomes_public_is_announced_by_rule_and_endpoint() -> None:
    assert is_announced("endpoint-removed", "GET /a", ("GET /a",))
    assert is_announced("endpoint-removed", "GET /a", ("endpoint-removed",))
    assert not is_announced("endpoint-public", "GET /a", ("GET /a", "endpoint-public"))
    assert is_announced("endpoint-public", "GET /a", ("endpoint-public GET /a",))
