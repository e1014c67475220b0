"""Fit a resource into an app: keys that point at its models, and the guards that its endpoints have."""

from __future__ import annotations

import re
from dataclasses import replace

import inflection

from fastwright.design.model import Relation, Resource
from fastwright.project.model import Endpoint, Model
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._code.columns import Column, Kind, Table, key_column
from fastwright.recipes._guards import Chosen, choose
from fastwright.recipes._recipe import Refusal
from fastwright.recipes._resource.building import Building
from fastwright.recipes._resource.members import Member, member
from fastwright.recipes._resource.owners import Owner, owner_of
from fastwright.recipes._resource.related import Related
from fastwright.recipes._resource.wanted import Wanted

_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_KEY_KINDS: dict[str, tuple[Kind, str, object]] = {
    "INTEGER": ("int", "int", 1),
    "BIGINT": ("int", "int", 1),
    "UUID": ("uuid", "UUID", "00000000-0000-4000-8000-000000000001"),
    "CHAR(32)": ("uuid", "UUID", "00000000-0000-4000-8000-000000000001"),
}


def fitted(app: Surroundings, wanted: Wanted) -> Building | Refusal:
    """Return the resource as it fits into the app, or why it does not."""
    models = {model.name: model for model in app.known.project.models}
    guards = _guards(app)
    owner = owner_of(app.known, wanted.resource, guards)
    members = [member(field) for field in wanted.resource.fields]
    for relation in _to_one(wanted.resource, owner):
        key = _reference(relation, models.get(relation.target))
        if key is None:
            return _no_key(relation.target)
        members.append(replace(key, target_owner=_owner_column(models[relation.target], owner)))
    related: list[Related] = []
    for name, target, is_pair in _to_many(wanted):
        one = _related(app, wanted.resource, name, models.get(target), is_pair=is_pair)
        if one is None:
            return _no_key(target)
        related.append(replace(one, target_owner=_owner_column(one.target, owner)))
    name = app.tables.table(inflection.underscore(wanted.resource.name))
    if any(model.table == name for model in models.values()):
        return Refusal(reason=f"there is a table {name} already", hint="choose another name")
    columns = (key_column(app.tables), *(one.column for one in members))
    table = Table(name, wanted.resource.name, columns)
    return Building(app, wanted.resource, tuple(members), tuple(related), table, guards, owner)


def _owner_column(target: Model, owner: Owner | None) -> str:
    """Return the column that says whose a row of another model is, if those are their owners' alone, too."""
    table = owner.caller.model.table if owner else None
    keys = [one.name for one in target.columns if (one.foreign_key or "").partition(".")[0] == table]
    return keys[0] if table and owner and keys and keys[0].startswith(f"{owner.relation}_") else ""


def _no_key(target: str) -> Refusal:
    return Refusal(reason=f"{target} has no single key that a column could point at", hint="leave the relation out")


def _to_one(resource: Resource, owner: Owner | None) -> list[Relation]:
    """Return the relations to one row, that to the owner among them."""
    found = [relation for relation in resource.relations if relation.kind == "to_one"]
    if owner is None or any(relation.name == owner.relation for relation in found):
        return found
    return [*found, Relation(name=owner.relation, kind="to_one", target=owner.caller.model.name)]


def _to_many(wanted: Wanted) -> list[tuple[str, str, bool]]:
    """Return the relations to many rows: their names and targets, and whether a row of those may have several, too."""
    pairs = [(one.name, one.target, True) for one in wanted.resource.relations if one.kind == "many_to_many"]
    return [*pairs, *((name, target, False) for name, target in wanted.has_many)]


def _related(
    app: Surroundings, resource: Resource, name: str, target: Model | None, *, is_pair: bool
) -> Related | None:
    there = _reference(Relation(name=name, kind="to_one", target=target.name), target) if target else None
    if target is None or there is None:
        return None
    one, key = inflection.underscore(resource.name), key_column(app.tables)
    reference = f"{app.tables.table(one)}.{key.name}"
    cascade = "CASCADE" if is_pair else ""
    own = Column(
        f"{one}_{key.name}", key.kind, nullable=not is_pair, index=not is_pair, references=reference, on_delete=cascade
    )
    name_of = f"{inflection.underscore(target.name)}_{there.target_key}"
    their = replace(there.column, name=name_of, index=False, on_delete=cascade)
    if app.tables.is_dataclass and not is_pair:
        own = replace(own, default="None")
    return Related(name, target, own, their, there.sample, f"{one}_{name}" if is_pair else "")


def _reference(relation: Relation, target: Model | None) -> Member | None:
    """Return the column that points at another model, and the member of the bodies that it is."""
    keys = [column for column in target.columns if column.primary_key] if target else []
    kind = _KEY_KINDS.get(keys[0].type) if len(keys) == 1 else None
    if kind is None and len(keys) == 1 and keys[0].type.startswith("VARCHAR"):
        kind = ("str", "str", "some-key")
    if kind is None or target is None or not target.table:
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
    """Return the guard of reads and of writes, each where most of those that the app has are guarded, too.

    What is not for strangers to read is not for them to write: where signing up and the like are most of the writes,
    they take the guard of reads.
    """
    found: dict[str, Chosen] = {}
    for kind in ("read", "write"):
        alike = [endpoint for endpoint in app.known.project.endpoints if _is(endpoint, kind)]
        guarded = [endpoint for endpoint in alike if endpoint.auth.required]
        if len(guarded) * 2 > len(alike):
            chosen = choose(app.known, guarded[:1], None)
            if isinstance(chosen, Chosen):
                found[kind] = chosen
    return {**found, "write": found.get("write", found["read"])} if "read" in found else found


def _is(endpoint: Endpoint, kind: str) -> bool:
    is_write = endpoint.method in _WRITES
    return endpoint.kind == "operation" and endpoint.in_schema and is_write == (kind == "write")
