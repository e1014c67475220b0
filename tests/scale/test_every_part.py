"""What a design can add, far from the laptop: PostgreSQL, a bucket, a provider, a worker, two versions."""

from __future__ import annotations

import contextlib
import http.client
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit
from xml.etree import ElementTree as ET

import pytest

from fastwright.design import read_yaml_text
from fastwright.proof.environment import Environment
from fastwright.proof.guard import Guard
from fastwright.proof.sandbox import Sandbox
from fastwright.scaffold.engine import render_backend
from tests.scale.installation import Answer, Installation, Process, free_port, installed, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scale")]

DESIGN = """
name: parts
options: [http-client, oidc]
versions: 2
resources:
  Note:
    soft_delete: true
    fields:
      title: str(1..80)!
      mood: str(1..20)?@2..
      scan: file(application/pdf|image/png, ..2MB)?
      author: ->User
"""
KEYS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_REGION": "us-east-1"}
# The provider of the generated tests, on a port.
PROVIDER = """
import sys, uvicorn
from tests.oidc.provider import TestProvider
uvicorn.run(TestProvider(issuer=f"http://127.0.0.1:{sys.argv[1]}").app(), port=int(sys.argv[1]))
"""
PDF, PNG = b"%PDF-1.7 " + bytes(100_000), b"\x89PNG\r\n\x1a\n" + bytes(70)


@dataclass
class Bucket:
    """An S3 server, whose rows live as long as it does."""

    server: Process

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.server.port}"

    def open(self) -> None:
        """Start the server, and make the bucket."""
        self.server.start()
        wait_until(self._is_made, self.server.output, 120)

    def _is_made(self) -> bool:
        try:
            with urllib.request.urlopen(urllib.request.Request(f"{self.address}/bucket", method="PUT"), timeout=5):
                return True
        except OSError:
            return False

    def keys(self) -> list[str]:
        with urllib.request.urlopen(f"{self.address}/bucket?list-type=2", timeout=5) as answer:
            return [key.text or "" for key in ET.fromstring(answer.read()).iterfind(".//{*}Key")]


@pytest.fixture(scope="module")
def parts(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("parts")
    for path, text in render_backend(read_yaml_text(DESIGN, "parts.yaml")).items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def interpreter(parts: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    environment = Environment.of(parts)
    with Guard() as guard:
        scratch = tmp_path_factory.mktemp("environment")
        environment.prepare(Sandbox(parts, scratch, time.monotonic() + 300, guard, threading.Event()))
    return environment.python


@pytest.fixture(scope="module")
def bucket(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bucket]:
    """An S3 server in an environment of its own: it comes with forty packages that nothing else needs."""
    place, uv = tmp_path_factory.mktemp("bucket"), Path(sys.executable).with_name("uv")
    subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, place / "venv"], check=True)
    python = place / "venv/bin/python"
    subprocess.run([uv, "pip", "install", "--quiet", "--python", python, "moto[server]>=5.2,<6"], check=True)
    port = free_port()
    command = [str(python), "-m", "moto.server", "--host", "127.0.0.1", "--port", str(port)]
    bucket = Bucket(Process(command, place, {}, place / "server.log", port))
    bucket.open()
    yield bucket
    bucket.server.kill()


@pytest.fixture(scope="module")
def everywhere(
    parts: Path, interpreter: Path, bucket: Bucket, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Installation]:
    """Two processes and a worker, none of which keeps anything on its disk."""
    place, port = tmp_path_factory.mktemp("provider"), free_port()
    provider = Process([str(interpreter), "-c", PROVIDER, str(port)], parts, {}, place / "provider.log", port)
    provider.start()
    variables = {
        "FILES_PLACE": "s3://bucket/folder",
        "AWS_ENDPOINT": bucket.address,
        "AWS_ALLOW_HTTP": "true",
        **KEYS,
        "OIDC_ISSUER": f"http://127.0.0.1:{port}",
        "OIDC_CLIENT_ID": "backend",
        "OIDC_CLIENT_SECRET": "a secret that only the backend and the provider know",
    }
    with (
        tempfile.TemporaryDirectory(prefix="site-") as folder,
        installed(parts, interpreter, Path(folder), **variables) as installation,
    ):
        yield installation
    provider.kill()


@pytest.fixture
def token(everywhere: Installation) -> str:
    return str(everywhere.log_in(0, everywhere.account()).data["access_token"])


def make(site: Installation, token: str, version: int = 1, **more: str) -> dict[str, Any]:
    body = {"title": uuid.uuid4().hex, **more}
    answer = site.ask(0, "POST", f"/api/v{version}/notes", body=body, token=token)
    assert answer.status == 201, answer.data
    made: dict[str, Any] = answer.data
    return made


def upload(site: Installation, note: str, token: str, content: bytes) -> Answer:
    head = b'--cut\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\n'
    form = "multipart/form-data; boundary=cut", head + content + b"\r\n--cut--\r\n"
    return site.ask(0, "PUT", f"/api/v1/notes/{note}/scan", raw=form, token=token)


def test_a_file_is_in_the_bucket_for_both_processes_until_nothing_names_it(
    everywhere: Installation, bucket: Bucket, token: str
) -> None:
    place = f"notes/{make(everywhere, token)['id']}/scan"
    note = place.split("/")[1]
    assert upload(everywhere, note, token, PDF).status == 200
    [first] = bucket.keys()
    answer = everywhere.ask(1, "GET", f"/api/v2/{place}", token=token)
    assert (answer.status, answer.data, answer.headers["content-type"]) == (200, PDF, "application/pdf")

    assert upload(everywhere, note, token, PNG).status == 200
    wait_until(lambda: len(bucket.keys()) == 1, "the worker leaves what nothing names")
    assert bucket.keys() != [first]
    assert everywhere.ask(1, "GET", f"/api/v1/{place}", token=token).data == PNG

    assert everywhere.ask(1, "DELETE", f"/api/v2/{place}", token=token).status == 204
    wait_until(lambda: bucket.keys() == [], "the worker leaves what nothing names")
    assert everywhere.ask(0, "GET", f"/api/v1/{place}", token=token).status == 404


def test_without_the_bucket_it_is_said_when_to_try_again_and_all_else_goes_on(
    everywhere: Installation, bucket: Bucket, token: str
) -> None:
    note = make(everywhere, token)["id"]
    assert upload(everywhere, note, token, PDF).status == 200
    bucket.server.kill()
    try:
        place = f"/api/v1/notes/{note}/scan"
        answers = [upload(everywhere, note, token, PNG), everywhere.ask(1, "GET", place, token=token)]
        assert everywhere.ask(1, "GET", f"/api/v1/notes/{note}", token=token).status == 200
        assert everywhere.ready(0).status == 200
    finally:
        bucket.open()
    assert [(answer.status, answer.headers["retry-after"]) for answer in answers] == [(503, "5")] * 2
    assert upload(everywhere, note, token, PNG).status == 200


def test_both_versions_are_about_the_same_rows(everywhere: Installation, token: str) -> None:
    note = make(everywhere, token)
    path = f"notes/{note['id']}"
    changed = everywhere.ask(1, "PATCH", f"/api/v2/{path}", body={"mood": "glad"}, token=token)
    assert (changed.status, changed.data["mood"]) == (200, "glad")
    old = everywhere.ask(0, "GET", f"/api/v1/{path}", token=token).data
    assert "mood" not in old
    assert (old["title"], old["version"]) == (note["title"], 2)


def test_of_those_who_take_the_title_of_what_is_deleted_or_restore_it_one_wins(
    everywhere: Installation, token: str
) -> None:
    note = make(everywhere, token)
    path = f"/api/v1/notes/{note['id']}"
    assert everywhere.ask(0, "DELETE", path, token=token).status == 204
    body = {"title": note["title"]}
    with ThreadPoolExecutor(8) as pool:
        taken = [
            pool.submit(everywhere.ask, turn % 2, "POST", "/api/v2/notes", body=body, token=token) for turn in range(4)
        ]
        restored = [pool.submit(everywhere.ask, turn % 2, "POST", f"{path}/restore", token=token) for turn in range(4)]
        statuses = sorted(each.result().status for each in (*taken, *restored))
    won = [status for status in statuses if status < 300]
    assert len(won) == 1, statuses
    assert set(statuses) <= {200, 201, 404, 409}


def test_people_sign_in_across_processes_and_at_once_to_one_account(everywhere: Installation) -> None:
    def sign_in(turn: int) -> Answer:
        started = everywhere.ask(turn % 2, "POST", "/api/v1/auth/oidc/start").data
        query = parse_qs(urlsplit(sent_on_by(started["authorization_url"])).query)
        body = {"code": query["code"][0], "state": query["state"][0], "flow": started["flow"]}
        return everywhere.ask(1 - turn % 2, "POST", "/api/v2/auth/oidc/token", body=body)

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(sign_in, range(6)))
    answers.append(sign_in(0))

    assert {answer.status for answer in answers} <= {200, 409}, "409 where another was faster"
    assert answers[-1].status == 200
    people = {everywhere.me(1, answer.data["access_token"]).data["id"] for answer in answers if answer.status == 200}
    assert len(people) == 1
    assert everywhere.postgres.psql("select count(*) from external_identities").split()[2] == "1"


def sent_on_by(url: str) -> str:
    """Return where the provider sends the browser."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    connection.request("GET", f"{parts.path}?{parts.query}")
    with contextlib.closing(connection):
        return connection.getresponse().headers["Location"]


def test_the_contract_and_the_migrations_hold_on_postgresql(
    parts: Path, interpreter: Path, everywhere: Installation
) -> None:
    everywhere.postgres.psql("create database contract")
    host = quote(str(everywhere.postgres.get_uri()).partition("host=")[2])
    url = f"postgresql+asyncpg://postgres@/contract?host={host}"

    contract = run(interpreter, parts, "scripts/contract.py", "--database", url)
    assert " 0 failures" in contract.splitlines()[-1], contract
    for words in (("upgrade", "head"), ("check",), ("downgrade", "base")):
        run(interpreter, parts, "-m", "alembic", *words, DATABASE_URL=url)


def run(python: Path, root: Path, *words: str, **variables: str) -> str:
    done = subprocess.run([python, *words], cwd=root, env=variables, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout
