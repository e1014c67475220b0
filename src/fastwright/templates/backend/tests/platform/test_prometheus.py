"""Metrics tell what is slow or fails, with a number of series that callers cannot drive up."""

import asyncio

import httpx2
import pytest
from fastapi import APIRouter

from app.middleware import CLIENT_CLOSED_REQUEST
from tests.platform.conftest import Serve

endless = APIRouter()


@endless.get("/endless")
async def wait() -> None:
    await asyncio.Event().wait()


LOGIN = "3f8b0b52-6d4f-4a7e-9f3e-1c2d3e4f5a6b"


async def test_requests_are_counted_by_route_template(serve: Serve) -> None:
    client = await serve()
    for path in (f"/api/v1/auth/logins/{LOGIN}", "/nowhere/at/all"):
        await client.delete(path)

    text = (await client.get("/metrics")).text

    assert 'http_requests_total{method="DELETE",route="/api/v1/auth/logins/{login_id}",status="401"} 1.0' in text
    assert 'http_requests_total{method="DELETE",route="(none)",status="404"} 1.0' in text
    assert 'http_request_duration_seconds_count{method="DELETE",route="/api/v1/auth/logins/{login_id}"} 1.0' in text
    assert LOGIN not in text
    assert "/nowhere" not in text


async def test_invented_methods_do_not_make_series(serve: Serve) -> None:
    client = await serve()
    for method in ("SPAM", "EGGS"):
        await client.request(method, "/health/live")

    text = (await client.get("/metrics")).text

    assert 'http_requests_total{method="OTHER",route="/health/live",status="405"} 2.0' in text
    assert "SPAM" not in text


async def test_a_caller_who_left_is_counted_too(serve: Serve) -> None:
    client = await serve(endless)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(client.get("/endless"), timeout=0.05)
    text = (await client.get("/metrics")).text

    assert f'http_requests_total{{method="GET",route="(none)",status="{CLIENT_CLOSED_REQUEST}"}} 1.0' in text


async def test_metrics_can_be_kept_from_strangers(serve: Serve) -> None:
    client = await serve(metrics_token="s3cret")

    stranger = await client.get("/metrics")
    wrong = await client.get("/metrics", headers={"Authorization": "Bearer other"})
    scraper = await client.get("/metrics", headers={"Authorization": "Bearer s3cret"})

    assert [stranger.status_code, wrong.status_code, scraper.status_code] == [401, 401, 200]


async def test_metrics_are_in_the_format_of_prometheus(client: httpx2.AsyncClient) -> None:
    response = await client.get("/metrics")

    assert response.headers["content-type"].startswith("text/plain; version=")
