"""The steps that prove a new backend: commands that its owner can run again by hand."""

from __future__ import annotations

import contextlib
import json
import re
import signal
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

from fastwright.proof.environment import Environment
from fastwright.proof.model import Step, StepFailed
from fastwright.proof.sandbox import Sandbox, tail

BOOT_SECONDS = 30.0
STOP_SECONDS = 15.0


def backend_steps(environment: Environment) -> tuple[Step, ...]:
    """Return the steps, longest first after the environment, so that two workers are busy to the end."""
    needs = ("environment",)
    return (
        Step("environment", "Dependencies are locked and installed", environment.prepare, "uv sync", timeout=600),
        Step("contract", "OpenAPI contract holds for two users", _contract, "python scripts/contract.py", needs),
        Step("tests", "Tests pass", _tests, "pytest --cov", needs),
        Step("types", "Types are strict", lambda box: _types(box, environment), "mypy --strict app tests", needs),
        Step("migrations", "Migrations go up, down, up and match", _migrations, "alembic upgrade head", needs),
        Step("boot", "Server starts, answers, and stops", _boot, "uvicorn --factory app.main:create_app", needs),
        Step("lint", "Style is clean", _lint, "ruff check && ruff format --check", needs),
    )


def _lint(box: Sandbox) -> str:
    box.run([box.python, "-m", "ruff", "check", "--no-cache", "."])
    box.run([box.python, "-m", "ruff", "format", "--check", "--no-cache", "."])
    return "ruff: no findings, formatted"


def _types(box: Sandbox, environment: Environment) -> str:
    output = box.run([box.python, "-m", "mypy", "--cache-dir", environment.mypy_cache, "app", "tests"])
    return _last_line(output)


def _tests(box: Sandbox) -> str:
    output = box.run(
        [box.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--cov", "--cov-report=term"],
        COVERAGE_FILE=str(box.scratch / "coverage"),
    )
    total = re.search(r"^TOTAL .*?(\d+(?:\.\d+)?%)\s*$", output, re.MULTILINE)
    closing = re.search(r"\d+ passed.*", output)
    if not total or not closing:
        raise StepFailed(f"no coverage or no closing line in the output of pytest\n{output[-2000:]}")
    return f"{closing[0].strip(' =')}; {total[1]} branch coverage"


def _migrations(box: Sandbox) -> str:
    url = {"DATABASE_URL": f"sqlite+aiosqlite:///{box.scratch / 'migrations.db'}"}
    for arguments in (["upgrade", "head"], ["downgrade", "base"], ["upgrade", "head"], ["check"]):
        box.run([box.python, "-m", "alembic", *arguments], **url)
    return "up, down, up; no difference between models and schema"


def _contract(box: Sandbox) -> str:
    output = box.run([box.python, "scripts/contract.py"], TMPDIR=str(box.scratch))
    return _last_line(output)


def _boot(box: Sandbox) -> str:
    url = {"DATABASE_URL": f"sqlite+aiosqlite:///{box.scratch / 'boot.db'}"}
    box.run([box.python, "-m", "alembic", "upgrade", "head"], **url)
    port = _free_port()
    command = [box.python, "-m", "uvicorn", "--factory", "app.main:create_app", "--port", str(port)]
    started = time.monotonic()
    with box.start(command, **url) as (process, log):
        base = f"http://127.0.0.1:{port}"
        _wait_until_ready(base, process, log)
        seconds = time.monotonic() - started
        operations = sum(len(item) for item in json.loads(_get(f"{base}/openapi.json"))["paths"].values())
        process.send_signal(signal.SIGTERM)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        if process.poll() not in {0, -signal.SIGTERM}:
            raise StepFailed(f"the server did not stop cleanly on SIGTERM\n{tail(log)}")
    return f"ready after {seconds:.1f} s, {operations} operations"


def _wait_until_ready(base: str, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + BOOT_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError):
            _get(f"{base}/health/ready")
            return
        time.sleep(0.05)
    raise StepFailed(f"the server did not become ready\n{tail(log)}")


def _get(url: str) -> bytes:
    with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - always this machine's own loopback address
        body: bytes = answer.read()
    return body


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _last_line(output: str) -> str:
    return (output.strip().splitlines() or [""])[-1]
