"""What the shop records arrives at a collector, over the real protocol."""

from __future__ import annotations

import contextlib
import gzip
import json
import subprocess
import threading
from collections.abc import Generator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.scale.installation import Installation, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scale")]

SPAN = "GET /api/v1/users/me"
# Runs in the shop's environment: the classes of the messages come with the exporter.
DECODE = """
import json, sys
from google.protobuf.json_format import MessageToDict
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
kinds = {"/v1/traces": ExportTraceServiceRequest, "/v1/metrics": ExportMetricsServiceRequest}
sent = [MessageToDict(kinds[path].FromString(bytes.fromhex(body))) for path, body in json.load(sys.stdin)]
print(json.dumps(sent))
"""


@contextlib.contextmanager
def collector() -> Generator[tuple[str, list[tuple[str, str]]]]:
    """Yield where it listens, and what has come: path and body."""
    came: list[tuple[str, str]] = []

    class Collector(BaseHTTPRequestHandler):
        """Takes whatever is sent."""

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            is_packed = self.headers.get("Content-Encoding") == "gzip"
            came.append((self.path, (gzip.decompress(body) if is_packed else body).hex()))
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002, ARG002 - what it overrides
            return

    with HTTPServer(("127.0.0.1", 0), Collector) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}", came
        server.shutdown()


def test_requests_arrive_at_a_collector_and_probes_do_not(site: Installation, python: Path) -> None:
    web = site.web[1]
    with collector() as (url, came):
        web.restart(
            OTEL_EXPORTER_OTLP_ENDPOINT=url,
            OTEL_SERVICE_NAME="shop",
            OTEL_BSP_SCHEDULE_DELAY="100",
            OTEL_METRIC_EXPORT_INTERVAL="200",
        )
        try:
            site.wait_until_ready()
            token = site.log_in(0, site.account()).data["access_token"]
            assert site.me(1, token).status == 200
            wait_until(lambda: any(SPAN.encode().hex() in body for _path, body in came), "no span of it arrives")
            wait_until(lambda: "/v1/metrics" in dict(came), "no metrics arrive")
        finally:
            web.restart()
            site.wait_until_ready()

    command = [python, "-c", DECODE]
    done = subprocess.run(command, input=json.dumps(came[:]), capture_output=True, text=True, check=True)
    messages = json.loads(done.stdout)
    spans, services = _spans(messages)
    assert services == {"shop"}
    assert SPAN in {span["name"] for span in spans}
    assert not [span for span in spans if "/health/" in json.dumps(span)], "probes are left out"
    assert token not in done.stdout, "nor is anything recorded that opens doors"
    assert '"http.server.request.duration"' in done.stdout


def _spans(messages: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], set[str]]:
    """Return the spans, and whose they are."""
    groups = [group for message in messages for group in message.get("resourceSpans", ())]
    spans = [span for group in groups for scope in group["scopeSpans"] for span in scope["spans"]]
    attributes = [pair for group in groups for pair in group["resource"]["attributes"]]
    return spans, {pair["value"]["stringValue"] for pair in attributes if pair["key"] == "service.name"}
