"""The layer around every request: ids, headers, logs, metrics, CORS, limits."""

import json
from collections.abc import AsyncIterator

import httpx2
import pytest
from fastapi import FastAPI

from app.logs import configure_logging, redact
from app.main import create_app
from app.rate_limit import client_address
from app.settings import Settings


@pytest.fixture
async def limited(settings: Settings) -> AsyncIterator[httpx2.AsyncClient]:
    """A client of an application with tight limits."""
    app = create_app(settings.model_copy(update={"rate_limit": "3/minute", "max_body_bytes": 1000}))
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=httpx2.ASGITransport(app=app), base_url="http://test") as client,
    ):
        yield client


async def test_every_answer_has_a_request_id_and_security_headers(client: httpx2.AsyncClient) -> None:
    for path in ("/health/live", "/nowhere", "/api/v1/users/me"):
        headers = (await client.get(path)).headers

        assert len(headers["x-request-id"]) == 32
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["cache-control"] == "no-store"
        assert "max-age" in headers["strict-transport-security"]


async def test_a_callers_request_id_is_kept_if_it_is_harmless(client: httpx2.AsyncClient) -> None:
    kept = await client.get("/health/live", headers={"X-Request-ID": "trace-0123456789"})
    replaced = await client.get("/health/live", headers={"X-Request-ID": "<script>alert(1)</script>"})

    assert kept.headers["x-request-id"] == "trace-0123456789"
    assert "script" not in replaced.headers["x-request-id"]


async def test_the_documentation_can_load_its_program(client: httpx2.AsyncClient) -> None:
    response = await client.get("/docs")

    assert response.status_code == 200
    assert "https://cdn.jsdelivr.net" in response.text
    assert "script-src 'unsafe-inline' https://cdn.jsdelivr.net" in response.headers["content-security-policy"]


async def test_a_listed_origin_is_allowed_and_another_is_not(client: httpx2.AsyncClient) -> None:
    allowed = await client.get("/health/live", headers={"Origin": "https://shop.example"})
    refused = await client.get("/health/live", headers={"Origin": "https://evil.example"})
    preflight = await client.options(
        "/api/v1/users/me",
        headers={"Origin": "https://shop.example", "Access-Control-Request-Method": "PATCH"},
    )

    assert allowed.headers["access-control-allow-origin"] == "https://shop.example"
    assert "access-control-allow-origin" not in refused.headers
    assert preflight.status_code == 200
    assert "PATCH" in preflight.headers["access-control-allow-methods"]


async def test_requests_over_the_limit_are_told_when_to_come_back(limited: httpx2.AsyncClient) -> None:
    answers = [await limited.get("/api/v1/users/me") for _ in range(4)]

    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert [answer.headers["ratelimit-remaining"] for answer in answers] == ["2", "1", "0", "0"]
    refused = answers[-1]
    assert refused.headers["content-type"] == "application/problem+json"
    assert refused.headers["ratelimit-limit"] == "3"
    assert 1 <= int(refused.headers["retry-after"]) <= 60
    assert refused.json()["request_id"] == refused.headers["x-request-id"]


async def test_health_is_not_limited(limited: httpx2.AsyncClient) -> None:
    assert {(await limited.get("/health/live")).status_code for _ in range(5)} == {200}


@pytest.mark.parametrize("announced", [True, False])
async def test_a_body_over_the_limit_is_refused(limited: httpx2.AsyncClient, *, announced: bool) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(3):
            yield b"x" * 500

    content = b"x" * 1500 if announced else chunks()
    response = await limited.post(
        "/api/v1/auth/refresh", content=content, headers={"Content-Type": "application/json"}
    )

    assert response.status_code == 413
    assert response.json()["type"] == "/problems/payload-too-large"


@pytest.mark.parametrize(
    ("host", "counted"),
    [
        ("203.0.113.9", "203.0.113.9"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        ("testclient", "testclient"),
        (None, ""),
    ],
)
def test_an_address_of_ipv6_is_counted_by_its_network(host: str | None, counted: str) -> None:
    assert client_address({"client": (host, 1) if host else None}) == counted


async def test_metrics_count_by_route_template(client: httpx2.AsyncClient) -> None:
    login = "3f8b0b52-6d4f-4a7e-9f3e-1c2d3e4f5a6b"
    await client.delete(f"/api/v1/auth/logins/{login}")
    await client.get("/nowhere/at/all")

    text = (await client.get("/metrics")).text

    assert 'route="/api/v1/auth/logins/{login_id}",status="401"' in text
    assert 'method="ANY",route="(unmatched)",status="404"' in text
    assert login not in text
    assert "/nowhere" not in text


async def test_a_log_line_is_json_with_the_request_id_and_without_the_query(
    settings: Settings, app: FastAPI, client: httpx2.AsyncClient, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    configure_logging(settings.model_copy(update={"log_level": "INFO"}))
    response = await client.get("/api/v1/users/me?token=secret", headers={"Authorization": "Bearer secret"})
    configure_logging(settings)

    lines = [json.loads(line) for line in capfdbinary.readouterr().out.splitlines()]
    (line,) = [line for line in lines if line["event"] == "request"]
    assert line["request_id"] == response.headers["x-request-id"]
    assert line["route"] == "/api/v1/users/me"
    assert line["status"] == 401
    assert line["duration_ms"] > 0
    assert "secret" not in json.dumps(lines)


def test_values_that_sound_like_secrets_are_not_logged() -> None:
    event = {"event": "mail", "new_password": "hunter2", "Authorization": "Bearer x", "count": 3}

    assert redact(None, "info", event) == {
        "event": "mail",
        "new_password": "[redacted]",
        "Authorization": "[redacted]",
        "count": 3,
    }
