"""Relations that cannot be: unknown targets, the same relation from both sides, rows that could never be inserted."""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.design.draft import RelationDraft, ResourceDraft
from fastwright.design.naming import USER
from fastwright.design.source import did_you_mean
from fastwright.errors import DesignError

Edges = dict[str, list[RelationDraft]]


def check_targets(resources: tuple[ResourceDraft, ...]) -> Iterator[DesignError]:
    known = [USER, *(resource.name.text for resource in resources)]
    for resource in resources:
        for relation in resource.relations:
            target = relation.target
            if target.text not in known:
                hint = did_you_mean(target.text, known, otherwise=f"add the resource `{target.text}`, or use another")
                yield target.fault(
                    f"`{resource.name.text}.{relation.name.text}` points at no known resource: `{target.text}`",
                    hint=hint,
                )


def check_both_sides(resources: tuple[ResourceDraft, ...]) -> Iterator[DesignError]:
    """Refuse a many-to-many relation that is declared from both of its sides."""
    declared: dict[tuple[str, str], str] = {}
    for resource in resources:
        name = resource.name.text
        for relation in resource.relations:
            if relation.kind != "many_to_many" or relation.target.text == name:
                continue
            other = declared.get((relation.target.text, name))
            if other:
                yield relation.name.fault(
                    f"`{name}.{relation.name.text}` is the other side of `{other}`, which is there already",
                    hint="declare a many-to-many relation once, on the side that writes it",
                )
            declared[name, relation.target.text] = f"{name}.{relation.name.text}"


def check_cycles(resources: tuple[ResourceDraft, ...]) -> Iterator[DesignError]:
    """Refuse circles of required relations: each row would need the other one first."""
    names = {resource.name.text for resource in resources}
    edges: Edges = {
        resource.name.text: [
            relation
            for relation in resource.relations
            if relation.kind == "to_one" and relation.required and relation.target.text in names
        ]
        for resource in resources
    }
    finished: set[str] = set()
    for start in edges:
        path = _circle(start, edges, finished)
        if path:
            yield _circle_fault(path)
            return


def _circle(start: str, edges: Edges, finished: set[str]) -> list[tuple[str, RelationDraft]]:
    """Return the first circle that can be reached from `start`: the resources and how each needs the next."""
    path: list[tuple[str, RelationDraft]] = []
    stack = [(start, iter(edges[start]))]
    while stack:
        name, remaining = stack[-1]
        relation = next(remaining, None)
        if relation is None:
            stack.pop()
            finished.add(name)
            continue
        target = relation.target.text
        on_stack = [owner for owner, _ in stack]
        path = [*path[: len(stack) - 1], (name, relation)]
        if target in on_stack:
            return path[on_stack.index(target) :]
        if target not in finished:
            stack.append((target, iter(edges[target])))
    return []


def _circle_fault(path: list[tuple[str, RelationDraft]]) -> DesignError:
    first = path[0][1]
    if len(path) == 1:
        return first.name.fault(
            f"the first `{path[0][0]}` could never be created: `{first.name.text}` needs another one",
            hint=f"make it optional: `{first.name.text}: ->{path[0][0]}?`",
        )
    needs = ", ".join(f"`{name}` needs `{step.target.text}` (`{step.name.text}`)" for name, step in path)
    return first.name.fault(
        f"none of these could ever be created: {needs}",
        hint=f"make one of them optional, as in `{first.name.text}: ->{first.target.text}?`",
    )
