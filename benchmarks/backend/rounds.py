"""Who takes part, and one turn of everybody after another."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Generator, Mapping
from dataclasses import replace
from pathlib import Path

from benchmarks.backend.load import Request, Round, load
from benchmarks.backend.report import GENERATED, REFERENCE, TEMPLATE, Measured
from benchmarks.backend.scenarios import SCENARIOS, Scenario, log_in_all, shown
from benchmarks.backend.servers import Contender, Server, serving
from benchmarks.backend.wire import Wire
from benchmarks.backend.world import HERE, World

SECRET = "a-key-for-measuring-only-0123456789abcdef"
WARM_UP_SECONDS = 0.5
COUNTED = 20
CONNECTIONS = 16  # to the database, for all processes of a contender together: PostgreSQL lets 100 in
Counts = dict[tuple[str, str], tuple[float, float]]
LIMITS = ("RATE_LIMIT", "AUTH_ACCOUNT_LIMIT", "AUTH_ADDRESS_LIMIT")


def everything(place: World, workers: int = 1) -> dict[str, str]:
    """Return the generated backend's configuration: nothing is switched off, and no limit is met."""
    return {
        "DATABASE_URL": place.url("asyncpg"),
        "DATABASE_POOL_SIZE": str(CONNECTIONS // workers),
        "DATABASE_MAX_OVERFLOW": "0",
        "REDIS_URL": place.redis,
        "SECRET_KEY": SECRET,
        "CORS_ORIGINS": '["https://app.example.com"]',
        "ALLOWED_HOSTS": '["localhost", "127.0.0.1"]',
        **dict.fromkeys(LIMITS, "100000000/minute"),
    }


def contenders(place: World, workers: int = 1) -> list[Contender]:
    """Return who takes part; what has its SQL by hand has it for PostgreSQL only."""

    def bare(name: str, module: str, driver: str, *options: str) -> Contender:
        connections = str(CONNECTIONS // workers)
        variables = {"DATABASE_URL": place.url(driver), "SECRET_KEY": SECRET, "CONNECTIONS": connections}
        return Contender(name, f"{module}:app", HERE / "contenders", place.python, variables, options)

    quiet = "--no-access-log"
    factory = ("--factory", quiet, "--no-server-header")
    taking_part = [
        Contender(GENERATED, "app.main:create_app", place.backend, place.python, everything(place, workers), factory),
        bare(TEMPLATE, "template", "" if place.is_sqlite else "psycopg"),
        bare("bare FastAPI + SQLAlchemy", "bare_orm", "asyncpg", quiet),
    ]
    if not place.is_sqlite:
        taking_part += [bare(REFERENCE, "bare_asyncpg", "", quiet), bare("raw ASGI + asyncpg", "raw", "", quiet)]
    return taking_part


@contextlib.contextmanager
def all_serving(place: World, log: Path, *, workers: int) -> Generator[dict[Server, list[str]]]:
    """Start everybody; each server comes with tokens of its callers. One worker each has the first processor."""
    with contextlib.ExitStack() as stack:
        processor = 0 if workers == 1 else None
        servers = [
            stack.enter_context(serving(each, workers=workers, log=log, processor=processor))
            for each in contenders(place, workers)
        ]
        callers = {server: log_in_all(server.port) for server in servers}
        answers = {server.contender.name: shown(server.port, tokens[0], place) for server, tokens in callers.items()}
        if any(answer != answers[TEMPLATE] for answer in answers.values()):
            raise RuntimeError(f"they do not answer alike: {answers}")
        yield callers


def measure(
    place: World, callers: Mapping[Server, list[str]], scenario: Scenario, *, rounds: int, seconds: float
) -> dict[str, Measured]:
    """Let everybody have a turn, `rounds` times, after one that does not count."""
    found = {server.contender.name: Measured() for server in callers}
    for turn in range(rounds + 1):
        for server, tokens in callers.items():
            into = found[server.contender.name] if turn else Measured()
            _take_turn(server, scenario, scenario.make(place, tokens), seconds if turn else WARM_UP_SECONDS, into)
    return found


def _take_turn(server: Server, scenario: Scenario, request: Request, seconds: float, into: Measured) -> None:
    before = server.cpu_seconds()
    turn = load(server.port, request, status=scenario.status, connections=scenario.connections, seconds=seconds)
    seen = asyncio.run(turn)
    used = server.cpu_seconds() - before
    if seen.unexpected:
        raise RuntimeError(f"{server.contender.name}, {scenario.name}: {seen.unexpected[0]!r}")
    into.cpu.append(used / len(seen.times) * 1e6)
    into.per_second.append(len(seen.times) / seen.seconds)
    into.p50.append(seen.percentile(0.5))
    into.p99.append(seen.percentile(0.99))
    into.megabytes = max(into.megabytes, server.megabytes())


def count_statements(place: World, log: Path) -> Counts:
    """Return what a request of each scenario sends to PostgreSQL, once everything that is remembered is remembered."""
    wire = Wire(place.database, log.parent / "wire")
    counted = replace(place, database=wire.database)
    counts: Counts = {}
    try:
        for contender in contenders(counted):
            with serving(contender, workers=1, log=log, processor=None) as server:
                tokens = log_in_all(server.port)[:1]
                for scenario in SCENARIOS:
                    request = scenario.make(counted, tokens)
                    counts[scenario.name, contender.name] = _count(wire, server, scenario, request)
    finally:
        wire.close()
    return counts


def _count(wire: Wire, server: Server, scenario: Scenario, request: Request) -> tuple[float, float]:
    """Return statements and round trips of one request."""
    before = 0, 0
    for _turn in range(2):  # in the first, statements are prepared
        before = wire.statements, wire.round_trips
        for _ in range(COUNTED):
            asyncio.run(load(server.port, request, status=scenario.status, connections=1, seconds=0))
    return (wire.statements - before[0]) / COUNTED, (wire.round_trips - before[1]) / COUNTED


def ping_under_logins(place: World, log: Path, *, seconds: float, rounds: int) -> tuple[float, float]:
    """Return p99 of a ping of the generated backend: idle, and while two clients log in all the time."""
    [generated] = [each for each in contenders(place) if each.name == GENERATED]
    login = next(each for each in SCENARIOS if each.name == "login")

    async def ping(server: Server, logins: int, request: Request) -> Round:
        pings = load(server.port, _PING, status=200, connections=8, seconds=seconds)
        if not logins:
            return await pings
        busy = load(server.port, request, status=200, connections=logins, seconds=seconds)
        return (await asyncio.gather(pings, busy))[0]

    idle, busy = list[float](), list[float]()
    with serving(generated, workers=1, log=log, processor=None) as server:
        request = login.make(place, log_in_all(server.port))
        for _ in range(rounds):
            idle.append(asyncio.run(ping(server, 0, request)).percentile(0.99))
            busy.append(asyncio.run(ping(server, 2, request)).percentile(0.99))
    return min(idle), min(busy)


def _PING() -> bytes:  # noqa: N802 - a constant request
    return b"GET /health/live HTTP/1.1\r\nHost: localhost\r\n\r\n"
