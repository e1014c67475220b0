"""A new resource: table, endpoints with bounded pages, migration and tests, in the layout and style of the app."""

from __future__ import annotations

from collections.abc import Iterator
from typing import ClassVar

from pydantic import Field

from fastwright.changes import Change
from fastwright.proof.calls import Admitting
from fastwright.recipes._app.models import with_all_models
from fastwright.recipes._app.surroundings import surroundings
from fastwright.recipes._code.writing import makes_tables
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish
from fastwright.recipes._resource.building import Building
from fastwright.recipes._resource.fitting import fitted
from fastwright.recipes._resource.promise import ResourcePromise, unlike
from fastwright.recipes._resource.wanted import FieldWish, RelationWish, shorthand_of, wanted_resource


class NewResource(Wish):
    """What the resource is called, and what it has."""

    positional: ClassVar[tuple[str, ...]] = ("resource",)
    resource: str = Field(
        min_length=1,
        description='Its name, or all of it in shorthand: "Review rating:int(1..5) product:->Product tags:<->Tag".',
    )
    fields: tuple[FieldWish, ...] = Field(default=(), description="Its fields, where they are not in the shorthand.")
    relations: tuple[RelationWish, ...] = Field(default=(), description="What it belongs to, and what belongs to it.")


def plan(known: Known, wish: NewResource) -> Answer:
    """Return the plan. Raises `InputError` if the shorthand is wrong, or points at a model that is not there."""
    complete = with_all_models(known)
    name = wish.resource.split()[0]
    there = next((model for model in complete.project.models if model.name == name), None)
    if there is not None:
        return Already(reason=f"{name} is a model of this app ({there.file}:{there.line})")
    app = surroundings(complete)
    if isinstance(app, Refusal):
        return app
    models = frozenset(model.name for model in complete.project.models)
    text = shorthand_of(wish.resource, wish.fields, wish.relations)
    new = fitted(app, wanted_resource(text, models))
    if isinstance(new, Refusal):
        return new
    operations = new.operations()
    if isinstance(operations, Refusal):
        return operations
    return Plan(
        change=Change(summary=f"add resource {new.resource.name}", operations=tuple(operations)),
        promise=_promise(new),
        decisions=tuple(_decisions(new)),
        risks=tuple(_risks(new)),
        alternatives=(f'Other members: fastwright add resource "{new.resource.name} title:str(1..100) ..."',),
    )


def _promise(new: Building) -> ResourcePromise:
    chosen = list(new.guards.values())
    admits = {(one.guard.file or "", one.guard.name) for one in chosen}
    parents = {
        one.name: (one.column.references.rpartition(".")[0], one.column.references.rpartition(".")[2], one.sample)
        for one in new.bodies
        if one.target
    }
    return ResourcePromise(
        route=new.route,
        item=f"{new.path}/{{key}}",
        key=new.table.key.name,
        sample=new.sample,
        changes={one.name: one.other for one in new.bodies},
        wrongs=new.wrongs,
        parents=parents,
        related={one.name: (one.target.table or "", one.key, one.sample) for one in new.related},
        unique=tuple(one.name for one in new.members if one.column.unique),
        table=new.table.name,
        cleared=tuple(_cleared(new)),
        shared=_shared(new),
        owner=_stranger(new),
        guards=tuple(Admitting(guard_file=file, guard_name=name) for file, name in sorted(admits)),
        closed=tuple(f"{kind}s" for kind in new.guards),
        method="PATCH" if new.has_update else "PUT",
        adds=new.adds,
    )


def _cleared(new: Building) -> Iterator[str]:
    """Yield the statements after which no row of the app points at one of the new table, and it is empty."""
    for one in new.related:
        if not one.between:
            yield f'UPDATE "{one.target.table}" SET "{one.own_key.name}" = NULL'  # noqa: S608 - names of the plan
    yield f'DELETE FROM "{new.table.name}"'  # noqa: S608 - a name of the plan


def _shared(new: Building) -> dict[str, tuple[str, str]]:
    """Return the members that may point at rows of the caller alone, with what says whose those are."""
    tables = {model.name: model.table or "" for model in new.app.known.project.models}
    keys = {one.name: (tables[one.target], one.target_owner) for one in new.bodies if one.target_owner}
    return keys | {one.name: (one.target.table or "", one.target_owner) for one in new.related if one.target_owner}


def _stranger(new: Building) -> tuple[str, object] | None:
    """Return the column that says whose a row is, and the key of somebody who is not the caller."""
    key = next((one for one in new.members if one.name == new.owned), None)
    return (key.name, unlike(key.sample)) if key is not None else None


def _decisions(new: Building) -> list[str]:
    told = [f"{new.resource.name} has the table {new.table.name}, and is at {new.route}; pages have 20, at most 100."]
    keys = [one for one in new.bodies if one.target]
    told += [f"{one.name} points at {one.target}; a body that points at nothing gets 404." for one in keys]
    told += [
        f"{one.name} are the {one.words} rows that belong to it; one that is not there gets 404." for one in new.related
    ]
    if new.owner:
        told.append(f"Rows belong to the caller ({new.owned}), and nobody else is shown them: to others they are 404.")
    for kind, chosen in new.guards.items():
        alike = kind if chosen is not new.guards.get("read") else "read"
        told.append(f"{kind.title()}s take {chosen.text}, as most {alike}s of this app do.")
    return told


def _risks(new: Building) -> list[str]:
    risks: list[str] = []
    if "write" not in new.guards:
        risks.append(f"Anybody may write: fastwright protect {new.path} --methods POST,PUT,PATCH,DELETE")
    if new.app.known.project.conventions.alembic is None and not makes_tables(new.app.known):
        risks.append(f"There is no Alembic: {new.table.name} has to be made where the database exists already.")
    risks += [f"{one.target.table} gets a column, {one.own_key.name}." for one in new.related if not one.between]
    return risks


RECIPE = Recipe(
    name="resource",
    summary="a new resource: table, endpoints, migration and tests",
    wish=NewResource,
    plan=plan,
    about=(
        "Queries go where the app keeps them: into functions beside the others, a repository, a repository and a"
        " service, or the endpoints. A relation is `->Model` (belongs to one), `<->Model` (a table between), or"
        " `<-Model` (they get a key that may be empty). Where rows of the app belong to callers, these do, too. Proven"
        " by requests: added, listed, shown, changed, removed; wrong bodies, missing and repeated rows refused; rows of"
        " others not to be seen."
    ),
)
