"""Which keys of a dictionary, and which fields of an object, a function sets or takes out."""

from __future__ import annotations

import ast

from fastwright.rules._engine.functions import Function


def written_keys(node: ast.expr) -> set[str]:
    keys = node.keys if isinstance(node, ast.Dict) else []
    return {str(one.value) for one in keys if isinstance(one, ast.Constant)}


def reset_fields(function: Function | None, node: ast.expr) -> set[str]:
    """Return the fields of an object that are set in the function: `data.password = hashed`."""
    targets = [target for one in function.nodes(ast.Assign) for target in one.targets] if function else []
    return {
        one.attr
        for one in targets
        if isinstance(one, ast.Attribute) and isinstance(node, ast.Name) and _is_name(one.value, node.id)
    }


def changed_keys(function: Function, name: str) -> set[str]:
    """Return the keys that are set or taken out: `data["x"] = …`, `data.pop("x")`, `del data["x"]`.

    In `for key in ("x", "y"): data.pop(key)` they are those that the loop runs over.
    """
    found = {
        str(node.slice.value)
        for node in function.nodes(ast.Subscript)
        if not isinstance(node.ctx, ast.Load)
        and isinstance(node.value, ast.Name)
        and node.value.id == name
        and isinstance(node.slice, ast.Constant)
    }
    for site in function.calls:
        func, given = site.node.func, site.node.args
        is_pop = isinstance(func, ast.Attribute) and func.attr == "pop" and _is_name(func.value, name)
        if is_pop and given:
            found |= _texts(function, given[0])
    return found


def _is_name(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _texts(function: Function, node: ast.expr) -> set[str]:
    """Return the texts that an expression can be: its own, or those of the list that a loop runs over."""
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    found: set[str] = set()
    for binding in function.facts.bindings.get(node.id, ()) if isinstance(node, ast.Name) else ():
        listed = binding.value
        if isinstance(listed, ast.Name):
            listed = next((one.value for one in function.facts.bindings.get(listed.id, ())), listed)
        if binding.kind == "item" and isinstance(listed, ast.List | ast.Tuple | ast.Set):
            found |= {str(one.value) for one in listed.elts if isinstance(one, ast.Constant)}
    return found
