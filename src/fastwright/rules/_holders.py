"""Which roles have a permission, where the code writes down what each of them may do."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from weakref import WeakKeyDictionary

from fastwright.project.source import arguments, last_name
from fastwright.rules._rule import Dependency, Module, View
from fastwright.rules._words import words

_TABLES: WeakKeyDictionary[View, dict[str, set[str]]] = WeakKeyDictionary()
# What variables are called that say what a role may do.
_TITLES = frozenset({"permission", "permissions", "perms", "scopes", "rights", "grants", "capabilities", "privileges"})
_ABOUT = frozenset({"role", "roles", "default", "defaults", "base", "all", "map", "mapping", "matrix", "by", "to"})


def holders(view: View, one: Dependency) -> set[str] | None:
    """Return the words of the roles that have what a guard asks for: `require(Permission.EDIT)`; nothing if not known.

    What a permission is called says what may be done, and not who may do it.
    """
    written = view.constants.written(one.target, one.scope) if one.target is not None else None
    made = written[0] if written is not None else one.target
    asked = {_label(given) for given in arguments(made)} - {""} if isinstance(made, ast.Call) else set[str]()
    known = _known(view) if asked else {}
    if asked & known.keys():
        return {word for label in asked for word in known.get(label, ())}
    is_named = made is not None and bool(_TITLES & set(words(ast.unparse(made))) - {"scopes"})
    return set() if is_named else None


def _known(view: View) -> dict[str, set[str]]:
    """Return the words of the roles by the permissions that they have."""
    known = _TABLES.get(view)
    if known is None:
        known = _TABLES[view] = defaultdict(set)
        for module in view.naming("ermission", "ERMISSION", "cope", "COPE", "ights", "RIGHTS", "rants", "apabilities"):
            for role, given in _tables(module):
                for label in given:
                    known[label] |= role
    return known


def _tables(module: Module) -> Iterator[tuple[set[str], set[str]]]:
    """Yield the words of a role, and its permissions: of a list that is called after it, or of a dictionary of all."""
    for name, values in module.values.items():
        parts = set(words(name))
        for value in values if parts & _TITLES else ():
            if isinstance(value, ast.Dict):
                pairs = zip(value.keys, value.values, strict=True)
                yield from (
                    (set(words(_label(key))), _listed(inner, module)) for key, inner in pairs if key is not None
                )
            elif parts - _TITLES - _ABOUT:
                yield parts - _TITLES - _ABOUT, _listed(value, module)


def _listed(node: ast.expr, module: Module) -> set[str]:
    """Return the permissions in a list or a set, also if it is made of others: `VIEWER | {Permission.EDIT}`."""
    if isinstance(node, ast.List | ast.Tuple | ast.Set):
        inner = (one.value if isinstance(one, ast.Starred) else one for one in node.elts)
        return {label for one in inner for label in (_listed(one, module) or {_label(one)})} - {""}
    if isinstance(node, ast.BinOp):
        return _listed(node.left, module) | _listed(node.right, module)
    if isinstance(node, ast.Call) and last_name(node.func) in ("set", "frozenset", "list", "tuple"):
        return {label for one in node.args for label in _listed(one, module)}
    values = module.values.get(node.id, ()) if isinstance(node, ast.Name) else ()
    return {label for one in values if not isinstance(one, ast.Name) for label in _listed(one, module)}


def _label(node: ast.expr | None) -> str:
    """Return by what a permission or a role is known: the text, or the member of an enum."""
    if isinstance(node, ast.Attribute):
        return _label(node.value) if node.attr == "value" else node.attr
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
