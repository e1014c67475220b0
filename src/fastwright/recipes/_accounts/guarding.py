"""The guard of an app that gives the user, and how a parameter for the user is written."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastwright.project.names import Symbol
from fastwright.project.source import Function, assigned, called, last_name
from fastwright.recipes._accounts.registering import Registering
from fastwright.recipes._app.layout import Place
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._reading import Target, called_at
from fastwright.recipes._recipe import Known

_DEPTH = 3
_EXECUTING = frozenset({"exec", "execute", "scalar", "scalars"})


@dataclass(frozen=True)
class UserGuard:
    """A dependency that returns the user; `alias` is the `Annotated` type with it, if the app has one."""

    symbol: Symbol
    alias: Symbol | None

    @property
    def place(self) -> Place:
        """Where more of the kind goes: right behind it."""
        last = self.alias if self.alias is not None and self.alias[0] == self.symbol[0] else self.symbol
        return Place(last[0], after=last[1])

    def parameter(self, name: str, model: str, *, is_annotated: bool) -> str:
        if self.alias is not None:
            return f"{name}: {self.alias[1]}"
        if is_annotated:
            return f"{name}: Annotated[{model}, Depends({self.symbol[1]})]"
        return f"{name}: {model} = Depends({self.symbol[1]})"

    @property
    def symbols(self) -> dict[str, Symbol]:
        return {one[1]: one for one in (self.symbol, self.alias) if one is not None}


def user_guard(app: Surroundings, users: Registering) -> UserGuard | None:
    """Return the dependency right above the security scheme that gives a row of the users."""
    for place in app.known.project.conventions.current_user:
        definition = app.known.names.definition((place.file, place.name)) if place.file else None
        if not place.file or not isinstance(definition, Function):
            continue
        if gives(app.known, place.file, definition, users.model):
            return guard_of(app.known, (place.file, place.name))
    return None


def guard_of(known: Known, symbol: Symbol) -> UserGuard:
    """Return a dependency with the `Annotated` type that the app has for it."""
    return UserGuard(symbol, _alias(known, symbol))


def gives(known: Known, file: str, function: Function, model: str) -> bool:
    """Tell whether a function gives a row of the model: it says so, or what it returns is read so.

    Annotations are often left out, or name the schema of the answer, so what is returned is followed, too.
    """
    return _gives(known, (file, function, None), model, _DEPTH)


def _gives(known: Known, target: Target, model: str, depth: int) -> bool:
    file, function, owner = target
    if model in _named(function.returns):
        return True
    returned = [node.value for node in ast.walk(function) if isinstance(node, ast.Return) and node.value is not None]
    for value in (*returned, *_set_to(function, returned)):
        if model in _named(value):
            return True
        call = value.value if isinstance(value, ast.Await) else value
        inner = called_at(known, file, function, owner, call) if isinstance(call, ast.Call) and depth else None
        if inner is not None and _gives(known, inner, model, depth - 1):
            return True
    return False


def _set_to(function: Function, returned: Sequence[ast.expr]) -> list[ast.expr]:
    """Return what variables are set to that are returned, or that this is read from: a result, its statement."""
    found: list[ast.expr] = []
    names = {name for value in returned for name in _read_from(value)}
    for _step in range(_DEPTH):
        found = [
            value
            for node in ast.walk(function)
            if {target.id for target in assigned(node) if isinstance(target, ast.Name)} & names
            and isinstance(value := getattr(node, "value", None), ast.expr)
        ]
        names |= {name for value in found for name in _read_from(value)}
    return found


def _read_from(value: ast.expr) -> Iterator[str]:
    """Yield the variable at the beginning of `result.scalars().first()`, and the statement that a session executes."""
    while isinstance(value, ast.Call | ast.Attribute | ast.Await):
        if called(value) in _EXECUTING and isinstance(value, ast.Call) and value.args:
            yield from _read_from(value.args[0])
        value = value.func if isinstance(value, ast.Call) else value.value
    if isinstance(value, ast.Name):
        yield value.id


def _named(node: ast.expr | None) -> set[str]:
    return {last_name(inner) for inner in ast.walk(node)} if node is not None else set[str]()


def _alias(known: Known, guard: Symbol) -> Symbol | None:
    """Return the variable that is set to `Annotated[User, Depends(guard)]`."""
    for file in known.source.own:
        for name in file.assignments:
            value = known.names.value((file.path, name))
            if isinstance(value, ast.Subscript) and last_name(value.value) == "Annotated":
                for node in ast.walk(value.slice):
                    target = node.args[0] if isinstance(node, ast.Call) and node.args else None
                    if called(node) == "Depends" and known.names.resolve(file.path, target) == guard:
                        return file.path, name
    return None
