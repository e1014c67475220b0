"""The endpoints of the map, each with its function, where it was registered, and all that it depends on."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field

from fastwright.project.model import Auth, Endpoint
from fastwright.project.source import called
from fastwright.rules._engine.evaluating import Evaluator
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class, Module
from fastwright.rules._engine.values import Bound, External, Instance, Scope, Value, library
from fastwright.rules._engine.variables import variable

METHODS = frozenset({"get", "post", "put", "patch", "delete", "head", "options", "trace", "api_route", "websocket"})
_DEPENDS = frozenset({"Depends", "Security"})
_DEPTH = 8
Symbol = tuple[Module, str]


@dataclass(frozen=True, eq=False)
class Dependency:
    """Something that an endpoint depends on, directly or through others. `given` is what it gives."""

    target: ast.expr | None
    value: Value | None
    scope: Scope
    parameter: str = ""
    owner: Function | None = None

    @property
    def function(self) -> Function | None:
        """The function that runs for it."""
        return self.value.function if isinstance(self.value, Bound) else None

    @property
    def path(self) -> str:
        """The dotted path, where it is of a library: that of a security scheme, say."""
        return library(self.value)


class Unanswered(Exception):
    """Who may call an endpoint was asked while the app was still being asked."""


@dataclass(eq=False)
class Route:
    """An endpoint as the rules see it. `decorator` is missing where it was not registered by one."""

    endpoint: Endpoint
    module: Module | None = None
    function: Function | None = None
    decorator: ast.Call | None = None
    dependencies: list[Dependency] = field(default_factory=list[Dependency])
    # Whether the map has it, so that its path is known as a whole.
    is_mapped: bool = False
    # Where it is registered, if that is not where its function is: by `add_api_route`.
    where: Function | Module | None = None
    # Whether it is known what it answers.
    is_answered: bool = True

    @property
    def auth(self) -> Auth:
        """Who may call it. Raises `Unanswered` as long as that is not known."""
        if not self.is_answered:
            raise Unanswered
        return self.endpoint.auth

    @property
    def registered(self) -> Function | Module | None:
        """What its decorator is written in."""
        return self.where or (self.function and self.function.outer) or self.module

    @property
    def name(self) -> str:
        """As it is shown: `GET /items`."""
        return f"{self.endpoint.method} {self.endpoint.path}"

    @property
    def method(self) -> str:
        return self.endpoint.method

    @property
    def path(self) -> str:
        return self.endpoint.path

    @property
    def is_operation(self) -> bool:
        """Whether it is a path operation that is in the OpenAPI document."""
        return self.endpoint.kind == "operation" and self.endpoint.in_schema and self.function is not None

    def option(self, name: str) -> ast.expr | None:
        """Return a keyword argument of the decorator."""
        found = self.decorator.keywords if self.decorator else []
        return next((one.value for one in found if one.arg == name), None)


@dataclass(frozen=True, eq=False)
class Inclusion:
    """A call of `include_router`: into which router or app, if that is known; `turn` is that of the loop it is in."""

    parent: Symbol | None
    node: ast.Call
    scope: Scope
    turn: int = 0


class Depending:
    """Finds what functions and routers depend on."""

    def __init__(self, evaluator: Evaluator, modules: list[Module]) -> None:
        self._evaluator = evaluator
        self._included: dict[tuple[int, str], list[Inclusion]] = {}
        for module in modules:
            if b"include_router" in module.content:
                self._read_includes(module)

    def of(self, route: Route) -> Iterator[Dependency]:
        """Yield all that an endpoint depends on: through its signature, its decorator, its routers and the app."""
        if route.function is None:
            return
        seen: set[int] = set()
        starts = [*self.signature(route.function)]
        starts += self._of_class(route.function)
        if route.decorator is not None:
            where = self._evaluator.scope(route.registered or route.function.module)
            starts += self._listed(route.decorator, where)
            if isinstance(route.decorator.func, ast.Attribute):
                starts += self._of_router(route.decorator.func.value, where, _DEPTH)
        for start in starts:
            yield from self._with_inner(start, seen, _DEPTH)

    def _of_class(self, function: Function) -> Iterator[Dependency]:
        """Yield what a class depends on whose methods are endpoints: by its attributes, and by what makes it."""
        lineage = self._evaluator.classes.lineage(function.owner) if function.owner is not None else ()
        for one in lineage:
            for name, (_annotation, value) in one.attributes.items() if isinstance(one, Class) else ():
                if isinstance(value, ast.Call) and called(value) in _DEPENDS and value.args and isinstance(one, Class):
                    scope = self._evaluator.scope(one.module)
                    given = self._runs(self._evaluator.evaluate(value.args[0], scope))
                    yield Dependency(value.args[0], given, scope, name)
            if isinstance(one, Class) and "__init__" in one.methods:
                yield from self.signature(one.methods["__init__"])

    def signature(self, function: Function) -> Iterator[Dependency]:
        """Yield what the parameters of a function depend on."""
        scope = self._evaluator.outside(function)
        for name, parameter in function.parameters.items():
            for call, where in self._depends(function, name, parameter, scope):
                target = call.args[0] if call.args else _keyword(call, "dependency")
                if target is None:
                    value = self._evaluator.types.annotated(parameter.annotation, scope)
                    value = value.of if isinstance(value, Instance) and isinstance(value.of, Class) else value
                else:
                    value = self._evaluator.evaluate(target, where)
                yield Dependency(target, self._runs(value), where, name, function)

    def attachments(self, route: Route) -> list[tuple[Symbol | None, Function | None, tuple[int, int]]]:
        """Return what an endpoint comes to, in which function and where there: its router, and all above that."""
        if route.decorator is None or route.function is None or not isinstance(route.decorator.func, ast.Attribute):
            return []
        where = self._evaluator.scope(route.registered or route.function.module)
        found = self._router(route.decorator.func.value, where)
        if found is None:
            return []
        result: list[tuple[Symbol | None, Function | None, tuple[int, int]]] = [
            (found[0], where.function, (route.decorator.lineno, 0))
        ]
        waiting, seen = [found[0]], set[Symbol]()
        while waiting:
            symbol = waiting.pop()
            seen.add(symbol)
            for one in self._included.get((id(symbol[0]), symbol[1]), ()):
                result.append((one.parent, one.scope.function, (one.node.lineno, one.turn)))
                waiting += [one.parent] if one.parent is not None and one.parent not in seen else []
        return result

    def router(self, owner: ast.expr, scope: Scope) -> ast.Call | None:
        """Return the `APIRouter(…)` or `FastAPI(…)` that made what a decorator is taken from."""
        found = self._router(owner, scope)
        return found[1] if found else None

    def _depends(
        self, function: Function, name: str, parameter: ast.arg, scope: Scope
    ) -> Iterator[tuple[ast.Call, Scope]]:
        default = function.defaults.get(name)
        written, there = self._written(default, scope)
        if isinstance(written, ast.Call) and called(written) in _DEPENDS:
            yield written, there
        annotation, where = parameter.annotation, scope
        if annotation is None:
            return
        for _ in range(3):
            annotation, where = self._evaluator.types.alias(annotation, where)
        if isinstance(annotation, ast.Subscript) and called(ast.Call(annotation.value, [], [])) == "Annotated":
            for part in ast.walk(annotation.slice):
                inner, there = self._written(part, where) if isinstance(part, ast.Name) else (part, where)
                if isinstance(inner, ast.Call) and called(inner) in _DEPENDS:
                    yield inner, there

    def _with_inner(self, one: Dependency, seen: set[int], depth: int) -> Iterator[Dependency]:
        yield one
        function = one.function
        if function is None or id(function) in seen or depth == 0:
            return
        seen.add(id(function))
        for inner in self.signature(function):
            yield from self._with_inner(inner, seen, depth - 1)

    def _runs(self, value: Value | None) -> Value | None:
        """Return what runs for a dependency: for a class its `__init__`, for an object its `__call__`."""
        if isinstance(value, Class):
            return self._evaluator.member(Instance(value), "__init__") or value
        if isinstance(value, Instance) and isinstance(value.of, Class):
            found = self._evaluator.member(value, "__call__")
            return value if isinstance(found, External) or found is None else found
        return value

    def _listed(self, call: ast.Call, scope: Scope) -> Iterator[Dependency]:
        value = _keyword(call, "dependencies")
        if isinstance(value, ast.Name) and (symbol := variable(self._evaluator.index, value, scope)):
            value, scope = symbol[0].values[symbol[1]][0], self._evaluator.scope(symbol[0])
        if isinstance(value, ast.List | ast.Tuple):
            for item in value.elts:
                written, where = self._written(item, scope)
                if isinstance(written, ast.Call) and called(written) in _DEPENDS and written.args:
                    target = written.args[0]
                    yield Dependency(target, self._runs(self._evaluator.evaluate(target, where)), where)

    def _written(self, node: ast.expr | None, scope: Scope) -> tuple[ast.expr | None, Scope]:
        """Return what a name stands for that is set to a `Depends(…)`: `SignedIn = Depends(current_user)`."""
        symbol = variable(self._evaluator.index, node, scope)
        return (symbol[0].values[symbol[1]][0], self._evaluator.scope(symbol[0])) if symbol else (node, scope)

    def _of_router(self, owner: ast.expr, scope: Scope, depth: int) -> Iterator[Dependency]:
        found = self._router(owner, scope)
        if found is None or depth == 0:
            return
        symbol, made, where = found
        yield from self._listed(made, where)
        for one in self._included.get((id(symbol[0]), symbol[1]), ()):
            yield from self._listed(one.node, one.scope)
            if one.parent is not None and isinstance(one.node.func, ast.Attribute):
                yield from self._of_router(one.node.func.value, one.scope, depth - 1)

    def _router(self, owner: ast.expr, scope: Scope) -> tuple[Symbol, ast.Call, Scope] | None:
        function = scope.function
        while function is not None and isinstance(owner, ast.Name):
            for binding in function.facts.bindings.get(owner.id, ()):
                if isinstance(binding.value, ast.Call):
                    return (function.module, f"{function.qualname}.{owner.id}"), binding.value, scope
            function = function.outer
        symbol = variable(self._evaluator.index, owner, scope)
        made = symbol[0].values[symbol[1]][0] if symbol else None
        return (symbol, made, self._evaluator.scope(symbol[0])) if symbol and isinstance(made, ast.Call) else None

    def _read_includes(self, module: Module) -> None:
        places: list[tuple[Function | None, list[ast.Call]]] = [
            (None, [site.node for site in module.facts.calls]),
            *((function, [site.node for site in function.calls]) for function in module.functions),
        ]
        for function, calls in places:
            scope = self._evaluator.scope(function or module)
            for call in calls:
                if called(call) == "include_router" and call.args and isinstance(call.func, ast.Attribute):
                    self._include(call, call.func.value, scope)

    def _include(self, call: ast.Call, parent: ast.expr, scope: Scope) -> None:
        found = self._router(parent, scope)
        for turn, (argument, where) in enumerate(self._unrolled(call.args[0], scope)):
            router = self._router(argument, where)
            if router is not None:
                key = (id(router[0][0]), router[0][1])
                self._included.setdefault(key, []).append(Inclusion(found[0] if found else None, call, scope, turn))

    def _unrolled(self, argument: ast.expr, scope: Scope) -> Iterator[tuple[ast.expr, Scope]]:
        """Yield what is included: for the variable of a loop over a written list, each of its items."""
        yield argument, scope
        facts = scope.function.facts if scope.function else scope.module.facts
        bindings = facts.bindings.get(argument.id, ()) if isinstance(argument, ast.Name) else ()
        for binding in bindings:
            listed, where = binding.value, scope
            if symbol := variable(self._evaluator.index, listed, scope):
                listed, where = symbol[0].values[symbol[1]][0], self._evaluator.scope(symbol[0])
            if binding.kind == "item" and isinstance(listed, ast.List | ast.Tuple):
                yield from ((one, where) for one in listed.elts)


def _keyword(call: ast.Call, name: str) -> ast.expr | None:
    return next((one.value for one in call.keywords if one.arg == name), None)
