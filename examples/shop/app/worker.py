"""A process that does the work of the outbox: `taskiq worker app.worker:broker`, with `TASKS_URL` set.

Messages come over a Redis stream as soon as they are committed. The outbox remains what counts: a message that the
stream has lost, or whose worker died, is found there when its lease ends.
"""

from uuid import UUID

from taskiq import TaskiqEvents, TaskiqState
from taskiq_redis import RedisStreamBroker

from app.background import Worker
from app.database import Database
from app.log_config import configure_logging
from app.queue import DELIVER, STREAM
from app.settings import get_settings
from app.work import JOBS, make_services

settings = get_settings()
if settings.tasks_url is None:
    raise RuntimeError("a worker needs TASKS_URL; without it, the process that serves does the work itself")
broker = RedisStreamBroker(settings.tasks_url, queue_name=STREAM)


@broker.on_event(TaskiqEvents.WORKER_STARTUP)
async def start(state: TaskiqState) -> None:
    configure_logging(settings)
    state.database = Database(settings)
    state.worker = Worker(make_services(settings, state.database), JOBS)
    state.worker.start()


@broker.on_event(TaskiqEvents.WORKER_SHUTDOWN)
async def stop(state: TaskiqState) -> None:
    await state.worker.stop()
    await state.database.dispose()


@broker.task(task_name=DELIVER)
async def deliver(message_id: str) -> None:
    """Do one message now."""
    worker: Worker = broker.state.worker
    await worker.do_one(UUID(message_id))
