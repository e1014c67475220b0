"""Lists that callers narrow: optional parameters, typed by the columns, down to the statement."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import ClassVar

from pydantic import Field

from fastwright.changes import Change, Operation
from fastwright.changes.add_filters import AddFilters, Filter
from fastwright.changes.editing.frames import Frame
from fastwright.errors import InputError
from fastwright.project.model import Model
from fastwright.proof.calls import filled
from fastwright.recipes._filtering.columns import Asked, asked
from fastwright.recipes._filtering.finding import Listing, listing
from fastwright.recipes._filtering.promise import FilterPromise
from fastwright.recipes._platform.home import Home, home
from fastwright.recipes._reading import Path, Step
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Several, Wish

# A value that no row has, as it is written in a test.
_NONE_HAS = {
    "str": '"nothing has this"',
    "UUID": '"00000000-0000-0000-0000-000000000000"',
    "date": '"9999-12-31"',
    "NaiveDatetime": '"9999-12-31T00:00:00"',
    "AwareDatetime": '"9999-12-31T00:00:00Z"',
    **dict.fromkeys(("int", "float", "Decimal"), "2147483647"),
}


class Filtering(Wish):
    """Which list, and by what."""

    positional: ClassVar[tuple[str, ...]] = ("path", "fields")

    path: str = Field(description="The list, by its path.")
    fields: Several = Field(min_length=1, description="The columns by which callers may ask for some of its rows.")


def plan(known: Known, wish: Filtering) -> Answer:
    """Return the plan. Raises `InputError` if there is no such list, or its rows have no such column."""
    place, found = home(known), listing(known, wish.path)
    if isinstance(place, Refusal):
        return place
    if isinstance(found, Refusal):
        return found
    columns: list[Asked] = []
    for name in dict.fromkeys(wish.fields):
        one = asked(known, place.layout, found.model, name)
        if isinstance(one, Refusal):
            return one
        columns.append(one or _unknown(found.model, name))
    taken = {one.arg for one in (*found.function.args.args, *found.function.args.kwonlyargs)}
    new = [replace(one, filters=tuple(f for f in one.filters if f.parameter not in taken)) for one in columns]
    new = [one for one in new if one.filters]
    if not new:
        names = ", ".join(f.parameter for one in columns for f in one.filters)
        return Already(reason=f"{found.shown} takes {names} ({found.endpoint.file}:{found.endpoint.line})")
    return _clash(known, found, new) or _plan(place, found, new)


def _unknown(model: Model, name: str) -> Asked:
    names = ", ".join(column.name for column in model.columns)
    raise InputError(f"{model.name} has no column {name}", hint=f"it has {names}")


def _clash(known: Known, found: Listing, columns: Sequence[Asked]) -> Refusal | None:
    """Return a refusal if a function on the way uses the name of a parameter for something else."""
    for column in columns:
        for one in column.filters:
            for function in found.functions(known):
                arguments = {argument.arg for argument in (*function.args.args, *function.args.kwonlyargs)}
                used = {node.id for part in function.body for node in ast.walk(part) if isinstance(node, ast.Name)}
                if one.parameter in arguments | used or f"{{{one.parameter}" in found.endpoint.path:
                    reason = f"{function.name} uses the name {one.parameter} for something else"
                    return Refusal(reason=reason, hint=f"rename that in {function.name}, then ask again")
    return None


def _plan(place: Home, found: Listing, columns: Sequence[Asked]) -> Plan:
    filters = [one for column in columns for one in column.filters]
    operations: list[Operation] = [_operation(path, filters) for path in found.paths]
    tested = [one for one in filters if one.type in _NONE_HAS and not one.parameter.endswith(("_max", "_to"))]
    if tested and not found.endpoint.auth.required and (found.endpoint.response_model or "").startswith("list["):
        operations += place.test(
            "platform/test_filter.py",
            f"{found.function.name}_filters",
            subject=found.function.name,
            filter=tested[0],
            value=_NONE_HAS[tested[0].type],
            path=filled(found.endpoint.path),
        )
    references = [column.name for column in found.model.columns if column.foreign_key]
    varied = tuple(dict.fromkeys([*(one.column.column for one in columns), *references]))
    return Plan(
        change=Change(
            summary=f"{found.shown} takes {', '.join(one.parameter for one in filters)}", operations=tuple(operations)
        ),
        promise=FilterPromise(found.endpoint, found.model.table or "", tuple(columns), varied),
        decisions=tuple(_decisions(columns)),
        risks=tuple(_risks(found, columns)),
        alternatives=("Search in texts (ILIKE, or a full-text index): that is another question than what is equal.",),
    )


def _operation(path: Path, filters: Sequence[Filter]) -> AddFilters:
    first, *calls = [_frame(step) for step in reversed(path)]
    return AddFilters(**first.model_dump(), calls=tuple(calls), filters=tuple(filters))


def _frame(step: Step) -> Frame:
    end, column = step.node.end_lineno or step.node.lineno, step.node.end_col_offset
    return Frame(
        file=step.file,
        line=step.node.lineno,
        column=step.node.col_offset,
        end_line=end,
        end_column=-1 if column is None else column,
        function=step.function,
    )


def _decisions(columns: Sequence[Asked]) -> Iterator[str]:
    for column in columns:
        names = " and ".join(f"`{one.parameter}`" for one in column.filters)
        how = "both bounds included" if column.filters[0].compares != "==" else "what is equal"
        yield f"{names}: {column.filters[0].type}, {how}. Without a value nothing is asked; what is no value is a 422."
    yield "Several at once mean all of them. Who may see which rows is asked as before, whatever the filter."


def _risks(found: Listing, columns: Sequence[Asked]) -> Iterator[str]:
    leading = {index.columns[0] for index in found.model.indexes if index.columns}
    slow = [
        one.column.name
        for one in columns
        if not (one.column.index or one.column.unique or one.column.primary_key or one.column.column in leading)
    ]
    if slow:
        table = found.model.table
        yield f"{', '.join(slow)} of {table} has no index: with many rows, give it one (fastwright check tells where)."
    if any(one.type == "NaiveDatetime" for column in columns for one in column.filters):
        yield "Times are stored without a zone: callers send them without one, in that of the database."


RECIPE = Recipe(
    name="filtering",
    summary="parameters by which callers ask for some rows of a list",
    wish=Filtering,
    plan=plan,
    about=(
        "Optional query parameters, typed by the columns: what is equal for texts, flags, enums and keys, bounds "
        "(`price_min`, `price_max`, `due_from`, `due_to`) for numbers and dates. They go through services down to "
        "the statement, and to that which counts. Proven with rows that differ: each filter, and all together, give "
        "the list as it would be if only those rows were there."
    ),
)
