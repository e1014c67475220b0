"""Prometheus metrics, labelled with route templates and known methods only, so that the number of series is bounded."""

import hmac
from typing import cast

from fastapi import APIRouter
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram, generate_latest
from starlette.requests import Request
from starlette.responses import Response

from app.errors import Unauthenticated
from app.settings import Settings

router = APIRouter(include_in_schema=False)

METHODS = frozenset({"DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"})


class Metrics:
    """The metrics of one application."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._requests = Counter(
            "http_requests_total", "Answered requests", ["method", "route", "status"], registry=self.registry
        )
        self._seconds = Histogram(
            "http_request_duration_seconds",
            "Time to the end of the answer",
            ["method", "route"],
            registry=self.registry,
        )
        self._series: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    def observe(self, method: str, route: str, status: int, seconds: float) -> None:
        """Count one answered request."""
        method = method if method in METHODS else "OTHER"
        series = self._series.get((method, route, status))
        if series is None:  # looking a series up by its labels costs more than the rest of this method
            series = (self._requests.labels(method, route, str(status)), self._seconds.labels(method, route))
            self._series[method, route, status] = series
        requests, duration = series
        requests.inc()
        duration.observe(seconds)


@router.get("/metrics")
async def get_metrics(request: Request) -> Response:
    """Return the metrics in Prometheus' text format, to whoever knows the token if there is one."""
    settings = cast("Settings", request.app.state.settings)
    if settings.metrics_token is not None:
        expected = f"Bearer {settings.metrics_token.get_secret_value()}"
        if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), expected.encode()):
            raise Unauthenticated
    metrics = cast("Metrics", request.app.state.metrics)
    return Response(generate_latest(metrics.registry), media_type=CONTENT_TYPE_LATEST)
