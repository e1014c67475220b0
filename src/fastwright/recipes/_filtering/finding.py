"""Find the list that is meant, the model of its rows, and where they are read and counted."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from fastwright.errors import InputError
from fastwright.project.model import Endpoint, Model
from fastwright.project.source import Function
from fastwright.recipes._app.models import called_models
from fastwright.recipes._paths import below, is_same
from fastwright.recipes._reading import Path, list_reads, statement_texts, total_reads
from fastwright.recipes._recipe import Known, Refusal

_SELECTED = re.compile(r"(?:select|query)\((\w+)")
_COUNTED = re.compile(r"(?:select_from|query|count)\((\w+)")


@dataclass(frozen=True)
class Listing:
    """A list: its endpoint, the model of its rows, and the ways to the statements that read and count them."""

    endpoint: Endpoint
    function: Function
    model: Model
    paths: tuple[Path, ...]

    @property
    def shown(self) -> str:
        return f"{self.endpoint.method} {self.endpoint.path}"

    def functions(self, known: Known) -> Iterator[Function]:
        """Yield the functions from the endpoint down to the statements."""
        for step in dict.fromkeys(step for path in self.paths for step in path):
            yield function_of(known, step.file, step.function)


def listing(known: Known, path: str) -> Listing | Refusal:
    """Return the list at a path, or why it cannot be told how it is read. Raises `InputError` if there is none."""
    reads = [one for one in below(known.project.endpoints, path) if one.method == "GET" and one.kind == "operation"]
    exact = [one for one in reads if is_same(one.path, path)]
    if not exact:
        raise InputError(
            f"GET {path} is no endpoint", hint=f"there is GET {reads[0].path}" if reads else "fastwright map"
        )
    function = endpoint_function(known, exact[0])
    paths = list_reads(known, exact[0].file or "", function) if function else []
    by_model = {model.name: (model, one) for one in paths if (model := _model(known, one, _SELECTED))}
    if function is None or len(by_model) != 1:
        return _unclear(f"GET {path}", paths, sorted(by_model))
    model = next(iter(by_model.values()))[0]
    read = [one for one in paths if _model(known, one, _SELECTED) == model]
    counted = [
        one for one in total_reads(known, exact[0].file or "", function) if _model(known, one, _COUNTED) == model
    ]
    return Listing(exact[0], function, model, (*read, *counted))


def endpoint_function(known: Known, endpoint: Endpoint) -> Function | None:
    """Return the function of an endpoint, if it is in the source."""
    file = known.source.files.get(endpoint.file or "")
    nodes = file.nodes if file else ()
    return next((node for node in nodes if isinstance(node, Function) and node.lineno == endpoint.line), None)


def function_of(known: Known, file: str, name: str) -> Function:
    """Return a function by its qualified name."""
    return next(node for node in known.source.files[file].definitions[name] if isinstance(node, Function))


def _model(known: Known, path: Path, pattern: re.Pattern[str]) -> Model | None:
    """Return the model that a statement selects, or counts."""
    step = path[-1]
    call = step.node
    if not call.args and isinstance(call.func, ast.Attribute):
        call = ast.Call(call.func, [call.func.value], [])
    texts = " ".join(statement_texts(function_of(known, step.file, step.function), call))
    names = dict.fromkeys(pattern.findall(texts))
    models = called_models(known, step.file)
    return next((models[name] for name in names if name in models), None)


def _unclear(name: str, paths: Sequence[Path], models: Sequence[str]) -> Refusal:
    hint = "narrow the statement by hand, then: fastwright prove"
    places = tuple(f"{path[-1].file}:{path[-1].node.lineno}" for path in paths)
    if models:
        return Refusal(
            reason=f"{name} reads rows of {' and of '.join(models)}: which are meant?", hint=hint, items=places
        )
    if places:
        reason = f"{name} reads its list where no model is named, in what others may share"
        return Refusal(reason=reason, hint=hint, items=places)
    return Refusal(reason=f"{name} reads its list in no place that can be told from the source", hint=hint)
