"""From a document to a design: every resource with its members and guards, and a sentence for what has no place."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from fastwright.design import naming
from fastwright.design.draft import ACTIONS
from fastwright.design.model import FieldType
from fastwright.design.openapi.document import Document, Operation, listing, load, mapping
from fastwright.design.openapi.members import add_member
from fastwright.design.openapi.resources import Served, listed_parameters, served
from fastwright.design.sketch import Imported, Sketch, built, one_line, plural_of, resource_name
from fastwright.design.source import listed
from fastwright.errors import InputError

_READS = frozenset({"list", "read"})
_SAME = {"created": "created_at", "updated": "updated_at", "modified_at": "updated_at", "uuid": "id", "_id": "id"}
_SHOWN = 5
_PAGING = frozenset({"limit", "offset", "page", "page_size", "per_page", "pageSize", "cursor", "sort", "q"})
_FILTERED = frozenset(FieldType) - {FieldType.TEXT, FieldType.JSON, FieldType.URL}
_PAST = {"list": "listed", "read": "read", "create": "created", "update": "updated", "delete": "deleted"}


def read_openapi(path: Path, name: str) -> Imported:
    """Return the design, called `name`, of the API that a document describes.

    Raises `InputError` if it cannot be read, or if no design comes of it.
    """
    document = load(path)
    notes: list[str] = []
    resources = served(document, notes)
    names = {one.name: resource_name(one.name, name, notes) for one in resources}
    targets = {**names, naming.USER: naming.USER}
    sketches = [_sketch(document, one, targets, notes) for one in resources]
    notes += _aside(document, resources, targets)
    if not sketches:
        hint = "write the design by hand: fastwright new NAME --design FILE"
        raise InputError(f"no resource comes of {path}: {'; '.join(notes[:_SHOWN]) or 'it has no paths'}", hint=hint)
    info = mapping(document.data.get("info"))
    return built(name, str(info.get("title") or ""), sketches, notes)


def _sketch(document: Document, one: Served, targets: Mapping[str, str], notes: list[str]) -> Sketch:
    sketch = Sketch(targets[one.name], description=one_line(one.description))
    sketch.plural = plural_of(sketch.name)
    sent = _by_relation(one.sent, one)
    for text, node in {**one.read, **(sent or {})}.items():
        schema = document.schema(node)
        where = f"{sketch.name}.{text}"
        if naming.snake(text) in naming.AUTOMATIC_COLUMNS or text in _SAME:
            automatic = _SAME.get(text, naming.snake(text))
            if automatic == "id" and schema.get("format") != "uuid":
                notes.append(f"{where}: the id is a UUID here")
            continue
        if schema.get("writeOnly"):
            notes.append(f"{where} is only sent, never read: it has no place here")
            continue
        is_computed = bool(schema.get("readOnly")) or (sent is not None and text not in sent)
        if is_computed:
            notes.append(f"{where} is set by the server there; here it is an optional field")
        required = text in (one.demanded if sent is not None else one.required) and not is_computed
        if is_computed and document.name_of(node) == naming.USER:
            required = text in one.required  # whoever creates it is its owner
        add_member(sketch, document, targets, (text, node), required=required, notes=notes)
    _guard(sketch, document, one, notes)
    _list(sketch, one, notes)
    return sketch


def _by_relation(sent: dict[str, Any] | None, one: Served) -> dict[str, Any] | None:
    """Return what is sent, where `shelf_id` and `tag_ids` are the `shelf` and the `tags` that are read."""
    if sent is None:
        return None
    names: dict[str, str] = {}
    for text in sent:
        name = naming.snake(text)
        short = naming.plural(name.removesuffix("_ids")) if name.endswith("_ids") else name.removesuffix("_id")
        names[text] = next((read for read in one.read if naming.snake(read) == short), text)
    one.demanded = {names.get(text, text) for text in one.demanded}
    return {
        name: node if name == text else one.read[name]
        for (text, node), name in zip(sent.items(), names.values(), strict=True)
    }


def _guard(sketch: Sketch, document: Document, one: Served, notes: list[str]) -> None:
    """Say who may do what, as `security` does; what nobody can change there is for administrators."""
    users = [one for one in sketch.relations.values() if one.target.text == naming.USER and one.required]
    writes = [action for action in ACTIONS if action not in _READS]
    missing = [action for action in writes if action not in one.actions]
    if missing:
        words = listed([_PAST[action] for action in missing]).replace("`", "")
        notes.append(f"{sketch.name} cannot be {words} there; here administrators may")
    # Of a row without an owner nobody can say who may change it (OWASP API1:2023).
    sketch.access |= dict.fromkeys(missing if len(users) == 1 else writes, "role:admin")
    if len(users) != 1 and len(missing) < len(writes):
        notes.append(f"{sketch.name}: nothing says whose row it is, so that only administrators may write it here")
    elif "create" not in missing and users:
        sketch.access["create"] = "authenticated"
    for action, operation in one.actions.items():
        is_open = _is_open(document, operation, notes)
        if action in _READS:
            sketch.access[action] = "public" if is_open else "authenticated"
        elif is_open:
            notes.append(f"{operation.shown} is open to everybody there; here it takes a login")
    for action, other in (("list", "read"), ("read", "list")):
        if action not in one.actions:
            sketch.access[action] = sketch.access[other]
            notes.append(f"{sketch.name} cannot be {_PAST[action]} there; here whoever may {other} it may")


def _is_open(document: Document, operation: Operation, notes: list[str]) -> bool:
    """Tell whether an operation takes no credentials, and note the scopes that it asks for."""
    said: Any = operation.data.get("security", document.data.get("security"))
    choices = [mapping(one) for one in listing(said)]
    for scheme, scopes in (item for one in choices for item in one.items()):
        if listing(scopes):
            scope = ", ".join(map(str, listing(scopes)))
            notes.append(f"{operation.shown} asks for {scope} ({scheme}); here any user may: narrow it with a role")
    return not choices or not all(choices)


def _list(sketch: Sketch, one: Served, notes: list[str]) -> None:
    """Take over the query parameters of the list that are fields which can be filtered by."""
    operation = one.actions.get("list")
    if operation is None:
        return
    given = list(listed_parameters(operation))
    fields = {name for name, draft in sketch.fields.items() if draft.field.type in _FILTERED}
    relations = {name for name, relation in sketch.relations.items() if relation.kind == "to_one"}
    by = {text: naming.snake(text) for text in given}
    by = {text: short if (short := name.removesuffix("_id")) in relations else name for text, name in by.items()}
    sketch.filters = tuple(dict.fromkeys(name for name in by.values() if name in fields | relations))
    notes += [
        f"{operation.shown}: the parameter {text} has no counterpart"
        for text, name in by.items()
        if name not in sketch.filters and text not in _PAGING
    ]


def _aside(document: Document, resources: list[Served], targets: Mapping[str, str]) -> list[str]:
    """Return a sentence for everything that is not looked at."""
    notes: list[str] = []
    for one in resources:
        for operation in one.actions.values():
            keys = [naming.snake(str(each.get("name"))) for each in operation.parameters if each.get("in") == "path"]
            if keys and keys[-1] not in {"id", f"{naming.snake(one.name)}_id"}:
                notes.append(f"{operation.shown}: {targets[one.name]} is found by its id here, not by {keys[-1]}")
            headers = [str(each.get("name")) for each in operation.parameters if each.get("in") in {"header", "cookie"}]
            notes += [f"{operation.shown}: the header or cookie {name} has no counterpart" for name in headers]
            if mapping(operation.data.get("callbacks")):
                notes.append(f"{operation.shown}: callbacks have no counterpart")
    notes += [f"the webhook {name} has no counterpart" for name in mapping(document.data.get("webhooks"))]
    return notes
