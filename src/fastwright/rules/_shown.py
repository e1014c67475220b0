"""Which columns of rows, and fields of schemas, go out in a value: over variables, helpers and comprehensions."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from fastwright.project.source import last_name
from fastwright.rules._collections import fields, is_mapper, shown
from fastwright.rules._engine.changed import changed_keys
from fastwright.rules._rule import Bound, Class, Function, Instance, Route, Scope, Value, View

_DEPTH = 10
_COPIES = frozenset({"vars", "jsonable_encoder", "dict"})
_LISTS = frozenset({"list", "tuple", "sorted", "reversed", "set"})
# What makes a text of a document, or a dictionary again of that.
_WRITTEN_OUT = frozenset({"dumps", "loads"})
_DUMPS = frozenset({"model_dump", "dict", "to_dict", "_asdict", "as_dict"})
_SELECTED = re.compile(r"^\s*select\s+(?:distinct\s+)?(.+?)\s+from\s+[\"`]?(\w+)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True)
class Column:
    """A column that goes out: of a model or schema, or of a table that a text of SQL names."""

    owner: str
    name: str
    written_type: str = ""
    is_excluded: bool = False


class Shown:
    """Reads what an endpoint returns.

    With `as_is` a row of SQLAlchemy goes out with all its columns wherever it stands, as it does where no type is
    declared. Otherwise only what is made a dictionary does, and a row of SQLModel, which Pydantic can write out.
    """

    def __init__(self, view: View, *, as_is: bool) -> None:
        self._view = view
        self._as_is = as_is

    def of(self, node: ast.expr | None, scope: Scope, depth: int = _DEPTH) -> Iterator[Column]:
        """Yield the columns that go out in a value."""
        if node is None or depth == 0:
            return
        if isinstance(node, ast.Dict):
            yield from self._written(node, scope, depth - 1)
        elif isinstance(node, ast.DictComp):
            yield from self._of_table(node, scope)
        elif isinstance(node, ast.Call):
            yield from self._call(node, scope, depth - 1)
        elif isinstance(node, ast.Name):
            yield from self._variable(node, scope, depth - 1)
        elif isinstance(node, ast.Attribute):
            yield from self._attribute(node, scope)
        elif isinstance(node, ast.Subscript):
            yield from self._row(node, scope)
        else:
            for part in _parts(node):
                yield from self.of(part, scope, depth - 1)

    def _written(self, node: ast.Dict, scope: Scope, depth: int) -> Iterator[Column]:
        for key, value in zip(node.keys, node.values, strict=True):
            for one in self.of(value, scope, depth):
                yield one
                if isinstance(value, ast.Attribute) and isinstance(key, ast.Constant):
                    yield replace(one, name=str(key.value))

    def _variable(self, node: ast.Name, scope: Scope, depth: int) -> Iterator[Column]:
        function = scope.function
        bindings = function.facts.bindings.get(node.id, ()) if function else ()
        last = next((one for one in reversed(bindings) if one.kind in ("value", "added")), None)
        known: list[Column] = []
        if last is not None:
            known = list(self.of(last.value, scope, depth))
        elif node.id in scope.bound:
            known = list(self.of(*scope.bound[node.id], depth))
        else:
            known = [one for each in bindings if each.kind == "item" for one in self._items(each.value, scope, depth)]
        if function is not None:
            gone = {key for name in _named_too(function, node.id) for key in changed_keys(function, name)}
            known = [one for one in known if one.name not in gone]
            appended = (one for one in _appended(function, node.id) for one in self.of(one, scope, depth))
            known += appended
        yield from known or (self._row(node, scope) if last is None else ())

    def _items(self, node: ast.expr, scope: Scope, depth: int) -> Iterator[Column]:
        """Yield what goes out with one of the documents over which a loop runs."""
        for step in self._view.statements.steps(node, scope) if depth else ():
            yield from (Column(*one) for one in shown(self._view, step.node, step.scope, as_is=self._as_is))

    def _attribute(self, node: ast.Attribute, scope: Scope) -> Iterator[Column]:
        if node.attr in ("__dict__", "_mapping"):
            yield from self._row(node.value, scope, is_dumped=True)
            return
        owner = self._view.value(node.value, scope)
        model = _model(self._view, owner) if isinstance(owner, Instance) and not owner.items else None
        field = self._view.fields.columns(model).get(node.attr) if model is not None else None
        if model is not None and field is not None:
            yield Column(model.name, node.attr, field.written_type)
        else:
            yield from self._row(node, scope)

    def _call(self, node: ast.Call, scope: Scope, depth: int) -> Iterator[Column]:
        name = last_name(node.func)
        called = self._view.value(node.func, scope)
        if isinstance(called, Bound):
            inner = self._view.evaluator.bind(called, node, scope)
            for returned in called.function.returned:
                if not self._is_schema_already(returned, called.function):
                    yield from self.of(returned, inner, depth)
        elif isinstance(node.func, ast.Name) and name in _COPIES and node.args:
            gone = self._left_out(node, scope)
            found = [*self._row(node.args[0], scope, is_dumped=True), *self.of(node.args[0], scope, depth)]
            yield from (one for one in found if gone is not None and one.name not in gone)
        elif name in _DUMPS and isinstance(node.func, ast.Attribute):
            gone = self._left_out(node, scope)
            found = self._row(node.func.value, scope, is_dumped=True)
            yield from (one for one in found if gone is not None and one.name not in gone)
        elif name == "map" and len(node.args) == 2:
            yield from self._mapped(node, scope, depth)
        elif name in _LISTS or name.endswith("Response"):
            content = next((one.value for one in node.keywords if one.arg == "content"), None)
            yield from self.of(content or next(iter(node.args), None), scope, depth)
        elif name in _WRITTEN_OUT:
            yield from self.of(next(iter(node.args), None), scope, depth)
        else:
            yield from self._row(node, scope)
            yield from (Column(*one) for one in shown(self._view, node, scope, as_is=self._as_is))

    def _is_schema_already(self, returned: ast.expr, function: Function) -> bool:
        """Tell what is given back because it is no row: `if isinstance(data, UserOut): return data`."""
        for node in function.nodes(ast.If):
            test = node.test
            if not isinstance(test, ast.Call) or last_name(test.func) != "isinstance" or len(test.args) != 2:
                continue
            is_same = ast.unparse(test.args[0]) == ast.unparse(returned)
            is_given = any(isinstance(one, ast.Return) and one.value is returned for one in node.body)
            if (
                is_same
                and is_given
                and self._view.fields.is_schema(self._view.value(test.args[1], self._view.scope(function)))
            ):
                return True
        return False

    def _mapped(self, node: ast.Call, scope: Scope, depth: int) -> Iterator[Column]:
        """Yield what `map(as_dict, rows)` gives."""
        called = self._view.value(node.args[0], scope)
        for returned in called.function.returned if isinstance(called, Bound) else ():
            yield from self.of(returned, self._view.scope(called.function), depth) if isinstance(called, Bound) else ()

    def _row(self, node: ast.expr, scope: Scope, *, is_dumped: bool = False) -> Iterator[Column]:
        """Yield all columns of what is a row, or rows."""
        value = self._view.value(node, scope)
        found = value.item if isinstance(value, Instance) and value.items else value
        model = _model(self._view, found) if isinstance(found, Instance) else None
        if model is None:
            yield from self._selected(node, scope) if is_dumped else ()
            of = project(found) if found is not None else None
            if of is not None and is_mapper(self._view, of):
                yield from (Column(*one) for one in fields(self._view, of, as_is=self._as_is))
        elif is_dumped or self._as_is or self._is_pydantic(model):
            for name, field in self._view.fields.columns(model).items():
                excluded = getattr(field.option("exclude"), "value", False) is True
                yield Column(model.name, name, field.written_type, excluded)

    def _selected(self, node: ast.expr, scope: Scope) -> Iterator[Column]:
        """Yield the columns that a text of SQL names, of which a row is made a dictionary."""
        for step in self._view.statements.steps(node, scope):
            text = self._view.constants.of(step.argument(0, "text"), step.scope)
            match = _SELECTED.match(text) if isinstance(text, str) else None
            for part in match[1].split(",") if match else ():
                names = re.findall(r"\w+", part)
                if names and match is not None:
                    yield Column(match[2], names[-1])

    def _of_table(self, node: ast.DictComp, scope: Scope) -> Iterator[Column]:
        """Yield `{c.name: getattr(self, c.name) for c in self.__table__.columns}`, without what a condition names."""
        listed = node.generators[0]
        text = ast.unparse(listed.iter)
        read = next((one for one in ast.walk(node.value) if isinstance(one, ast.Call)), None)
        if "columns" not in text and "column_attrs" not in text and "__dict__" not in text:
            return
        row = read.args[0] if read is not None and last_name(read.func) == "getattr" and read.args else None
        tests = [one.value for test in listed.ifs for one in ast.walk(test) if isinstance(one, ast.Constant)]
        named = [test for test in listed.ifs if not any(isinstance(one, ast.Constant) for one in ast.walk(test))]
        if row is not None and not named:
            yield from (one for one in self._row(row, scope, is_dumped=True) if one.name not in tests)

    def _left_out(self, node: ast.Call, scope: Scope) -> set[str] | None:
        """Return what `exclude` leaves out; nothing where that, or what is included, is not known."""
        found: set[str] = set()
        for one in node.keywords:
            if one.arg == "include":
                return None
            if one.arg == "exclude":
                texts = self._view.constants.texts(one.value, scope)
                if isinstance(one.value, ast.Dict):
                    texts = tuple(str(key.value) for key in one.value.keys if isinstance(key, ast.Constant))
                if not texts:
                    return None
                found |= set(texts)
        return found

    def _is_pydantic(self, model: Class) -> bool:
        """Tell what Pydantic writes out by itself: a schema, and a row of SQLModel."""
        return self._view.evaluator.classes.inherits(model, lambda path: path.startswith(("sqlmodel.", "pydantic.")))


def declared(view: View, route: Route) -> Value | None:
    """Return the type of the response, if it is declared."""
    function = route.function
    if function is None:
        return None
    scope = view.scope(function)
    given = route.option("response_model")
    if given is not None and not (isinstance(given, ast.Constant) and given.value is None):
        return view.evaluator.types.annotated(given, scope)
    return view.evaluator.types.annotated(function.node.returns, scope) if given is None else None


def project(value: Value) -> Class | None:
    """Return the class of an object of the project."""
    return value.of if isinstance(value, Instance) and isinstance(value.of, Class) else None


def _model(view: View, value: Value | None) -> Class | None:
    """Return the model of a row, or the schema of an object."""
    of = value.of if isinstance(value, Instance) else None
    return of if isinstance(of, Class) and (view.fields.is_model(of) or view.fields.is_schema(of)) else None


def _parts(node: ast.expr) -> list[ast.expr]:
    """Return the parts of an expression that go out with it; what it is decided by does not."""
    if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
        return [node.elt]
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return node.elts
    if isinstance(node, ast.BoolOp):
        return node.values
    if isinstance(node, ast.BinOp):
        return [node.left, node.right]
    return [node.value] if isinstance(node, ast.Await | ast.Starred | ast.NamedExpr) else []


def _appended(function: Function, name: str) -> Iterator[ast.expr]:
    """Yield what is put into a list or a dictionary: `rows.append(x)`, `data["x"] = y`."""
    for site in function.calls:
        func = site.node.func
        if isinstance(func, ast.Attribute) and func.attr in ("append", "update") and _is(func.value, name):
            yield from site.node.args[:1]
    for node in function.nodes(ast.Assign):
        for target in node.targets:
            if isinstance(target, ast.Subscript) and _is(target.value, name):
                yield node.value


def _named_too(function: Function, name: str) -> Iterator[str]:
    """Yield a variable, and those of loops that run over it."""
    yield name
    for other, bindings in function.facts.bindings.items():
        if any(one.kind == "item" and _is(one.value, name) for one in bindings):
            yield other


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
