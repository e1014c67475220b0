"""What a second process brings where it has as much as the first: a share of a processor, connections, and callers."""

from __future__ import annotations

import asyncio
import contextlib
import statistics
from pathlib import Path

from benchmarks.backend.load import Request, load
from benchmarks.backend.quota import held_to
from benchmarks.backend.report import GENERATED
from benchmarks.backend.rounds import contenders
from benchmarks.backend.scenarios import SCENARIOS, Scenario, log_in_all
from benchmarks.backend.servers import Server, serving
from benchmarks.backend.world import World

SHARE = 0.2  # of a processor; with two processes, most of both is left for the clients and PostgreSQL
CHEAP = [scenario for scenario in SCENARIOS if scenario.name != "login"]  # hashing alone would use it all


def gains(place: World, log: Path, *, seconds: float, rounds: int) -> dict[str, float]:
    """Return, by scenario, how many times the requests per second of one process two of them serve.

    Raises `NoQuota` where no share of a processor can be given.
    """
    per_second: dict[tuple[str, int], list[float]] = {}
    with contextlib.ExitStack() as stack:
        servers: dict[int, tuple[Server, list[str]]] = {}
        for workers in (1, 2):
            [generated] = [each for each in contenders(place) if each.name == GENERATED]
            server = stack.enter_context(serving(generated, workers=workers, log=log, processor=None))
            servers[workers] = server, log_in_all(server.port)
            stack.enter_context(held_to(SHARE, [each.pid for each in server.processes()]))
        for turn in range(rounds + 1):  # the first is for warming up
            for scenario in CHEAP:
                for workers, (server, tokens) in servers.items():
                    rate = _rate(
                        server, scenario, scenario.make(place, tokens), workers * scenario.connections, seconds
                    )
                    if turn:
                        per_second.setdefault((scenario.name, workers), []).append(rate)
    middle = {key: statistics.median(rates) for key, rates in per_second.items()}
    return {each.name: middle[each.name, 2] / middle[each.name, 1] for each in CHEAP}


def _rate(server: Server, scenario: Scenario, request: Request, workers: int, seconds: float) -> float:
    connections = workers * scenario.connections
    turn = load(server.port, request, status=scenario.status, connections=connections, seconds=seconds)
    seen = asyncio.run(turn)
    if seen.unexpected:
        raise RuntimeError(f"{scenario.name}: {seen.unexpected[0]!r}")
    return len(seen.times) / seen.seconds
