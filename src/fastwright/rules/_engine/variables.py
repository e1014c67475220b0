"""Where a variable of a module is set, followed through imports."""

from __future__ import annotations

import ast

from fastwright.rules._engine.modules import Index, Module
from fastwright.rules._engine.values import Scope

_DEPTH = 8


def variable(index: Index, node: ast.expr | None, scope: Scope) -> tuple[Module, str] | None:
    """Return the module that sets the variable that a name or `module.name` stands for, and its name there."""
    if isinstance(node, ast.Name):
        return _global(index, scope.module, node.id, _DEPTH)
    if isinstance(node, ast.Attribute) and (module := _module(index, node.value, scope.module)) is not None:
        return _global(index, module, node.attr, _DEPTH)
    return None


def _global(index: Index, module: Module, name: str, depth: int) -> tuple[Module, str] | None:
    if name in module.values:
        return module, name
    if name in module.top or depth == 0:
        return None
    if name in module.imports:
        dotted, inner = module.imports[name]
        other = index.named(dotted, module)
        return _global(index, other, inner, depth - 1) if other is not None and inner else None
    for star in module.stars:
        other = index.named(star, module)
        found = _global(index, other, name, depth - 1) if other is not None else None
        if found is not None:
            return found
    return None


def _module(index: Index, node: ast.expr, module: Module) -> Module | None:
    if isinstance(node, ast.Name) and node.id in module.imports:
        dotted, name = module.imports[node.id]
        return index.named(f"{dotted}.{name}" if name else dotted, module)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name | ast.Attribute):
        return index.named(ast.unparse(node), module)
    return None
