"""Find what endpoints do on the side: calls that mail, ask others or write files, and whose result nobody uses."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastwright.project.model import Endpoint
from fastwright.project.names import Symbol
from fastwright.project.source import Function, arguments, assigned, last_name
from fastwright.recipes._accounts.guarding import gives
from fastwright.recipes._background.opening import CLOSED, Opener, opener
from fastwright.recipes._filtering.finding import endpoint_function
from fastwright.recipes._recipe import Known

_DEPTH = 3
_PACKAGES = {
    "mails": ("smtplib", "aiosmtplib", "emails", "fastapi_mail", "sendgrid", "mailjet_rest", "postmarker", "resend"),
    "calls others over HTTP": ("httpx", "requests", "aiohttp", "urllib3", "slack_sdk", "twilio"),
    "stores objects elsewhere": ("boto3", "aioboto3", "minio"),
}
_WRITES = re.compile(r"\.write_(text|bytes)\(|\bopen\([^)]*['\"][wax]b?\+?['\"]|urlopen\(")
Around = tuple[ast.stmt, ...]

_READS = frozenset(
    {"get", "one", "first", "scalar", "scalars", "exec", "execute", "query", "all", "one_or_none", "merge"}
)


@dataclass(frozen=True)
class Side:
    """A statement of an endpoint that is nothing but a call; `helper` is what it calls, and `does` says what that does.

    `why` says why it has to stay where it is, if it has to. What is given the session of the request is called by an
    `opener`, which has one of its own.
    """

    endpoint: Endpoint
    function: Function
    statement: ast.Expr
    call: ast.Call
    helper: Symbol
    does: str
    why: str = ""
    opener: Opener | None = None

    @property
    def written(self) -> str:
        """How the helper is written where it is called."""
        return ast.unparse(self.call.func)

    @property
    def shown(self) -> str:
        where = f"{self.endpoint.file}:{self.statement.lineno}"
        return f"{self.endpoint.method} {self.endpoint.path} {self.does} ({where}: {self.written})"


def sides(known: Known, endpoints: Sequence[Endpoint]) -> Iterator[Side]:
    """Yield what the endpoints do on the side, each place once."""
    seen: set[tuple[str, int]] = set()
    for endpoint in endpoints:
        function, file = endpoint_function(known, endpoint), endpoint.file or ""
        for statement, around in _statements(function.body, ()) if function else ():
            call = _call(statement)
            helper = known.names.resolve(file, call.func) if call else None
            does = _does(known, helper, _DEPTH) if helper else ""
            if function is None or call is None or helper is None or not does or (file, statement.lineno) in seen:
                continue
            seen.add((file, statement.lineno))
            why = _around(known, helper, around) or _why(known, file, function, helper, call)
            told, found = (why, None) if isinstance(why, str) else ("", why)
            yield Side(endpoint, function, statement, call, helper, does, told, found)


def _statements(body: Sequence[ast.stmt], around: Around) -> Iterator[tuple[ast.Expr, Around]]:
    """Yield the statements that are expressions, with the statements around each; other functions are left out."""
    for one in body:
        if isinstance(one, ast.Expr):
            yield one, around
        elif not isinstance(one, Function | ast.ClassDef):
            inner = [child for child in ast.iter_child_nodes(one) if isinstance(child, ast.stmt)]
            handlers = [child for child in ast.iter_child_nodes(one) if isinstance(child, ast.ExceptHandler)]
            for child in handlers:
                inner += child.body
            yield from _statements(inner, (*around, one))


def _call(statement: ast.Expr) -> ast.Call | None:
    value = statement.value.value if isinstance(statement.value, ast.Await) else statement.value
    return value if isinstance(value, ast.Call) else None


def _does(known: Known, helper: Symbol, depth: int) -> str:
    """Return what a function of the project does that takes long, in it or in what it calls, or nothing."""
    definition = known.names.definition(helper)
    if not isinstance(definition, Function):
        return ""
    text, file = ast.unparse(definition), known.source.files[helper[0]]
    for does, packages in _PACKAGES.items():
        names = {name or module for module, name in file.imports if module.split(".")[0] in packages}
        if any(re.search(rf"\b{re.escape(name)}\b", text) for name in names):
            return does
    if _WRITES.search(text):
        return "calls others over HTTP" if "urlopen(" in text else "writes a file"
    inner = [node.func for node in ast.walk(definition) if isinstance(node, ast.Call)] if depth else []
    symbols = (known.names.resolve(helper[0], one) for one in inner)
    return next((does for one in symbols if one and one != helper and (does := _does(known, one, depth - 1))), "")


def _around(known: Known, helper: Symbol, around: Sequence[ast.stmt]) -> str:
    """Return why a call has to stay where it is, whatever it is given, or nothing."""
    if any(isinstance(one, ast.Try) for one in around):
        return "its errors are handled there"
    if any(isinstance(one, ast.With | ast.AsyncWith) for one in around):
        return "what is around it is closed by then"
    definition = known.names.definition(helper)
    raises = definition is not None and "HTTPException" in ast.unparse(definition)
    return "its errors are what is answered" if raises else ""


def _why(known: Known, file: str, function: Function, helper: Symbol, call: ast.Call) -> str | Opener:
    """Return why what a call is given keeps it where it is, or what calls it with a session of its own, or nothing."""
    given = [one for one in arguments(call) if isinstance(one, ast.Name)]
    found: str | Opener = ""
    for one in given:
        what = _what(known, file, function, one.id)
        if what == CLOSED and not found:
            opened = opener(known, (file, function), helper, call, one)
            found = f"{one.id} is {opened}" if isinstance(opened, str) else opened
        elif what:
            return f"{one.id} is {what}"
    return found


def _what(known: Known, file: str, function: Function, name: str) -> str:
    """Return what must not be used after the answer: a session, which is closed then, or a row that belongs to it."""
    models = {model.name for model in known.project.models}
    for argument in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs):
        if argument.arg == name and argument.annotation is not None:
            kinds = _kinds(known, file, argument.annotation)
            if kinds & {"Session", "AsyncSession"}:
                return CLOSED
            if "Request" in kinds:
                return "the request, which is over by then"
            return "a row of the request's session" if kinds & models else ""
    for node in ast.walk(function):
        value = getattr(node, "value", None)
        if isinstance(value, ast.expr) and any(isinstance(t, ast.Name) and t.id == name for t in assigned(node)):
            inner = value.value if isinstance(value, ast.Await) else value
            if isinstance(inner, ast.Call) and _gives_row(known, file, inner, models):
                return "a row of the request's session"
    return ""


def _kinds(known: Known, file: str, annotation: ast.expr) -> set[str]:
    """Return the names in an annotation, those behind an alias of the project too."""
    symbol = known.names.resolve(file, annotation)
    value = known.names.value(symbol) if symbol else None
    return {last_name(one) for node in (annotation, value) if node is not None for one in ast.walk(node)}


def _gives_row(known: Known, file: str, call: ast.Call, models: set[str]) -> bool:
    if last_name(call.func) in _READS | models:
        return True
    symbol = known.names.resolve(file, call.func)
    definition = known.names.definition(symbol) if symbol else None
    return (
        symbol is not None
        and isinstance(definition, Function)
        and any(gives(known, symbol[0], definition, model) for model in models)
    )
