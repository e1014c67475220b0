"""Where requests that are done once are attached: at their endpoints, and at the routers of these."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.changes.add_code import AddCode
from fastwright.changes.add_endpoint_dependency import AddEndpointDependency
from fastwright.changes.add_import import AddImport
from fastwright.changes.operation import Operation
from fastwright.changes.replace_text import ReplaceText
from fastwright.changes.wanted import Import
from fastwright.project.locate import keyword
from fastwright.project.model import Endpoint
from fastwright.project.names import Symbol
from fastwright.project.source import called
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._code.lines import indent, replaced, text_of
from fastwright.recipes._code.parts import Linker
from fastwright.recipes._recipe import Refusal
from fastwright.recipes._routes import Registration

ROUTE = "IdempotentRoute"


@dataclass(frozen=True)
class Attached:
    """The registrations of the endpoints, and the routers, or the app itself, that they are on."""

    app: Surroundings
    registrations: tuple[tuple[Endpoint, Registration], ...]
    owners: tuple[Symbol, ...]
    home: str

    def routers(self) -> Iterator[Operation]:
        """Yield the edits of the calls that make the routers."""
        for owner in self.owners:
            value = self.app.known.names.value(owner)
            if isinstance(value, ast.Call) and called(value) == "APIRouter" and not _own(value):
                yield _routed(self.app, owner, value)

    def rest(self) -> Iterator[Operation]:
        """Yield the imports, what the app itself needs, and the dependencies of the endpoints."""
        for owner in self.owners:
            value = self.app.known.names.value(owner)
            if value is None or called(value) != "APIRouter":
                yield from self._at_app(owner)
            elif owner[0] != self.home:
                one = self._import(ROUTE, owner[0])
                yield AddImport(file=owner[0], module=one.module, name=one.name)
        for endpoint, one in self.registrations:
            own = () if one.file == self.home else (self._import("once", one.file),)
            yield AddEndpointDependency(
                file=one.file,
                line=one.line if one.file not in {file for file, _name in self.owners} else 0,
                function=one.function,
                path=one.path or "",
                method=endpoint.method,
                dependency="Depends(once)",
                imports=(Import(module="fastapi", name="Depends"), *own),
            )

    def _at_app(self, owner: Symbol) -> Iterator[Operation]:
        line = f"{owner[1]}.router.route_class = {ROUTE}\n"
        if line in text_of(self.app.known, owner[0]):
            return
        imports = () if owner[0] == self.home else (self._import(ROUTE, owner[0]),)
        yield AddCode(file=owner[0], code=line, after=owner[1], imports=imports)

    def _import(self, name: str, file: str) -> Import:
        return Linker(self.app.known, self.app.layout, self.app.formatting, {}).imported(name, (self.home, name), file)


def attached(app: Surroundings, endpoints: tuple[Endpoint, ...], home: str) -> Attached | Refusal:
    """Return where they go, or why that cannot be told."""
    found: list[tuple[Endpoint, Registration]] = []
    for one in endpoints:
        registration = app.routes.of(one)
        owner = registration.owner if registration else None
        value = app.known.names.value(owner) if owner else None
        if registration is None or owner is None or value is None or called(value) not in ("APIRouter", "FastAPI"):
            reason = f"it cannot be told from the source on which router {one.method} {one.path} is"
            return Refusal(reason=reason, hint="put it on an APIRouter at the top of a module, then ask again")
        if isinstance(value, ast.Call) and (_own(value) or ROUTE) != ROUTE:
            reason = f"{owner[1]} ({owner[0]}:{value.lineno}) has a route class of its own"
            return Refusal(reason=reason, hint="derive that from the new one by hand, then: fastwright prove")
        found.append((one, registration))
    owners = tuple(dict.fromkeys(one.owner for _endpoint, one in found if one.owner is not None))
    return Attached(app, tuple(found), owners, home)


def _own(call: ast.Call) -> str:
    """Return the route class that a router has, if it has one of its own."""
    value = keyword(call, "route_class")
    return ast.unparse(value) if value is not None else ""


def _routed(app: Surroundings, owner: Symbol, call: ast.Call) -> ReplaceText:
    """Return the edit that gives the call that makes a router one more argument."""
    text = text_of(app.known, owner[0])
    first, last = call.lineno, call.end_lineno or call.lineno
    line = text[last - 1].encode()
    end = (call.end_col_offset or 0) - 1
    head, tail = line[:end].decode(), line[end:].decode()
    if head.strip() or first == last:
        is_bare = not call.args and not call.keywords
        comma = "" if is_bare else " " if head.rstrip().endswith(",") else ", "
        new = {last: [f"{head.rstrip()}{comma}route_class={ROUTE}{tail}"]}
    else:
        before = text[last - 2].rstrip()
        comma = "" if before.endswith((",", "(")) else ","
        space = indent(text[last - 2])
        new = {last - 1: [f"{before}{comma}\n", f"{space}route_class={ROUTE},\n"]}
    old, after = replaced(text, (first, last), new)
    return ReplaceText(file=owner[0], before=old, after=after)
