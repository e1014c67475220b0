"""A new resource: table, endpoints with bounded pages, migration and tests, in the layout and style of the app."""

from __future__ import annotations

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
from fastwright.recipes._resource.promise import ResourcePromise
from fastwright.recipes._resource.wanted import FieldWish, RelationWish, shorthand_of, wanted_resource


class NewResource(Wish):
    """What the resource is called, and what it has."""

    positional: ClassVar[tuple[str, ...]] = ("resource",)
    resource: str = Field(
        min_length=1,
        description='Its name, or all of it in shorthand: "Review rating:int(1..5) body:text product:->Product".',
    )
    fields: tuple[FieldWish, ...] = Field(default=(), description="Its fields, where they are not in the shorthand.")
    relations: tuple[RelationWish, ...] = Field(default=(), description="What it belongs to.")


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
        for one in new.members
        if one.target
    }
    return ResourcePromise(
        route=new.route,
        item=f"{new.path}/{{key}}",
        key=new.table.key.name,
        sample=new.sample,
        changes={one.name: one.other for one in new.members},
        wrongs=new.wrongs,
        parents=parents,
        unique=tuple(one.name for one in new.members if one.column.unique),
        guards=tuple(Admitting(guard_file=file, guard_name=name) for file, name in sorted(admits)),
        closed=tuple(f"{kind}s" for kind in new.guards),
        method="PATCH" if new.has_update else "PUT",
        adds=new.adds,
    )


def _decisions(new: Building) -> list[str]:
    told = [f"{new.resource.name} has the table {new.table.name}, and is at {new.route}; pages have 20, at most 100."]
    keys = [one for one in new.members if one.target]
    told += [f"{one.name} points at {one.target}; a body that points at nothing gets 404." for one in keys]
    for kind, chosen in new.guards.items():
        told.append(f"{kind.title()}s take {chosen.text}, as most {kind}s of this app do.")
    return told


def _risks(new: Building) -> list[str]:
    risks: list[str] = []
    if "write" not in new.guards:
        risks.append(f"Anybody may write: fastwright protect {new.path} --methods POST,PUT,PATCH,DELETE")
    if new.app.known.project.conventions.alembic is None and not makes_tables(new.app.known):
        risks.append(f"There is no Alembic: {new.table.name} has to be made where the database exists already.")
    return risks


RECIPE = Recipe(
    name="resource",
    summary="a new resource: table, endpoints, migration and tests",
    wish=NewResource,
    plan=plan,
)
