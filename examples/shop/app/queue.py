"""Tells workers of new messages over a Redis stream, as Taskiq puts them there."""

import asyncio
from uuid import UUID

import structlog
from redis.exceptions import RedisError
from taskiq.exceptions import SendTaskError
from taskiq.kicker import AsyncKicker
from taskiq_redis import RedisStreamBroker

log = structlog.get_logger(__name__)

STREAM = "tasks"
DELIVER = "deliver"
LONGEST = 100_000


class StreamDispatcher:
    """Sends the names of messages to the workers. What cannot be sent is found by them in the outbox, a bit later."""

    def __init__(self, url: str) -> None:
        self._broker = RedisStreamBroker(url, queue_name=STREAM, maxlen=LONGEST)
        self._sending: set[asyncio.Task[None]] = set()

    def wake(self, messages: list[UUID], /) -> None:
        task = asyncio.create_task(self._send(messages))
        self._sending.add(task)  # the event loop itself keeps only weak references
        task.add_done_callback(self._sending.discard)

    async def stop(self) -> None:
        """Send what is still to be sent, and close the connections."""
        if self._sending:
            await asyncio.wait(set(self._sending))
        await self._broker.shutdown()

    async def _send(self, messages: list[UUID]) -> None:
        for message in messages:
            try:
                await AsyncKicker[[str], None](DELIVER, self._broker, {}).kiq(str(message))
            except (RedisError, OSError, SendTaskError) as error:
                log.warning("workers_not_told", reason=str(error))
