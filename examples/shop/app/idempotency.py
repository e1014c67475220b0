"""`Idempotency-Key`: a POST that is sent again is answered again, and not done again.

It follows draft-ietf-httpapi-idempotency-key-header. The answer is stored in the transaction of what the request
changes, so that both are there or neither, whenever a process dies.
"""

import hashlib
from datetime import datetime, timedelta
from typing import Annotated, Self
from uuid import UUID

from fastapi import Header
from sqlalchemy import JSON, ForeignKey, String, Text, bindparam, delete, func, insert, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column
from starlette.requests import Request
from starlette.responses import Response

from app.auth.principals import Principal
from app.database import Base, utc_now
from app.errors import AnsweredBefore, Conflict, FieldError, InvalidRequest

KEPT = timedelta(hours=24)
TRY_LOCK = select(func.pg_try_advisory_xact_lock(bindparam("number")))

IdempotencyKey = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        pattern=r'^[!#-~]+$|^"[!#-~]+"$',
        description="Chosen by the client for each thing to be done: sent again, it is answered again, not done again.",
    ),
]


class StoredAnswer(Base):
    """What was answered to a request, for the user who sent it."""

    __tablename__ = "idempotency_keys"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    request: Mapped[str] = mapped_column(String(64))
    status: Mapped[int]
    headers: Mapped[dict[str, str]] = mapped_column(JSON)
    body: Mapped[str] = mapped_column(Text)
    expires_at: Mapped[datetime]


class InFlight(Conflict):
    """Somebody, perhaps another process, is at work on a request with this key."""

    slug = "request-in-flight"
    title = "A request with this key is being answered"

    def __init__(self) -> None:
        super().__init__("send it again in a moment", headers={"Retry-After": "1"})


class Once:
    """One request that must not be done twice; without a key it is like any other."""

    def __init__(self, session: AsyncSession, user_id: UUID, key: str | None, request: str) -> None:
        self._session = session
        self._user_id = user_id
        self._key = key
        self._request = request

    @classmethod
    async def begin(cls, request: Request, session: AsyncSession, user: Principal, key: str | None) -> Self:
        """Raise `AnsweredBefore`, `InFlight`, or `InvalidRequest` if the key was sent with another request."""
        if key is None:
            return cls(session, user.user_id, None, "")
        # The keys of a user are of no use to others, and neither key nor body has to be stored to be recognised.
        digest = _digest(user.user_id.bytes, key.strip('"').encode())
        once = cls(session, user.user_id, digest, _digest(request.url.path.encode(), await request.body()))
        await once._begin(digest)
        return once

    async def _begin(self, key: str) -> None:
        if self._session.get_bind().dialect.name == "postgresql":
            # Early, and without waiting. That the key is unique is what decides in the end.
            number = int.from_bytes(bytes.fromhex(key)[:8], signed=True)
            if not await self._session.scalar(TRY_LOCK, {"number": number}):
                raise InFlight
        await self._session.execute(
            delete(StoredAnswer).where(StoredAnswer.user_id == self._user_id, StoredAnswer.expires_at <= utc_now())
        )
        stored = await self._session.get(StoredAnswer, (self._user_id, key))
        if stored is None:
            return
        if stored.request != self._request:
            message = "this key was sent with another request before"
            raise InvalidRequest(FieldError(location="header.idempotency-key", message=message, code="key_reused"))
        raise AnsweredBefore(Response(stored.body, stored.status, stored.headers, "application/json"))

    async def remember(self, answer: Response) -> Response:
        """Return `answer`, kept together with what was changed. Raises `InFlight` if somebody else was faster."""
        if self._key is None:
            return answer
        values = {
            "user_id": self._user_id,
            "key": self._key,
            "request": self._request,
            "status": answer.status_code,
            "headers": {name: answer.headers[name] for name in ("location", "etag") if name in answer.headers},
            "body": bytes(answer.body).decode(),
            "expires_at": utc_now() + KEPT,
        }
        try:
            await self._session.execute(insert(StoredAnswer), values)
        except IntegrityError:
            raise InFlight from None
        return answer


def _digest(*parts: bytes) -> str:
    return hashlib.sha256(b"\n".join(parts)).hexdigest()
