"""What the OpenAPI documents of an app say about an endpoint: what it takes, and what it answers when all is well."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from pydantic import JsonValue

from fastwright.project.model import Endpoint
from fastwright.recipes._recipe import Rehearsal

Schema = Mapping[str, Any]
_JSON = "application/json"


@dataclass(frozen=True)
class Contract:
    """The documents of an app."""

    rehearsal: Rehearsal

    def body(self, endpoint: Endpoint) -> Schema | None:
        """Return the schema of a JSON body that an endpoint needs, or nothing."""
        operation, document = self._operation(endpoint)
        content = operation.get("requestBody", {}).get("content", {})
        return resolved(content[_JSON]["schema"], document) if _JSON in content else None

    def takes_form(self, endpoint: Endpoint) -> bool:
        """Tell an endpoint whose body is no JSON."""
        content = self._operation(endpoint)[0].get("requestBody", {}).get("content", {})
        return bool(content) and _JSON not in content

    def answer(self, endpoint: Endpoint) -> Schema:
        """Return the schema of what it answers when all is well."""
        operation, document = self._operation(endpoint)
        for status, response in operation.get("responses", {}).items():
            if status.startswith("2"):
                return resolved(response.get("content", {}).get(_JSON, {}).get("schema", {}), document)
        return {}

    def parameter(self, endpoint: Endpoint, name: str) -> Schema:
        """Return the schema of a parameter of the path."""
        operation, document = self._operation(endpoint)
        for one in operation.get("parameters", []):
            if one.get("in") == "path" and one.get("name") == name:
                return resolved(one.get("schema", {}), document)
        return {}

    def needs_query(self, endpoint: Endpoint) -> bool:
        """Tell whether something besides path and body has to be sent, credentials left out."""
        parameters = self._operation(endpoint)[0].get("parameters", [])
        return any(one.get("required") and one.get("in") != "path" for one in parameters)

    def takes_header(self, endpoint: Endpoint, name: str) -> bool:
        """Tell whether an endpoint takes a header of this name."""
        parameters = self._operation(endpoint)[0].get("parameters", [])
        return any(one.get("in") == "header" and str(one.get("name")).lower() == name for one in parameters)

    def sample(self, endpoint: Endpoint) -> JsonValue:
        """Return a body that the schema allows, with no more than has to be there."""
        return self.rehearsal.sample(self.body(endpoint) or {}, self._definitions(endpoint))

    def _definitions(self, endpoint: Endpoint) -> Mapping[str, Any]:
        document = self._operation(endpoint)[1]
        return cast("Mapping[str, Any]", document.get("components", {}).get("schemas", {}))

    def _operation(self, endpoint: Endpoint) -> tuple[dict[str, Any], Schema]:
        for prefix, document in sorted(self.rehearsal.documents.items(), key=lambda item: -len(item[0])):
            path = endpoint.path.removeprefix(prefix) if endpoint.path.startswith(prefix) else ""
            operation = document.get("paths", {}).get(path, {}).get(endpoint.method.lower())
            if operation is not None:
                return operation, document
        return {}, {}


def resolved(schema: Schema, document: Schema) -> Schema:
    """Return the schema that a reference leads to."""
    for _step in range(8):
        reference = schema.get("$ref")
        if reference is None:
            return schema
        found: Schema = document
        for step in str(reference).removeprefix("#/").split("/"):
            found = found.get(step, {})
        schema = found
    return schema
