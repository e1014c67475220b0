"""Name a model where an edit needs it: by the name that the file has for it, or by an import that makes no circle."""

from __future__ import annotations

import libcst as cst

from fastwright.changes.editing import sources
from fastwright.changes.editing.bound import module_of
from fastwright.changes.editing.document import Document
from fastwright.changes.editing.index import Site
from fastwright.changes.editing.names import scope_names
from fastwright.changes.wanted import Import


def home(document: Document, name: str, site: Site) -> str:
    """Return where the thing that a dotted name stands for at a place was defined."""
    root, dot, rest = name.partition(".")
    for scope in reversed(site.scopes):
        for alias, module in _imports_of(scope):
            if root == (alias.evaluated_alias or alias.evaluated_name):
                origin = document.modules.member(module, alias.evaluated_name)
                return sources.home(document.modules.tree, f"{origin}{dot}{rest}")
    return sources.home(document.modules.tree, document.names.origin(name))


def home_of(document: Document, wanted: Import) -> str:
    """Return where something to be imported was defined."""
    return sources.home(document.modules.tree, document.imports.origin(wanted))


def named(document: Document, wanted: Import, site: Site) -> str:
    """Return the expression for a model at a place, and note the import that it takes.

    Raises `Unfit` if it cannot be named there.
    """
    goal = home_of(document, wanted)
    local = _inside(document, wanted, goal, site)
    if local or goal.rpartition(".")[0] == document.modules.own:
        return local or wanted.name
    if known := _known(document, wanted, goal, site):
        return known
    found = _nearest(document, wanted, goal)
    if sources.reaches(document.modules.tree, document.modules.identity(found.module), document.modules.own):
        return _imported_inside(document, found, site)
    return document.imports.use(found, site)


def _known(document: Document, wanted: Import, goal: str, site: Site) -> str:
    """Return the name that the module has for it: that of an import of it, or else of its module."""
    tree = document.modules.tree
    usable = [
        binding
        for binding in document.names.bindings
        if binding.origin and document.names.usable(binding.origin, site.top) is binding
    ]
    for binding in usable:
        if sources.home(tree, binding.origin) == goal:
            return binding.name
    for binding in usable:
        member = f"{binding.origin}.{wanted.name}"
        if sources.is_module(tree, binding.origin) and sources.home(tree, member) == goal:
            return f"{binding.name}.{wanted.name}"
    return ""


def _nearest(document: Document, wanted: Import, goal: str) -> Import:
    """Return the import by which the file has other names from a module that has this one, too."""
    tree = document.modules.tree
    for binding in document.names.bindings:
        if binding.statement is None or not binding.runtime:
            continue
        module = module_of(binding.statement)
        if sources.home(tree, document.modules.member(module, wanted.name)) == goal and sources.has(
            tree, document.modules.identity(module), wanted.name
        ):
            return Import(module=module, name=wanted.name)
    return wanted


def _inside(document: Document, wanted: Import, goal: str, site: Site) -> str:
    """Return the name by which the function itself has imported it. Raises `Unfit` if the name is another thing's."""
    for scope in reversed(site.scopes):
        for alias, module in _imports_of(scope):
            origin = document.modules.member(module, alias.evaluated_name)
            if sources.home(document.modules.tree, origin) == goal:
                return alias.evaluated_alias or alias.evaluated_name
    if wanted.name in scope_names(site):
        raise document.unfit(site.line, f"{wanted.name} is the name of something else here", "rename that")
    return ""


def _imports_of(scope: cst.FunctionDef | cst.ClassDef) -> list[tuple[cst.ImportAlias, str]]:
    found: list[tuple[cst.ImportAlias, str]] = []
    for statement in scope.body.body:
        for small in statement.body if isinstance(statement, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.ImportFrom) and not isinstance(small.names, cst.ImportStar):
                found += [(alias, module_of(small)) for alias in small.names]
    return found


def _imported_inside(document: Document, wanted: Import, site: Site) -> str:
    """Import it in the function: at the top of the module, that would be a circle."""
    function = next((scope for scope in reversed(site.scopes) if isinstance(scope, cst.FunctionDef)), None)
    if function is None or not isinstance(function.body, cst.IndentedBlock):
        why = f"importing {wanted.name} from {wanted.module} here would be a circle"
        raise document.unfit(site.line, why, f"move what needs {wanted.name} into a function")
    line = cst.ensure_type(cst.parse_statement(str(wanted)), cst.SimpleStatementLine)
    first = function.body.body[0]
    if isinstance(first, cst.SimpleStatementLine) and _is_string(first) and len(function.body.body) > 1:
        document.insert_after(first, f"import {wanted}", line)
    else:
        document.insert_before(first, f"import {wanted}", line)
    return wanted.name


def _is_string(statement: cst.SimpleStatementLine) -> bool:
    small = statement.body[0]
    return isinstance(small, cst.Expr) and isinstance(small.value, cst.SimpleString | cst.ConcatenatedString)
