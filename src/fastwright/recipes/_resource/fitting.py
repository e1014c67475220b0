"""Fit a resource into an app: keys that point at its models, and the guards that its endpoints have."""

from __future__ import annotations

import re

import inflection

from fastwright.design.model import Relation, Resource
from fastwright.project.model import Endpoint, Model
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._code.columns import Column, Kind, Table, key_column
from fastwright.recipes._guards import Chosen, choose
from fastwright.recipes._recipe import Refusal
from fastwright.recipes._resource.building import Building
from fastwright.recipes._resource.members import Member, member

_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_KEY_KINDS: dict[str, tuple[Kind, str, object]] = {
    "INTEGER": ("int", "int", 1),
    "BIGINT": ("int", "int", 1),
    "UUID": ("uuid", "UUID", "00000000-0000-4000-8000-000000000001"),
    "CHAR(32)": ("uuid", "UUID", "00000000-0000-4000-8000-000000000001"),
}


def fitted(app: Surroundings, resource: Resource) -> Building | Refusal:
    """Return the resource as it fits into the app, or why it does not."""
    many = [relation.name for relation in resource.relations if relation.kind != "to_one"]
    if many:
        return Refusal(
            reason=f"{many[0]} points at many rows, and such relations are written by hand here",
            hint="leave it out, or point back from the other side: `parent:->Parent`",
        )
    models = {model.name: model for model in app.known.project.models}
    members = [member(field) for field in resource.fields]
    for relation in resource.relations:
        target = models.get(relation.target)
        key = _reference(relation, target) if target else None
        if key is None:
            return Refusal(
                reason=f"{relation.target} has no single key that a column could point at",
                hint="leave the relation out",
            )
        members.append(key)
    name = app.tables.table(inflection.underscore(resource.name))
    if any(model.table == name for model in models.values()):
        return Refusal(reason=f"there is a table {name} already", hint="choose another name")
    columns = (key_column(app.tables), *(one.column for one in members))
    table = Table(name, resource.name, columns)
    return Building(app, resource, tuple(members), table, _guards(app))


def _reference(relation: Relation, target: Model) -> Member | None:
    """Return the column that points at another model, and the member of the bodies that it is."""
    keys = [column for column in target.columns if column.primary_key]
    kind = _KEY_KINDS.get(keys[0].type) if len(keys) == 1 else None
    if kind is None and len(keys) == 1 and keys[0].type.startswith("VARCHAR"):
        kind = ("str", "str", "some-key")
    if kind is None or not target.table:
        return None
    name = f"{relation.name}_{keys[0].name}"
    size = re.search(r"\((\d+)\)", keys[0].type)
    column = Column(
        name,
        kind[0],
        length=int(size[1]) if size and kind[0] == "str" else 0,
        nullable=not relation.required,
        unique=relation.unique,
        index=not relation.unique,
        references=f"{target.table}.{keys[0].column}",
    )
    return Member(
        name=name,
        column=column,
        type=kind[1],
        constraints=(),
        required=relation.required,
        default="",
        sample=kind[2],
        other=kind[2],
        wrongs=({"no": "key"},),
        target=target.name,
        target_key=keys[0].name,
    )


def _guards(app: Surroundings) -> dict[str, Chosen]:
    """Return the guard of reads and of writes, each where most of those that the app has are guarded, too."""
    found: dict[str, Chosen] = {}
    for kind in ("read", "write"):
        alike = [endpoint for endpoint in app.known.project.endpoints if _is(endpoint, kind)]
        guarded = [endpoint for endpoint in alike if endpoint.auth.required]
        if len(guarded) * 2 > len(alike):
            chosen = choose(app.known, guarded[:1], None)
            if isinstance(chosen, Chosen):
                found[kind] = chosen
    return found


def _is(endpoint: Endpoint, kind: str) -> bool:
    is_write = endpoint.method in _WRITES
    return endpoint.kind == "operation" and endpoint.in_schema and is_write == (kind == "write")
