"""What an endpoint accepts: its parameters, and requests with the least and with all that can be sent, each tried."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pydantic import JsonValue

from fastwright.diagnose.answers import At, Field, Operation, Route
from fastwright.diagnose.body import Form, Json, Part
from fastwright.diagnose.conversation import Conversation
from fastwright.diagnose.describing import described
from fastwright.diagnose.hiding import Secrets
from fastwright.diagnose.investigation import Trail, investigate
from fastwright.diagnose.model import Accepts, Example
from fastwright.diagnose.request import Request
from fastwright.diagnose.sampling import Sampler
from fastwright.diagnose.sent import sent
from fastwright.diagnose.values import text

_PLACEHOLDER = re.compile(r"{(\w+)(?::\w+)?}")


@dataclass(frozen=True)
class Made:
    """An example and how it came about."""

    example: Example
    trail: Trail


def by_template(routes: Sequence[Route], request: Request) -> Route | None:
    """Return the route that was named by its template, such as `/users/{id}`."""
    wanted = _PLACEHOLDER.sub("{}", request.path)
    for route in routes:
        if route.method in (request.method, "ANY") and _PLACEHOLDER.sub("{}", route.path) == wanted:
            return route
    return None


def examples(talk: Conversation, route: Route, method: str, base: Request) -> Iterator[Made]:
    """Yield the request with the least and the one with all that the endpoint takes, as they were accepted."""
    operation = talk.describe(talk.routes.index(route))
    names: tuple[Literal["minimal", "full"], ...] = ("minimal", "full")
    for name in names:
        request = sample_request(operation, route, method, full=name == "full")
        trail = investigate(talk, replace(request, base=base.base))
        answer, shown = trail.answer, Secrets(base, tuple(trail.secrets)).shown(trail.request)
        yield Made(Example(name=name, request=sent(shown), status=answer.status, verified=answer.accepted), trail)


def sample_request(operation: Operation, route: Route, method: str, *, full: bool) -> Request:
    """Return a request with a plausible value for every parameter that has to be there, or for all of them."""
    values = {field.alias: text(_value(field, full=False)) for field in operation.of("path")}
    path = _PLACEHOLDER.sub(lambda match: values.get(match[1]) or _converted(match.group()), route.path) or "/"
    request = Request(method, path)
    for part in ("query", "header", "cookie"):
        for field in operation.of(part):
            if field.required or full:
                request = _with(request, field, full=full)
    return replace(request, body=_body(operation, full=full))


def _with(request: Request, field: Field, *, full: bool) -> Request:
    value = _value(field, full=full)
    if field.whole and isinstance(value, dict):
        for name, one in value.items():
            if one is not None:
                request = request.set((field.part, name), one)
        return request
    return request if value is None else request.set((field.part, field.alias), value)


def _body(operation: Operation, *, full: bool) -> Json | Form | None:
    fields = operation.of("body")
    wanted = [field for field in fields if field.required or full]
    if not wanted:
        return None
    if any(field.kind in ("form", "file") for field in fields):
        return Form(tuple(part for field in wanted for part in _parts(field, full=full)))
    if len(fields) == 1 and fields[0].whole:
        return Json(_value(fields[0], full=full))
    return Json({field.alias: _value(field, full=full) for field in wanted})


def _parts(field: Field, *, full: bool) -> Iterator[Part]:
    if field.kind == "file":
        yield Part(field.alias, b"sample\n", "sample.txt", "text/plain")
        return
    value = _value(field, full=full)
    pairs = value.items() if field.whole and isinstance(value, dict) else [(field.alias, value)]
    for name, one in pairs:
        for item in one if isinstance(one, list) else [one]:
            if item is not None:
                yield Part(name, text(item).encode())


def _value(field: Field, *, full: bool) -> JsonValue:
    schema = field.schema_ or {}
    return Sampler(schema.get("$defs", {}), full).sample(schema, field.name)


def _converted(placeholder: str) -> str:
    kind = placeholder.strip("{}").partition(":")[2]
    return "0d9f7c3e-8a1b-4c2d-9e3f-5a6b7c8d9e0f" if kind == "uuid" else "sample" if kind == "path" else "1"


def accepts(operation: Operation) -> Iterator[Accepts]:
    """Yield what an endpoint takes: its parameters, and the fields of a body that is a model."""
    for field in operation.fields:
        schema = field.schema_ or {}
        sampler = Sampler(schema.get("$defs", {}))
        whole = sampler.resolved(schema)
        at = field.at or At()
        if field.whole and whole.get("properties"):
            required = whole.get("required", ())
            for name, below in whole["properties"].items():
                default = sampler.resolved(below).get("default")
                yield Accepts(
                    part=field.part,
                    name=name,
                    type=described(below, sampler),
                    required=name in required,
                    default=default,
                )
        elif not field.decorated:
            yield Accepts(
                part=field.part,
                name="" if field.whole else field.alias,
                type=described(schema, sampler),
                required=field.required,
                default=field.default,
                file=at.file,
                line=at.line,
            )
