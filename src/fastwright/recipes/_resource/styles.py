"""How endpoints of an app are written, in what decides how those of a new resource look."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from fastwright.project.locate import keyword
from fastwright.project.source import Function, called
from fastwright.recipes._app.surroundings import Surroundings
from fastwright.recipes._code.statuses import writes_numbers
from fastwright.recipes._resource.storing import Action, verbs

_STATUSES = {
    200: "HTTP_200_OK",
    201: "HTTP_201_CREATED",
    204: "HTTP_204_NO_CONTENT",
    404: "HTTP_404_NOT_FOUND",
    409: "HTTP_409_CONFLICT",
}


@dataclass(frozen=True)
class EndpointStyle:
    """`has_models` is `response_model=…` in the decorator, in place of what the function returns.

    With `names_path` the path is `path="…"`, and with `names_errors` errors have `status_code=` and `detail=`; statuses
    are `numbers`, or names. `has_docstrings` says whether endpoints tell what they do. `offset` is what the start of a
    page is called, and `verbs` begin the names of endpoints.
    """

    has_models: bool
    names_path: bool
    names_errors: bool
    numbers: bool
    has_docstrings: bool
    offset: str
    verbs: dict[Action, str]

    def status(self, code: int) -> str:
        return str(code) if self.numbers else f"status.{_STATUSES[code]}"


def endpoint_style(app: Surroundings) -> EndpointStyle:
    """Return how most endpoints are written."""
    endpoints = list(_endpoints(app))
    calls = [call for _function, call in endpoints]
    modelled = sum(keyword(call, "response_model") is not None for call in calls)
    returned = sum(function.returns is not None for function, call in endpoints if not keyword(call, "response_model"))
    arguments = Counter(argument.arg for function, _call in endpoints for argument in function.args.args)
    told = sum(ast.get_docstring(function) is not None for function, _call in endpoints)
    return EndpointStyle(
        has_models=modelled > returned,
        names_path=sum(keyword(call, "path") is not None for call in calls) * 2 > len(calls),
        names_errors=_names_errors(app),
        numbers=writes_numbers(app.known),
        has_docstrings=told * 2 > len(endpoints),
        offset="skip" if arguments["skip"] > arguments["offset"] else "offset",
        verbs={**verbs([function.name for function, _call in endpoints]), "list": _listing(endpoints)},
    )


def _endpoints(app: Surroundings) -> Iterator[tuple[Function, ast.Call]]:
    places = {(one.file, one.line): one for one in app.routes.registrations}
    for file in app.known.source.own:
        for node in file.nodes:
            if isinstance(node, Function) and (found := places.get((file.path, node.lineno))) is not None:
                call = node.decorator_list[found.decorator]
                if isinstance(call, ast.Call):
                    yield node, call


def _listing(endpoints: list[tuple[Function, ast.Call]]) -> str:
    """Return the verb of lists, which is `list` where the app does not say."""
    found = verbs([function.name for function, _call in endpoints])["list"]
    begins = any(function.name.startswith(f"{found}_") for function, _call in endpoints)
    return found if begins else "list"


def _names_errors(app: Surroundings) -> bool:
    calls = [n for file in app.known.source.own for n in file.nodes if isinstance(n, ast.Call)]
    errors = [call for call in calls if called(call) == "HTTPException"]
    return sum(not call.args for call in errors) * 2 > len(errors)
