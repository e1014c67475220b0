"""Where expressions are read: the scope of a function that nobody is known to call, and of one that is called there."""

from __future__ import annotations

import ast

from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class, Module
from fastwright.rules._engine.values import Bound, Instance, Scope

_DEEP = 16


class Scopes:
    """Makes scopes, and remembers them, so that what is read in one is read once."""

    def __init__(self) -> None:
        self._of: dict[int, Scope] = {}
        # Scopes by what they were made of, which is kept, too, so that no identity is used twice.
        self._bound: dict[tuple[int, int, int, int], tuple[Scope, ast.Call, Scope, Bound]] = {}

    def of(self, what: Module | Function | Class) -> Scope:
        """Return the scope of a function that nobody is known to call, or of the top of a module."""
        known = self._of.get(id(what))
        if known is None:
            known = self._of[id(what)] = self._made(what)
        return known

    def bind(self, called: Bound, node: ast.Call, scope: Scope) -> Scope:
        """Return the scope of a function when it is called there with these arguments.

        Of one that leads to itself, the arguments are not told apart: there would be no end of scopes.
        """
        if called.function is scope.function or called.function in scope.through or len(scope.through) > _DEEP:
            return self.of(called.function)
        key = (id(called.function), id(called.me), id(node), id(scope))
        known = self._bound.get(key)
        if known is None:
            known = self._bound[key] = (self._bind(called, node, scope), node, scope, called)
        return known[0]

    def _bind(self, called: Bound, node: ast.Call, scope: Scope) -> Scope:
        names = list(called.function.parameters)
        bound: dict[str, tuple[ast.expr, Scope]] = {}
        for name, argument in zip(names, node.args, strict=False):
            if isinstance(argument, ast.Starred):
                break
            bound[name] = (argument, scope)
        for keyword in node.keywords:
            if keyword.arg in names:
                bound[str(keyword.arg)] = (keyword.value, scope)
        many = called.function.node.args.vararg
        if many is not None:
            bound[many.arg] = (ast.Tuple(node.args[len(names) :], ast.Load()), scope)
        rest = called.function.node.args.kwarg
        if rest is not None:
            others = [one for one in node.keywords if one.arg not in names]
            keys: list[ast.expr | None] = [ast.Constant(one.arg) if one.arg is not None else None for one in others]
            bound[rest.arg] = (ast.Dict(keys, [one.value for one in others]), scope)
        through = scope.through if scope.function is None else (*scope.through, scope.function)
        return Scope(called.function.module, called.function, called.me or self.of(called.function).me, bound, through)

    def _made(self, what: Module | Function | Class) -> Scope:
        if isinstance(what, Module):
            return Scope(what)
        if isinstance(what, Class):
            return Scope(what.module, None, Instance(what))
        owner = what.owner
        me = None if owner is None else owner if "classmethod" in what.decorators else Instance(owner)
        if me is None and what.outer is not None:
            me = self.of(what.outer).me
        return Scope(what.module, what, me)
