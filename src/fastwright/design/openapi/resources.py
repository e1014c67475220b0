"""Which resources the paths of a document serve: by what is returned there, and what may be sent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from fastwright.design import naming
from fastwright.design.openapi.document import Document, Json, Operation, listing, mapping, resource_of

_PARAMETER = re.compile(r"\{[^}]+\}(\.json)?$")
_ACTIONS = {
    ("get", False): "list",
    ("post", False): "create",
    ("get", True): "read",
    ("put", True): "update",
    ("patch", True): "update",
    ("delete", True): "delete",
}
_ACCOUNTS = re.compile(r"log-?(in|out)|sign-?(in|up|out)|register|token|oauth|password|session|/auth\b", re.IGNORECASE)
_PEOPLE = re.compile(r"/(users?|me|accounts?|profile)(/|$)", re.IGNORECASE)
_SIGNING_IN = re.compile(r"/(auth|oauth2?|logins?|logout)(/|$)", re.IGNORECASE)
_ENVELOPE = 4
_PART = 3


@dataclass
class Served:
    """A resource as it is served: its name, its schema as it is read, what creates one, and its operations."""

    name: str
    actions: dict[str, Operation] = field(default_factory=dict[str, Operation])
    read: dict[str, Any] = field(default_factory=dict[str, Any])
    required: set[str] = field(default_factory=set[str])
    sent: dict[str, Any] | None = None
    demanded: set[str] = field(default_factory=set[str])
    description: str = ""

    def take(self, action: str, operation: Operation, document: Document, schema: Json) -> None:
        """Add what an operation says."""
        self.actions[action] = operation
        for name, one in mapping(schema.get("properties")).items():
            self.read.setdefault(str(name), one)
        self.required |= set(map(str, listing(schema.get("required"))))
        self.description = self.description or str(schema.get("description") or "")
        sent = _content(document, operation.data.get("requestBody")) or _swagger(operation)
        body = inner(document, document.schema(sent))
        if action == "create" and mapping(body.get("properties")):
            self.sent = dict(mapping(body.get("properties")))
            self.demanded = set(map(str, listing(body.get("required"))))


# What is at one collection: its operations by their actions.
_Places = dict[str, dict[str, Operation]]


def served(document: Document, notes: list[str]) -> list[Served]:
    """Return the resources, in the order of the paths; every operation that belongs to none is noted."""
    operations = list(document.operations())
    places = _places(operations)
    homes: dict[str, str] = {}
    schemas: dict[str, Json] = {}
    for collection, actions in places.items():
        name, schema = _about(document, actions)
        if _SIGNING_IN.search(collection) or not name or name == naming.USER or not ({"list", "read"} & set(actions)):
            continue
        known = homes.get(name)
        if known is None or len(actions) > len(places[known]):
            homes[name], schemas[name] = collection, schema
    for name in [name for name in homes if _is_part(name, document, schemas)]:
        del homes[name]
    found: list[Served] = []
    used: set[int] = set()
    for name, collection in homes.items():
        one = Served(name)
        for action, operation in places[collection].items():
            used.add(id(operation))
            one.take(action, operation, document, _returned(document, operation)[1])
        found.append(one)
    notes += [f"{one.shown}: {_why(one, document)}" for one in operations if id(one) not in used]
    return found


def _places(operations: list[Operation]) -> _Places:
    """Return the operations by collection and action; PUT and PATCH of a collection change one of its rows."""
    places: _Places = {}
    for operation in operations:
        action, collection = _action(operation)
        if action:
            places.setdefault(collection, {}).setdefault(action, operation)
    for operation in operations:
        action, collection = _action(operation)
        if not action and operation.method in {"put", "patch"} and collection in places:
            places[collection].setdefault("update", operation)
    return places


def _about(document: Document, actions: Mapping[str, Operation]) -> tuple[str, Json]:
    """Return the name and the schema of what is at a collection, as reading one tells it, or else as others do."""
    for action in ("read", "list", "create", "update"):
        if action in actions:
            name, schema = _returned(document, actions[action], is_list=action == "list")
            if name:
                return name, schema
    return "", {}


def _is_part(name: str, document: Document, schemas: Mapping[str, Json]) -> bool:
    """Tell whether a resource without a schema of its own shows what another one is."""
    if any(resource_of(schema) == name for schema in document.schemas):
        return False
    own = set(mapping(schemas[name].get("properties")))
    others = [set(mapping(schema.get("properties"))) for other, schema in schemas.items() if other != name]
    return len(own) >= _PART and any(own < other for other in others)


def inner(document: Document, schema: Json) -> Json:
    """Return what is in an envelope: an object whose few properties hold one list of objects, or one object."""
    node = _enveloped(document, schema)
    return schema if node is None else document.schema(node)


def _enveloped(document: Document, schema: Json) -> Any:
    """Return what an envelope holds, or nothing if this is none."""
    properties = mapping(schema.get("properties"))
    if not 0 < len(properties) <= _ENVELOPE or "id" in properties:
        return None
    for in_list in (True, False):
        inside = [
            _items(document, each)
            for each in properties.values()
            if ("items" in document.schema(each)) is in_list
            and mapping(document.schema(_items(document, each)).get("properties"))
        ]
        if len(inside) == 1:
            return inside[0]
    return None


def _action(operation: Operation) -> tuple[str, str]:
    """Return what an operation does, and the path of the collection that it is about."""
    path = operation.path.rstrip("/")
    is_item = _PARAMETER.search(path) is not None
    collection = path.rpartition("/")[0] if is_item else path.removesuffix(".json")
    return _ACTIONS.get((operation.method, is_item), ""), collection


def _returned(document: Document, operation: Operation, *, is_list: bool = False) -> tuple[str, Json]:
    """Return the name and the schema of what an operation answers, out of its list or envelope."""
    responses = mapping(operation.data.get("responses"))
    good = [responses[status] for status in sorted(responses, key=str) if str(status).startswith("2")]
    for response in good:
        node = _content(document, response) or document.resolved(response).get("schema")
        name, schema = _named(document, node, operation)
        if mapping(schema.get("properties")) and not (is_list and schema == document.schema(node)):
            return name, schema
    return "", {}


def _named(document: Document, node: Any, operation: Operation) -> tuple[str, Json]:
    schema = document.schema(node)
    if schema.get("type") == "array" or "items" in schema:
        return _named(document, schema.get("items"), operation)
    properties = mapping(schema.get("properties"))
    inside = _enveloped(document, schema)
    if inside is not None:
        return resource_of(document.name_of(inside)) or _from_path(operation), document.schema(inside)
    return resource_of(document.name_of(node)) or (_from_path(operation) if properties else ""), schema


def _items(document: Document, node: Any) -> Any:
    """Return what is in a list, or the node itself."""
    return document.schema(node).get("items", node)


def _content(document: Document, node: Any) -> Any:
    """Return the JSON schema of a body or a response."""
    content = mapping(document.resolved(node).get("content"))
    kinds = sorted((kind for kind in content if "json" in str(kind)), key=len) or list(content)
    return mapping(content[kinds[0]]).get("schema") if kinds else None


def _swagger(operation: Operation) -> Any:
    bodies = [one.get("schema") for one in operation.parameters if one.get("in") == "body"]
    return bodies[0] if bodies else None


def _from_path(operation: Operation) -> str:
    parts = [part for part in _action(operation)[1].split("/") if part and "{" not in part]
    return naming.pascal(naming.singular(parts[-1])) if parts else ""


def _why(operation: Operation, document: Document) -> str:
    is_about_people = _PEOPLE.search(operation.path) and any(
        resource_of(name) == naming.USER for name in document.schemas
    )
    if _ACCOUNTS.search(operation.path) or is_about_people or _returned(document, operation)[0] == naming.USER:
        return "accounts and logins are built in, at /api/v1/users and /api/v1/auth"
    return "is not one of the five actions of a resource"


def listed_parameters(operation: Operation) -> Iterator[str]:
    """Yield the names of the query parameters of an operation."""
    yield from (str(one.get("name")) for one in operation.parameters if one.get("in") == "query")
