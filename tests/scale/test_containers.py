"""What the containers run, without containers: files, commands and variables of image, compose and manifests."""

from __future__ import annotations

import http.client
import json
import os
import re
import shlex
import shutil
import socketserver
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast
from urllib.parse import quote

import pytest
import yaml
from typing_extensions import override

from tests.scale.installation import Installation, Process, free_port, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("scale")]

HOST = "shop.example.com"
PRODUCTION = {
    "ENVIRONMENT": "production",
    "PUBLIC_URL": f"https://{HOST}",
    "ALLOWED_HOSTS": json.dumps([HOST]),
    "MAIL_FROM": f"noreply@{HOST}",
}


@dataclass(frozen=True)
class Image:
    """What the last stage of the Dockerfile makes, in a folder: `variables` and commands as they are written there."""

    folder: Path
    variables: dict[str, str]
    command: list[str]
    health: list[str]

    @classmethod
    def build(cls, project: Path, place: Path) -> Image:
        stage = (project / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ").rpartition("\nFROM ")[2]
        lines = [line.partition(" ")[::2] for line in stage.splitlines() if not line.startswith("#")]
        folder = place / "srv"
        folder.mkdir()
        for words in (rest.split() for name, rest in lines if name == "COPY" and "--from" not in rest):
            source, target = project / words[0], folder / words[1]
            copy: Callable[[Path, Path], object] = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, target)
        environment = {"UV_PROJECT_ENVIRONMENT": str(place / "venv"), "UV_LINK_MODE": "copy"}
        uv = Path(sys.executable).with_name("uv")
        subprocess.run([uv, "sync", "--quiet", "--no-dev"], cwd=project, env=os.environ | environment, check=True)
        set_ = dict(word.split("=", 1) for name, rest in lines if name == "ENV" for word in shlex.split(rest))
        path = f"{place / 'venv' / 'bin'}:{os.environ['PATH']}"
        commands = {name: json.loads(rest[rest.index("[") :]) for name, rest in lines if name in ("CMD", "HEALTHCHECK")}
        return cls(folder, {**set_, "PATH": path}, commands["CMD"], commands["HEALTHCHECK"])


@dataclass(frozen=True)
class Containers:
    """What is to run: a command each, and variables; without a command, it is the image's."""

    migrate: tuple[list[str], dict[str, str]]
    web: tuple[list[str], dict[str, str]]
    worker: tuple[list[str], dict[str, str]]


def composed(project: Path, known: Mapping[str, str]) -> Containers:
    """Read compose.yaml as Compose does: `${NAME:-default}` and `${NAME:?complaint}` from what is `known`."""

    def value(found: re.Match[str]) -> str:
        name, how, rest = found.groups()
        assert known.get(name) or how == ":-", rest
        return known.get(name) or rest

    def container(role: str) -> tuple[list[str], dict[str, str]]:
        texts: dict[str, str] = services[role]["environment"]
        filled = {name: re.sub(r"\$\{(\w+)(:[-?])([^}]*)\}", value, text) for name, text in texts.items()}
        return services[role].get("command", []), filled

    services = yaml.safe_load((project / "compose.yaml").read_text(encoding="utf-8"))["services"]
    return Containers(container("migrate"), container("web"), container("worker"))


def orchestrated(project: Path, secret: Mapping[str, str]) -> Containers:
    """Read the manifests as Kubernetes does: variables from the map, then the secret, then the container's own."""
    texts = [file.read_text(encoding="utf-8") for file in sorted((project / "deploy" / "kubernetes").glob("*.yaml"))]
    objects: list[Any] = [one for text in texts for one in yaml.safe_load_all(text)]
    [config] = [one["data"] for one in objects if one["kind"] == "ConfigMap"]

    def container(role: str) -> tuple[list[str], dict[str, str]]:
        [pod] = [one["spec"]["template"]["spec"] for one in objects if one["metadata"]["name"] == f"backend-{role}"
                 and one["kind"] in ("Deployment", "Job")]  # fmt: skip
        [found] = pod["containers"]
        own = {each["name"]: each["value"] for each in found.get("env", [])}
        return found.get("command", []), {**config, **secret, **own}

    return Containers(container("migrate"), container("web"), container("worker"))


class Postman(socketserver.StreamRequestHandler):
    """Takes every mail that is handed in, by the commands that RFC 5321 requires."""

    @override
    def handle(self) -> None:
        self._say("220 ready")
        while line := self.rfile.readline().decode().strip():
            command = line[:4].upper()
            if command == "DATA":
                self._say("354 go on")
                lines = iter(self.rfile.readline, b".\r\n")
                cast("Postbox", self.server).mails.append(b"".join(lines).replace(b"=\r\n", b"").decode())
            self._say("221 bye" if command == "QUIT" else "250 done")

    def _say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


class Postbox(socketserver.ThreadingTCPServer):
    """A mail server on a free port."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Postman)
        self.mails: list[str] = []


@pytest.fixture(scope="module")
def postbox() -> Iterator[Postbox]:
    with Postbox() as box:
        threading.Thread(target=box.serve_forever, daemon=True).start()
        yield box
        box.shutdown()


@pytest.fixture(scope="module")
def image(shop: Path) -> Iterator[Image]:
    with tempfile.TemporaryDirectory(prefix="image-") as place:
        yield Image.build(shop, Path(place))


@pytest.fixture
def servers(site: Installation, postbox: Postbox, request: pytest.FixtureRequest) -> dict[str, str]:
    """Where PostgreSQL with a fresh database, Valkey and the mail server are here."""
    name = f"containers_{len(request.node.name)}"
    site.postgres.psql(f"create database {name}")
    return {
        "DATABASE_URL": f"postgresql://postgres@/{name}?host={quote(site.wire.database)}",
        "REDIS_URL": f"redis://127.0.0.1:{site.valkey_port}/2",
        "TASKS_URL": f"redis://127.0.0.1:{site.valkey_port}/3",
        "SMTP_URL": f"smtp://127.0.0.1:{postbox.server_address[1]}",
    }


def test_what_compose_starts_serves_in_production(
    shop: Path, image: Image, servers: dict[str, str], postbox: Postbox, tmp_path: Path
) -> None:
    subprocess.run([sys.executable, "scripts/make_env.py"], cwd=shop, check=True)
    made = dict(
        line.split("=", 1) for line in (shop / ".env").read_text(encoding="utf-8").splitlines() if line[:1].isupper()
    )
    containers = composed(shop, {**made, **PRODUCTION, "SMTP_URL": servers["SMTP_URL"]})
    _serves_and_mails(image, containers, servers, postbox, tmp_path)


def test_what_the_manifests_start_serves(
    shop: Path, image: Image, servers: dict[str, str], postbox: Postbox, tmp_path: Path
) -> None:
    containers = orchestrated(shop, {"SECRET_KEY": "0123456789abcdef" * 4})
    _serves_and_mails(image, containers, {**servers, **PRODUCTION}, postbox, tmp_path)


def _serves_and_mails(
    image: Image, containers: Containers, here: dict[str, str], postbox: Postbox, place: Path
) -> None:
    files = sorted(image.folder.rglob("*"))
    port = free_port()

    def process(role: str, command: list[str], variables: Mapping[str, str]) -> Process:
        told = [str(port) if word == "8000" else word for word in command or image.command]
        environment = {**image.variables, **variables, **here}
        # `env` looks the command up on the image's PATH, as a container does.
        return Process(["/usr/bin/env", *told], image.folder, environment, place / f"{role}.log", port)

    migrate = process("migrate", *containers.migrate)
    subprocess.run(migrate.command, cwd=migrate.directory, env=migrate.variables, check=True)
    web, worker = process("web", *containers.web), process("worker", *containers.worker)
    try:
        web.start()
        worker.start()
        health = [word.replace(":8000", f":{port}") for word in image.health]
        wait_until(
            lambda: subprocess.run(health, env=image.variables, capture_output=True, check=False).returncode == 0,
            web.output,
        )
        assert _ask(port, "GET", "/health/ready", "10.1.2.3:8000") == 200  # as a kubelet does
        assert _ask(port, "GET", "/api/v1/products", "elsewhere.example.com") == 400
        account = {"email": f"{place.name}@example.com", "password": "violet staircase humming", "display_name": "Ada"}
        assert _ask(port, "POST", "/api/v1/auth/register", HOST, account) == 202
        wait_until(lambda: any(place.name in mail for mail in postbox.mails), f"no mail: {worker.output[-2000:]}")
        [mail] = [mail for mail in postbox.mails if place.name in mail]
        assert f"https://{HOST}/" in mail
        assert f"noreply@{HOST}" in mail
        assert sorted(image.folder.rglob("*")) == files, "the image is read-only"
    finally:
        web.kill()
        worker.kill()


def _ask(port: int, method: str, path: str, host: str, body: object = None) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Host": host, "Content-Type": "application/json"}
    connection.request(method, path, None if body is None else json.dumps(body), headers)
    status = connection.getresponse().status
    connection.close()
    return status
