"""Work that must not be lost: it is written in the transaction that causes it, and done afterwards, at least once.

A request that fails leaves nothing behind, and one that succeeded has its work on the disk before its answer is sent,
so no crash of any process loses it. Whoever does the work takes a lease on it (`app/background.py`).
"""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol
from uuid import UUID, uuid4

from sqlalchemy import JSON, Delete, String, Update, delete, event, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql.dml import ReturningUpdate

from app.database import Base, utc_now


class OutboxMessage(Base):
    """One piece of work. It is due again when the lease of whoever took it has ended."""

    __tablename__ = "outbox"

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid4)
    task: Mapped[str] = mapped_column(String(100))
    payload: Mapped[dict[str, str]] = mapped_column(JSON)
    created_at: Mapped[datetime] = mapped_column(default=utc_now)
    due_at: Mapped[datetime] = mapped_column(default=utc_now, index=True)
    attempts: Mapped[int] = mapped_column(default=0)
    failed_at: Mapped[datetime | None]


class Dispatcher(Protocol):
    """Somebody who sees to it that the work is done."""

    def wake(self, messages: list[UUID], /) -> None: ...

    async def stop(self) -> None: ...


class Tasks:
    """Where a request leaves work; `dispatcher` is told once it is committed."""

    def __init__(self, session: AsyncSession, dispatcher: Dispatcher) -> None:
        self._session = session
        self._dispatcher = dispatcher
        self._left: list[UUID] = []

    def leave(self, task: StrEnum, **payload: str) -> None:
        """Have `task` done once the transaction of the request is committed, and not at all if it is not."""
        message = OutboxMessage(id=uuid4(), task=task, payload=payload)
        self._session.add(message)
        if not self._left:
            event.listen(self._session.sync_session, "after_commit", self._committed, once=True)
        self._left.append(message.id)

    def _committed(self, _session: object) -> None:
        self._dispatcher.wake(self._left)


def take_due(now: datetime, lease: timedelta, *, count: int) -> ReturningUpdate[UUID, str, dict[str, str], int]:
    """Take a lease on the messages that have waited longest; what another process is taking is skipped."""
    due = (
        select(OutboxMessage.id)
        .where(OutboxMessage.due_at <= now, OutboxMessage.failed_at.is_(None))
        .order_by(OutboxMessage.due_at)
        .limit(count)
        .with_for_update(skip_locked=True)
    )
    return _take(now, lease).where(OutboxMessage.id.in_(due)).returning(*_TAKEN)


def take_one(message_id: UUID, now: datetime, lease: timedelta) -> ReturningUpdate[UUID, str, dict[str, str], int]:
    """Take a lease on one message, unless somebody has it or it is done."""
    is_free = (OutboxMessage.id == message_id, OutboxMessage.due_at <= now, OutboxMessage.failed_at.is_(None))
    return _take(now, lease).where(*is_free).returning(*_TAKEN)


_TAKEN = (OutboxMessage.id, OutboxMessage.task, OutboxMessage.payload, OutboxMessage.attempts)


def _take(now: datetime, lease: timedelta) -> Update:
    return (
        update(OutboxMessage)
        .values(due_at=now + lease, attempts=OutboxMessage.attempts + 1)
        .execution_options(synchronize_session=False)
    )


def done(message_id: UUID) -> Delete:
    """Forget a message: its work is done."""
    return delete(OutboxMessage).where(OutboxMessage.id == message_id)


def try_again(message_id: UUID, due_at: datetime) -> Update:
    """Give a message back, for later."""
    return update(OutboxMessage).where(OutboxMessage.id == message_id).values(due_at=due_at)


def give_up(message_id: UUID, now: datetime) -> Update:
    """Leave a message for people to look at."""
    return update(OutboxMessage).where(OutboxMessage.id == message_id).values(failed_at=now)
