"""What is on every answer, whoever gave it: a request id, security headers, CORS."""

import re

import httpx2
import pytest
from fastapi import APIRouter, Response

from app.middleware import DOCS_PATHS
from app.settings import Settings
from tests.platform.conftest import Serve

ORIGIN = "https://shop.example"
broken = APIRouter()


@broken.get("/broken")
async def break_down() -> None:
    raise RuntimeError("the password is hunter2")


@broken.get("/tagged")
async def tag(response: Response) -> int:
    response.headers["ETag"] = '"1"'
    return 1


@broken.get("/public")
async def publish(response: Response) -> int:
    response.headers["Cache-Control"] = "public, max-age=60"
    return 1


@pytest.mark.parametrize(
    ("path", "status"), [("/health/live", 200), ("/nowhere", 404), ("/api/v1/users/me", 401), ("/broken", 500)]
)
async def test_every_answer_has_a_request_id_and_security_headers(serve: Serve, path: str, status: int) -> None:
    client = await serve(broken)

    response = await client.get(path, headers={"Origin": ORIGIN})

    assert response.status_code == status
    assert re.fullmatch("[0-9a-f]{32}", response.headers["x-request-id"])
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "DENY"
    assert response.headers["referrer-policy"] == "no-referrer"
    assert response.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert response.headers["cache-control"] == "no-store"
    assert "max-age" in response.headers["strict-transport-security"]
    assert response.headers["access-control-allow-origin"] == ORIGIN
    if status >= 400:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["request_id"] == response.headers["x-request-id"]
        assert "hunter2" not in response.text


@pytest.mark.parametrize(("path", "keeping"), [("/tagged", ["private, no-cache"]), ("/public", ["public, max-age=60"])])
async def test_an_answer_may_be_kept_to_ask_again_or_as_the_endpoint_says(
    serve: Serve, path: str, keeping: list[str]
) -> None:
    client = await serve(broken)

    assert (await client.get(path)).headers.get_list("cache-control") == keeping


@pytest.mark.parametrize("sane", ["trace-0123456789", "0af7651916cd43dd8448eb211c80319c"])
async def test_a_callers_request_id_is_kept_if_it_is_harmless(client: httpx2.AsyncClient, sane: str) -> None:
    response = await client.get("/health/live", headers={"X-Request-ID": sane})

    assert response.headers["x-request-id"] == sane


@pytest.mark.parametrize("odd", ["<script>alert(1)</script>", "short", "x" * 65, "two words here"])
async def test_any_other_request_id_is_replaced(client: httpx2.AsyncClient, odd: str) -> None:
    response = await client.get("/health/live", headers={"X-Request-ID": odd})

    assert re.fullmatch("[0-9a-f]{32}", response.headers["x-request-id"])


@pytest.mark.parametrize("path", sorted(DOCS_PATHS))
async def test_the_documentation_can_load_all_it_needs(client: httpx2.AsyncClient, path: str) -> None:
    response = await client.get(path)

    policy = dict(part.split(" ", 1) for part in response.headers["content-security-policy"].split("; "))
    html = response.text
    assert response.status_code == 200
    for source in re.findall(r'<script[^>]*src="(https://[^/"]+)', html):
        assert source in policy["script-src"]
    for source in re.findall(r'<link[^>]*href="(https://[^/"]+)[^>]*rel="stylesheet"', html):
        assert source in policy["style-src"]
    for source in re.findall(r'<link[^>]*rel="stylesheet"[^>]*href="(https://[^/"]+)', html):
        assert source in policy["style-src"]
    for source in re.findall(r'<link[^>]*rel="shortcut icon"[^>]*href="(https://[^/"]+)', html):
        assert source in policy["img-src"]
    assert "'unsafe-inline'" in policy["script-src"]  # it is started by an inline script
    assert policy["connect-src"] == "'self'"  # where the document and the API are
    assert policy["frame-ancestors"] == "'none'"


async def test_the_documentation_can_be_turned_off(serve: Serve) -> None:
    client = await serve(docs_enabled=False)

    statuses = [(await client.get(path)).status_code for path in (*sorted(DOCS_PATHS), "/openapi.json")]

    assert statuses == [404, 404, 404, 404]


async def test_a_listed_origin_is_allowed_and_another_is_not(client: httpx2.AsyncClient) -> None:
    allowed = await client.get("/api/v1/users/me", headers={"Origin": ORIGIN})
    refused = await client.get("/api/v1/users/me", headers={"Origin": "https://evil.example"})

    assert allowed.headers["access-control-allow-origin"] == ORIGIN
    assert "access-control-allow-credentials" not in allowed.headers
    assert "ETag" in allowed.headers["access-control-expose-headers"]
    assert "access-control-allow-origin" not in refused.headers


@pytest.mark.parametrize(("origin", "status"), [(ORIGIN, 200), ("https://evil.example", 400)])
async def test_a_browser_that_asks_first_is_told(client: httpx2.AsyncClient, origin: str, status: int) -> None:
    headers = {"Origin": origin, "Access-Control-Request-Method": "PATCH"}

    response = await client.options("/api/v1/users/me", headers=headers)

    assert response.status_code == status
    assert response.headers.get("access-control-allow-origin") == (ORIGIN if origin == ORIGIN else None)
    assert response.headers["x-request-id"]


@pytest.mark.parametrize(
    ("host", "path", "status"),
    [
        ("api.example.com", "/api/v1/users/me", 401),
        ("API.example.com:8000", "/api/v1/users/me", 401),
        ("evil.example", "/api/v1/users/me", 400),
        ("evil.example", "/docs", 400),
        ("10.0.0.7", "/health/live", 200),
    ],
)
async def test_only_the_listed_hosts_are_served(serve: Serve, host: str, path: str, status: int) -> None:
    client = await serve(allowed_hosts=["api.example.com"])

    response = await client.get(path, headers={"Host": host})

    assert response.status_code == status
    if status == 400:
        assert response.json()["detail"] == "this host is not served here"


async def test_a_slash_too_many_is_not_found_and_never_redirected(client: httpx2.AsyncClient) -> None:
    response = await client.get("/api/v1/users/me/", headers={"Host": "evil.example"})

    assert response.status_code == 404


def test_the_tests_look_at_the_origin_that_is_allowed(settings: Settings) -> None:
    assert settings.cors_origins == [ORIGIN]
