"""The order in which tables can be created, and the foreign keys that have to wait."""

from __future__ import annotations

from collections.abc import Iterable

from fastwright.design.model import Relation, Resource


def creatable_order(resources: Iterable[Resource]) -> tuple[Resource, ...]:
    """Return the resources so that each comes after those it needs; few foreign keys have to wait."""
    remaining = list(resources)
    ordered: list[Resource] = []
    while remaining:
        names = {resource.name for resource in remaining}
        chosen = _first_free(remaining, names, optional_too=True) or _first_free(remaining, names) or remaining[0]
        remaining.remove(chosen)
        ordered.append(chosen)
    return tuple(ordered)


def deferred(resources: tuple[Resource, ...]) -> frozenset[tuple[str, str]]:
    """Return the relations, as resource and name, whose target comes later in this order."""
    place = {resource.name: index for index, resource in enumerate(resources)}
    return frozenset(
        (resource.name, relation.name)
        for resource in resources
        for relation in _keys(resource)
        if place.get(relation.target, -1) > place[resource.name]
    )


def _first_free(candidates: list[Resource], waiting: set[str], *, optional_too: bool = False) -> Resource | None:
    """Return the first resource whose (required) targets are all there already."""
    for resource in candidates:
        targets = {relation.target for relation in _keys(resource) if relation.required or optional_too}
        if not (targets - {resource.name}) & waiting:
            return resource
    return None


def _keys(resource: Resource) -> Iterable[Relation]:
    return (relation for relation in resource.relations if relation.kind == "to_one")
