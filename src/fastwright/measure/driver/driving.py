"""Send every endpoint its request, at one size: once to count its statements, and again to see what it takes."""

from __future__ import annotations

import asyncio
import gc
import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any

from fastwright.measure.driver.bodies import body_of
from fastwright.measure.driver.callers import Callers
from fastwright.measure.driver.frames import Stacks
from fastwright.measure.driver.parameters import Addresses
from fastwright.measure.driver.plans import missing_indexes
from fastwright.measure.driver.recording import Recorder, Recording
from fastwright.measure.driver.sampling import Sampler
from fastwright.measure.driver.scratch import Scratch
from fastwright.measure.driver.waiting import Waiting
from fastwright.project.probe.asking import host
from fastwright.project.probe.calls import Answer, Caller
from fastwright.project.probe.routes import Found

_KEPT = 50_000_000
_REPEATS = 20
_ENOUGH_SECONDS = 0.03
_REFUSED = 400
_WAKING = 10


@dataclass(frozen=True)
class Ears:
    """All that listens while a request is answered."""

    stacks: Stacks
    recorder: Recorder
    waiting: Waiting


class Drive:
    """One size: the app is started, its database filled, and each endpoint asked."""

    def __init__(self, app: Any, found: list[Found], scratch: Scratch, ears: Ears, callers: Callers) -> None:
        self._app = app
        self._found = found
        self._scratch = scratch
        self._ears = ears
        self._callers = callers

    def run(self, size: int, request: dict[str, Any]) -> dict[str, Any]:
        """Return what was seen; with the most rows, also where the time goes and which indexes are missing."""
        return asyncio.run(self._run(size, request))

    async def _run(self, size: int, request: dict[str, Any]) -> dict[str, Any]:
        was_used = self._scratch.is_used
        await self._scratch.create()
        caller, startup = await self._started(request)
        if startup:
            await self._scratch.clear()
            caller, startup = await self._started(request)
            await self._scratch.create()
        if not self._scratch.is_used:
            await self._wake(caller)
        if not was_used:
            await self._scratch.create()  # only now it is known where
        rows = await self._scratch.fill(size, request["today"])
        self._callers.know(rows)
        addresses = Addresses(self._scratch.mappers, rows)
        deadline = time.monotonic() + request["asking_seconds"]
        answers: list[dict[str, Any] | None] = []
        for found in self._found:
            if time.monotonic() > deadline:
                answers.append(None)
                continue
            answers.append(await self._ask(caller, found, addresses, sampled=size == max(request["sizes"])))
            gc.collect(1)  # what is older was there before
            if found.method != "GET":
                await self._scratch.fill(size, request["today"])  # what it wrote is not for the next one to see
        indexes: list[dict[str, Any]] = []
        if size == max(request["sizes"]) and rows:
            examples = self._ears.recorder.examples
            indexes = await self._scratch.work(lambda connection: missing_indexes(connection, examples))
        return {
            "startup": startup,
            "answers": answers,
            "indexes": indexes,
            "rows": {one.name: len(rows[one]) for one in rows},
        }

    async def _started(self, request: dict[str, Any]) -> tuple[Caller, str]:
        caller = Caller(self._app, host(self._app), request["each_seconds"], _KEPT)
        return caller, await caller.start(request["startup_seconds"])

    async def _wake(self, caller: Caller) -> None:
        """Send requests until the app has made an engine: only then it is known what its database is."""
        addresses = Addresses(self._scratch.mappers, {})
        for found in self._found[:_WAKING]:
            await caller.request("GET", addresses.of(found), headers=addresses.headers(found))
            if self._scratch.is_used:
                return

    async def _ask(self, caller: Caller, found: Found, addresses: Addresses, *, sampled: bool) -> dict[str, Any]:
        path = addresses.of(found)
        body, kind = body_of(found, addresses)
        headers = [*addresses.headers(found), *kind]
        answer, recording = await self._admitted(caller, found.method, path, headers, body)
        told: dict[str, Any] = {
            "asked": path,
            **_told(answer),
            **recording.told(),
            "waiting": self._ears.waiting.stop(),
        }
        if answer.error or found.method != "GET":
            return told
        again = _Again(caller, path, headers)
        if not sampled:
            await again.ask()
            return {**told, **again.told(told["body"])}
        with Sampler(self._ears.stacks) as sampler:
            while again.is_wanted:
                await again.ask()
        return {**told, **again.told(told["body"]), "spent": sampler.told(again.count)}

    async def _admitted(
        self, caller: Caller, method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> tuple[Answer, Recording]:
        """Send a request, and again while its token is refused and could say something else."""
        tokens = self._callers.tokens
        for _other in range(tokens.others):
            tokens.was_read = False
            answer, recording = await self._recorded(caller, method, path, headers, body)
            if not tokens.was_read or (answer.status is not None and answer.status < _REFUSED):
                return answer, recording
            tokens.turn()
        return await self._recorded(caller, method, path, headers, body)

    async def _recorded(
        self, caller: Caller, method: str, path: str, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> tuple[Answer, Recording]:
        recording = self._ears.recorder.start()
        self._ears.waiting.start()
        try:
            return await caller.request(method, path, headers=headers, body=body), recording
        finally:
            self._ears.recorder.stop()


class _Again:
    """The same request once more, and more often if it is quick: what it takes, and whether its answer is steady."""

    def __init__(self, caller: Caller, path: str, headers: list[tuple[bytes, bytes]]) -> None:
        self._caller = caller
        self._path = path
        self._headers = headers
        self._times: list[float] = []
        self._bodies: set[bytes] = set()

    @property
    def count(self) -> int:
        return len(self._times)

    @property
    def is_wanted(self) -> bool:
        return not self._times or (self.count < _REPEATS and sum(self._times) < _ENOUGH_SECONDS)

    async def ask(self) -> None:
        began = time.perf_counter()
        answer = await self._caller.request("GET", self._path, headers=self._headers)
        self._times.append(time.perf_counter() - began)
        self._bodies.add(answer.body)

    def told(self, first: str) -> dict[str, Any]:
        bodies = {hashlib.sha256(body).hexdigest() for body in self._bodies}
        return {"seconds": min(self._times), "steady": bodies == {first}}


def _told(answer: Answer) -> dict[str, Any]:
    data = _parsed(answer)
    canonical = json.dumps(_sorted(data), sort_keys=True).encode() if data is not None else answer.body
    return {
        "status": answer.status,
        "error": answer.error[:500],
        "body": hashlib.sha256(answer.body).hexdigest(),
        "canonical": hashlib.sha256(canonical).hexdigest(),
        "entries": _entries(data),
        "keys": sorted(_keys(data)),
        "detail": answer.body[:300].decode("utf-8", "replace") if (answer.status or 500) >= 400 else "",
    }


def _parsed(answer: Answer) -> Any:
    try:
        return json.loads(answer.body)
    except ValueError:
        return None


def _sorted(data: Any) -> Any:
    """Return data whose lists have an order that does not depend on the one that they came in."""
    if isinstance(data, dict):
        pairs: list[tuple[str, Any]] = list(data.items())  # pyright: ignore[reportUnknownArgumentType] - from JSON
        return {key: _sorted(value) for key, value in pairs}
    if isinstance(data, list):
        entries: list[Any] = list(data)  # pyright: ignore[reportUnknownArgumentType] - from JSON
        return sorted(map(_sorted, entries), key=lambda value: json.dumps(value, sort_keys=True))
    return data


def _entries(data: Any) -> int | None:
    """Return how many entries a response lists: itself, or the longest list right below it."""
    below: list[Any] = list(data.values()) if isinstance(data, dict) else [data]  # pyright: ignore[reportUnknownArgumentType]
    return max((len(one) for one in below if isinstance(one, list)), default=None)  # pyright: ignore[reportUnknownArgumentType]


def _keys(data: Any) -> set[str]:
    """Return every key of a response, at any depth."""
    if isinstance(data, dict):
        pairs: list[tuple[str, Any]] = list(data.items())  # pyright: ignore[reportUnknownArgumentType] - from JSON
        return {key for key, _value in pairs}.union(*(_keys(value) for _key, value in pairs))
    if isinstance(data, list):
        entries: list[Any] = list(data)  # pyright: ignore[reportUnknownArgumentType] - from JSON
        return set[str]().union(*map(_keys, entries))
    return set()
