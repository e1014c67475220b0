"""How often one address may call the endpoints under a path."""

from __future__ import annotations

import ast
import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import ClassVar

import inflection
from pydantic import Field, field_validator

from fastwright.changes import Change, Operation
from fastwright.changes.add_app_dependency import AddAppDependency
from fastwright.changes.add_code import AddCode
from fastwright.changes.add_endpoint_dependency import AddEndpointDependency
from fastwright.changes.add_file import AddFile
from fastwright.changes.add_include_dependency import AddIncludeDependency
from fastwright.changes.add_router_dependency import AddRouterDependency
from fastwright.changes.wanted import Import
from fastwright.project.model import Endpoint
from fastwright.project.source import Function, called
from fastwright.recipes._code.templates import rendered
from fastwright.recipes._paths import below, is_same
from fastwright.recipes._places import AtEndpoint, AtInclude, AtRouter, Spot, places
from fastwright.recipes._platform import finding
from fastwright.recipes._platform.home import Home, home
from fastwright.recipes._platform.limiters import limits_all, theirs
from fastwright.recipes._platform.limiting import Limit, LimitPromise, filled
from fastwright.recipes._public import issues_credentials, tells_health
from fastwright.recipes._recipe import Already, Answer, Known, Plan, Recipe, Refusal, Several, Wish
from fastwright.recipes._routes import Routes

_SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}
_LIMIT = re.compile(r"(\d+)\s*(?:/|per)\s*(second|minute|hour|day)s?")
_MOST = 10_000
# OWASP ASVS 5.0.0, 6.3.1: attempts to log in are limited more tightly than the rest.
_FOR_CREDENTIALS, _FOR_ALL_ELSE = "5/minute", "60/minute"
_NAME = "RateLimit"
# More endpoints than these are counted, not named.
_NAMED = 3
# From so many endpoints on, the app is the place for what is for all of them.
_SEVERAL = 2
_RISKS = (
    "It counts in the memory of one process: with several, each lets that many through, and a restart forgets.",
    "Behind a proxy, tell uvicorn to trust it (--forwarded-allow-ips), or all callers share its address.",
    "People behind one address, such as an office, share what it may do.",
)


class RateLimiting(Wish):
    """Which endpoints, and how often."""

    positional: ClassVar[tuple[str, ...]] = ("path",)

    path: str = Field(default="/", description="A path as the project writes it; it covers everything below.")
    limit: str = Field(
        default="", title="N/UNIT", description="How often, such as 5/minute; second, minute, hour, day."
    )
    exceptions: Several = Field(
        default=(), alias="except", title="PATH", description="A path below that stays without; repeatable."
    )

    @field_validator("limit")
    @classmethod
    def _is_a_limit(cls, value: str) -> str:
        found = _LIMIT.fullmatch(value.strip().lower())
        if value and (found is None or not 0 < int(found[1]) <= _MOST):
            raise ValueError(f"{value!r} is no limit up to {_MOST}: write it as 5/minute, 100/hour")
        return f"{found[1]}/{found[2]}" if found else ""


def plan(known: Known, wish: RateLimiting) -> Answer:
    """Return the plan (OWASP ASVS 5.0.0: 6.3.1; OWASP API4:2023; RFC 6585, section 4). Raises `InputError`."""
    every = [one for one in below(known.project.endpoints, wish.path, wish.exceptions) if one.kind == "operation"]
    wanted = [one for one in every if not tells_health(one) or is_same(one.path, wish.path)]
    limited = {f"{one.method} {one.path}": how for one in wanted if (how := _limited(known, one))}
    written = wish.limit or (_FOR_CREDENTIALS if _gives_credentials(wanted) else _FOR_ALL_ELSE)
    left = [one for one in wanted if f"{one.method} {one.path}" not in limited]
    if left and (refusal := theirs(known, written, left[0], limited)):
        return refusal
    if limited or not wanted:
        return _there(wanted, limited, left)
    place = home(known)
    if isinstance(place, Refusal):
        return place
    routes = Routes(known)
    others = [one for one in known.project.endpoints if not any(one is other for other in wanted)]
    spots = _at_app(known, wanted, others)
    spots = spots or places(known, routes, wanted, known.project.endpoints, lambda one: one.kind != "operation")
    if isinstance(spots, Refusal):
        return spots
    amount, _slash, unit = written.partition("/")
    limit = Limit(int(amount), _SECONDS[unit], f"{_subject(wish.path)}_limit")
    file = _module(known, place)
    if isinstance(file, Refusal):
        return file
    operations = [*_definition(place, file, limit), *(_attached(place, file, limit, spot) for spot in spots)]
    operations += [*_fresh(place, file, limit), *_tests(place, file, limit, wanted)]
    others = [one for one in others if not any(one is other for other in every)]
    return Plan(
        change=Change(summary=f"at most {written} for each address at {wish.path}", operations=tuple(operations)),
        promise=LimitPromise(limit, tuple(wanted), tuple(others)),
        decisions=tuple(_decisions(wish, written, spots, every, wanted)),
        risks=_RISKS,
        alternatives=(
            "At the proxy or gateway, where there is one: it sees all processes, and refuses for less.",
            "In Redis, once there are several processes that must share the count.",
        ),
    )


@dataclass(frozen=True)
class AtApp:
    """At the constructor of the app, for everything that it serves."""

    file: str
    line: int
    covers: tuple[Endpoint, ...]


def _at_app(known: Known, wanted: Sequence[Endpoint], others: Sequence[Endpoint]) -> tuple[AtApp, ...]:
    """Return the one app there is, if all that it serves is meant; nothing else, as what is mounted is not its own."""
    made = [(file.path, node) for file in known.source.own for node in file.nodes if called(node) == "FastAPI"]
    if len(made) != 1 or len(wanted) < _SEVERAL or any(one.kind == "operation" for one in others):
        return ()
    ((file, node),) = made
    return (AtApp(file, node.lineno, tuple(wanted)),) if isinstance(node, ast.Call) else ()


def _gives_credentials(wanted: Sequence[Endpoint]) -> bool:
    """Tell whether that is what these endpoints are for: a whole API is not, for the sign-in that it has."""
    return 2 * sum(map(issues_credentials, wanted)) >= len(wanted)


def _there(wanted: Sequence[Endpoint], limited: dict[str, str], left: Sequence[Endpoint]) -> Already | Refusal:
    how = ", ".join(sorted(set(limited.values())))
    if wanted and not left:
        names = ", ".join(limited) if len(limited) <= _NAMED else f"all {len(limited)} endpoints"
        return Already(reason=f"{names}: limited by {how}")
    if not wanted:
        return Refusal(reason="only WebSockets and health checks are below this path", hint="name one by its full path")
    return Refusal(
        reason=f"some are limited already, by {how}, and two limits would contradict each other",
        hint=" ".join(f"--except {name.partition(' ')[2]}" for name in dict.fromkeys(limited))
        + f" limits {left[0].method} {left[0].path}",
        items=tuple(f"{name}: {by}" for name, by in limited.items()),
    )


def _limited(known: Known, endpoint: Endpoint) -> str:
    """Return by what an endpoint is limited, or nothing."""
    names = [name for name in endpoint.dependencies if re.search(r"rate_?limit|throttl|limiter", name.lower())]
    by_default = ("slowapi",) if limits_all(known) else ()
    middleware = finding.attached(known, "ratelimit", "rate_limit", "throttl", *by_default)
    return next((one for one in [middleware, *names, *_decorators(known, endpoint)] if one), "")


def _decorators(known: Known, endpoint: Endpoint) -> Iterator[str]:
    """Yield decorators such as `@limiter.limit("5/minute")`."""
    file = known.source.files.get(endpoint.file or "")
    for node in file.nodes if file else ():
        if isinstance(node, Function) and node.lineno == endpoint.line:
            yield from (ast.unparse(one) for one in node.decorator_list if called(one) in ("limit", "shared_limit"))


def _subject(path: str) -> str:
    steps = [step for step in path.split("/") if step and not step.startswith("{")]
    return re.sub(r"\W+", "_", inflection.underscore(steps[-1])).strip("_") if steps else "every"


def _module(known: Known, place: Home) -> str | Refusal:
    """Return the module that has the class, from an earlier limit, or the path of a new one."""
    for file in known.source.own:
        if f"{_NAME}.forget" in file.definitions:
            return file.path
    return place.place("rate_limit")


def _definition(place: Home, file: str, limit: Limit) -> list[Operation]:
    line = rendered("platform/limit.py", limit=limit)
    if place.layout.is_there(file):
        return [AddCode(file=file, code=line)]
    module = place.module(file, "platform/rate_limit.py")
    return [module.model_copy(update={"content": f"{module.content}\n\n{line}"})]


def _attached(place: Home, file: str, limit: Limit, spot: Spot | AtApp) -> Operation:
    """Return the operation for one place."""
    where = _home(spot)
    imports = (Import(module="fastapi", name="Depends"), place.import_of(limit.name, file, where))
    dependency = f"Depends({limit.name})"
    match spot:
        case AtApp(line=line):
            return AddAppDependency(file=where, line=line, dependency=dependency, imports=imports)
        case AtRouter(router=(_file, name), line=line):
            return AddRouterDependency(file=where, line=line, name=name, dependency=dependency, imports=imports)
        case AtInclude(include=include):
            return AddIncludeDependency(file=where, line=include.line, dependency=dependency, imports=imports)
        case AtEndpoint(registration=one):
            return AddEndpointDependency(
                file=where,
                line=one.line,
                function=one.function,
                path=one.path or "",
                method=one.methods[0] if len(one.methods) == 1 else "",
                dependency=dependency,
                imports=imports,
            )


def _home(spot: Spot | AtApp) -> str:
    match spot:
        case AtApp(file=file):
            return file
        case AtRouter(router=(file, _name)):
            return file
        case AtInclude(include=include):
            return include.file
        case AtEndpoint(registration=one):
            return one.file


def _fresh(place: Home, file: str, limit: Limit) -> list[Operation]:
    """Return a fixture for all tests of the project, without which they would share what one address may do."""
    directories = place.known.project.conventions.tests.directories
    if not directories or place.tests is None:
        return []
    path = str(PurePosixPath(posixpath.commonpath(directories)) / "conftest.py")
    code = place.formatting.formatted(rendered("platform/fresh_limit.py", limit=limit), whole=False)
    imports = (Import(module="pytest"), place.import_in_tests(limit.name, file))
    if place.layout.is_there(path) and place.known.source.files[path].tree.body:
        return [AddCode(file=path, code=code, imports=imports)]
    text = "\n".join([*map(str, imports), "", "", code])
    return [AddFile(path=path, content=place.formatting.formatted(text, whole=True))]


def _tests(place: Home, file: str, limit: Limit, wanted: Sequence[Endpoint]) -> list[Operation]:
    """Return a test on an endpoint where nobody is refused before the limit is asked."""
    for one in wanted:
        if not one.auth.required:
            return place.test(
                "platform/test_limit.py",
                limit.name,
                (place.import_in_tests(limit.name, file),),
                limit=limit,
                method=one.method,
                path=filled(one.path),
            )
    return []


def _decisions(
    wish: RateLimiting,
    written: str,
    spots: Sequence[Spot | AtApp],
    every: Sequence[Endpoint],
    wanted: Sequence[Endpoint],
) -> Iterator[str]:
    for spot in spots:
        yield f"{_told(spot)}."
    if not wish.limit:
        yield f"No limit was named, so {written}: 5/minute where credentials are given out, 60/minute elsewhere."
        if written == _FOR_ALL_ELSE and (looser := [one for one in wanted if issues_credentials(one)]):
            names = " ".join(f"--except {one.path}" for one in looser)
            yield f"Sign-in deserves a tighter one: leave it out here ({names}), and limit it by itself."
    if len(wanted) > 1:
        yield "One count for all of them together: changing the endpoint does not let anybody call more often."
    left = [f"{one.method} {one.path}" for one in every if not any(one is other for other in wanted)]
    if left:
        yield f"Without a limit, so that orchestrators are never refused: {', '.join(left)}."


def _told(spot: Spot | AtApp) -> str:
    match spot:
        case AtApp(file=file, line=line):
            return f"At the app ({file}:{line}): all {len(spot.covers)} endpoints of it are meant"
        case AtRouter(router=(file, name), line=line):
            return f"At the router {name} of {file}:{line}: all {len(spot.covers)} endpoints of it are meant"
        case AtInclude(include=include):
            return f"Where a router is included ({include.file}:{include.line}): all {len(spot.covers)} of it are meant"
        case AtEndpoint(registration=one):
            return f"{one.function} ({one.file}:{one.line}) by itself"


RECIPE = Recipe(
    name="rate-limit",
    summary="how often one address may call the endpoints under a path",
    wish=RateLimiting,
    plan=plan,
    about=(
        "A dependency at the narrowest place that covers just these endpoints; what is too much is answered with 429 "
        "and Retry-After. Without --limit it is 5/minute where credentials are given out, else 60/minute. Proven on "
        "every endpoint: as many as allowed are answered as before, one more is not, another address still is, and "
        "so is the same one when the time is over."
    ),
)
