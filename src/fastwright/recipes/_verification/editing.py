"""The two endpoints that learn of confirmations: one that makes accounts, and one that lets them in."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.project.model import Endpoint
from fastwright.project.source import Function, assigned, last_name
from fastwright.recipes._accounts.samples import fields_of, schema
from fastwright.recipes._code.lines import indent, replaced, text_of
from fastwright.recipes._filtering.finding import endpoint_function
from fastwright.recipes._recipe import Known

_MAIL = re.compile(r"e_?mail", re.IGNORECASE)
_FORM = frozenset({"OAuth2PasswordRequestForm", "OAuth2PasswordRequestFormStrict", "PasswordForm"})


@dataclass(frozen=True)
class Taught:
    """An endpoint, and the lines of its function that change: `lines` of the file become `text`."""

    endpoint: Endpoint
    function: Function
    before: str
    after: str

    @property
    def file(self) -> str:
        return self.endpoint.file or ""


def taught_to_ask(known: Known, endpoint: Endpoint, call: str) -> Taught | None:
    """Return the endpoint of registration with `call` as the first thing it does, or nothing if it has no address."""
    function = endpoint_function(known, endpoint)
    address = _address(known, endpoint, function) if function else ""
    if function is None or not address:
        return None
    first = next((one for one in function.body if not _is_docstring(one)), None)
    if first is None or first.lineno == function.lineno:
        return None
    return _taught(known, endpoint, function, first.lineno, [f"{call.format(address)}\n"])


def taught_to_check(known: Known, endpoint: Endpoint, email: str, call: str) -> Taught | None:
    """Return the endpoint that signs in with `call` behind what refuses a wrong password.

    Where that is not in the function itself, the last that it calls has to refuse, and the check is behind that.
    """
    function = endpoint_function(known, endpoint)
    if function is None:
        return None
    refusals = [one for one in function.body if isinstance(one, ast.If) and _raises(one)]
    user = _user(function, refusals[-1]) if refusals else ""
    address = f"{user}.{email}" if user else _address(known, endpoint, function)
    last = function.body[-1]
    if not address or not isinstance(last, ast.Return) or last.value is None:
        return None
    line = call.format(address)
    if refusals:
        behind = (refusals[-1].end_lineno or refusals[-1].lineno) + 1
        return _taught(known, endpoint, function, behind, [f"{line}\n"])
    if not isinstance(last.value, ast.Call | ast.Await):
        return _taught(known, endpoint, function, last.lineno, [f"{line}\n"])
    return _bound(known, endpoint, function, last, line)


def _bound(known: Known, endpoint: Endpoint, function: Function, last: ast.Return, line: str) -> Taught:
    """Return the endpoint with a name for what it returned, so that the check is in between."""
    text = text_of(known, endpoint.file or "")
    space = indent(text[last.lineno - 1])
    start, end = last.lineno, last.end_lineno or last.lineno
    value = [text[start - 1].replace("return ", "answer = ", 1), *text[start:end]]
    new = {
        start: [*value, f"{space}{line}\n", f"{space}return answer\n"],
        **{at: [] for at in range(start + 1, end + 1)},
    }
    return Taught(endpoint, function, *replaced(text, _span(function), new))


def _taught(known: Known, endpoint: Endpoint, function: Function, before: int, lines: list[str]) -> Taught:
    """Return the endpoint with new lines before one of its own."""
    text = text_of(known, endpoint.file or "")
    space = indent(text[function.body[-1].lineno - 1])
    behind = text[before - 1] if before <= len(text) else ""
    new = {before: [*(f"{space}{line}" for line in lines), behind]}
    first, last = _span(function)
    return Taught(endpoint, function, *replaced(text, (first, max(last, min(before, len(text)))), new))


def _span(function: Function) -> tuple[int, int]:
    first = min([function.lineno, *(one.lineno for one in function.decorator_list)])
    return first, function.end_lineno or function.lineno


def _is_docstring(statement: ast.stmt) -> bool:
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Constant) and isinstance(value.value, str)


def _raises(statement: ast.If) -> bool:
    return any(isinstance(one, ast.Raise) for one in statement.body)


def _user(function: Function, refusal: ast.If) -> str:
    """Return the variable of which the refusal asks whether there is one."""
    own = {target.id for node in ast.walk(function) for target in assigned(node) if isinstance(target, ast.Name)}
    return next((name for name in _doubted(refusal.test) if name in own), "")


def _doubted(test: ast.expr) -> Iterator[str]:
    """Yield the names of which a condition says `not name`, or `name is None`."""
    for node in ast.walk(test):
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not) and isinstance(node.operand, ast.Name):
            yield node.operand.id
        elif isinstance(node, ast.Compare) and isinstance(node.ops[0], ast.Is) and isinstance(node.left, ast.Name):
            yield node.left.id


def _address(known: Known, endpoint: Endpoint, function: Function) -> str:
    """Return how the function writes the address in the body, or in the form, that it is given."""
    for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
        names = {last_name(one) for one in ast.walk(argument.annotation)} if argument.annotation else set[str]()
        if names & _FORM:
            return f"{argument.arg}.username"
        if endpoint.request_model in names:
            where = schema(known, endpoint.request_model)
            fields = [name for name in dict(fields_of(known, where)) if _MAIL.search(name)] if where else []
            return f"{argument.arg}.{fields[0]}" if fields else ""
    return ""
