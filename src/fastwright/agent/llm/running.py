"""Run a model to an end that comes: whatever it does, and whatever the server does."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def in_time(work: Coroutine[Any, Any, T], seconds: float) -> T:
    """Return what comes of `work`. Raises `TimeoutError` if that takes longer."""

    async def limited() -> T:
        async with asyncio.timeout(seconds):
            return await work

    return asyncio.run(limited())
