"""Where endpoints are registered in the source: their decorators, their routers, and how these are included."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from fastwright.project.locate import keyword
from fastwright.project.model import Endpoint
from fastwright.project.names import Symbol
from fastwright.project.source import Function, called
from fastwright.recipes._recipe import Known

# What puts endpoints on a router without a decorator; they cannot be told from the source.
_UNSEEN = frozenset({"add_api_route", "add_api_websocket_route", "add_route", "add_websocket_route", "mount"})

_VERBS = frozenset(
    {"get", "post", "put", "patch", "delete", "head", "options", "trace", "api_route", "route", "websocket"}
)


@dataclass(frozen=True)
class Registration:
    """A decorator that makes a function an endpoint. `line` is that of the `def`; `number` counts its decorators."""

    file: str
    line: int
    function: str
    decorator: int
    owner: Symbol | None
    methods: tuple[str, ...]
    path: str | None

    def serves(self, endpoint: Endpoint) -> bool:
        """Tell whether the endpoint of the map came from here; the path of the source is the end of the real one."""
        if (endpoint.file, endpoint.line) != (self.file, self.line) or endpoint.method not in self.methods:
            return False
        return self.path is None or endpoint.path.rstrip("/").endswith(self.path.rstrip("/"))


@dataclass(frozen=True)
class Include:
    """A call of `include_router`; `target` is missing where what is included cannot be followed."""

    file: str
    line: int
    owner: Symbol | None
    target: Symbol | None


class Routes:
    """The registrations of a project, and what each router serves."""

    def __init__(self, known: Known) -> None:
        self._known = known
        self.registrations = list(self._decorated())
        self.includes: list[Include] = []
        self._open: set[Symbol | None] = set()
        for file in known.source.own:
            self._read_calls(file.path, file.tree)

    def registration(self, endpoint: Endpoint) -> Registration | None:
        """Return the decorator that an endpoint came from; where two could be meant, the one with the longest path."""
        found = [one for one in self.registrations if one.serves(endpoint)]
        return max(found, key=lambda one: len(one.path or ""), default=None)

    def endpoints(self, registration: Registration) -> list[Endpoint]:
        """Return everything that one decorator serves: more than one method or, on routers included twice, path."""
        return [endpoint for endpoint, found in self._registered if found == registration]

    def of(self, endpoint: Endpoint) -> Registration | None:
        return next((found for one, found in self._registered if one is endpoint), None)

    @cached_property
    def _registered(self) -> list[tuple[Endpoint, Registration | None]]:
        return [(endpoint, self.registration(endpoint)) for endpoint in self._known.project.endpoints]

    def routers(self) -> list[Symbol]:
        """Return the routers with endpoints whose contents are known, those that include others first."""
        found = {one.owner for one in self.registrations} | {include.owner for include in self.includes}
        routers = [symbol for symbol in found if symbol is not None and self.is_router(symbol)]
        return sorted(routers, key=lambda symbol: (-len(self.served(symbol)), symbol))

    def is_router(self, symbol: Symbol) -> bool:
        """Tell a router that is made by a call at the top of a module, and whose contents can all be told."""
        value = self._known.names.value(symbol)
        return isinstance(value, ast.Call) and called(value) == "APIRouter" and not self._is_open(symbol, set())

    def served(self, router: Symbol) -> list[Endpoint]:
        """Return the endpoints that a router serves, those of the routers in it too."""
        inside = self._inside(router, {router})
        return [endpoint for endpoint, found in self._registered if found is not None and found.owner in inside]

    def line(self, router: Symbol) -> int:
        """Return the line on which a router is made."""
        value = self._known.names.value(router)
        return value.lineno if value is not None else 0

    def included(self, router: Symbol) -> list[Include]:
        return [include for include in self.includes if include.target == router]

    def _inside(self, router: Symbol, seen: set[Symbol]) -> set[Symbol]:
        for include in self.includes:
            if include.owner == router and include.target is not None and include.target not in seen:
                seen.add(include.target)
                self._inside(include.target, seen)
        return seen

    def _is_open(self, router: Symbol, seen: set[Symbol]) -> bool:
        if router in self._open:
            return True
        below = [include.target for include in self.includes if include.owner == router]
        return any(target is None or self._is_open(target, seen) for target in below)

    def _decorated(self) -> Iterator[Registration]:
        for file in self._known.source.own:
            for node in file.nodes:
                if isinstance(node, Function):
                    for number, decorator in enumerate(node.decorator_list):
                        if isinstance(decorator, ast.Call) and _registers(decorator):
                            yield self._registration(file.path, node, number, decorator)

    def _registration(self, file: str, function: Function, number: int, call: ast.Call) -> Registration:
        verb = call.func.attr if isinstance(call.func, ast.Attribute) else ""
        owner = self._known.names.resolve(file, call.func.value) if isinstance(call.func, ast.Attribute) else None
        path = call.args[0] if call.args else keyword(call, "path")
        return Registration(
            file=file,
            line=function.lineno,
            function=function.name,
            decorator=number,
            owner=owner,
            methods=tuple(_methods(call, verb)),
            path=path.value if isinstance(path, ast.Constant) and isinstance(path.value, str) else None,
        )

    def _read_calls(self, file: str, tree: ast.Module) -> None:
        for node in ast.walk(tree):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            owner = self._known.names.resolve(file, node.func.value)
            if node.func.attr == "include_router":
                routed = node.args[0] if node.args else keyword(node, "router")
                target = self._known.names.resolve(file, routed)
                self.includes.append(Include(file, node.lineno, owner, target))
            elif node.func.attr in _UNSEEN:
                self._open.add(owner)


def _registers(call: ast.Call) -> bool:
    return isinstance(call.func, ast.Attribute) and call.func.attr in _VERBS


def _methods(call: ast.Call, verb: str) -> list[str]:
    if verb not in ("api_route", "route"):
        return [verb.upper()]
    value = keyword(call, "methods")
    items = value.elts if isinstance(value, ast.List | ast.Tuple | ast.Set) else []
    return [str(item.value).upper() for item in items if isinstance(item, ast.Constant)] or ["GET"]
