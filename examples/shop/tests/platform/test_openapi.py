"""What the OpenAPI document claims is so."""

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from tests.platform.conftest import Serve

ID = "3f8b0b52-6d4f-4a7e-9f3e-1c2d3e4f5a6b"

Json = dict[str, Any]


@pytest.fixture
def document(application: FastAPI) -> Json:
    return application.openapi()


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield method.upper(), path, operation


async def call(client: httpx2.AsyncClient, method: str, path: str, **options: Any) -> httpx2.Response:
    parts = [ID if part.startswith("{") else part for part in path.split("/")]
    return await client.request(method, "/".join(parts), **options)


def test_the_document_is_about_the_api_alone(document: Json) -> None:
    assert all(path.startswith("/api/v1/") for path in document["paths"])
    assert [tag["name"] for tag in document["tags"]] == sorted(
        {tag for *_where, operation in operations(document) for tag in operation["tags"]}
    )


def test_every_operation_has_its_own_id(document: Json) -> None:
    ids = [operation["operationId"] for *_where, operation in operations(document)]

    assert len(ids) == len(set(ids))


async def test_what_is_documented_as_guarded_refuses_strangers(client: httpx2.AsyncClient, document: Json) -> None:
    for method, path, operation in operations(document):
        response = await call(client, method, path)

        is_guarded = operation["security"] != [{}]
        assert not is_guarded or response.status_code == 401, (method, path)
        assert not is_guarded or "WWW-Authenticate" in response.headers
        assert not is_guarded or "401" in operation["responses"]


async def test_every_operation_can_be_called_too_often(serve: Serve, document: Json) -> None:
    client = await serve(rate_limit="1/day")
    await client.get("/api/v1/users/me")

    for method, path, operation in operations(document):
        response = await call(client, method, path)

        documented = operation["responses"]["429"]
        assert response.status_code == 429, (method, path)
        assert response.headers["content-type"] in documented["content"]
        assert set(documented["headers"]) - {"Access-Control-Allow-Origin"} <= {
            name.title() for name in response.headers
        } | {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset", "X-Request-ID"}
        assert "retry-after" in response.headers


async def test_documented_headers_are_there(client: httpx2.AsyncClient, document: Json) -> None:
    for method, path, operation in operations(document):
        response = await call(client, method, path, headers={"Origin": "https://shop.example"})

        documented = operation["responses"][str(response.status_code)]["headers"]
        assert all(name.lower() in response.headers for name in documented), (method, path)


async def test_a_body_can_be_too_large_or_in_pieces_or_wrong(serve: Serve, document: Json) -> None:
    client = await serve(max_body_bytes=100)
    for method, path, operation in operations(document):
        if "requestBody" not in operation or operation["security"] != [{}]:
            continue
        for media_type in operation["requestBody"]["content"]:
            headers = {"Content-Type": media_type}

            large = await call(client, method, path, content=b"x" * 101, headers=headers)
            wrong = await call(client, method, path, content=b"", headers=headers)

            assert (large.status_code, wrong.status_code) == (413, 422), (method, path)
            assert {"400", "413", "422"} <= set(operation["responses"])


def test_every_text_is_bounded(document: Json) -> None:
    """Unbounded input is what OWASP API4:2023 is about."""
    unbounded = [where for where, schema in schemas(document, "#") if not is_bounded(schema)]

    assert unbounded == []


def schemas(node: object, where: str) -> Iterator[tuple[str, Json]]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from schemas(item, f"{where}/{index}")
    elif isinstance(node, dict):
        if isinstance(node.get("type"), str):
            yield where, node
        for key, value in node.items():
            if key not in ("examples", "default"):
                yield from schemas(value, f"{where}/{key}")


def is_bounded(schema: Json) -> bool:
    match schema["type"]:
        case "string":
            return not {"maxLength", "enum", "const"}.isdisjoint(schema)
        case "integer":
            return {"minimum", "maximum", "format"} <= set(schema) or "exclusiveMinimum" in schema
        case "array":
            return "maxItems" in schema
        case _:
            return True
