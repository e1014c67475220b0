"""Serves a generated backend for a while, with a scratch database, and sends requests to it."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import secrets
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

KEPT_VARIABLES: Final = ("PATH", "HOME", "LANG", "TMPDIR")
START_SECONDS: Final = 30


class UnexpectedAnswerError(Exception):
    """The backend did not answer as it should."""


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        return json.loads(self.text)


def exchange(
    port: int, method: str, path: str, headers: Mapping[str, str] | None = None, content: str | None = None
) -> Answer:
    """Send one request and return the answer, whatever its status."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    try:
        connection.request(method, path, body=content, headers=dict(headers or {}))
        response = connection.getresponse()
        text = response.read().decode()
        return Answer(response.status, {name.lower(): value for name, value in response.getheaders()}, text)
    finally:
        connection.close()


@contextlib.contextmanager
def served(python: Path, project: Path, *, admin: tuple[str, str], **settings: str) -> Generator[tuple[int, Path]]:
    """Serve `project` with a scratch database and one administrator; yield the port and the log."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    email, password = admin
    with tempfile.TemporaryDirectory(prefix="tour-") as scratch:
        log = Path(scratch, "server.log")
        variables = {
            **{name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ},
            "DATABASE_URL": f"sqlite+aiosqlite:///{scratch}/tour.db",
            "SECRET_KEY": secrets.token_hex(32),
            "FIRST_ADMIN_PASSWORD": password,
            "PYTHONPATH": str(project),
            "PYTHONUNBUFFERED": "1",
            **settings,
        }
        preparations = (
            ["alembic", "--config", str(project / "alembic.ini"), "upgrade", "head"],
            ["app.manage", "create-admin", email],
        )
        # The scratch directory is the working directory, so that the project's own .env plays no part.
        for arguments in preparations:
            command = [python, "-m", *arguments]
            subprocess.run(command, cwd=scratch, env=variables, check=True, timeout=60, capture_output=True, text=True)
        command = [python, "-m", "uvicorn", "--factory", "app.main:create_app", "--port", str(port), "--no-access-log"]
        with log.open("wb") as output:
            server = subprocess.Popen(command, cwd=scratch, env=variables, stdout=output, stderr=output)
        try:
            _wait_until_ready(server, port, log)
            yield port, log
        finally:
            server.terminate()
            server.wait(timeout=30)


def _wait_until_ready(server: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while server.poll() is None and time.monotonic() < deadline:
        with contextlib.suppress(OSError):
            if exchange(port, "GET", "/health/ready").status == 200:
                return
        time.sleep(0.05)
    raise UnexpectedAnswerError(f"the backend does not start:\n{log.read_text(encoding='utf-8')}")
