"""What a verb tells about what it did: what was decided and why, what to watch, what else would do, what comes next."""

from __future__ import annotations

from collections.abc import Iterator

from fastwright.design import naming
from fastwright.design.model import Design, FieldType, Frozen, Option, Resource
from fastwright.scaffold.access import ActionView

_ROUTES = {
    "list": ("GET", ""),
    "create": ("POST", ""),
    "read": ("GET", "/{{{id}}}"),
    "update": ("PATCH", "/{{{id}}}"),
    "delete": ("DELETE", "/{{{id}}}"),
}


class EndpointAccess(Frozen):
    """An endpoint, and who may call it."""

    method: str
    path: str
    access: str


class Explanation(Frozen):
    """For people, and for agents that have to answer for the result."""

    summary: str
    endpoints: tuple[EndpointAccess, ...] = ()
    decisions: tuple[str, ...] = ()
    risks: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    next_steps: tuple[str, ...] = ()


def explain_new(design: Design) -> Explanation:
    """Return the explanation of the backend that is written for `design`."""
    return Explanation(
        summary=f"{design.name}: accounts, logins and {_resources(design)}",
        endpoints=tuple(_endpoints(design)),
        decisions=tuple(_decisions(design)),
        risks=tuple(_risks(design)),
        alternatives=(
            "PostgreSQL in place of SQLite: set DATABASE_URL; models and migrations are written for both.",
            "Another access rule: change the guard in the signature of the endpoint, or the design and start again.",
        ),
        next_steps=(
            f"cd {design.name}",
            *(["DATABASE_URL=... make migrate  # on a copy of your database first"] if design.has_kept else []),
            "make dev  # then see http://localhost:8000/docs",
            "make admin email=you@example.com",
        ),
    )


def _resources(design: Design) -> str:
    names = [resource.name for resource in design.resources]
    return f"{len(names)} resource{'s'[: len(names) != 1]}" + (f" ({', '.join(names)})" if names else "")


def _endpoints(design: Design) -> Iterator[EndpointAccess]:
    for resource in design.resources:
        key = f"{naming.variable_name(resource)}_id"
        for action, (method, rest) in _ROUTES.items():
            path = f"/api/v1/{naming.route_segment(resource)}{rest.format(id=key)}"
            yield EndpointAccess(method=method, path=path, access=_who(ActionView(resource, action)))


def _who(view: ActionView) -> str:
    roles = " or ".join(view.roles)
    if view.is_public:
        return "anybody"
    if view.by_role:
        return roles
    if view.by_owner:
        return f"owner, or {roles}" if roles else "owner"
    return "any user, who then owns it" if view.action == "create" and view.resource.owner else "any user"


def _decisions(design: Design) -> Iterator[str]:
    yield "Closed by default: the app refuses to start with an endpoint that is neither guarded nor declared public."
    yield "Access tokens live ten minutes; a refresh token works once, and one that is replayed ends the login."
    if owned := [resource.plural for resource in design.resources if resource.owner]:
        yield f"Other people's rows are answered with 404, so that nobody learns which exist: {', '.join(owned)}."
    if any(field.type is FieldType.DECIMAL for resource in design.resources for field in resource.fields):
        yield "Amounts are exact decimals, never floats; in JSON they are strings."
    yield "Lists are bounded, and sorted, filtered and searched by declared fields only."
    if Option.OIDC in design.options:
        yield "Sign-in with OpenID Connect: an account is found by the address that the provider has verified."
    if Option.ADMIN in design.options:
        yield "/admin shows what is stored to administrators, and changes nothing: rules are kept by the API alone."


def _risks(design: Design) -> Iterator[str]:
    for resource in design.resources:
        yield from _open_writes(resource)
    if design.has_kept:
        yield "Other programs that write to the tables that are kept change no version: an ETag does not notice them."
    yield "Several processes need REDIS_URL, or each counts limits and remembers logins for itself."
    if Option.OIDC in design.options:
        yield "Whoever runs the provider that OIDC_ISSUER names can enter every account: name only one you trust."
    yield "Production needs SECRET_KEY, DATABASE_URL and SMTP_URL; the app refuses to start without a real secret."


def _open_writes(resource: Resource) -> Iterator[str]:
    levels = {action: ActionView(resource, action).access.level for action in ("create", "update", "delete")}
    if public := [action for action, level in levels.items() if level == "public"]:
        yield f"Anybody, logged in or not, may {' and '.join(public)} {resource.plural}."
    if shared := [action for action, level in levels.items() if level == "authenticated" and action != "create"]:
        yield f"Every user may {' and '.join(shared)} every one of the {resource.plural}."
