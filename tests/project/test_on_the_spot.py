"""What an app runs in a thread is waited for on the spot, and nothing about it is different for the app."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time
from collections.abc import Awaitable, Callable
from typing import Any

import anyio.from_thread
import anyio.to_thread
import pytest

from fastwright.project.probe.threads import waiting_on_the_spot

CALLER = contextvars.ContextVar("CALLER", default="nobody")


@pytest.fixture(autouse=True)
def patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("fastwright.project.probe.threads._MOMENT", 0.2)


def on_the_spot(work: Callable[[], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        with waiting_on_the_spot():
            while await turns(int):  # until the thread is there
                pass
            return await work()

    return asyncio.run(main())


async def turns(function: Callable[[], object]) -> bool:
    """Tell whether the loop turns while a function is waited for."""
    turned: list[bool] = []
    asyncio.get_running_loop().call_soon(turned.append, True)
    await anyio.to_thread.run_sync(function)
    return bool(turned)


def test_a_function_runs_in_a_thread_and_sees_what_its_caller_sees() -> None:
    async def work() -> tuple[bool, str]:
        CALLER.set("somebody")
        return await anyio.to_thread.run_sync(lambda: (threading.current_thread() is here, CALLER.get()))

    here = threading.current_thread()
    assert on_the_spot(work) == (False, "somebody")


def test_the_loop_turns_only_for_what_does_not_end_soon() -> None:
    async def work() -> tuple[bool, bool]:
        return await turns(int), await turns(lambda: time.sleep(0.4))

    assert on_the_spot(work) == (False, True)


@pytest.mark.parametrize("seconds", [0, 0.3])
def test_what_a_function_raises_is_raised_where_it_was_called(seconds: float) -> None:
    def fail() -> None:
        time.sleep(seconds)
        raise LookupError("lost")

    async def work() -> None:
        with pytest.raises(LookupError, match="lost"):
            await anyio.to_thread.run_sync(fail)

    on_the_spot(work)


def test_while_one_takes_its_time_the_loop_turns() -> None:
    async def work() -> str:
        asyncio.get_running_loop().call_later(0.01, release.set)
        return await anyio.to_thread.run_sync(lambda: "released" if release.wait(5) else "stuck")

    release = threading.Event()
    assert on_the_spot(work) == "released"


def test_one_that_needs_the_loop_gets_it_and_threads_in_turn() -> None:
    async def inner() -> int:
        return await anyio.to_thread.run_sync(lambda: 7)

    async def work() -> int:
        return await anyio.to_thread.run_sync(lambda: anyio.from_thread.run(inner))

    assert on_the_spot(work) == 7


def test_several_at_the_same_time_do_not_wait_for_each_other() -> None:
    async def work() -> list[int]:
        return await asyncio.gather(*(anyio.to_thread.run_sync(together.wait, 5) for _number in range(3)))

    together = threading.Barrier(3)
    assert sorted(on_the_spot(work)) == [0, 1, 2]


def test_afterwards_all_is_as_before() -> None:
    before = anyio.to_thread.run_sync
    on_the_spot(lambda: asyncio.sleep(0))
    assert anyio.to_thread.run_sync is before
