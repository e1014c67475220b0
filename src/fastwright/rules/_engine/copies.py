"""Where many fields are copied from a request to a model at once: `Item(**body.model_dump())` and its like."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from fastwright.project.source import last_name
from fastwright.rules._engine.changed import changed_keys, reset_fields, written_keys
from fastwright.rules._engine.constants import Constants
from fastwright.rules._engine.evaluating import Evaluator
from fastwright.rules._engine.facts import Site
from fastwright.rules._engine.fields import Fields
from fastwright.rules._engine.following import Called
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class
from fastwright.rules._engine.origins import Origin, Origins
from fastwright.rules._engine.statements import Statements
from fastwright.rules._engine.values import Bound, External, Instance, Scope

_DUMPS = frozenset({"model_dump", "dict", "_asdict"})
_MAKES = frozenset({"model_validate", "parse_obj", "from_orm", "validate"})
_FORMS = frozenset({"FormData", "QueryParams", "ImmutableMultiDict", "MultiDict"})
_DICTS = frozenset({"builtins.dict", "typing.Dict", "typing.Any", "typing.Mapping"})
_DEPTH = 8
# Stands for the names that a schema does not know and keeps.
_EXTRA = "*"


@dataclass(frozen=True)
class Copied:
    """What is copied: the schema that it comes from (none for a bare dictionary), and the names that are in it."""

    schema: Class | None
    names: frozenset[str]
    origins: tuple[Origin, ...]


@dataclass(frozen=True, eq=False)
class Copy:
    """A place where the fields of something that a caller sent are set on a model."""

    site: Site
    model: Class
    copied: Copied

    @property
    def function(self) -> Function | None:
        return self.site.function


class Copies:
    """Finds copies for the rules."""

    def __init__(self, evaluator: Evaluator, fields: Fields, constants: Constants, origins: Origins) -> None:
        self._evaluator = evaluator
        self._fields = fields
        self._constants = constants
        self._origins = origins
        self._statements = Statements(evaluator, fields)

    def of(self, call: Called) -> Iterator[Copy]:
        """Yield what a call copies."""
        for model, source in self._sides(call):
            copied = self._copied(source, call.scope, _DEPTH)
            if copied is None or not self._fields.is_model(model):
                continue
            left = self._left(call, source)
            if left is None:
                continue
            given = {one.arg for one in call.node.keywords if one.arg}
            # `Model.model_validate(data, update={"password": hashed})`
            given |= {name for one in call.node.keywords if one.arg == "update" for name in written_keys(one.value)}
            columns = self._fields.columns(model)
            takes_all = copied.schema is None or _EXTRA in copied.names
            names = left(frozenset(columns) if takes_all else copied.names & frozenset(columns))
            yield Copy(call.site, model, Copied(copied.schema, names - given, copied.origins))

    def read(self, node: ast.expr, scope: Scope) -> Copied | None:
        """Return what of something that a caller sent is in a value."""
        return self._copied(node, scope, _DEPTH)

    def _sides(self, call: Called) -> Iterator[tuple[Class, ast.expr]]:
        """Yield the models that a call may set, each with where the fields come from."""
        node, func = call.node, call.node.func
        if isinstance(call.value, Class):
            yield from ((call.value, one.value) for one in node.keywords if one.arg is None)
        elif call.name == "setattr" and len(node.args) == 3:
            yield from self._loops(call)
        elif isinstance(func, ast.Attribute):
            owner = self._evaluator.evaluate(func.value, call.scope)
            if isinstance(owner, Class) and call.name in _MAKES and node.args:
                yield owner, node.args[0]
            elif (
                isinstance(owner, Instance)
                and isinstance(owner.of, Class)
                and call.name == "sqlmodel_update"
                and node.args
            ):
                yield owner.of, node.args[0]
            elif call.name in ("values", "update") and self._copies_something(call):
                yield from self._statement(call)

    def _copies_something(self, call: Called) -> bool:
        """Look first at what is given: most calls of these names are not about statements."""
        given = [*call.node.args[:1], *(one.value for one in call.node.keywords if one.arg is None)]
        return any(self._copied(one, call.scope, _DEPTH) is not None for one in given)

    def _loops(self, call: Called) -> Iterator[tuple[Class, ast.expr]]:
        """Yield what `setattr(item, name, value)` sets one by one: from the loop around, `data[name]`, or `getattr`."""
        owner = self._evaluator.evaluate(call.node.args[0], call.scope)
        value = call.node.args[2]
        if not isinstance(owner, Instance) or not isinstance(owner.of, Class) or not call.site.around.loops:
            return
        if isinstance(value, ast.Subscript):
            yield owner.of, value.value
            return
        found = getattr(call.site.around.loops[-1], "iter", None)
        is_dumped = isinstance(found, ast.Call) and last_name(found.func) in _DUMPS
        if isinstance(value, ast.Call) and last_name(value.func) == "getattr" and value.args and not is_dumped:
            yield owner.of, value.args[0]
        elif isinstance(found, ast.expr):
            yield owner.of, _items_of(found)

    def _left(self, call: Called, source: ast.expr) -> Callable[[frozenset[str]], frozenset[str]] | None:
        """Return what leaves of names those that are set: tests around `setattr` choose; nothing if not known how."""
        tests = [test for test, _holds in call.site.around.branches] if call.name == "setattr" else []
        return self._chosen(tests, source, call.scope)

    def _chosen(
        self, tests: list[ast.expr], source: ast.expr, scope: Scope
    ) -> Callable[[frozenset[str]], frozenset[str]] | None:
        only: frozenset[str] | None = None
        without: frozenset[str] = frozenset()
        for test in (one for part in tests for one in ast.walk(part) if isinstance(one, ast.Compare)):
            operator, listed = test.ops[0], test.comparators[0]
            if isinstance(operator, ast.In | ast.NotIn):
                if ast.unparse(listed) in (ast.unparse(source), f"{ast.unparse(source)}.keys()"):
                    continue
                texts = frozenset(self._constants.texts(listed, scope))
                if not texts:
                    return None
                only = texts if isinstance(operator, ast.In) else only
                without |= texts if isinstance(operator, ast.NotIn) else frozenset()
            elif isinstance(operator, ast.NotEq):
                without |= frozenset(self._constants.texts(listed, scope))
        return lambda names: (names if only is None else names & only) - without

    def _statement(self, call: Called) -> Iterator[tuple[Class, ast.expr]]:
        func = call.node.func
        if not isinstance(func, ast.Attribute):
            return
        given = [*call.node.args[:1], *(one.value for one in call.node.keywords if one.arg is None)]
        if isinstance(func.value, ast.Attribute) and func.value.attr == "__dict__":
            owner = self._evaluator.evaluate(func.value.value, call.scope)
            if isinstance(owner, Instance) and isinstance(owner.of, Class):
                yield from ((owner.of, one) for one in given)
            return
        for step in self._statements.steps(func.value, call.scope):
            if step.name in ("update", "insert", "query") and step.node.args:
                model = self._evaluator.evaluate(step.node.args[0], step.scope)
                if isinstance(model, Class):
                    yield from ((model, one) for one in given)

    def _copied(self, node: ast.expr, scope: Scope, depth: int) -> Copied | None:
        if depth == 0:
            return None
        node = node.value if isinstance(node, ast.Await) else node
        kinds: dict[type[ast.expr], Callable[[Any, Scope, int], Copied | None]] = {
            ast.DictComp: self._comprehended,
            ast.Call: self._dumped,
            ast.Name: self._variable,
            ast.Dict: self._written,
            ast.BinOp: self._merged,
        }
        kind = kinds.get(type(node))
        return kind(node, scope, depth) if kind is not None else self._object(node, scope)

    def _written(self, node: ast.Dict, scope: Scope, depth: int) -> Copied | None:
        inner = [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
        fixed = {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}
        found = self._copied(inner[0], scope, depth - 1) if inner else None
        return Copied(found.schema, found.names - fixed, found.origins) if found else None

    def _merged(self, node: ast.BinOp, scope: Scope, depth: int) -> Copied | None:
        """Return what is left of `data.model_dump() | {"role": "member"}`."""
        found = self._copied(node.left, scope, depth - 1)
        return Copied(found.schema, found.names - written_keys(node.right), found.origins) if found else None

    def _comprehended(self, node: ast.DictComp, scope: Scope, depth: int) -> Copied | None:
        """Return what `{name: value for name, value in data.items() if name in ALLOWED}` has in it."""
        source = _items_of(node.generators[0].iter)
        found = self._copied(source, scope, depth - 1)
        left = self._chosen(node.generators[0].ifs, source, scope)
        if found is None or left is None or (found.schema is None and _EXTRA not in left(frozenset({_EXTRA}))):
            return None
        return Copied(found.schema, left(found.names), found.origins)

    def _dumped(self, node: ast.Call, scope: Scope, depth: int) -> Copied | None:
        func = node.func
        last = last_name(func)
        if last in ("jsonable_encoder", "vars", "dict") and node.args:
            return self._without(node, self._copied(node.args[0], scope, depth - 1), scope)
        if last in ("items", "copy") and isinstance(func, ast.Attribute):
            return self._copied(func.value, scope, depth - 1)
        if last in _DUMPS and isinstance(func, ast.Attribute):
            return self._without(node, self._object(func.value, scope), scope)
        called = self._evaluator.evaluate(func, scope)
        if isinstance(called, Bound):
            return self._made_by(called, node, scope, depth)
        if last in ("json", "form") and isinstance(func, ast.Attribute):
            path = self._evaluator.evaluate(func.value, scope)
            if isinstance(path, Instance) and isinstance(path.of, External) and path.of.last == "Request":
                return Copied(None, frozenset(), ())
        return None

    def _made_by(self, called: Bound, node: ast.Call, scope: Scope, depth: int) -> Copied | None:
        """Return what a function or method gives that hands on a dictionary: `data.changes()`."""
        inner = self._evaluator.bind(called, node, scope)
        found = [self._copied(one, inner, depth - 1) for one in called.function.returned]
        known = next((one for one in found if one is not None), None)
        if known is None or known.origins or not isinstance(node.func, ast.Attribute):
            return known
        origins = tuple(one for origin in self._origins.of(node.func.value, scope) for one in origin.roots)
        return Copied(known.schema, known.names, origins)

    def _without(self, node: ast.Call, found: Copied | None, scope: Scope) -> Copied | None:
        if found is None:
            return None
        names = found.names
        for one in node.keywords:
            listed = frozenset(self._constants.texts(one.value, scope))
            if isinstance(one.value, ast.Dict):
                listed = frozenset(str(key.value) for key in one.value.keys if isinstance(key, ast.Constant))
            if one.arg == "exclude":
                names = names - listed if listed else frozenset[str]()
            elif one.arg == "include":
                names &= listed
        return Copied(found.schema, names, found.origins)

    def _variable(self, node: ast.Name, scope: Scope, depth: int) -> Copied | None:
        function = scope.function
        found: Copied | None = None
        written = self._constants.written(node, scope)
        if written is not None and isinstance(written[0], ast.Dict) and None not in written[0].keys:
            return None  # what is in it is written in the code, whatever a parameter may be elsewhere
        for binding in function.facts.bindings.get(node.id, ()) if function else ():
            if binding.kind == "value":
                found = found or self._copied(binding.value, scope, depth - 1)
        if found is None and node.id in scope.bound:
            found = self._copied(*scope.bound[node.id], depth - 1)
        found = found or self._object(node, scope)
        changed = changed_keys(function, node.id) if function else set[str]()
        bindings = function.facts.bindings.get(node.id, ()) if function else ()
        changed |= {name for one in bindings if one.kind == "added" for name in written_keys(one.value)}
        if found is None or (found.schema is None and changed):
            return None
        return Copied(found.schema, found.names - changed, found.origins)

    def _object(self, node: ast.expr, scope: Scope) -> Copied | None:
        """Return what an object of a schema, or a bare dictionary that a caller sent, has in it."""
        value = self._evaluator.evaluate(node, scope)
        if not isinstance(value, Instance):
            return None
        origins = tuple(one for origin in self._origins.of(node, scope) for one in origin.roots)
        if isinstance(value.of, Class):
            if not (self._fields.is_schema(value) or self._fields.is_model(value)) or value.made is not None:
                return None
            names = frozenset(self._fields.columns(value.of)) - reset_fields(scope.function, node)
            names |= {_EXTRA} if _takes_extra(value.of) else frozenset[str]()
            return Copied(value.of, names, origins)
        from_caller = any(one.kind == "parameter" for one in origins)
        is_open = value.of.name in _DICTS or value.of.last in _FORMS
        return Copied(None, frozenset(), origins) if is_open and from_caller else None


def _items_of(node: ast.expr) -> ast.expr:
    """Return `data` of `data.items()`, `data.keys()` and `data.model_fields_set`; of anything else, that itself."""
    inner = node.func if isinstance(node, ast.Call) else node
    if isinstance(inner, ast.Attribute) and inner.attr in ("items", "keys", "model_fields_set"):
        return inner.value
    return node


def _takes_extra(schema: Class) -> bool:
    """Tell a schema that keeps what it does not know: `extra="allow"`."""
    _annotation, config = schema.attributes.get("model_config", (None, None))
    return config is not None and any(
        isinstance(node, ast.Constant) and node.value == "allow" for node in ast.walk(config)
    )
