"""What the names of a module mean: which import, if any, each of them comes from, and from which line on."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Callable, Iterator

import libcst as cst

from fastwright.changes.editing.bound import Binding, Bound
from fastwright.changes.editing.index import Site
from fastwright.changes.editing.modules import Modules

_BUILTINS = frozenset(dir(builtins))


class Names:
    """The names of one module."""

    def __init__(self, module: cst.Module, modules: Modules) -> None:
        self.modules = modules
        self.bindings: list[Binding] = []
        self.star_top = -1
        for number, statement in enumerate(module.body):
            found = Bound(modules, number, is_plain=isinstance(statement, cst.SimpleStatementLine))
            statement.visit(found)
            self.bindings.extend(found.bindings)
            if found.has_star:
                self.star_top = number

    def called(self, name: str) -> Iterator[Binding]:
        """Yield what sets a name."""
        return (binding for binding in self.bindings if binding.name == name)

    def usable(self, origin: str, top: int) -> Binding | None:
        """Return the name under which something imported can be used in a statement of the module."""
        found = (b for b in self.bindings if b.origin == origin and b.runtime and b.top < top)
        return next((binding for binding in found if self._still_means(binding, top)), None)

    def _still_means(self, binding: Binding, top: int) -> bool:
        """Return whether nothing else has taken the name before `top`."""
        return all(
            other.origin == binding.origin
            for other in self.called(binding.name)
            if other.runtime and binding.top <= other.top < top
        )

    def origin(self, name: str) -> str:
        """Return what a dotted name of this module stands for, as one name for all modules."""
        best = max((b for b in self.bindings if _begins(name, b.name) and b.runtime), key=_length, default=None)
        if best is None:
            return name
        if not best.origin:
            return f"{self.modules.own}.{name}"
        return self.modules.same(best.origin + name[len(best.name) :])

    def is_known(self, name: str, site: Site) -> bool:
        """Return whether a name can be read where `site` is."""
        if name in _BUILTINS or name in scope_names(site) or -1 < self.star_top < site.top:
            return True
        return any(b.runtime and (site.in_function or b.top < site.top) for b in self.bindings if b.root == name)

    def is_taken(self, name: str, origin: str, site: Site | None) -> bool:
        """Return whether a name already stands for something other than `origin`."""
        if site is not None and name in scope_names(site):
            return True
        return any(b.origin != origin for b in self.bindings if b.root == name)


def scope_names(site: Site) -> frozenset[str]:
    """Return the names that the functions and classes around a place set."""
    names: set[str] = set()
    for scope in site.scopes:
        found = Bound(None, site.top, is_plain=False)
        scope.body.visit(found)
        names.update(binding.root for binding in found.bindings)
        if isinstance(scope, cst.FunctionDef):
            names.update(parameter.name.value for parameter in all_parameters(scope.params))
    return frozenset(names)


def all_parameters(parameters: cst.Parameters) -> list[cst.Param]:
    """Return the parameters of a signature, in order."""
    star = [parameters.star_arg] if isinstance(parameters.star_arg, cst.Param) else []
    double = [parameters.star_kwarg] if parameters.star_kwarg else []
    return [*parameters.posonly_params, *parameters.params, *star, *parameters.kwonly_params, *double]


def canonical(code: cst.CSTNode | str, origin: Callable[[str], str]) -> str:
    """Return what code means: two pieces that differ in layout, or in how a name was imported, give the same."""
    text = code if isinstance(code, str) else cst.Module([]).code_for_node(code)
    tree = _parsed(f"({text}\n)", "eval") or _parsed(text, "exec")
    return ast.dump(_Origins(origin).visit(tree)) if tree else text


def _parsed(text: str, mode: str) -> ast.AST | None:
    try:
        return compile(text, "<code>", mode, ast.PyCF_ONLY_AST, dont_inherit=True)
    except SyntaxError:
        return None


def _begins(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(f"{prefix}.")


def _length(binding: Binding) -> tuple[int, int]:
    return len(binding.name), binding.top


class _Origins(ast.NodeTransformer):
    """Replaces every name by what it stands for."""

    def __init__(self, origin: Callable[[str], str]) -> None:
        self._origin = origin

    def visit_Attribute(self, node: ast.Attribute) -> ast.expr:
        name = ast.unparse(node)
        if all(part.isidentifier() for part in name.split(".")):
            return ast.Name(self._origin(name))
        node.value = self.visit(node.value)
        return node

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(self._origin(node.id))
