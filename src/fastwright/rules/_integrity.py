"""Who makes an answer of the error that a database raises for a row that is there already."""

from __future__ import annotations

import ast

from fastwright.project.source import last_name
from fastwright.rules._rule import Bound, Called, Function, Scope, View

_OF_DATABASE = frozenset(
    {"IntegrityError", "SQLAlchemyError", "DBAPIError", "UniqueViolationError", "UniqueViolation", "DatabaseError"}
    | {"PostgresError", "IntegrityConstraintViolationError", "Error", "StatementError"}
)
_CAUGHT = _OF_DATABASE | {"Exception", "BaseException"}
_HANDLERS = ("exception_handler", "add_exception_handler")
_MODULES = ("exception_handler", "IntegrityError", "UniqueViolation")


def is_handled(view: View, call: Called, decorators: frozenset[str]) -> bool:
    """Tell a call whose error is made an answer on the way to it, by a `try` or by a decorator."""
    tries = (*call.within.caught, *call.site.around.tries)
    if any(_answers(view, one, call.scope) for one in tries):
        return True
    functions = (call.within.function, *(site.function for site in call.sites))
    return any(one is not None and one.decorators & decorators for one in functions)


def _answers(view: View, node: ast.Try, scope: Scope) -> bool:
    """Tell a `try` that makes an answer of the error, and not the same error again, or that the server has failed."""
    caught = next((one for one in node.handlers if one.type is None or _names(one.type) & _CAUGHT), None)
    inner = [one for part in caught.body for one in ast.walk(part)] if caught is not None else []
    raised = [one.exc for one in inner if isinstance(one, ast.Raise)]
    ends = [one.value for one in inner if isinstance(one, ast.Return)]
    if caught is None:
        return False
    again = [one for one in raised if one is None or (isinstance(one, ast.Name) and one.id == caught.name)]
    failures = [one for one in (*raised, *ends) if isinstance(one, ast.Call) and _is_failure(view, one, scope)]
    return not raised or len(again) + len(failures) < len(raised) + len(ends)


def _is_failure(view: View, node: ast.Call, scope: Scope) -> bool:
    """Tell `HTTPException(500)` and its like."""
    given = [one.value for one in node.keywords if one.arg == "status_code"]
    given += node.args[:1] if last_name(node.func) == "HTTPException" else []
    return any((view.constants.status(one, scope) or 0) >= 500 for one in given)


def handling_decorators(view: View) -> frozenset[str]:
    """Return the decorators whose wrapper catches such errors around what it wraps."""
    return frozenset(
        outer.name
        for module in view.naming(*_MODULES)
        for inner in module.functions
        if (outer := _outermost(inner)) is not inner
        and any(_OF_DATABASE & _caught(one) for one in inner.nodes(ast.Try))
    )


def _outermost(function: Function) -> Function:
    while function.outer is not None:
        function = function.outer
    return function


def has_handler(view: View) -> bool:
    """Tell whether the application makes an answer of such errors itself, or any function does around its work."""
    modules = list(view.naming(*_MODULES))
    for site, scope in view.sites(modules, lambda name: name in _HANDLERS):
        if len(site.node.args) > 1 and _handled_names(view, site.node.args[0], scope) & _OF_DATABASE:
            handler = view.value(site.node.args[1], scope)
            if not isinstance(handler, Bound) or not _gives_up(view, handler.function):
                return True
    for function in (one for module in modules for one in module.functions):
        calls = [one for one in function.node.decorator_list if isinstance(one, ast.Call) and one.args]
        handles = any(last_name(one.func) in _HANDLERS and _names(one.args[0]) & _OF_DATABASE for one in calls)
        if (handles and not _gives_up(view, function)) or _catches_around_yield(function.node):
            return True
    return any(
        isinstance(node, ast.keyword) and node.arg == "exception_handlers" and _OF_DATABASE & _keys(node.value)
        for module in modules
        for node in ast.walk(module.tree)
    )


def _gives_up(view: View, function: Function) -> bool:
    """Tell a handler whose only answer is that the server has failed."""
    scope = view.scope(function)
    options = [one.value for site in function.calls for one in site.node.keywords if one.arg == "status_code"]
    options += [one for site in function.calls for one in site.node.args[1:] if "Response" in site.name]
    found = [status for one in options if (status := view.constants.status(one, scope)) is not None]
    return bool(found) and min(found) >= 500


def _handled_names(view: View, node: ast.expr, scope: Scope) -> set[str]:
    """Return the names of the errors that a handler is for; a loop over several is followed."""
    found = _names(node)
    if isinstance(node, ast.Name) and scope.function is not None:
        for binding in scope.function.facts.bindings.get(node.id, ()):
            written = view.constants.written(binding.value, scope)
            found |= _names(written[0]) if written is not None else set()
    return found


def _keys(node: ast.expr) -> set[str]:
    return {name for key in node.keys for name in _names(key)} if isinstance(node, ast.Dict) else set()


def _catches_around_yield(function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Tell a dependency, context manager or middleware that turns the error of what runs inside into something else."""
    return any(
        isinstance(node, ast.Try) and _lets_run(node) and _OF_DATABASE & _caught(node) for node in ast.walk(function)
    )


def _lets_run(node: ast.Try) -> bool:
    inner = (one for part in node.body for one in ast.walk(part))
    return any(
        isinstance(one, ast.Yield) or (isinstance(one, ast.Call) and last_name(one.func) == "call_next")
        for one in inner
    )


def _caught(node: ast.Try) -> set[str]:
    return {name for handler in node.handlers for name in _names(handler.type)}


def _names(node: ast.expr | None) -> set[str]:
    if isinstance(node, ast.Tuple | ast.List):
        return {name for one in node.elts for name in _names(one)}
    return {last_name(node)} if node is not None else set()
