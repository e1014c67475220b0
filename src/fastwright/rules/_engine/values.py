"""What an expression can stand for, as far as the source alone tells."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, field

from fastwright.rules._engine.functions import Function
from fastwright.rules._engine.modules import Class, Module


@dataclass(frozen=True)
class External:
    """Something outside of the project, by its dotted path: `sqlalchemy.select`, `builtins.list`.

    What is reached from it goes on in the path, and a call is written as one: `sqlalchemy.orm.Session.execute().all`.
    """

    name: str

    @property
    def package(self) -> str:
        return self.name.partition(".")[0]

    @property
    def last(self) -> str:
        return self.name.rpartition(".")[2]


@dataclass(frozen=True, eq=False)
class Scope:
    """Where an expression is read: a function, with what it was called on and with, or the top of a module.

    `through` are the functions that led there, from one to the next.
    """

    module: Module
    function: Function | None = None
    me: Value | None = None
    bound: Mapping[str, tuple[ast.expr, Scope]] = field(default_factory=dict[str, "tuple[ast.expr, Scope]"])
    through: tuple[Function, ...] = ()


@dataclass(frozen=True, eq=False)
class Instance:
    """An object: of which class, the call that made it, and for a container what is in it.

    What `super()` gives is of the class above, and `me` is what its methods have as `self`.
    """

    of: Class | External
    made: tuple[ast.Call, Scope] | None = None
    items: tuple[Value, ...] = ()
    me: Value | None = None

    @property
    def item(self) -> Value | None:
        """What iterating gives: the last of the type's arguments (`dict` apart, none of ours cares)."""
        return self.items[-1] if self.items else None


@dataclass(frozen=True, eq=False)
class Bound:
    """A function of the project, and the object or class that it is taken from."""

    function: Function
    me: Value | None = None


Value = Module | Class | Bound | External | Instance


def library(value: Value | None) -> str:
    """Return the dotted path of what a library defines, or of the type of an object that is of a library."""
    if isinstance(value, Instance):
        value = value.of
    return value.name if isinstance(value, External) else ""


def project_class(value: Value | None) -> Class | None:
    """Return the class of the project that a value is, or is an instance of."""
    if isinstance(value, Instance):
        value = value.of
    return value if isinstance(value, Class) else None
