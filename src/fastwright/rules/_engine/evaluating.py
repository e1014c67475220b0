"""Work out what an expression stands for; what cannot be followed is `None`, and never guessed.

Names are followed through imports, attributes through annotations and `__init__`, calls through return types, and
dependencies through `Depends`.
"""

from __future__ import annotations

import ast
import builtins
from collections import Counter
from collections.abc import Callable
from typing import Any

from fastwright.rules._engine.annotations import Types
from fastwright.rules._engine.classes import Classes
from fastwright.rules._engine.facts import Binding, reaching
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class, Index, Module
from fastwright.rules._engine.scopes import Scopes
from fastwright.rules._engine.values import Bound, External, Instance, Scope, Value, library

_DEPTH = 60
# A value takes no more steps than this, nor goes more often through one function: what seems to goes in circles.
_MOST = 3000
_AGAIN = 3
_BUILTINS = frozenset(dir(builtins))
_TRANSPARENT = frozenset({"staticmethod", "classmethod", "lru_cache", "cache", "wraps"})
_CONTEXTS = frozenset({"contextmanager", "asynccontextmanager"})


class Evaluator:
    """Answers what expressions stand for, and remembers the answers."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self.types = Types(self)
        self.classes = Classes(self)
        self._known: dict[tuple[int, int], Value | None] = {}
        self._kept: list[tuple[ast.expr, Scope]] = []
        scopes = Scopes()
        self.scope = scopes.of
        self.bind = scopes.bind
        self._depth = 0
        self._spent = 0
        self._entered: Counter[int] = Counter()
        self._looking: set[tuple[int, str]] = set()
        self._special: dict[type[ast.expr], Callable[[Any, Scope], Value | None]] = {
            ast.Subscript: self._subscript,
            **dict.fromkeys((ast.BoolOp, ast.IfExp), self._either),
            **dict.fromkeys((ast.List, ast.Tuple, ast.Set), self._listed),
            **dict.fromkeys((ast.ListComp, ast.SetComp, ast.GeneratorExp), self._comprehended),
            **dict.fromkeys((ast.Dict, ast.DictComp), lambda _node, _scope: Instance(External("builtins.dict"))),
            ast.JoinedStr: lambda _node, _scope: Instance(External("builtins.str")),
            ast.Constant: self._constant,
        }

    def evaluate(self, node: ast.expr | None, scope: Scope) -> Value | None:
        """Return what an expression stands for where it is written, or nothing if that is not known."""
        if node is None:
            return None
        key = (id(node), id(scope))
        if key in self._known:
            return self._known[key]
        self._spent = self._spent + 1 if self._depth else 0
        if self._depth > _DEPTH or self._spent > _MOST:
            return None
        self._known[key] = None  # what leads back to itself is not known
        self._kept.append((node, scope))
        self._depth += 1
        try:
            found = self._evaluate(node, scope)
        finally:
            self._depth -= 1
        self._known[key] = found
        return found

    @property
    def is_busy(self) -> bool:
        """Whether an evaluation is under way: what it asks on the way may be incomplete, and is not to be kept."""
        return self._depth > 0

    def outside(self, function: Function) -> Scope:
        """Return the scope in which a signature is read, where its own parameters are not known yet."""
        return self.scope(function.outer or function.module)

    def member(self, owner: Value | None, name: str) -> Value | None:
        """Return what `owner.name` stands for."""
        if isinstance(owner, Module):
            return self.global_name(owner, name) or self._submodule(owner, name)
        if isinstance(owner, External):
            return External(f"{owner.name}.{name}")
        if isinstance(owner, Class):
            return self.classes.member(owner, name, owner)
        if isinstance(owner, Instance):
            if isinstance(owner.of, External):
                return External(f"{owner.of.name}.{name}")
            return self.classes.member(owner.of, name, owner)
        return None

    def global_name(self, module: Module, name: str) -> Value | None:
        """Return what a name stands for at the top of a module."""
        key = (id(module), name)
        if key in self._looking:  # `redis = redis.Redis()`
            dotted, inner = module.imports.get(name, ("", ""))
            is_library = bool(dotted) and self.index.named(dotted, module) is None
            return External(f"{dotted}.{inner}" if inner else dotted) if is_library else None
        self._looking.add(key)
        try:
            return self._global_name(module, name)
        finally:
            self._looking.discard(key)

    def result(self, called: Value | None, node: ast.Call, scope: Scope) -> Value | None:
        """Return what a call gives; awaiting it changes nothing."""
        if isinstance(called, Class):
            return Instance(called, (node, scope))
        if isinstance(called, Bound):
            return self.returned(called, self.bind(called, node, scope))
        if isinstance(called, External):
            return self._external_result(called, node, scope)
        return self._of_object(called, node, scope) if isinstance(called, Instance) else None

    def _of_object(self, called: Instance, node: ast.Call, scope: Scope) -> Value | None:
        """Return what calling an object gives: what its `__call__` does, or the function in a `partial(…)`."""
        if isinstance(called.of, Class):
            return self.result(self.classes.member(called.of, "__call__", called), node, scope)
        wrapped = self.wrapped(called)
        if wrapped is not None and called.made is not None:
            return self.result(wrapped, *called.made)
        return Instance(External(f"{called.of.name}()"), (node, scope))

    def returned(self, called: Bound, scope: Scope) -> Value | None:
        """Return what a function gives back: what its annotation says, or what it returns."""
        function = called.function
        given = self.types.annotated(function.node.returns, scope)
        if isinstance(given, Instance) and (function.is_generator or function.decorators & _CONTEXTS):
            given = next(iter(given.items), None)
        if (given is not None and not self.types.is_vague(given)) or self._entered[id(function)] >= _AGAIN:
            return given
        self._entered[id(function)] += 1
        try:
            values = (self.evaluate(node, scope) for node in function.returned)
            return next((value for value in values if value is not None), given)
        finally:
            self._entered[id(function)] -= 1

    def wrapped(self, value: Value | None) -> Value | None:
        """Return the function in `partial(function, …)`."""
        made = value.made if isinstance(value, Instance) and library(value) == "functools.partial()" else None
        return self.evaluate(made[0].args[0], made[1]) if made is not None and made[0].args else None

    def _evaluate(self, node: ast.expr, scope: Scope) -> Value | None:
        if isinstance(node, ast.Name):
            return self.name(node.id, scope, node)
        if isinstance(node, ast.Attribute):
            return self.member(self.evaluate(node.value, scope), node.attr)
        if isinstance(node, ast.Call):
            if isinstance(node.func, ast.Name) and node.func.id == "super":
                return self.classes.parent(scope)
            return self.result(self.evaluate(node.func, scope), node, scope)
        if isinstance(node, ast.Await | ast.NamedExpr | ast.Starred):
            return self.evaluate(node.value, scope)
        return self._compound(node, scope)

    def _compound(self, node: ast.expr, scope: Scope) -> Value | None:
        special = self._special.get(type(node))
        return special(node, scope) if special else None

    def _either(self, node: ast.BoolOp | ast.IfExp, scope: Scope) -> Value | None:
        if isinstance(node, ast.IfExp):
            holds = _truth(node.test, scope)
            options = [node.body, node.orelse] if holds is None else [node.body if holds else node.orelse]
        else:
            options = node.values
        return next((found for one in options if (found := self.evaluate(one, scope)) is not None), None)

    def _listed(self, node: ast.List | ast.Tuple | ast.Set, scope: Scope) -> Value | None:
        items = [self.evaluate(one, scope) for one in (node.elts if isinstance(node, ast.Tuple) else node.elts[:1])]
        known = tuple(one for one in items if one is not None)
        return Instance(
            External(f"builtins.{type(node).__name__.lower()}"), None, known if len(known) == len(items) else ()
        )

    def _comprehended(self, node: ast.ListComp | ast.SetComp | ast.GeneratorExp, scope: Scope) -> Value | None:
        item = self.evaluate(node.elt, scope)
        return Instance(External("builtins.list"), None, (item,) if item else ())

    def _constant(self, node: ast.Constant, _scope: Scope) -> Value | None:
        return Instance(External(f"builtins.{type(node.value).__name__}")) if node.value is not None else None

    def name(self, name: str, scope: Scope, node: ast.Name | None = None) -> Value | None:
        """Return what a name stands for: a variable, a parameter, or something of the module.

        Of a variable that is set more than once, what it was set to last before the `node` comes first.
        """
        function = scope.function
        while function is not None:
            if function.is_bound and scope.me is not None and name in _first(function):
                return scope.me
            bindings = function.facts.bindings.get(name, [])
            if node is not None and bindings and function is scope.function:
                last = reaching(bindings, node, given=name in function.parameters)
                bindings = [*last, *(one for one in bindings if one not in last)] if last else []
            for binding in bindings:
                if (value := self.binding(binding, scope)) is not None:
                    return value
            if name in function.parameters:
                return self.types.parameter(function, name, scope)
            found = next((one for one in function.inner if one.name == name), None)
            if found is not None:
                return Bound(found, scope.me)
            function = function.outer
        return self.global_name(scope.module, name)

    def binding(self, binding: Binding, scope: Scope) -> Value | None:
        """Return what a variable is after it was set there."""
        value = self.evaluate(binding.value, scope)
        if value is None and binding.annotation is not None:
            value = self.types.annotated(binding.annotation, scope)
        if binding.kind == "item" and isinstance(value, Instance):
            return value.item
        if binding.kind in ("value", "entered"):
            return value
        if binding.kind == "part" and isinstance(value, Instance) and binding.part is not None:
            return value.items[binding.part] if binding.part < len(value.items) else None
        return None

    def _global_name(self, module: Module, name: str) -> Value | None:
        top = module.top.get(name)
        if top is not None:
            return top if isinstance(top, Class) else Bound(top)
        scope = self.scope(module)
        for value in module.values.get(name, ()):
            if (found := self.evaluate(value, scope)) is not None:
                return found
        if name in module.imports:
            return self._imported(*module.imports[name], module)
        for star in module.stars:
            other = self.index.named(star, module)
            if other is not None and (found := self.global_name(other, name)) is not None:
                return found
        if name in _BUILTINS and name not in module.values:
            return External(f"builtins.{name}")
        return None

    def _imported(self, dotted: str, name: str, near: Module) -> Value | None:
        module = self.index.named(dotted, near)
        if module is near and not near.path.endswith("__init__.py"):
            module = None  # `import jwt` in a `jwt.py` is the library
        if not name:
            return module or External(dotted)
        if module is not None and (found := self.global_name(module, name)) is not None:
            return found
        inner = self.index.named(f"{dotted}.{name}", near)
        return inner or (External(f"{dotted}.{name}") if module is None else None)

    def _submodule(self, module: Module, name: str) -> Module | None:
        parts = module.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        return self.index.named(f"{parts}.{name}", module)

    def _subscript(self, node: ast.Subscript, scope: Scope) -> Value | None:
        value = self.evaluate(node.value, scope)
        if isinstance(value, Class):
            return value
        if isinstance(value, Instance):
            return value if isinstance(node.slice, ast.Slice) else value.item
        is_type = isinstance(value, External) and (value.last[:1].isupper() or value.package == "builtins")
        return self.types.annotated(node, scope) if is_type else None  # `os.environ["KEY"]` is none

    def _external_result(self, called: External, node: ast.Call, scope: Scope) -> Value | None:
        last = called.last.removesuffix("()")
        if called.name in ("builtins.list", "builtins.sorted", "builtins.tuple", "builtins.set") and node.args:
            return self.evaluate(node.args[0], scope)
        if called.name == "builtins.next" and node.args:
            given = self.evaluate(node.args[0], scope)  # of a function that yields it is what is yielded
            return given.item or given if isinstance(given, Instance) else given
        if called.name in ("typing.cast", "typing_extensions.cast") and node.args:
            return self.types.annotated(node.args[0], scope)
        known = self.types.known_result(called, node, scope)
        if known is not None:
            return known
        is_class = last[:1].isupper() or called.package == "builtins"
        return Instance(called if is_class else External(f"{called.name}()"), (node, scope))


def _first(function: Function) -> tuple[str, ...]:
    arguments = [*function.node.args.posonlyargs, *function.node.args.args]
    return (arguments[0].arg,) if arguments else ()


def _truth(test: ast.expr, scope: Scope) -> bool | None:
    """Return whether a parameter that is tested was given as true, where that is written."""
    if not isinstance(test, ast.Name) or scope.function is None:
        return None
    given = scope.bound[test.id][0] if test.id in scope.bound else scope.function.defaults.get(test.id)
    return bool(given.value) if isinstance(given, ast.Constant) else None
