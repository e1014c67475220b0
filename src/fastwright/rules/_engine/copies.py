"""Where many fields are copied from a request to a model at once: `Item(**body.model_dump())` and its like."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.project.source import last_name
from fastwright.rules._engine.constants import Constants
from fastwright.rules._engine.evaluating import Evaluator
from fastwright.rules._engine.facts import Site
from fastwright.rules._engine.fields import Fields
from fastwright.rules._engine.following import Called
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class
from fastwright.rules._engine.origins import Origin, Origins
from fastwright.rules._engine.statements import Statements
from fastwright.rules._engine.values import External, Instance, Scope

_DUMPS = frozenset({"model_dump", "dict", "_asdict"})
_MAKES = frozenset({"model_validate", "parse_obj", "from_orm", "validate"})
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
            given = {one.arg for one in call.node.keywords if one.arg}
            # `Model.model_validate(data, update={"password": hashed})`
            given |= {name for one in call.node.keywords if one.arg == "update" for name in _written_keys(one.value)}
            columns = self._fields.columns(model)
            takes_all = copied.schema is None or _EXTRA in copied.names
            names = frozenset(columns) if takes_all else copied.names & frozenset(columns)
            yield Copy(call.site, model, Copied(copied.schema, names - given, copied.origins))

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
        """Yield what `for name, value in data.items(): setattr(item, name, value)` sets, unless names are checked."""
        owner = self._evaluator.evaluate(call.node.args[0], call.scope)
        around = call.site.around
        checked = any("in " in ast.unparse(test) for test, _holds in around.branches)
        if not isinstance(owner, Instance) or not isinstance(owner.of, Class) or checked:
            return
        for loop in around.loops[-1:]:
            found = getattr(loop, "iter", None)
            if isinstance(found, ast.Call) and isinstance(found.func, ast.Attribute) and found.func.attr == "items":
                yield owner.of, found.func.value
            elif isinstance(found, ast.expr):
                yield owner.of, found

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
        if isinstance(node, ast.Call):
            return self._dumped(node, scope, depth)
        if isinstance(node, ast.Name):
            return self._variable(node, scope, depth)
        if isinstance(node, ast.Dict):
            inner = [value for key, value in zip(node.keys, node.values, strict=True) if key is None]
            fixed = {str(key.value) for key in node.keys if isinstance(key, ast.Constant)}
            found = self._copied(inner[0], scope, depth - 1) if inner else None
            return Copied(found.schema, found.names - fixed, found.origins) if found else None
        return self._object(node, scope)

    def _dumped(self, node: ast.Call, scope: Scope, depth: int) -> Copied | None:
        func = node.func
        last = last_name(func)
        if last in ("jsonable_encoder", "vars", "dict") and node.args:
            return self._without(node, self._copied(node.args[0], scope, depth - 1), scope)
        if last in ("items", "copy") and isinstance(func, ast.Attribute):
            return self._copied(func.value, scope, depth - 1)
        if last in _DUMPS and isinstance(func, ast.Attribute):
            return self._without(node, self._object(func.value, scope), scope)
        if last == "json" and isinstance(func, ast.Attribute):
            path = self._evaluator.evaluate(func.value, scope)
            if isinstance(path, Instance) and isinstance(path.of, External) and path.of.last == "Request":
                return Copied(None, frozenset(), ())
        return None

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
        changed = _changed(function, node.id) if function else set[str]()
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
            names = frozenset(self._fields.columns(value.of)) - _reset(scope.function, node)
            names |= {_EXTRA} if _takes_extra(value.of) else frozenset[str]()
            return Copied(value.of, names, origins)
        from_caller = any(one.kind == "parameter" for one in origins)
        return Copied(None, frozenset(), origins) if value.of.name in _DICTS and from_caller else None


def _takes_extra(schema: Class) -> bool:
    """Tell a schema that keeps what it does not know: `extra="allow"`."""
    _annotation, config = schema.attributes.get("model_config", (None, None))
    return config is not None and any(
        isinstance(node, ast.Constant) and node.value == "allow" for node in ast.walk(config)
    )


def _written_keys(node: ast.expr) -> set[str]:
    keys = node.keys if isinstance(node, ast.Dict) else []
    return {str(one.value) for one in keys if isinstance(one, ast.Constant)}


def _reset(function: Function | None, node: ast.expr) -> set[str]:
    """Return the fields of an object that are set in the function: `data.password = hashed`."""
    targets = [target for one in function.nodes(ast.Assign) for target in one.targets] if function else []
    return {
        one.attr
        for one in targets
        if isinstance(one, ast.Attribute) and isinstance(node, ast.Name) and _is_name(one.value, node.id)
    }


def _changed(function: Function, name: str) -> set[str]:
    """Return the keys that are set or taken out: `data["x"] = …`, `data.pop("x")`, `del data["x"]`.

    In `for key in ("x", "y"): data.pop(key)` they are those that the loop runs over.
    """
    found = {
        str(node.slice.value)
        for node in function.nodes(ast.Subscript)
        if not isinstance(node.ctx, ast.Load)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        and isinstance(node.slice, ast.Constant)
    }
    for site in function.calls:
        func, given = site.node.func, site.node.args
        is_pop = isinstance(func, ast.Attribute) and func.attr == "pop" and _is_name(func.value, name)
        if is_pop and given:
            found |= _texts(function, given[0])
    return found


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _texts(function: Function, node: ast.expr) -> set[str]:
    """Return the texts that an expression can be: its own, or those of the list that a loop runs over."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    found: set[str] = set()
    for binding in function.facts.bindings.get(node.id, ()) if isinstance(node, ast.Name) else ():
        listed = binding.value
        if isinstance(listed, ast.Name):
            listed = next((one.value for one in function.facts.bindings.get(listed.id, ())), listed)
        if binding.kind == "item" and isinstance(listed, ast.List | ast.Tuple | ast.Set):
            found |= {str(one.value) for one in listed.elts if isinstance(one, ast.Constant)}
    return found
