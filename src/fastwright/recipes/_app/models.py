"""The models of an app, those included that nothing imports yet: a table is waiting for its first endpoint."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from fastwright.project.model import Column, Model
from fastwright.project.source import SourceFile
from fastwright.project.static_models import static_models
from fastwright.recipes._recipe import Known

_TYPES = {
    "bool": "BOOLEAN",
    "boolean": "BOOLEAN",
    "datetime": "DATETIME",
    "float": "FLOAT",
    "int": "INTEGER",
    "integer": "INTEGER",
    "biginteger": "BIGINT",
    "str": "VARCHAR",
    "string": "VARCHAR",
    "text": "TEXT",
    "uuid": "UUID",
}
_SIZED = re.compile(r"^string\((?:length=)?(\d+)\)$")


def called_models(known: Known, file: str) -> dict[str, Model]:
    """Return the models with tables by the names that a file has for them: `Product as ProductModel` is common.

    A name that means something else in the file, such as the schema of the same name, is none of a model.
    """
    models = {(model.file, model.name): model for model in known.project.models if model.table}
    imported = (name.asname or name.name for name in _imported_names(known.source.files[file]))
    found: dict[str, Model] = {}
    for name in dict.fromkeys([*(model.name for model in models.values()), *imported]):
        symbol = known.names.resolve(file, ast.Name(name))
        # Where it came by a way that cannot be followed, such as a star, it is what it is called.
        alike = (model for at, model in models.items() if symbol == at or (symbol is None and model.name == name))
        if model := next(alike, None):
            found[name] = model
    return found


def _imported_names(file: SourceFile) -> Iterator[ast.alias]:
    for node in file.nodes:
        if isinstance(node, ast.ImportFrom):
            yield from node.names


def with_all_models(known: Known) -> Known:
    """Return what is known, with the models that only the source has."""
    loaded = {(model.file, model.name) for model in known.project.models}
    missing = [_typed(model) for model in static_models(known.source) if (model.file, model.name) not in loaded]
    if not missing:
        return known
    return replace(known, project=known.project.model_copy(update={"models": (*known.project.models, *missing)}))


def _typed(model: Model) -> Model:
    """Return a model with the types of the database, as the map of a running app has them."""
    columns = tuple(column.model_copy(update={"type": _type(column)}) for column in model.columns)
    return model.model_copy(update={"columns": columns})


def _type(column: Column) -> str:
    written = column.type.replace(" | None", "").removeprefix("Optional[").rstrip("]").lower()
    sized = _SIZED.match(written.rpartition(".")[2] if "(" not in written else written.split(".")[-1])
    if sized:
        return f"VARCHAR({sized[1]})"
    return _TYPES.get(written.rpartition(".")[2].removesuffix("()"), column.type)
