"""Default deny: the application does not start while an endpoint is neither guarded nor declared public."""

from collections.abc import Iterator

from fastapi import FastAPI
from fastapi.dependencies.models import Dependant
from fastapi.routing import iter_route_contexts

from app.auth.dependencies import current_principal

Operation = tuple[str, str]


def verify_access(app: FastAPI, public: frozenset[Operation]) -> None:
    """Raise `RuntimeError` unless every operation of `app` is either guarded or in `public`.

    An entry that names no operation, or one that is guarded, is refused too: the list has to say what is so.
    """
    guarded: set[Operation] = set()
    unguarded: set[Operation] = set()
    for operation, has_guard in _operations(app):
        (guarded if has_guard else unguarded).add(operation)
    public = public | _documentation(app)
    complaints = [
        *(f"{_text(each)} is neither guarded nor public" for each in sorted(unguarded - public)),
        *(f"{_text(each)} is on the public list but guarded" for each in sorted(guarded & public)),
        *(f"{_text(each)} is on the public list but does not exist" for each in sorted(public - guarded - unguarded)),
    ]
    if complaints:
        raise RuntimeError("access is not as declared: " + "; ".join(complaints))


def is_guarded(dependant: Dependant) -> bool:
    """Return whether the caller is identified somewhere among the dependencies."""
    return any(each.call is current_principal or is_guarded(each) for each in dependant.dependencies)


def _operations(app: FastAPI) -> Iterator[tuple[Operation, bool]]:
    # What is no plain endpoint (a mount, a websocket) has no methods, and no guard that could be seen.
    for context in iter_route_contexts(app.routes):
        dependant = getattr(context, "dependant", None)
        has_guard = isinstance(dependant, Dependant) and is_guarded(dependant)
        for method in (context.methods or {"ANY"}) - {"HEAD"}:
            yield (method, context.path or ""), has_guard


def _documentation(app: FastAPI) -> frozenset[Operation]:
    urls = (app.openapi_url, app.docs_url, app.redoc_url, app.docs_url and app.swagger_ui_oauth2_redirect_url)
    return frozenset(("GET", url) for url in urls if url)


def _text(operation: Operation) -> str:
    return " ".join(operation)
