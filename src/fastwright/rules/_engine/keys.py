"""Which keys a dictionary has, over copies, updates, and functions that are handed one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from fastwright.project.source import last_name
from fastwright.rules._engine.evaluating import Evaluator
from fastwright.rules._engine.facts import reaching
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class
from fastwright.rules._engine.values import Bound, Instance, Scope

_DEPTH = 12
_COPIES = frozenset({"copy", "deepcopy", "dict", "jsonable_encoder"})


class Keys:
    """Reads dictionaries for the rules."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator

    def may_have(self, key: str, node: ast.expr, scope: Scope) -> bool:
        """Tell whether a dictionary has a key, or may have it: if a part of it is not known, the answer is yes."""
        return self._has(key, node, scope, _DEPTH)

    def callers_without(self, key: str, node: ast.expr, scope: Scope) -> Iterator[tuple[ast.Call, Scope]]:
        """Yield the calls that give a function a dictionary without the key, of which the function adds nothing."""
        function = scope.function
        if function is None or not isinstance(node, ast.Name) or node.id not in function.parameters:
            return
        if key in _added(function, node.id) or any(_updates(function, node.id)) or node.id in function.facts.bindings:
            return
        for call, where in self._callers(function):
            bound = self._evaluator.bind(Bound(function), call, where).bound
            if node.id in bound and not self._has(key, *bound[node.id], _DEPTH):
                yield call, where

    def _has(self, key: str, node: ast.expr, scope: Scope, depth: int) -> bool:
        if depth == 0:
            return True
        if isinstance(node, ast.Dict):
            return self._literal(key, node, scope, depth)
        if isinstance(node, ast.Name):
            return self._variable(key, node, scope, depth)
        if isinstance(node, ast.Call):
            return self._call(key, node, scope, depth)
        if isinstance(node, ast.BinOp):
            return self._has(key, node.left, scope, depth - 1) or self._has(key, node.right, scope, depth - 1)
        return True

    def _literal(self, key: str, node: ast.Dict, scope: Scope, depth: int) -> bool:
        for name, value in zip(node.keys, node.values, strict=True):
            if name is None:
                if self._has(key, value, scope, depth - 1):
                    return True
            elif not isinstance(name, ast.Constant) or name.value == key:
                return True
        return False

    def _variable(self, key: str, node: ast.Name, scope: Scope, depth: int) -> bool:
        function, name = scope.function, node.id
        if function is None:
            values = scope.module.values.get(name, ())
            return not values or any(self._has(key, one, scope, depth - 1) for one in values)
        if key in _added(function, name):
            return True
        bindings = reaching(function.facts.bindings.get(name, []), node)
        bindings = [one for one in bindings if one.kind in ("value", "added")]
        parts = [self._has(key, one.value, scope, depth - 1) for one in bindings]
        parts += [self._has(key, one, scope, depth - 1) for one in _updates(function, name)]
        if name in scope.bound:
            parts.append(self._has(key, *scope.bound[name], depth - 1))
        elif function.node.args.kwarg is not None and function.node.args.kwarg.arg == name:
            parts.append(self._given_extra(key, function))
        elif name in function.parameters:
            # Whoever calls it may give the key; to know that, all its callers would have to be known.
            parts.append(self._given(key, function, name, depth))
        return any(parts) if parts else True

    def _given(self, key: str, function: Function, name: str, depth: int) -> bool:
        calls = list(self._callers(function))
        for call, scope in calls:
            bound = self._evaluator.bind(Bound(function), call, scope).bound
            if name not in bound or self._has(key, *bound[name], depth - 1):
                return True
        return False

    def _given_extra(self, key: str, function: Function) -> bool:
        """Tell whether any caller gives the key as an argument that goes into `**extra`."""
        calls = [call for call, _scope in self._callers(function)]
        return not calls or any(one.arg in (key, None) for call in calls for one in call.keywords)

    def _callers(self, function: Function) -> Iterator[tuple[ast.Call, Scope]]:
        word = function.name.encode()
        for module in self._evaluator.index.own:
            if word not in module.content:
                continue
            for owner in (module, *module.functions):
                calls = owner.facts.calls
                for site in calls:
                    func = site.node.func
                    last = last_name(func)
                    if last == function.name:
                        yield site.node, self._evaluator.scope(owner)

    def _call(self, key: str, node: ast.Call, scope: Scope, depth: int) -> bool:
        func = node.func
        last = last_name(func)
        if last in _COPIES:
            parts = [self._has(key, one, scope, depth - 1) for one in node.args]
            parts += [
                one.arg == key or (one.arg is None and self._has(key, one.value, scope, depth - 1))
                for one in node.keywords
            ]
            if isinstance(func, ast.Attribute) and last == "copy" and not node.args:
                parts.append(self._has(key, func.value, scope, depth - 1))
            return any(parts)
        called = self._evaluator.evaluate(func, scope)
        dumped = func.value if last in ("model_dump", "dict") and isinstance(func, ast.Attribute) else None
        dumped = node.args[0] if last in ("asdict", "vars") and node.args else dumped
        if dumped is not None:
            owner = self._evaluator.evaluate(dumped, scope)
            if isinstance(owner, Instance) and isinstance(owner.of, Class):
                lineage = [one for one in self._evaluator.classes.lineage(owner.of) if isinstance(one, Class)]
                return any(key in one.attributes for one in lineage)
        if isinstance(called, Bound):
            inner = self._evaluator.bind(called, node, scope)
            returned = called.function.returned
            return any(self._has(key, one, inner, depth - 1) for one in returned) if returned else True
        return True


def _added(function: Function, name: str) -> set[str]:
    """Return the keys that are set by `name["key"] = …`, `name.setdefault("key", …)` and `name.update(key=…)`."""
    found: set[str] = set()
    for node in function.nodes(ast.Subscript):
        if isinstance(node.ctx, ast.Store) and _is(node.value, name) and isinstance(node.slice, ast.Constant):
            found.add(str(node.slice.value))
    for site in function.calls:
        func = site.node.func
        if isinstance(func, ast.Attribute) and _is(func.value, name):
            if func.attr == "setdefault" and site.node.args and isinstance(site.node.args[0], ast.Constant):
                found.add(str(site.node.args[0].value))
            if func.attr == "update":
                found |= {one.arg for one in site.node.keywords if one.arg}
    return found


def _updates(function: Function, name: str) -> Iterator[ast.expr]:
    for site in function.calls:
        func = site.node.func
        if isinstance(func, ast.Attribute) and func.attr == "update" and _is(func.value, name):
            yield from site.node.args
            yield from (one.value for one in site.node.keywords if one.arg is None)


def _is(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name
