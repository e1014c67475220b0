"""Follow names through the modules of a project: where something is defined, and what imports what."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import lru_cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from fastwright.changes.editing.modules import Modules

if TYPE_CHECKING:
    from fastwright.changes.tree import Tree

# How many re-exports are followed; more than that is a circle.
_HOPS = 8


def home(tree: Tree, origin: str) -> str:
    """Return the module and name under which something was defined, behind every re-export of the project."""
    for _hop in range(_HOPS):
        module, _dot, name = origin.rpartition(".")
        further = _reexported(tree, module, name)
        if further is None:
            break
        origin = further
    return origin


def is_module(tree: Tree, name: str) -> bool:
    """Return whether a dotted name is a module of the project."""
    return _path(tree, name) is not None


def is_subclass(tree: Tree, origin: str, base: str) -> bool:
    """Return whether a class of the project is another one, or is derived from it."""
    seen: set[str] = set()
    waiting = [origin]
    while waiting:
        current = home(tree, waiting.pop())
        if current == base:
            return True
        if current not in seen:
            seen.add(current)
            waiting += _bases(tree, current)
    return False


def _bases(tree: Tree, origin: str) -> Iterator[str]:
    """Yield the classes from which a class is derived, by module and name."""
    module, _dot, name = origin.rpartition(".")
    path = _path(tree, module)
    if path is None:
        return
    parsed = _parsed(tree.read(path) or b"")
    for base in parsed.bases.get(name, ()):
        root, dot, rest = base.partition(".")
        if root in parsed.names:
            yield Modules(tree, path).member(*parsed.names[root]) + dot + rest
        else:
            yield f"{module}.{base}"


def reaches(tree: Tree, start: str, goal: str) -> bool:
    """Return whether importing the module `start` imports `goal`, which is not loaded yet."""
    above = set(_packages(goal))
    seen: set[str] = set()
    waiting = [start]
    while waiting:
        module = waiting.pop()
        if module in seen or module in above:
            continue
        seen.add(module)
        if module == goal:
            return True
        waiting += [*_packages(module), *_imported(tree, module)]
    return False


def _packages(module: str) -> Iterator[str]:
    parts = module.split(".")
    return (".".join(parts[:count]) for count in range(1, len(parts)))


def _imported(tree: Tree, module: str) -> Iterator[str]:
    path = _path(tree, module)
    if path is None:
        return
    modules = Modules(tree, path)
    for found, name in _parsed(tree.read(path) or b"").imports:
        identity = modules.identity(found)
        yield identity
        if name and is_module(tree, f"{identity}.{name}"):
            yield f"{identity}.{name}"


def _reexported(tree: Tree, module: str, name: str) -> str | None:
    """Return from where a module has a name, if it imports it."""
    path = _path(tree, module)
    if path is None or not name:
        return None
    parsed = _parsed(tree.read(path) or b"")
    modules = Modules(tree, path)
    if name in parsed.names:
        source, original = parsed.names[name]
        return modules.member(source, original)
    if name in parsed.defined:
        return None
    stars = (modules.identity(source) for source in parsed.stars)
    return next((f"{star}.{name}" for star in stars if has(tree, star, name)), None)


def has(tree: Tree, module: str, name: str) -> bool:
    """Return whether a module of the project has a name, of its own or by an import."""
    path = _path(tree, module)
    if path is None:
        return False
    parsed = _parsed(tree.read(path) or b"")
    return name in parsed.defined or name in parsed.names


def _path(tree: Tree, module: str) -> str | None:
    base = str(PurePosixPath(*module.split("."))) if module else ""
    return next((path for path in (f"{base}.py", f"{base}/__init__.py") if base and tree.has(path)), None)


class _Parsed:
    """What a module imports when it is loaded, and what it defines itself."""

    def __init__(self, body: list[ast.stmt]) -> None:
        self.imports: list[tuple[str, str]] = []
        self.names: dict[str, tuple[str, str]] = {}
        self.stars: list[str] = []
        self.defined: set[str] = set()
        self.bases: dict[str, list[str]] = {}
        self._read(body)

    def _read(self, body: list[ast.stmt]) -> None:
        for statement in body:
            if isinstance(statement, ast.Import):
                self.imports += [(alias.name, "") for alias in statement.names]
            elif isinstance(statement, ast.ImportFrom):
                self._read_from(statement)
            elif isinstance(statement, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
                self.defined.add(statement.name)
                if isinstance(statement, ast.ClassDef):
                    self.bases[statement.name] = [ast.unparse(base) for base in statement.bases]
            elif isinstance(statement, ast.Assign):
                self.defined |= {target.id for target in statement.targets if isinstance(target, ast.Name)}
            elif isinstance(statement, ast.AnnAssign) and isinstance(statement.target, ast.Name):
                self.defined.add(statement.target.id)
            elif isinstance(statement, ast.Try):
                self._read([*statement.body, *(part for handler in statement.handlers for part in handler.body)])
            elif isinstance(statement, ast.If) and not ast.unparse(statement.test).endswith("TYPE_CHECKING"):
                self._read([*statement.body, *statement.orelse])

    def _read_from(self, statement: ast.ImportFrom) -> None:
        module = "." * statement.level + (statement.module or "")
        for alias in statement.names:
            self.imports.append((module, alias.name if alias.name != "*" else ""))
            if alias.name == "*":
                self.stars.append(module)
            else:
                self.names[alias.asname or alias.name] = module, alias.name


@lru_cache(maxsize=512)
def _parsed(source: bytes) -> _Parsed:
    try:
        return _Parsed(ast.parse(source).body)
    except (SyntaxError, ValueError):
        return _Parsed([])
