"""Which relations of rows an answer wants that their statement does not load, also those of related rows."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Set

from fastwright.rules._belonging import by_table
from fastwright.rules._rule import Class, Field, Instance, Step, View, project_class

_LOADERS = frozenset({"selectinload", "joinedload", "subqueryload", "contains_eager", "immediateload", "defaultload"})
_EAGER = frozenset({"selectin", "joined", "subquery", "immediate", "raise", "raise_on_sql", "noload", "write_only"})
_EAGER_TOO = frozenset({"dynamic", "False"})
_PROPERTIES = frozenset({"property", "cached_property", "hybrid_property"})
# A category, its posts, and the comments of each.
_LEVELS = 2


def unloaded(
    view: View, model: Class, schema: Class, steps: list[Step], *, many: bool, levels: int = _LEVELS, above: str = ""
) -> Iterator[str]:
    """Yield the relations that a schema wants of each of `many` rows, and that are loaded row by row.

    Of one row a relation takes one more statement, and what is below it one for each related row. What leads back to
    the row above is there already.
    """
    fields = view.fields.of(schema)
    wanted = fields.keys() | _touched_by_properties(view, model, fields.keys())
    relations = {name: one for name, one in view.fields.relations(model).items() if name in wanted}
    known = {name: _related(view, field) for name, field in relations.items()}
    below = {name: one for name, one in known.items() if one is not None and one.name != above}
    for name, field in relations.items():
        is_back = known[name] is not None and name not in below
        if many and not is_back and not is_eager(field) and not is_loaded(name, steps):
            yield f"{model.name}.{name}"
    for name, related in below.items() if levels else ():
        inner, is_list = shown_as(view, fields.get(name))
        if inner is not None:
            many_below = many or is_list
            yield from unloaded(view, related, inner, steps, many=many_below, levels=levels - 1, above=model.name)


def shown_as(view: View, field: Field | None) -> tuple[Class | None, bool]:
    """Return the schema in which something is shown that is in a field of another one, and whether it is a list."""
    value = view.evaluator.types.annotated(field.annotation, view.scope(field.owner.module)) if field else None
    is_list = isinstance(value, Instance) and value.item is not None
    while isinstance(value, Instance) and value.item is not None:
        value = value.item
    found = project_class(value)
    return (found if found is not None and view.fields.is_schema(found) else None), is_list


def _related(view: View, field: Field) -> Class | None:
    """Return the model to which a relation leads."""
    written = f"{field.written_type} {ast.unparse(field.value) if field.value is not None else ''}"
    models = by_table(view)
    return next((models[one] for one in re.findall(r"[A-Za-z_]\w*", written) if one in models), None)


def _touched_by_properties(view: View, model: Class, wanted: Set[str]) -> set[str]:
    """Return what the properties of a model look at that are in the answer: `free` counts `self.bookings`."""
    lineage = [one for one in view.evaluator.classes.lineage(model) if isinstance(one, Class)]
    methods = [one for owner in lineage for name, one in owner.methods.items() if name in wanted]
    return {
        node.attr
        for one in methods
        if one.decorators & _PROPERTIES
        for node in one.nodes(ast.Attribute)
        if isinstance(node.value, ast.Name) and node.value.id == "self"
    }


def is_eager(field: Field) -> bool:
    lazy = field.option("lazy")
    written = ast.unparse(lazy).strip("\"'") if lazy is not None else ""
    options = ast.unparse(field.value) if field.value is not None else ""
    return written in _EAGER | _EAGER_TOO or any(f"'lazy': '{one}'" in options for one in _EAGER)


def is_loaded(name: str, steps: list[Step]) -> bool:
    """Tell whether a statement says that a relation is loaded, by an option or by naming it on a refresh."""
    for step in steps:
        if step.name in _LOADERS or step.name in ("refresh", "options", "joins"):
            text = ast.unparse(step.node)
            if f".{name}" in text or f"'{name}'" in text or "'*'" in text:
                return True
    return False
