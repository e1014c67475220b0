"""Bounds for lists that give everything there is: a limit and an offset, down to the statement."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar, Literal

from pydantic import Field

from fastwright.changes import Change
from fastwright.changes.add_page_limit import AddPageLimit, Frame, Order
from fastwright.errors import InputError
from fastwright.project.model import Endpoint, Model
from fastwright.project.source import Function
from fastwright.recipes._app.models import called_models
from fastwright.recipes._paths import below, is_same
from fastwright.recipes._platform.home import Home, home
from fastwright.recipes._platform.paging import Paged, PagePromise
from fastwright.recipes._reading import Path, gives_list, list_reads
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Wish

_DEFAULT, _LARGEST = 50, 100
_LIST = re.compile(r"(list|List|Sequence|Iterable)\[")
_PAGES = frozenset({"limit", "offset", "skip", "page", "size", "page_size", "per_page", "cursor", "last"})
_SIZES = frozenset({"limit", "size", "page_size", "per_page"})
_BOUND = re.compile(r"\b(le|lt)=|Literal\[|Enum")
# Parameters that are called so also where no page is chosen.
_NOT_ALONE = frozenset({"size", "last", "cursor", "page"})
_COUNTS = frozenset({"int", "int | None", "Optional[int]"})


class Pagination(Wish):
    """Which lists."""

    positional: ClassVar[tuple[str, ...]] = ("path",)

    path: str = Field(default="/", description="A list, or a path below which all lists are meant.")


def plan(known: Known, wish: Pagination) -> Answer:
    """Return the plan (OWASP API4:2023, unbounded answers). Raises `InputError` if there is no list there."""
    found = [one for one in below(known.project.endpoints, wish.path) if _is_list(known, one)]
    lists = [one for one in found if is_same(one.path, wish.path)] or found
    if not lists:
        raise InputError(
            f"no endpoint at or below {wish.path} says that it answers with a list, or is seen to return one",
            hint="name a list of `fastwright map`, or give the endpoint its response model: list[…]",
        )
    open_ended = [one for one in lists if not _pages(known, one)]
    if not open_ended:
        names = ", ".join(f"{one.method} {one.path} ({one.where})" for one in lists)
        loose = [f"{size} of {one.method} {one.path}" for one in lists for size in _loose(known, one)]
        if not loose:
            return Already(reason=f"{names}: bounded already")
        note = f"As large as callers like: {', '.join(loose)}; see fastwright check --select unbounded-page-size"
        return Already(reason=f"{names}: callers choose the page already", notes=(note,))
    place = home(known)
    if isinstance(place, Refusal):
        return place
    operations: list[AddPageLimit] = []
    paged: list[Paged] = []
    for one in open_ended:
        read = _read(known, one)
        if isinstance(read, Refusal):
            return read
        path, model = read
        operations.append(_operation(known, place, path, model))
        paged.append(Paged(one, model.table or ""))
    return _plan(paged, operations, [one for one in lists if one not in open_ended])


def _plan(paged: Sequence[Paged], operations: Sequence[AddPageLimit], bounded: Sequence[Endpoint]) -> Plan:
    names = ", ".join(one.shown for one in paged)
    left = (f"Bounded already: {', '.join(f'{one.method} {one.path}' for one in bounded)}.",) if bounded else ()
    return Plan(
        change=Change(summary=f"pages for {names}", operations=tuple(operations)),
        promise=PagePromise(tuple(paged), _DEFAULT, _LARGEST),
        decisions=(
            f"`limit` is {_DEFAULT} unless told, and {_LARGEST} at most; `offset` is 0. Anything else is a 422.",
            "The answer is a part of the list that it was: no envelope, so no client has to be changed for that.",
            "A list without an order gets that of its key, since pages of nothing in particular would overlap.",
            *left,
        ),
        risks=(
            f"Clients that need more than {_DEFAULT} rows have to ask for them: tell their owners first.",
            "Rows that come or go between two pages move the others; where that matters, page by a key.",
            "Where the order has ties, a row may be on two pages: end the order with a unique column.",
        ),
        alternatives=("An envelope with a total: it changes the answer for all clients, and counts for each page.",),
    )


def _is_list(known: Known, endpoint: Endpoint) -> bool:
    if endpoint.method != "GET" or endpoint.kind != "operation":
        return False
    model = endpoint.response_model or ""
    if _LIST.match(model) or _holds_a_list(known, model) or _pages(known, endpoint) - _NOT_ALONE:
        return True
    # Without a model, the answer is whatever the function returns.
    function = None if model else _function(known, endpoint)
    return function is not None and gives_list(known, endpoint.file or "", function)


def _holds_a_list(known: Known, name: str) -> bool:
    """Tell whether a model of answers is an envelope: one list is in it, and nothing else but counts."""
    definitions = [node for file in known.source.own for node in file.definitions.get(name, ())]
    for node in definitions:
        fields = [one for one in getattr(node, "body", ()) if isinstance(one, ast.AnnAssign)]
        lists = [one for one in fields if _LIST.match(ast.unparse(one.annotation))]
        others = [one for one in fields if one not in lists and ast.unparse(one.annotation) not in _COUNTS]
        if len(lists) == 1 and not others:
            return True
    return False


def _pages(known: Known, endpoint: Endpoint) -> set[str]:
    """Return the parameters, or dependencies, by which callers choose a page, those of a query model among them."""
    function = _function(known, endpoint)
    names = {argument.arg for argument in _arguments(function)} & _PAGES
    if function is not None and endpoint.file:
        names |= set(_taken(known, endpoint.file, function.args)) & (_PAGES - _NOT_ALONE)
    return names | {name for name in endpoint.dependencies if re.search(r"pagina|page", name.lower())}


def _loose(known: Known, endpoint: Endpoint) -> list[str]:
    """Return the parameters that say how large a page is, and have no upper bound where they are declared or used."""
    function = _function(known, endpoint)
    if function is None or "min(" in ast.unparse(function):
        return []
    arguments = function.args
    defaults = [None] * (len(arguments.args) - len(arguments.defaults)) + [*arguments.defaults, *arguments.kw_defaults]
    return [
        one.arg
        for one, default in zip(_arguments(function), defaults, strict=True)
        if one.arg in _SIZES and not _BOUND.search(" ".join(ast.unparse(part) for part in (one, default) if part))
    ]


def _arguments(function: Function | None) -> list[ast.arg]:
    return [*function.args.args, *function.args.kwonlyargs] if function else []


def _taken(known: Known, file: str, arguments: ast.arguments) -> Iterator[str]:
    """Yield what the classes and dependencies of an endpoint take from the request; rows of tables take nothing."""
    tables = {(model.file, model.name) for model in known.project.models}
    for node in ast.walk(arguments):
        symbol = known.names.resolve(file, node) if isinstance(node, ast.Name | ast.Attribute) else None
        if symbol is None or symbol in tables:
            continue
        yield from (argument.arg for argument in _arguments(known.names.function(symbol)))
        definition = known.names.definition(symbol)
        for inner in definition.body if isinstance(definition, ast.ClassDef) else ():
            if isinstance(inner, ast.AnnAssign) and isinstance(inner.target, ast.Name):
                yield inner.target.id


def _function(known: Known, endpoint: Endpoint) -> Function | None:
    file = known.source.files.get(endpoint.file or "")
    nodes = file.nodes if file else ()
    return next((node for node in nodes if isinstance(node, Function) and node.lineno == endpoint.line), None)


def _read(known: Known, endpoint: Endpoint) -> tuple[Path, Model] | Refusal:
    """Return how the endpoint reads its list, and the model whose rows it gives."""
    function = _function(known, endpoint)
    paths = list_reads(known, endpoint.file or "", function) if function else []
    name = f"{endpoint.method} {endpoint.path}"
    hint = "bound the statement by hand, then: fastwright prove"
    if len(paths) != 1:
        how = "in several places" if paths else "in no place that can be told from the source"
        items = tuple(f"{path[-1].file}:{path[-1].node.lineno}" for path in paths)
        return Refusal(reason=f"{name} reads its list {how}", hint=hint, items=items)
    step = paths[0][-1]
    around = known.source.files[step.file].definitions[step.function][0]
    if ".limit(" in ast.unparse(around):
        where = f"{step.file}:{step.node.lineno}"
        return Refusal(reason=f"{name} is bounded at {where}, and callers cannot choose the page there", hint=hint)
    model = _model(called_models(known, step.file), around)
    if model is None:
        return Refusal(reason=f"it cannot be told which model {name} gives the rows of", hint=hint)
    return paths[0], model


def _model(models: Mapping[str, Model], function: ast.AST) -> Model | None:
    """Return the first model that the function names; rows of it are what is selected."""
    text = ast.unparse(function)
    patterns = (r"(?:select|query)\((\w+)", r"(\w+)\.\w+")
    named = (found[1] for pattern in patterns for found in re.finditer(pattern, text))
    return next((models[name] for name in named if name in models), None)


def _operation(known: Known, place: Home, path: Path, model: Model) -> AddPageLimit:
    frames = [
        Frame(
            file=step.file,
            line=step.node.lineno,
            column=step.node.col_offset,
            end_line=step.node.end_lineno or step.node.lineno,
            end_column=-1 if step.node.end_col_offset is None else step.node.end_col_offset,
            function=step.function,
        )
        for step in reversed(path)
    ]
    keys = [column.name for column in model.columns if column.primary_key]
    order = [
        Order(module=place.layout.module(model.file), model=model.name, attribute=key) for key in keys if model.file
    ]
    style: Literal["annotated", "default"] = (
        "default" if known.project.conventions.depends == "default" else "annotated"
    )
    return AddPageLimit(
        **frames[0].model_dump(),
        calls=tuple(frames[1:]),
        order=tuple(order),
        style=style,
        default=_DEFAULT,
        largest=_LARGEST,
    )


RECIPE = Recipe(
    name="pagination",
    summary="a limit and an offset for lists that have none",
    wish=Pagination,
    plan=plan,
    about=(
        "`limit` and `offset` as bounded parameters of the endpoint, passed on through services down to the statement, "
        "select() and session.query() alike. The answer is a part of the list that it was. Proven with more rows "
        "than a page holds: pages are the parts of the whole list, in its order, and what is out of bounds is a 422."
    ),
)
