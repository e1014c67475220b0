"""What can be known of a project without running any of it, and what that leaves open.

Endpoints are followed from the app through `include_router` and `mount`. Prefixes that are not written as text, routes
that are made in loops, and everything that only a request would tell are listed as unresolved.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from fastwright.project.conventions import registrations, written_conventions
from fastwright.project.locate import Entry, find_entry, keyword
from fastwright.project.model import App, Endpoint, Project, Unresolved
from fastwright.project.names import Names, Symbol
from fastwright.project.own_checks import checks_credentials
from fastwright.project.read import read_source
from fastwright.project.source import Function, Source, SourceFile, assigned, called, last_name
from fastwright.project.static_guards import Depended, dependencies, listed, static_auth
from fastwright.project.static_models import static_models

_DEPTH = 10
# For each loop variable the file in which its values are written, and these.
_Loops = dict[str, tuple[str, list[ast.expr]]]


@dataclass(frozen=True)
class _Way:
    """How a router is reached: the prefixes so far, and the dependencies that were added on the way."""

    prefix: str = ""
    depended: tuple[Depended, ...] = ()


def read_static(directory: Path, *, app: str | None = None) -> Project:
    """Return what the source of a project says. Raises `ProjectError` if there is no app in it."""
    return read_static_source(read_source(directory), app=app)


def read_static_source(source: Source, *, app: str | None = None) -> Project:
    """Return what a source that was read says. Raises `ProjectError` if there is no app in it."""
    entry, others = find_entry(source, app)
    reader = _Reader(source)
    endpoints = tuple(reader.endpoints(entry))
    return Project(
        app=App(entry=entry.shown, root=str(source.root), file=entry.file, line=entry.line, static=True),
        endpoints=endpoints,
        models=tuple(static_models(source)),
        conventions=written_conventions(source),
        unresolved=(*_open_questions(), *_others(others), *reader.unresolved),
    )


def _open_questions() -> Iterator[Unresolved]:
    yield Unresolved(subject="access", reason="nothing was run: no endpoint was asked whether it refuses")
    yield Unresolved(subject="roles", reason="nothing was run: what guards were given is not known")
    yield Unresolved(subject="middleware", reason="nothing was run: what it adds or refuses is not known")


def _others(others: list[Entry]) -> Iterator[Unresolved]:
    for other in others:
        yield Unresolved(
            subject=other.shown, reason="another app, which was not looked at", file=other.file, line=other.line
        )


class _Reader:
    """Follows includes from the app, and collects what could not be followed."""

    def __init__(self, source: Source) -> None:
        self.unresolved: list[Unresolved] = []
        self._source = source
        self._names = Names(source)
        self._reached: set[Symbol] = set()
        self._nodes: dict[str, list[ast.AST]] = {}

    def endpoints(self, entry: Entry) -> Iterator[Endpoint]:
        """Yield the endpoints that lead off from the app."""
        if entry.file is None:
            return
        start = (entry.file, entry.attribute.split(".")[0])
        function = self._names.definition(start)
        value = self._names.value(start)
        if isinstance(value, ast.Call) and (made := self._names.resolve(entry.file, value.func)):
            function, start = self._names.definition(made) or function, made if self._names.function(made) else start
        yield from self._router(start, _Way(), _DEPTH)
        if isinstance(function, Function):
            yield from self._factory(start[0], function)
        for file in self._source.own:
            for name, value in self._routers(file):
                if (file.path, name) not in self._reached and called(value) == "APIRouter":
                    reason = "a router that is not seen to be included"
                    self._leave(f"{file.path}:{name}", reason, file.path, value.lineno)

    def _factory(self, file: str, function: Function) -> Iterator[Endpoint]:
        """Yield what a factory includes in the app that it makes."""
        self._reached.add((file, function.name))
        yield from self._body(file, None, list(ast.walk(function)), _Way(), _DEPTH)

    def _router(self, symbol: Symbol, way: _Way, depth: int) -> Iterator[Endpoint]:
        value = self._names.value(symbol)
        if depth == 0 or not isinstance(value, ast.Call):
            return
        self._reached.add(symbol)
        file, name = symbol
        if called(value) not in ("FastAPI", "APIRouter"):
            reason = f"made by {called(value)}: what that adds, such as guards, is not known"
            self._leave(f"{file}:{name}", reason, file, value.lineno)
        level = "app" if called(value) == "FastAPI" else "router"
        own = _Way(
            way.prefix + self._text(keyword(value, "prefix"), file, name),
            (*way.depended, *listed(keyword(value, "dependencies"), file, level)),
        )
        # Others may add to it from their own files: `from app import app`.
        for other in self._source.own:
            yield from self._body(other.path, symbol, self._registering(other), own, depth)

    def _body(
        self, file: str, symbol: Symbol | None, nodes: list[ast.AST], way: _Way, depth: int
    ) -> Iterator[Endpoint]:
        """Yield what is attached to a router in these nodes; without a symbol, to any variable that is local."""
        targets = [] if symbol else [one for node in nodes for one in assigned(node)]
        local = {one.id for one in targets if isinstance(one, ast.Name)}

        def is_it(owner: ast.expr) -> bool:
            found = self._names.resolve(file, owner)
            if symbol:
                return found == symbol
            return isinstance(owner, ast.Name) and (found is None or owner.id in local)

        loops = self._loops(file, nodes)
        for node in nodes:
            if isinstance(node, Function):
                for owner, call in registrations(node):
                    if is_it(owner):
                        yield from self._endpoint(file, node, call, way)
            elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and is_it(node.func.value):
                if node.func.attr == "add_api_route":
                    yield from self._added(file, node, way)
                for where, call in _unrolled(file, node, loops):
                    yield from self._attached(file, where, call, way, depth)

    def _attached(self, file: str, where: str, call: ast.Call, way: _Way, depth: int) -> Iterator[Endpoint]:
        """Yield what a call in `file` includes or mounts; its first argument is written in `where`."""
        method = last_name(call.func)
        if method == "include_router" and call.args:
            target = self._names.resolve(where, call.args[0])
            added = self._text(keyword(call, "prefix"), file, ast.unparse(call.args[0]))
            depended = (*way.depended, *listed(keyword(call, "dependencies"), file, "include"))
            inner = replace(way, prefix=way.prefix + added, depended=depended)
        elif method == "mount" and (mounted := keyword(call, "app") or (call.args[1:] or [None])[0]):
            target = self._names.resolve(file, mounted)
            inner = _Way(way.prefix + self._text(keyword(call, "path") or call.args[0], file, "mount"))
        else:
            return
        if target is None or not isinstance(self._names.value(target), ast.Call):
            self._leave(ast.unparse(call)[:60], "what is included here could not be followed", file, call.lineno)
            return
        yield from self._router(target, inner, depth - 1)

    def _added(self, file: str, call: ast.Call, way: _Way) -> Iterator[Endpoint]:
        """Yield what `router.add_api_route("/path", function)` registers."""
        given = keyword(call, "endpoint") or (call.args[1] if len(call.args) > 1 else None)
        symbol = self._names.resolve(file, given)
        function = self._names.function(symbol) if symbol is not None else None
        if symbol is not None and function is not None:
            yield from self._endpoint(symbol[0], function, call, way, written_in=file)

    def _endpoint(
        self, file: str, function: Function, call: ast.Call, way: _Way, written_in: str = ""
    ) -> Iterator[Endpoint]:
        """Yield the endpoints that a call makes of a function in `file`; the call may be in another one."""
        verb, where = last_name(call.func), written_in or file
        path = way.prefix + self._text(call.args[0] if call.args else keyword(call, "path"), where, function.name)
        depended = [
            *way.depended,
            *listed(keyword(call, "dependencies"), where, "endpoint"),
            *dependencies(self._names, function, file),
        ]
        response = keyword(call, "response_model") or function.returns
        status = keyword(call, "status_code")
        auth = static_auth(self._names, depended)
        if not auth.required and checks_credentials(self._names, file, function, path):
            auth = auth.model_copy(update={"required": True, "claimed": True, "refused_by": "endpoint"})
        for method in _methods(call, verb):
            yield Endpoint(
                name=function.name,
                file=file,
                line=function.lineno,
                method=method,
                path=path,
                kind="websocket" if verb == "websocket" else "operation",
                auth=auth,
                request_model=None,
                response_model=ast.unparse(response) if response else None,
                status_code=status.value
                if isinstance(status, ast.Constant) and isinstance(status.value, int)
                else None,
                is_async=isinstance(function, ast.AsyncFunctionDef),
            )

    def _text(self, node: ast.expr | None, file: str, subject: str) -> str:
        """Return the text of a path or prefix; one that is computed is shown as it is written, and left open."""
        if node is None:
            return ""
        known = self._names.text(file, node)
        if known is not None:
            return known
        written = ast.unparse(node)
        if (default := self._names.text(file, node, by_default=True)) is not None:
            self._leave(subject, f"a path that may be set from outside: {written}", file, node.lineno)
            return default
        self._leave(subject, f"a path that is computed: {written}", file, node.lineno)
        return f"<{written}>"

    def _registering(self, file: SourceFile) -> list[ast.AST]:
        """Return the nodes of a file that may attach something to a router."""
        if file.path not in self._nodes:
            self._nodes[file.path] = [
                node
                for node in file.nodes
                if isinstance(node, Function | ast.For | ast.comprehension)
                or called(node) in ("include_router", "mount", "add_api_route")
            ]
        return self._nodes[file.path]

    def _loops(self, file: str, nodes: list[ast.AST]) -> _Loops:
        """Return what the variables of loops over written lists stand for: `for router in (users, items)`."""
        found: _Loops = {}
        for node in nodes:
            if isinstance(node, ast.For | ast.comprehension) and isinstance(node.target, ast.Name):
                symbol = self._names.resolve(file, node.iter)
                listed_in = symbol[0] if symbol else file
                values = self._names.value(symbol) if symbol else node.iter
                if isinstance(values, ast.List | ast.Tuple):
                    found[node.target.id] = (listed_in, values.elts)
        return found

    def _leave(self, subject: str, reason: str, file: str, line: int) -> None:
        one = Unresolved(subject=subject, reason=reason, file=file, line=line)
        if one not in self.unresolved:
            self.unresolved.append(one)

    def _routers(self, file: SourceFile) -> Iterator[tuple[str, ast.Call]]:
        for name in file.assignments:
            value = self._names.value((file.path, name))
            if isinstance(value, ast.Call):
                yield name, value


def _unrolled(file: str, call: ast.Call, loops: _Loops) -> Iterator[tuple[str, ast.Call]]:
    """Yield the call for each value of the loop variable that is its first argument, and where that is written."""
    first = call.args[0] if call.args else None
    if not (isinstance(first, ast.Name) and first.id in loops):
        yield file, call
        return
    where, values = loops[first.id]
    for value in values:
        unrolled = ast.Call(func=call.func, args=[value, *call.args[1:]], keywords=call.keywords)
        yield where, ast.copy_location(unrolled, call)


def _methods(call: ast.Call, verb: str) -> list[str]:
    if verb not in ("api_route", "route", "add_api_route"):
        return [verb.upper()]
    value = keyword(call, "methods")
    items = value.elts if isinstance(value, ast.List | ast.Tuple | ast.Set) else []
    return [str(item.value).upper() for item in items if isinstance(item, ast.Constant)] or ["GET"]
