"""From the design as written to the `Design`: relations are resolved, defaults filled in, and everything checked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from fastwright.design import naming
from fastwright.design.access import ADMIN, resolve_access
from fastwright.design.checks.clashes import Placed, check_clashes
from fastwright.design.checks.names import check_names, check_project
from fastwright.design.checks.relations import check_both_sides, check_cycles, check_targets
from fastwright.design.draft import DesignDraft, RelationDraft, ResourceDraft
from fastwright.design.files import check_files
from fastwright.design.listing import resolve_list
from fastwright.design.model import Design, Option, Relation, Resource
from fastwright.design.options import ordered, resolve_options
from fastwright.design.softly import check_soft_delete
from fastwright.design.source import Faults, Spot, Word
from fastwright.design.versions import resolve_versions


def build(draft: DesignDraft) -> Design:
    """Return the checked design. Each stage needs the one before, so that no fault is a consequence of another."""
    faults = Faults()
    faults.extend(check_names(draft))
    options: tuple[Option, ...] = ()
    with faults.gathered():
        options = resolve_options(draft.options)
    faults.extend(check_targets(draft.resources))
    faults.raise_any()

    resources = _with_children(draft.resources)
    faults.extend(check_both_sides(resources))
    faults.extend(check_cycles(resources))
    faults.raise_any()

    roles = tuple(dict.fromkeys((ADMIN, *(role.text for role in draft.roles))))
    placed: list[Placed] = []
    for resource in resources:
        with faults.gathered():
            placed.append(Placed(resource, _resource(resource, roles)))
    faults.raise_any()
    faults.extend(check_clashes(placed))
    faults.raise_any()
    return Design(
        name=draft.name.text,
        description=draft.description,
        roles=roles,
        options=options,
        resources=tuple(item.resource for item in placed),
        versions=resolve_versions(draft.versions, tuple(field for one in resources for field in one.fields)),
        accounts=draft.accounts.text if draft.accounts else naming.USERS,
    )


def renamed(design: Design, name: str) -> Design:
    """Return the same design for a backend of another name."""
    faults = Faults()
    faults.extend(check_project(Word(name, Spot("name"))))
    faults.raise_any()
    return design.model_copy(update={"name": name})


def with_options(design: Design, names: Iterable[str]) -> Design:
    """Return the design with more options than it has."""
    more = resolve_options(Word(name, Spot("--with")) for name in names)
    return design.model_copy(update={"options": ordered((*design.options, *more))})


def _resource(draft: ResourceDraft, roles: tuple[str, ...]) -> Resource:
    fields = tuple(field.field for field in draft.fields)
    relations = tuple(_relation(relation) for relation in draft.relations)
    owner, access = resolve_access(draft, roles)
    check_files(draft.fields, kept=draft.kept is not None)
    return Resource(
        name=draft.name.text,
        plural=draft.plural.text if draft.plural else naming.plural(draft.name.text),
        description=draft.description,
        fields=fields,
        relations=relations,
        owner=owner,
        access=access,
        list=resolve_list(draft.list, fields, relations, owner, access.list),
        soft_delete=check_soft_delete(draft),
        kept=draft.kept,
    )


def _relation(draft: RelationDraft) -> Relation:
    return Relation(
        name=draft.name.text,
        kind="many_to_many" if draft.kind == "many_to_many" else "to_one",
        target=draft.target.text,
        required=draft.required,
        unique=draft.unique,
        description=draft.description,
    )


def _with_children(resources: tuple[ResourceDraft, ...]) -> tuple[ResourceDraft, ...]:
    """Return the resources with each `<-Child` turned into a `->Parent` of that child."""
    by_name = {resource.name.text: resource for resource in resources}
    faults = Faults()
    for parent in resources:
        for relation in parent.relations:
            if relation.kind == "one_to_many":
                with faults.gathered():
                    _check_parent(parent, relation)
                    child = by_name[relation.target.text]
                    by_name[relation.target.text] = _with_parent(child, parent, relation)
    faults.raise_any()
    return tuple(
        replace(resource, relations=tuple(item for item in resource.relations if item.kind != "one_to_many"))
        for resource in by_name.values()
    )


def _check_parent(parent: ResourceDraft, relation: RelationDraft) -> None:
    if relation.target.text == parent.name.text:
        raise relation.target.fault(
            f"`{parent.name.text}` cannot be its own parent this way: the first one would need another",
            hint=f"write `parent: ->{parent.name.text}?` instead",
        )
    if relation.target.text == naming.USER:
        raise relation.target.fault(
            "`User` is built in and takes no further columns",
            hint=f"use `<->{naming.USER}`, or a resource that points at both",
        )


def _with_parent(child: ResourceDraft, parent: ResourceDraft, relation: RelationDraft) -> ResourceDraft:
    """Return the child with a required relation to the parent, unless it has that already."""
    name = naming.snake(parent.name.text)
    field = next((field.name for field in child.fields if field.name.text == name), None)
    existing = next((item for item in child.relations if item.name.text == name), None)
    if existing and existing.kind == "to_one" and existing.target.text == parent.name.text and not existing.unique:
        return child
    if field or existing:
        raise relation.name.fault(
            f"`{relation.name.text}` gives `{child.name.text}` a relation `{name}`, which is already something else",
            hint=f"rename `{child.name.text}.{name}`, or leave `{relation.name.text}` out",
        )
    made = RelationDraft(
        name=Word(name, relation.name.spot, literal=False),
        target=Word(parent.name.text, relation.target.spot, literal=False),
        kind="to_one",
        description="",
    )
    return replace(child, relations=(*child.relations, made))
