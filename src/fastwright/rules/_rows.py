"""Which calls give all rows that there are of what an endpoint returns, with nothing that bounds how many."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.project.source import arguments, called, last_name
from fastwright.rules._engine.facts import Binding
from fastwright.rules._rule import Bound, Class, Function, Reached, Scope, Step, View, project_class

_ALL = frozenset(
    {"all", "fetchall", "scalars", "execute", "exec", "stream_scalars", "fetch", "fetch_all", "mappings"}
    | {"execute_fetchall", "iterate", "query_all", "read_sql", "read_sql_query"}
)
_SELECTS = frozenset({"select", "query"})
_PUTS = frozenset({"append", "extend"})
_BOUNDS = frozenset(
    {"limit", "fetch", "slice", "paginate", "first", "one", "one_or_none", "scalar", "scalar_one", "get", "get_one"}
    | {"scalar_one_or_none", "group_by", "count", "in_", "apaginate", "fetchmany", "fetchone", "page", "islice", "head"}
    | {"insert", "update", "delete", "text", "scalar_subquery", "partitions", "paginated", "between", "top", "exists"}
    | {"get_or_none", "find_one"}
)
_ENDS = frozenset(
    {"first", "one", "one_or_none", "scalar", "scalar_one", "scalar_one_or_none", "fetchone", "fetchmany"}
)
# Of the rows, these leave one value, or what something else is looked up in.
_SUMS = frozenset({"set", "frozenset", "len", "sum", "any", "max", "min", "next", "DataFrame"})
_NUMBERS = frozenset({"len", "sum", "round", "int", "float"})
# What an answer is put into.
_ENVELOPES = frozenset({"dict", "JSONResponse", "ORJSONResponse", "jsonable_encoder"})
# Of all rows that match, these make one.
_REDUCING = frozenset({"sum", "count", "avg", "min", "max"})
_FILTERS = frozenset({"where", "filter", "filter_by", "exclude"})
# What these are given says which rows, and not how many.
_GIVEN = _FILTERS | {"having", "join", "outerjoin", "options", "select_from"}
# Where models or collections are asked themselves, these give rows.
_ASKED = frozenset({"all", "filter", "exclude", "find", "find_all", "select", "aggregate"})
_MAPPERS = ("tortoise.", "peewee.", "beanie.", "mongoengine.", "ormar.", "motor.", "pymongo.")
_COLLECTION = re.compile(r"coll(?:ection)?s?(?:\b|_|\[)|\bdb\b|mongo", re.IGNORECASE)
# What leaves few documents: a key, or a step of a pipeline.
_FEW = re.compile(r"'_id':|\$(?:limit|sample|count|group|facet)\b")


@dataclass(frozen=True, eq=False)
class Rows:
    """A call that gives all rows, of which table as far as that is known, and whether some are left out."""

    step: Step
    table: str
    filtered: bool


def unbounded(view: View, own: Reached) -> Iterator[Rows]:
    """Yield the calls that give all rows of what the endpoint returns; of a chain, the last one."""
    told: set[int] = set()
    for steps in _walks(view, own):
        seen = set(told)  # what one part of the answer only counts, another may hold
        for step in steps:
            if step.name in _ENDS or step.name in _SUMS:
                seen |= {id(one.node) for one in view.statements.steps(step.node, step.scope)}
            if id(step.node) in seen or not _gives_rows(view, step):
                continue
            chain = view.statements.steps(step.node, step.scope)
            seen |= {id(one.node) for one in chain}
            told |= {id(one.node) for one in chain}
            if not _is_used_up(view, step):
                found = _asked(view, step, steps) if _is_mapper(view, step) else _selected(view, step, chain)
                yield from [found] if found is not None else []


def _walks(view: View, own: Reached) -> Iterator[list[Step]]:
    """Yield the calls behind all that goes into the answer: what functions return, and what they put into lists."""
    returned = [part for one in own.function.returned for part in _parts(view, one, own.scope)]
    held = [one for one in returned if not _is_number(one, own.function)]
    waiting = [(one, own.scope) for one in (*held, *_put(own.function))]
    known = {id(one) for one, _scope in waiting}
    for given, scope in waiting:
        steps = view.statements.steps(given, scope)
        for step in steps:
            bound = view.value(step.node.func, step.scope)
            if isinstance(bound, Bound):
                put = [one for one in _put(bound.function) if id(one) not in known]
                known |= {id(one) for one in put}
                waiting += [(one, view.evaluator.bind(bound, step.node, step.scope)) for one in put]
        yield [one for one in steps if not isinstance(view.value(one.node.func, one.scope), Bound)]


def _parts(view: View, node: ast.expr, scope: Scope) -> list[ast.expr]:
    """Return what an answer is made of, one by one: `{"total": len(rows), "rows": rows}`, `Page(total=…, rows=…)`."""
    given = node.values if isinstance(node, ast.Dict) else []
    if isinstance(node, ast.Call) and (called(node) in _ENVELOPES or isinstance(view.value(node.func, scope), Class)):
        given = arguments(node)
    return [part for one in given for part in _parts(view, one, scope)] or [node]


def _is_number(node: ast.expr, function: Function) -> bool:
    """Tell what is reckoned from rows and holds none: a total that began as 0, an average."""
    if isinstance(node, ast.Name):
        bound = (one.value for one in function.facts.bindings.get(node.id, ()) if one.kind == "value")
        return any(_is_number(one, function) for one in bound if not isinstance(one, ast.Name))
    if isinstance(node, ast.BinOp):
        return isinstance(node.op, ast.Div | ast.FloorDiv | ast.Sub)
    return called(node) in _NUMBERS or (isinstance(node, ast.Constant) and isinstance(node.value, int | float))


def _put(function: Function) -> Iterator[ast.expr]:
    """Yield what a function puts into a list that it returns, in any case or as the row that it is."""
    names = {one.id for returned in function.returned for one in ast.walk(returned) if isinstance(one, ast.Name)}
    bindings = function.facts.bindings
    for site in function.calls:
        func = site.node.func
        if isinstance(func, ast.Attribute) and func.attr in _PUTS and last_name(func.value) in names & set(bindings):
            given = site.node.args
            is_row = all(isinstance(one, ast.Name) and _is_item(bindings.get(one.id, [])) for one in given)
            yield from given if is_row or not site.around.branches else ()


def _is_item(bindings: list[Binding]) -> bool:
    return any(one.kind == "item" for one in bindings)


def _gives_rows(view: View, step: Step) -> bool:
    is_drained = step.name == "list" and bool(step.node.args) and bool(view.statements.sent(step))
    return step.name in _ALL or is_drained or (step.name in _ASKED and _is_mapper(view, step))


def _is_used_up(view: View, step: Step) -> bool:
    """Tell rows that are not what is answered with: some of them are, or something is looked up in them."""
    function = step.scope.function
    return (function is not None and is_sliced(view, function, step.scope)) or _is_looked_up(step) or _is_looped(step)


def _selected(view: View, step: Step, chain: list[Step]) -> Rows | None:
    """Return the rows of a statement without a bound, written in Python or as SQL."""
    names = _named(view, chain)
    sent = view.statements.sent(step)
    if sent:
        selects = [one for statement in sent for one in statement.statements if one.verb == "select"]
        if not any(not one.limited for one in selects) or names & (_BOUNDS - {"text", "fetch"}):
            return None
        return Rows(step, selects[0].table, selects[0].filtered)
    models = [one.name for one in view.statements.models(step.node, step.scope)]
    tables = [*models, *view.statements.core_tables(step.node, step.scope)]
    if names & _BOUNDS or not (tables or any(_is_select(view, one) for one in chain)):
        return None
    if _is_reduced(chain):
        return None
    filtered = any(one.name in _FILTERS and not _is_conditional(one) for one in chain)
    return Rows(step, tables[0] if tables else "", filtered)


def _is_select(view: View, step: Step) -> bool:
    path = view.library(step.node.func, step.scope)
    return step.name in _SELECTS and path.startswith(("sqlalchemy.", "sqlmodel."))


def _is_reduced(chain: list[Step]) -> bool:
    """Tell `select(func.sum(Order.total))`, which has one row unless there is one for each group."""
    selected = [one.node.args for one in chain if one.name in _SELECTS]
    is_grouped = any(one.name == "group_by" for one in chain)
    return bool(selected) and not is_grouped and all(bool(given) and all(map(_reduces, given)) for given in selected)


def _reduces(node: ast.expr) -> bool:
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and called(node) in ("label", "filter"):
        node = node.func.value
    return called(node) in _REDUCING and isinstance(node, ast.Call) and ast.unparse(node.func).startswith("func.")


def _is_mapper(view: View, step: Step) -> bool:
    """Tell what a model or a collection is asked itself: `Order.all()`, `orders.find({})`."""
    func = step.node.func
    if step.name not in _ASKED or not isinstance(func, ast.Attribute):
        return False
    path = view.library(func, step.scope)
    is_unknown = not path and step.name in ("find", "aggregate")
    return path.startswith(_MAPPERS) or (is_unknown and _COLLECTION.search(ast.unparse(func.value)) is not None)


def _asked(view: View, step: Step, steps: list[Step]) -> Rows | None:
    """Return the rows that a model or a collection gives, if nothing that is called on them bounds them."""
    after = [one for one in steps if any(inner.node is step.node for inner in _before(view, one))]
    names = {one.name for one in (step, *after) if one.name != "to_list" or _is_open(one)}
    written = [view.constants.written(one, step.scope) or (one, step.scope) for one in step.node.args]
    given = " ".join(ast.unparse(one) for one, _scope in written)
    if names & _BOUNDS or any(one.name == "to_list" and not _is_open(one) for one in after) or _FEW.search(given):
        return None
    func = step.node.func
    owner = func.value if isinstance(func, ast.Attribute) else func
    model = project_class(view.value(owner, step.scope))
    filtered = bool(names & _FILTERS) or (step.name in ("find", "aggregate") and given not in ("", "{}"))
    return Rows(step, model.name if model is not None else ast.unparse(owner), filtered)


def _before(view: View, step: Step) -> list[Step]:
    """Return what a method is called on went through; of a function that bounds rows, what it is given."""
    func = step.node.func
    if step.name in _BOUNDS and not isinstance(func, ast.Attribute):
        return [inner for one in arguments(step.node) for inner in view.statements.steps(one, step.scope)]
    return view.statements.steps(func.value, step.scope) if isinstance(func, ast.Attribute) else []


def _is_open(step: Step) -> bool:
    """Tell `to_list()` and `to_list(None)`."""
    given = arguments(step.node)
    return all(isinstance(one, ast.Constant) and one.value is None for one in given)


def _named(view: View, chain: list[Step]) -> set[str]:
    """Return the names of calls that may bound a statement.

    Not those with which the values of its conditions are found, nor what bounds nothing: a few states, all that there
    are of something else, or a group for each row.
    """
    given = [(one, step.scope) for step in chain if step.name in _GIVEN for one in arguments(step.node)]
    inside = {id(one.node) for node, scope in given for one in view.statements.steps(node, scope)}
    names = {one.name for one in chain if id(one.node) not in inside}
    picks = [one for one in chain if one.name == "in_"]
    names |= {"in_"} if any(not _is_listed(one) and not _is_of_all(view, one) for one in picks) else set[str]()
    names |= {"between"} if any(one.name == "between" or _is_range(one) for one in chain) else set[str]()
    by_row = any(one.name == "group_by" and any(_is_key(part) for part in one.node.args) for one in chain)
    by_row = by_row and any(one.name in _SELECTS and _is_whole(view, one) for one in chain)
    return names - {"group_by", "count"} if by_row else names


def _is_whole(view: View, step: Step) -> bool:
    """Tell a statement that selects rows as a whole, and not a few of their columns."""
    return any(isinstance(view.value(one, step.scope), Class) for one in step.node.args)


def _is_of_all(view: View, step: Step) -> bool:
    """Tell `in_(…)` of all that there are of something else: the projects of all teams of the caller, say."""
    names = {one.name for node in step.node.args for one in view.statements.steps(node, step.scope)}
    return bool(names & {"all", "fetchall", "scalars", "select"}) and not names & {"limit", "fetchmany", "slice"}


def is_sliced(view: View, function: Function, scope: Scope) -> bool:
    """Tell a function that takes a part of a list; a part of a text is none."""
    taken = (node.value for node in function.nodes(ast.Subscript) if isinstance(node.slice, ast.Slice))
    return any(not isinstance(one, ast.Attribute) and view.library(one, scope) != "builtins.str" for one in taken)


def _is_listed(step: Step) -> bool:
    """Tell `in_(["paid", "sent"])`: states that many rows have."""
    first = next(iter(step.node.args), None)
    return isinstance(first, ast.List | ast.Tuple | ast.Set) and all(
        isinstance(one, ast.Constant | ast.Attribute) for one in first.elts
    )


def _is_range(step: Step) -> bool:
    """Tell a filter from one value to another of the same column: a day, say."""
    if step.name not in _FILTERS:
        return False
    pairs = [
        (one.left, one.ops[0]) for part in step.node.args for one in ast.walk(part) if isinstance(one, ast.Compare)
    ]
    below = {ast.unparse(left) for left, sign in pairs if isinstance(sign, ast.Lt | ast.LtE)}
    return any(ast.unparse(left) in below for left, sign in pairs if isinstance(sign, ast.Gt | ast.GtE))


def _is_key(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr in ("id", "uuid", "pk")


def _is_looked_up(step: Step) -> bool:
    """Tell rows of which a dictionary is made: settings by their keys, say."""
    function = step.scope.function
    named = [node.generators[0].iter for node in function.nodes(ast.DictComp)] if function else []
    bindings = function.facts.bindings if function else {}
    values = [one.value for node in named if isinstance(node, ast.Name) for one in bindings.get(node.id, ())]
    return any(inner is step.node for one in (*named, *values) for inner in ast.walk(one))


def _is_looped(step: Step) -> bool:
    """Tell a statement for each of something: that is another fault."""
    function = step.scope.function
    return function is not None and any(site.node is step.node and site.around.loops for site in function.calls)


def _is_conditional(step: Step) -> bool:
    """Tell a filter that only some requests ask for."""
    function = step.scope.function
    sites = (site for site in function.calls if site.node is step.node) if function else ()
    return any(site.around.branches for site in sites)
