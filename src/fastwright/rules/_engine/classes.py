"""What classes of the project have: their bases, and their members as seen from an object of a class below."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from fastwright.project.source import called
from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class
from fastwright.rules._engine.values import Bound, External, Instance, Scope, Value

if TYPE_CHECKING:
    from fastwright.rules._engine.evaluating import Evaluator

_NO_HELP = ("abc", "typing", "builtins", "enum")


class Classes:
    """Reads classes for an evaluator."""

    def __init__(self, evaluator: Evaluator) -> None:
        self._evaluator = evaluator
        self._lineages: dict[int, list[Class | External]] = {}
        # Scopes of `__init__` for objects of which it is not known what they were made with.
        self._unmade: dict[tuple[int, int], Scope] = {}

    def bases(self, of: Class) -> Iterator[Value]:
        """Yield the bases of a class, without what is in brackets."""
        scope = self._evaluator.scope(of.module)
        for base in of.node.bases:
            value = self._evaluator.evaluate(base.value if isinstance(base, ast.Subscript) else base, scope)
            if value is not None:
                yield value

    def lineage(self, of: Class) -> list[Class | External]:
        """Return a class and all that it inherits from, near ones first."""
        known = self._lineages.get(id(of))
        if known is None:
            known = list(self._lineage(of))
            if not self._evaluator.is_busy:
                self._lineages[id(of)] = known
        return known

    def _lineage(self, of: Class) -> Iterator[Class | External]:
        seen: set[int] = set()
        waiting: list[Class | External] = [of]
        while waiting:
            one = waiting.pop(0)
            if id(one) in seen:
                continue
            seen.add(id(one))
            yield one
            if isinstance(one, Class):
                waiting += [base for base in self.bases(one) if isinstance(base, Class | External)]

    def inherits(self, of: Class, test: Callable[[str], bool]) -> bool:
        """Tell whether a class inherits from something of a library whose dotted path passes the test."""
        return any(isinstance(one, External) and test(one.name) for one in self.lineage(of))

    def member(self, of: Class, name: str, owner: Value) -> Value | None:
        owner = (owner.me if isinstance(owner, Instance) else None) or owner
        for one in self.lineage(of):
            if isinstance(one, External):
                if one.package not in ("abc", "typing", "builtins", "enum"):
                    return External(f"{one.name}.{name}")
                continue
            if name in one.methods:
                method = one.methods[name]
                if method.decorators & {"property", "cached_property"}:
                    return self._evaluator.returned(Bound(method, owner), Scope(method.module, method, owner))
                return Bound(method, owner)
            found = self._attribute(one, name, owner)
            if found is not None:
                return found
        return None

    def _attribute(self, of: Class, name: str, owner: Value) -> Value | None:
        annotation, value = of.attributes.get(name, (None, None))
        scope = self._evaluator.scope(of.module)
        typed = self._evaluator.types.annotated(annotation, scope)
        if typed is not None and not self._evaluator.types.is_vague(typed):
            return typed
        if value is not None and (found := self._evaluator.evaluate(value, scope)) is not None:
            return found
        for method, expression in of.set_in_methods.get(name, ()):
            if (found := self._evaluator.evaluate(expression, self.made_with(method, owner))) is not None:
                return found
        return typed

    def made_with(self, method: Function, owner: Value) -> Scope:
        """Return the scope of a method; that of `__init__` knows what the object was made with.

        What a class below gives by `super().__init__(…)` counts, too.
        """
        if method.name != "__init__" or not isinstance(owner, Instance) or not isinstance(owner.of, Class):
            return Scope(method.module, method, owner)
        key = (id(method), id(owner.of))
        if owner.made is None and key in self._unmade:
            return self._unmade[key]
        found = self._of_init(method, owner, owner.of) or Scope(method.module, method, owner)
        if owner.made is None and not self._evaluator.is_busy:
            self._unmade[key] = found
        return found

    def _of_init(self, method: Function, owner: Instance, of: Class) -> Scope | None:
        made = owner.made
        for one in self.lineage(of):
            init = one.methods.get("__init__") if isinstance(one, Class) else None
            if init is None:
                continue
            bound = Bound(init, owner)
            scope = self._evaluator.bind(bound, *made) if made else Scope(init.module, init, owner)
            if init is method:
                return scope
            further = next((site.node for site in init.calls if _is_super_init(site.node)), None)
            if further is None:
                return None
            made = (further, scope)
        return None

    def parent(self, scope: Scope) -> Value | None:
        owner = scope.function.owner if scope.function else None
        if owner is None:
            return None
        base = next(iter(self.bases(owner)), None)
        return Instance(base, me=scope.me) if isinstance(base, Class | External) else None


def _is_super_init(node: ast.Call) -> bool:
    return isinstance(node.func, ast.Attribute) and node.func.attr == "__init__" and called(node.func.value) == "super"
