"""Hashing does not stand in anybody's way."""

import asyncio
import threading
import time

import httpx2
import pytest
from fastapi import FastAPI

from app.auth.passwords import PasswordHasher
from app.settings import Settings
from tests.auth.support import PASSWORD, log_in


class SlowHashes:
    """Takes the place of the hash functions: each takes a while, and says how many ran at once and where."""

    def __init__(self) -> None:
        self.threads: set[int] = set()
        self.most = 0
        self._running = 0
        self._lock = threading.Lock()

    def hash(self, password: str) -> str:
        with self._lock:
            self.threads.add(threading.get_ident())
            self._running += 1
            self.most = max(self.most, self._running)
        time.sleep(0.02)
        with self._lock:
            self._running -= 1
        return password


async def test_hashes_run_in_threads_and_only_so_many_at_once(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    hasher, slow = PasswordHasher(settings.model_copy(update={"hashing_workers": 2})), SlowHashes()
    monkeypatch.setattr(hasher, "_hashes", slow)
    await asyncio.gather(*(hasher.hash(PASSWORD) for _ in range(8)))
    assert slow.most == 2
    assert threading.get_ident() not in slow.threads


async def test_the_event_loop_answers_others_while_a_hash_is_computed(
    app: FastAPI, client: httpx2.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    release = threading.Event()

    def wait_for_the_other_request(*_arguments: object) -> bool:
        return release.wait(timeout=10) and False

    monkeypatch.setattr(app.state.hasher, "_verify", wait_for_the_other_request)
    login = asyncio.create_task(log_in(client, "ada@example.com"))
    await asyncio.sleep(0.05)
    assert (await client.get("/health/live")).status_code == 200
    assert not login.done()
    release.set()
    assert (await login).status_code == 401


async def test_a_waiting_login_holds_no_connection(
    committed_app: FastAPI, committed_client: httpx2.AsyncClient
) -> None:
    hashing, release = threading.Event(), threading.Event()
    hasher: PasswordHasher = committed_app.state.hasher
    verify = hasher._verify

    def wait_then_verify(password: str, stored: str | None) -> bool:
        hashing.set()
        return release.wait(timeout=10) and verify(password, stored)

    hasher._verify = wait_then_verify  # type: ignore[method-assign]  # the application lives as long as the test
    login = asyncio.create_task(log_in(committed_client, "ada@example.com"))
    assert await asyncio.to_thread(hashing.wait, 10)
    assert committed_app.state.database.engine.pool.checkedout() == 0
    release.set()
    assert (await login).status_code == 401
