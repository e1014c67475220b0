"""The dependency tree of an endpoint, and the guards in it.

One rule finds security on every version: `isinstance(call, SecurityBase)`. A dependency that looks at the caller and
refuses is a guard without a scheme. All of this is what the code claims; a request without credentials proves it.
"""

from __future__ import annotations

import inspect
import re
import typing
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from fastwright.project.probe import reading
from fastwright.project.probe.foreign import foreign
from fastwright.project.probe.naming import type_name
from fastwright.project.probe.places import Variables, place, unwrapped

_KINDS = ("header", "cookie", "query", "body")
_REQUESTS = ("request_param_name", "websocket_param_name", "http_connection_param_name")
_CREDENTIAL = re.compile(r"token|key|auth|secret|signature|password|ticket|session", re.IGNORECASE)


@dataclass(frozen=True)
class Node:
    """A dependency: what is called, what it wants to be sent, and what it depends on itself."""

    call: Any
    data: dict[str, Any]
    children: list[Node] = field(default_factory=list)

    @property
    def guards(self) -> bool:
        """Whether this one, and not one below it, looks at the caller's credentials."""
        return bool(self.data["scheme"]) or (self.data["refuses"] and self.data["reads"])


class Trees:
    """Reads dependency trees; what is known of a callable is read once."""

    def __init__(self, variables: Variables) -> None:
        self._security: Any = foreign("fastapi.security.base").SecurityBase
        self._variables = variables
        self._known: dict[int, dict[str, Any]] = {}

    def nodes(self, dependant: Any) -> list[Node]:
        """Return what an endpoint depends on."""
        if not dependant.dependencies:
            return []
        hints = _hints(dependant.call)
        return [self._node(below, hints.get(str(below.name))) for below in dependant.dependencies]

    def _node(self, dependant: Any, annotation: Any) -> Node:
        call = dependant.call
        params = {kind: [field.alias for field in getattr(dependant, f"{kind}_params")] for kind in _KINDS}
        data = {**self._facts(call), "params": params, "scopes": _scopes(dependant), "wanted": type_name(annotation)}
        asked = any(_CREDENTIAL.search(name) for name in params["query"])
        # Whoever wants a key or token to be sent, and raises, refuses callers, whatever status it does so with.
        secret = any(_is_secret(name) for kind in ("header", "cookie") for name in params[kind])
        data["refuses"] = data["refuses"] or (data["raises"] and secret)
        has_request = any(getattr(dependant, name, None) for name in _REQUESTS)
        data["reads"] = data["reads"] or asked or has_request or bool(params["header"] or params["cookie"])
        return Node(call, data, self.nodes(dependant))

    def _facts(self, call: Any) -> dict[str, Any]:
        if id(call) not in self._known:
            inner = unwrapped(call)
            is_scheme = isinstance(inner, self._security)
            self._known[id(call)] = {
                "scheme": _scheme(inner) if is_scheme else None,
                "place": place(call),
                "variables": self._variables.names(call),
                "arguments": [] if is_scheme else reading.arguments(call),
                "kind": _kind(inner),
                "returns": type_name(_returned(call)),
                "refuses": not is_scheme and reading.refuses(call),
                "raises": not is_scheme and reading.raises(call),
                "reads": not is_scheme and reading.reads_caller(call),
                "roles": [] if is_scheme else reading.roles(call),
            }
        return self._known[id(call)]


def _is_secret(name: str) -> bool:
    """Tell a header or cookie with credentials from one with something else that is called a key."""
    return bool(_CREDENTIAL.search(name)) and "idempotency" not in name.lower()


def chains(node: Node) -> Iterator[list[Node]]:
    """Yield the ways from a guard up to `node`, the guard first."""
    for child in node.children:
        for chain in chains(child):
            yield [*chain, node]
    if node.guards:
        yield [node]


def flat(nodes: list[Node]) -> Iterator[Node]:
    """Yield the nodes and everything below them."""
    for node in nodes:
        yield node
        yield from flat(node.children)


def _scopes(dependant: Any) -> list[str]:
    """Return the OAuth2 scopes that are asked for; where they are kept depends on the version."""
    own = getattr(dependant, "own_oauth_scopes", None)
    if own is None:
        own = getattr(dependant, "security_scopes", None)
    return [str(scope) for scope in own or ()]


def _scheme(scheme: Any) -> dict[str, Any]:
    model = getattr(scheme, "model", None)
    return {
        "name": str(getattr(scheme, "scheme_name", type(scheme).__name__)),
        "type": type(scheme).__name__,
        "auto_error": bool(getattr(scheme, "auto_error", True)),
        "parameter": str(getattr(model, "name", None) or "Authorization"),
    }


def _kind(inner: Any) -> str:
    if inspect.isclass(inner):
        return "class"
    return "function" if inspect.isroutine(inner) else "instance"


def _hints(call: Any) -> dict[str, Any]:
    """Return the types of the parameters of a callable, as far as they can be told."""
    function = reading.body(call)
    try:
        return typing.get_type_hints(function)
    except Exception:  # noqa: BLE001 - names that exist for type checkers alone, and whatever else annotations do
        return dict(getattr(function, "__annotations__", {}))


def _returned(call: Any) -> Any:
    inner = unwrapped(call)
    if inspect.isclass(inner):
        return inner
    try:
        return inspect.signature(reading.body(call)).return_annotation if _has_return(call) else None
    except (TypeError, ValueError):
        return None


def _has_return(call: Any) -> bool:
    return "return" in getattr(reading.body(call), "__annotations__", {})
