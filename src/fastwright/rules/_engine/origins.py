"""Where a value comes from: over variables, parameters, attributes and helpers, back to what a caller sent."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from fastwright.project.source import arguments, last_name
from fastwright.rules._engine.evaluating import Evaluator
from fastwright.rules._engine.facts import reaching
from fastwright.rules._engine.fields import Fields
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class
from fastwright.rules._engine.values import Bound, Instance, Scope, Value, project_class

_DEPTH = 24
# How far what a call was given is followed, after the call itself.
_PARENTS = 8
_LEVELS = 6
# No value comes from more places than this; what seems to goes through functions that call each other.
_MOST = 600
# The same for all that is asked on the way.
_ALL = 3000
_PLAIN = frozenset(
    {"int", "str", "float", "abs", "max", "round", "list", "tuple", "set", "dict", "sorted", "cast", "UUID"}
)
# Methods that give back what they are called on, or the same text.
_THROUGH = frozenset({"get_secret_value", "strip", "lower", "upper", "encode"})
_BOUNDING = frozenset({"min", "clamp"})


@dataclass(frozen=True, eq=False)
class Origin:
    """A source of a value.

    parameter  of `function`, and nobody that we follow gives it
    field      `name` of an object of the class `owner`, which came from `parents`
    call       of something that is not followed
    constant   a literal
    """

    kind: Literal["parameter", "field", "call", "constant"]
    node: ast.expr | ast.arg
    scope: Scope
    name: str = ""
    function: Function | None = None
    owner: Class | None = None
    parents: tuple[Origin, ...] = ()

    @cached_property
    def roots(self) -> tuple[Origin, ...]:
        """What the object came from of which this is a field; itself if it is none."""
        return tuple(dict.fromkeys(root for parent in self.parents for root in parent.roots)) or (self,)


@dataclass(frozen=True, eq=False)
class _Walk:
    """What one walk has found, and where it has been."""

    found: list[Origin]
    seen: set[tuple[int, int]]


class Origins:
    """Traces values for the rules."""

    def __init__(self, evaluator: Evaluator, fields: Fields) -> None:
        self._evaluator = evaluator
        self._fields = fields
        self._known: dict[tuple[int, int], list[Origin]] = {}
        self._level = 0
        self._steps = 0
        self._above: dict[tuple[int, int], list[Origin]] = {}
        self._kept: list[Scope] = []

    def of(self, node: ast.expr | None, scope: Scope) -> list[Origin]:
        """Return all sources of a value. What goes through `min(…)` has none: somebody bounds it."""
        if node is None:
            return []
        key = (id(node), id(scope))
        known = self._known.get(key)
        if known is None:
            self._steps = 0
            found: list[Origin] = []
            self._of(node, scope, _Walk(found, set()), _DEPTH)
            known = self._known[key] = found
            self._kept.append(scope)
        return known

    def _parents(self, node: ast.expr, scope: Scope) -> list[Origin]:
        """Return the sources of what a call was made on or with, worked out once; of a circle there are none."""
        key = (id(node), id(scope))
        known = self._above.get(key)
        if known is None and self._level < _LEVELS:
            self._above[key] = []
            self._level += 1
            found: list[Origin] = []
            self._of(node, scope, _Walk(found, set()), _PARENTS)
            known = self._above[key] = found
            self._level -= 1
            self._kept.append(scope)
        return known or []

    def _of(self, node: ast.expr, scope: Scope, walk: _Walk, depth: int) -> None:
        self._steps += 1
        if depth == 0 or len(walk.seen) > _MOST or self._steps > _ALL or (id(node), id(scope)) in walk.seen:
            return
        walk.seen.add((id(node), id(scope)))
        if isinstance(node, ast.Name):
            self._name(node, scope, walk, depth - 1)
        elif isinstance(node, ast.Attribute):
            self._attribute(node, scope, walk, depth - 1)
        elif isinstance(node, ast.Call):
            self._call(node, scope, walk, depth - 1)
        elif isinstance(node, ast.Constant):
            walk.found.append(Origin("constant", node, scope))
        elif isinstance(node, ast.Subscript):
            key = node.slice.value if isinstance(node.slice, ast.Constant) else None
            for value, where in self._element(node.value, key, scope):
                self._of(value, where, walk, depth)
        else:
            for inner in _carriers(node):
                self._of(inner, scope, walk, depth - 1)

    def _name(self, node: ast.Name, scope: Scope, walk: _Walk, depth: int) -> None:
        function = scope.function
        while function is not None:
            bindings = function.facts.bindings.get(node.id, [])
            is_given = node.id in function.parameters
            here = function is scope.function
            for binding in reaching(bindings, node, given=is_given) if here else bindings:
                key = binding.part if binding.kind == "part" else None
                for value, where in self._element(binding.value, key, scope):
                    self._of(value, where, walk, depth)
            if is_given and not _is_reset(node, function):
                self._parameter(node.id, function, scope, walk, depth)
                return
            if bindings:
                return
            function = function.outer
        for value in scope.module.values.get(node.id, ()):
            self._of(value, self._evaluator.scope(scope.module), walk, depth)

    def _parameter(self, name: str, function: Function, scope: Scope, walk: _Walk, depth: int) -> None:
        if scope.function is function and name in scope.bound:
            self._of(*scope.bound[name], walk, depth)
        else:
            walk.found.append(Origin("parameter", function.parameters[name], scope, name, function))

    def _element(self, node: ast.expr, key: object, scope: Scope) -> list[tuple[ast.expr, Scope]]:
        """Return what stands under a key or at a position of a literal, or of what a function or dependency returns."""
        whole = [(node, scope)]
        if key is None:
            return whole
        if isinstance(node, ast.Call) and isinstance(called := self._evaluator.evaluate(node.func, scope), Bound):
            inner = self._evaluator.bind(called, node, scope)
            return [one for returned in called.function.returned for one in _item(returned, key, inner)] or whole
        if isinstance(node, ast.Name) and (function := self._dependency(node.id, scope)) is not None:
            inner = self._evaluator.scope(function)
            return [one for returned in function.returned for one in _item(returned, key, inner)] or whole
        return _item(node, key, scope) or whole

    def _dependency(self, name: str, scope: Scope) -> Function | None:
        """Return the function on which a parameter depends."""
        function = scope.function
        if function is None or name not in function.parameters or name in scope.bound:
            return None
        annotation = function.parameters[name].annotation
        candidates = [self._evaluator.types.default(function, name), (annotation, scope)]
        if annotation is not None:
            candidates.append(self._evaluator.types.alias(annotation, scope))
        for candidate, where in candidates:
            for node in ast.walk(candidate) if candidate is not None else ():
                if isinstance(node, ast.Call) and node.args and last_name(node.func) in ("Depends", "Security"):
                    value = self._evaluator.evaluate(node.args[0], where)
                    return value.function if isinstance(value, Bound) else None
        return None

    def _attribute(self, node: ast.Attribute, scope: Scope, walk: _Walk, depth: int) -> None:
        owner = self._evaluator.evaluate(node.value, scope)
        is_ours = isinstance(owner, Instance) and isinstance(owner.of, Class)
        assigned = list(self._set_in_methods(owner, node.attr)) if is_ours and isinstance(owner, Instance) else []
        assigned = assigned or list(self._given(owner, node.attr))
        for value, where in assigned:
            self._of(value, where, walk, depth)
        if not assigned:
            parents = tuple(self._parents(node.value, scope))
            of = project_class(owner) if is_ours else None
            walk.found.append(Origin("field", node, scope, node.attr, owner=of, parents=parents))

    def _given(self, owner: Value | None, name: str) -> Iterator[tuple[ast.expr, Scope]]:
        """Yield what an object of a schema was made with: `Change(password=hashed).password`."""
        made = owner.made if isinstance(owner, Instance) else None
        if made is not None and self._fields.is_schema(owner) and owner == self._evaluator.evaluate(*made):
            yield from ((one.value, made[1]) for one in made[0].keywords if one.arg == name)

    def _set_in_methods(self, owner: Instance, name: str) -> Iterator[tuple[ast.expr, Scope]]:
        if not isinstance(owner.of, Class) or self._fields.is_model(owner):
            return
        for one in self._evaluator.classes.lineage(owner.of):
            if isinstance(one, Class):
                for method, value in one.set_in_methods.get(name, ()):
                    is_init = method.name == "__init__"
                    yield (
                        value,
                        self._evaluator.classes.made_with(method, owner) if is_init else self._evaluator.scope(method),
                    )

    def _call(self, node: ast.Call, scope: Scope, walk: _Walk, depth: int) -> None:
        name = last_name(node.func)
        if name in _BOUNDING:
            return
        called = self._evaluator.evaluate(node.func, scope)
        through: list[tuple[ast.expr, Scope]] = []
        if isinstance(called, Bound):
            inner = self._evaluator.bind(called, node, scope)
            through = [(returned, inner) for returned in called.function.returned]
        elif name in _PLAIN:
            through = [(argument, scope) for argument in node.args]
        elif name in _THROUGH and isinstance(node.func, ast.Attribute):
            through = [(node.func.value, scope)]
        for value, where in through:
            self._of(value, where, walk, depth)
        if not through and not (name in _PLAIN and not isinstance(called, Bound)):
            given = arguments(node)
            given = [node.func.value, *given] if isinstance(node.func, ast.Attribute) else given
            parents = [one for inner in given for one in self._parents(inner, scope)]
            walk.found.append(Origin("call", node, scope, name, parents=tuple(dict.fromkeys(parents))))


def _is_reset(name: ast.Name, function: Function) -> bool:
    """Tell a parameter that is set to something else before, in any case: by a statement under no condition."""
    return any(
        one.kind == "value"
        and (one.value.end_lineno or one.line) < name.lineno
        and not (one.around.branches or one.around.tries or one.around.loops)
        for one in function.facts.bindings.get(name.id, ())
    )


def _carriers(node: ast.expr) -> list[ast.expr]:
    """Return the parts of an expression that its value is made of; what it is decided by is none."""
    if isinstance(node, ast.Compare | ast.Lambda):
        return []
    if isinstance(node, ast.IfExp):
        return [node.body, node.orelse]
    return [inner for inner in ast.iter_child_nodes(node) if isinstance(inner, ast.expr)]


def _item(node: ast.expr, key: object, scope: Scope) -> list[tuple[ast.expr, Scope]]:
    """Return what stands under a key of a dictionary, or at a position of a tuple, that is written out."""
    if isinstance(node, ast.Dict):
        pairs = zip(node.keys, node.values, strict=True)
        return [(value, scope) for name, value in pairs if isinstance(name, ast.Constant) and name.value == key]
    if isinstance(node, ast.Tuple | ast.List) and isinstance(key, int) and key < len(node.elts):
        return [(node.elts[key], scope)]
    return []
