"""How the source of an app writes its guards: `Depends(user)`, `Security(user, scopes=[…])`, `Checker("admin")`."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from fastwright.project.model import Guard
from fastwright.project.names import Names, Symbol
from fastwright.project.source import Function, SourceFile, called, last_name
from fastwright.recipes._recipe import Known

Marker = Literal["Depends", "Security"]


@dataclass(frozen=True)
class Use:
    """One `Depends(…)` of the source. `maker` is the class or factory that made the dependency, if one did."""

    file: str
    line: int
    marker: Marker
    target: ast.expr
    function: Symbol
    variable: Symbol | None
    maker: Symbol | None
    roles: tuple[str, ...]
    scopes: tuple[str, ...]
    listed: bool

    @property
    def text(self) -> str:
        """The dependency itself, as it is written there."""
        return ast.unparse(self.target)

    def is_of(self, guard: Guard) -> bool:
        """Tell whether this is where a guard of the map was attached, or one that was made in the same way."""
        file, name = self.function
        made = guard.shown.partition("(")[0].rpartition(".")[2]
        return file == guard.file and name.rpartition(".")[2] in {guard.name, made}


def uses(known: Known) -> tuple[Use, ...]:
    """Return every dependency that the source attaches to something, where it can be followed to its definition."""
    return tuple(use for file in known.source.own for use in _in_file(file, known.names))


def _in_file(file: SourceFile, names: Names) -> Iterator[Use]:
    listed = {id(item) for node in file.nodes if isinstance(node, ast.Call) for item in _list_items(node)}
    for node in file.nodes:
        if isinstance(node, ast.Call) and called(node) in ("Depends", "Security") and node.args:
            use = _use(file.path, node, names, listed=id(node) in listed)
            if use is not None:
                yield use


def _list_items(call: ast.Call) -> list[ast.expr]:
    """Return the items of `dependencies=[…]`."""
    for keyword in call.keywords:
        if keyword.arg == "dependencies" and isinstance(keyword.value, ast.List | ast.Tuple):
            return keyword.value.elts
    return []


def _use(file: str, call: ast.Call, names: Names, *, listed: bool) -> Use | None:
    target = call.args[0]
    scopes = tuple(
        text for keyword in call.keywords if keyword.arg == "scopes" for text in _texts(names, file, keyword.value)
    )
    marker: Marker = "Security" if called(call) == "Security" else "Depends"
    if isinstance(target, ast.Call):
        maker = names.resolve(file, target.func)
        roles = tuple(arguments(names, file, target))
        return Use(file, call.lineno, marker, target, maker, None, maker, roles, scopes, listed) if maker else None
    symbol = names.resolve(file, target)
    if symbol is None:
        return None
    value = names.value(symbol)
    if isinstance(value, ast.Call) and (maker := names.resolve(symbol[0], value.func)):
        roles = tuple(arguments(names, symbol[0], value))
        return Use(file, call.lineno, marker, target, maker, symbol, maker, roles, scopes, listed)
    return Use(file, call.lineno, marker, target, symbol, None, None, (), scopes, listed)


def arguments(names: Names, file: str, call: ast.Call) -> list[str]:
    """Return the texts that a class or factory is given: strings, and the values of members of enums."""
    given = [*call.args, *(keyword.value for keyword in call.keywords)]
    return [text for value in given for text in _texts(names, file, value)]


def _texts(names: Names, file: str, node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        return [text for item in node.elts for text in _texts(names, file, item)]
    if isinstance(node, ast.Attribute):
        from_value = node.attr == "value" and isinstance(node.value, ast.Attribute)
        return _member(names, file, node.value if from_value else node)
    return []


def _member(names: Names, file: str, node: ast.expr) -> list[str]:
    """Return the value of `Role.ADMIN`."""
    if not isinstance(node, ast.Attribute):
        return []
    symbol = names.resolve(file, node.value)
    definition = names.definition(symbol) if symbol else None
    if not isinstance(definition, ast.ClassDef):
        return []
    return [value for name, value in enum_members(definition) if name == node.attr]


def enum_members(definition: ast.ClassDef) -> Iterator[tuple[str, str]]:
    """Yield the members of an enum whose values are texts; those of `auto()` in a `StrEnum` are their names."""
    for statement in definition.body:
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            continue
        name, value = statement.targets[0].id, statement.value
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield name, value.value
        elif called(value) == "auto":
            yield name, name.lower()


def roles_in_source(known: Known) -> set[str]:
    """Return what could be a role: members of enums whose name speaks of roles, and scopes of security schemes."""
    found: set[str] = set()
    for file in known.source.own:
        for node in file.nodes:
            if isinstance(node, ast.ClassDef) and _is_about_roles(node):
                found.update(value for _name, value in enum_members(node))
            elif isinstance(node, ast.Call):
                found.update(_declared_scopes(node))
    return found


def _is_about_roles(node: ast.ClassDef) -> bool:
    is_enum = any("Enum" in last_name(base) for base in node.bases)
    return is_enum and any(word in node.name.lower() for word in ("role", "perm", "scope", "group"))


def _declared_scopes(call: ast.Call) -> Iterator[str]:
    for keyword in call.keywords:
        if keyword.arg == "scopes" and isinstance(keyword.value, ast.Dict):
            for key in keyword.value.keys:
                if isinstance(key, ast.Constant) and isinstance(key.value, str):
                    yield key.value


def takes_roles(names: Names, maker: Symbol) -> bool:
    """Tell whether a class or factory of guards can be given a role: it has a parameter, or takes any number."""
    node = names.definition(maker)
    function = node
    if isinstance(node, ast.ClassDef):
        function = next((one for one in node.body if isinstance(one, Function) and one.name == "__init__"), None)
    if not isinstance(function, Function):
        return False
    positional = [argument for argument in function.args.args if argument.arg != "self"]
    return bool(positional or function.args.vararg)
