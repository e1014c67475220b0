"""Put together what the probe saw and what the source says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from fastwright.project.access import auth_of, trees
from fastwright.project.conventions import seen_conventions, written_conventions
from fastwright.project.errors import ProjectError
from fastwright.project.locate import Entry
from fastwright.project.model import App, Conventions, Endpoint, Model, Mount, Place, Project, Table, Unresolved
from fastwright.project.names import Names
from fastwright.project.own_checks import checks_credentials, may_check
from fastwright.project.places import Places, Raw
from fastwright.project.source import Function, Source


@dataclass(frozen=True)
class Ground:
    """What was read before the probe ran: the source, the app that was chosen, and the interpreter."""

    source: Source
    entry: Entry
    others: list[Entry]
    python: Path

    @cached_property
    def conventions(self) -> Conventions:
        """What the source alone tells of how the project does things."""
        return written_conventions(self.source)

    @cached_property
    def names(self) -> Names:
        """What the names in the source stand for."""
        return Names(self.source)


def claimed(ground: Ground, places: Places, described: Sequence[Raw]) -> Project:
    """Return the endpoints as the source claims them to be: without what they answer, and without models."""
    read = [_endpoint({**raw, "answer": None}, places, ground.names)[0] for raw in described if _is_served(raw)]
    return Project(app=_app(ground), endpoints=tuple(read), conventions=ground.conventions)


def assemble(ground: Ground, places: Places, result: Raw) -> Project:
    """Return the project. Raises `ProjectError` if the OpenAPI document names operations that were not seen."""
    raws: list[Raw] = [raw for raw in result["endpoints"] if not raw["framework"]]
    walked = [raw for raw in raws if _is_served(raw)]
    _compare(result)
    read = [_endpoint(raw, places, ground.names) for raw in walked]
    doubts = [doubt for _endpoint_read, doubt in read if doubt]
    middleware = [one["name"] for one in result["middleware"]]
    return Project(
        app=_app(ground, **{name: result[name] for name in ("versions", "seconds", "databases")}),
        endpoints=tuple(endpoint for endpoint, _doubt in read),
        mounts=tuple(Mount(path=raw["path"], name=raw["name"]) for raw in raws if raw not in walked),
        models=tuple(_model(raw, places) for raw in result["models"]),
        tables=tuple(Table(**raw) for raw in result["tables"]),
        conventions=seen_conventions(ground.conventions, walked, places, middleware),
        unresolved=(*doubts, *_unresolved(ground, result, places)),
    )


def _app(ground: Ground, **seen: Any) -> App:
    entry, root, python = ground.entry, str(ground.source.root), str(ground.python)
    return App(entry=entry.shown, root=root, file=entry.file, line=entry.line, python=python, **seen)


def _is_served(raw: Raw) -> bool:
    return not raw["framework"] and raw["kind"] in ("operation", "plain", "websocket")


def _endpoint(raw: Raw, places: Places, names: Names) -> tuple[Endpoint, Unresolved | None]:
    auth, doubt = auth_of(raw, places)
    at = places.of(raw["place"], raw["name"])
    if not auth.required and (auth.status is None or auth.status >= 400) and _checks_itself(raw, at, names):
        auth = auth.model_copy(update={"required": True, "claimed": True, "proven": False, "refused_by": "endpoint"})
        doubt = "its own code looks at credentials, and was not sent wrong ones"
    endpoint = Endpoint(
        **at.model_dump(),
        method=raw["method"],
        path=raw["path"],
        kind=raw["kind"],
        auth=auth,
        request_model=raw["request"],
        response_model=raw["response"],
        status_code=raw["status"] or (200 if raw["kind"] == "operation" else None),
        responses=tuple(raw["responses"]),
        tags=tuple(raw["tags"]),
        dependencies=tuple(dict.fromkeys(places.of(tree["place"]).name for tree in trees(raw))),
        is_async=raw["coroutine"],
        in_schema=raw["operation"],
    )
    if not doubt:
        return endpoint, None
    subject = f"{endpoint.method} {endpoint.path}"
    return endpoint, Unresolved(subject=subject, reason=places.shown(doubt), file=endpoint.file, line=endpoint.line)


def _checks_itself(raw: Raw, at: Place, names: Names) -> bool:
    file = names.source.files.get(at.file or "")
    if file is None or not may_check(file.content):
        return False
    return any(
        node.lineno == at.line and checks_credentials(names, file.path, node, raw["path"])
        for node in file.definitions.get(raw["place"].get("qualname"), ())
        if isinstance(node, Function)
    )


def _model(raw: Raw, places: Places) -> Model:
    known: dict[str, Any] = {name: raw[name] for name in ("table", "columns", "relations", "indexes")}
    return Model(**places.of(raw["place"], raw["name"]).model_dump(), **known)


def _compare(result: Raw) -> None:
    """Hold what was walked against the OpenAPI document: something that was missed would be taken for safe."""
    seen = {f"{raw['method']} {_plain(raw['path'])}" for raw in result["endpoints"]}
    missed = [name for name in result["operations"].get("names", ()) if _plain(name) not in seen]
    if missed:
        raise ProjectError(
            f"{len(missed)} operations of the OpenAPI document were not found as routes: {', '.join(missed[:5])}",
            hint="this is a fault in Fastwright: please report it, with the version of FastAPI",
        )


def _plain(path: str) -> str:
    """Return a path as OpenAPI writes it: without the converters of its parameters."""
    steps = path.split("{")
    return steps[0] + "".join(
        "{" + step.partition("}")[0].partition(":")[0] + "}" + step.partition("}")[2] for step in steps[1:]
    )


def _unresolved(ground: Ground, result: Raw, places: Places) -> Iterator[Unresolved]:
    yield from (
        Unresolved(subject=other.shown, reason="another app, which was not looked at", file=other.file, line=other.line)
        for other in ground.others
    )
    yield from (
        Unresolved(subject=raw["path"], reason=f"a {raw['kind']} without routes to walk: {raw['name']}")
        for raw in result["endpoints"]
        if raw["kind"] in ("host", "unknown")
    )
    yield from _doubtful(result, places)
    for file in ground.source.own:
        if file.problem:
            line, problem = file.problem
            yield Unresolved(subject=file.path, reason=f"cannot be parsed: {problem}", file=file.path, line=line)
    yield from _never_imported(ground.source, result, places)


def _doubtful(result: Raw, places: Places) -> Iterator[Unresolved]:
    if result["startup"]:
        yield Unresolved(subject="startup", reason=f"the app did not start: {places.shown(_cause(result['startup']))}")
    if result["problem"]:
        yield Unresolved(subject="models", reason=f"the mappers cannot be set up: {result['problem']}")
    for problem in result["operations"].get("problems", ()):
        yield Unresolved(subject="OpenAPI", reason=f"the document cannot be made: {problem}")
    for middleware in result["middleware"]:
        if str(middleware["module"]).split(".")[0] not in ("starlette", "fastapi"):
            yield Unresolved(subject=middleware["name"], reason="a middleware: what it does to a request is not known")
    for refusal in result["refusals"]:
        target = places.shown(refusal["target"])
        yield Unresolved(subject=target, reason=f"the app wanted to {refusal['kind']}, and was refused")


def _cause(traceback: str) -> str:
    """Return the error that ends a traceback, which is how Starlette tells why an app did not start."""
    lines = traceback.strip().splitlines()
    errors = [line for line in lines if re.match(r"[\w.]+(Error|Exception|Exit)\b", line)]
    return (errors or lines)[-1]


def _never_imported(source: Source, result: Raw, places: Places) -> Iterator[Unresolved]:
    """Yield the files with endpoints that the app does not import: they are not served, and not looked at."""
    imported = {places.relative(file) for file in result["modules"]}
    for file in source.own:
        if file.path not in imported and any(name == "APIRouter" for _module, name in file.imports):
            yield Unresolved(
                subject=file.path, reason="names APIRouter, and the app does not import it", file=file.path
            )
