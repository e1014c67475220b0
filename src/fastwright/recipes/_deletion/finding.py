"""Find what an endpoint deletes, and what in the app would not notice that a row is only marked."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass

import inflection

from fastwright.errors import InputError
from fastwright.project.model import Endpoint, Model
from fastwright.project.source import Function, assigned, called
from fastwright.recipes._app.models import called_models
from fastwright.recipes._filtering.finding import endpoint_function, function_of
from fastwright.recipes._paths import below
from fastwright.recipes._reading import Path, Step, deletions, reached
from fastwright.recipes._recipe import Already, Known, Refusal

_MARK = re.compile(r"^(deleted(_at|_on)?|is_deleted|removed_at|archived(_at)?|is_archived|retired(_at)?|is_retired)$")
_ACTIVE = re.compile(r"^(is_)?(active|enabled)$")
_BY_HAND = "mark the rows by hand, then: fastwright prove"


@dataclass(frozen=True)
class Deletion:
    """An endpoint, the model of the row that it deletes, and the way to where it does."""

    endpoint: Endpoint
    model: Model
    path: Path

    @property
    def shown(self) -> str:
        return f"{self.endpoint.method} {self.endpoint.path}"


def deletion(known: Known, path: str) -> Deletion | Already | Refusal:
    """Return what is deleted at or below a path. Raises `InputError` if nothing is."""
    found = [one for one in below(known.project.endpoints, path) if one.method == "DELETE" and one.kind == "operation"]
    if not found:
        raise InputError(f"no endpoint at or below {path} deletes anything", hint="fastwright map")
    # What is deeper belongs to another thing: the visits of a patient are not the patient.
    shallow = min(one.path.count("/") for one in found)
    nearest = [one for one in found if one.path.count("/") == shallow]
    if len(nearest) > 1:
        items = tuple(f"DELETE {one.path}" for one in nearest)
        return Refusal(reason=f"several endpoints delete something at {path}", hint="name one of them", items=items)
    endpoint = nearest[0]
    function = endpoint_function(known, endpoint)
    paths = deletions(known, endpoint.file or "", function) if function else []
    kept = _kept(known, endpoint, function) if function and not paths else None
    if kept is not None:
        return kept
    if len(paths) != 1:
        reason = f"DELETE {endpoint.path} deletes no row that can be told from the source"
        return Refusal(reason=reason, hint=_BY_HAND, items=tuple(f"{p[-1].file}:{p[-1].node.lineno}" for p in paths))
    model = _model(known, endpoint, paths[0])
    if model is None:
        reason = f"it cannot be told of which model the row is that DELETE {endpoint.path} deletes"
        return Refusal(reason=reason, hint=_BY_HAND)
    return Deletion(endpoint, model, paths[0])


def _kept(known: Known, endpoint: Endpoint, function: Function) -> Already | None:
    """Return where a row is marked already, if that is what the endpoint does: as deleted, or as none that counts."""
    model = _model(known, endpoint, ())
    columns = {column.name for column in model.columns} if model else set[str]()
    for file, inner, _owner in reached(known, (endpoint.file or "", function, None)):
        for name, value in _settings(inner):
            if model and name in columns and (_MARK.match(name) or _is_off(name, value)):
                return Already(reason=f"{model.name}.{name} marks rows as deleted already ({file}:{value.lineno})")
    return None


def _settings(function: Function) -> Iterator[tuple[str, ast.expr]]:
    """Yield what a function sets columns to: attributes of a row, and the values of an `update`."""
    for node in ast.walk(function):
        value = getattr(node, "value", None)
        for target in assigned(node) if isinstance(value, ast.expr) else ():
            if isinstance(target, ast.Attribute) and isinstance(value, ast.expr):
                yield target.attr, value
        for one in node.keywords if isinstance(node, ast.Call) and called(node) == "values" else ():
            yield one.arg or "", one.value


def _is_off(name: str, value: ast.expr) -> bool:
    """Tell whether a flag such as `is_active` is taken away."""
    return bool(_ACTIVE.match(name)) and isinstance(value, ast.Constant) and value.value is False


def marked(model: Model) -> str:
    """Return the column that says of a row that it is deleted, if there is one."""
    return next((column.name for column in model.columns if _MARK.match(column.name)), "")


def unaware(known: Known, found: Deletion) -> Iterator[str]:
    """Yield the places whose reads or deletions no session would see as those of the model."""
    names = {found.model.name}
    table = re.compile(rf"\b{re.escape(found.model.table or '')}\b", re.IGNORECASE)
    for file in known.source.own:
        for node in file.nodes:
            if isinstance(node, ast.Call) and _is_unaware(node, names, table):
                yield f"{file.path}:{node.lineno}: {ast.unparse(node)[:90]}"
            elif isinstance(node, ast.Attribute) and node.attr == "__table__" and ast.unparse(node.value) in names:
                yield f"{file.path}:{node.lineno}: {ast.unparse(node)}"


def _is_unaware(node: ast.Call, names: set[str], table: re.Pattern[str]) -> bool:
    """Tell SQL as text that names the table, and statements that delete rows without loading them."""
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    first = node.args[0] if node.args else None
    if name == "text" and isinstance(first, ast.Constant):
        return bool(table.search(str(first.value)))
    if name == "delete" and first is not None and not isinstance(node.func, ast.Attribute):
        return ast.unparse(first) in names
    is_bulk = name == "delete" and isinstance(node.func, ast.Attribute) and not node.args
    return is_bulk and any(f"query({one})" in ast.unparse(node) for one in names)


def _model(known: Known, endpoint: Endpoint, path: Path) -> Model | None:
    """Return the model that the functions speak of, or, if that are several, the one that the path is named after."""
    steps = [step for step in endpoint.path.split("/") if step and not step.startswith("{")]
    noun = inflection.singularize(re.sub(r"\W+", "_", steps[-1]).lower()) if steps else ""
    every = [model for model in known.project.models if model.table and model.file]
    named = [one for one in every if noun in _nouns(one)]
    spoken = [one for one in every if any(_speaks_of(known, step, one) for step in path)]
    chosen = named or spoken
    return chosen[0] if len(chosen) == 1 else None


def _speaks_of(known: Known, step: Step, model: Model) -> bool:
    text = ast.unparse(function_of(known, step.file, step.function))
    names = [name for name, called in called_models(known, step.file).items() if called == model]
    return any(re.search(rf"\b{name}\b", text) for name in names)


def _nouns(model: Model) -> set[str]:
    return {inflection.underscore(model.name), inflection.singularize(model.table or "")}
