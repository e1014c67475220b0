"""Traces and metrics over OTLP, by FastAPI itself: off unless OTEL_EXPORTER_OTLP_ENDPOINT is set in the environment.

The exporter is not installed by default: `uv sync --group telemetry`. OpenTelemetry's other variables work as
everywhere, OTEL_SERVICE_NAME and OTEL_TRACES_SAMPLER for instance.
"""

import os
from collections.abc import MutableMapping
from typing import Any

from fastapi.telemetry import TelemetryConfig

ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT"
NOT_TRACED = ("/health/", "/metrics")


def make_telemetry() -> TelemetryConfig:
    """Return what FastAPI is told: nothing is recorded where nobody collects it."""
    is_on = bool(os.environ.get(ENDPOINT))
    return {
        "auto_configure": is_on,
        "tracing": is_on,
        "metrics": is_on,
        # They would carry messages of exceptions, which can hold people's data; failures are logged here.
        "logs": False,
        "exclude": _is_for_orchestrators,
    }


def _is_for_orchestrators(scope: MutableMapping[str, Any]) -> bool:
    return str(scope["path"]).startswith(NOT_TRACED)
