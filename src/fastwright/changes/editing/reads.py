"""A read by one key in each turn of a loop: what is asked for, by which session, and where the key comes from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

import libcst as cst

from fastwright.changes.editing.index import dotted
from fastwright.changes.editing.loops import is_plain, names_of
from fastwright.changes.editing.statements import called, chain

Shape = Literal["row", "rows", "value", "count"]
Ends = frozenset[tuple[str, ...]]

# What makes a result of what was executed, by the method that executed it.
_ONE: dict[str, Ends] = {
    "scalar": frozenset({()}),
    "scalars": frozenset({("first",), ("one_or_none",)}),
    "exec": frozenset({("first",), ("one_or_none",)}),
    "execute": frozenset({("scalar_one_or_none",), ("scalar",), ("scalars", "first"), ("scalars", "one_or_none")}),
}
_ALL: dict[str, Ends] = {
    "scalar": frozenset(),
    "scalars": frozenset({("all",)}),
    "exec": frozenset({("all",)}),
    "execute": frozenset({("scalars", "all")}),
}
_NUMBER: dict[str, Ends] = {
    "scalar": frozenset({()}),
    "scalars": frozenset({("one",), ("first",)}),
    "exec": frozenset({("one",), ("first",)}),
    "execute": frozenset({("scalar",), ("scalar_one",), ("scalars", "one"), ("scalars", "first")}),
}
RESULTS = frozenset(name for ends in (_ONE, _ALL, _NUMBER) for end in ends.values() for names in end for name in names)
# What gives a result that is asked for its rows in a further call.
LATER = frozenset({"execute", "scalars", "exec"})
EXECUTING = frozenset({"get", "query", *_ONE})
_FILTERS = frozenset({"where", "filter", "filter_by"})
_KEPT = frozenset({*_FILTERS, "options", "select_from", "order_by"})


class NotUnderstood(Exception):
    """Raised where it cannot be told what is read; the message says why."""


@dataclass(frozen=True, eq=False)
class Read:
    """`shape` is what is read by `attribute` and `key`: a row, rows, one value of a row, or how many there are.

    `links` are the calls of the statement or the query, the first of them first; of a `get` there are none.
    `criterion` is the argument among theirs that compares the key.
    """

    shape: Shape
    session: cst.BaseExpression
    method: str
    model: cst.BaseExpression
    attribute: str
    key: cst.BaseExpression
    is_awaited: bool
    links: tuple[cst.Call, ...] = ()
    criterion: cst.Arg | None = None


@dataclass(frozen=True, eq=False)
class Reader:
    """Reads an expression; `bound` are the names that change from turn to turn."""

    primary_key: str
    bound: frozenset[str]

    def read(self, whole: cst.BaseExpression) -> Read:
        """Return what an expression reads. Raises `NotUnderstood` if that cannot be told."""
        links = tuple(reversed(chain(whole)[0]))
        if not links or not isinstance(links[0].func, cst.Attribute) or not is_plain(links[0].func.value):
            raise NotUnderstood("what reads here is not a method of a session")
        first, rest = links[0], links[1:]
        method = called(first)
        if method == "get" and not rest:
            return self._by_get(first, whole)
        if method == "query":
            return self._by_query(first, rest)
        if method not in _ONE or not first.args:
            raise NotUnderstood(f"what {method} reads is not understood")
        return self._by_statement(first, whole, tuple(called(link) for link in rest))

    def _by_get(self, call: cst.Call, whole: cst.BaseExpression) -> Read:
        if len(call.args) != 2 or any(arg.keyword or arg.star for arg in call.args):
            raise NotUnderstood("get is given more than a model and a key")
        model, key = (arg.value for arg in call.args)
        return Read("row", _owner(call), "get", model, self._one_column(), key, _is_awaited(whole))

    def _by_query(self, call: cst.Call, rest: tuple[cst.Call, ...]) -> Read:
        if len(call.args) != 1 or not rest:
            raise NotUnderstood("the query reads more than one thing")
        model, last = call.args[0].value, rest[-1]
        name = called(last)
        if name == "get" and len(rest) == 1 and len(last.args) == 1:
            key = last.args[0].value
            return Read("row", _owner(call), "query", model, self._one_column(), key, is_awaited=False)
        shapes: dict[str, Shape] = {"first": "row", "one_or_none": "row", "all": "rows", "count": "count"}
        if name not in shapes or last.args:
            raise NotUnderstood(f"{name} may give something else than a row, rows, or how many there are")
        return self._filtered(shapes[name], call, model, (call, *rest[:-1]), is_awaited=False)

    def _by_statement(self, call: cst.Call, whole: cst.BaseExpression, end: tuple[str, ...]) -> Read:
        links = tuple(reversed(chain(call.args[0].value)[0]))
        if not links or called(links[0]) != "select" or len(links[0].args) != 1:
            raise NotUnderstood("the statement is not a select of one thing that is written here")
        what, method = links[0].args[0].value, called(call)
        if isinstance(what, cst.Call) and dotted(what.func).rpartition("func.")[2] == "count":
            shape: Shape | None = "count" if end in _NUMBER[method] else None
        elif end in _ALL[method]:
            shape = "rows"
        else:
            shape = "row" if end in _ONE[method] else None
        if shape is None:
            raise NotUnderstood("a row that is missing, or one too many, would be an error here")
        return self._filtered(shape, call, what, links, is_awaited=_is_awaited(whole))

    def _filtered(
        self, shape: Shape, call: cst.Call, what: cst.BaseExpression, links: tuple[cst.Call, ...], *, is_awaited: bool
    ) -> Read:
        unknown = next((called(link) for link in links[1:] if called(link) not in _KEPT), "")
        if unknown:
            raise NotUnderstood(f"{unknown} would mean something else for all rows together")
        turning = [(called(link), arg) for link in links for arg in link.args if self.bound & names_of(arg.value)]
        if len(turning) != 1 or turning[0][0] not in _FILTERS:
            raise NotUnderstood("the rows are not chosen by one key that the loop gives")
        owner, attribute, key = self._compared(turning[0][1], what)
        if shape == "row" and isinstance(what, cst.Attribute) and dotted(what.value) == dotted(owner):
            shape = "value"
        model = owner if shape in {"count", "value"} else what
        return Read(shape, _owner(call), called(call), model, attribute, key, is_awaited, links, turning[0][1])

    def _compared(
        self, criterion: cst.Arg, what: cst.BaseExpression
    ) -> tuple[cst.BaseExpression, str, cst.BaseExpression]:
        """Return the model, the attribute and the key of `Model.attribute == key` or `attribute=key`."""
        if criterion.keyword is not None:
            return what, criterion.keyword.value, criterion.value
        value = criterion.value
        if isinstance(value, cst.Comparison) and len(value.comparisons) == 1:
            only = value.comparisons[0]
            for column, key in ((value.left, only.comparator), (only.comparator, value.left)):
                is_turning = bool(self.bound & names_of(key)) and not self.bound & names_of(column)
                if isinstance(only.operator, cst.Equal) and is_turning and isinstance(column, cst.Attribute):
                    return column.value, column.attr.value, key
        raise NotUnderstood("the key is compared by something else than ==")

    def _one_column(self) -> str:
        if not self.primary_key:
            raise NotUnderstood("the primary key has several columns")
        return self.primary_key


def _owner(call: cst.Call) -> cst.BaseExpression:
    return cst.ensure_type(call.func, cst.Attribute).value


def _is_awaited(whole: cst.BaseExpression) -> bool:
    """Return whether there is an `await` in a chain of calls."""
    expression = whole
    while isinstance(expression, cst.Call | cst.Attribute):
        expression = expression.func if isinstance(expression, cst.Call) else expression.value
    return isinstance(expression, cst.Await)


def wholly(path: Iterable[cst.CSTNode], node: cst.BaseExpression) -> cst.BaseExpression:
    """Return the expression with what makes a result of it: of `db.scalars(...)` in `db.scalars(...).first()`, all."""
    whole = node
    parents = [parent for parent in path if isinstance(parent, cst.BaseExpression)]
    for parent, above in zip(reversed(parents), [*reversed(parents[:-1]), None], strict=False):
        if isinstance(parent, cst.Await) and parent.expression is whole:
            whole = parent
        is_result = isinstance(parent, cst.Attribute) and parent.value is whole and parent.attr.value in RESULTS
        if is_result and isinstance(above, cst.Call) and above.func is parent:
            whole = above
    return whole
