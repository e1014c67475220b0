"""A body for an endpoint that writes: what its model cannot do without, with keys of rows that are there."""

from __future__ import annotations

import enum
import json
import typing
from typing import Any
from urllib.parse import urlencode

from fastwright.measure.driver.parameters import Addresses, annotation_of, is_required
from fastwright.project.probe.asking import sample
from fastwright.project.probe.routes import Found

_DEEPEST = 4
Headers = list[tuple[bytes, bytes]]


def body_of(found: Found, addresses: Addresses) -> tuple[bytes, Headers]:
    """Return the body and its headers; nothing for an endpoint that takes none."""
    dependant = getattr(found.view, "dependant", None)
    fields = list(getattr(dependant, "body_params", ()))
    if not fields:
        return b"", []
    maker = _Maker(addresses, found.path)
    needed = [field for field in fields if is_required(field)]
    values: dict[str, Any] = {str(one.alias): maker.value(str(one.alias), annotation_of(one), 0) for one in needed}
    if any(type(field.field_info).__name__ in ("Form", "File") for field in fields):
        return urlencode(values).encode(), [(b"content-type", b"application/x-www-form-urlencoded")]
    is_embedded = len(fields) > 1 or bool(getattr(fields[0].field_info, "embed", None))
    content: Any = values if is_embedded else next(iter(values.values()), None)
    return json.dumps(content).encode(), [(b"content-type", b"application/json")]


class _Maker:
    """Makes values for the fields of models."""

    def __init__(self, addresses: Addresses, path: str) -> None:
        self._addresses = addresses
        self._path = path

    def value(self, name: str, annotation: Any, depth: int) -> Any:
        """Return a value as JSON has it."""
        options = [one for one in (annotation, *typing.get_args(annotation)) if one is not type(None)]
        model = next((one for one in options if hasattr(one, "model_fields")), None)
        origin = typing.get_origin(annotation)
        if origin in (list, set, tuple, dict):
            return {} if origin is dict else []
        if model is not None and depth < _DEEPEST:
            return self._model(model, depth)
        return self._plain(name, annotation, options)

    def _model(self, model: Any, depth: int) -> dict[str, Any]:
        wanted = {name: field for name, field in model.model_fields.items() if field.is_required()}
        return {field.alias or name: self.value(name, field.annotation, depth + 1) for name, field in wanted.items()}

    def _plain(self, name: str, annotation: Any, options: list[Any]) -> Any:
        kinds = [one for one in options if isinstance(one, type)]
        if any(issubclass(one, enum.Enum) for one in kinds) or typing.get_origin(annotation) is typing.Literal:
            return sample(annotation)
        if "email" in name:
            return "somebody.new@example.com"
        if name.endswith("_id"):
            return self._addresses.value(name, annotation, self._path)
        if str in kinds:
            return f"Something new for {name}" if "password" not in name else "Correct-horse-battery-9"
        if bool in kinds:
            return True
        text = sample(annotation)
        return float(text) if any(issubclass(one, (int, float)) for one in kinds) else text
