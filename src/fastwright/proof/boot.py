"""Serve the staged backend once: it has to become ready, show its document, and stop when it is told to."""

from __future__ import annotations

import contextlib
import http.client
import signal
import socket
import subprocess
import time
from pathlib import Path

from pydantic import BaseModel

from fastwright.proof.sandbox import Sandbox

STOP_SECONDS = 15.0
_METHODS = frozenset({"get", "put", "post", "delete", "options", "head", "patch", "trace"})


class _Document(BaseModel):
    paths: dict[str, dict[str, object]]


def boot(box: Sandbox, python: Path, variables: dict[str, str]) -> str:
    """Return how the server started and stopped. Raises `StepFailed` if it did not."""
    port = _free_port()
    command = [python, "-m", "uvicorn", "--factory", "app.main:create_app", "--host", "127.0.0.1", "--port", str(port)]
    started = time.monotonic()
    with box.start(command, **variables) as (process, log):
        _wait_until_ready(box, process, port, log)
        seconds = time.monotonic() - started
        operations = _operations(port, box, log)
        _stop(process, box, log)
    return f"ready after {seconds:.1f} s; {operations} operations; stops when told to"


def _wait_until_ready(box: Sandbox, process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    status = 0
    while status != http.HTTPStatus.OK:
        if process.poll() is not None:
            raise box.failure("the server ended before it was ready", log)
        box.pause(f"the server did not become ready (last answer: {status or 'none'})", log)
        with contextlib.suppress(OSError, http.client.HTTPException):
            status, _body = _get(port, "/health/ready")


def _operations(port: int, box: Sandbox, log: Path) -> int:
    try:
        _status, body = _get(port, "/openapi.json")
        paths = _Document.model_validate_json(body).paths.values()
    except (OSError, http.client.HTTPException, ValueError) as error:
        raise box.failure(f"/openapi.json is not an OpenAPI document: {error}", log) from error
    return sum(method in _METHODS for path in paths for method in path)


def _stop(process: subprocess.Popen[bytes], box: Sandbox, log: Path) -> None:
    process.send_signal(signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(STOP_SECONDS)
    # uvicorn finishes its work, and then ends by the signal that it got.
    if process.poll() not in {0, -signal.SIGTERM} or "Traceback" in log.read_text(encoding="utf-8", errors="replace"):
        raise box.failure("the server did not stop cleanly on SIGTERM", log)


def _get(port: int, path: str) -> tuple[int, bytes]:
    with contextlib.closing(http.client.HTTPConnection("127.0.0.1", port, timeout=5)) as connection:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])
