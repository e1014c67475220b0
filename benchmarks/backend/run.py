"""Measure everybody in turns and print ratios: `make bench`, or `python -m benchmarks.backend.run --seconds 2`."""

from __future__ import annotations

import argparse
import os
import platform
import signal
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from benchmarks.backend.quota import NoQuota
from benchmarks.backend.report import GENERATED, REFERENCE, Table, as_bars, as_markdown, as_text, least
from benchmarks.backend.rounds import all_serving, count_statements, everything, measure, ping_under_logins
from benchmarks.backend.scenarios import SCENARIOS
from benchmarks.backend.workers import SHARE, gains
from benchmarks.backend.world import HERE, World, versions, world

FEWER_ROUNDS = 3
PLACE = HERE.parents[1] / "build" / "bench"
RESULTS = HERE.parent / "RESULTS.md"
BARS = HERE.parent / "results.svg"
EXPLAINED = """\
Written by `make bench`. Everything is a multiple of the full-stack template's way, in one run in which all take turns:
processor time of the server per request (as the kernel counts it; the better half of the rounds), requests per second,
latency at 32 connections (4 for login), resident memory of one process. Statements include BEGIN and COMMIT, and are
counted on the wire, as round trips are; asyncpg's own pool resets a connection after each use, which counts as one.

*Everything on*: tokens that can be revoked, default deny, owner check, rate limit on Valkey, request id, security
headers, JSON access log, metrics, CORS, ETags, idempotency keys. The template has CORS and an access log, the bare ones
neither. All check a token and read its user (the generated backend remembers that for five seconds), and show the same.

With two processes, these, the clients and PostgreSQL share two processors, so requests per second say who gets the
machine, and not what a second process brings. That is measured by itself: processes that are held to a fifth of a
processor each, by the kernel, as a container with a limit is, with 32 callers each.
"""
# Of FastAPI with SQL by hand, and times the template. A login is the hashing of a password, for everybody.
TARGETS = {"read": (0.6, 3.0), "list": (0.5, 3.0), "create": (0.5, 3.0)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=2.0, help="how long each has the machine in a turn")
    parser.add_argument(
        "--rounds", type=int, default=5, help="turns of one process on PostgreSQL; the others have three"
    )
    parser.add_argument("--write", action="store_true", help="write benchmarks/RESULTS.md and the bars beside it")
    options = parser.parse_args()
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # so that the servers end with it
    PLACE.mkdir(parents=True, exist_ok=True)
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    report = Report(writes=options.write)
    with world(PLACE, sqlite=False) as place:
        made = f"{_machine()}. {', '.join(f'{name} {it}' for name, it in versions(place.python).items())}."
        report.notes += ["", made]
        report.add(_tables(place, options.seconds, options.rounds, workers=1))
        report.say([_standing(report.tables)])
        report.add(_tables(place, options.seconds, FEWER_ROUNDS, workers=2))
        report.say(_notes(place, report.tables, options.seconds, options.rounds))
    with world(PLACE, sqlite=True) as place:
        report.add(_tables(place, options.seconds, FEWER_ROUNDS, workers=1))


@dataclass
class Report:
    """What is known so far: printed at once, and written at once, since the whole takes a while."""

    writes: bool
    tables: list[Table] = field(default_factory=list[Table])
    notes: list[str] = field(default_factory=lambda: [EXPLAINED])

    def add(self, tables: Iterator[Table]) -> None:
        for table in tables:
            print(f"{as_text(table)}\n  {table.targets()}\n", flush=True)
            self.tables.append(table)
            self._write()

    def say(self, notes: list[str]) -> None:
        print("\n".join(notes) + "\n", flush=True)
        self.notes += ["", *(f"- {note}" for note in notes)]
        self._write()

    def _write(self) -> None:
        if self.writes:
            bars = [table for table in self.tables if "1 process" in table.circumstance]
            BARS.write_text(as_bars(bars), encoding="utf-8")
            text = as_markdown(self.tables, [*self.notes, "", f"![Ratios as bars]({BARS.name})"])
            RESULTS.write_text(text, encoding="utf-8")


def _tables(place: World, seconds: float, rounds: int, *, workers: int) -> Iterator[Table]:
    log = PLACE / "servers.log"
    log.unlink(missing_ok=True)
    database = "SQLite" if place.is_sqlite else "PostgreSQL"
    circumstance = f"{database}, {workers} process{'es' * (workers > 1)}"
    counts = {} if place.is_sqlite or workers > 1 else count_statements(place, log)
    with all_serving(place, log, workers=workers) as callers:
        for scenario in SCENARIOS:
            found = measure(place, callers, scenario, rounds=rounds, seconds=seconds)
            for name, measured in found.items():
                measured.statements, measured.round_trips = counts.get((scenario.name, name), (None, None))
            yield Table(scenario.name, circumstance, found)


def _standing(tables: list[Table]) -> str:
    """Say which targets are met: with one process, on PostgreSQL."""
    said = list[str]()
    for table in tables:
        share, times = table.ratios()
        if table.scenario not in TARGETS:
            said.append(f"{table.scenario} {times:.1f} × and {share:.0%}")
            continue
        least_share, least_times = TARGETS[table.scenario]
        verdict = "met" if share >= least_share and times >= least_times else "not met"
        wanted = f"{least_times:.1f} × and {least_share:.0%}"
        said.append(f"{table.scenario} {times:.1f} × and {share:.0%} (wanted: {wanted}; {verdict})")
    return f"Times the template, and of {REFERENCE}, in processor time: {', '.join(said)}."


def _notes(place: World, tables: list[Table], seconds: float, rounds: int) -> list[str]:
    """Return what is said besides: what the layers cost, logins beside pings, and the second process."""
    idle, busy = ping_under_logins(place, PLACE / "servers.log", seconds=seconds, rounds=rounds)
    memory, shared = _layers(place, redis=False), _layers(place, redis=True)
    by_name = {(table.scenario, table.circumstance[-9:]): table.found[GENERATED] for table in tables}
    more = list[str]()
    for each in SCENARIOS:
        one, two = (by_name[each.name, count] for count in ("1 process", "processes"))
        more.append(f"{each.name} {least(two.cpu) / least(one.cpu):.2f}")
    return [
        f"All layers together: {memory} µs a request with the limits in memory, {shared} µs with Valkey.",
        f"p99 of a ping while two clients log in all the time: {busy / idle:.1f} × that of an idle process.",
        f"Processor time of a request with two processes instead of one: {', '.join(more)}.",
        _scaling(place, seconds, rounds),
    ]


def _scaling(place: World, seconds: float, rounds: int) -> str:
    try:
        found = gains(place, PLACE / "servers.log", seconds=seconds, rounds=rounds)
    except NoQuota as error:
        return f"What a second process brings was not measured: no share of a processor can be given here ({error})."
    times = ", ".join(f"{name} {gain:.1f}" for name, gain in found.items())
    said = f"Requests per second of two processes with {SHARE:.0%} of a processor each, times those of one"
    return f"{said}: {times} (wanted: 1.8)."


def _layers(place: World, *, redis: bool) -> int:
    variables = {"PATH": os.environ["PATH"], "PYTHONPATH": ".", **everything(place)}
    if not redis:
        del variables["REDIS_URL"]
    command: list[str | Path] = [place.python, HERE / "contenders" / "layers.py"]
    done = subprocess.run(command, cwd=place.backend, env=variables, check=True, capture_output=True, text=True)
    return int(done.stderr.split()[-1])


def _machine() -> str:
    memory = psutil.virtual_memory().total / 2**30
    size = f"{os.cpu_count()} processors ({platform.machine()}), {memory:.0f} GiB"
    return f"{size}, load average {os.getloadavg()[1]:.0f} before it began, Python {platform.python_version()}"


if __name__ == "__main__":
    main()
