"""`examples/conduit`: a generated backend, bent by hand, passes an API suite that was made by others."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest

from examples.conduit.bend import Shares, bend
from examples.conduit.hurl import HurlError, run
from fastwright.proof.environment import Environment
from fastwright.proof.guard import Guard
from fastwright.proof.sandbox import Sandbox

CONDUIT = Path(__file__).resolve().parent.parent / "examples" / "conduit"
FILES = sorted((CONDUIT / "api").glob("*.hurl"))
SECONDS = 30.0


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Shares]:
    place = tmp_path_factory.mktemp("conduit") / "conduit"
    place.mkdir()
    return place, bend(place)


@pytest.fixture(scope="module")
def python(project: tuple[Path, Shares], tmp_path_factory: pytest.TempPathFactory) -> Path:
    environment = Environment.of(project[0])
    with Guard() as guard:
        scratch = tmp_path_factory.mktemp("environment")
        environment.prepare(Sandbox(project[0], scratch, time.monotonic() + 300, guard, threading.Event()))
    return environment.python


@pytest.fixture(scope="module")
def host(project: tuple[Path, Shares], python: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of Conduit, served by uvicorn with a scratch database."""
    scratch = tmp_path_factory.mktemp("served")
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    variables = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(project[0]),
        "DATABASE_URL": f"sqlite+aiosqlite:///{scratch}/conduit.db",
        "RATE_LIMIT": "100000/minute",
        "AUTH_ADDRESS_LIMIT": "100000/minute",
        "ARGON2_MEMORY_KIB": "64",
        "ARGON2_TIME_COST": "1",
    }
    migrate = [python, "-m", "alembic", "--config", project[0] / "alembic.ini", "upgrade", "head"]
    subprocess.run(migrate, cwd=scratch, env=variables, check=True, timeout=60, capture_output=True)
    serve = [python, "-m", "uvicorn", "--factory", "app.main:create_app", "--port", str(port)]
    with (scratch / "log").open("wb") as log:
        server = subprocess.Popen(
            serve, cwd=scratch, env=variables, stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
        )
    try:
        _wait(f"http://127.0.0.1:{port}", scratch / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        os.killpg(server.pid, signal.SIGKILL)
        server.wait(SECONDS)


def _wait(host: str, log: Path) -> None:
    ends = time.monotonic() + SECONDS
    while time.monotonic() < ends:
        with contextlib.suppress(httpx2.TransportError):
            if httpx2.get(f"{host}/health/ready").status_code == 200:
                return
        time.sleep(0.05)
    pytest.fail(f"Conduit does not start: {log.read_text(encoding='utf-8')}")


@pytest.fixture
def client() -> Iterator[httpx2.Client]:
    with httpx2.Client(timeout=SECONDS) as client:
        yield client


def variables(host: str) -> dict[str, str]:
    return {"host": host, "uid": secrets.token_hex(4)}


def test_every_request_of_the_suite_is_answered_as_it_expects(host: str, client: httpx2.Client):
    held = [run(client, path.read_text(encoding="utf-8"), variables(host)) for path in FILES]

    assert [len(FILES), *map(sum, zip(*held, strict=True))] == [13, 154, 384]


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("HTTP 201", "HTTP 200"),
        ('jsonpath "$.user.bio" == null', 'jsonpath "$.user.bio" == "a bio"'),
        ('jsonpath "$.user.token" isString', 'jsonpath "$.user.token" isInteger'),
        ('jsonpath "$.user.token" not isEmpty', 'jsonpath "$.user.token" isEmpty'),
        ('jsonpath "$.user.token" isString', 'jsonpath "$.user.token" not exists'),
        ('jsonpath "$.user.token" isString', 'jsonpath "$.user.token" isLucky'),
        ('jsonpath "$.user.token" isString', "variable users == 1"),
    ],
)
def test_a_planted_wrong_expectation_is_found(host: str, client: httpx2.Client, right: str, wrong: str):
    text = (CONDUIT / "api" / "auth.hurl").read_text(encoding="utf-8")
    assert right in text

    with pytest.raises(HurlError):
        run(client, text.replace(right, wrong), variables(host))


def test_what_is_refused_is_rolled_back_although_conduit_words_the_answer(host: str, client: httpx2.Client):
    user = {"username": "grace", "email": "grace@example.com", "password": "violet staircase"}
    assert client.post(f"{host}/api/users", json={"user": user}).status_code == 201

    taken = client.post(f"{host}/api/users", json={"user": user | {"email": "other@example.com"}})
    other = client.post(f"{host}/api/users/login", json={"user": user | {"email": "other@example.com"}})

    assert (taken.status_code, taken.json()) == (409, {"errors": {"username": ["has already been taken"]}})
    assert (other.status_code, other.json()) == (401, {"errors": {"credentials": ["invalid"]}})


def test_a_new_password_ends_the_other_logins(host: str, client: httpx2.Client):
    user = {"username": "alan", "email": "alan@example.com", "password": "violet staircase"}
    here = client.post(f"{host}/api/users", json={"user": user}).json()["user"]["token"]
    there = client.post(f"{host}/api/users/login", json={"user": user}).json()["user"]["token"]

    changed = client.put(
        f"{host}/api/user", json={"user": {"password": "humming bird"}}, headers={"Authorization": f"Token {here}"}
    )
    statuses = [
        client.get(f"{host}/api/user", headers={"Authorization": f"Token {token}"}).status_code
        for token in (here, there)
    ]

    assert (changed.status_code, statuses) == (200, [200, 401])


def test_the_readme_says_how_much_was_written_by_hand(project: tuple[Path, Shares]):
    text = (CONDUIT / "README.md").read_text(encoding="utf-8")
    figures = re.findall(r"^\| (?:generated from|of these,|added by) .*\| (?:about )?([\d,]+) \|$", text, re.MULTILINE)
    generated, changed, added = (int(figure.replace(",", "")) for figure in figures)
    shares = project[1]

    assert (changed, added) == (shares.changed, shares.added)
    assert abs(generated - shares.generated) < generated / 10


@pytest.mark.slow
def test_the_bent_project_passes_its_generated_tests_and_its_own_linters(
    project: tuple[Path, Shares], python: Path, tmp_path: Path
):
    place = Path(shutil.copytree(project[0], tmp_path / "conduit"))
    for command in (["ruff", "check", "."], ["ruff", "format", "--check", "."], ["mypy", "app"], ["pytest", "-q"]):
        done = subprocess.run(
            [python, "-m", *command], cwd=place, capture_output=True, text=True, timeout=600, check=False
        )
        assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}{done.stderr[-2000:]}"
