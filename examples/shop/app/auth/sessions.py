"""How a login begins, goes on, and ends."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid4

import structlog
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import queries
from app.auth.models import RefreshToken
from app.auth.passwords import PasswordHasher
from app.auth.principals import Principal, forget_principals
from app.auth.schemas import LoginList, LoginRead, TokenPair
from app.auth.tokens import encode_access_token, end_of_chain, hash_token, new_opaque_token, successor_of
from app.cache import Cache
from app.database import utc_now
from app.errors import NotFound, Unauthenticated
from app.settings import Settings
from app.users.schemas import normalise_email

log = structlog.get_logger(__name__)

WRONG_CREDENTIALS: Final = "the e-mail address or the password is wrong, or the address has not been verified"
ENDED: Final = "this login has ended"


@dataclass(frozen=True, slots=True)
class Client:
    """Where a request comes from, as the list of logins shows it."""

    address: str
    user_agent: str


class ReplayedToken(Unauthenticated):
    """A refresh token came back after its grace period, so somebody holds a copy of it.

    The transaction is committed although the answer is an error: what it holds is the end of the login.
    """

    keeps_changes = True


async def log_in(
    session: AsyncSession, hasher: PasswordHasher, settings: Settings, client: Client, *, email: str, password: str
) -> TokenPair:
    """Begin a login. Every refusal is the same answer after the same work (ASVS 6.3.8; CWE-204, CWE-208)."""
    account = (await session.execute(queries.credentials(), {"email": normalise_email(email)})).one_or_none()
    await session.close()  # a storm of logins shall wait for the hasher and not sit on the pool's connections
    stored = account.password_hash if account else None
    matches, upgraded = await hasher.verify_and_upgrade(password, stored)
    if account is None or not matches or not account.is_active or account.email_verified_at is None:
        raise Unauthenticated(WRONG_CREDENTIALS)
    hashes = {"verified": account.password_hash, "stored": upgraded or account.password_hash}
    if await session.scalar(queries.confirm_credentials(), {"user": account.id, **hashes}) is None:
        raise Unauthenticated(WRONG_CREDENTIALS)
    return await _begin(session, settings, client, account.id)


async def _begin(session: AsyncSession, settings: Settings, client: Client, user_id: UUID) -> TokenPair:
    now = utc_now()
    login_id, refresh_token = uuid4(), new_opaque_token()
    login = {
        "id": login_id,
        "user_id": user_id,
        "created_at": now,
        "last_used_at": now,
        "expires_at": now + timedelta(days=settings.refresh_token_days),
        "user_agent": client.user_agent,
        "address": client.address,
    }
    first = {"login_id": login_id, "token_hash": hash_token(refresh_token), "created_at": now}
    await session.execute(queries.delete_ended_logins(), {"user": user_id, "now": now})
    await session.execute(queries.insert_login(), login)
    await session.execute(queries.insert_refresh_token(), first)
    return _token_pair(settings, user_id, login_id, refresh_token)


async def refresh(session: AsyncSession, cache: Cache, settings: Settings, presented: str) -> TokenPair:
    """Trade a refresh token for its successor (RFC 6749 6; RFC 9700 4.14.2; ASVS 10.4.5, 10.4.8)."""
    now = utc_now()
    login_id = await session.scalar(queries.claim_refresh_token(hash_token(presented), now))
    if login_id is None:
        return await _refresh_again(session, cache, settings, presented, now)
    user_id = await session.scalar(queries.touch_login(login_id, now))
    if user_id is None:
        raise Unauthenticated(ENDED)
    successor = successor_of(settings, presented)
    session.add(RefreshToken(login_id=login_id, token_hash=hash_token(successor), created_at=now))
    await session.flush()
    return _token_pair(settings, user_id, login_id, successor)


async def _refresh_again(
    session: AsyncSession, cache: Cache, settings: Settings, presented: str, now: datetime
) -> TokenPair:
    """Answer a token that somebody has used already: the owner's second tab, or a thief.

    Within the grace period the caller gets the end of the chain. After it the whole login ends, since nobody can say
    which of the two holders is the owner.
    """
    grace = timedelta(seconds=settings.refresh_grace_seconds)
    used = (await session.execute(queries.used_refresh_token(hash_token(presented), now, grace))).one_or_none()
    if used is None:
        raise Unauthenticated(ENDED)
    if used.within_grace:
        last_hash = await session.scalar(queries.unused_refresh_token(used.login_id))
        last = end_of_chain(settings, presented, last_hash)
        if last is None:
            raise Unauthenticated(ENDED)
        return _token_pair(settings, used.user_id, used.login_id, last)
    await end_logins(session, cache, used.user_id, only=used.login_id)
    log.warning("refresh_replayed", login_id=str(used.login_id), user_id=str(used.user_id))
    raise ReplayedToken(ENDED)


def _token_pair(settings: Settings, user_id: UUID, login_id: UUID, refresh_token: str) -> TokenPair:
    return TokenPair(
        access_token=encode_access_token(settings, user_id=user_id, login_id=login_id),
        expires_in=settings.access_token_seconds,
        refresh_token=refresh_token,
    )


async def end_logins(
    session: AsyncSession, cache: Cache, user_id: UUID, *, only: UUID | None = None, besides: UUID | None = None
) -> int:
    """End logins of a user and return how many; their access tokens stop working too (ASVS 7.4.1)."""
    revoked = await session.scalars(queries.revoke_logins(user_id, utc_now(), only=only, besides=besides))
    ended = revoked.all()
    await forget_principals(cache, ended)
    return len(ended)


async def end_own_login(session: AsyncSession, cache: Cache, caller: Principal, login_id: UUID) -> None:
    """End one login of the caller; somebody else's does not exist."""
    if not await end_logins(session, cache, caller.user_id, only=login_id):
        raise NotFound


async def list_logins(session: AsyncSession, caller: Principal) -> LoginList:
    """Return where the caller is logged in."""
    rows = await session.execute(queries.own_logins(caller.user_id, caller.login_id, utc_now()))
    return LoginList(items=[LoginRead.model_validate(row) for row in rows])
