"""Follow names through imports, in the source alone: which file defines what a module calls `users.router`."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from functools import cache
from pathlib import PurePosixPath

from fastwright.project.outside import package_of
from fastwright.project.source import Definition, Function, Source, SourceFile, assigned

# A variable of a module: the file that it is set in, and its name there.
Symbol = tuple[str, str]
_DEPTH = 8


@dataclass
class Names:
    """The names of a project. What cannot be followed is not found, and never guessed."""

    source: Source
    _modules: dict[str, str] = field(default_factory=dict[str, str])
    _imported: dict[str, dict[str, tuple[str, str]]] = field(default_factory=dict[str, dict[str, tuple[str, str]]])

    def __post_init__(self) -> None:
        for path in self.source.files:
            steps = list(PurePosixPath(path).with_suffix("").parts)
            steps = steps[:-1] if steps[-1] == "__init__" else steps
            # A module may be imported from any directory above it; the shortest path to a name wins.
            for start in range(len(steps)):
                name = ".".join(steps[start:])
                if name not in self._modules or len(path) < len(self._modules[name]):
                    self._modules[name] = path
        if package := package_of(self.source.files):
            self._modules |= {f"{package}.{name}": path for name, path in self._modules.items()}

    def resolve(self, file: str, node: ast.AST | None) -> Symbol | None:
        """Return where the name or attribute that is written in `file` is set."""
        parts = _dotted(node)
        return self._follow(file, parts, _DEPTH) if parts else None

    def definition(self, symbol: Symbol) -> Definition | None:
        """Return the function or class that a symbol names."""
        nodes = self.source.files[symbol[0]].definitions.get(symbol[1])
        return nodes[-1] if nodes else None

    def function(self, symbol: Symbol) -> Function | None:
        """Return the function that is called when the symbol is: for a class its `__call__` or `__init__`."""
        node = self.definition(symbol)
        if isinstance(node, ast.ClassDef):
            inner = {child.name: child for child in node.body if isinstance(child, Function)}
            return inner.get("__call__") or inner.get("__init__")
        return node

    def value(self, symbol: Symbol) -> ast.expr | None:
        """Return what a variable of a module is set to."""
        return _values(self.source.files[symbol[0]]).get(symbol[1])

    def text(self, file: str, node: ast.expr, *, by_default: bool = False, depth: int = _DEPTH) -> str | None:
        """Return the text that an expression makes of what is written: `BASE + "/items"`, `f"{API}/items"`.

        With `by_default`, what settings of the project have as their default counts, too.
        """
        if isinstance(node, ast.Constant):
            return node.value if isinstance(node.value, str) else None
        parts = [node.left, node.right] if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add) else []
        if isinstance(node, ast.JoinedStr):
            parts = [one.value if isinstance(one, ast.FormattedValue) else one for one in node.values]
        if parts and depth:
            texts = [self.text(file, one, by_default=by_default, depth=depth - 1) for one in parts]
            return None if None in texts else "".join(one for one in texts if one is not None)
        symbol = self.resolve(file, node)
        value = self.value(symbol) if symbol else None
        if symbol is not None and value is not None and depth:
            found = self.text(symbol[0], value, by_default=by_default, depth=depth - 1)
            if found is not None:
                return found
        return self.setting(file, node) if by_default else None

    def setting(self, file: str, node: ast.expr) -> str | None:
        """Return the default text of `settings.NAME`, where `settings` is made of a class of the project."""
        owner = self.resolve(file, node.value) if isinstance(node, ast.Attribute) else None
        made = self.value(owner) if owner else None
        kind = self.resolve(owner[0], made.func) if owner and isinstance(made, ast.Call) else None
        definition = self.definition(kind) if kind else None
        if not isinstance(node, ast.Attribute) or not isinstance(definition, ast.ClassDef):
            return None
        for statement in definition.body:
            value = getattr(statement, "value", None)
            names = [target.id for target in assigned(statement) if isinstance(target, ast.Name)]
            if node.attr in names and isinstance(value, ast.Constant) and isinstance(value.value, str):
                return value.value
        return None

    def _follow(self, file: str, parts: list[str], depth: int) -> Symbol | None:
        first, rest = parts[0], parts[1:]
        known = self.source.files[file]
        if first in known.definitions or first in known.assignments:
            return None if rest else (file, first)
        target = self._imports(known).get(first)
        if target is None or depth == 0:
            return None
        module, name = target
        found = self._modules.get(module) if name else None
        inner = self._modules.get(f"{module}.{name}" if name else module)
        # A package and a module in it may both have the name; what the package sets itself comes first.
        if found and self._has(found, name, imported=inner is None):
            return self._follow(found, [name, *rest], depth - 1)
        while inner is None and rest and not name:
            module, rest = f"{module}.{rest[0]}", rest[1:]
            inner = self._modules.get(module)
        return self._follow(inner, rest, depth - 1) if inner and rest else None

    def _has(self, file: str, name: str, *, imported: bool) -> bool:
        known = self.source.files[file]
        return name in known.definitions or name in known.assignments or (imported and name in self._imports(known))

    def _imports(self, file: SourceFile) -> dict[str, tuple[str, str]]:
        if file.path not in self._imported:
            self._imported[file.path] = dict(_imports(file))
        return self._imported[file.path]


def _imports(file: SourceFile) -> list[tuple[str, tuple[str, str]]]:
    found: list[tuple[str, tuple[str, str]]] = []
    package = list(PurePosixPath(file.path).parent.parts)
    for node in file.nodes:
        if isinstance(node, ast.Import):
            found += [
                (alias.asname, (alias.name, ""))
                if alias.asname
                else (alias.name.split(".")[0], (alias.name.split(".")[0], ""))
                for alias in node.names
            ]
        elif isinstance(node, ast.ImportFrom):
            base = package[: len(package) - node.level + 1] if node.level else []
            module = ".".join([*base, *([node.module] if node.module else [])])
            found += [(alias.asname or alias.name, (module, alias.name)) for alias in node.names]
    return found


def _dotted(node: ast.AST | None) -> list[str]:
    if isinstance(node, ast.Name):
        return [node.id]
    if isinstance(node, ast.Attribute):
        before = _dotted(node.value)
        return [*before, node.attr] if before else []
    return []


@cache
def _values_of(tree: ast.Module) -> dict[str, ast.expr]:
    values: dict[str, ast.expr] = {}
    for node in tree.body:
        for target in assigned(node):
            value = getattr(node, "value", None)
            if isinstance(target, ast.Name) and isinstance(value, ast.expr):
                values[target.id] = value
    return values


def _values(file: SourceFile) -> dict[str, ast.expr]:
    return _values_of(file.tree)
