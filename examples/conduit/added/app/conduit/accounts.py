"""Accounts and profiles: Conduit knows no verification of addresses, and one token in place of two."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncSession

from app.auth import sessions
from app.auth.passwords import PasswordHasher
from app.auth.principals import Principal
from app.auth.sessions import Client
from app.cache import Cache
from app.conduit import queries
from app.conduit.errors import Refused
from app.conduit.schemas import Account, AccountAnswer, Credentials, NewUser, ProfileAnswer, UserChanges
from app.database import utc_now
from app.errors import Unauthenticated
from app.profiles.models import Profile, profile_followed
from app.settings import Settings
from app.users.models import User


async def register(
    session: AsyncSession, hasher: PasswordHasher, settings: Settings, client: Client, data: NewUser
) -> AccountAnswer:
    """Store an account with its profile, and log it in."""
    await _refuse_taken(session, data.username, data.email)
    user = User(
        email=data.email,
        password_hash=await hasher.hash(data.password.get_secret_value()),
        display_name=data.username,
        email_verified_at=utc_now(),
    )
    session.add(Profile(username=data.username, user=user))
    await session.flush()
    tokens = await sessions.begin(session, settings, client, user.id)
    return await get_account(session, user.id, tokens.access_token)


async def log_in(
    session: AsyncSession, hasher: PasswordHasher, settings: Settings, client: Client, data: Credentials
) -> AccountAnswer:
    """Begin a login."""
    password = data.password.get_secret_value()
    try:
        tokens = await sessions.log_in(session, hasher, settings, client, email=data.email, password=password)
    except Unauthenticated:
        raise Refused(401, "credentials", "invalid") from None
    user_id = await session.scalar(sa.select(User.id).where(User.email == data.email))
    return await get_account(session, user_id, tokens.access_token)


async def get_account(session: AsyncSession, user_id: UUID | None, token: str) -> AccountAnswer:
    """Return an account, and the token that was used."""
    row = (await session.execute(queries.select_account(user_id))).one_or_none() if user_id else None
    if row is None:
        raise Refused(404, "profile", "not found")
    return AccountAnswer(user=Account(**row._asdict(), token=token))


async def update_account(
    session: AsyncSession, cache: Cache, hasher: PasswordHasher, caller: Principal, changes: UserChanges
) -> None:
    """Change what was sent. A new password ends the caller's other logins (ASVS 7.4.3)."""
    profile = await session.scalar(
        sa.select(Profile).where(Profile.user_id == caller.user_id).options(sa.orm.joinedload(Profile.user))
    )
    if profile is None:
        raise Refused(404, "profile", "not found")
    values: dict[str, Any] = changes.model_dump(exclude_unset=True, exclude={"password"})
    await _refuse_taken(session, values.get("username"), values.get("email"), besides=caller.user_id)
    for name, value in values.items():
        setattr(profile.user if name == "email" else profile, name, value)
    profile.user.display_name = profile.username
    if "password" in changes.model_fields_set:
        profile.user.password_hash = await hasher.hash(changes.password.get_secret_value())
        await sessions.end_logins(session, cache, caller.user_id, besides=caller.login_id)
    await session.flush()


async def viewer_of(session: AsyncSession, caller: Principal | None) -> UUID | None:
    """Return the profile of the caller."""
    return await session.scalar(sa.select(Profile.id).where(Profile.user_id == caller.user_id)) if caller else None


async def get_profile(session: AsyncSession, username: str, viewer: UUID | None) -> ProfileAnswer:
    """Return a profile as the viewer sees it."""
    row = await _profile(session, username, viewer)
    return ProfileAnswer.model_validate({"profile": row._asdict()})


async def set_following(session: AsyncSession, username: str, viewer: UUID | None, *, follow: bool) -> ProfileAnswer:
    """Begin or stop to follow somebody."""
    row = await _profile(session, username, viewer)
    if row.following != follow:
        pair = {"profile_id": viewer, "followed_id": row.id}
        await session.execute(toggled(profile_followed, pair, present=follow))
    return await get_profile(session, username, viewer)


def toggled(table: sa.Table, pair: dict[str, Any], *, present: bool) -> sa.Insert | sa.Delete:
    """Return the statement that puts a pair into an association table, or takes it out."""
    if present:
        return sa.insert(table).values(pair)
    return sa.delete(table).where(*(table.c[name] == value for name, value in pair.items()))


async def _profile(session: AsyncSession, username: str, viewer: UUID | None) -> sa.Row[*tuple[Any, ...]]:
    row = (await session.execute(queries.select_profile(username, viewer))).one_or_none()
    if row is None:
        raise Refused(404, "profile", "not found")
    return row


async def _refuse_taken(
    session: AsyncSession, username: str | None, email: str | None, *, besides: UUID | None = None
) -> None:
    taken = (
        ("username", sa.select(Profile.user_id).where(Profile.username == username)),
        ("email", sa.select(User.id).where(User.email == email)),
    )
    for subject, statement in taken:
        if await session.scalar(statement) not in {None, besides}:
            raise Refused(409, subject, "has already been taken")
